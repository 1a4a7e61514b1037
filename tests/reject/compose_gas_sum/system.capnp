# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e042;
using import "/system.capnp".System;

const system :System = (gas = 100,
  components = [(name = "a", gas = (credit = 60)), (name = "b", gas = (credit = 60))]);
