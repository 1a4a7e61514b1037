# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff04;
struct Tree { left @0 :Tree; weight @1 :UInt32; leaves @2 :List(Text); }
interface Garden { plant @0 (tree :Tree) -> (); }
