/* SPDX-License-Identifier: MIT */
/*
 * cache: blocks of the device, and what the journal has in their place.
 *
 * Every read of the device is made by device_read(), which lets none leave it. The overlay maps
 * blocks to those of the journal that hold their newest content, so that a replay takes sixteen
 * bytes for a block and no copy.
 */
#include "volume.h"

#include "assert.h"
#include "text.h"

enum ext4_status volume_fail(struct ext4 *fs, enum ext4_status status, const char *structure,
                             uint64_t block, uint32_t inode, const char *what)
{
    fs->error = (struct ext4_error){.status = status, .structure = structure, .what = what,
                                    .block = block, .inode = inode};
    return status;
}

enum ext4_status volume_corrupt(struct ext4 *fs, const struct ext4_node *owner,
                                const char *structure, uint64_t block, const char *what)
{
    return volume_fail(fs, EXT4_CORRUPT, structure, block, owner ? owner->number : 0, what);
}

enum ext4_status device_read(struct ext4 *fs, uint64_t offset, uint8_t *buffer, size_t bytes,
                             const char *structure, uint64_t block, uint32_t inode)
{
    if (offset > fs->source.bytes || bytes > fs->source.bytes - offset)
        return volume_fail(fs, EXT4_CORRUPT, structure, block, inode,
                           "it lies behind the end of the device");
    int code = fs->source.read(fs->source.context, offset, buffer, bytes);
    if (code == 0)
        return EXT4_OK;
    volume_fail(fs, EXT4_DEVICE, structure, block, inode, "the device could not read it");
    fs->error.value = (uint64_t)code;
    return EXT4_DEVICE;
}

/* Reads one block that the journal may replace. */
static enum ext4_status read_block(struct ext4 *fs, uint64_t block, uint8_t *buffer,
                                   const char *structure, uint32_t inode)
{
    uint64_t place = block;
    bool is_escaped = false;
    if (fs->overlay.count > 0 && block_table_find(&fs->overlay, block, &place)) {
        is_escaped = (place & OVERLAY_ESCAPED) != 0;
        place &= ~OVERLAY_ESCAPED;
    }
    enum ext4_status status = device_read(fs, place << fs->block_shift, buffer, fs->block_bytes,
                                          structure, place, inode);
    if (status == EXT4_OK && is_escaped)
        for (int i = 0; i < 4; i++)
            buffer[i] = (uint8_t)((uint32_t)JOURNAL_MAGIC >> (24 - 8 * i));
    return status;
}

enum ext4_status volume_read(struct ext4 *fs, uint64_t block, uint64_t count, uint8_t *buffer,
                             const char *structure, uint32_t inode)
{
    if (block >= fs->blocks || count > fs->blocks - block)
        return volume_fail(fs, EXT4_CORRUPT, structure, block, inode,
                           "it lies behind the end of the file system");
    if (fs->overlay.count == 0) {
        enum ext4_status status = device_read(fs, block << fs->block_shift, buffer,
                                              count << fs->block_shift, structure, block, inode);
        if (status != EXT4_DEVICE || count == 1)
            return status;
        /* Once more one by one, to say which block it is. */
    }
    for (; count > 0; count--, block++, buffer += fs->block_bytes) {
        enum ext4_status status = read_block(fs, block, buffer, structure, inode);
        if (status != EXT4_OK)
            return status;
    }
    return EXT4_OK;
}

enum ext4_status cache_start(struct ext4 *fs)
{
    assert(fs->memory <= fs->memory_end);
    uint64_t bytes = (uint64_t)(fs->memory_end - fs->memory);
    uint64_t set = CACHE_WAYS * ((uint64_t)fs->block_bytes + sizeof *fs->cached);
    if (bytes / set < CACHE_SETS_MIN) {
        volume_fail(fs, EXT4_NO_MEMORY, "file system", EXT4_NO_BLOCK, 0, "it needs more memory");
        fs->error.value = CACHE_SETS_MIN * set - bytes;
        return EXT4_NO_MEMORY;
    }
    fs->cache_sets = (uint32_t)(bytes / set < UINT32_MAX / CACHE_WAYS ? bytes / set
                                                                      : UINT32_MAX / CACHE_WAYS);
    fs->cached = (struct cached_block *)(void *)fs->memory;
    fs->cached_bytes = fs->memory + (uint64_t)fs->cache_sets * CACHE_WAYS * sizeof *fs->cached;
    fs->cache_clock = 0;
    for (uint32_t i = 0; i < fs->cache_sets * CACHE_WAYS; i++)
        fs->cached[i] = (struct cached_block){.block = EXT4_NO_BLOCK};
    memset(fs->known_groups, 0, sizeof fs->known_groups);
    return EXT4_OK;
}

