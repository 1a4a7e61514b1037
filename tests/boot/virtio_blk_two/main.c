/* SPDX-License-Identifier: MIT */
/* What is written to one disk is on that one and not on the other. The bus knows which is first. */
#include "block_disk.h"
#include "kernel_stubs.h"
#include "scenario.h"
#include "text.h"

enum { DISKS = 2, BLOCK = 512, NUMBER = 33 };

static struct block_disk disks[DISKS];

int component_main(void)
{
    static const char *const names[DISKS] = {"one", "other"};
    const struct block_range block = {0, BLOCK};
    struct block_answer answer;
    uint8_t *bytes[DISKS];
    uint64_t blocks[DISKS];
    for (uint32_t i = 0; i < DISKS; i++) {
        uint64_t offset;
        uint32_t slot = scenario_slots(1);
        bytes[i] = pages_take(1, &offset);
        CHECK(bytes[i] != NULL);
        EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, offset, 1, READ_WRITE, 0),
               EXO_STATUS_OK);
        EXPECT(block_disk_open(&disks[i], binding_import(names[i]), slot), EXO_STATUS_OK);
        blocks[i] = disks[i].geometry.blocks;
        memset(bytes[i], (int)i + 1, BLOCK);
        EXPECT(block_disk_write(&disks[i], NUMBER, &block, 1, &answer), EXO_STATUS_OK);
        CHECK(answer.failure == BLOCK_FAILURE_NONE);
    }
    for (uint32_t i = 0; i < DISKS; i++) {
        memset(bytes[i], 0, BLOCK);
        EXPECT(block_disk_read(&disks[i], NUMBER, &block, 1, &answer), EXO_STATUS_OK);
        CHECK(answer.failure == BLOCK_FAILURE_NONE);
        for (uint32_t at = 0; at < BLOCK; at++)
            CHECK(bytes[i][at] == i + 1);
    }
    uint32_t small = blocks[0] < blocks[1] ? 0 : 1;
    print("virtio_blk_two: disks of %lu and %lu blocks\n", blocks[small], blocks[1 - small]);
    return 0;
}
