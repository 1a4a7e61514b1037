# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a04;
# What the boot image holds, and what the kernel tells the first program. `compose` writes the image;
# the kernel reads `BootImage` only, init reads `Plan`.
using C = import "annotations.capnp";
$C.prefix("exo");

const imageMagic :UInt64 = 0x0031364f58453a45;
# The first word of every boot image.

const serverInit :UInt16 = 0xffff;
# The server index of a channel whose other end is init itself.

const nodeAny :UInt16 = 0xffff;
# The node of a component that names none.

# What init can hold; `compose` refuses a composition that needs more.
const planComponentsMax :UInt16 = 64;
const planChannelsMax :UInt16 = 256;
const componentChannelsMax :UInt16 = 63;   # as client and as server; each has a bit of its Event
const componentThreadsMax :UInt16 = 16;    # handlers of all its exports
const componentExportsMax :UInt16 = 8;
const programSegmentsMax :UInt16 = 4;
const startupWordsMax :UInt16 = 4096;      # of the message that init gives a component
const programEnd :UInt64 = 0x10000000;     # the first address that no program is linked at

# Slots of the first domain's table, as the kernel fills them.
const firstSlotRam :UInt16 = 1;
const firstSlotImage :UInt16 = 2;
const firstSlotDevices :UInt16 = 3;     # memory of devices
const firstSlotCpu :UInt16 = 4;
const firstSlotGas :UInt16 = 5;
const firstSlotIrq :UInt16 = 6;
const firstSlotPorts :UInt16 = 7;
const firstSlotThread :UInt16 = 8;
const firstSlotInformation :UInt16 = 9;
const firstSlotRamSecond :UInt16 = 10;  # more runs of RAM, the larger before the smaller, if there are any
const firstSlotRamThird :UInt16 = 13;
const firstSlotRamFourth :UInt16 = 14;
const firstSlotRamFifth :UInt16 = 15;
const firstSlotDevicesLow :UInt16 = 11; # another run of devices, if there is one
const firstSlotTree :UInt16 = 12;       # the device tree, if the machine has one

struct BootImage {
  # The first words of the image, little endian; the rest of the first page is 0. All page numbers
  # count pages of 4,096 bytes from the start of the image. Pointer-free: the kernel reads words.
  magic @0 :UInt64;              # imageMagic
  bytes @1 :UInt64;              # the whole image, a multiple of the page size
  textPage @2 :UInt64;           # init's read-execute segment: first page
  textPages @3 :UInt64;
  textAddress @4 :UInt64;        # virtual
  constantPage @5 :UInt64;       # init's read-only segment
  constantPages @6 :UInt64;
  constantAddress @7 :UInt64;
  dataPage @8 :UInt64;           # init's read-write segment: the pages that the image holds ...
  dataFilePages @9 :UInt64;
  dataPages @10 :UInt64;         # ... and all of them; the others start as zeros
  dataAddress @11 :UInt64;
  entry @12 :UInt64;             # virtual address of init's first instruction
  systemOffset @13 :UInt64;      # byte offset of the System message (one segment, with its frame)
  systemBytes @14 :UInt64;
  planOffset @15 :UInt64;        # byte offset of the Plan message (one segment, with its frame)
  planBytes @16 :UInt64;
}

struct KernelInformation {
  # The first words of the page that the kernel maps for init. The command line's text follows them,
  # at most 2,000 bytes, padded with zeros. Pointer-free.
  ticksPerSecond @0 :UInt64;
  frames @1 :UInt64;             # of RAM, in all
  cores @2 :UInt64;
  commandLineBytes @3 :UInt64;
}

struct Plan {
  # The composition with every name resolved, in the order in which init starts the components.
  programs @0 :List(PlannedProgram);
  components @1 :List(PlannedComponent);
  channels @2 :List(PlannedChannel);
  sliceMicroseconds @3 :UInt32;  # length of one slot of a core's slice vector
  cores @4 :UInt16;              # that the composition wants
}

struct PlannedProgram {
  name @0 :Text;
  entry @1 :UInt64;
  segments @2 :List(PlannedSegment);
}

