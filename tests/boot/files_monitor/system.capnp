# SPDX-License-Identifier: MIT
@0xd1e4a6c3b2f05713;
# A person looks at an ext4 file system on a disk, and copies from it to one in memory.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console", threads = 4)],
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
  (name = "disk",
   program = "ext4_server",
   pages = 1024,
   exports = [(interface = "directory.Directory", threads = 2)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "block.Block", from = "virtio_blk"),
   ],
   settings = [(key = "user.monitor", value = "0"), (key = "group.monitor", value = "0")]),
  (name = "memory",
   program = "tmpfs",
   pages = 1024,
   exports = [(interface = "directory.Directory", threads = 2)],
   imports = [(interface = "console.Console", from = "console")],
   settings = [(key = "user.monitor", value = "0"), (key = "group.monitor", value = "0")]),
  (name = "monitor",
   pages = 256,
   stackPages = 12,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "console.Console", name = "input", from = "console"),
     (interface = "supervisor.Supervisor", from = "init"),
     (interface = "directory.Directory", name = "disk", from = "disk"),
     (interface = "directory.Directory", name = "memory", from = "memory"),
   ],
   ends = true),
]);
