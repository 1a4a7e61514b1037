# SPDX-License-Identifier: MIT
@0xc2f17a0e5b9d3d5b;
# A domain that runs on two cores.
using import "/system.capnp".System;

const system :System = (cores = 2, components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "lender_of_time",
   core = 1,
   imports = [
     (interface = "relay.Listener", name = "listener", from = "shootdown"),
     (interface = "console.Console", from = "console")]),
  (name = "shootdown",
   exports = [(interface = "relay.Listener", name = "listener")],
   imports = [(interface = "console.Console", from = "console")],
   ends = true),
]);
