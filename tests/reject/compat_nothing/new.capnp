# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff04;
struct Leaf { name @0 :Text; area @1 :UInt32; }
struct Tree {
  left @0 :Tree;
  union { weight @1 :UInt32; height @3 :UInt32; }
  leaves @2 :List(Leaf);
  right @4 :Tree;
}
interface Garden { plant @0 (tree :Tree) -> (rows :UInt8); water @1 (); }
