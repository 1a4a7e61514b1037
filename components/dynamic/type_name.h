/* SPDX-License-Identifier: MIT */
/* type_name: what a schema calls its types. Programs of gen/ use it, too. */
#ifndef DYNAMIC_TYPE_NAME_H
#define DYNAMIC_TYPE_NAME_H
#include "schema.capnp.h"

/* The name of a built-in type, as "UInt32"; of a type that has a name of its own what it is, as
 * "struct", and "List" of any list. Of a type that schema.capnp does not know yet, "?". */
const char *type_name(enum schema_type_which which);
#endif
