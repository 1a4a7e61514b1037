# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3ff21;
using import "/system.capnp".System;
const system :System = (components = [
  (name = "server", pages = 128, exports = [(interface = "weather.Weather")]),
  (name = "twin", pages = 128, imports = [(interface = "weather.Weather", from = "server")]),
  (name = "client", pages = 128, imports = [(interface = "weather.Weather", from = "server")]),
]);
