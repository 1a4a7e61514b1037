# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff60;
struct Holder @0xe6a0c1b5d2f3ff61 {
  numbers @0 :List(Number);
  texts @1 :List(Line);
  voids @2 :List(Empty);
  groups @3 :List(Grouped);
  structs @4 :List(UInt32);
  bools @5 :List(Flag);
}
struct Number { union { a @0 :UInt32; b @1 :UInt32; } }
struct Line { union { a @0 :Text; b @1 :UInt32; } }
struct Empty { union { a @0 :Void; b @1 :UInt32; } }
struct Grouped { union { y :group { b @1 :UInt16; } x :group { a @0 :UInt16; } } }
struct Both @0xe6a0c1b5d2f3ff62 { union { a @0 :UInt32; b @1 :UInt32; } }
struct Flag { union { a @0 :Bool; b @1 :UInt32; } }
