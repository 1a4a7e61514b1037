# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3fe02;
using import "/system.capnp".Component;

const system :Component = (name = "demo");
