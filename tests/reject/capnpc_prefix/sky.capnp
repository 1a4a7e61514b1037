# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e102;
using C = import "../../../idl/annotations.capnp";
$C.prefix("9 x");

struct BlueLight { level @0 :UInt8; }
