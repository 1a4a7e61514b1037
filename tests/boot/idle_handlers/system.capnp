# SPDX-License-Identifier: MIT
@0xb1c95b0d2f6e7a41;
# A handler that is stopped leaves the idle ones from any place among them.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "idle_handlers",
   pages = 256,
   imports = [(interface = "console.Console", from = "console")],
   devices = [(cpu = 0)],
   ends = true),
]);
