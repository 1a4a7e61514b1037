# SPDX-License-Identifier: MIT
@0xf79993c92cccf47a;
using import "/system.capnp".System;
const system :System = (components = [
  (name = "console", exports = [(interface = "console.Console")]),
  (name = "recorder", imports = [(interface = "console.Console", from = "console")]),
]);
