# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e01e;
using import "/system.capnp".System;

const system :System = (cores = 100,
  components = [
  (name = "demo",
   share = 0,
   slots = 5000, pages = 200)]);
