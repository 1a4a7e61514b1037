# SPDX-License-Identifier: MIT
@0x9db2327c9927f037;
# User code enters the kernel with every state that it can make.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "hostile_state",
   pages = 256,
   imports = [(interface = "console.Console", from = "console")],
   devices = [(cpu = 0)],
   ends = true),
]);
