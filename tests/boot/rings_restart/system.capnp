# SPDX-License-Identifier: MIT
@0xa51b0f1a7c33d2e9;
# A client that only uses the rings crashes and comes back to a server with a Thread for them.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "worker",
   pages = 128,
   exports = [(interface = "worker.Worker", threads = 3)]),
  (name = "asking",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "worker.Worker", from = "worker"),
   ],
   restart = onCrash,
   restartLimit = 3),
  (name = "rings_restart",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "worker.Worker", from = "worker"),
   ],
   ends = true),
]);
