# SPDX-License-Identifier: MIT
@0xf03a8e61c7b25d94;
# Three components of 109 MiB on a node of 256 (the file qemu), while there is room on the other.
using import "/system.capnp".System;

const system :System = (cores = 2, components = [
  (name = "console",
   pages = 28000,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)],
   node = 1),
  (name = "second", program = "load", pages = 28000, node = 1),
  (name = "third", program = "load", pages = 28000, node = 1),
]);
