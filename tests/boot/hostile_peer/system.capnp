# SPDX-License-Identifier: MIT
@0xf9198c47269395cd;
# A client that throws noise at a server disturbs nobody else.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "relay",
   pages = 256,
   exports = [(interface = "relay.Relay", threads = 2)],
   settings = [(key = "good_days", value = "1")]),
  (name = "hostile",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
   ]),
  (name = "hostile_peer",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
   ],
   ends = true),
]);
