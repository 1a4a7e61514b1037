/* SPDX-License-Identifier: MIT */
/*
 * The reader of ext4: the input says which sound image of tests/data/ext4 is taken, and how blocks
 * of its metadata are changed (tests/ext4/damage.h), with their checksums made right or not; before
 * it is opened, or when it was read for a while. A block may fail, and there may be as little
 * memory as can be. Whatever is read then, also what nobody has listed (tests/ext4/probe.h),
 * nothing outside of the image may be asked for, nothing without end, and each error must say where
 * it is.
 */
#include "aim.h"
#include "damage.h"
#include "inspect.h"
#include "probe.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *input, size_t size, size_t size_max, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *input, size_t size, size_t size_max); /* libFuzzer's own */

/* Bits of the second byte. */
enum { LEAVES_CHECKSUMS = 1, IS_REPAIRED = 2, HAS_LEAST_MEMORY = 4, IS_CHANGED_LATER = 8,
       HAS_BAD_BLOCK = 16 };

enum { HEAD_BYTES = 4, CHANGES_MAX = 16, MEMORY_BYTES = 1 << 18, READ_BYTES = 5000,
       READS_MAX = 1000000,
       PROBES = 30 };

static const char *const paths[] = {
    "good/ext2-1k.img.gz", "good/ext2-indirect.img.gz", "good/ext2-htree.img.gz",
    "good/ext2-rev0.img.gz", "good/ext4-default-1k.img.gz", "good/ext4-deep-extents.img.gz",
    "good/ext4-inline-data.img.gz", "good/ext4-xattr-acl.img.gz", "good/ext4-symlinks.img.gz",
    "good/ext4-htree-1.img.gz", "good/ext4-meta-bg.img.gz", "good/ext4-gdtcsum-32bit.img.gz",
    "journal/ext4-dirty-csum.img.gz", "journal/ext4-dirty-csum-v2.img.gz",
    "journal/ext4-dirty-revoke.img.gz", "journal/ext4-dirty-many-tx.img.gz",
    "journal/ext3-dirty.img.gz", "journal/ext4-dirty-escape.img.gz",
    "journal/ext4-dirty-nocsum.img.gz", "good/ext4-bigalloc.img.gz", "good/ext4-csum-seed.img.gz",
    "good/ext4-htree-2.img.gz", "good/ext4-many-groups.img.gz", "good/ext4-sparse-super2.img.gz",
    "good/ext4-unwritten.img.gz",
};

enum { IMAGES = sizeof paths / sizeof *paths };

/* End the program with what is wrong. */
static void require(bool is_right, const char *what)
{
    if (is_right)
        return;
    fprintf(stderr, "ext4: %s\n", what);
    abort();
}

static void read_damaged(struct damage *damage, const uint8_t *head, const uint8_t *changes,
                         size_t bytes)
{
    struct medium *medium = &damage->medium;
    struct inspection inspection = {.read_max = READ_BYTES};
    uint32_t flags = head[1], number = (uint32_t)(head[2] | head[3] << 8);
    uint32_t options = flags & LEAVES_CHECKSUMS ? EXT4_IGNORE_CHECKSUMS : 0;
    medium->reads_max = READS_MAX;
    damage_apply(damage, changes, bytes, flags & IS_REPAIRED);
    medium->former = flags & IS_CHANGED_LATER ? damage->sound : NULL;
    medium->former_reads = number;
    medium->bad_offset = flags & HAS_BAD_BLOCK
                             ? damage->places[number % damage->count].block * damage->block_bytes
                             : UINT64_MAX;
    if (medium_open(medium, flags & HAS_LEAST_MEMORY ? 0 : MEMORY_BYTES, options) == EXT4_OK) {
        inspect(medium->fs, &inspection);
        probe(medium->fs, number, PROBES);
    } else {
        require(medium->error.status == EXT4_NO_MEMORY || is_good_error(&medium->error),
                "an error that does not say where");
    }
    require(!medium->went_outside, "a read outside of the image");
    require(medium->reads < medium->reads_max, "reads without end");
    medium_close(medium);
    medium->former = NULL;
    medium->bad_offset = UINT64_MAX;
    damage_undo(damage, changes, bytes);
}

/* The image that an input is about. Each is loaded when it is first asked for, and is sound. */
static struct damage *damage_of(const uint8_t *input)
{
    static struct damage damages[IMAGES];
    uint32_t index = input[0] % IMAGES;
    if (!damages[index].sound)
        require(damage_start(&damages[index], paths[index]), paths[index]);
    return &damages[index];
}

/* Three times of four a change is added, replaced or taken away, aimed at a field; else whatever
 * libFuzzer does with bytes. */
size_t LLVMFuzzerCustomMutator(uint8_t *input, size_t size, size_t size_max, unsigned int seed)
{
    uint64_t state = seed | UINT64_C(1) << 63;
    aim_random(&state, 1);
    if (size < HEAD_BYTES || size_max < HEAD_BYTES + DAMAGE_BYTES || aim_random(&state, 4) == 0)
        return LLVMFuzzerMutate(input, size, size_max);
    size_t room = (size_max - HEAD_BYTES) / DAMAGE_BYTES;
    uint32_t count = (uint32_t)((size - HEAD_BYTES) / DAMAGE_BYTES), index;
    room = room < CHANGES_MAX ? room : CHANGES_MAX;
    count = count < room ? count : (uint32_t)room;
    uint32_t action = aim_random(&state, 8);
    if (action == 0) {
        for (int i = 0; i < HEAD_BYTES; i++)
            input[i] = (uint8_t)aim_random(&state, 256);
    } else if (action == 1 && count > 0) {
        index = aim_random(&state, count--);
        memmove(input + HEAD_BYTES + index * DAMAGE_BYTES,
                input + HEAD_BYTES + (index + 1) * DAMAGE_BYTES, (count - index) * DAMAGE_BYTES);
    } else {
        bool is_added = count == 0 || (count < room && action < 6);
        index = is_added ? count++ : aim_random(&state, count);
        aim(damage_of(input), &state, input + HEAD_BYTES + index * DAMAGE_BYTES);
    }
    return HEAD_BYTES + count * DAMAGE_BYTES;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    if (size < HEAD_BYTES)
        return 0;
    size_t bytes = size - HEAD_BYTES;
    if (bytes > CHANGES_MAX * DAMAGE_BYTES)
        bytes = CHANGES_MAX * DAMAGE_BYTES;
    read_damaged(damage_of(input), input, input + HEAD_BYTES, bytes);
    return 0;
}
