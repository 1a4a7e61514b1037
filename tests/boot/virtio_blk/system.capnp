# SPDX-License-Identifier: MIT
@0xb0c5d7a1e3f24a52;
# A disk of the machine's, a client that tries all, and one that has ten blocks of it.
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
   imports = [(interface = "console.Console", from = "console")],
   devices = [
     (registers = virtio, name = "virtio"), (line = virtio, name = "virtio_line"),
     (registers = pci, name = "pci"), (line = pci, name = "pci_line"),
     (registers = pciMemory, name = "pci_memory"),
   ]),
  (name = "virtio_blk",
   pages = 128,
   slots = 128,
   trustedDma = true,
   exports = [(interface = "block.Block", threads = 4)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "bus.Bus", from = "bus"),
   ],
   settings = [(key = "extent.narrow", value = "100+10")]),
  (name = "narrow",
   program = "disk_check",
   pages = 128,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "block.Block", from = "virtio_blk"),
   ],
   settings = [(key = "narrow", value = "1")]),
  (name = "disk_check",
   pages = 128,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "block.Block", from = "virtio_blk"),
   ],
   ends = true),
]);
