# SPDX-License-Identifier: MIT
@0xc3d9075e1fa862b4;
# One scheduler for four cores, and a program with two families of tasks, each with a thread on each core.
using import "/system.capnp".System;

const system :System = (cores = 4, sliceMicroseconds = 100, components = [
  (name = "scheduler",
   pages = 512,
   slots = 160,
   exports = [(interface = "scheduler.Scheduler", threads = 4)],
   devices = [
     (cpu = 0, shared = true),
     (name = "cpu_1", cpu = 1, shared = true),
     (name = "cpu_2", cpu = 2, shared = true),
     (name = "cpu_3", cpu = 3, shared = true)],
   settings = [(key = "rule", value = "beatty_dag")]),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  # The export has no client: it is there for its threads, three on each core whose Cpu this has.
  (name = "graph_families",
   pages = 256,
   slots = 160,
   exports = [(interface = "worker.Worker", threads = 3)],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "scheduler.Scheduler", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_0", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_1", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_2", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_3", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_4", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_5", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_6", from = "scheduler"),
     (interface = "scheduler.Scheduler", name = "scheduler_7", from = "scheduler")],
   devices = [
     (cpu = 0, shared = true),
     (name = "cpu_1", cpu = 1, shared = true),
     (name = "cpu_2", cpu = 2, shared = true),
     (name = "cpu_3", cpu = 3, shared = true)],
   ends = true),
]);
