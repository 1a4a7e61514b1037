# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3fe71;
# Declarations that keep their ids under other names, and methods that become streams or no longer.

struct New @0xe6a0c1b5d2f3fe72 { v @0 :Int8; }
struct Uses {
  old @0 :New;
  moved @1 :Moved;
  struct Moved @0xe6a0c1b5d2f3fe73 { v @0 :Int16; }
}
enum Kind { a @0; }
interface Weather @0xe6a0c1b5d2f3fe74 {
  flows @0 (v :Text) -> ();
  stops @1 (v :Text) -> stream;
}
