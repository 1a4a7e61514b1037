# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e02a;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "demo",
   devices = [
    (memory = (first = 0xfee00010, count = 4096))]),
]);
