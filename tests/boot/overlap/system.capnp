# SPDX-License-Identifier: MIT
@0x852067a9423aa7ff;
# Every order of up to three uses of overlapping runs keeps the rule of frame counts.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "overlap",
   pages = 64,
   imports = [(interface = "console.Console", from = "console")],
   devices = [(cpu = 0)], trustedDma = true,
   ends = true),
]);
