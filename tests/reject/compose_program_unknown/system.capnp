# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e04d;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "demo", pages = 500),
  (name = "other",
   program = "weather"),
]);
