/* SPDX-License-Identifier: MIT */
#include "ticks.h"

#include "processor.h"

enum { MICROSECONDS_PER_SECOND = 1000000 };

static uint64_t rate = 1;

uint64_t ticks_now(void)
{
    return processor_ticks();
}

uint64_t ticks_rate(void)
{
    return rate;
}

void ticks_start(uint64_t ticks_per_second)
{
    if (ticks_per_second > 0)
        rate = ticks_per_second;
}

/*
 * value * numerator / denominator, rounded down, without 128-bit division (which would need a
 * library): value = q * denominator + r gives q * numerator + r * numerator / denominator. The
 * second product fits, because r and numerator are below 2^32 for every rate below 4.29 GHz, and
 * above that only the largest values are cut to the largest result.
 */
static uint64_t scale(uint64_t value, uint64_t numerator, uint64_t denominator)
{
    uint64_t whole, part;
    if (__builtin_mul_overflow(value / denominator, numerator, &whole))
        return UINT64_MAX;
    if (__builtin_mul_overflow(value % denominator, numerator, &part))
        return UINT64_MAX;
    part /= denominator;
    return whole > UINT64_MAX - part ? UINT64_MAX : whole + part;
}

uint64_t ticks_to_microseconds(uint64_t ticks)
{
    return scale(ticks, MICROSECONDS_PER_SECOND, rate);
}

uint64_t ticks_from_microseconds(uint64_t microseconds)
{
    return scale(microseconds, rate, MICROSECONDS_PER_SECOND);
}

uint64_t ticks_deadline(uint64_t microseconds)
{
    uint64_t now = ticks_now(), wait = ticks_from_microseconds(microseconds);
    return wait > UINT64_MAX - 1 - now ? TICKS_NEVER : now + wait;
}
