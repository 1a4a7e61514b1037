/* SPDX-License-Identifier: MIT */
/*
 * tar: blocks of 512 bytes, by POSIX.1-2024 (ustar and pax) and what GNU tar makes of them: long
 * names (L, K) and numbers in base 256. Entries of GNU tar that are no whole files are refused.
 */
#include "names.h"

enum {
    BLOCK_BYTES = 512, NAME_AT = 0, NAME_BYTES = 100, MODE_AT = 100, USER_AT = 108, GROUP_AT = 116,
    SIZE_AT = 124, TIME_AT = 136, SUM_AT = 148, TYPE_AT = 156, TARGET_AT = 157, MAGIC_AT = 257,
    MAJOR_AT = 329, MINOR_AT = 337, PREFIX_AT = 345, PREFIX_BYTES = 155, NUMBER_BYTES = 8,
    LONG_NUMBER_BYTES = 12, PAX_BYTES_MAX = 1 << 24,
    ATTRIBUTES_MAX = 128,
};

static const char structure[] = "tar header";
static const char pax_structure[] = "pax header";

/* What extended headers say of the entry behind them. */
struct extension {
    struct member member; /* its inode's fields, and the lengths of name and target, as far as: */
    bool has_name, has_target, has_size, has_user, has_group, has_time;
    bool is_any;          /* some header waits for its entry */
    uint64_t target_place;
};

struct reader {
    struct archive *archive;
    uint8_t header[BLOCK_BYTES];
    uint64_t place, data, size; /* of the header; of what is behind it */
    struct extension local, global;
};

bool tar_is_header(const uint8_t *bytes)
{
    uint32_t sum = 0, given = 0, digits = 0;
    int32_t sum_signed = 0;
    size_t at = SUM_AT;
    while (at < SUM_AT + NUMBER_BYTES && bytes[at] == ' ')
        at++;
    for (; at < SUM_AT + NUMBER_BYTES && bytes[at] >= '0' && bytes[at] <= '7'; at++, digits++)
        given = given * 8 + bytes[at] - '0';
    for (size_t i = 0; i < BLOCK_BYTES; i++) {
        bool is_sum = i >= SUM_AT && i < SUM_AT + NUMBER_BYTES;
        sum += is_sum ? ' ' : bytes[i];
        sum_signed += is_sum ? ' ' : (int8_t)bytes[i];
    }
    /* Some old programs have taken bytes for signed. */
    return digits > 0 && (given == sum || given == (uint32_t)sum_signed);
}

static enum archive_status fail(struct reader *reader, const char *what)
{
    return member_fail(reader->archive, &reader->local.member, ARCHIVE_CORRUPT, what);
}

/* A number in octal digits, or in base 256 when its first byte says so; all zeros is 0. */
static bool read_number(const uint8_t *field, size_t bytes, int64_t *number)
{
    uint64_t value = 0;
    size_t at = 0;
    if (field[0] & 0x80) {
        bool is_negative = field[0] & 0x40;
        value = is_negative ? ~UINT64_C(0) : 0;
        for (at = 0; at < bytes; at++) {
            uint8_t byte = at ? field[at] : (uint8_t)((field[0] & 0x7f) | (is_negative ? 0x80 : 0));
            uint8_t filler = is_negative ? 0xff : 0;
            if (bytes - at > 8 && byte != filler)
                return false;
            value = value << 8 | byte;
        }
        *number = (int64_t)value;
        return (*number < 0) == is_negative;
    }
    while (at < bytes && field[at] == ' ')
        at++;
    for (; at < bytes && field[at] >= '0' && field[at] <= '7'; at++)
        value = value * 8 + field[at] - '0'; /* at most 36 bits */
    *number = (int64_t)value;
    return at == bytes || field[at] == ' ' || field[at] == '\0';
}

