# SPDX-License-Identifier: MIT
@0x9b472724cd1d6cf8;
using import "/system.capnp".System;
const system :System = (components = [
  (name = "console", exports = [(interface = "console.Console")]),
]);
