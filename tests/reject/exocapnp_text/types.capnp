# Types for the wrong inputs of exocapnp: a field of each kind.
@0xd9a8f3dd9f0a31f0;

enum Color { red @0; green @1; blue @2; }

interface Door {}

struct None {}

struct Texts { text @0 :Text; }

struct Voids { list @0 :List(Void); }

struct Deep { deep @0 :Deep; }

struct Any { text @0 :Text; }

struct AnyPointers { any @0 :AnyPointer; }

struct All {
  void @0 :Void;
  bool @1 :Bool;
  small @2 :Int8;
  short @3 :Int16;
  int @4 :Int32;
  wide @5 :Int64;
  uSmall @6 :UInt8;
  uShort @7 :UInt16;
  uInt @8 :UInt32;
  uWide @9 :UInt64;
  single @10 :Float32;
  double @11 :Float64;
  text @12 :Text;
  data @13 :Data;
  color @14 :Color;
  list @15 :List(Int32);
  inner @16 :None;
  union {
    one @17 :Int8;
    two @18 :Int8;
  }
  cap @19 :Door;
  any @20 :AnyPointer;
  deep @21 :Deep;
}
