# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a33;
# old.capnp after the changes that the encoding allows.

enum Color { red @0; green @1; blue @2; }

struct Record {
  number @0 :Int64;
  title @1 :Text;
  # A new name.
  next @2 :Record;
  color @3 :Color;
  numbers @4 :List(Number);
  # Was List(UInt32).
  texts @5 :List(Line);
  # Was List(Text).
  union {
    a :union { a0 @6 :Void; a1 @12 :UInt64; }
    # Was Void.
    b @7 :UInt64;
    c @13 :Text;
  }
  members @8 :List(Member);
  box @9 :AnyPointer;
  # Was Record.
  more @10 :Int64 = 987;
  rest @11 :Text = "baz";
  struct Member { id @0 :UInt16; extra @1 :UInt64 = 5; label @2 :Text = "none"; }
  struct Number { value @0 :UInt32; more @1 :UInt32 = 9; }
  struct Line { text @0 :Text; number @1 :Int8 = -3; }
}
