# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a30;
# What the generator's own tests write and read: one of everything that a schema can say.
#
# A second paragraph, with what could end a comment: */ and what could begin one: /* and ??/.
using C = import "/annotations.capnp";
$C.prefix("shapes");
$note("the file");

annotation note(*) :Text;
# On anything.
annotation weight(struct, field, enumerant, method) :Float64;
annotation marked(field, enumerant, param, group, union) :Void;
annotation corner(struct) :Point;
annotation primes(enum) :List(UInt16);
annotation tint(const) :Color;

enum Color $primes([2, 3, 5]) {
  # What light is like.
  red @0 $weight(0.5);
  # Warm.
  green @1 $marked;
  darkBlue @2;
}

struct Point $corner(x = 7, y = -7) $weight(1.5) $note("a point") {
  # A place.
  x @0 :Int32 $note("a field") $marked;
  # To the right.
  y @1 :Int32 = -1;
}

struct All {
  # One list of each element size and one field of each type.
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

enum Letter { a @0; b @1; c @2; d @3; e @4; f @5; g @6; h @7; }

struct Defaults {
  flag @0 :Bool = true;
  small @1 :Int8 = -128;
  large @2 :UInt64 = 0xffffffffffffffff;
  half @3 :Float32 = -0.5;
  endless @4 :Float64 = inf;
  color @5 :Color = darkBlue;
  text @6 :Text = "caf\xc3\xa9 \"??/\"\n";
  data @7 :Data = 0x"00 ff 22 5c";
  point @8 :Point = (x = 10, y = 20);
  flags @9 :List(Bool) = [true, false, true];
  numbers @10 :List(UInt16) = [1, 65535];
  texts @11 :List(Text) = ["one", "two"];
  points @12 :List(Point) = [(x = 1), (x = 2, y = 3)];
  lists @13 :List(List(UInt8)) = [[1], [2, 3], []];
  any @14 :AnyPointer = .corner1;
  anyList @15 :AnyList = .primes1;
  anyStruct @16 :AnyStruct = .corner1;
}

struct Lists {
  colors @0 :List(Color);
  capabilities @1 :List(Shape);
  anyCapabilities @2 :List(Capability);
  numberLists @3 :List(List(Int32));
  flagLists @4 :List(List(Bool));
  textLists @5 :List(List(Text));
  pointLists @6 :List(List(Point));
  deep @7 :List(List(List(UInt8)));
  anyStruct @8 :AnyStruct;
  anyList @9 :AnyList;
  capability @10 :Capability;
  shape @11 :Shape;
  any @12 :AnyPointer;
}

struct Boxes {
  # Lists of structs of one field: the layout of the reference implementation's TestLists.
  struct OfVoid { f @0 :Void; }
  struct OfBool { f @0 :Bool; }
  struct OfUint8 { f @0 :UInt8; }
  struct OfUint16 { f @0 :UInt16; }
  struct OfUint32 { f @0 :UInt32; }
  struct OfUint64 { f @0 :UInt64; }
  struct OfText { f @0 :Text; }
  nothings @0 :List(OfVoid);
  flags @1 :List(OfBool);
  uInt8s @2 :List(OfUint8);
  uInt16s @3 :List(OfUint16);
  uInt32s @4 :List(OfUint32);
  uInt64s @5 :List(OfUint64);
  texts @6 :List(OfText);
  int32Lists @7 :List(List(Int32));
  textLists @8 :List(List(Text));
  allLists @9 :List(List(All));
}

struct Unions {
  union {
    # The unnamed one.
    none @0 :Void;
    # Nothing.
    number @1 :UInt32 = 5;
    title @2 :Text;
    pair :group $marked {
      # A group in a union.
      left @3 :UInt16;
      right @4 :Text;
      deep :union $note("a union") { one @5 :Bool; two @6 :UInt64; three :group { x @7 :Float32; } }
    }
    points @8 :List(Point);
  }
  named :union { a @9 :Int8; b @10 :Point; c @11 :Data; d @12 :AnyPointer; }
  plain :group { a @13 :Bool = true; b @14 :Color = green; }
}

struct Same {
  # Types called alike at each level.
  struct Inner { struct Inner { enum Inner { a @0; b @1; } inner @0 :Inner; } inner @0 :Inner; }
  inner @0 :Inner;
  innermost @1 :Inner.Inner.Inner;
}

struct Empty {}

struct Box(T) {
  # A generic.
  content @0 :T;
  count @1 :UInt32 = 3;
  struct Lid { under @0 :T; boxes @1 :List(Box(T)); }
  lid @2 :Lid;
  lids @3 :List(Lid);
  kind :union { none @4 :Void; other @5 :T; }
}

struct Map(Key, Value) {
  struct Entry { key @0 :Key; value @1 :Value; }
  entries @0 :List(Entry);
  turned @1 :Map(Value, Key);
  # Finite, since it turns back.
}

struct Tree(T) { value @0 :T; next @1 :Tree(Box(T)); }
# Infinite, and so cut off.

struct Branded {
  text @0 :Box(Text);
  point @1 :Box(Point);
  numbers @2 :Box(List(UInt32));
  boxes @3 :Box(Box(Text));
  map @4 :Map(Text, List(Point));
  lid @5 :Box(Data).Lid;
  unknown @6 :Box;
  half @7 :Map(Text, AnyPointer);
  tree @8 :Tree(Text);
  list @9 :List(Box(Text));
  shape @10 :Box(Shape);
  boxed @11 :Box(Text) = (content = "a default", count = 1);
}

interface Shape $note("an interface") {
  # What the capabilities are.
  draw @0 [T] (what :T, box :Box(Text)) -> (drawn :Map(Text, Point)) $weight(2);
}

interface Store(T) {
  put @0 Box(T) -> Box(Point);
}

const nothing :Void = void;
const yes :Bool = true;
const smallest :Int64 = -9223372036854775808;
const large :UInt64 = 0xfedcba9876543210;
const half :Float64 = 0.5;
const third :Float32 = 0.333333343;
const endless :Float32 = -inf;
const noNumber :Float64 = nan;
const color :Color = darkBlue $tint(green);
# The color.
const greeting :Text = "Guten \"Tag\"?\n";
const bytes :Data = 0x"00 ff 7f";
const corner1 :Point = (x = 3, y = -4);
const primes1 :List(UInt16) = [2, 3, 5, 7];
const flags :List(Bool) = [true, false, true, true];
const points :List(Point) = [(x = 1), (x = 2)];
const lists :List(List(Text)) = [["a", "b"], [], ["c"]];
const boxed :Box(Text) = (content = "in the box", lid = (under = "under it"));
const nested :Defaults = (text = .greeting, point = .corner1);
