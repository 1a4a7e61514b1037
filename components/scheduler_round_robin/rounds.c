/* SPDX-License-Identifier: MIT */
#include "rounds.h"

#include <assert.h>

void rounds_start(struct rounds *rounds)
{
    rounds->count = 0;
    rounds->total = 0;
}

bool rounds_add(struct rounds *rounds, uint32_t index, uint32_t share)
{
    assert(share > 0);
    if (rounds->count == ROUNDS_THREADS_MAX || share > ROUNDS_SLOTS_MAX - rounds->total)
        return false;
    for (uint32_t i = 0; i < rounds->count; i++)
        if (rounds->index[i] == index)
            return false;
    rounds->index[rounds->count] = index;
    rounds->share[rounds->count] = share;
    rounds->credit[rounds->count] = 0;
    rounds->count++;
    rounds->total += share;
    return true;
}

/* The place of a thread; `count` when it is not there. */
static uint32_t place_of(const struct rounds *rounds, uint32_t index)
{
    uint32_t at = 0;
    while (at < rounds->count && rounds->index[at] != index)
        at++;
    return at;
}

bool rounds_set(struct rounds *rounds, uint32_t index, uint32_t share)
{
    uint32_t at = place_of(rounds, index);
    if (share == 0)
        return rounds->count > 1 && rounds_remove(rounds, index);
    if (at == rounds->count)
        return rounds_add(rounds, index, share);
    if (share > ROUNDS_SLOTS_MAX - (rounds->total - rounds->share[at]))
        return false;
    rounds->total += share - rounds->share[at];
    rounds->share[at] = share;
    for (uint32_t i = 0; i < rounds->count; i++)
        rounds->credit[i] = 0;
    return true;
}

bool rounds_remove(struct rounds *rounds, uint32_t index)
{
    uint32_t at = place_of(rounds, index);
    if (at == rounds->count)
        return false;
    rounds->total -= rounds->share[at];
    rounds->count--;
    for (uint32_t i = 0; i < rounds->count; i++) {
        if (i >= at) {
            rounds->index[i] = rounds->index[i + 1];
            rounds->share[i] = rounds->share[i + 1];
        }
        rounds->credit[i] = 0;
    }
    return true;
}

uint32_t rounds_next(struct rounds *rounds)
{
    uint32_t richest = 0;
    assert(rounds->count > 0);
    for (uint32_t i = 0; i < rounds->count; i++) {
        rounds->credit[i] += rounds->share[i];
        if (rounds->credit[i] > rounds->credit[richest])
            richest = i;
    }
    rounds->credit[richest] -= rounds->total;
    return rounds->index[richest];
}
