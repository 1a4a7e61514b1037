# SPDX-License-Identifier: MIT
@0xa84e7b28efc379e5;
# Frozen memory cannot be written while a receiver keeps it, and can be taken back.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "frozen_revoke",
   pages = 256,
   imports = [(interface = "console.Console", from = "console")],
   devices = [(cpu = 0)],
   ends = true),
]);
