# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff01;
enum Sky { clear @0; rain @1; snow @2; }
struct Day { 
  celsius @0 :Int32; sky @1 :Sky = rain; note @2 :Text; list @3 :List(UInt16); wet @4 :Bool; gone @5 :Text;
  blob @6 :Data; u :union { a @7 :UInt8; b @8 :Text; } any @9 :AnyPointer; solo @10 :UInt16; bits @11 :List(Bool);
}
struct Lost { x @0 :UInt8; }
const c :UInt32 = 5;
interface Weather {
  forecast @0 (city :Text, days :UInt32) -> (day :Day);
  reset @1 ();
  move @2 (x :UInt8);
}
interface Base { ping @0 (); }
interface Derived extends(Base) { own @0 (); }
interface Other @0xe6a0c1b5d2f3ff02 { ping @0 (); }
enum Level { low @0; high @1; top @2; }
struct Box(T) { content @0 :T; }
struct Boxes { text @0 :Box(Text); same @1 :Box(Data); level @2 :Level; kind @3 :Lost; }
struct Unions { a @0 :UInt8; union { b @1 :UInt8; c @2 :UInt8; } d @3 :Text; }
struct Joins { union { b @0 :UInt8; c @1 :UInt8; } d @2 :Text; }
