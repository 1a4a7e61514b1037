# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e01f;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "Demo0"),
  (name = "Demo1"),
  (name = "Demo2"),
  (name = "Demo3"),
  (name = "Demo4"),
  (name = "Demo5"),
  (name = "Demo6"),
  (name = "Demo7"),
  (name = "Demo8"),
  (name = "Demo9"),
  (name = "Demo10"),
  (name = "Demo11"),
  (name = "Demo12"),
  (name = "Demo13"),
  (name = "Demo14"),
  (name = "Demo15"),
  (name = "Demo16"),
  (name = "Demo17"),
  (name = "Demo18"),
  (name = "Demo19"),
  (name = "Demo20"),
  (name = "Demo21"),
]);
