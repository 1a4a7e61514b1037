# SPDX-License-Identifier: MIT
@0x8864309babd6604e;
# Who has used up its gas stands still, alone.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "relay",
   pages = 256,
   exports = [(interface = "relay.Relay", threads = 2)],
  ),
  (name = "gas_spender",
   gas = (credit = 400000000),
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
   ]),
  (name = "gas_exhaustion",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
     (interface = "supervisor.Supervisor", from = "init"),
   ],
   ends = true),
]);
