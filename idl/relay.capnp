# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a16;
# A service for the boot tests: it does on request what servers do in good days and in bad ones.
using C = import "annotations.capnp";
using Bulk = import "bulk.capnp";
$C.prefix("relay");

interface Listener {
  # What a client of Relay implements.
  tell @0 (value :UInt64) -> (doubled :UInt64);
  # Answer twice the value.
}

interface Memory {
  # Stands for a Memory capability in a message.
}

interface Relay {
  keep @0 (portal :Listener, channel :Memory) -> ();
  # Keep a portal, and the memory of a channel to it, for `poke`.

  poke @1 (value :UInt64) -> (doubled :UInt64);
  # Ask the kept listener, and answer what it said.

  sum @2 (memory :Memory, bytes :UInt64) -> (sum :UInt64, mapped :UInt64, base :UInt64,
      copied :UInt64, looked :UInt64);
  # Map the memory that came with the call, and add up its words; `mapped` frames were mapped, from
  # the physical address `base` on. Then look for it in our own memory, `looked` frames of it:
  # `copied` bytes, in lines of 64, lie there too. For that word number i holds i in its low half.

  tick @3 () -> (count :UInt64);
  # Count the caller's calls.

  ticks @4 () -> (counts :List(UInt64));
  # The counts of all clients, by channel.

  hang @5 () -> ();
  # Never answer.

  crash @6 () -> ();
  # Touch what is not there.

  hold @7 (microseconds :UInt64) -> (begun :UInt64, finished :UInt64);
  # Take a lock, work for so long, give the lock back; how many calls have done so.

  echo @8 (text :Text) -> (text :Text) $C.idempotent $C.deadline(10000);
  # Answer the same text.

  note @9 (value :UInt64) -> ();
  # Note a value for the caller.

  noted @10 (client :UInt64) -> (value :UInt64);
  # What a client noted last, by channel.

  sumPool @11 (buffer :Bulk.Buffer) -> (sum :UInt64);
  # Add up the words of a range of the channel's pool where they lie.
}
