# SPDX-License-Identifier: MIT
@0xd1f5a0c37be9462b;
# A file system in memory and its only client.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "tmpfs",
   pages = 2048,
   exports = [(interface = "directory.Directory")],
   imports = [(interface = "console.Console", from = "console")],
   settings = [(key = "user.file_calls", value = "1000"), (key = "group.file_calls", value = "1000"),
               (key = "mode", value = "511")]),
  (name = "file_calls",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "directory.Directory", from = "tmpfs", poolPages = 1),
   ],
   ends = true),
]);
