# SPDX-License-Identifier: MIT
@0xbd20f8715c6e9a43;
# The components of the default system, without a person.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "scheduler",
   pages = 256,
   exports = [(interface = "scheduler.Scheduler", threads = 2)],
   devices = [(cpu = 0)],
   restart = onCrash),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console", threads = 4)],
   devices = [(registers = serial), (line = serial)],
   restart = always),
  (name = "log",
   exports = [(interface = "log.Log")],
   restart = always),
  (name = "clock",
   exports = [(interface = "clock.Clock", threads = 2)],
   devices = [(registers = clock)],
   restart = always),
  (name = "idle",
   imports = [(interface = "console.Console", from = "console")],
   ends = true),
]);
