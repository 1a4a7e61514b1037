# SPDX-License-Identifier: MIT
@0xf0c7d1b2a4583e69;
# The Threads of one server, on four cores, share memory by the means of components/sync.
using import "/system.capnp".System;

const system :System = (cores = 4, components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "librarian",
   pages = 256,
   exports = [(interface = "worker.Worker", threads = 2)],
   imports = [(interface = "console.Console", from = "console")]),
  (name = "reader_1",
   program = "reader",
   core = 1,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "worker.Worker", from = "librarian")]),
  (name = "reader_2",
   program = "reader",
   core = 2,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "worker.Worker", from = "librarian")]),
  (name = "reader_3",
   program = "reader",
   core = 3,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "worker.Worker", from = "librarian")]),
  (name = "sharing",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "worker.Worker", from = "librarian")],
   ends = true),
]);
