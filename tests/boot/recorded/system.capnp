# SPDX-License-Identifier: MIT
@0xd15a3f0f2bb1c0e7;
# Traffic of each kind between a server and two clients.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "recorded_server",
   pages = 128,
   exports = [(interface = "sample.Both", threads = 2)],
   imports = [(interface = "console.Console", from = "console")],
   settings = [(key = "reason", value = "too small")]),
  (name = "other_client", program = "recorded_client",
   settings = [(key = "other", value = "1")],
   imports = [(interface = "sample.Both", from = "recorded_server")]),
  (name = "recorded_client",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "sample.Both", from = "recorded_server"),
     (interface = "sample.Both", name = "again", from = "recorded_server", pages = 16),
   ],
   ends = true),
]);
