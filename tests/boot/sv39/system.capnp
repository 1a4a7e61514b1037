# SPDX-License-Identifier: MIT
@0xd3a91b5c77e04f21;
# The smallest composition that says something: a component prints a line through the console and
# ends, and the machine with it.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "hello",
   imports = [(interface = "console.Console", from = "console")],
   ends = true),
]);
