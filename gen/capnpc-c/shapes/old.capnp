# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a32;
# What a program of yesterday speaks; new.capnp is what became of it.

enum Color { red @0; green @1; }

struct Record {
  number @0 :Int64;
  name @1 :Text;
  next @2 :Record;
  color @3 :Color;
  numbers @4 :List(UInt32);
  texts @5 :List(Text);
  union { a @6 :Void; b @7 :UInt64; }
  members @8 :List(Member);
  box @9 :Record;
  struct Member { id @0 :UInt16; }
}
