# SPDX-License-Identifier: MIT
@0xf0e1d2c3b4a59604;
# Without `from` what the labels forbid is left out; with `from` it is refused.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "log", exports = [(interface = "log.Log")], label = [1]),
  (name = "all", imports = [(interface = "*")]),
  (name = "demo", imports = [(interface = "*", from = "log")]),
]);
