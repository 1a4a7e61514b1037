# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e02e;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console", devices = [(ports = (first = 0x3f8, count = 8))]),
  (name = "demo",
   devices = [
    (ports = (first = 0x3f8), shared = true)]),
]);
