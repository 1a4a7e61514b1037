# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a52;
# The devices of the machine, for their drivers. Whoever may call this is trusted with what a device
# can do: it reads and writes any memory that the driver tells it.
using C = import "annotations.capnp";
$C.prefix("bus");

interface Memory {
  # Stands for a Memory capability in a message.
}

interface Line {
  # Stands for a capability to an interrupt line in a message.
}

enum Transport {
  memory @0;      # virtio over MMIO
  pci @1;         # virtio over PCI
}

enum Refusal {
  none @0;
  noDevice @1;    # there is none of that kind and number
  taken @2;       # somebody has it, or one in the same page or on the same line
  broken @3;      # it cannot be reset
}

interface Device {
  # A device that a driver has. When the driver ends, or releases this, the device is reset first, and
  # then the frames that it could reach are let go.
  pin @0 (memory :Memory) -> (number :UInt32, address :UInt64);
  # Keep a Memory in its place until `unpin`: `address` is where the device finds its first byte.

  unpin @1 (number :UInt32) -> ();
  # The device does not use it any more.
}

interface Bus {
  claim @0 (kind :UInt32, index :UInt32) -> (device :Device, registers :Memory, line :Line,
      transport :Transport, common :UInt32, notify :UInt32, interrupt :UInt32, configuration :UInt32,
      notifyFactor :UInt32, refusal :Refusal);
  # Take device number `index` of those with this virtio device id (2: a disk). `registers` are its
  # pages and no others; the parts lie at these bytes of them (`memory`: all at `common`).
}
