# SPDX-License-Identifier: MIT
@0xa51b0f1a7c33d2eb;
# A client that was opened before its server was started again.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "worker",
   pages = 128,
   exports = [(interface = "worker.Worker", threads = 3)]),
  (name = "late",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "supervisor.Supervisor", from = "init"),
     (interface = "worker.Worker", from = "worker"),
   ],
   ends = true),
  (name = "meet_notice",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "supervisor.Supervisor", from = "init"),
     (interface = "worker.Worker", from = "worker"),
   ]),
]);
