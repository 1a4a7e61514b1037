# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e101;
using C = import "../../../idl/annotations.capnp";
$C.prefix("sky");

struct BlueLight {
  struct Red { level @0 :UInt8; }
}
struct Blue {
  struct LightRed { level @0 :UInt8; }
}
