# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e03b;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "server", exports = [(interface = "demo.Demo"), (interface = "demo.Demo", name = "second")]),
  (name = "demo",
   imports = [
    (interface = "demo.Demo",
     from = "server")]),
]);
