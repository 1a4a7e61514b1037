/* SPDX-License-Identifier: MIT */
/*
 * attribute: extended attributes. They are in two lists of the same form: behind the second part of
 * the inode, and in a block of their own. A list is entries, 32 bits of zero, and values, which are
 * found by their offsets; a large value may be the content of an inode of its own.
 */
#include "volume.h"

#include "text.h"

/* The full names are these and what the entry holds; index 7 also has inline data. */
static const char *const prefixes[] = {
    [1] = "user.", [ATTRIBUTE_INDEX_ACCESS] = "system.posix_acl_access",
    [ATTRIBUTE_INDEX_DEFAULT] = "system.posix_acl_default", [4] = "trusted.", [6] = "security.",
    [ATTRIBUTE_INDEX_SYSTEM] = "system.", [8] = "system.richacl"};

enum { PREFIXES = sizeof prefixes / sizeof *prefixes };

/* A list that was checked. Offsets of values count from `base`. */
struct list {
    uint64_t block; /* 0: in the inode */
    const uint8_t *bytes; /* of the inode or the block */
    uint32_t base, first, end; /* the first entry, the end of the values */
};

static uint32_t entry_bytes(const uint8_t *entry)
{
    return (ATTRIBUTE_NAME + entry[ATTRIBUTE_NAME_BYTES] + 3u) & ~3u;
}

/* Is there one more entry at `at`? A list ends with a word of zeros, or where there is no room. */
static bool has_entry(const struct list *list, uint32_t at)
{
    return list->end - at >= 4 && little32(list->bytes + at) != 0;
}

/* What is wrong with a list, or NULL. */
static const char *check_list(const struct ext4 *fs, const struct list *list)
{
    uint32_t at = list->first;
    for (; has_entry(list, at); at += entry_bytes(list->bytes + at))
        if (list->end - at < ATTRIBUTE_NAME || list->end - at < entry_bytes(list->bytes + at))
            return "an attribute's name ends behind the list";
    uint32_t names_end = at + 4 < list->end ? at + 4 : list->end;
    for (at = list->first; has_entry(list, at); at += entry_bytes(list->bytes + at)) {
        const uint8_t *entry = list->bytes + at;
        uint64_t offset = (uint64_t)list->base + little16(entry + ATTRIBUTE_OFFSET);
        uint32_t bytes = little32(entry + ATTRIBUTE_SIZE);
        if (bytes > EXT4_ATTRIBUTE_BYTES_MAX)
            return "an attribute's value is too long";
        if (little32(entry + ATTRIBUTE_INODE) > fs->inodes)
            return "an attribute's value is in an inode that the file system has not";
        for (uint32_t i = 0; i < entry[ATTRIBUTE_NAME_BYTES]; i++)
            if (entry[ATTRIBUTE_NAME + i] == '\0')
                return "an attribute's name holds a NUL";
        if (little32(entry + ATTRIBUTE_INODE) || bytes == 0)
            continue;
        if (offset < names_end || offset > list->end || bytes > list->end - offset)
            return "an attribute's value lies outside of the list";
    }
    return NULL;
}

static enum ext4_status check_block(struct ext4 *fs, const struct ext4_node *owner, uint64_t block,
                                    const uint8_t *bytes)
{
    static const char structure[] = "attribute block";
    struct list list = {block, bytes, 0, ATTRIBUTE_BLOCK_HEADER, fs->block_bytes};
    uint8_t number[8];
    if (little32(bytes) != (uint32_t)ATTRIBUTE_MAGIC)
        return volume_corrupt(fs, owner, structure, block, "the magic number is wrong");
    if (little32(bytes + ATTRIBUTE_BLOCK_COUNT) != 1)
        return volume_corrupt(fs, owner, structure, block, "it has more than one block");
    set_little32(number, (uint32_t)block);
    set_little32(number + 4, (uint32_t)(block >> 32));
    if (fs->is_checked) {
        uint32_t crc = crc32c(fs, fs->checksum_seed, number, sizeof number);
        crc = crc32c_around(fs, crc, bytes, fs->block_bytes, ATTRIBUTE_BLOCK_CHECKSUM, 4);
        if (crc != little32(bytes + ATTRIBUTE_BLOCK_CHECKSUM))
            return volume_corrupt(fs, owner, structure, block, "the checksum is wrong");
    }
    const char *wrong = check_list(fs, &list);
    return wrong ? volume_corrupt(fs, owner, structure, block, wrong) : EXT4_OK;
}

