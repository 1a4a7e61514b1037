# SPDX-License-Identifier: MIT
@0xa49c17d2e83b5f06;
# Four cores, of which three have a bad scheduler.
using import "/system.capnp".System;

const system :System = (cores = 4, components = [
  (name = "scheduler",
   pages = 256,
   exports = [(interface = "scheduler.Scheduler", threads = 2)],
   core = 2,
   devices = [(cpu = 2)],
   restart = onCrash),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "crashes",
   program = "bad",
   core = 1,
   devices = [(cpu = 1)],
   gas = (credit = 200000000),
   restart = onCrash),
  (name = "stalls",
   program = "bad",
   devices = [(cpu = 0)],
   restart = onCrash),
  (name = "rewrites",
   program = "bad",
   core = 3,
   devices = [(cpu = 3)],
   restart = onCrash),
  (name = "beside_good", program = "load", core = 2),
  (name = "beside_crash", program = "load", core = 1),
  (name = "beside_stall", program = "load"),
  (name = "beside_rewrite", program = "load", core = 3),
  (name = "beside_rewrite_2", program = "load", core = 3),
  (name = "scheduler_fails",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "scheduler.Scheduler", from = "scheduler"),
     (interface = "supervisor.Supervisor", from = "init"),
   ],
   ends = true),
]);
