# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3fe61;
# Pointers of any type, interfaces that extend each other, and defaults that say nothing.

struct Plain {}
interface Base @0xe6a0c1b5d2f3fe62 {}
interface Middle @0xe6a0c1b5d2f3fe63 extends(Base) {}
interface Derived @0xe6a0c1b5d2f3fe64 extends(Base) {}
struct Uses {
  text @0 :Text;
  plain @1 :Plain;
  list @2 :AnyList;
  struct @3 :AnyStruct;
  capability @4 :Capability;
  wider @5 :AnyList;
  narrower @6 :AnyPointer;
  down @7 :Base;
  up @8 :Middle;
  aside @9 :Middle;
  empty @10 :List(Int32);
  blank @11 :Text;
  zero @12 :Plain;
  real @13 :Float32 = 1;
}
