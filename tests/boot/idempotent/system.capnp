# SPDX-License-Identifier: MIT
@0xe1b7c3d25f8a4460;
# A server crashes and is started again; the call of its client succeeds.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "relay",
   pages = 256,
   exports = [(interface = "relay.Relay")],
   restart = onCrash,
  ),
  (name = "idempotent",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
   ],
   ends = true),
]);
