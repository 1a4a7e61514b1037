# SPDX-License-Identifier: MIT
@0x9f3c61b80d57e2a4;
# A domain with a scheduler of its own, beside another one that uses all time that it gets.
using import "/system.capnp".System;

const system :System = (sliceMicroseconds = 100, components = [
  (name = "scheduler",
   pages = 256,
   exports = [(interface = "scheduler.Scheduler", threads = 2)],
   devices = [(cpu = 0, shared = true)]),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "beside", program = "load"),
  (name = "subdivided",
   pages = 1024,
   slots = 200,
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "supervisor.Supervisor", from = "init")],
   devices = [(cpu = 0, shared = true)],
   ends = true),
]);
