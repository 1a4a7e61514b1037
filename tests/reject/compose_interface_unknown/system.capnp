# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e033;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "demo",
   exports = [
    (interface = "status.Demo")]),
]);
