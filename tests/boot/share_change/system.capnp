# SPDX-License-Identifier: MIT
@0xd3a9c2f1074b6e55;
# A client of the scheduler changes how the time of a core is divided.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "scheduler",
   pages = 256,
   exports = [(interface = "scheduler.Scheduler", threads = 2)],
   devices = [(cpu = 0)],
   settings = [(key = "administrators", value = "share_change")]),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "relay",
   pages = 256,
   exports = [(interface = "relay.Relay", threads = 3)]),
  (name = "equal",
   program = "spinner",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay")]),
  (name = "favoured",
   program = "spinner",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay")]),
  (name = "share_change",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
     (interface = "supervisor.Supervisor", from = "init"),
     (interface = "scheduler.Scheduler", from = "scheduler"),
   ],
   ends = true),
]);
