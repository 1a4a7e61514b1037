# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a51;
# Disks: blocks that are read into memory of the caller's and written out of it.
#
# A caller pins a Memory once, and names ranges of it in each request afterwards. What it holds of a
# disk is an extent: blocks that are numbered from 0, and no way to any others.
using C = import "annotations.capnp";
$C.prefix("block");

interface Memory {
  # Stands for a Memory capability in a message.
}

interface Pin {
  # A Memory that the disk may read and write until this is released.
  size @0 () -> (bytes :UInt64, writable :Bool);
  # How large it is, and whether blocks can be read into it.
}

struct Range {
  # Bytes of a pinned Memory; both are multiples of the disk's block size.
  offset @0 :UInt64;    # of the first byte, from the start of the Memory
  length @1 :UInt64;    # in bytes; not 0
}

enum Failure {
  none @0;
  outOfRange @1;        # a block that the extent does not have
  badRange @2;          # a range that the Memory does not have, that is empty or no whole blocks
  tooLarge @3;          # more ranges or bytes than the geometry says
  badPin @4;            # no Memory that this disk has pinned, not to be written, or taken back
  readOnly @5;          # the extent is not to be written
  unsupported @6;       # the disk cannot discard
  device @7;            # the device says that it failed
}

interface Block {
  geometry @0 () -> (blockBytes :UInt32, blocks :UInt64, writable :Bool, discards :Bool,
      rangesMax :UInt32, bytesMax :UInt64) $C.idempotent;
  # A block's size, a power of two and at least 512; how many blocks the extent has; whether they can
  # be written, and discarded; how many ranges, and bytes in all of them, a request may have.

  pin @1 (memory :Memory) -> (failure :Failure, pin :Pin);
  # Let the disk use a whole Memory. One that cannot be written is only for `write`.

  read @2 (pin :Pin, first :UInt64, ranges :List(Range)) -> (failure :Failure, block :UInt64);
  # Read blocks from `first` on into the ranges, one after the other. `block` is the one that failed;
  # what was read before it is there.

  write @3 (pin :Pin, first :UInt64, ranges :List(Range)) -> (failure :Failure, block :UInt64);
  # Write the ranges to the blocks from `first` on. After a failure each block of the request has its
  # old content or its new one.

  flush @4 () -> (failure :Failure);
  # Make durable all writes that were answered before.

  discard @5 (first :UInt64, count :UInt64) -> (failure :Failure, block :UInt64);
  # Say that nobody needs the content of these blocks any more.

  extent @6 (first :UInt64, count :UInt64, readOnly :Bool) -> (failure :Failure, block :Block);
  # These blocks and nothing else, numbered from 0.
}
