# SPDX-License-Identifier: MIT
@0xd3a9c2f1074b6e77;
# Clients on four cores call one server, each on its own core.
using import "/system.capnp".System;

const system :System = (cores = 4, components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "relay",
   pages = 256,
   core = 1,
   exports = [(interface = "relay.Relay")]),
  (name = "second",
   program = "spinner",
   core = 2,
   imports = [
     (interface = "console.Console", from = "console", asynchronous = true),
     (interface = "relay.Relay", from = "relay")]),
  (name = "third",
   program = "spinner",
   core = 3,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay")]),
  (name = "cores",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
     (interface = "supervisor.Supervisor", from = "init"),
   ],
   ends = true),
]);
