# SPDX-License-Identifier: MIT
@0xc4f6a1de37b29059;
using C = import "../../../idl/annotations.capnp";

interface Sky {
  feed @0 (bytes :Data) -> stream $C.idempotent;
}
