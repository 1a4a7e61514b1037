/* SPDX-License-Identifier: MIT */
#include "slots.h"

#include <assert.h>

static uint64_t bit_of(uint32_t slot)
{
    return UINT64_C(1) << (slot % 64);
}

static bool is_taken(const struct slots *slots, uint32_t slot)
{
    return (__atomic_load_n(&slots->taken[slot / 64], __ATOMIC_RELAXED) & bit_of(slot)) != 0;
}

/* Returns whether it was free. */
static bool claim(struct slots *slots, uint32_t slot)
{
    return !(__atomic_fetch_or(&slots->taken[slot / 64], bit_of(slot), __ATOMIC_ACQUIRE) &
             bit_of(slot));
}

static void set_free(struct slots *slots, uint32_t slot)
{
    __atomic_fetch_and(&slots->taken[slot / 64], ~bit_of(slot), __ATOMIC_RELEASE);
}

/* Claim a run; false, and nothing claimed, when another thread has part of it meanwhile. */
static bool claim_run(struct slots *slots, uint32_t first, uint32_t number)
{
    for (uint32_t i = 0; i < number; i++) {
        if (claim(slots, first + i))
            continue;
        while (i-- > 0)
            set_free(slots, first + i);
        return false;
    }
    __atomic_fetch_add(&slots->used, number, __ATOMIC_RELAXED);
    return true;
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
            claim(slots, i);
    assert(slots_check(slots));
}

uint32_t slots_take(struct slots *slots, uint32_t number)
{
    uint32_t run = 0;
    assert(number > 0);
    for (uint32_t i = 0; i < slots->count; i++) {
        if (__atomic_load_n(&slots->taken[i / 64], __ATOMIC_RELAXED) == UINT64_MAX) {
            i |= 63; /* a full word holds no part of a run */
            run = 0;
            continue;
        }
        run = is_taken(slots, i) ? 0 : run + 1;
        if (run < number)
            continue;
        uint32_t first = i + 1 - number;
        if (claim_run(slots, first, number))
            return first;
        run = 0;
    }
    return SLOTS_NONE;
}

bool slots_take_at(struct slots *slots, uint32_t slot)
{
    return slot < slots->count && claim_run(slots, slot, 1);
}

void slots_give(struct slots *slots, uint32_t first, uint32_t number)
{
    assert(first > 0);
    assert(number <= slots->count && first <= slots->count - number);
    for (uint32_t i = first; i < first + number; i++) {
        assert(is_taken(slots, i));
        set_free(slots, i);
    }
    __atomic_fetch_sub(&slots->used, number, __ATOMIC_RELAXED);
}
