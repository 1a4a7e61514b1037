# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a36;
# Imports the file that imports this one.
using Other = import "cycle_one.capnp";

struct Two {
  other @0 :Other.One;
  list @1 :List(Other.One);
  box @2 :Box(Other.One);
  far @3 :Other.Box(Text);
}
struct Box(T) { content @0 :T; }
interface Lower {
  lower @0 (two :Two) -> (upper :Other.Upper);
}
