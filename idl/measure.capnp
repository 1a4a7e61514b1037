# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a15;
# What tests/bench/messages sends: messages of the size that the figures are stated for.
using C = import "annotations.capnp";
$C.prefix("measure");

interface Measure {
  typed @0 (first :UInt64, second :UInt32, text :Text) -> (sum :UInt64, text :Text);
  # Answer the sum and the text.

  notify @1 (value :UInt64) -> ();
  # Add to a sum.
}