static bool read_word(const uint8_t *field, uint32_t *word)
{
    int64_t number;
    if (!read_number(field, NUMBER_BYTES, &number) || number < 0 || number > UINT32_MAX)
        return false;
    *word = (uint32_t)number;
    return true;
}

static size_t text_bytes(const uint8_t *field, size_t bytes)
{
    const char *text = (const char *)field, *end = find_byte(text, '\0', bytes);
    return end ? (size_t)(end - text) : bytes;
}

/* Takes the name over from the header, unless there was a longer one before it. */
static void read_name(struct reader *reader)
{
    char *name = reader->archive->name;
    const uint8_t *header = reader->header;
    size_t bytes = text_bytes(header + NAME_AT, NAME_BYTES), prefix = 0;
    if (reader->local.has_name)
        return;
    /* In what GNU tar writes, other things are in the place of the prefix. */
    if (memcmp(header + MAGIC_AT, "ustar\0", 6) == 0)
        prefix = text_bytes(header + PREFIX_AT, PREFIX_BYTES);
    memcpy(name, header + PREFIX_AT, prefix);
    if (prefix)
        name[prefix++] = '/';
    memcpy(name + prefix, header + NAME_AT, bytes);
    reader->local.member.name_bytes = prefix + bytes;
}

/* --- Extended headers ------------------------------------------------------------------------- */

/* The text of a header L or K, up to its NUL. */
static enum archive_status read_long(struct reader *reader, char *to, size_t *bytes)
{
    size_t size = reader->size > ARCHIVE_PATH_MAX + 1 ? 0 : (size_t)reader->size;
    char last = '\0';
    if (size == 0)
        return fail(reader, "a long name has no bytes or more than 4095");
    enum archive_status status = archive_peek(reader->archive, reader->data, to, size - 1);
    if (status == ARCHIVE_OK)
        status = archive_peek(reader->archive, reader->data + size - 1, &last, 1);
    *bytes = text_bytes((const uint8_t *)to, size - 1);
    if (status == ARCHIVE_OK && last)
        return fail(reader, "a long name does not end with a NUL");
    return status;
}

/* A path of a record, into one of the archive's buffers. */
static enum archive_status record_path(struct reader *reader, const struct pax_record *record,
                                       char *to, size_t *bytes)
{
    if (record->value_bytes > ARCHIVE_PATH_MAX)
        return fail(reader, "a name in its pax header has more than 4095 bytes");
    *bytes = (size_t)record->value_bytes;
    enum archive_status status = archive_peek(reader->archive, record->value, to, *bytes);
    if (status == ARCHIVE_OK && find_byte(to, '\0', *bytes))
        return fail(reader, "a NUL in a name in its pax header");
    return status;
}

static enum archive_status record_number(struct reader *reader, const struct pax_record *record,
                                         uint64_t limit, uint64_t *number)
{
    char text[20];
    size_t bytes = (size_t)record->value_bytes;
    *number = 0;
    if (record->value_bytes > sizeof text - 1)
        return fail(reader, "a number in its pax header is too large");
    enum archive_status status = archive_peek(reader->archive, record->value, text, bytes);
    for (size_t at = 0; status == ARCHIVE_OK && at < bytes; at++) {
        if (text[at] < '0' || text[at] > '9')
            return fail(reader, "a number in its pax header has other characters than digits");
        *number = *number * 10 + (uint64_t)(text[at] - '0'); /* 19 digits fit */
    }
    if (status == ARCHIVE_OK && *number > limit)
        return fail(reader, "a number in its pax header is too large");
    return status;
}

static bool is_key(const struct pax_record *record, const char *key)
{
    return text_is(record->key, record->key_bytes, key);
}

