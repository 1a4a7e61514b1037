/* SPDX-License-Identifier: MIT */
/*
 * The reader of ext4: the input says which sound image of tests/data/ext4 is taken, and how blocks
 * of its metadata are changed (tests/ext4/damage.h), with their checksums made right or not.
 * Whatever is read then, nothing outside of the image may be asked for, nothing without end, and
 * each error must say where it is.
 */
#include "damage.h"
#include "inspect.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

enum { HEAD_BYTES = 2, CHANGES_MAX = 16, MEMORY_BYTES = 1 << 18, READ_BYTES = 5000,
       READS_MAX = 100000 };

static const char *const paths[] = {
    "good/ext2-1k.img.gz", "good/ext2-indirect.img.gz", "good/ext2-htree.img.gz",
    "good/ext2-rev0.img.gz", "good/ext4-default-1k.img.gz", "good/ext4-deep-extents.img.gz",
    "good/ext4-inline-data.img.gz", "good/ext4-xattr-acl.img.gz", "good/ext4-symlinks.img.gz",
    "good/ext4-htree-1.img.gz", "good/ext4-meta-bg.img.gz", "good/ext4-gdtcsum-32bit.img.gz",
    "journal/ext4-dirty-csum.img.gz", "journal/ext4-dirty-csum-v2.img.gz",
    "journal/ext4-dirty-revoke.img.gz", "journal/ext4-dirty-many-tx.img.gz",
    "journal/ext3-dirty.img.gz",
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

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    static struct damage damages[IMAGES];
    struct inspection inspection = {.read_max = READ_BYTES};
    if (size < HEAD_BYTES)
        return 0;
    struct damage *damage = &damages[input[0] % IMAGES];
    struct medium *medium = &damage->medium;
    /* Each is loaded when it is first asked for, and found to be sound. */
    if (!damage->sound)
        require(damage_start(damage, paths[input[0] % IMAGES]), paths[input[0] % IMAGES]);
    uint32_t options = input[1] & 1 ? EXT4_IGNORE_CHECKSUMS : 0;
    bool is_repaired = input[1] & 2;
    size_t bytes = size - HEAD_BYTES;
    if (bytes > CHANGES_MAX * DAMAGE_BYTES)
        bytes = CHANGES_MAX * DAMAGE_BYTES;
    medium->reads_max = READS_MAX;
    damage_apply(damage, input + HEAD_BYTES, bytes, is_repaired);
    if (medium_open(medium, MEMORY_BYTES, options) == EXT4_OK)
        inspect(medium->fs, &inspection);
    else
        require(medium->error.status == EXT4_NO_MEMORY || is_good_error(&medium->error),
                "an error that does not say where");
    require(!medium->went_outside, "a read outside of the image");
    require(medium->reads < medium->reads_max, "reads without end");
    medium_close(medium);
    damage_undo(damage, input + HEAD_BYTES, bytes);
    return 0;
}
