# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e03d;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "demo", imports = [
    (interface = "demo.Demo", from = "init.demo")]),
]);
