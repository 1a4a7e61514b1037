# SPDX-License-Identifier: MIT
@0xb0c5d7a1e3f24a59;
# A disk's driver crashes under load and is restarted by its rule; its clients notice nothing but time.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console", threads = 2)],
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
   settings = [
     (key = "fault_after", value = "9"),
     (key = "extent.first", value = "100+48"),
     (key = "extent.second", value = "148+48"),
   ],
   restart = onCrash),
  (name = "first",
   program = "disk_load",
   pages = 128,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "block.Block", from = "virtio_blk"),
   ]),
  (name = "second",
   program = "disk_load",
   pages = 128,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "block.Block", from = "virtio_blk"),
     (interface = "supervisor.Supervisor", from = "init"),
   ],
   settings = [(key = "other", value = "first")],
   ends = true),
]);
