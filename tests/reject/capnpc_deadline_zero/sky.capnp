# SPDX-License-Identifier: MIT
@0xc4f6a1de37b29058;
using C = import "../../../idl/annotations.capnp";

interface Sky {
  ask @0 () -> () $C.deadline(0);
}
