# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e0a7;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "demo",
   pages = 200,
   exports = [(interface = "clock.Clock")]),
  (name = "client",
   imports = [(interface = "clock.Clock", from = "demo", poolPages = 1025)])]);
