/* SPDX-License-Identifier: MIT */
/* Generated from schema.capnp by capnpc-c. */
#include "schema.capnp.h"

