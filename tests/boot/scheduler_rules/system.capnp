# SPDX-License-Identifier: MIT
@0xb6d07a51c94e2f18;
# Three components that use all time that they get, under one rule after the other.
using import "/system.capnp".System;

const system :System = (sliceMicroseconds = 100, components = [
  (name = "scheduler",
   pages = 256,
   exports = [(interface = "scheduler.Scheduler", threads = 2)],
   devices = [(cpu = 0)],
   settings = [(key = "administrators", value = "scheduler_rules"),
     (key = "rule", value = "round_robin")]),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "load_0", program = "load"),
  (name = "load_1", program = "load"),
  (name = "load_2", program = "load"),
  (name = "scheduler_rules",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "scheduler.Scheduler", from = "scheduler", pages = 1024)],
   ends = true),
]);
