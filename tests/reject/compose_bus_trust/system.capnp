# SPDX-License-Identifier: MIT
@0xf0e1d2c3b4a59641;
# An import of all interfaces leaves the bus out, unless its owner is trusted for DMA or names it.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "bus", exports = [(interface = "bus.Bus")]),
  (name = "all", imports = [(interface = "*")]),
  (name = "driver", imports = [(interface = "bus.Bus", from = "bus")], trustedDma = true),
  (name = "named", imports = [(interface = "*", from = "bus")]),
  (name = "demo", imports = [(interface = "bus.Bus", from = "bus")]),
]);
