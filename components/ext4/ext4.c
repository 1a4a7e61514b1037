/* SPDX-License-Identifier: MIT */
/* ext4: opening a file system, and what it says of itself. */
#include "volume.h"

#include "format.h"
#include "text.h"

enum { ALIGNMENT = 16 };

/* The superblock as it is behind the journal: of the same shape, and in order. */
static enum ext4_status read_again(struct ext4 *fs)
{
    const uint8_t *bytes;
    uint32_t block_bytes = fs->block_bytes;
    uint64_t blocks = fs->blocks;
    uint8_t copy[SUPERBLOCK_BYTES];
    uint64_t block = SUPERBLOCK_OFFSET >> fs->block_shift;
    enum ext4_status status = cache_block(fs, block, NULL, NULL, &bytes);
    if (status != EXT4_OK)
        return status;
    memcpy(copy, bytes + (SUPERBLOCK_OFFSET & (fs->block_bytes - 1)), sizeof copy);
    status = superblock_read(fs, copy);
    if (status == EXT4_OK && (fs->block_bytes != block_bytes || fs->blocks < blocks))
        return volume_corrupt(fs, NULL, "superblock", block,
                              "the journal gives it another block size, or fewer blocks");
    return status;
}

static enum ext4_status open_volume(struct ext4 *fs)
{
    uint8_t bytes[SUPERBLOCK_BYTES];
    struct ext4_node root;
    enum ext4_status status;
    status = device_read(fs, SUPERBLOCK_OFFSET, bytes, sizeof bytes, "superblock", 1, 0);
    if (status == EXT4_OK)
        status = superblock_read(fs, bytes);
    if (status == EXT4_OK)
        status = cache_start(fs);
    if (status == EXT4_OK && fs->journal_inode && !(fs->options & EXT4_IGNORE_JOURNAL))
        status = journal_open(fs);
    if (status == EXT4_OK && fs->overlay.count > 0)
        status = read_again(fs);
    if (status != EXT4_OK)
        return status;
    status = ext4_node(fs, EXT4_ROOT, &root);
    if (status == EXT4_NOT_FOUND || (status == EXT4_OK && !node_is(&root, MODE_DIRECTORY)))
        return volume_fail(fs, EXT4_CORRUPT, "inode", EXT4_NO_BLOCK, EXT4_ROOT,
                           "the root is no directory");
    return status;
}

enum ext4_status ext4_open(const struct ext4_source *source, void *memory, size_t bytes,
                           uint32_t options, struct ext4 **fs, struct ext4_error *error)
{
    struct ext4 *made = memory;
    size_t state = (sizeof *made + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    *fs = NULL;
    if (bytes < state) {
        *error = (struct ext4_error){EXT4_NO_MEMORY, "file system", "it needs more memory",
                                     EXT4_NO_BLOCK, 0, state - bytes};
        return EXT4_NO_MEMORY;
    }
    *made = (struct ext4){.source = *source, .options = options};
    made->memory = (uint8_t *)memory + state;
    made->memory_end = (uint8_t *)memory + (bytes & ~(size_t)(ALIGNMENT - 1));
    crc32c_start(made);
    enum ext4_status status = open_volume(made);
    if (status == EXT4_OK)
        *fs = made;
    else
        *error = made->error;
    return status;
}

const struct ext4_error *ext4_error(const struct ext4 *fs)
{
    return &fs->error;
}

size_t ext4_error_text(const struct ext4_error *error, char *to, size_t room)
{
    char block[32] = "", inode[32] = "", value[32] = "";
    bool is_inode = text_is(error->structure, strlen(error->structure), "inode");
    unsigned long long number = error->value;
    if (error->block != EXT4_NO_BLOCK)
        format(block, sizeof block, "%s %llu", is_inode ? " in block" : "",
               (unsigned long long)error->block);
    if (error->inode)
        format(inode, sizeof inode, is_inode ? " %u" : " of inode %u", error->inode);
    switch (error->status) {
    case EXT4_UNSUPPORTED:
        if (number)
            format(value, sizeof value, " %llu", number);
        return format(to, room, "%s%s%s: we cannot read this feature: %s%s", error->structure,
                      is_inode ? inode : block, is_inode ? block : inode, error->what, value);
    case EXT4_DEVICE:
        format(value, sizeof value, ", error %llu", number);
        break;
    case EXT4_NO_MEMORY:
        format(value, sizeof value, ", %llu bytes", number);
        break;
    default:
        break;
    }
    return format(to, room, "%s%s%s: %s%s", error->structure, is_inode ? inode : block,
                  is_inode ? block : inode, error->what, value);
}

void ext4_facts(const struct ext4 *fs, struct ext4_facts *facts)
{
    *facts = (struct ext4_facts){
        .block_bytes = fs->block_bytes, .cluster_bytes = fs->cluster_bytes,
        .inode_bytes = fs->inode_bytes, .descriptor_bytes = fs->descriptor_bytes,
        .blocks = fs->blocks, .free_blocks = fs->free_blocks,
        .reserved_blocks = fs->reserved_blocks, .inodes = fs->inodes,
        .free_inodes = fs->free_inodes, .groups = fs->groups,
        .blocks_per_group = fs->blocks_per_group, .inodes_per_group = fs->inodes_per_group,
        .revision = fs->revision, .replayed_blocks = fs->overlay.count,
        .replayed_transactions = fs->replayed_transactions,
        .linear_lookups = fs->linear_lookups};
    memcpy(facts->features, fs->features, sizeof facts->features);
    memcpy(facts->identifier, fs->identifier, sizeof facts->identifier);
    memcpy(facts->label, fs->label, sizeof facts->label);
    memcpy(facts->mounted, fs->mounted, sizeof facts->mounted);
}
