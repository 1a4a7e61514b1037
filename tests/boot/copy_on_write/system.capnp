# SPDX-License-Identifier: MIT
@0x861d706f1ec9f3a3;
# Two children share the pages of a common pool; one dies, the other goes on with its copy.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "copy_on_write",
   pages = 512,
   imports = [(interface = "console.Console", from = "console")],
   devices = [(cpu = 0)],
   ends = true),
]);
