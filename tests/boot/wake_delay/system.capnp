# SPDX-License-Identifier: MIT
@0x9d40e6b1a7f25c38;
# One thread wakes another one again and again, beside two components that use all time they get.
using import "/system.capnp".System;

const system :System = (sliceMicroseconds = 100, components = [
  (name = "scheduler",
   pages = 256,
   exports = [(interface = "scheduler.Scheduler", threads = 2)],
   devices = [(cpu = 0)],
   settings = [(key = "administrators", value = "wake_delay")]),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "load_0", program = "load"),
  (name = "load_1", program = "load"),
  (name = "wake_delay",
   exports = [(interface = "relay.Relay", threads = 2)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "scheduler.Scheduler", from = "scheduler")],
   ends = true),
]);
