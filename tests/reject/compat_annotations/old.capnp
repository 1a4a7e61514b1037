# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3fe91;
# Annotations are said, and a list may become one of structs that begin with a group.
using A = import "/annotations.capnp";

annotation note (*) :Text;

struct Uses $note("same") {
  number @0 :Int32 $note("one");
  other @1 :Int8;
  list @2 :List(Int32);
  wrong @3 :List(Int8);
}
interface Weather @0xe6a0c1b5d2f3fe92 {
  forecast @0 () $A.idempotent;
  reset @1 () $A.deadline(3);
  stop @2 ();
}
