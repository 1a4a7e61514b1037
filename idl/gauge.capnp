# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a18;
# What tests/boot/one_way sends to a server that is labelled above its client: no method has results
# or carries a capability, so messages may go one way.
using C = import "annotations.capnp";
$C.prefix("gauge");

interface Gauge {
  report @0 (number :UInt64, text :Text) -> ();
  # Reading `number`, counted from 1; the text is as long as the number says, see the scenario.

  finish @1 (sent :UInt64) -> ();
  # That was all: how many messages were sent, this one included.
}
