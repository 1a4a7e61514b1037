/* SPDX-License-Identifier: MIT */
/* sha256: the sum of a content, by the host's program sha256sum. */
#ifndef TEST_SHA256_H
#define TEST_SHA256_H

#include <stdbool.h>
#include <stddef.h>

struct sha256 {
    int in, out, process;
};

/* False: the program cannot be started, and the other functions must not be called. */
bool sha256_start(struct sha256 *sum);
void sha256_add(struct sha256 *sum, const void *bytes, size_t count);
/* The sum in hexadecimal digits, with a NUL; empty when the program failed. */
void sha256_text(struct sha256 *sum, char text[65]);

#endif