/* What a record says of user, group or time; a record without a value takes back what was said. */
static enum archive_status read_owner(struct reader *reader, struct extension *to,
                                      const struct pax_record *record)
{
    struct inode *inode = &to->member.inode;
    bool has_value = record->value_bytes > 0;
    enum archive_status status = ARCHIVE_OK;
    uint64_t number = 0;
    struct archive_time time = {0, 0};
    if (is_key(record, "uid") || is_key(record, "gid")) {
        bool is_user = record->key[0] == 'u';
        status = record_number(reader, record, UINT32_MAX, &number);
        *(is_user ? &inode->user : &inode->group) = (uint32_t)number;
        *(is_user ? &to->has_user : &to->has_group) = has_value;
    } else if (is_key(record, "mtime")) {
        if (has_value)
            status = pax_time(reader->archive, record, &time);
        inode->seconds = time.seconds;
        inode->nanoseconds = time.nanoseconds;
        to->has_time = has_value;
    } else if (has_value && (is_key(record, "atime") || is_key(record, "ctime"))) {
        status = pax_time(reader->archive, record, &time);
    }
    return status;
}

/* A record of the entry's own header; `attributes` counts those that are extended attributes. */
static enum archive_status read_record(struct reader *reader, const struct pax_record *record,
                                       uint32_t *attributes)
{
    struct extension *local = &reader->local;
    struct archive *archive = reader->archive;
    bool has_value = record->value_bytes > 0;
    const char *name;
    if (pax_is_attribute(record, &name)) {
        if (record->value_bytes > ARCHIVE_ATTRIBUTE_BYTES_MAX)
            return fail(reader, "an extended attribute has more than 64 KiB");
        if (strlen(name) != (size_t)(record->key + record->key_bytes - name))
            return fail(reader, "a NUL in the name of an extended attribute");
        ++*attributes;
    } else if (is_key(record, "path")) {
        local->has_name = has_value;
        return record_path(reader, record, archive->name, &local->member.name_bytes);
    } else if (is_key(record, "linkpath")) {
        local->has_target = has_value;
        local->target_place = record->value;
        return record_path(reader, record, archive->target, &local->member.target_bytes);
    } else if (is_key(record, "size")) {
        local->has_size = has_value;
        return record_number(reader, record, INT64_MAX, &local->member.inode.size);
    } else if (record->key_bytes > 11 && memcmp(record->key, "GNU.sparse.", 11) == 0) {
        return member_fail(archive, &local->member, ARCHIVE_UNSUPPORTED,
                           "a sparse file of GNU tar; make the archive without --sparse");
    }
    return read_owner(reader, local, record);
}

static enum archive_status read_pax(struct reader *reader, bool is_global)
{
    uint64_t place = reader->data, end = reader->data + reader->size;
    uint32_t attributes = 0, records = 0;
    bool has_times = false;
    struct pax_record record;
    struct inode *inode = &reader->local.member.inode;
    if (reader->size > PAX_BYTES_MAX)
        return fail(reader, "it is larger than 16 MiB");
    while (place < end) {
        enum archive_status status = pax_next(reader->archive, &place, end, &record);
        if (status == ARCHIVE_OK)
            status = is_global ? read_owner(reader, &reader->global, &record)
                               : read_record(reader, &record, &attributes);
        if (status != ARCHIVE_OK)
            return status;
        has_times = has_times || is_key(&record, "atime") || is_key(&record, "ctime");
        if (++records > PAX_RECORDS_MAX || attributes > ATTRIBUTES_MAX)
            return fail(reader, "it has more than 1024 records or 128 extended attributes");
    }
    if (!is_global && (attributes || has_times)) {
        inode->attributes = reader->data;
        inode->attributes_bytes = (uint32_t)reader->size;
    }
    return ARCHIVE_OK;
}

/* Reads a header that says something of the next one; *is_entry is false for these. */
static enum archive_status read_extension(struct reader *reader, bool *is_entry)
{
    struct extension *local = &reader->local;
    *is_entry = false;
    switch (reader->header[TYPE_AT]) {
    case 'x':
        local->is_any = true;
        local->member.structure = pax_structure;
        return read_pax(reader, false);
    case 'g':
        local->member.structure = pax_structure;
        return read_pax(reader, true);
    case 'L':
        local->is_any = local->has_name = true;
        return read_long(reader, reader->archive->name, &local->member.name_bytes);
    case 'K':
        local->is_any = local->has_target = true;
        local->target_place = reader->data;
        return read_long(reader, reader->archive->target, &local->member.target_bytes);
    case 'V': /* a label of the volume */
        return ARCHIVE_OK;
    default:
        *is_entry = true;
        return ARCHIVE_OK;
    }
}

