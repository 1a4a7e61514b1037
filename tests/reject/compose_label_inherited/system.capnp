# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e0b5;
# That the server can do more than what is imported is no matter for the client of `demo.Plain`.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "server", label = [1], exports = [(interface = "demo.Heir")]),
  (name = "plain",
   imports = [
    (interface = "demo.Plain", from = "server")]),
  (name = "demo",
   imports = [
    (interface = "demo.Heir", from = "server")]),
]);
