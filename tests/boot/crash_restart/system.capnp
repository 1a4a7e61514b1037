# SPDX-License-Identifier: MIT
@0xf7cdc799af644521;
# A server crashes, is started again, and its client reconnects.
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
  (name = "crash_restart",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
   ],
   ends = true),
]);
