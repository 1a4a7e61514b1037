# Types for wrong JSON: a field of each kind that is parsed in a way of its own.
@0xd9a8f3dd9f0a31f4;

using Json = import "/capnp/compat/json.capnp";

enum Color { red @0; green @1; blue @2; }

interface Door {}

struct Deep { deep @0 :Deep; }

struct Tagged $Json.discriminator(name = "tag") {
  union {
    one @0 :Int8;
    two @1 :Int8;
  }
}

struct All {
  int @0 :Int32;
  double @1 :Float64;
  flag @2 :Bool;
  text @3 :Text;
  color @4 :Color;
  list @5 :List(Int32);
  data @6 :Data;
  hex @7 :Data $Json.hex;
  base @8 :Data $Json.base64;
  cap @9 :Door;
  any @10 :AnyPointer;
  deep @11 :Deep;
  value @12 :Json.Value;
}
