# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e115;

struct Blue { level @0 :UInt8; }
