# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a05;
# The language of compositions. A composition is one constant of type System in a file
# `system.capnp`; `compose` checks it and makes the boot image. Nearly every field may be left out:
#
#     using import "/system.capnp".System;
#     const system :System = (components = [
#       (name = "console", exports = [(interface = "console.Console")],
#        devices = [(registers = serial), (line = serial)]),
#       (name = "hello", imports = [(interface = "console.Console", from = "console")], ends = true),
#     ]);
using C = import "annotations.capnp";
using Boot = import "boot.capnp";
$C.prefix("system");

struct System {
  components @0 :List(Component);
  memoryMib @1 :UInt32 = 512;
  # The machine's memory. What the components take must fit in.
  cores @2 :UInt16 = 1;
  # Cores that the machine has. More than one are started by init, in the order of the machine.
  sliceMicroseconds @3 :UInt32 = 1000;
  # The length of one slot of a core's slice vector.
  gas @4 :UInt64 = 0;
  # All the credit, in gas units, that the components' accounts may start with; 0: no bound.
  gasRefill @5 :UInt64 = 0;
  # All the gas units a second that refills may give; 0: no bound.
}

struct Component {
  name @0 :Text;
  # Lower-case letters, digits and underscores, at most 31, a letter first. No two are equal. `init` is
  # the component that starts the others; it is not listed, and exports `supervisor`.
  program @1 :Text;
  # The folder under components/ (or the test program) that it runs; left out: the same as `name`.
  pages @2 :UInt32 = 64;
  # All its memory, in pages of 4,096 bytes: private data, stack, heap, page tables, kernel objects.
  # Code and constants come from the image and count for nobody.
  stackPages @3 :UInt16 = 4;
  slots @4 :UInt16 = 0;
  # Size of its capability table; 0: as few as its connections need, and some to spare.
  label @5 :List(UInt8);
  # The level, 0 to 7, in each of up to eight dimensions; what is left out is 0. An import from a server
  # above goes one way: its interface has no results and carries no capabilities.
  labelHigh @6 :List(UInt8);
  # Only for components with `trustedLabel`: the upper end of a range of labels that starts at `label`.
  trustedLabel @7 :Bool = false;
  trustedDma @8 :Bool = false;
  # It may pin memory for a device that reads and writes it without a guard. Whoever imports bus.Bus
  # must say so.
  gas @9 :Gas;
  share @10 :UInt16 = 1;
  # Slots of the slice vector in a round, relative to the other components.
  exports @11 :List(Export);
  imports @12 :List(Import);
  devices @13 :List(Device);
  settings @14 :List(Boot.Setting);
  # Free text for the program; its README says which keys it knows.
  restart @15 :Boot.RestartRule = never;
  restartLimit @16 :UInt16 = 0;
  # After so many restarts it stays stopped; 0: no limit.
  restartDelayMs @17 :UInt32 = 0;
  ends @18 :Bool = false;
  # When this component ends, the machine ends with its status.
  core @19 :UInt16 = 0;
  # The core that it runs on, below `cores` of the system. Its exports have handler Threads there, on
  # each core whose Cpu it has, and on each core that a client runs on, since a call stays on its
  # caller's core.
  node @20 :UInt16 = 0xffff;
  # The node that its memory lies on, by the firmware's number; all of it, or the system does not
  # start. Left out: that of its core, as long as there is memory left. Where it runs, `core` says.
}

struct Gas {
  credit @0 :UInt64 = 0;    # at the start, in gas units; 0: init keeps the account filled
  refill @1 :UInt64 = 0;    # gas units in a second
  low @2 :UInt64 = 0;       # below this the Event hears of it that the component named (capabilityNotify)
}

struct Export {
  interface @0 :Text;
  # The schema's file name under idl/, without its ending, and the interface: "weather.Weather".
  name @1 :Text;
  # Left out: the schema's name ("weather").
  threads @2 :UInt16 = 1;
  # Handler Threads, so many calls are served at once.
  exclusive @3 :Bool = false;
  # At most one client.
  receive @4 :UInt16 = 4;
  # Slots posted for capabilities that come with calls.
}

struct Import {
  interface @0 :Text;
  # As an export's. It may also be one that the export's interface inherits, at any depth: only the
  # methods of that one are called then.
  # "*" stands for one import of each export of the component `from`, or, without `from`, of init and
  # of all other components that the labels allow, but exclusive ones and bus.Bus. They are connections like any
  # others, called "*COMPONENT.EXPORT".
  name @1 :Text;
  # Left out: the schema's name.
  from @2 :Text;
  # "component.export", or "component" alone when it has one export of this interface, or
  # none and one of an interface that inherits it.
  pages @3 :UInt16 = 8;
  # Memory of the channel, in pages.
  asynchronous @4 :Bool = false;
  # The client uses the rings only, so that it never waits in a call: such an import closes no cycle.
  receive @5 :UInt16 = 4;
  # Slots posted for capabilities that come with replies.
  poolPages @6 :UInt16 = 0;
  # Memory that both sides map besides the channel, in pages, for data that messages name in a Buffer.
}

struct Device {
  name @0 :Text;
  # Left out: the kind ("registers", "line", "memory", ...).
  shared @1 :Bool = false;
  # Others may own it too, if they say so as well.
  union {
    none @2 :Void;
    irq @3 :Boot.DeviceRun;            # lines
    ports @4 :Boot.DeviceRun;
    memory @5 :Boot.DeviceRun;         # physical address and bytes, both multiples of 4,096
    cpu @6 :UInt16;         # core: the right to say what runs on it
    gasRoot @7 :Void;       # the account that sets prices
    image @8 :Void;         # the boot image, to read
    information @9 :Void;   # the kernel's information page, to read
    schemas @10 :Void;      # the types of all interfaces of the composition, to read
    registers @11 :Boot.MachineDevice;  # of a device that each kind of machine has, wherever that is
    line @12 :Boot.MachineDevice;       # and its interrupt line
    file @13 :Text;         # path of a file, from the root of the tree: put into the boot image, to read
  }
}
