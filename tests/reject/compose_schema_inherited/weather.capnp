# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff50;
interface Weather {
  forecast @0 (city :Text, days :DAYS) -> (celsius :Int32);
}
interface Sea extends(Weather) {
  tide @0 (hour :HOURS) -> (metres :Float32);
}
interface Coast extends(BASES) {
  wind @0 () -> (knots :UInt32);
}
