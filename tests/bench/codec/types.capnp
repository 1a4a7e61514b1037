# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a41;
# A field of each type and a list of each element, for the size of programs that use them all.

enum Letter { a @0; b @1; c @2; d @3; e @4; f @5; g @6; h @7; }

struct All {
  nothing @0 :Void;
  flag @1 :Bool;
  int8 @2 :Int8;
  int16 @3 :Int16;
  int32 @4 :Int32;
  int64 @5 :Int64;
  uInt8 @6 :UInt8;
  uInt16 @7 :UInt16;
  uInt32 @8 :UInt32;
  uInt64 @9 :UInt64;
  float32 @10 :Float32;
  float64 @11 :Float64;
  text @12 :Text;
  data @13 :Data;
  inner @14 :All;
  which @15 :Letter;
  nothing2 @16 :Void;
  nothings @17 :List(Void);
  flags @18 :List(Bool);
  int8s @19 :List(Int8);
  int16s @20 :List(Int16);
  int32s @21 :List(Int32);
  int64s @22 :List(Int64);
  uInt8s @23 :List(UInt8);
  uInt16s @24 :List(UInt16);
  uInt32s @25 :List(UInt32);
  uInt64s @26 :List(UInt64);
  float32s @27 :List(Float32);
  float64s @28 :List(Float64);
  texts @29 :List(Text);
  datas @30 :List(Data);
  inners @31 :List(All);
  letters @32 :List(Letter);
  nothings2 @33 :List(Void);
}
