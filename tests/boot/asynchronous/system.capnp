# SPDX-License-Identifier: MIT
@0xd15a3f0f2bb1c0a4;
# Asynchronous calls: batches, doorbells, deadlines, cancel, and a reply that nobody waits for.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "worker",
   pages = 128,
   # Accounts that nobody refills, so that a balance says what was paid.
   gas = (credit = 400000000000),
   exports = [(interface = "worker.Worker", threads = 3)]),
  (name = "asynchronous",
   gas = (credit = 400000000000),
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "worker.Worker", from = "worker"),
     (interface = "worker.Worker", name = "control", from = "worker"),
   ],
   ends = true),
]);
