/* SPDX-License-Identifier: MIT */
/*
 * A component fills its capability table to the last slot. Then nothing can be derived, nor made,
 * nor derived deeper than the limit; deleting one slot makes room for exactly one again.
 */
#include "scenario.h"

enum { DEPTH_LIMIT = 64 };

/* Children of children: how deep the tree may become. */
static uint32_t derive_deep(void)
{
    uint32_t parent = CHILD_SLOT_WAKE, first = 0, depth = 0;
    enum exo_status status = EXO_STATUS_OK;
    for (; depth < DEPTH_LIMIT + 1; depth++) {
        uint32_t slot = scenario_slots(1);
        first = first ? first : slot;
        status = exo_capability_derive(parent, EXO_SELF, slot, 0, 0, EXO_RIGHT_SIGNAL, 0);
        if (status != EXO_STATUS_OK)
            break;
        parent = slot;
    }
    EXPECT(status, EXO_STATUS_TOO_DEEP);
    return depth;
}

int component_main(void)
{
    uint32_t slot, last = 0;
    CHECK(derive_deep() > 32);
    while ((slot = slots_take(slots_own(), 1)) != SLOTS_NONE) {
        EXPECT(exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, slot, 0, 0, EXO_RIGHT_SIGNAL, 0),
               EXO_STATUS_OK);
        last = slot;
    }
    CHECK(last != 0);
    EXPECT(exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, last, 0, 0, EXO_RIGHT_SIGNAL, 0),
           EXO_STATUS_CONFLICT);
    EXPECT(exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, last + 1, 0, 0, EXO_RIGHT_SIGNAL, 0),
           EXO_STATUS_BAD_ARGUMENT);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(1), 1, EXO_OBJECT_KIND_EVENT, last,
                             1, 0), EXO_STATUS_CONFLICT);
    EXPECT(exo_capability_delete(last), EXO_STATUS_OK);
    EXPECT(exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, last, 0, 0, EXO_RIGHT_SIGNAL, 0),
           EXO_STATUS_OK);
    print("table_exhaustion: a full table answers, and one slot given back is one to use\n");
    return 0;
}