/* --- Entries ---------------------------------------------------------------------------------- */

static enum archive_status read_target(struct reader *reader)
{
    struct member *member = &reader->local.member;
    if (!reader->local.has_target) {
        member->target_bytes = text_bytes(reader->header + TARGET_AT, NAME_BYTES);
        memcpy(reader->archive->target, reader->header + TARGET_AT, member->target_bytes);
        reader->local.target_place = reader->place + TARGET_AT;
    }
    if (member->target_bytes == 0)
        return fail(reader, "it is a link without a target");
    member->inode.data = reader->local.target_place;
    member->inode.size = member->target_bytes;
    return ARCHIVE_OK;
}

/* The type of the file that an entry is; 0: it is none that we read. */
static enum mode_type type_of(const struct reader *reader)
{
    const struct archive *archive = reader->archive;
    size_t bytes = reader->local.member.name_bytes;
    switch (reader->header[TYPE_AT]) {
    case '\0': /* before POSIX a slash was all that told a directory */
    case '0':
    case '7':
        return bytes && archive->name[bytes - 1] == '/' ? MODE_DIRECTORY : MODE_FILE;
    case '1':
        return MODE_FILE;
    case '2':
        return MODE_LINK;
    case '3':
        return MODE_CHARACTER;
    case '4':
        return MODE_BLOCK;
    case '5':
    case 'D': /* of GNU tar: a directory, with a list of its names as content */
        return MODE_DIRECTORY;
    case '6':
        return MODE_FIFO;
    default:
        return (enum mode_type)0;
    }
}

/* The numbers that every header has, unless an extended header has said others. */
static enum archive_status read_numbers(struct reader *reader, enum mode_type type)
{
    struct extension *local = &reader->local, *global = &reader->global;
    struct inode *inode = &local->member.inode;
    const uint8_t *header = reader->header;
    uint32_t mode;
    if (!read_word(header + MODE_AT, &mode))
        return fail(reader, "its mode is no number");
    inode->mode = (uint16_t)((mode & MODE_REST) | type);
    if (!local->has_user && global->has_user)
        inode->user = global->member.inode.user;
    else if (!local->has_user && !read_word(header + USER_AT, &inode->user))
        return fail(reader, "its user is no number of 32 bits");
    if (!local->has_group && global->has_group)
        inode->group = global->member.inode.group;
    else if (!local->has_group && !read_word(header + GROUP_AT, &inode->group))
        return fail(reader, "its group is no number of 32 bits");
    if (!local->has_time && global->has_time) {
        inode->seconds = global->member.inode.seconds;
        inode->nanoseconds = global->member.inode.nanoseconds;
    } else if (!local->has_time &&
               !read_number(header + TIME_AT, LONG_NUMBER_BYTES, &inode->seconds)) {
        return fail(reader, "its time is no number of 64 bits");
    }
    if ((type == MODE_CHARACTER || type == MODE_BLOCK) &&
        (!read_word(header + MAJOR_AT, &inode->device_major) ||
         !read_word(header + MINOR_AT, &inode->device_minor)))
        return fail(reader, "the number of its device is no number of 32 bits");
    return ARCHIVE_OK;
}

