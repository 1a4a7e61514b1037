# SPDX-License-Identifier: MIT
@0xb7c1f22d3a904e61;
# A low component sends to a high one, which counts what it has missed and can give nothing back.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   label = [0],
   labelHigh = [1],
   trustedLabel = true,
   exports = [(interface = "console.Console", threads = 2)],
   devices = [(registers = serial), (line = serial)]),
  (name = "high",
   pages = 128,
   label = [1],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "supervisor.Supervisor", from = "init"),
   ],
   exports = [(interface = "gauge.Gauge")],
   restart = onCrash),
  (name = "low",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "gauge.Gauge", from = "high"),
   ]),
]);
