/* SPDX-License-Identifier: MIT */
/* Texts are a pointer and a length in bytes; they come from messages and need not end in NUL. */
#include "text.h"

#include <assert.h>

bool text_equal(const char *left, size_t left_bytes, const char *right, size_t right_bytes)
{
    if (left_bytes != right_bytes)
        return false;
    return left_bytes == 0 || memcmp(left, right, left_bytes) == 0;
}

bool text_is(const char *text, size_t bytes, const char *word)
{
    return text_equal(text, bytes, word, strlen(word));
}

size_t text_copy(char *to, size_t room, const char *text, size_t bytes)
{
    assert(to != NULL);
    assert(room > 0);
    size_t copied = bytes < room ? bytes : room - 1;
    if (copied > 0)
        memcpy(to, text, copied);
    to[copied] = 0;
    return copied;
}

bool text_number(const char *text, size_t bytes, uint64_t *value)
{
    uint64_t sum = 0;
    if (bytes == 0)
        return false;
    for (size_t i = 0; i < bytes; i++) {
        unsigned digit = (unsigned)text[i] - '0';
        if (digit > 9)
            return false;
        if (__builtin_mul_overflow(sum, (uint64_t)10, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)digit, &sum))
            return false;
    }
    *value = sum;
    return true;
}
