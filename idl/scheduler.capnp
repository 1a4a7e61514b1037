# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a14;
# A scheduler of one core, as its clients see it.
using C = import "annotations.capnp";
$C.prefix("scheduler");

interface Scheduler {
  setShare @0 (index :UInt32, share :UInt32) -> (accepted :Bool);
  # Give the thread at `index` of the core's table `share` slots of each round from the next round
  # on; 0 takes it out.

  state @1 () -> (threads :UInt32, slots :UInt32, refills :UInt64) $C.idempotent;
  # How many threads it knows, how many slots a round has, how often it filled the vector.
}
