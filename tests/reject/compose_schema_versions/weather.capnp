# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff20;
interface Weather {
  forecast @0 (city :Text, days :DAYS) -> (day :Day);
}
struct Day { celsius @0 :Int32; }
