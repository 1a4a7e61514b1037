# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff60;
struct Holder @0xe6a0c1b5d2f3ff61 {
  numbers @0 :List(UInt32);
  texts @1 :List(Text);
  voids @2 :List(Void);
  groups @3 :List(UInt16);
  structs @4 :List(Both);
  bools @5 :List(Bool);
}
struct Both @0xe6a0c1b5d2f3ff62 { union { a @0 :UInt32; b @1 :UInt32; } }
