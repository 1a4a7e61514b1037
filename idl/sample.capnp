# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a20;
# What the tests of the generator, the codec and the channel speak: one of everything.
using C = import "annotations.capnp";
using Status = import "status.capnp".Status;
$C.prefix("sample");


const answer :Int32 = -42;
const large :UInt64 = 0xfedcba9876543210;
const half :Float64 = 0.5;
const greeting :Text = "Guten \"Tag\"?\n";
const bytes :Data = 0x"00 ff 7f";
const corner :Point = (x = 3, y = -4);
const primes :List(UInt16) = [2, 3, 5, 7];

enum Color { red @0; green @1; darkBlue @2; }

struct Point {
  x @0 :Int32;
  y @1 :Int32 = -1;
}

struct Everything {
  nothing @0 :Void;
  flag @1 :Bool;
  set @2 :Bool = true;
  int8 @3 :Int8;
  int16 @4 :Int16 = -7;
  int32 @5 :Int32;
  int64 @6 :Int64;
  uint8 @7 :UInt8;
  uint16 @8 :UInt16;
  uint32 @9 :UInt32 = 0xdeadbeef;
  uint64 @10 :UInt64;
  float32 @11 :Float32;
  float64 @12 :Float64 = 1.5;
  color @13 :Color = green;
  status @14 :Status;
  text @15 :Text;
  name @16 :Text = "nobody";
  data @17 :Data;
  point @18 :Point;
  place @19 :Point = (x = 10, y = 20);
  any @20 :AnyPointer;
  voids @21 :List(Void);
  bools @22 :List(Bool);
  bytes @23 :List(UInt8);
  shorts @24 :List(Int16);
  words @25 :List(UInt32) = [1, 2];
  longs @26 :List(Int64);
  floats @27 :List(Float32);
  colors @28 :List(Color);
  texts @29 :List(Text);
  blobs @30 :List(Data);
  points @31 :List(Point);
  lists @32 :List(List(UInt8));
  capability @33 :Sample;
  class @34 :UInt32;
  # A word of C++.
  union {
    empty @35 :Void;
    number @36 :UInt32;
    title @37 :Text;
    pair :group {
      left @38 :UInt16;
      right @39 :Text;
      deep :union { one @40 :Bool; two @41 :UInt64; }
    }
  }
  struct Inner { value @0 :UInt64; next @1 :Inner; }
  inner @42 :Inner;
}

struct Choice {
  union { number @0 :Int32; text @1 :Text; }
  more :group { flag @2 :Bool; }
}

struct Letter {
  number @0 :UInt32;
  large @1 :UInt64 = 3;
  small @2 :Int16 = -7;
  flag @3 :Bool = true;
  ratio @4 :Float64 = 1.5;
  text @5 :Text;
  blob @6 :Data;
  name @7 :Text = "nobody";
  guest @8 :Sample;
  nothing @9 :Void;
  color @10 :Color = green;
}

interface Sample {
  add @0 (first :UInt64, second :UInt32 = 5, text :Text) -> (sum :UInt64, text :Text);
  notify @1 (value :UInt64, text :Text) -> ();
  pass @2 (callback :Sample, other :Sample, blob :Data) -> (callback :Sample, blob :Data,
      other :Sample);
  echo @3 (everything :Everything) -> (everything :Everything);
  list @4 (count :UInt32) -> (points :List(Point));
  choose @5 Choice -> Choice;
  wait @6 () -> ();
  missing @7 () -> ();
  mixed @8 (flag :Bool, half :Float32, color :Color, small :Int8, text :Text, data :Data, more :Text)
      -> (flag :Bool, half :Float32, color :Color, small :Int8, text :Text, data :Data, more :Text);
}

interface Base {
  # What others inherit, by two ways.
  who @0 () -> (name :Text);
  twice @1 (value :UInt32) -> (value :UInt32);
}

interface Left extends(Base) {
  left @0 (text :Text) -> (length :UInt32);
}

interface Right extends(Base) {
  right @0 (listener :Right) -> ();
  who @1 () -> ();
}

interface Both extends(Left, Right) {
  both @0 (value :UInt32) -> (sum :UInt32);
  fail @1 (type :UInt16, reason :Text) -> (nothing :UInt32);
}

interface Patient {
  # Calls that a client makes again, and calls with a deadline.
  find @0 (key :Text) -> (value :UInt64) $C.idempotent $C.deadline(50);
  put @1 (key :Text, value :UInt64) -> () $C.deadline(20);
  look @2 () -> () $C.idempotent;
  once @3 () -> ();
}

interface Book extends(Base) {
  page @0 (number :UInt32) -> (text :Text);
  slow @1 () -> () $C.deadline(20);
}

interface Shelf {
  # Objects, and what has objects in it.
  struct Place { nothing @0 :UInt64; inner @1 :Inner; }
  struct Inner { text @0 :Text; book @1 :Book; }
  book @0 (number :UInt32) -> (name :Text, book :Book);
  place @1 (number :UInt32) -> (place :Place);
  shelf @2 (number :UInt32) -> (shelf :Shelf);
  write @3 (bytes :Data) -> stream;
  done @4 () -> (bytes :UInt64);
  same @5 (book :Book) -> (number :UInt32);
  lend @6 (book :Book, bytes :Data) -> stream;
}
