# SPDX-License-Identifier: MIT
@0xa51b0f1a7c33d2ec;
# A client and its server are started again at any moment.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "worker",
   pages = 128,
   exports = [(interface = "worker.Worker", threads = 3)]),
  (name = "witness",
   program = "worker",
   pages = 128,
   exports = [(interface = "worker.Worker", threads = 3)]),
  (name = "asker",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "worker.Worker", from = "worker"),
     (interface = "worker.Worker", name = "witness", from = "witness"),
   ]),
  (name = "meet_stress",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "supervisor.Supervisor", from = "init"),
     (interface = "worker.Worker", name = "witness", from = "witness"),
   ],
   ends = true),
]);
