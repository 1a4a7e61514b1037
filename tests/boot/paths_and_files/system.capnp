# SPDX-License-Identifier: MIT
@0xa3c94be271d06f55;
# A client does everything to a file system in memory that there is to do, and what must not be done.
using import "/system.capnp".System;

const system :System = (components = [
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "tmpfs",
   pages = 2048,
   exports = [(interface = "directory.Directory", threads = 2)],
   imports = [(interface = "console.Console", from = "console")],
   settings = [(key = "user.paths_and_files", value = "0"), (key = "group.paths_and_files", value = "0"),
               (key = "user.stranger", value = "1000")]),
  (name = "stranger",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "directory.Directory", from = "tmpfs"),
   ]),
  (name = "paths_and_files",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "directory.Directory", from = "tmpfs", poolPages = 1),
   ],
   ends = true),
]);
