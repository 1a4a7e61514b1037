# SPDX-License-Identifier: MIT
@0xb41c9d07e3f25a86;
# Two nodes with a core each (the file qemu): what is said of a component's node, or of its core.
# Of the crowd there is room for two beside the first core; the third must go elsewhere.
using import "/system.capnp".System;

const system :System = (cores = 2, components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "relay",
   pages = 256,
   exports = [(interface = "relay.Relay")]),
  (name = "near", program = "node_prober", core = 1, node = 1,
   settings = [(key = "core", value = "1")],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay")]),
  (name = "far", program = "node_prober", core = 1, node = 0,
   settings = [(key = "core", value = "1")],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay")]),
  (name = "home", program = "node_prober",
   settings = [(key = "core", value = "0")],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay")]),
  (name = "beside", program = "node_prober", core = 1,
   settings = [(key = "core", value = "1")],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay")]),
  (name = "away", program = "node_prober", node = 1,
   settings = [(key = "core", value = "0")],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay")]),
  (name = "crowd_0", program = "node_prober", pages = 28000,
   settings = [(key = "core", value = "0")],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay")]),
  (name = "crowd_1", program = "node_prober", pages = 28000,
   settings = [(key = "core", value = "0")],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay")]),
  (name = "crowd_2", program = "node_prober", pages = 28000,
   settings = [(key = "core", value = "0")],
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay")]),
  (name = "nodes",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
     (interface = "supervisor.Supervisor", from = "init"),
   ],
   ends = true),
]);
