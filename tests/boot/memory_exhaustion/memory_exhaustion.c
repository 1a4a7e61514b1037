/* SPDX-License-Identifier: MIT */
/*
 * A component uses up all that it has: frames, heap, page tables, kernel objects. Each end is a
 * status or a null at the caller; what it has already goes on working, and its neighbour (the
 * console that it prints through) does not notice.
 */
#include "scenario.h"

enum { FAR_PAGES = 64 };

/* Every page in a place of its own, so that each needs page tables, until the domain's are gone. */
static uint32_t use_up_tables(uint32_t slot)
{
    for (uint32_t i = 0; i < FAR_PAGES; i++) {
        uint64_t done, address = UINT64_C(0x200000000000) + ((uint64_t)i << 39);
        enum exo_status status = exo_memory_map(EXO_SELF, slot, address, 0, 1, EXO_RIGHT_READ,
                                                &done);
        if (status == EXO_STATUS_OK)
            continue;
        EXPECT(status, EXO_STATUS_FULL);
        CHECK(done == 0);
        return i;
    }
    CHECK(!"page tables without end");
    return 0;
}

static uint32_t use_up_heap(void)
{
    uint32_t blocks = 0;
    while (heap_take(heap_own(), 1000))
        blocks++;
    CHECK(heap_check(heap_own()));
    return blocks;
}

int component_main(void)
{
    uint32_t slot = scenario_slots(1), pages = 0;
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, scenario_frames(1), 1,
                                 READ_WRITE | EXO_RIGHT_RETYPE, 0), EXO_STATUS_OK);
    CHECK(use_up_heap() > 10);
    while (pages_take(1, NULL))
        pages++;
    CHECK(pages > 3);
    CHECK(space_free(frames_own()) == 0);
    use_up_tables(slot);
    /* Its own Memory is mapped everywhere: nothing of it can become a kernel object. */
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, 0, 1, EXO_OBJECT_KIND_EVENT, scenario_slots(1), 1,
                             0), EXO_STATUS_CONFLICT);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, UINT32_MAX, 1, EXO_OBJECT_KIND_EVENT,
                             scenario_slots(1), 1, 0), EXO_STATUS_BAD_ARGUMENT);
    print("memory_exhaustion: every end was an answer, and the rest went on\n");
    return 0;
}
