/* SPDX-License-Identifier: MIT */
/* Reads blocks until it is killed. */
#include "block_disk.h"
#include "kernel_stubs.h"
#include "scenario.h"

enum { PAGES = 4 };

int component_main(void)
{
    static struct block_disk disk;
    const struct block_range all = {0, PAGES * CHILD_PAGE_BYTES};
    uint64_t offset;
    uint32_t slot = scenario_slots(1);
    CHECK(pages_take(PAGES, &offset) != NULL);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, offset, PAGES, READ_WRITE, 0),
           EXO_STATUS_OK);
    EXPECT(block_disk_open(&disk, binding_import("block"), slot), EXO_STATUS_OK);
    for (;;) {
        struct block_answer answer;
        EXPECT(block_disk_read(&disk, 0, &all, 1, &answer), EXO_STATUS_OK);
        CHECK(answer.failure == BLOCK_FAILURE_NONE);
    }
}
