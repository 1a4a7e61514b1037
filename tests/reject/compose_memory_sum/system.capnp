# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e045;
using import "/system.capnp".System;

const system :System = (memoryMib = 64,
  components = [(name = "demo", pages = 15000)]);
