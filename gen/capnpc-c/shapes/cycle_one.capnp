# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a35;
# Imports the file that imports this one.
using Other = import "cycle_two.capnp";

struct One {
  other @0 :Other.Two;
  list @1 :List(Other.Two);
  box @2 :Box(Other.Two);
  far @3 :Other.Box(Text);
}
struct Box(T) { content @0 :T; }
interface Upper extends(Other.Lower) {
  upper @0 (one :One) -> (lower :Other.Lower, upper :Upper);
}
