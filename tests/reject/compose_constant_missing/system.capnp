# SPDX-License-Identifier: MIT
@0xe6a0c1b5d2f3fe01;
using import "/system.capnp".System;

const sistem :System = ();
