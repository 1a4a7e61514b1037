# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e127;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "demo",
   devices = [
    (file = "no/such/file")]),
]);
