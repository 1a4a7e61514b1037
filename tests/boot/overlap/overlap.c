/* SPDX-License-Identifier: MIT */
/*
 * Two capabilities to overlapping runs of frames, [0, 2) and [1, 3), in every order of up to three
 * uses out of five: mapped for reading, mapped for writing, frozen, pinned for a device, and
 * retyped into a kernel object. The uses go through the two capabilities in turn, each to the whole
 * run. The rule for each frame: never both written and frozen, never a kernel object and anything
 * else. A model of it says what each call must answer.
 */
#include "scenario.h"

enum use { MAPPED, WRITTEN, FROZEN, DMA, KERNEL, USES };
enum { FRAMES = 3, RUN = 2, SIDES = 2, STEPS = 3 };

static const char *const names[USES] = {"mapped", "written", "frozen", "dma", "kernel"};
static const uint64_t all = EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_RETYPE;

static uint32_t slot;    /* two for the capabilities, two for what each step makes */
static uint64_t address; /* a run for each step */

/* How many stand of each use, for each frame. Begun again for each sequence. */
static uint32_t model[FRAMES][USES];

/* What the model says of a use of the frames of a side. Pinned counts as written. */
static bool is_allowed(enum use use, uint32_t side)
{
    for (uint32_t frame = side; frame < side + RUN; frame++) {
        const uint32_t *held = model[frame];
        uint32_t written = held[WRITTEN] + held[DMA];
        bool writes = use == WRITTEN || use == DMA;
        if (held[KERNEL] > 0 || (use == KERNEL && held[MAPPED] + held[FROZEN] + written > 0) ||
            (writes && held[FROZEN] > 0) || (use == FROZEN && written > 0))
            return false;
    }
    return true;
}

/* An object on each frame of a run; a frame without one would stay plain. */
static enum exo_status retype(uint32_t own, uint32_t made)
{
    enum exo_status status = EXO_STATUS_OK;
    uint32_t frame = 0;
    while (frame < RUN && status == EXO_STATUS_OK) {
        status = exo_memory_retype(own, frame, 1, EXO_OBJECT_KIND_EVENT, made + frame, 1, 0);
        frame += status == EXO_STATUS_OK;
    }
    while (status != EXO_STATUS_OK && frame-- > 0)
        EXPECT(exo_capability_delete(made + frame), EXO_STATUS_OK);
    return status;
}

/* Map a whole run or nothing: what was mapped before a frame that refuses is taken back. */
static enum exo_status map(uint32_t own, uint64_t at, uint64_t rights)
{
    uint64_t done = 0;
    enum exo_status status = exo_memory_map(EXO_SELF, own, at, 0, RUN, rights, &done);
    if (status != EXO_STATUS_OK && done > 0)
        EXPECT(exo_memory_unmap(EXO_SELF, at, done), EXO_STATUS_OK);
    return status;
}

static enum exo_status begin(enum use use, uint32_t side, uint32_t step)
{
    uint32_t own = slot + side, made = slot + SIDES + step * RUN;
    uint64_t at = address + step * RUN * CHILD_PAGE_BYTES;
    switch (use) {
    case MAPPED:
        return map(own, at, EXO_RIGHT_READ);
    case WRITTEN:
        return map(own, at, READ_WRITE);
    case FROZEN:
        return exo_capability_derive(own, EXO_SELF, made, 0, RUN,
                                     EXO_RIGHT_READ | EXO_RIGHT_FROZEN, 0);
    case DMA:
        return exo_capability_derive(own, EXO_SELF, made, 0, RUN,
                                     EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_DMA, 0);
    default:
        return retype(own, made);
    }
}

static void end(enum use use, uint32_t step)
{
    uint32_t made = slot + SIDES + step * RUN;
    if (use == MAPPED || use == WRITTEN)
        EXPECT(exo_memory_unmap(EXO_SELF, address + step * RUN * CHILD_PAGE_BYTES, RUN),
               EXO_STATUS_OK);
    else
        EXPECT(exo_capability_delete(made), EXO_STATUS_OK);
    if (use == KERNEL)
        EXPECT(exo_capability_delete(made + 1), EXO_STATUS_OK);
}

/* Take the uses of a sequence in turn, each while all those stand that were allowed before. */
static void try(const enum use *uses, uint32_t length, uint32_t first_side)
{
    bool stands[STEPS] = {false};
    for (uint32_t frame = 0; frame < FRAMES; frame++)
        for (uint32_t use = 0; use < USES; use++)
            model[frame][use] = 0;
    for (uint32_t step = 0; step < length; step++) {
        uint32_t side = (first_side + step) % SIDES;
        stands[step] = is_allowed(uses[step], side);
        enum exo_status status = begin(uses[step], side, step);
        bool right = status == (stands[step] ? EXO_STATUS_OK : EXO_STATUS_CONFLICT);
        for (uint32_t i = 0; !right && i <= step; i++)
            print("%s%s", names[uses[i]], i < step ? ", then " : "");
        if (!right)
            print(" from side %u on: status %d\n", first_side, (int)status);
        CHECK(right);
        for (uint32_t frame = side; stands[step] && frame < side + RUN; frame++)
            model[frame][uses[step]]++;
    }
    for (uint32_t step = length; step-- > 0;)
        if (stands[step])
            end(uses[step], step);
}

int component_main(void)
{
    uint32_t tried = 0;
    uint64_t frame = scenario_frames(FRAMES);
    slot = scenario_slots(SIDES + STEPS * RUN);
    address = scenario_addresses(STEPS * RUN);
    for (uint32_t side = 0; side < SIDES; side++)
        EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot + side, frame + side, RUN,
                                     all, 0), EXO_STATUS_OK);
    uint32_t sequences = 1;
    for (uint32_t length = 1; length <= STEPS; length++) {
        sequences *= USES;
        for (uint32_t number = 0; number < sequences * SIDES; number++) {
            enum use uses[STEPS] = {MAPPED};
            for (uint32_t step = 0, rest = number / SIDES; step < length; step++, rest /= USES)
                uses[step] = (enum use)(rest % USES);
            try(uses, length, number % SIDES);
            tried++;
        }
    }
    print("overlap: %u orders of uses of overlapping frames keep the rule\n", tried);
    return 0;
}
