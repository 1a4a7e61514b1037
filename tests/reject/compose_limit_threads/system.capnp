# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e047;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "demo", pages = 200,
   exports = [
    (interface = "demo.Demo", name = "e0", threads = 9),
    (interface = "demo.Demo", name = "e1", threads = 9),
   ]),
]);
