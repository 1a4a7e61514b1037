# SPDX-License-Identifier: MIT
@0x95696b26b6609a0b;
# Lent memory is asked back, kept, and then taken.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "revoke",
   pages = 256,
   imports = [(interface = "console.Console", from = "console")],
   devices = [(cpu = 0)],
   ends = true),
]);