/* The list in the inode; an empty one when there is none. */
static enum ext4_status list_inside(struct ext4 *fs, const struct ext4_node *node,
                                    struct list *list)
{
    uint32_t place = INODE_OLD_BYTES + node->extra;
    *list = (struct list){.block = 0};
    if (fs->inode_bytes <= INODE_OLD_BYTES || place + 4 > fs->inode_bytes)
        return EXT4_OK;
    enum ext4_status status = inode_bytes(fs, node->number, &list->bytes);
    if (status != EXT4_OK || little32(list->bytes + place) != (uint32_t)ATTRIBUTE_MAGIC)
        return status;
    list->base = list->first = place + 4;
    list->end = fs->inode_bytes;
    const char *wrong = check_list(fs, list);
    return wrong ? volume_corrupt(fs, node, "attributes in the inode", EXT4_NO_BLOCK, wrong)
                 : EXT4_OK;
}

/* The list in a block of its own; an empty one when there is none. */
static enum ext4_status list_outside(struct ext4 *fs, const struct ext4_node *node,
                                     struct list *list)
{
    *list = (struct list){.block = node->attributes};
    if (!node->attributes)
        return EXT4_OK;
    list->first = ATTRIBUTE_BLOCK_HEADER;
    list->end = fs->block_bytes;
    return cache_block(fs, node->attributes, check_block, node, &list->bytes);
}

/* The prefix of an entry's name; NULL: nobody may see the attribute. */
static const char *visible_prefix(const struct ext4_node *node, const uint8_t *entry)
{
    uint32_t index = entry[ATTRIBUTE_INDEX];
    bool is_data = index == ATTRIBUTE_INDEX_SYSTEM && entry[ATTRIBUTE_NAME_BYTES] == 4 &&
                   memcmp(entry + ATTRIBUTE_NAME, "data", 4) == 0;
    if (index >= PREFIXES || (is_data && node->flags & FLAG_INLINE))
        return NULL;
    return prefixes[index];
}

static struct attribute_value value_of(const struct list *list, const uint8_t *entry)
{
    return (struct attribute_value){
        list->block, list->base + little16(entry + ATTRIBUTE_OFFSET),
        little32(entry + ATTRIBUTE_INODE), little32(entry + ATTRIBUTE_SIZE),
        little32(entry + ATTRIBUTE_HASH)};
}

enum ext4_status attribute_find_inside(struct ext4 *fs, const struct ext4_node *node,
                                       uint32_t index, const char *name, size_t name_bytes,
                                       struct attribute_value *value)
{
    struct list list;
    enum ext4_status status = list_inside(fs, node, &list);
    if (status != EXT4_OK)
        return status;
    for (uint32_t at = list.first; has_entry(&list, at); at += entry_bytes(list.bytes + at)) {
        const uint8_t *entry = list.bytes + at;
        if (entry[ATTRIBUTE_INDEX] == index && entry[ATTRIBUTE_NAME_BYTES] == name_bytes &&
            memcmp(entry + ATTRIBUTE_NAME, name, name_bytes) == 0) {
            *value = value_of(&list, entry);
            return EXT4_OK;
        }
    }
    return volume_fail(fs, EXT4_NOT_FOUND, "inode", EXT4_NO_BLOCK, node->number,
                       "it has no attribute of this name");
}

/* Appends the names of a list, each with a NUL, as far as there is room; counts all. */
static void append_names(const struct ext4_node *node, const struct list *list, char *buffer,
                         size_t room, size_t *bytes)
{
    for (uint32_t at = list->first; has_entry(list, at); at += entry_bytes(list->bytes + at)) {
        const uint8_t *entry = list->bytes + at;
        const char *prefix = visible_prefix(node, entry);
        if (!prefix)
            continue;
        size_t prefix_bytes = strlen(prefix), name_bytes = entry[ATTRIBUTE_NAME_BYTES];
        size_t needed = prefix_bytes + name_bytes + 1;
        if (*bytes + needed <= room) {
            memcpy(buffer + *bytes, prefix, prefix_bytes);
            memcpy(buffer + *bytes + prefix_bytes, entry + ATTRIBUTE_NAME, name_bytes);
            buffer[*bytes + needed - 1] = '\0';
        }
        *bytes += needed;
    }
}

enum ext4_status ext4_list_attributes(struct ext4 *fs, const struct ext4_node *node, char *buffer,
                                      size_t room, size_t *bytes)
{
    struct list list;
    *bytes = 0;
    enum ext4_status status = list_inside(fs, node, &list);
    if (status != EXT4_OK)
        return status;
    append_names(node, &list, buffer, room, bytes);
    status = list_outside(fs, node, &list);
    if (status != EXT4_OK)
        return status;
    append_names(node, &list, buffer, room, bytes);
    if (*bytes > room && room > 0)
        return volume_fail(fs, EXT4_NO_ROOM, "inode", EXT4_NO_BLOCK, node->number,
                           "its attributes' names are longer than the buffer");
    return EXT4_OK;
}

