# SPDX-License-Identifier: MIT
@0xa9e36b0f8d1c7254;
# What docs/tuning.md tries: two components that use all the time that they get, of which one has
# three times the share, and whoever looks at them.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "scheduler",
   pages = 256,
   exports = [(interface = "scheduler.Scheduler", threads = 3)],
   devices = [(cpu = 0)],
   settings = [(key = "administrators", value = "monitor")]),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console", threads = 3)],
   devices = [(registers = serial), (line = serial)]),
  (name = "small", program = "load", share = 1),
  (name = "large", program = "load", share = 3),
  (name = "monitor",
   pages = 384,
   stackPages = 16,
   devices = [(schemas = void)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "console.Console", name = "input", from = "console"),
     (interface = "supervisor.Supervisor", from = "init"),
     (interface = "scheduler.Scheduler", from = "scheduler"),
     (interface = "*"),
   ],
   ends = true),
]);
