/* SPDX-License-Identifier: MIT */
/* Names: from the camel case of schemas to the words of C. */
#ifndef NAME_H
#define NAME_H
#include "capnp.h"

#include <stddef.h>

/* A fresh C string, printf-like. Strings of this program live until it ends. */
char *name_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Room for `size` bytes, aligned for anything; lives until the program ends. */
void *name_room(size_t size);

/* A fresh C string with the bytes of a text. */
char *name_text(struct capnp_text text);

/* `memoryMap` as `memory_map`; dots and dollar signs become underscores too. */
char *name_snake(const char *name);

/* `memoryMap` as `MEMORY_MAP`. */
char *name_upper(const char *name);

/* A member of a C struct: snake case, with an underscore behind it if it is a word of C or C++. */
char *name_member(const char *name);

/* The file name without folders and, if it ends so, without `suffix`. */
char *name_base(const char *path, const char *suffix);
#endif
