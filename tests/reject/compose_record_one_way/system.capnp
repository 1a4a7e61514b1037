# SPDX-License-Identifier: MIT
@0x83d61af0393d1459;
using import "/system.capnp".System;
const system :System = (components = [
  (name = "high", label = [1], exports = [(interface = "gauge.Gauge")]),
  (name = "low", imports = [(interface = "gauge.Gauge", from = "high")]),
]);
