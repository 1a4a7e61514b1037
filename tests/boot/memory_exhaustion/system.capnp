# SPDX-License-Identifier: MIT
@0xc0e40e866e9c2a65;
# A component uses up its frames, heap and page tables, and only gets answers.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "relay",
   exports = [(interface = "relay.Relay")]),
  (name = "memory_exhaustion",
   pages = 128,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay")],
   devices = [(cpu = 0)],
   ends = true),
]);
