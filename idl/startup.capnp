# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a06;
# What init tells a component when it starts it: one message, in pages that the component owns.
# Slots are indices into the component's own capability table.
using C = import "annotations.capnp";
$C.prefix("exo");

const programEnded :UInt64 = 0x646e65;
# In the first word of the status page: the program ended; the second word is its status.

const programCrashed :UInt64 = 0x6873617263;
# Likewise: a fault that nobody handled; its error, address and instruction follow the second word.

const programAlive :UInt16 = 5;
# The word of the status page in which who holds a Cpu counts its signs of life. Who has given one promises more:
# when its cores go on for long without, it has stalled, and init does what it does after a crash.

const programMarks :UInt16 = 6;
# The word in which who holds a Cpu says 1 when the Threads of its cores are to be marked (cpuBind), so that it runs as
# soon as one becomes ready, and 0 when not. It signals its exit Event when that changes.

struct Startup {
  name @0 :Text;                  # of the component
  ticksPerSecond @1 :UInt64;
  framesFirst @2 :UInt64;         # of its own Memory: the first frame that is free, and how many are
  framesCount @3 :UInt64;
  statusAddress @4 :UInt64;       # of the status page, which the component writes at its end
  imports @5 :List(StartupBinding);
  exports @6 :List(StartupBinding);
  devices @7 :List(StartupDevice);
  settings @8 :List(StartupSetting);
  slotCount @9 :UInt32;           # of the capability table
  slotFirst @10 :UInt32;          # first slot that is free
  spaceAddress @11 :UInt64;       # addresses that are free for the program's own mappings ...
  spaceBytes @12 :UInt64;
  generation @13 :UInt32;         # 0 at the first start, then one more at each restart
  gas @14 :UInt32;                # slot of its account, with the right to pay, and to control it where it has a credit; 0: none
  segments @15 :List(StartupSegment);
  entry @16 :UInt64;              # of the program: its first instruction
  threads @17 :List(StartupThread);
  # Only for a component with a device `cpu`: the Threads of the composition on those cores, so that
  # it can say what they play.
  sliceTicks @18 :UInt64;         # length of one slot of a core's slice vector
  position @19 :UInt16;           # of the component in the composition
}

struct StartupThread {
  # It is the same at each start of the component that it belongs to.
  index @0 :UInt16;               # in the core's table
  core @1 :UInt16;
  component @2 :UInt16;           # position in the composition, or serverInit of boot.capnp
  share @3 :UInt16;               # slots in a round, relative to the others
}

struct StartupSegment {
  # How the program itself is mapped, for children that run a copy of it.
  slot @0 :UInt32;                # the Memory of a read-only segment; 0: it is private
  rights @1 :UInt16;
  address @2 :UInt64;
  pages @3 :UInt64;
}

struct StartupBinding {
  name @0 :Text;
  interfaceId @1 :UInt64;
  portal @2 :UInt32;
  thread @3 :UInt32;              # exports: slot of the first handler Thread
  threadCount @4 :UInt32;
  receiveFirst @5 :UInt32;
  receiveCount @6 :UInt32;
  places @7 :List(StartupPlace);
}

struct StartupPlace {
  # As struct channel_place of components/runtime/binding.h.
  address @0 :UInt64;
  bytes @1 :UInt64;
  badge @2 :UInt64;
  doorbell @3 :UInt32;
  wake @4 :UInt32;
  wakeBits @5 :UInt64;
  peer @6 :Text;                  # name of the component at the other end
  poolBytes @7 :UInt32;           # of the pool, which follows on the channel's memory; 0: none
  schema @8 :UInt64;              # hash of the schema that the peer was built from; 0: unknown
  oneWay @9 :Bool;                # the client writes, the server reads, and nothing comes back
  peerPosition @10 :UInt16;       # of the component `peer` in the composition; serverInit of boot.capnp: init
}

struct StartupDevice {
  name @0 :Text;
  slot @1 :UInt32;
  first @2 :UInt64;               # line, port, physical address or core
  count @3 :UInt64;
}

struct StartupSetting {
  key @0 :Text;
  value @1 :Text;
}

