# SPDX-License-Identifier: MIT
@0xf0e1d2c3b4a59602;
# An import of all interfaces of a component that does not exist.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "log", exports = [(interface = "log.Log")]),
  (name = "demo", imports = [(interface = "*", from = "lag")]),
]);
