# SPDX-License-Identifier: MIT
@0xc5b81f09e6d4a273;
# Who queues for a handler that is stopped is told.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "last_handler",
   pages = 256,
   slots = 128,
   imports = [(interface = "console.Console", from = "console")],
   devices = [(cpu = 0)],
   ends = true),
]);
