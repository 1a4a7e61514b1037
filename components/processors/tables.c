/* SPDX-License-Identifier: MIT */
#include "processors.h"

#include <stddef.h>

enum {
    HEADER_BYTES = 36,       /* of each table: signature, length, ... */
    FLAG_ENABLED = 1,        /* of all four kinds of entries */
    SIGNATURE_CORES = 0x43495041, /* "APIC" */
    FIRST_CORE = 44,         /* where the entries of that table begin */
    CORE_LOCAL = 0,          /* a local controller: ACPI's number, its own, flags */
    CORE_LOCAL_BYTES = 8,
    CORE_WIDE = 9,           /* one with a number of 32 bits */
    CORE_WIDE_BYTES = 16,
    SIGNATURE_NODES = 0x54415253, /* "SRAT" */
    FIRST_AFFINITY = 48,
    AFFINITY_CORE = 0,       /* node's low byte, controller's number, flags, node's other bytes */
    AFFINITY_CORE_BYTES = 16,
    AFFINITY_MEMORY = 1,     /* node, base, length, flags */
    AFFINITY_MEMORY_BYTES = 40,
    AFFINITY_WIDE = 2,       /* node, controller's number of 32 bits, flags */
    AFFINITY_WIDE_BYTES = 24,
};

static uint32_t word(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static uint64_t long_word(const uint8_t *bytes)
{
    return word(bytes) | (uint64_t)word(bytes + 4) << 32;
}

/* The table of a signature, and its length, which is at least `least`; null: there is none. */
static const uint8_t *find_table(const uint8_t *tables, uint32_t bytes, uint32_t signature,
                                 uint32_t least, uint32_t *length)
{
    for (uint32_t at = 0; bytes - at >= 8 && at < bytes;) {
        const uint8_t *table = tables + at;
        *length = word(table + 4);
        if (table[0] == 0) {
            at++; /* tables are aligned: padding, which no signature begins like */
            continue;
        }
        if (*length < HEADER_BYTES || *length > bytes - at)
            break;
        if (word(table) == signature && *length >= least)
            return table;
        at += *length;
    }
    return NULL;
}

/*
 * The entry at `*at` of a table, each of which begins with its kind and its length; `*at` becomes
 * the next one's. Null at the end, or where a length is broken.
 */
static const uint8_t *next_entry(const uint8_t *table, uint32_t bytes, uint32_t *at)
{
    const uint8_t *entry = table + *at;
    if (*at >= bytes || bytes - *at < 2 || entry[1] < 2 || entry[1] > bytes - *at)
        return NULL;
    *at += entry[1];
    return entry;
}

uint32_t processors_in_tables(const uint8_t *tables, uint32_t bytes, uint64_t *numbers,
                              uint32_t room)
{
    uint32_t length, count = 0, at = FIRST_CORE;
    const uint8_t *entry, *table = find_table(tables, bytes, SIGNATURE_CORES, FIRST_CORE, &length);
    while (table && count < room && (entry = next_entry(table, length, &at))) {
        if (entry[0] == CORE_LOCAL && entry[1] >= CORE_LOCAL_BYTES &&
            (word(entry + 4) & FLAG_ENABLED))
            numbers[count++] = entry[3];
        else if (entry[0] == CORE_WIDE && entry[1] >= CORE_WIDE_BYTES &&
                 (word(entry + 8) & FLAG_ENABLED))
            numbers[count++] = word(entry + 4);
    }
    return count;
}

static void read_affinity(const uint8_t *entry, struct processors_nodes *nodes)
{
    uint32_t kind = entry[0], size = entry[1];
    if (kind == AFFINITY_CORE && size >= AFFINITY_CORE_BYTES && (word(entry + 4) & FLAG_ENABLED))
        processors_add_core(nodes, entry[3], entry[2] | (word(entry + 8) & ~UINT32_C(0xff)));
    else if (kind == AFFINITY_WIDE && size >= AFFINITY_WIDE_BYTES &&
             (word(entry + 12) & FLAG_ENABLED))
        processors_add_core(nodes, word(entry + 8), word(entry + 4));
    else if (kind == AFFINITY_MEMORY && size >= AFFINITY_MEMORY_BYTES &&
             (word(entry + 28) & FLAG_ENABLED))
        processors_add_range(nodes, long_word(entry + 8), long_word(entry + 16), word(entry + 2));
}

void processors_nodes_in_tables(const uint8_t *tables, uint32_t bytes,
                                struct processors_nodes *nodes)
{
    uint32_t length, at = FIRST_AFFINITY;
    const uint8_t *entry;
    const uint8_t *table = find_table(tables, bytes, SIGNATURE_NODES, FIRST_AFFINITY, &length);
    while (table && (entry = next_entry(table, length, &at)))
        read_affinity(entry, nodes);
}
