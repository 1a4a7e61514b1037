# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e039;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "server", exports = [(interface = "demo.Demo")]),
  (name = "demo",
   imports = [
    (interface = "demo.Other",
     from = "server.demo")]),
]);
