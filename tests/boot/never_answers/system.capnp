# SPDX-License-Identifier: MIT
@0xce9661ba33a18109;
# A call to a server that never answers ends at its deadline.
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
  (name = "never_answers",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
     (interface = "relay.Relay", name = "other", from = "relay"),
   ],
   ends = true),
]);
