# SPDX-License-Identifier: MIT
@0xb0c5d7a1e3f24a57;
# A RAM disk that starts as a file of the boot image.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "ramdisk",
   pages = 128,
   exports = [(interface = "block.Block", threads = 2)],
   imports = [(interface = "console.Console", from = "console")],
   devices = [(file = "tests/boot/ramdisk_image/numbers.txt")]),
  (name = "ramdisk_image",
   pages = 2600,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "block.Block", from = "ramdisk"),
   ],
   ends = true),
]);
