# SPDX-License-Identifier: MIT
@0xb19c0d4f6e5a7318;
# All that an account is charged for, each with its exact cost.
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
  (name = "gas_charges",
   gas = (credit = 1099511627776, low = 1098437885952),
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
     (interface = "supervisor.Supervisor", from = "init"),
   ],
   devices = [(name = "gas_root", gasRoot = void)],
   ends = true),
]);
