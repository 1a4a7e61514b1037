/* SPDX-License-Identifier: MIT */
/*
 * cpio: the headers of newc. Sums of contents, which the variant 070702 has, are not looked at:
 * that would take reading all of them.
 */
#include "names.h"

enum {
    HEADER_BYTES = 110, FIELD_BYTES = 8, FIELDS_FROM = 6, ALIGN = 4,
};

/* The fields in their order, 8 hexadecimal digits each. */
enum field {
    FIELD_INODE, FIELD_MODE, FIELD_USER, FIELD_GROUP, FIELD_LINKS, FIELD_TIME, FIELD_SIZE,
    FIELD_MAJOR, FIELD_MINOR, FIELD_DEVICE_MAJOR, FIELD_DEVICE_MINOR, FIELD_NAME_BYTES,
    FIELD_SUM, FIELDS,
};

static const char structure[] = "cpio header";
static const char trailer[] = "TRAILER!!!";

static bool read_fields(const uint8_t *header, uint32_t fields[FIELDS])
{
    const uint8_t *at = header + FIELDS_FROM;
    for (unsigned field = 0; field < FIELDS; field++) {
        fields[field] = 0;
        for (unsigned i = 0; i < FIELD_BYTES; i++, at++) {
            uint8_t low = *at | 0x20;
            uint32_t digit = *at >= '0' && *at <= '9' ? *at - (uint32_t)'0'
                             : low >= 'a' && low <= 'f' ? low - (uint32_t)'a' + 10 : 16;
            if (digit > 15)
                return false;
            fields[field] = fields[field] << 4 | digit;
        }
    }
    return true;
}

static void put_identity(uint8_t *identity, const uint32_t fields[FIELDS])
{
    const uint32_t words[] = {fields[FIELD_MAJOR], fields[FIELD_MINOR], fields[FIELD_INODE]};
    memcpy(identity, words, IDENTITY_BYTES);
}

/* Reads a name, or a link's target, into one of the archive's buffers. */
static enum archive_status read_text(struct archive *archive, const struct member *member,
                                     uint64_t place, size_t bytes, char *to, const char *nul)
{
    enum archive_status status = archive_peek(archive, place, to, bytes);
    if (status == ARCHIVE_OK && find_byte(to, '\0', bytes))
        return member_fail(archive, member, ARCHIVE_CORRUPT, nul);
    return status;
}

static enum archive_status read_name(struct archive *archive, struct member *member,
                                     uint32_t bytes)
{
    uint64_t size = archive->source.bytes, place = member->place + HEADER_BYTES;
    char end;
    if (bytes == 0)
        return member_fail(archive, member, ARCHIVE_CORRUPT, "it has no name");
    if (bytes - 1 > ARCHIVE_PATH_MAX)
        return member_fail(archive, member, ARCHIVE_CORRUPT, "its name has more than 4095 bytes");
    if (bytes > size - place)
        return member_fail(archive, member, ARCHIVE_CORRUPT, "its name ends behind the archive");
    enum archive_status status = read_text(archive, member, place, bytes - 1, archive->name,
                                           "a NUL in its name");
    if (status == ARCHIVE_OK)
        status = archive_peek(archive, place + bytes - 1, &end, 1);
    if (status != ARCHIVE_OK)
        return status;
    member->name_bytes = bytes - 1;
    if (end)
        return member_fail(archive, member, ARCHIVE_CORRUPT, "its name does not end with a NUL");
    return ARCHIVE_OK;
}

/* What kind of file it is, and what a file of that kind has. */
static enum archive_status read_kind(struct archive *archive, struct member *member,
                                     const uint32_t fields[FIELDS])
{
    struct inode *inode = &member->inode;
    member->has_identity = fields[FIELD_LINKS] > 1;
    put_identity(member->identity, fields);
    switch (inode->mode & MODE_TYPE) {
    case MODE_FILE:
        return ARCHIVE_OK;
    case MODE_LINK:
        if (inode->size == 0 || inode->size > ARCHIVE_PATH_MAX)
            return member_fail(archive, member, ARCHIVE_CORRUPT,
                               "a symbolic link's target has no bytes or more than 4095");
        return read_text(archive, member, inode->data, (size_t)inode->size, archive->target,
                         "a NUL in a symbolic link's target");
    case MODE_DIRECTORY:
        member->has_identity = false;
        break;
    case MODE_CHARACTER:
    case MODE_BLOCK:
        inode->device_major = fields[FIELD_DEVICE_MAJOR];
        inode->device_minor = fields[FIELD_DEVICE_MINOR];
        break;
    case MODE_FIFO:
    case MODE_SOCKET:
        break;
    default:
        return member_fail(archive, member, ARCHIVE_CORRUPT, "its type is unknown");
    }
    inode->size = 0; /* what such a one has, nobody reads */
    return ARCHIVE_OK;
}

static uint64_t aligned(uint64_t place)
{
    return (place + ALIGN - 1) & ~(uint64_t)(ALIGN - 1);
}

/* Reads an entry and steps behind it. */
static enum archive_status read_entry(struct archive *archive, uint64_t *place, bool *is_end)
{
    uint64_t size = archive->source.bytes;
    struct member member = {.structure = structure, .place = *place};
    uint8_t header[HEADER_BYTES];
    uint32_t fields[FIELDS];
    if (*place > size || size - *place < HEADER_BYTES)
        return archive_fail(archive, ARCHIVE_CORRUPT, structure, *place,
                            "the archive ends before its trailer");
    enum archive_status status = archive_peek(archive, *place, header, sizeof header);
    if (status != ARCHIVE_OK)
        return status;
    if (memcmp(header, "070701", 6) != 0 && memcmp(header, "070702", 6) != 0)
        return archive_fail(archive, ARCHIVE_CORRUPT, structure, *place,
                            "the magic number is wrong");
    if (!read_fields(header, fields))
        return archive_fail(archive, ARCHIVE_CORRUPT, structure, *place,
                            "a field holds no hexadecimal number");
    status = read_name(archive, &member, fields[FIELD_NAME_BYTES]);
    if (status != ARCHIVE_OK)
        return status;
    uint64_t data = aligned(*place + HEADER_BYTES + fields[FIELD_NAME_BYTES]);
    *is_end = member.name_bytes == sizeof trailer - 1 &&
              memcmp(archive->name, trailer, sizeof trailer - 1) == 0;
    if (!*is_end && (data > size || fields[FIELD_SIZE] > size - data))
        return member_fail(archive, &member, ARCHIVE_CORRUPT,
                           "its content ends behind the archive");
    *place = *is_end ? data : aligned(data + fields[FIELD_SIZE]);
    if (*is_end)
        return ARCHIVE_OK;
    member.inode = (struct inode){
        .mode = (uint16_t)fields[FIELD_MODE], .user = fields[FIELD_USER],
        .group = fields[FIELD_GROUP], .seconds = fields[FIELD_TIME],
        .size = fields[FIELD_SIZE], .data = data};
    if (fields[FIELD_MODE] > UINT16_MAX)
        return member_fail(archive, &member, ARCHIVE_CORRUPT, "its type is unknown");
    status = read_kind(archive, &member, fields);
    return status == ARCHIVE_OK ? member_place(archive, &member) : status;
}

enum archive_status cpio_read(struct archive *archive)
{
    uint64_t place = 0;
    bool is_end = false;
    enum archive_status status = ARCHIVE_OK;
    archive->facts.format = "cpio newc";
    while (status == ARCHIVE_OK && !is_end)
        status = read_entry(archive, &place, &is_end);
    archive->facts.bytes = place < archive->source.bytes ? place : archive->source.bytes;
    return status;
}
