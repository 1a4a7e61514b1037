# SPDX-License-Identifier: MIT
@0xd1f4a2c86b3e590a;
# A monitor that may call all services, typed at by the file "input".
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console", threads = 4)],
   devices = [(registers = serial), (line = serial)]),
  (name = "log", exports = [(interface = "log.Log")]),
  (name = "liar", exports = [(interface = "log.Log")]),
  (name = "clock",
   exports = [(interface = "clock.Clock", threads = 2)],
   devices = [(registers = clock)],
   restart = always),
  (name = "secret", program = "log", label = [1], exports = [(interface = "log.Log")]),
  (name = "monitor",
   pages = 256,
   stackPages = 12,
   devices = [(schemas = void)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "console.Console", name = "input", from = "console"),
     (interface = "supervisor.Supervisor", from = "init"),
     (interface = "*"),
   ],
   ends = true),
]);
