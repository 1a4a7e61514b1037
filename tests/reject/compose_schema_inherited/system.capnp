# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff51;
using import "/system.capnp".System;
const system :System = (components = [
  (name = "server", pages = 128, exports = [(interface = "weather.Coast")]),
  (name = "twin", pages = 128, imports = [(interface = "weather.Weather", from = "server")]),
  (name = "client", pages = 128, imports = [(interface = "weather.Weather", from = "server")]),
  (name = "sailor", pages = 128, imports = [(interface = "weather.Sea", from = "server")]),
  (name = "older", pages = 128, exports = [(interface = "weather.Coast")]),
  (name = "again", program = "twin", pages = 128,
   imports = [(interface = "weather.Weather", from = "older")]),
]);
