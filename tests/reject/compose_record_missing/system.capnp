# SPDX-License-Identifier: MIT
@0xca1f6861a853312e;
using import "/system.capnp".System;
const system :System = (components = [
  (name = "console", exports = [(interface = "console.Console")]),
  (name = "hello", imports = [(interface = "console.Console", from = "console")]),
]);
