# SPDX-License-Identifier: MIT
@0x9cf73189ee17e34c;
using import "/system.capnp".System;
const system :System = (components = [
  (name = "console", exports = [(interface = "console.Console")]),
  (name = "hello_0", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_1", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_2", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_3", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_4", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_5", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_6", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_7", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_8", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_9", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_10", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_11", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_12", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_13", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_14", program = "hello", imports = [(interface = "console.Console", from = "console")]),
  (name = "hello_15", program = "hello", imports = [(interface = "console.Console", from = "console")]),
]);
