# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a13;
# What init tells about the components that it started, and what it can do with them.
using C = import "annotations.capnp";
$C.prefix("supervisor");

enum State {
  stopped @0;   # It was stopped, or never started.
  running @1;
  ended @2;     # Its program returned.
  crashed @3;   # It did what its domain could not survive.
}

enum Result {
  done @0;
  unknownName @1;     # No component is called that.
  notRunning @2;
  failed @3;          # There was not enough memory to start it again.
}

struct Component {
  name @0 :Text;
  state @1 :State;
  restarts @2 :UInt32;
  frames @3 :UInt64;     # of memory that it was given
  balance @4 :Int64;     # of its gas account
  held @5 :UInt64;       # frames that its account pays for
  share @6 :UInt32;      # slots of a round
  ticks @7 :UInt64;      # that its threads' slots took, as the kernel counted them
  calls @8 :UInt64;      # portal calls that its threads made
  threads @9 :UInt32;
  status @10 :UInt32;    # of a program that ended
  core @11 :UInt16;      # that its own Threads run on
  node @12 :UInt32;      # that its memory is on
  local @13 :UInt64;     # frames of its memory and its channels that are on the node of its core ...
  remote @14 :UInt64;    # ... and on others
}

struct Node {
  number @0 :UInt32;       # the firmware's
  cores @1 :UInt32;        # of those that run
  frames @2 :UInt64;       # of its memory that init was given ...
  free @3 :UInt64;         # ... and that nobody has yet
  localBytes @4 :UInt64;   # read and written in bulk for components, by cores of this node ...
  remoteBytes @5 :UInt64;  # ... and by cores of others
  charged @6 :UInt64;      # micro-units that the components' accounts paid for these bytes ...
  refused @7 :UInt64;      # ... and could not pay
}

struct Thread {
  index @0 :UInt32;      # in the core's table
  share @1 :UInt32;
  component @2 :UInt32;  # position in the list of components
}

interface Supervisor {
  list @0 (from :UInt32) -> (components :List(Component), count :UInt32, sliceTicks :UInt64);
  # At most eight components from position `from` on; `count` is how many there are in all, and
  # `sliceTicks` the length of a slice.

  stop @1 (name :Text) -> (result :Result);
  # Stop a component: its memory is taken back, its clients get `disconnected`.

  restart @2 (name :Text) -> (result :Result);
  # Stop a component if it runs, and start it again.

  end @3 (status :UInt32) -> ();
  # End the machine; status 0 is success.

  threads @4 (from :UInt32) -> (threads :List(Thread), next :UInt32, sliceTicks :UInt64);
  # At most 32 threads that a scheduler is to give slots to; `next` is 0 when there are no more.

  needs @5 (import :Text, name :Text) -> (does :Bool);
  # Does the caller's import of that name come to nothing when a component is stopped: the caller
  # itself, the import's server, or one that the server imports from, and so on.

  nodes @6 () -> (nodes :List(Node), localPrice :UInt32, remotePrice :UInt32);
  # The nodes of the machine that have memory, and what a KiB that is copied for a component costs it,
  # in micro-units, when it is read and again when it is written: from a core of its node, or from another.
}
