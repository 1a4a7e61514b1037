# SPDX-License-Identifier: MIT
@0xb0c5d7a1e3f24a5d;
# Two disks, each with a driver of its own.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "bus",
   pages = 128,
   slots = 256,
   trustedDma = true,
   exports = [(interface = "bus.Bus", threads = 2)],
   devices = [
     (registers = virtio, name = "virtio"), (line = virtio, name = "virtio_line"),
     (registers = pci, name = "pci"), (line = pci, name = "pci_line"),
     (registers = pciMemory, name = "pci_memory"),
   ]),
  (name = "disk_one",
   program = "virtio_blk",
   pages = 128,
   slots = 128,
   trustedDma = true,
   exports = [(interface = "block.Block", threads = 3)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "bus.Bus", from = "bus"),
   ],
   settings = [(key = "index", value = "0")]),
  (name = "disk_other",
   program = "virtio_blk",
   pages = 128,
   slots = 128,
   trustedDma = true,
   exports = [(interface = "block.Block", threads = 3)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "bus.Bus", from = "bus"),
   ],
   settings = [(key = "index", value = "1")]),
  (name = "virtio_blk_two",
   pages = 128,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "block.Block", name = "one", from = "disk_one"),
     (interface = "block.Block", name = "other", from = "disk_other"),
   ],
   ends = true),
]);
