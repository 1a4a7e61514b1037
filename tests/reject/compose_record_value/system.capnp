# SPDX-License-Identifier: MIT
@0xff4a850f5209ee02;
using import "/system.capnp".System;
const system :System = (components = [
  (name = "console", exports = [(interface = "console.Console")],
   settings = [(key = "text", value = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]),
  (name = "hello", imports = [(interface = "console.Console", from = "console")]),
]);
