/* SPDX-License-Identifier: MIT */
/* The disk holds the bytes of the file numbers.txt, and zeros behind them. They are read to the end
 * of a Memory that is larger than all that the disk's component has. */
#include "block_disk.h"
#include "format.h"
#include "kernel_stubs.h"
#include "scenario.h"
#include "text.h"

enum { PINNED_PAGES = 2400, PAGES = 5, LINES = 500, LINE_BYTES = 40, FORM_BYTES = 64 };

int component_main(void)
{
    static struct block_disk disk;
    const uint64_t start = (PINNED_PAGES - PAGES) * CHILD_PAGE_BYTES;
    const struct block_range all = {start, PAGES * CHILD_PAGE_BYTES};
    struct block_answer answer;
    uint64_t offset;
    uint32_t slot = scenario_slots(1);
    char *bytes = pages_take(PINNED_PAGES, &offset);
    CHECK(bytes != NULL);
    bytes += start;
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, offset, PINNED_PAGES,
                                 READ_WRITE, 0), EXO_STATUS_OK);
    EXPECT(block_disk_open(&disk, binding_import("block"), slot), EXO_STATUS_OK);
    CHECK(disk.geometry.blocks * disk.geometry.block_bytes == PAGES * CHILD_PAGE_BYTES);
    EXPECT(block_disk_read(&disk, 0, &all, 1, &answer), EXO_STATUS_OK);
    CHECK(answer.failure == BLOCK_FAILURE_NONE);
    for (uint32_t i = 0; i < LINES; i++) {
        char line[FORM_BYTES];
        format(line, sizeof line, "line %04u of a file that becomes a disk\n", i);
        CHECK(memcmp(bytes + i * LINE_BYTES, line, LINE_BYTES) == 0);
    }
    for (uint32_t at = LINES * LINE_BYTES; at < PAGES * CHILD_PAGE_BYTES; at++)
        CHECK(bytes[at] == 0);
    print("ramdisk_image: %d lines are on the disk\n", LINES);
    return 0;
}
