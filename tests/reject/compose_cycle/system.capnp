# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3e03f;
using import "/system.capnp".System;

const system :System = (components = [
  (name = "a", exports = [(interface = "demo.Demo")], imports = [(interface = "demo.Demo", from = "b")]),
  (name = "b", exports = [(interface = "demo.Demo")], imports = [(interface = "demo.Demo", from = "c")]),
  (name = "c", exports = [(interface = "demo.Demo")], imports = [(interface = "demo.Demo", from = "a")]),
]);
