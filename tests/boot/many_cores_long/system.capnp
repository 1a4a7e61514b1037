# SPDX-License-Identifier: MIT
@0xc2f17a0e5b9d3d63;
# The runs of many_cores with two thousand seeds.
using import "/system.capnp".System;
using Parts = import "../many_cores/system.capnp";

const system :System = (cores = 8, components = [
  Parts.console, Parts.relay, Parts.nursery0, Parts.nursery1, Parts.nursery2,
  Parts.nursery3, Parts.nursery4, Parts.nursery5, Parts.nursery6, Parts.nursery7,
  Parts.counter0, Parts.counter1, Parts.counter2, Parts.counter3, Parts.counter4,
  Parts.counter5, Parts.counter6, Parts.counter7,
  (name = "many_cores",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
     (interface = "supervisor.Supervisor", from = "init")],
   settings = [(key = "seeds", value = "2000")],
   ends = true),
]);
