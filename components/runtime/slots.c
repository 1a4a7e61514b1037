/* SPDX-License-Identifier: MIT */
#include "slots.h"

#include <assert.h>

static bool is_taken(const struct slots *slots, uint32_t slot)
{
    return slots->taken[slot / 64] >> (slot % 64) & 1;
}

static void set_taken(struct slots *slots, uint32_t slot, bool taken)
{
    uint64_t bit = UINT64_C(1) << (slot % 64);
    if (taken)
        slots->taken[slot / 64] |= bit;
    else
        slots->taken[slot / 64] &= ~bit;
}

bool slots_check(const struct slots *slots)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < SLOTS_MAX / 64; i++)
        for (uint64_t word = slots->taken[i]; word != 0; word &= word - 1)
            bits++;
    return is_taken(slots, 0) && slots->count <= SLOTS_MAX &&
           bits == slots->used + (SLOTS_MAX - slots->count);
}

void slots_start(struct slots *slots, uint32_t first, uint32_t count)
{
    assert(first > 0 && first <= count);
    assert(count <= SLOTS_MAX);
    *slots = (struct slots){.count = count, .used = first};
    for (uint32_t i = 0; i < SLOTS_MAX; i++)
        if (i < first || i >= count)
            set_taken(slots, i, true);
    assert(slots_check(slots));
}

uint32_t slots_take(struct slots *slots, uint32_t number)
{
    uint32_t run = 0;
    assert(number > 0);
    for (uint32_t i = 0; i < slots->count; i++) {
        if (slots->taken[i / 64] == UINT64_MAX) {
            i |= 63; /* a full word holds no part of a run */
            run = 0;
            continue;
        }
        run = is_taken(slots, i) ? 0 : run + 1;
        if (run < number)
            continue;
        uint32_t first = i + 1 - number;
        for (uint32_t j = first; j <= i; j++)
            set_taken(slots, j, true);
        slots->used += number;
        return first;
    }
    return SLOTS_NONE;
}

bool slots_take_at(struct slots *slots, uint32_t slot)
{
    if (slot >= slots->count || is_taken(slots, slot))
        return false;
    set_taken(slots, slot, true);
    slots->used++;
    return true;
}

void slots_give(struct slots *slots, uint32_t first, uint32_t number)
{
    assert(first > 0);
    assert(number <= slots->count && first <= slots->count - number);
    for (uint32_t i = first; i < first + number; i++) {
        assert(is_taken(slots, i));
        set_taken(slots, i, false);
    }
    slots->used -= number;
}