/* Finds an attribute by its full name in a list. */
static bool find_in_list(const struct ext4_node *node, const struct list *list, const char *name,
                         size_t name_bytes, struct attribute_value *value, uint32_t *index)
{
    for (uint32_t at = list->first; has_entry(list, at); at += entry_bytes(list->bytes + at)) {
        const uint8_t *entry = list->bytes + at;
        const char *prefix = visible_prefix(node, entry);
        size_t prefix_bytes = prefix ? strlen(prefix) : 0;
        if (!prefix || name_bytes != prefix_bytes + entry[ATTRIBUTE_NAME_BYTES] ||
            memcmp(name, prefix, prefix_bytes) != 0 ||
            memcmp(name + prefix_bytes, entry + ATTRIBUTE_NAME, name_bytes - prefix_bytes) != 0)
            continue;
        *value = value_of(list, entry);
        *index = entry[ATTRIBUTE_INDEX];
        return true;
    }
    return false;
}

/* Reads a value that is the content of an inode; its time of access is the checksum. */
static enum ext4_status read_value_inode(struct ext4 *fs, const struct ext4_node *node,
                                         const struct attribute_value *value, uint8_t *buffer)
{
    static const char structure[] = "attribute inode";
    struct ext4_node holder;
    size_t got;
    enum ext4_status status = inode_open(fs, value->inode, &holder);
    if (status == EXT4_NOT_FOUND)
        return volume_corrupt(fs, node, structure, EXT4_NO_BLOCK,
                              "an attribute's value is in an inode that is not in use");
    if (status != EXT4_OK)
        return status;
    if (!(holder.flags & FLAG_ATTRIBUTE_VALUE) || !node_is(&holder, MODE_FILE) ||
        holder.flags & FLAG_INLINE || holder.size != value->bytes)
        return volume_corrupt(fs, &holder, structure, EXT4_NO_BLOCK,
                              "it is not what an attribute's value must be");
    status = file_read(fs, &holder, 0, buffer, value->bytes, &got);
    if (status == EXT4_OK && !(fs->options & EXT4_IGNORE_CHECKSUMS) &&
        crc32c(fs, fs->checksum_seed, buffer, value->bytes) !=
            (uint32_t)holder.accessed.seconds)
        return volume_corrupt(fs, &holder, structure, EXT4_NO_BLOCK, "the checksum is wrong");
    return status;
}

static enum ext4_status read_value(struct ext4 *fs, const struct ext4_node *node,
                                   const struct attribute_value *value, uint8_t *buffer)
{
    const uint8_t *bytes;
    if (value->inode)
        return read_value_inode(fs, node, value, buffer);
    enum ext4_status status = value->block
                                  ? cache_block(fs, value->block, check_block, node, &bytes)
                                  : inode_bytes(fs, node->number, &bytes);
    if (status == EXT4_OK && value->bytes > 0)
        memcpy(buffer, bytes + value->offset, value->bytes);
    return status;
}

enum ext4_status ext4_attribute(struct ext4 *fs, const struct ext4_node *node, const char *name,
                                size_t name_bytes, void *buffer, size_t room, size_t *bytes)
{
    struct list list;
    struct attribute_value value;
    uint32_t index = 0;
    *bytes = 0;
    enum ext4_status status = list_inside(fs, node, &list);
    bool is_found = status == EXT4_OK && find_in_list(node, &list, name, name_bytes, &value,
                                                      &index);
    if (status == EXT4_OK && !is_found) {
        status = list_outside(fs, node, &list);
        is_found = status == EXT4_OK && find_in_list(node, &list, name, name_bytes, &value, &index);
    }
    if (status != EXT4_OK)
        return status;
    if (!is_found)
        return volume_fail(fs, EXT4_NOT_FOUND, "inode", EXT4_NO_BLOCK, node->number,
                           "it has no attribute of this name");
    bool is_acl = index == ATTRIBUTE_INDEX_ACCESS || index == ATTRIBUTE_INDEX_DEFAULT;
    uint64_t place = value.block ? value.block : EXT4_NO_BLOCK;
    *bytes = is_acl ? acl_size(value.bytes) : value.bytes;
    if (is_acl && *bytes == 0)
        return volume_corrupt(fs, node, "access control list", place, "its length is wrong");
    if (room == 0)
        return EXT4_OK;
    if (*bytes > room)
        return volume_fail(fs, EXT4_NO_ROOM, "inode", EXT4_NO_BLOCK, node->number,
                           "the value is longer than the buffer");
    status = read_value(fs, node, &value, buffer);
    if (status == EXT4_OK && is_acl && !acl_convert(buffer, value.bytes))
        return volume_corrupt(fs, node, "access control list", place, "it is malformed");
    return status;
}
