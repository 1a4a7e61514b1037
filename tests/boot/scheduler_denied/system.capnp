# SPDX-License-Identifier: MIT
@0xf17a3c5e902b84d6;
# A hostile client of a scheduler, whose administrator is another component.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "scheduler",
   pages = 256,
   exports = [(interface = "scheduler.Scheduler", threads = 2)],
   devices = [(cpu = 0)],
   settings = [(key = "administrators", value = "administrator"), (key = "rule", value = "dag")]),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "administrator",
   program = "load",
   imports = [(interface = "scheduler.Scheduler", from = "scheduler")]),
  (name = "scheduler_denied",
   exports = [(interface = "relay.Relay", threads = 2)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "scheduler.Scheduler", from = "scheduler")],
   ends = true),
]);
