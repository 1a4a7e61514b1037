# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f34b01;
# The message that the codec is measured with, in C and in C++.

struct Sample {
  number @0 :UInt32;
  large @1 :UInt64;
  small @2 :Int16;
  flag @3 :Bool;
  ratio @4 :Float64;
  text @5 :Text;
}

struct SampleNewer {
  # What a later version of the schema writes.
  number @0 :UInt32;
  large @1 :UInt64;
  small @2 :Int16;
  flag @3 :Bool;
  ratio @4 :Float64;
  text @5 :Text;
  more @6 :UInt64 = 7;
  also @7 :Text;
}
