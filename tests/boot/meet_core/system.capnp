# SPDX-License-Identifier: MIT
@0xa51b0f1a7c33d2ed;
# A client on another core that only uses the rings.
using import "/system.capnp".System;

const system :System = (cores = 2, components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "home",
   pages = 128,
   exports = [(interface = "worker.Worker", threads = 2)],
   imports = [(interface = "console.Console", from = "console")]),
  (name = "meet_core",
   core = 1,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "worker.Worker", from = "home", asynchronous = true),
   ],
   ends = true),
]);