static enum archive_status read_entry(struct reader *reader)
{
    struct member *member = &reader->local.member;
    enum mode_type type = type_of(reader);
    enum archive_status status;
    if (!type)
        return member_fail(reader->archive, member, ARCHIVE_UNSUPPORTED,
                           reader->header[TYPE_AT] == 'S'
                               ? "a sparse file of GNU tar; make the archive without --sparse"
                               : "an entry of an unknown type");
    status = read_numbers(reader, type);
    if (status != ARCHIVE_OK)
        return status;
    member->is_hard_link = reader->header[TYPE_AT] == '1';
    member->inode.size = type == MODE_FILE ? reader->size : 0;
    member->inode.data = reader->data;
    if (member->is_hard_link || type == MODE_LINK)
        status = read_target(reader);
    return status == ARCHIVE_OK ? member_place(reader->archive, member) : status;
}

/* The sizes of a header's content, and that it lies in the archive. */
static enum archive_status read_size(struct reader *reader)
{
    uint64_t all = reader->archive->source.bytes;
    uint8_t type = reader->header[TYPE_AT];
    int64_t size;
    bool is_extension = type == 'x' || type == 'g' || type == 'L' || type == 'K';
    if (!read_number(reader->header + SIZE_AT, LONG_NUMBER_BYTES, &size) || size < 0)
        return fail(reader, "its size is no number of 63 bits");
    reader->size = reader->local.has_size && !is_extension ? reader->local.member.inode.size
                                                          : (uint64_t)size;
    reader->data = reader->place + BLOCK_BYTES;
    if (type == '1')
        reader->size = 0; /* old programs wrote that of the file, but no content */
    if (reader->size > all - reader->data ||
        (BLOCK_BYTES - reader->size % BLOCK_BYTES) % BLOCK_BYTES >
            all - reader->data - reader->size)
        return fail(reader, "its content ends behind the archive");
    return ARCHIVE_OK;
}

/* Reads a header and steps behind what belongs to it. */
static enum archive_status read_header(struct reader *reader, bool *is_end)
{
    static const uint8_t zeros[BLOCK_BYTES];
    struct archive *archive = reader->archive;
    bool is_entry;
    if (archive->source.bytes - reader->place < BLOCK_BYTES)
        return archive_fail(archive, ARCHIVE_CORRUPT, structure, reader->place,
                            "the archive ends without its two blocks of zeros");
    enum archive_status status = archive_peek(archive, reader->place, reader->header,
                                              BLOCK_BYTES);
    if (status != ARCHIVE_OK)
        return status;
    if (memcmp(reader->header, zeros, BLOCK_BYTES) == 0) {
        reader->place += BLOCK_BYTES;
        if (!*is_end && reader->local.is_any)
            return archive_fail(archive, ARCHIVE_CORRUPT, structure, reader->place - BLOCK_BYTES,
                                "an extended header belongs to no entry");
        *is_end = true;
        return ARCHIVE_OK;
    }
    if (*is_end)
        return archive_fail(archive, ARCHIVE_CORRUPT, structure, reader->place,
                            "only one block of zeros is before it");
    if (!tar_is_header(reader->header))
        return archive_fail(archive, ARCHIVE_CORRUPT, structure, reader->place,
                            "the checksum is wrong");
    reader->local.member.structure = structure;
    reader->local.member.place = reader->place;
    read_name(reader);
    status = read_size(reader);
    if (status == ARCHIVE_OK)
        status = read_extension(reader, &is_entry);
    if (status == ARCHIVE_OK && is_entry) {
        status = read_entry(reader);
        reader->local = (struct extension){.is_any = false};
    }
    reader->place = reader->data +
                    ((reader->size + BLOCK_BYTES - 1) & ~(uint64_t)(BLOCK_BYTES - 1));
    return status;
}

enum archive_status tar_read(struct archive *archive)
{
    struct reader reader = {.archive = archive};
    bool is_end = false, was_end = false;
    enum archive_status status = ARCHIVE_OK;
    archive->facts.format = "tar";
    while (status == ARCHIVE_OK && !(is_end && was_end)) {
        was_end = is_end;
        status = read_header(&reader, &is_end);
    }
    archive->facts.bytes = reader.place;
    return status;
}
