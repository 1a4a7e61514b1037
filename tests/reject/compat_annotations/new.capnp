# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3fe91;
# Annotations are said, and a list may become one of structs that begin with a group.
using A = import "/annotations.capnp";

annotation note (*) :Text;

struct Uses $note("same") {
  number @0 :Int32 $note("two");
  other @1 :Int8 $note("new");
  list @2 :List(Grouped);
  wrong @3 :List(Wider);
}
struct Grouped { group :group { number @0 :Int32; text @1 :Text; } }
struct Wider { group :group { inner :group { number @0 :Int16; text @1 :Text; } } }
interface Weather @0xe6a0c1b5d2f3fe92 {
  forecast @0 ();
  reset @1 () $A.deadline(5);
  stop @2 () $A.idempotent;
}