struct PlannedSegment {
  # A read-only segment is mapped from the image by all components that run the program; a writable
  # one is copied for each.
  page @0 :UInt32;               # first page, counted from the start of the image
  filePages @1 :UInt32;          # pages that the image holds
  pages @2 :UInt32;              # all pages; those beyond the file's start as zeros
  rights @3 :UInt16;             # rightRead, rightWrite, rightExecute of kernel.capnp
  address @4 :UInt64;            # virtual
}

struct PlannedComponent {
  name @0 :Text;
  program @1 :UInt16;            # index into programs
  share @2 :UInt16;              # slots in a round of the slice vector
  frames @3 :UInt32;             # all memory: objects, page tables, private data, stack, heap
  stackPages @4 :UInt16;
  slots @5 :UInt16;              # of the capability table; 0: as few as init needs
  labelLow @6 :UInt64;           # one byte a dimension, levels 0 to 7
  labelHigh @7 :UInt64;
  gas @8 :UInt64;                # credit at the start, in gas units; 0: init keeps it filled
  gasRefill @9 :UInt64;          # gas units in a second
  gasLow @10 :UInt64;            # low mark
  restart @11 :RestartRule;
  restartLimit @12 :UInt16;      # restarts after which it stays stopped; 0: no limit
  restartDelayMs @13 :UInt32;
  trustedDma @14 :Bool;
  ends @15 :Bool;                # when it ends, the machine ends with its status
  imports @16 :List(PlannedPort);
  exports @17 :List(PlannedPort);
  devices @18 :List(PlannedDevice);
  settings @19 :List(Setting);
  core @20 :UInt16;              # that its own Threads run on
  node @21 :UInt16;              # that its memory lies on; nodeAny: it may be any
}

enum RestartRule {
  never @0;
  onCrash @1;                    # after a fault, a stop by gas or a lost domain, not after a return
  always @2;
}

struct PlannedPort {
  name @0 :Text;
  interfaceId @1 :UInt64;        # the schema's type id; of an import, that of the export that it leads to
  threads @2 :UInt16;            # exports: handler Threads
  receive @3 :UInt16;            # slots posted for capabilities that arrive
  schema @4 :UInt64;             # hash of the schema that the program was built from; 0: unknown
  cores @5 :List(UInt16);        # exports: the core of each handler Thread
}

struct PlannedDevice {
  name @0 :Text;
  union {
    irq @1 :DeviceRun;                 # lines
    ports @2 :DeviceRun;
    memory @3 :DeviceRun;              # physical address and bytes, both multiples of the page size
    cpu @4 :UInt16;              # core
    gasRoot @5 :Void;            # the account that sets prices
    image @6 :Void;              # the boot image, to read
    information @7 :Void;        # the KernelInformation page, to read
    schemas @8 :DeviceRun;       # a request of capnp's compiler, or a file, to read: first byte in the image, bytes
    registers @9 :MachineDevice;
    line @10 :MachineDevice;
  }
}

enum MachineDevice {
  # What each kind of machine has somewhere. Where, and whether behind ports or in memory, init knows:
  # `machine_place` of components/runtime/arch/.
  serial @0;                     # a 16550 serial port, with a line
  clock @1;                      # the time of day
  capture @2;                    # takes bytes out of the machine, for a recording
  exit @3;                       # ends the machine with a status; init keeps it
  virtio @4;                     # where virtio devices may be in memory, one behind the other, with lines
  pci @5;                        # what configures the devices of the first PCI bus, and their lines
  pciMemory @6;                  # where the registers of PCI devices lie; on x86_64 those of `virtio`, too
}

struct DeviceRun {
  first @0 :UInt64;
  count @1 :UInt64 = 1;
}

struct Setting {
  key @0 :Text;
  value @1 :Text;
}

struct PlannedChannel {
  client @0 :UInt16;             # index into components
  importIndex @1 :UInt16;        # index into the client's imports
  server @2 :UInt16;             # index into components, or serverInit
  exportIndex @3 :UInt16;        # index into the server's exports
  pages @4 :UInt16;
  asynchronous @5 :Bool;         # the client never calls the portal
  labelLow @6 :UInt64;           # the range of labels of the channel's memory
  labelHigh @7 :UInt64;
  poolPages @8 :UInt16;          # that follow the channel's own pages in the same memory
  oneWay @9 :Bool;               # the server only reads the memory, which has the client's labels
  clientShown @10 :UInt16;       # the components that the sides take each other for, by their names;
  serverShown @11 :UInt16;       # others than the two above where a recorder stands between them
}
