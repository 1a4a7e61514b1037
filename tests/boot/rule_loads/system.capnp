# SPDX-License-Identifier: MIT
@0xc18e5f2d90a7b346;
# Two of the loads that rules of scheduling are compared by, acted out under two rules.
using import "/system.capnp".System;

const system :System = (sliceMicroseconds = 50, components = [
  (name = "scheduler",
   pages = 512,
   exports = [(interface = "scheduler.Scheduler", threads = 3)],
   devices = [(cpu = 0, shared = true)],
   settings = [(key = "administrators", value = "rule_loads"), (key = "threads", value = "384"),
     (key = "tasks", value = "300"), (key = "edges", value = "600")]),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "rule_loads",
   pages = 2048,
   slots = 400,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "scheduler.Scheduler", from = "scheduler", pages = 32)],
   devices = [(cpu = 0, shared = true)],
   settings = [(key = "loads", value = "cpu,periodic"),
     (key = "rules", value = "beatty,edf"), (key = "slots", value = "2000")],
   ends = true),
]);
