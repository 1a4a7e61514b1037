# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff01;
interface Demo {
  tell @0 (items :List(Item)) -> ();
}
struct Item {
  next @0 :Item;
  union {
    number @1 :UInt32;
    place :group {
      demo @2 :Demo;
    }
  }
}
