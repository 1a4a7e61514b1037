# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff52;
interface Plain {
  tell @0 (text :Text) -> ();
}
interface Demo extends(Plain) {
  ask @0 () -> (answer :UInt8);
}
interface Heir extends(Demo) {
  show @0 (text :Text) -> ();
}
