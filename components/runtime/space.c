/* SPDX-License-Identifier: MIT */
#include "space.h"

#include <assert.h>

bool space_check(const struct space *space)
{
    if (space->ranges > SPACE_RANGES_MAX)
        return false;
    for (uint32_t i = 0; i < space->ranges; i++) {
        const struct space_range *range = &space->range[i];
        if (range->count == 0 || range->first + range->count < range->first)
            return false;
        if (i > 0 && space->range[i - 1].first + space->range[i - 1].count >= range->first)
            return false;
    }
    return true;
}

static void remove_range(struct space *space, uint32_t at)
{
    assert(at < space->ranges);
    space->ranges--;
    for (uint32_t i = at; i < space->ranges; i++)
        space->range[i] = space->range[i + 1];
}

static void insert_range(struct space *space, uint32_t at, uint64_t first, uint64_t count)
{
    assert(space->ranges < SPACE_RANGES_MAX);
    assert(at <= space->ranges);
    for (uint32_t i = space->ranges; i > at; i--)
        space->range[i] = space->range[i - 1];
    space->range[at] = (struct space_range){first, count};
    space->ranges++;
}

void space_start(struct space *space, uint64_t first, uint64_t count)
{
    space->ranges = 0;
    if (count > 0)
        insert_range(space, 0, first, count);
    assert(space_check(space));
}

/* Cut pages out of one range that holds them. False when it must be split and no entry is left. */
static bool cut(struct space *space, uint32_t at, uint64_t first, uint64_t count)
{
    struct space_range *range = &space->range[at];
    uint64_t before = first - range->first;
    uint64_t behind = range->count - before - count;
    assert(first >= range->first);
    assert(before + count <= range->count);
    if (before > 0 && behind > 0) {
        if (space->ranges == SPACE_RANGES_MAX)
            return false;
        range->count = before;
        insert_range(space, at + 1, first + count, behind);
    } else if (before > 0) {
        range->count = before;
    } else if (behind > 0) {
        *range = (struct space_range){first + count, behind};
    } else {
        remove_range(space, at);
    }
    return true;
}

bool space_take(struct space *space, uint64_t count, uint64_t align, uint64_t *first)
{
    assert(count > 0);
    assert(align > 0 && (align & (align - 1)) == 0);
    for (uint32_t i = 0; i < space->ranges; i++) {
        const struct space_range *range = &space->range[i];
        uint64_t skip = (0 - range->first) & (align - 1);
        if (skip > range->count || range->count - skip < count)
            continue;
        uint64_t found = range->first + skip;
        if (!cut(space, i, found, count))
            continue;
        *first = found;
        return true;
    }
    return false;
}

bool space_take_at(struct space *space, uint64_t first, uint64_t count)
{
    assert(count > 0);
    for (uint32_t i = 0; i < space->ranges; i++) {
        const struct space_range *range = &space->range[i];
        if (first < range->first || first - range->first >= range->count)
            continue;
        if (range->count - (first - range->first) < count)
            return false;
        return cut(space, i, first, count);
    }
    return false;
}

bool space_give(struct space *space, uint64_t first, uint64_t count)
{
    uint32_t at = 0;
    assert(count > 0);
    while (at < space->ranges && space->range[at].first < first)
        at++;
    struct space_range *next = at < space->ranges ? &space->range[at] : 0;
    struct space_range *previous = at > 0 ? &space->range[at - 1] : 0;
    if (first + count < first || (next && first + count > next->first) ||
        (previous && previous->first + previous->count > first))
        return false;
    bool joins_previous = previous && previous->first + previous->count == first;
    bool joins_next = next && first + count == next->first;
    if (joins_previous && joins_next) {
        previous->count += count + next->count;
        remove_range(space, at);
    } else if (joins_previous) {
        previous->count += count;
    } else if (joins_next) {
        *next = (struct space_range){first, count + next->count};
    } else if (space->ranges < SPACE_RANGES_MAX) {
        insert_range(space, at, first, count);
    } else {
        return false;
    }
    assert(space_check(space));
    return true;
}

uint64_t space_free(const struct space *space)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < space->ranges; i++)
        sum += space->range[i].count;
    return sum;
}
