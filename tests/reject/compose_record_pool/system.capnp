# SPDX-License-Identifier: MIT
@0x96c2af8223f53a8a;
using import "/system.capnp".System;
const system :System = (components = [
  (name = "console", exports = [(interface = "console.Console")]),
  (name = "hello", imports = [(interface = "console.Console", from = "console", poolPages = 1)]),
]);
