# SPDX-License-Identifier: MIT
@0xa1cb6625de0e60e4;
# Memory above the receiver is refused by the kernel at run time.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "relay",
   pages = 256,
   exports = [(interface = "relay.Relay")],
  ),
  (name = "label_refused",
   label = [0],
   labelHigh = [7, 7, 7, 7, 7, 7, 7, 7],
   trustedLabel = true,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
   ],
   ends = true),
]);
