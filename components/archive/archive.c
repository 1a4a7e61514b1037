/* SPDX-License-Identifier: MIT */
/* archive: opening, which kind it is, its bytes, and what it says of itself. */
#include "names.h"

#include "format.h"
#include "text.h"

enum { ALIGNMENT = 16, BLOCK_BYTES = 512, EMPTY_BYTES_MAX = 10240 };

enum archive_status archive_fail(struct archive *archive, enum archive_status status,
                                 const char *structure, uint64_t place, const char *what)
{
    archive->error = (struct archive_error){.status = status, .structure = structure,
                                            .what = what, .place = place};
    return status;
}

enum archive_status member_fail(struct archive *archive, const struct member *member,
                                enum archive_status status, const char *what)
{
    size_t bytes = member->name_bytes;
    archive_fail(archive, status, member->structure, member->place, what);
    if (bytes >= sizeof archive->error.name)
        bytes = sizeof archive->error.name - 1;
    memcpy(archive->error.name, archive->name, bytes);
    return status;
}

enum archive_status archive_fetch(struct archive *archive, uint64_t place, void *buffer,
                                  size_t bytes)
{
    if (place > archive->source.bytes || bytes > archive->source.bytes - place)
        return archive_fail(archive, ARCHIVE_CORRUPT, "archive", archive->source.bytes,
                            "it is cut off");
    if (bytes == 0)
        return ARCHIVE_OK;
    int code = archive->source.read(archive->source.context, place, buffer, bytes);
    if (code == 0)
        return ARCHIVE_OK;
    archive_fail(archive, ARCHIVE_DEVICE, "archive", place, "it could not be read");
    archive->error.value = (uint64_t)(int64_t)code;
    return ARCHIVE_DEVICE;
}

enum archive_status archive_peek(struct archive *archive, uint64_t place, void *buffer,
                                 size_t bytes)
{
    uint64_t size = archive->source.bytes;
    if (bytes > WINDOW_BYTES || place > size || bytes > size - place)
        return archive_fetch(archive, place, buffer, bytes);
    if (place < archive->window_place ||
        place - archive->window_place + bytes > archive->window_bytes) {
        size_t wanted = size - place < WINDOW_BYTES ? (size_t)(size - place) : WINDOW_BYTES;
        archive->window_bytes = 0;
        enum archive_status status = archive_fetch(archive, place, archive->window, wanted);
        if (status != ARCHIVE_OK)
            return status;
        archive->window_place = place;
        archive->window_bytes = wanted;
    }
    memcpy(buffer, archive->window + (place - archive->window_place), bytes);
    return ARCHIVE_OK;
}

/* --- Opening ---------------------------------------------------------------------------------- */

/* What else a file may be that somebody takes for an archive, by its first bytes. */
static const struct {
    const char *bytes;
    size_t count;
    const char *what;
} strangers[] = {
    {"070707", 6, "the old character format of cpio; only newc is read"},
    {"\xc7\x71", 2, "the binary format of cpio; only newc is read"},
    {"\x71\xc7", 2, "the binary format of cpio; only newc is read"},
    {"\x1f\x8b", 2, "compression by gzip; unpack it first"},
    {"\xfd" "7zXZ", 5, "compression by xz; unpack it first"},
    {"\x28\xb5\x2f\xfd", 4, "compression by zstd; unpack it first"},
    {"BZh", 3, "compression by bzip2; unpack it first"},
};

static enum archive_status read_headers(struct archive *archive)
{
    static const uint8_t zeros[BLOCK_BYTES];
    uint8_t block[BLOCK_BYTES] = {0};
    uint64_t size = archive->source.bytes;
    size_t bytes = size < BLOCK_BYTES ? (size_t)size : BLOCK_BYTES;
    enum archive_status status = archive_peek(archive, 0, block, bytes);
    if (status != ARCHIVE_OK)
        return status;
    if (memcmp(block, "070701", 6) == 0 || memcmp(block, "070702", 6) == 0)
        return cpio_read(archive);
    if (bytes == BLOCK_BYTES && tar_is_header(block))
        return tar_read(archive);
    if (bytes == BLOCK_BYTES && size <= EMPTY_BYTES_MAX && memcmp(block, zeros, bytes) == 0)
        return tar_read(archive);
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        if (memcmp(block, strangers[i].bytes, strangers[i].count) == 0)
            return archive_fail(archive, ARCHIVE_UNSUPPORTED, "archive", ARCHIVE_NO_PLACE,
                                strangers[i].what);
    return archive_fail(archive, ARCHIVE_NO_ARCHIVE, "archive", 0,
                        "it begins like no archive of cpio or tar");
}

enum archive_status archive_open(const struct archive_source *source, void *memory, size_t bytes,
                                 struct archive **archive, struct archive_error *error)
{
    struct archive *made = memory;
    size_t state = (sizeof *made + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    *archive = NULL;
    bytes &= ~(size_t)(ALIGNMENT - 1);
    if (bytes < state) {
        *error = (struct archive_error){.status = ARCHIVE_NO_MEMORY, .structure = "archive",
                                        .what = "its index needs more memory",
                                        .place = ARCHIVE_NO_PLACE, .value = state - bytes};
        return ARCHIVE_NO_MEMORY;
    }
    memset(made, 0, sizeof *made);
    made->source = *source;
    made->memory = (uint8_t *)memory + state;
    made->inodes = (struct inode *)(void *)((uint8_t *)memory + bytes);
    made->facts.memory_bytes = bytes - state;
    enum archive_status status = names_start(made);
    if (status == ARCHIVE_OK)
        status = read_headers(made);
    for (uint32_t number = 1; status == ARCHIVE_OK && number <= made->inode_count; number++) {
        const struct inode *inode = inode_at(made, number);
        made->facts.inodes += inode->links > 0;
        if (mode_is(inode->mode, MODE_FILE) && inode->links > 0)
            made->facts.content_bytes += inode->size;
    }
    if (status == ARCHIVE_OK)
        *archive = made;
    else
        *error = made->error;
    return status;
}

/* --- What it says ----------------------------------------------------------------------------- */

const struct archive_error *archive_error(const struct archive *archive)
{
    return &archive->error;
}

size_t archive_error_text(const struct archive_error *error, char *to, size_t room)
{
    char place[40] = "", value[40] = "";
    if (error->place != ARCHIVE_NO_PLACE)
        format(place, sizeof place, " at byte %llu", (unsigned long long)error->place);
    if (error->status == ARCHIVE_DEVICE)
        format(value, sizeof value, ", error %llu", (unsigned long long)error->value);
    if (error->status == ARCHIVE_NO_MEMORY)
        format(value, sizeof value, ", %llu bytes", (unsigned long long)error->value);
    return format(to, room, "%s%s%s%s: %s%s%s", error->structure, place,
                  error->name[0] ? ", entry " : "", error->name,
                  error->status == ARCHIVE_UNSUPPORTED ? "we cannot read this: " : "",
                  error->what, value);
}

void archive_facts(const struct archive *archive, struct archive_facts *facts)
{
    *facts = archive->facts;
    facts->memory_used = (size_t)archive->places * PLACE_BYTES +
                         (size_t)archive->inode_count * sizeof(struct inode);
}
