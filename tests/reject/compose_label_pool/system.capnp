# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e0a5;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "server", label = [1], exports = [(interface = "demo.Demo")]),
  (name = "demo",
   imports = [
    (interface = "demo.Demo", from = "server",
     poolPages = 4)]),
]);
