# SPDX-License-Identifier: MIT
@0xf0e1d2c3b4a59603;
# Imports of all interfaces are checked like others: here one closes a cycle.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "log",
   imports = [(interface = "clock.Clock", from = "clock"), (interface = "*")],
   exports = [(interface = "log.Log")]),
  (name = "clock",
   imports = [(interface = "log.Log", from = "log", asynchronous = true)],
   exports = [(interface = "clock.Clock")]),
  (name = "demo",
   imports = [(interface = "log.Log", from = "log")],
   exports = [(interface = "console.Console")]),
]);
