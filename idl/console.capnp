# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a10;
# A terminal: bytes out, bytes in.
using C = import "annotations.capnp";
$C.prefix("console");

interface Console {
  write @0 (text :Data) -> (written :UInt32);
  # Write bytes to the terminal. A line feed is sent as carriage return and line feed. One call's
  # bytes are never mixed with another's. At most 2,048 bytes are taken; `written` says how many were.

  read @1 (room :UInt32, deadline :UInt64) -> (text :Data);
  # Take at most `room` bytes that were typed; wait until there is one or `deadline` passes (absolute
  # ticks; 0 only looks; all ones: for ever). Empty when the deadline passed. Bytes are not echoed.
}
