# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a31;
# Names that clash, are words of C or C++, are reserved, or are very long.
using C = import "/annotations.capnp";

struct Words {
  alignas @0 :Int32; and @1 :Int32; asm @2 :Int32; auto @3 :Int32; bool @4 :Int32; break @5 :Int32;
  case @6 :Text; catch @7 :Text; char @8 :Text; class @9 :Text; const @10 :Text; continue @11 :Data;
  default @12 :List(Int8); delete @13 :Words; do @14 :AnyPointer; double @15 :Float64; else @16 :Bool;
  enum @17 :Enum; extern @18 :Int32; false @19 :Int32; float @20 :Float32; for @21 :Int32;
  friend @22 :Int32; goto @23 :Int32; if @24 :Int32; inline @25 :Int32; int @26 :Int32;
  long @27 :Int32; namespace @28 :Int32; new @29 :Int32; noexcept @30 :Int32; not @31 :Int32;
  nullptr @32 :Int32; operator @33 :Int32; or @34 :Int32; private @35 :Int32; register @36 :Int32;
  restrict @37 :Int32; return @38 :Int32; short @39 :Int32; signed @40 :Int32; sizeof @41 :Int32;
  static @42 :Int32; struct @43 :Int32; switch @44 :Int32; template @45 :Int32; this @46 :Int32;
  throw @47 :Int32; true @48 :Int32; try @49 :Int32; typedef @50 :Int32; typeid @51 :Int32;
  typename @52 :Int32; union @53 :Int32; unsigned @54 :Int32; using @55 :Int32; virtual @56 :Int32;
  void @57 :Int32; volatile @58 :Int32; while @59 :Int32; xor @60 :Int32; errno @61 :Int32;
  null @62 :Int32; main @63 :Int32; linux @64 :Int32; unix @65 :Int32; stdin @66 :Int32;
  enum Enum { int @0; class @1; count @2; none @3; eof @4; }
}

interface Methods {
  # Words as methods and their parameters.
  delete @0 (class :Text, this :Int32, new :Float32) -> (return :Bool, case :Data, int :List(Int8));
  int @1 (int :Methods) -> (void :Methods);
  register @2 () -> ();
  client @3 (client :Int32, params :Text, results :Text, rpc :Int32, status :Int32, transfer :Int32);
  serve @5 ();
  intSend @6 (int :Int32);
  question @4 (question :UInt32, words :UInt32, next :UInt32, length :UInt32, word :Data, to :Text,
      from :Text, need :UInt32, builder :Text, received :Methods, message :Text, reader :Text);
}

struct Clashes {
  # Each of these would be called like another one, or like something that Clashes has itself.
  skyBlue @0 :Int8;
  skyBLUE @1 :Int8;
  sky :group { a @2 :Int8; }
  root @3 :Clashes;
  weight @4 :Float32;
  weightBits @5 :UInt32;
  which @6 :Int8;
  reader @7 :Clashes;
  builder @8 :Text;
  raw @9 :Text;
  list @10 :Text;
  union { sun @11 :Void; moon :group { a @12 :Int8; } stars :union { a @13 :Int8; b @14 :Int8; } }
  struct Sky { a @0 :Int8; }
  struct SKY { a @0 :Int8; }
  struct Reader { a @0 :Int8; }
  struct Builder { a @0 :Int8; union { b @1 :Int8; c @2 :Int8; } }
  struct List { a @0 :Int8; }
  struct BuilderList { a @0 :Int8; }
  struct Which { union { a @0 :Int8; b @1 :Int8; } }
  struct Moon { a @0 :Int8; }
  enum Reader2 { a @0; }
  struct Inner {
    enum Reader { a @0; }
    enum Builder { a @0; }
    enum List { a @0; }
    enum BuilderList { a @0; }
    enum Which { a @0; }
    union { b @0 :Int8; c @1 :Int8; }
    reader @2 :Reader; builder @3 :Builder; list @4 :List; builderList @5 :BuilderList; which @6 :Which;
  }
  const dataWords :UInt32 = 1;
  const pointers :UInt32 = 2;
  const typeId :Text = "3";
}

struct Blue { struct Light { a @0 :Int8; } struct Deep { struct Light { a @0 :Int8; } } }
struct BlueLight { a @0 :Int8; }
struct BlueDeepLight { a @0 :Int8; light @1 :Blue.Deep.Light; }
struct BlueDeep { a @0 :Int8; }

struct Names $C.name("renamed") { a @0 :Int8; struct Text { a @0 :Int8; } text @1 :Text; }

struct Pair(A, B) { a @0 :A; b @1 :B; }
struct Pairs { own @0 :Pair(Names.Text, Text); deep @1 :Pair(Long, Pair(Long, Pair(Long, Text))); }

struct Long {
  thisIsTheNameOfAFieldThatIsLongerThanTheSixtyThreeCharactersThatCPromisesToTellApartOne @0 :Int8;
  thisIsTheNameOfAFieldThatIsLongerThanTheSixtyThreeCharactersThatCPromisesToTellApartTwo @1 :Text;
  struct ThisIsTheNameOfAStructThatIsLongerThanTheSixtyThreeCharactersThatCPromisesToTellApart {
    struct ThisIsTheNameOfAStructThatIsLongerThanTheSixtyThreeCharactersThatCPromisesToTellApart {
      a @0 :Pair(ThisIsTheNameOfAStructThatIsLongerThanTheSixtyThreeCharactersThatCPromisesToTellApart,
          ThisIsTheNameOfAStructThatIsLongerThanTheSixtyThreeCharactersThatCPromisesToTellApart);
    }
  }
}

enum Count { count @0; countOf @1; countOF @2; }
