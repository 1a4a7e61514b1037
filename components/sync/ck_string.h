/* SPDX-License-Identifier: MIT */
/* What Concurrency Kit calls of the C library, which components/runtime/ has as well. */
#ifndef CK_STRING_H
#define CK_STRING_H
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);
#endif
