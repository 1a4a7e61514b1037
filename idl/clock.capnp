# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a12;
# Time of day, and waiting for it.
using C = import "annotations.capnp";
$C.prefix("clock");

interface Clock {
  now @0 () -> (seconds :UInt64, microseconds :UInt32, ticks :UInt64)
      $C.idempotent $C.deadline(1000);
  # Seconds since 1970-01-01 00:00:00 UTC as the machine's clock said at the start and the ticks
  # count since; `ticks` is the moment that this is true for.

  sleep @1 (microseconds :UInt64) -> (ticks :UInt64);
  # Answer when so much time has passed; `ticks` is the moment of the answer.
}
