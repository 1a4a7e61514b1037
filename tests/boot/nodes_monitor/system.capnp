# SPDX-License-Identifier: MIT
@0x97d3b0c46e1f8a25;
# A person looks at where memory is, on a machine of two nodes (the file qemu).
using import "/system.capnp".System;

const system :System = (cores = 2, components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console", threads = 3)],
   devices = [(registers = serial), (line = serial)]),
  (name = "near", program = "relay", pages = 256, core = 1,
   exports = [(interface = "relay.Relay")]),
  (name = "far", program = "relay", pages = 256, core = 1, node = 0,
   gas = (credit = 1), # too little for what is copied for it
   exports = [(interface = "relay.Relay")]),
  (name = "monitor",
   pages = 256,
   stackPages = 12,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "console.Console", name = "input", from = "console"),
     (interface = "supervisor.Supervisor", from = "init"),
   ],
   ends = true),
]);
