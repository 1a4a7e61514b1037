# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34a03;
using C = import "../../../idl/annotations.capnp";
$C.prefix("exo");

enum ObjectKind { empty @0; memory @1; }
const rightRead :UInt16 = 1;
const rightWrite :UInt16 = 2;

interface Kernel {
  memoryMap @0 () -> () $C.object("memory") $C.gas(1) $C.idempotent;
}
