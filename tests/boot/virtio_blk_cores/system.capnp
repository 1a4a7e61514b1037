# SPDX-License-Identifier: MIT
@0xb0c5d7a1e3f24a58;
# A disk's driver on core 0, its clients on core 1 and core 2.
using import "/system.capnp".System;

const system :System = (cores = 3, components = [
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
   pages = 256,
   slots = 128,
   trustedDma = true,
   exports = [(interface = "block.Block", threads = 4)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "bus.Bus", from = "bus"),
   ],
   settings = [(key = "extent.narrow", value = "100+10")]),
  (name = "narrow",
   core = 1,
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
   core = 2,
   ends = true),
]);
