# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff01;
interface Demo {
  tell @0 (text :Text) -> ();
}
