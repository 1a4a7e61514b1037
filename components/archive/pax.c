/* SPDX-License-Identifier: MIT */
/* pax: the records of extended headers (POSIX.1-2024, pax, "pax Extended Header"). */
#include "names.h"

enum { LENGTH_DIGITS_MAX = 10, TIME_BYTES_MAX = 40 };

static const char structure[] = "record of a pax header";

static enum archive_status fail(struct archive *archive, uint64_t place, const char *what)
{
    return archive_fail(archive, ARCHIVE_CORRUPT, structure, place, what);
}

enum archive_status pax_next(struct archive *archive, uint64_t *place, uint64_t end,
                             struct pax_record *record)
{
    char text[LENGTH_DIGITS_MAX + 1 + PAX_KEY_BYTES], last;
    uint64_t rest = end - *place, bytes = 0;
    size_t room = rest < sizeof text ? (size_t)rest : sizeof text, at = 0;
    enum archive_status status = archive_peek(archive, *place, text, room);
    if (status != ARCHIVE_OK)
        return status;
    while (at < room && at < LENGTH_DIGITS_MAX && text[at] >= '0' && text[at] <= '9')
        bytes = bytes * 10 + (uint64_t)(text[at++] - '0');
    if (at == 0 || at == room || text[at] != ' ')
        return fail(archive, *place, "it does not begin with its length");
    at++;
    if (bytes > rest || bytes < at + 2)
        return fail(archive, *place, "its length does not fit into the header");
    if (room > bytes)
        room = (size_t)bytes;
    const char *equals = find_byte(text + at, '=', room - at);
    if (!equals || (size_t)(equals - text) - at >= PAX_KEY_BYTES)
        return fail(archive, *place, "it has no keyword, or a too long one");
    record->key_bytes = (size_t)(equals - text) - at;
    memcpy(record->key, text + at, record->key_bytes);
    record->key[record->key_bytes] = '\0';
    status = archive_peek(archive, *place + bytes - 1, &last, 1);
    if (status != ARCHIVE_OK)
        return status;
    size_t head = at + record->key_bytes + 1;
    if (last != '\n' || bytes < head + 1)
        return fail(archive, *place, "it does not end where its length says");
    record->value = *place + head;
    record->value_bytes = bytes - head - 1;
    *place += bytes;
    return ARCHIVE_OK;
}

bool pax_is_attribute(const struct pax_record *record, const char **name)
{
    static const char prefix[] = "SCHILY.xattr.";
    *name = record->key + sizeof prefix - 1;
    return record->key_bytes >= sizeof prefix &&
           memcmp(record->key, prefix, sizeof prefix - 1) == 0;
}

enum archive_status pax_time(struct archive *archive, const struct pax_record *record,
                             struct archive_time *time)
{
    char text[TIME_BYTES_MAX];
    size_t bytes = (size_t)record->value_bytes, at = 0, digits = 0;
    uint64_t seconds = 0, nanoseconds = 0, unit = 1000000000;
    if (record->value_bytes > sizeof text)
        return fail(archive, record->value, "it holds no time");
    enum archive_status status = archive_peek(archive, record->value, text, bytes);
    if (status != ARCHIVE_OK)
        return status;
    bool is_negative = bytes > 0 && text[0] == '-';
    for (at = is_negative; at < bytes && text[at] >= '0' && text[at] <= '9'; at++, digits++)
        seconds = seconds > INT64_MAX / 16 ? seconds : seconds * 10 + (uint64_t)(text[at] - '0');
    if (digits == 0 || seconds > INT64_MAX / 16)
        return fail(archive, record->value, "it holds no time");
    if (at < bytes && text[at] == '.')
        for (at++; at < bytes && text[at] >= '0' && text[at] <= '9'; at++) {
            unit /= 10;
            nanoseconds += unit * (uint64_t)(text[at] - '0');
        }
    if (at != bytes)
        return fail(archive, record->value, "it holds no time");
    /* The fraction counts forwards in time, also before 1970. */
    time->seconds = is_negative ? -(int64_t)seconds : (int64_t)seconds;
    if (is_negative && nanoseconds > 0) {
        time->seconds--;
        nanoseconds = 1000000000 - nanoseconds;
    }
    time->nanoseconds = (uint32_t)nanoseconds;
    return ARCHIVE_OK;
}
