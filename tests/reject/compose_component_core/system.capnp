# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e07d;
using import "/system.capnp".System;

const system :System = (cores = 2, components = [
  (name = "demo",
   core = 2),
]);
