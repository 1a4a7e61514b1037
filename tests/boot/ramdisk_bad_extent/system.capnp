# SPDX-License-Identifier: MIT
@0xb0c5d7a1e3f24a5b;
# A client is to have blocks that the disk does not have.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "ramdisk",
   pages = 512,
   exports = [(interface = "block.Block", threads = 2)],
   imports = [(interface = "console.Console", from = "console")],
   settings = [(key = "extent.disk_check", value = "2000+100")],
   ends = true),
  (name = "disk_check",
   pages = 128,
   imports = [(interface = "block.Block", from = "ramdisk")]),
]);
