# SPDX-License-Identifier: MIT
@0xedf0158c8db77c96;
# A component fills its capability table and only gets answers.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "table_exhaustion",
   pages = 64,
   imports = [(interface = "console.Console", from = "console")],
   devices = [(cpu = 0)],
   slots = 200,
   ends = true),
]);
