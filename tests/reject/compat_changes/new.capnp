# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff01;
enum Sky { clear @0; snow @2; rain @1; hail @3; }
struct Pair { v @0 :UInt16; w @1 :Text; }
struct Day { 
  temperature @0 :Int32; sky @1 :Sky = snow; note @2 :Data; list @3 :List(Pair); wet @4 :UInt8; 
  gone @5 :AnyPointer;
  blob @6 :List(UInt8); u :union { a @7 :UInt8; b @8 :Text; c @12 :Void; } any @9 :Text; 
  union { solo @10 :UInt16; trio @13 :Text; } bits @11 :List(Pair); more @14 :UInt64;
}
const c :UInt32 = 6;
interface Weather {
  forecast @0 (city :Text, days :UInt16, extra :Bool) -> (day :Day);
  move @1 (x :UInt8);
}
interface Base { ping @0 (); }
interface Derived { own @0 () -> stream; }
interface Other @0xe6a0c1b5d2f3ff03 { ping @0 (); }
enum Level { high @0; low @1; }
struct Box(T) { content @0 :T; }
struct Boxes { text @0 :Box(Data); same @1 :Box(Data); level @2 :Level; kind @3 :Sky; }
struct Unions { union { a @0 :UInt8; b @1 :UInt8; c @2 :UInt8; } d @3 :Text; }
struct Joins { union { b @0 :UInt8; c @1 :UInt8; d @2 :Text; } }
