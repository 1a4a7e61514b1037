# SPDX-License-Identifier: MIT
@0xd1e4a6c3b2f05711;
# A client reads all of an ext4 file system on a disk.
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
   ]),
  (name = "ext4_server",
   pages = 1024,
   exports = [(interface = "directory.Directory", threads = 2)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "block.Block", from = "virtio_blk"),
   ],
   settings = [(key = "user.tree_sum", value = "0"), (key = "group.tree_sum", value = "0")]),
  (name = "tree_sum",
   pages = 128,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "directory.Directory", from = "ext4_server"),
   ],
   ends = true),
]);
