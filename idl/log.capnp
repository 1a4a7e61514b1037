# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a11;
# Lines that components write for people to read later, each with its writer and a level.
using C = import "annotations.capnp";
$C.prefix("log");

enum Level {
  error @0;      # Something is broken and somebody must look.
  warning @1;    # Something is not as it should be, but goes on.
  notice @2;     # Something happened that a reader wants to know.
  debug @3;      # Of use only to those who search for an error.
}

struct Line {
  number @0 :UInt64;     # Counts from 0; a gap means that lines were overwritten.
  ticks @1 :UInt64;      # When it was written.
  level @2 :Level;
  component @3 :Text;    # The writer's name, which it cannot choose.
  text @4 :Text;
}

interface Log {
  write @0 (level :Level, text :Text) -> ();
  # Keep a line, cut off at 120 bytes. The oldest line makes room.

  read @1 (from :UInt64) -> (lines :List(Line), next :UInt64);
  # At most eight of the lines kept, from number `from` or the oldest on; `next` is what to ask for
  # then. It is equal to `from` when there is no later line.

  setLevel @2 (component :Text, level :Level) -> (found :Bool);
  # Keep only lines of a component that are at most of this level; `found` says if there is such one.
}
