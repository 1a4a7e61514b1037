# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e046;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "demo",
   exports = [
    (interface = "demo.Demo", name = "e0"),
    (interface = "demo.Demo", name = "e1"),
    (interface = "demo.Demo", name = "e2"),
    (interface = "demo.Demo", name = "e3"),
    (interface = "demo.Demo", name = "e4"),
    (interface = "demo.Demo", name = "e5"),
    (interface = "demo.Demo", name = "e6"),
    (interface = "demo.Demo", name = "e7"),
    (interface = "demo.Demo", name = "e8"),
   ],
   pages = 100),
]);
