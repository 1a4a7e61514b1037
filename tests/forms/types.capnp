# SPDX-License-Identifier: MIT
@0xd3a5b1c0f2e47a91;
struct All {
  void @0 :Void;
  bool @1 :Bool;
  int8 @2 :Int8;
  int64 @3 :Int64;
  uint8 @4 :UInt8;
  uint64 @5 :UInt64;
  f32 @6 :Float32;
  f64 @7 :Float64;
  text @8 :Text;
  data @9 :Data;
  color @10 :Color;
  inner @11 :All;
  ints @12 :List(Int32);
  texts @13 :List(Text);
  structs @14 :List(All);
  nested @15 :List(List(UInt8));
  voids @16 :List(Void);
  colors @17 :List(Color);
  group :group { a @18 :UInt8; b @19 :Text; }
  union { first @20 :UInt8; second @21 :Text; third @22 :Void; fourth :group { x @23 :UInt8; y @24 :Void; } }
  choice :union { one @25 :Void; two @26 :UInt8; three @27 :Text; }
  any @28 :AnyPointer;
  bools @29 :List(Bool);
  floats @30 :List(Float64);
  datas @31 :List(Data);
  int16 @32 :Int16;
}
enum Color { red @0; green @1; inf @2; void @3; }

# Of messages: each field is attacked with each pointer.
struct Small { text @0 :Text; small @1 :Small; voids @2 :List(Void); smalls @3 :List(Small); data @4 :Data; }
