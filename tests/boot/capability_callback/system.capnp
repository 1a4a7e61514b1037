# SPDX-License-Identifier: MIT
@0x84cca710273a51e6;
# A server calls back an object that its client implements.
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
  (name = "capability_callback",
   pages = 128,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
   ],
   exports = [(interface = "relay.Listener", name = "listener", threads = 2)],
   ends = true),
]);
