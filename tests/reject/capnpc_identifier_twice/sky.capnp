# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e112;

struct Blue {
  which @0 :UInt8;
}
struct BlueGet {
  union { light @0 :UInt8; dark @1 :UInt8; }
}
