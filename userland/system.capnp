# SPDX-License-Identifier: MIT
@0xd1f4a2c86b3e5907;
# The default system: a person at a console, and what is needed to look at the components.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "scheduler",
   pages = 256,
   exports = [(interface = "scheduler.Scheduler", threads = 2)],
   devices = [(cpu = 0)],
   settings = [(key = "administrators", value = "monitor")],
   restart = onCrash),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console", threads = 4)],
   devices = [(registers = serial), (line = serial)],
   restart = always),
  (name = "log",
   exports = [(interface = "log.Log")],
   restart = always),
  (name = "clock",
   exports = [(interface = "clock.Clock", threads = 2)],
   devices = [(registers = clock)],
   restart = always),
  (name = "monitor",
   pages = 256,
   stackPages = 12,
   devices = [(schemas = void)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "console.Console", name = "input", from = "console"),
     (interface = "supervisor.Supervisor", from = "init"),
     (interface = "log.Log", from = "log"),
     (interface = "clock.Clock", from = "clock"),
     (interface = "scheduler.Scheduler", from = "scheduler"),
     (interface = "*"),
   ],
   ends = true),
]);
