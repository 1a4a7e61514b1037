# SPDX-License-Identifier: MIT
@0xab1e40c73f8b7537;
# 1 MiB reaches a server as frozen memory.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "relay",
   pages = 256,
   exports = [(interface = "relay.Relay")],
  ),
  (name = "frozen_transfer",
   pages = 512,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
   ],
   ends = true),
]);
