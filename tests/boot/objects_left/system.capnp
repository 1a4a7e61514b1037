# SPDX-License-Identifier: MIT
@0xc2f17a0e5b9d3d57;
# Objects of a client that ended are let go at once.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "keeper",
   pages = 128,
   exports = [(interface = "library.Shelf", name = "shelf")]),
  (name = "lender",
   pages = 128,
   exports = [(interface = "library.Library", threads = 2)],
   imports = [(interface = "library.Shelf", name = "shelf", from = "keeper")]),
  (name = "borrower",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "library.Library", from = "lender")]),
  (name = "objects_left",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "library.Library", from = "lender"),
     (interface = "library.Shelf", name = "shelf", from = "keeper"),
     (interface = "supervisor.Supervisor", from = "init")],
   ends = true),
]);
