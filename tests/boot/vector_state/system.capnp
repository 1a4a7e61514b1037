# SPDX-License-Identifier: MIT
@0xd72d48fe0161e926;
# Vector state and thread-local bases never pass from one domain to another.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "vector_state",
   pages = 256,
   imports = [(interface = "console.Console", from = "console")],
   devices = [(cpu = 0)],
   ends = true),
]);
