/* SPDX-License-Identifier: MIT */
/* node: what is done with an open archive: names, lists, bytes and attributes. */
#include "names.h"

/* The records of a node's pax header. Opening has counted them; they may have changed since. */
struct records {
    uint64_t place, end;
    uint32_t count;
};

static struct records records_of(const struct archive_node *node)
{
    return (struct records){node->attributes, node->attributes + node->attributes_bytes, 0};
}

static enum archive_status next_record(struct archive *archive, struct records *records,
                                       struct pax_record *record, bool *is_end)
{
    *is_end = records->place >= records->end;
    if (*is_end)
        return ARCHIVE_OK;
    if (++records->count > PAX_RECORDS_MAX)
        return archive_fail(archive, ARCHIVE_CORRUPT, "pax header", records->end,
                            "it has changed since the archive was opened");
    return pax_next(archive, &records->place, records->end, record);
}

/* The times that only the pax header has. */
static enum archive_status read_times(struct archive *archive, struct archive_node *node)
{
    struct records records = records_of(node);
    enum archive_status status = ARCHIVE_OK;
    struct pax_record record;
    bool is_end = false;
    while (status == ARCHIVE_OK && !is_end) {
        status = next_record(archive, &records, &record, &is_end);
        if (status != ARCHIVE_OK || is_end || record.value_bytes == 0)
            continue;
        if (text_is(record.key, record.key_bytes, "atime"))
            status = pax_time(archive, &record, &node->accessed);
        else if (text_is(record.key, record.key_bytes, "ctime"))
            status = pax_time(archive, &record, &node->changed);
    }
    return status;
}

enum archive_status archive_node(struct archive *archive, uint32_t number,
                                 struct archive_node *node)
{
    if (number == 0 || number > archive->inode_count || inode_at(archive, number)->links == 0)
        return archive_fail(archive, ARCHIVE_NOT_FOUND, "archive", ARCHIVE_NO_PLACE,
                            "there is no such inode");
    const struct inode *inode = inode_at(archive, number);
    struct archive_time modified = {inode->seconds, inode->nanoseconds};
    bool is_directory = mode_is(inode->mode, MODE_DIRECTORY);
    *node = (struct archive_node){
        .number = number, .mode = inode->mode, .user = inode->user, .group = inode->group,
        .links = inode->links, .size = is_directory ? 0 : inode->size, .data = inode->data,
        .device_major = inode->device_major, .device_minor = inode->device_minor,
        .accessed = modified, .changed = modified, .modified = modified,
        .attributes = inode->attributes, .attributes_bytes = inode->attributes_bytes};
    return read_times(archive, node);
}

static enum archive_status fail(struct archive *archive, enum archive_status status,
                                const char *what)
{
    return archive_fail(archive, status, "archive", ARCHIVE_NO_PLACE, what);
}

static bool is_dots(const char *name, size_t bytes, size_t count)
{
    return bytes == count && memcmp(name, "..", count) == 0;
}

enum archive_status archive_lookup(struct archive *archive, const struct archive_node *directory,
                                   const char *name, size_t name_bytes,
                                   struct archive_node *node)
{
    if (!mode_is(directory->mode, MODE_DIRECTORY))
        return fail(archive, ARCHIVE_NOT_DIRECTORY, "it is no directory");
    if (name_bytes > ARCHIVE_NAME_MAX)
        return fail(archive, ARCHIVE_NAME_TOO_LONG, "a name is longer than 255 bytes");
    if (is_dots(name, name_bytes, 1))
        return archive_node(archive, directory->number, node);
    if (is_dots(name, name_bytes, 2))
        return archive_node(archive, inode_at(archive, directory->number)->parent, node);
    uint32_t found = names_find(archive, directory->number, name, name_bytes);
    if (!found)
        return fail(archive, ARCHIVE_NOT_FOUND, "there is no such name");
    return archive_node(archive, name_at(archive, found)->inode, node);
}

/* Cookies: 0 and 1 are those of the two entries that are not kept; others are a name's number plus
 * 1; the end is behind all of them. */
enum { COOKIE_PARENT = 1, COOKIE_NAMES = 1 };
#define COOKIE_END UINT64_MAX

static uint64_t cookie_of(uint32_t number)
{
    return number ? (uint64_t)number + COOKIE_NAMES : COOKIE_END;
}

enum archive_status archive_list(struct archive *archive, const struct archive_node *directory,
                                 uint64_t *cookie,
                                 bool (*each)(void *context, const struct archive_entry *entry),
                                 void *context)
{
    if (!mode_is(directory->mode, MODE_DIRECTORY))
        return fail(archive, ARCHIVE_NOT_DIRECTORY, "it is no directory");
    const struct inode *inode = inode_at(archive, directory->number);
    struct archive_entry entry = {.inode = directory->number, .mode = MODE_DIRECTORY,
                                  .name = "..", .name_bytes = 1, .cookie = COOKIE_PARENT};
    if (*cookie == 0) {
        if (!each(context, &entry))
            return ARCHIVE_OK;
        *cookie = COOKIE_PARENT;
    }
    if (*cookie == COOKIE_PARENT) {
        entry = (struct archive_entry){
            .inode = inode->parent, .mode = MODE_DIRECTORY, .name = "..", .name_bytes = 2,
            .cookie = cookie_of(inode->first)};
        if (!each(context, &entry))
            return ARCHIVE_OK;
        *cookie = entry.cookie;
    }
    if (*cookie == COOKIE_END)
        return ARCHIVE_OK;
    if (!names_has(archive, directory->number, *cookie - COOKIE_NAMES))
        return fail(archive, ARCHIVE_NOT_FOUND, "a cookie is that of no entry");
    for (uint32_t number = (uint32_t)(*cookie - COOKIE_NAMES); number;) {
        const struct name_place *place = name_at(archive, number);
        entry = (struct archive_entry){
            .inode = place->inode, .mode = inode_at(archive, place->inode)->mode & MODE_TYPE,
            .name = place->name, .name_bytes = place->name_bytes,
            .cookie = cookie_of(place->next)};
        if (!each(context, &entry))
            return ARCHIVE_OK;
        *cookie = entry.cookie;
        number = place->next;
    }
    return ARCHIVE_OK;
}

