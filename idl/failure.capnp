# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a31;
# Why a call failed, in more than a status. The struct is laid out as `Exception` of Cap'n Proto's
# rpc.capnp, so that it can go over the network as it is.
using C = import "annotations.capnp";
$C.prefix("failure");

struct Exception {
  # The message of the reply to a call that failed. A failure without one says its status only.
  reason @0 :Text;                   # for people
  obsoleteIsCallersFault @1 :Bool;
  obsoleteDurability @2 :UInt16;
  type @3 :Type;
  trace @4 :Text;

  enum Type {
    failed @0;         # a general problem: trying again will not help
    overloaded @1;     # something is lacking that may be there later
    disconnected @2;   # the other side, or somebody behind it, is gone
    unimplemented @3;  # the other side does not know the method
  }
}
