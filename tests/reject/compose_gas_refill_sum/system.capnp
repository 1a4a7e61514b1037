# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e043;
using import "/system.capnp".System;

const system :System = (gasRefill = 100,
  components = [(name = "a", gas = (credit = 60, refill = 60)), (name = "b", gas = (credit = 60, refill = 60))]);
