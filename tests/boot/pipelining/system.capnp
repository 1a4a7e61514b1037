# SPDX-License-Identifier: MIT
@0xc2f17a0e5b9d3d41;
# Calls of objects in results that have not come, here and in another domain.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "annex",
   pages = 128,
   exports = [(interface = "library.Shelf", name = "shelf")]),
  (name = "library",
   pages = 128,
   exports = [(interface = "library.Library")],
   imports = [(interface = "library.Shelf", name = "shelf", from = "annex")]),
  (name = "pipelining",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "library.Library", from = "library"),
   ],
   ends = true),
]);
