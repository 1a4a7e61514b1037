# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e111;
using C = import "../../../idl/annotations.capnp";
$C.folder("../sky");

struct Blue { level @0 :UInt8; }
