/* SPDX-License-Identifier: MIT */
/*
 * acl: POSIX access control lists. On the device an entry has the number of a user or group only
 * where its kind needs one; in the form that programs get (linux/posix_acl_xattr.h) always.
 */
#include "volume.h"

#include "text.h"

enum {
    DEVICE_VERSION = 1, PROGRAM_VERSION = 2, VERSION_BYTES = 4, SHORT_BYTES = 4, LONG_BYTES = 8,
    ENTRIES_ALWAYS = 4, /* owner, group, mask, others: the short ones of a list with long ones */
    KIND_OWNER = 1, KIND_USER = 2, KIND_GROUP_OWNER = 4, KIND_GROUP = 8, KIND_MASK = 16,
    KIND_OTHERS = 32,
};

size_t acl_size(uint32_t bytes)
{
    if (bytes < VERSION_BYTES)
        return 0;
    uint32_t entries = bytes - VERSION_BYTES;
    if (entries <= ENTRIES_ALWAYS * SHORT_BYTES)
        return entries % SHORT_BYTES ? 0 : VERSION_BYTES + entries / SHORT_BYTES * LONG_BYTES;
    entries -= ENTRIES_ALWAYS * SHORT_BYTES;
    return entries % LONG_BYTES ? 0 : VERSION_BYTES + ENTRIES_ALWAYS * LONG_BYTES + entries;
}

bool acl_convert(uint8_t *buffer, uint32_t bytes)
{
    size_t size = acl_size(bytes);
    if (size == 0 || little32(buffer) != DEVICE_VERSION)
        return false;
    /* From the buffer's end on, so that what is written never reaches what is still to be read. */
    uint8_t *from = buffer + size - bytes, *to = buffer, *end = buffer + size;
    memmove(from, buffer, bytes);
    set_little32(to, PROGRAM_VERSION);
    from += VERSION_BYTES;
    to += VERSION_BYTES;
    while (from < end && to < end) {
        uint32_t kind = little16(from), permissions = little16(from + 2), number = UINT32_MAX;
        bool is_long = kind == KIND_USER || kind == KIND_GROUP;
        if (!is_long && kind != KIND_OWNER && kind != KIND_GROUP_OWNER && kind != KIND_MASK &&
            kind != KIND_OTHERS)
            return false;
        if (end - from < (is_long ? LONG_BYTES : SHORT_BYTES))
            return false;
        if (is_long)
            number = little32(from + 4);
        from += is_long ? LONG_BYTES : SHORT_BYTES;
        set_little32(to, kind | permissions << 16);
        set_little32(to + 4, number);
        to += LONG_BYTES;
    }
    return from == end && to == end;
}
