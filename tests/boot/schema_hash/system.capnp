# SPDX-License-Identifier: MIT
@0xce9661ba33a1810e;
# Each side of a connection knows the hash of the schema that the other was built from.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "schema_hash",
   exports = [(interface = "relay.Relay")],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "supervisor.Supervisor", from = "init"),
   ],
   ends = true),
  (name = "schema_hash_client",
   imports = [(interface = "relay.Relay", from = "schema_hash")]),
]);
