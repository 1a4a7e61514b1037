# SPDX-License-Identifier: MIT
@0xb7e1f3924c06d85a;
# The graphs of the scenario `graph` on one core, where they take all their work, one task after the other.
using import "/system.capnp".System;

const system :System = (sliceMicroseconds = 200, components = [
  (name = "scheduler",
   pages = 256,
   exports = [(interface = "scheduler.Scheduler", threads = 3)],
   devices = [(cpu = 0, shared = true)],
   settings = [(key = "rule", value = "dag"), (key = "administrators", value = "one_core")]),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "one_core", program = "graph",
   pages = 256,
   exports = [(interface = "worker.Worker", threads = 2)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "scheduler.Scheduler", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_0", from = "scheduler")],
   devices = [(cpu = 0, shared = true)],
   ends = true),
]);
