# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3fe61;
# Pointers of any type, interfaces that extend each other, and defaults that say nothing.

struct Plain {}
interface Base @0xe6a0c1b5d2f3fe62 {}
interface Middle @0xe6a0c1b5d2f3fe63 extends(Base) {}
interface Derived @0xe6a0c1b5d2f3fe64 extends(Middle) {}
struct Uses {
  text @0 :AnyStruct;
  plain @1 :AnyStruct;
  list @2 :AnyStruct;
  struct @3 :Capability;
  capability @4 :AnyList;
  wider @5 :AnyPointer;
  narrower @6 :AnyStruct;
  down @7 :Middle;
  up @8 :Base;
  aside @9 :Other;
  empty @10 :List(Int32) = [];
  blank @11 :Text = "";
  zero @12 :Plain = ();
  real @13 :Float32 = 2;
}
interface Other @0xe6a0c1b5d2f3fe65 {}
