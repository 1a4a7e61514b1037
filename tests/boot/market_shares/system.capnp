# SPDX-License-Identifier: MIT
@0xe1c7b4905a2d8f63;
# Bidders of different means, and what they get of the core.
using import "/system.capnp".System;

const system :System = (sliceMicroseconds = 100, components = [
  (name = "scheduler",
   pages = 256,
   exports = [(interface = "scheduler.Scheduler", threads = 2)],
   devices = [(cpu = 0)],
   settings = [(key = "administrators", value = "market")]),
  (name = "console",
   pages = 128,
   exports = [(interface = "console.Console")],
   devices = [(registers = serial), (line = serial)]),
  (name = "market",
   pages = 128,
   imports = [
     (interface = "scheduler.Scheduler", from = "scheduler"),
     (interface = "supervisor.Supervisor", from = "init")],
   exports = [(interface = "market.Market", threads = 6)],
   settings = [(key = "slots", value = "20"), (key = "period_microseconds", value = "5000")]),
  (name = "rich",
   program = "bidder",
   gas = (credit = 1099511627776),
   imports = [
     (interface = "market.Market", from = "market"),
     (interface = "console.Console", from = "console")],
   settings = [(key = "bid", value = "600000"), (key = "budget", value = "10000000000")]),
  (name = "middle",
   program = "bidder",
   gas = (credit = 1099511627776),
   imports = [
     (interface = "market.Market", from = "market"),
     (interface = "console.Console", from = "console")],
   settings = [(key = "bid", value = "300000"), (key = "budget", value = "10000000000"),
     (key = "later", value = "1300000"), (key = "later_periods", value = "40")]),
  (name = "poor",
   program = "bidder",
   gas = (credit = 1099511627776),
   imports = [
     (interface = "market.Market", from = "market"),
     (interface = "console.Console", from = "console")],
   settings = [(key = "bid", value = "100000"), (key = "budget", value = "10000000")]),
  (name = "market_shares",
   imports = [
     (interface = "market.Market", from = "market"),
     (interface = "console.Console", from = "console"),
     (interface = "supervisor.Supervisor", from = "init"),
   ],
   ends = true),
]);
