# SPDX-License-Identifier: MIT
@0xc2f17a0e5b9d3d59;
# Eight cores with 64 domains that do anything. The parts are constants, since many_cores_long has the
# same, but for the number of runs.
using import "/system.capnp".System;
using import "/system.capnp".Component;

const console :Component = (name = "console",
  pages = 128,
  exports = [(interface = "console.Console")],
  devices = [(registers = serial), (line = serial)]);

const relay :Component = (name = "relay",
  pages = 256,
  core = 1,
  exports = [(interface = "relay.Relay")],
  settings = [(key = "good_days", value = "1")]);

const nursery0 :Component = (name = "nursery_0",
  program = "nursery",
  core = 0,
  pages = 1024,
  slots = 400,
  share = 4,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")],
  devices = [(cpu = 0, shared = true)],
  settings = [(key = "number", value = "0"), (key = "seed_of", value = "16")]);

const nursery1 :Component = (name = "nursery_1",
  program = "nursery",
  core = 1,
  pages = 1024,
  slots = 400,
  share = 4,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")],
  devices = [(cpu = 1, shared = true)],
  settings = [(key = "number", value = "1"), (key = "seed_of", value = "16")]);

const nursery2 :Component = (name = "nursery_2",
  program = "nursery",
  core = 2,
  pages = 1024,
  slots = 400,
  share = 4,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")],
  devices = [(cpu = 2, shared = true)],
  settings = [(key = "number", value = "2"), (key = "seed_of", value = "16")]);

const nursery3 :Component = (name = "nursery_3",
  program = "nursery",
  core = 3,
  pages = 1024,
  slots = 400,
  share = 4,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")],
  devices = [(cpu = 3, shared = true)],
  settings = [(key = "number", value = "3"), (key = "seed_of", value = "16")]);

const nursery4 :Component = (name = "nursery_4",
  program = "nursery",
  core = 4,
  pages = 1024,
  slots = 400,
  share = 4,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")],
  devices = [(cpu = 4, shared = true)],
  settings = [(key = "number", value = "4"), (key = "seed_of", value = "16")]);

const nursery5 :Component = (name = "nursery_5",
  program = "nursery",
  core = 5,
  pages = 1024,
  slots = 400,
  share = 4,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")],
  devices = [(cpu = 5, shared = true)],
  settings = [(key = "number", value = "5"), (key = "seed_of", value = "16")]);

const nursery6 :Component = (name = "nursery_6",
  program = "nursery",
  core = 6,
  pages = 1024,
  slots = 400,
  share = 4,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")],
  devices = [(cpu = 6, shared = true)],
  settings = [(key = "number", value = "6"), (key = "seed_of", value = "16")]);

const nursery7 :Component = (name = "nursery_7",
  program = "nursery",
  core = 7,
  pages = 1024,
  slots = 400,
  share = 4,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")],
  devices = [(cpu = 7, shared = true)],
  settings = [(key = "number", value = "7"), (key = "seed_of", value = "16")]);

const counter0 :Component = (name = "counter_0",
  program = "counter",
  core = 0,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")]);

const counter1 :Component = (name = "counter_1",
  program = "counter",
  core = 1,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")]);

const counter2 :Component = (name = "counter_2",
  program = "counter",
  core = 2,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")]);

const counter3 :Component = (name = "counter_3",
  program = "counter",
  core = 3,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")]);

const counter4 :Component = (name = "counter_4",
  program = "counter",
  core = 4,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")]);

const counter5 :Component = (name = "counter_5",
  program = "counter",
  core = 5,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")]);

const counter6 :Component = (name = "counter_6",
  program = "counter",
  core = 6,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")]);

const counter7 :Component = (name = "counter_7",
  program = "counter",
  core = 7,
  imports = [
    (interface = "relay.Relay", from = "relay"),
    (interface = "console.Console", from = "console")]);

const system :System = (cores = 8, components = [
  .console, .relay, .nursery0, .nursery1, .nursery2, .nursery3,
  .nursery4, .nursery5, .nursery6, .nursery7, .counter0, .counter1,
  .counter2, .counter3, .counter4, .counter5, .counter6, .counter7,
  (name = "many_cores",
   imports = [
     (interface = "console.Console", from = "console"),
     (interface = "relay.Relay", from = "relay"),
     (interface = "supervisor.Supervisor", from = "init")],
   settings = [(key = "seeds", value = "3")],
   ends = true),
]);
