/* SPDX-License-Identifier: MIT */
/*
 * One frame under two capabilities, in every order of two uses out of five: mapped for reading,
 * mapped for writing, frozen, pinned for a device, and retyped into a kernel object. The rule:
 * never both written and frozen, never a kernel object and anything else.
 */
#include "scenario.h"

enum use { MAPPED, WRITTEN, FROZEN, DMA, KERNEL, USES };

static const char *const names[USES] = {"mapped", "written", "frozen", "dma", "kernel"};

/* What the second use answers while the first stands. Pinned counts as written. */
static const bool allowed[USES][USES] = {
    [MAPPED] = {[MAPPED] = true, [WRITTEN] = true, [FROZEN] = true, [DMA] = true},
    [WRITTEN] = {[MAPPED] = true, [WRITTEN] = true, [DMA] = true},
    [FROZEN] = {[MAPPED] = true, [FROZEN] = true},
    [DMA] = {[MAPPED] = true, [WRITTEN] = true, [DMA] = true},
    [KERNEL] = {false},
};

static uint64_t frame;
static uint32_t slot;          /* two for the capabilities, two for what is made through them */
static uint64_t address;       /* two pages */
static const uint64_t all = EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_RETYPE;

static enum exo_status begin(enum use use, uint32_t side)
{
    uint32_t own = slot + side, made = slot + 2 + side;
    uint64_t done, at = address + side * CHILD_PAGE_BYTES;
    switch (use) {
    case MAPPED:
        return exo_memory_map(EXO_SELF, own, at, 0, 1, EXO_RIGHT_READ, &done);
    case WRITTEN:
        return exo_memory_map(EXO_SELF, own, at, 0, 1, READ_WRITE, &done);
    case FROZEN:
        return exo_capability_derive(own, EXO_SELF, made, 0, 1, EXO_RIGHT_READ | EXO_RIGHT_FROZEN,
                                     0);
    case DMA:
        return exo_capability_derive(own, EXO_SELF, made, 0, 1,
                                     EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_DMA, 0);
    default:
        return exo_memory_retype(own, 0, 1, EXO_OBJECT_KIND_EVENT, made, 1, 0);
    }
}

static void end(enum use use, uint32_t side)
{
    if (use == MAPPED || use == WRITTEN)
        EXPECT(exo_memory_unmap(EXO_SELF, address + side * CHILD_PAGE_BYTES, 1), EXO_STATUS_OK);
    else
        EXPECT(exo_capability_delete(slot + 2 + side), EXO_STATUS_OK);
}

int component_main(void)
{
    uint32_t pairs = 0;
    frame = scenario_frames(1);
    slot = scenario_slots(4);
    address = scenario_addresses(2);
    for (uint32_t side = 0; side < 2; side++)
        EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot + side, frame, 1, all, 0),
               EXO_STATUS_OK);
    for (enum use first = 0; first < USES; first++)
        for (enum use second = 0; second < USES; second++) {
            EXPECT(begin(first, 0), EXO_STATUS_OK);
            enum exo_status status = begin(second, 1);
            bool right = status == (allowed[first][second] ? EXO_STATUS_OK : EXO_STATUS_CONFLICT);
            if (!right)
                print("%s, then %s: status %d\n", names[first], names[second], (int)status);
            CHECK(right);
            if (status == EXO_STATUS_OK)
                end(second, 1);
            end(first, 0);
            pairs++;
        }
    print("overlap: %u ordered pairs of uses of one frame keep the rule\n", pairs);
    return 0;
}