/* --- Bytes ------------------------------------------------------------------------------------ */

enum archive_status archive_read(struct archive *archive, const struct archive_node *node,
                                 uint64_t offset, void *buffer, size_t bytes, size_t *got)
{
    *got = 0;
    if (!mode_is(node->mode, MODE_FILE))
        return fail(archive, ARCHIVE_WRONG_KIND, "it is no regular file");
    if (offset >= node->size)
        return ARCHIVE_OK;
    if (bytes > node->size - offset)
        bytes = (size_t)(node->size - offset);
    enum archive_status status = archive_fetch(archive, node->data + offset, buffer, bytes);
    if (status == ARCHIVE_OK)
        *got = bytes;
    return status;
}

enum archive_status archive_read_link(struct archive *archive, const struct archive_node *node,
                                      char *buffer, size_t room, size_t *bytes)
{
    *bytes = 0;
    if (!mode_is(node->mode, MODE_LINK))
        return fail(archive, ARCHIVE_WRONG_KIND, "it is no symbolic link");
    *bytes = (size_t)node->size;
    if (*bytes > room)
        return fail(archive, ARCHIVE_NO_ROOM, "the buffer is too small");
    return archive_fetch(archive, node->data, buffer, *bytes);
}

/* --- Attributes ------------------------------------------------------------------------------- */

/* GNU tar writes '=' as %3D and '%' as %25 in the name of an attribute. In place. */
static size_t decode(char *name)
{
    size_t to = 0;
    for (const char *at = name; *at; at++) {
        bool is_equals = at[0] == '%' && at[1] == '3' && at[2] == 'D';
        if (is_equals || (at[0] == '%' && at[1] == '2' && at[2] == '5')) {
            name[to++] = is_equals ? '=' : '%';
            at += 2;
        } else {
            name[to++] = *at;
        }
    }
    name[to] = '\0';
    return to;
}

/* Finds an attribute: the last record of a name counts. */
static enum archive_status find(struct archive *archive, const struct archive_node *node,
                                const char *name, size_t name_bytes, struct pax_record *found)
{
    struct records records = records_of(node);
    bool is_found = false, is_end = false;
    struct pax_record record;
    const char *key;
    while (!is_end) {
        enum archive_status status = next_record(archive, &records, &record, &is_end);
        if (status != ARCHIVE_OK)
            return status;
        if (is_end || !pax_is_attribute(&record, &key))
            continue;
        char *text = record.key + (key - record.key);
        if (decode(text) == name_bytes && memcmp(text, name, name_bytes) == 0) {
            *found = record;
            is_found = true;
        }
    }
    return is_found ? ARCHIVE_OK
                    : fail(archive, ARCHIVE_NOT_FOUND, "there is no such attribute");
}

enum archive_status archive_list_attributes(struct archive *archive,
                                            const struct archive_node *node, char *buffer,
                                            size_t room, size_t *bytes)
{
    struct records records = records_of(node);
    struct pax_record record, last;
    bool is_end = false;
    const char *key;
    *bytes = 0;
    while (!is_end) {
        enum archive_status status = next_record(archive, &records, &record, &is_end);
        if (status != ARCHIVE_OK)
            return status;
        if (is_end || !pax_is_attribute(&record, &key))
            continue;
        char *text = record.key + (key - record.key);
        size_t count = decode(text);
        status = find(archive, node, text, count, &last);
        if (status != ARCHIVE_OK)
            return status;
        if (last.value != record.value)
            continue; /* a later record of the same name is listed */
        if (room >= *bytes && room - *bytes > count)
            memcpy(buffer + *bytes, text, count + 1);
        *bytes += count + 1;
    }
    if (room > 0 && *bytes > room)
        return fail(archive, ARCHIVE_NO_ROOM, "the buffer is too small");
    return ARCHIVE_OK;
}

enum archive_status archive_attribute(struct archive *archive, const struct archive_node *node,
                                      const char *name, size_t name_bytes, void *buffer,
                                      size_t room, size_t *bytes)
{
    struct pax_record record = {.value_bytes = 0};
    enum archive_status status = find(archive, node, name, name_bytes, &record);
    *bytes = (size_t)record.value_bytes;
    if (status != ARCHIVE_OK || room == 0)
        return status;
    if (*bytes > room)
        return fail(archive, ARCHIVE_NO_ROOM, "the buffer is too small");
    return archive_fetch(archive, record.value, buffer, *bytes);
}
