# SPDX-License-Identifier: MIT
@0x96b6d865056976be;
# A caller runs out of gas inside a server that holds a lock.
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
  (name = "gas_poor",
   gas = (credit = 400000000),
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
   ],
   settings = [(key = "hold", value = "1000000")]),
  (name = "gas_in_server",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
     (interface = "supervisor.Supervisor", from = "init"),
   ],
   ends = true),
]);
