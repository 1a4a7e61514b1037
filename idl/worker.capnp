# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a17;
# What tests/boot/asynchronous calls: a server whose work stands still until it is told to go on.
using C = import "annotations.capnp";
$C.prefix("worker");

interface Worker {
  note @0 (value :UInt64) -> ();
  # Count it, and add it to the sum; `look` says so.

  twice @1 (value :UInt64) -> (doubled :UInt64);
  # Answer twice the value.

  block @2 () -> ();
  # Answer after the next `open`, asleep until then.

  spend @3 (amount :UInt64) -> ();
  # Work until the next `open`, and then until so much gas of the server's own account is spent.

  open @4 () -> ();
  # Let what waits go on.

  look @5 () -> (notes :UInt64, sum :UInt64, disorder :UInt64, blocked :UInt64, spending :UInt64,
      spent :UInt64);
  # How many notes came, their sum, and how many were not above the one before; how many calls of
  # `block` and `spend` have begun, and how many of `spend` are done.
}
