/* SPDX-License-Identifier: MIT */
#include "processors.h"

enum {
    HEADER_BYTES = 36,       /* of each table: signature, length, ... */
    FIRST_ENTRY = 44,        /* of the one that lists controllers */
    ENTRY_LOCAL = 0,         /* a local controller: ACPI's number, its own, flags */
    ENTRY_LOCAL_BYTES = 8,
    ENTRY_WIDE = 9,          /* one with a number of 32 bits */
    ENTRY_WIDE_BYTES = 16,
    FLAG_ENABLED = 1,
};

static uint32_t word(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

/* The controllers of one table, whose length was checked. */
static uint32_t read_controllers(const uint8_t *table, uint32_t bytes, uint64_t *numbers,
                                 uint32_t room)
{
    uint32_t count = 0;
    for (uint32_t at = FIRST_ENTRY; bytes - at >= 2 && at < bytes && count < room;) {
        const uint8_t *entry = table + at;
        uint32_t size = entry[1];
        if (size < 2 || size > bytes - at)
            break;
        if (entry[0] == ENTRY_LOCAL && size >= ENTRY_LOCAL_BYTES &&
            (word(entry + 4) & FLAG_ENABLED))
            numbers[count++] = entry[3];
        else if (entry[0] == ENTRY_WIDE && size >= ENTRY_WIDE_BYTES &&
                 (word(entry + 8) & FLAG_ENABLED))
            numbers[count++] = word(entry + 4);
        at += size;
    }
    return count;
}

uint32_t processors_in_tables(const uint8_t *tables, uint32_t bytes, uint64_t *numbers,
                              uint32_t room)
{
    for (uint32_t at = 0; bytes - at >= 8 && at < bytes;) {
        const uint8_t *table = tables + at;
        uint32_t length = word(table + 4);
        if (length < HEADER_BYTES && word(table) == 0) {
            at++; /* tables are aligned: padding */
            continue;
        }
        if (length < HEADER_BYTES || length > bytes - at)
            break;
        if (word(table) == 0x43495041 /* "APIC" */ && length >= FIRST_ENTRY)
            return read_controllers(table, length, numbers, room);
        at += length;
    }
    return 0;
}
