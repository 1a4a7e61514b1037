# SPDX-License-Identifier: MIT
@0xe80b35f1c2a7d94c;
# A node that the machine does not have (the file qemu).
using import "/system.capnp".System;

const system :System = (cores = 2, components = [
  (name = "console",
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)],
   node = 2),
]);
