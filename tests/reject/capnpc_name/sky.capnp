# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e110;
using C = import "../../../idl/annotations.capnp";

struct Blue $C.name("Blau") { level @0 :UInt8; }
