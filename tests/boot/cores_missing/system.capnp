# SPDX-License-Identifier: MIT
@0xc2f17a0e5b9d3d5d;
# More cores than the machine has (the file cores).
using import "/system.capnp".System;

const system :System = (cores = 4, components = [
  (name = "console",
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)],
   core = 3),
]);
