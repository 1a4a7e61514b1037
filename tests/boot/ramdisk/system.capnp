# SPDX-License-Identifier: MIT
@0xb0c5d7a1e3f24a51;
# A disk in memory, a client that tries all, and one that has ten blocks of it.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "ramdisk",
   pages = 512,
   exports = [(interface = "block.Block", threads = 2)],
   settings = [(key = "kib", value = "1024"), (key = "extent.narrow", value = "100+10")]),
  (name = "narrow",
   program = "disk_check",
   pages = 128,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "block.Block", from = "ramdisk"),
   ],
   settings = [(key = "narrow", value = "1")]),
  (name = "disk_check",
   pages = 128,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "block.Block", from = "ramdisk"),
   ],
   ends = true),
]);
