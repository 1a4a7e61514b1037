# SPDX-License-Identifier: MIT
@0xb7d2916e04fa53c8;
# 256 KiB reach a server in the pool of a channel. The relay has another client before and another
# channel behind, so that a pool at the wrong place is noticed.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "relay",
   pages = 256,
   exports = [(interface = "relay.Relay")],
   imports = [(interface = "console.Console", from = "console")]),
  (name = "shared_pool",
   pages = 256,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", name = "plain", from = "relay"),
     (interface = "relay.Relay", from = "relay", poolPages = 64),
     (interface = "relay.Relay", name = "large", from = "relay", pages = 1024, poolPages = 1024),
   ],
   ends = true),
]);
