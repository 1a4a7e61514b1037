# SPDX-License-Identifier: MIT
@0xc2f17a0e5b9d3d61;
# As many cores as there may be, with somebody on some of them.
using import "/system.capnp".System;

const system :System = (cores = 64, components = [
  (name = "console",
   core = 1,
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "hand_3", program = "hand", core = 3, pages = 40),
  (name = "hand_7", program = "hand", core = 7, pages = 40),
  (name = "hand_11", program = "hand", core = 11, pages = 40),
  (name = "hand_15", program = "hand", core = 15, pages = 40),
  (name = "hand_19", program = "hand", core = 19, pages = 40),
  (name = "hand_23", program = "hand", core = 23, pages = 40),
  (name = "hand_27", program = "hand", core = 27, pages = 40),
  (name = "hand_31", program = "hand", core = 31, pages = 40),
  (name = "hand_35", program = "hand", core = 35, pages = 40),
  (name = "hand_39", program = "hand", core = 39, pages = 40),
  (name = "hand_43", program = "hand", core = 43, pages = 40),
  (name = "hand_47", program = "hand", core = 47, pages = 40),
  (name = "hand_51", program = "hand", core = 51, pages = 40),
  (name = "hand_55", program = "hand", core = 55, pages = 40),
  (name = "hand_59", program = "hand", core = 59, pages = 40),
  (name = "hand_63", program = "hand", core = 63, pages = 40),
  (name = "cores_64",
   imports = [
     (interface = "console.Console", from = "console", asynchronous = true),
     (interface = "supervisor.Supervisor", from = "init")],
   ends = true),
]);
