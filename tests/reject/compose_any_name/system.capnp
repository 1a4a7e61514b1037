# SPDX-License-Identifier: MIT
@0xf0e1d2c3b4a59601;
# An import of all interfaces that has a name.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "log", exports = [(interface = "log.Log")]),
  (name = "demo", imports = [(interface = "log.Log", from = "log"), (interface = "*", name = "x")]),
]);
