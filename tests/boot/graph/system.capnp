# SPDX-License-Identifier: MIT
@0xa5d2c8e04b713f96;
# One scheduler for four cores, and a program that runs graphs of tasks with a thread on each of them.
using import "/system.capnp".System;

const system :System = (cores = 4, sliceMicroseconds = 200, components = [
  (name = "scheduler",
   pages = 512,
   slots = 160,
   exports = [(interface = "scheduler.Scheduler", threads = 4)],
   devices = [
     (cpu = 0, shared = true),
     (name = "cpu_1", cpu = 1, shared = true),
     (name = "cpu_2", cpu = 2, shared = true),
     (name = "cpu_3", cpu = 3, shared = true)],
   settings = [(key = "rule", value = "dag"), (key = "administrators", value = "graph")]),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  # The export has no client: it is there for its threads, two on each core whose Cpu this has.
  (name = "graph",
   pages = 256,
   slots = 160,
   exports = [(interface = "worker.Worker", threads = 2)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "scheduler.Scheduler", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_0", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_1", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_2", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_3", from = "scheduler")],
   devices = [
     (cpu = 0, shared = true),
     (name = "cpu_1", cpu = 1, shared = true),
     (name = "cpu_2", cpu = 2, shared = true),
     (name = "cpu_3", cpu = 3, shared = true)],
   ends = true),
  (name = "thief",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "scheduler.Scheduler", from = "scheduler")],
   ends = true),
]);
