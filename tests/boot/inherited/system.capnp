# SPDX-License-Identifier: MIT
@0xb7c0d5e1f2a3946b;
# `heir` exports one interface, and others import what that inherits.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console", threads = 3)],
   devices = [(registers = serial), (line = serial)]),
  (name = "heir",
   pages = 128,
   exports = [(interface = "sample.Both", name = "both", threads = 2)]),
  (name = "inherited",
   pages = 256,
   exports = [(interface = "sample.Base", name = "base")],
   imports = [
     (interface = "sample.Both", name = "both", from = "heir"),
     (interface = "sample.Left", name = "left", from = "heir.both"),
     (interface = "sample.Right", name = "right", from = "heir"),
     (interface = "sample.Base", name = "base", from = "heir.both"),
   ]),
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