/* The place of a block in the cache: its own, or else the one of its set that was used least. */
static struct cached_block *find_place(struct ext4 *fs, uint64_t block)
{
    struct cached_block *set = fs->cached + block % fs->cache_sets * CACHE_WAYS;
    struct cached_block *oldest = set;
    for (uint32_t i = 0; i < CACHE_WAYS; i++) {
        if (set[i].block == block)
            return &set[i];
        /* Differences, since the clock may wrap. */
        if (fs->cache_clock - set[i].used > fs->cache_clock - oldest->used)
            oldest = &set[i];
    }
    oldest->block = EXT4_NO_BLOCK;
    return oldest;
}

enum ext4_status cache_block(struct ext4 *fs, uint64_t block, block_check *check,
                             const struct ext4_node *owner, const uint8_t **bytes)
{
    uint32_t number = owner ? owner->number : 0;
    struct cached_block *place = find_place(fs, block);
    uint8_t *buffer = fs->cached_bytes + ((uint64_t)(place - fs->cached) << fs->block_shift);
    enum ext4_status status;
    if (place->block != block) {
        status = volume_read(fs, block, 1, buffer, "block", number);
        if (status != EXT4_OK)
            return status;
        *place = (struct cached_block){.block = block};
    }
    place->used = ++fs->cache_clock;
    *bytes = buffer;
    if (!check || (place->check == check && place->owner == number))
        return EXT4_OK;
    status = check(fs, owner, block, buffer);
    if (status == EXT4_OK) {
        place->check = check;
        place->owner = number;
    }
    return status;
}

enum ext4_status block_table_start(struct ext4 *fs, struct block_table *table, uint64_t entries)
{
    uint64_t bytes = (uint64_t)(fs->memory_end - fs->memory);
    if (entries > bytes / sizeof *table->places) {
        volume_fail(fs, EXT4_NO_MEMORY, "journal", EXT4_NO_BLOCK, 0, "it needs more memory");
        fs->error.value = entries * sizeof *table->places - bytes;
        return EXT4_NO_MEMORY;
    }
    fs->memory_end -= entries * sizeof *table->places;
    *table = (struct block_table){(struct block_place *)(void *)fs->memory_end, entries, 0};
    return EXT4_OK;
}

bool block_table_add(struct block_table *table, uint64_t block, uint64_t value)
{
    if (table->count == table->room)
        return false;
    table->places[table->count++] = (struct block_place){block, value};
    return true;
}

static bool is_before(const struct block_place *left, const struct block_place *right)
{
    return left->block != right->block ? left->block < right->block : left->value < right->value;
}

/* Lets the place at `root` sink in a heap of `count`, whose largest is its first. */
static void sink(struct block_place *places, uint64_t root, uint64_t count)
{
    struct block_place sunk = places[root];
    for (uint64_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && is_before(&places[child], &places[child + 1]))
            child++;
        if (!is_before(&sunk, &places[child]))
            break;
        places[root] = places[child];
    }
    places[root] = sunk;
}

/* By a heap: it needs no further memory, and no order of the places makes it slow. */
void block_table_sort(struct block_table *table)
{
    struct block_place *places = table->places;
    uint64_t kept = 0;
    for (uint64_t i = table->count / 2; i > 0; i--)
        sink(places, i - 1, table->count);
    for (uint64_t end = table->count; end > 1; end--) {
        struct block_place largest = places[0];
        places[0] = places[end - 1];
        places[end - 1] = largest;
        sink(places, 0, end - 1);
    }
    for (uint64_t i = 0; i < table->count; i++) {
        if (kept > 0 && places[kept - 1].block == places[i].block)
            kept--;
        places[kept++] = places[i];
    }
    table->count = kept;
}

uint64_t block_table_from(const struct block_table *table, uint64_t block)
{
    uint64_t low = 0, high = table->count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (table->places[middle].block < block)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool block_table_find(const struct block_table *table, uint64_t block, uint64_t *value)
{
    uint64_t at = block_table_from(table, block);
    if (at == table->count || table->places[at].block != block)
        return false;
    *value = table->places[at].value;
    return true;
}
