/* SPDX-License-Identifier: MIT */
#include "schedule.h"

#include <assert.h>

enum { DIGIT_BITS = 16 };

const char *schedule_status_text(enum schedule_status status)
{
    static const char *const texts[SCHEDULE_STATUS_COUNT] = {
        [SCHEDULE_OK] = "it is done",
        [SCHEDULE_FULL] = "there is no room for it",
        [SCHEDULE_UNKNOWN] = "there is none of this number",
        [SCHEDULE_PRESENT] = "there is one of this number already",
        [SCHEDULE_WEIGHT_ZERO] = "the weight is 0; it must be 1 or more",
        [SCHEDULE_WEIGHT_NEGATIVE] = "the weight is negative; it must be 1 or more",
        [SCHEDULE_WEIGHT_OVERFLOW] = "the sum of the weights is too large",
        [SCHEDULE_SHARE_SMALL] = "a thread would have less than one slot of 2^22",
    };
    assert(status < SCHEDULE_STATUS_COUNT);
    return texts[status];
}

void *schedule_take(struct schedule_memory *memory, size_t count, size_t bytes)
{
    size_t all = (count * bytes + 15) & ~(size_t)15;
    unsigned char *taken = memory->next;
    memory->bytes += all;
    if (!taken)
        return NULL;
    for (size_t i = 0; i < all; i++)
        taken[i] = 0;
    memory->next = taken + all;
    return taken;
}

/* Digit by digit, as by hand: the remainder is below 2^48, so one more digit fits in the word. */
uint64_t schedule_divide(uint64_t dividend, unsigned bits, uint64_t divisor, uint64_t *remainder)
{
    assert(divisor > 0 && divisor >> SCHEDULE_WEIGHT_BITS == 0);
    assert(dividend >> SCHEDULE_WEIGHT_BITS == 0);
    uint64_t quotient = dividend / divisor, rest = dividend % divisor;
    while (bits > 0) {
        unsigned digit = bits < DIGIT_BITS ? bits : DIGIT_BITS;
        assert(quotient >> (64 - digit) == 0);
        rest <<= digit;
        quotient = quotient << digit | rest / divisor;
        rest %= divisor;
        bits -= digit;
    }
    *remainder = rest;
    return quotient;
}
