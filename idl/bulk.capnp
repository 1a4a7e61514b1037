# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a21;
# Data that is too large for a channel's arena: it stays where it is, and a message says where.
using C = import "annotations.capnp";
$C.prefix("bulk");

struct Memory {
  # A run of bytes in a Memory whose capability comes with the message.
  capability @0 :Capability;
  offset @1 :UInt64;    # of the first byte, from the start of the Memory
  length @2 :UInt64;    # in bytes
  frozen @3 :Bool;      # nobody writes it while the capability lives; the kernel says whether it is so
}

struct Buffer {
  # A run of bytes in a pool that both sides have mapped since they were joined.
  offset @0 :UInt64;    # of the first byte, from the start of the pool
  length @1 :UInt64;    # in bytes
}
