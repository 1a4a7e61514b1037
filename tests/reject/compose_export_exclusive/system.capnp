# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e03c;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "server", exports = [(interface = "demo.Demo", exclusive = true)]),
  (name = "first", imports = [(interface = "demo.Demo", from = "server")]),
  (name = "demo", imports = [
    (interface = "demo.Demo", from = "server")]),
]);
