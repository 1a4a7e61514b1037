# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3fe71;
# Declarations that keep their ids under other names, and methods that become streams or no longer.

struct Old @0xe6a0c1b5d2f3fe72 { v @0 :Int8; }
struct Moved @0xe6a0c1b5d2f3fe73 { v @0 :Int8; }
struct Uses { old @0 :Old; moved @1 :Moved; }
struct Kind {}
interface Weather @0xe6a0c1b5d2f3fe74 {
  flows @0 (v :Text) -> stream;
  stops @1 (v :Text) -> ();
}
