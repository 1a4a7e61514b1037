# SPDX-License-Identifier: MIT
@0xa51b0f1a7c33d2ea;
# A server that posts to a client of its own.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "front",
   pages = 128,
   exports = [(interface = "worker.Worker", threads = 2)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "worker.Worker", name = "back", from = "back"),
   ]),
  (name = "back",
   pages = 128,
   exports = [(interface = "worker.Worker")],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "worker.Worker", name = "front", from = "front", asynchronous = true),
   ]),
  (name = "meet_cycle",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "worker.Worker", from = "front"),
   ],
   ends = true),
]);
