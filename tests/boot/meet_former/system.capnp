# SPDX-License-Identifier: MIT
@0xa51b0f1a7c33d2ee;
# A client whose life before asked what only it can let go.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "worker",
   pages = 128,
   exports = [(interface = "worker.Worker", threads = 3)]),
  (name = "meet_former",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "supervisor.Supervisor", from = "init"),
     (interface = "worker.Worker", from = "worker"),
   ],
   restart = onCrash,
   restartLimit = 3),
]);
