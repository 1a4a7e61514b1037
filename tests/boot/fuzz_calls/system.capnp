# SPDX-License-Identifier: MIT
@0x8e0f9d3a584a5174;
# A million random kernel calls disturb nobody.
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
  (name = "steady",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
   ]),
  (name = "fuzz_calls",
   pages = 512,
   slots = 200,
   share = 12,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
   ],
   devices = [(cpu = 0)],
   ends = true),
]);
