# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e113;

struct Pair(A, B) { a @0 :A; b @1 :B; }
struct Blue {}
struct BlueAndBlue {}
struct Sky {
  one @0 :Pair(Blue, BlueAndBlue);
  two @1 :Pair(BlueAndBlue, Blue);
}
