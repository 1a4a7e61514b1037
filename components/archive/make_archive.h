/* SPDX-License-Identifier: MIT */
/* make_archive: archives in memory, byte by byte, for the tests that include it. */
#ifndef ARCHIVE_MAKE_ARCHIVE_H
#define ARCHIVE_MAKE_ARCHIVE_H

#include "archive.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 20, BLOCK_BYTES = 512, MEMORY_BYTES = 1 << 18, CODE = 5 };

static uint8_t bytes[ROOM];
static size_t size;
static uint64_t bad_place; /* a read of this byte fails */
static bool went_outside;
static struct archive *archive;
static struct archive_error error;
static void *memory;

static inline int read_bytes(void *context, uint64_t offset, void *buffer, size_t count)
{
    (void)context;
    if (count == 0 || offset > size || count > size - offset) {
        went_outside = true;
        return CODE;
    }
    if (bad_place >= offset && bad_place - offset < count)
        return CODE;
    memcpy(buffer, bytes + offset, count);
    return 0;
}

/* Opens what was made, with exactly so much memory. */
static inline enum archive_status open_made(size_t memory_bytes)
{
    struct archive_source source = {.read = read_bytes, .bytes = size};
    free(memory);
    memory = malloc(memory_bytes ? memory_bytes : 1);
    enum archive_status status = archive_open(&source, memory, memory_bytes, &archive, &error);
    if (status == ARCHIVE_OK)
        archive_check(archive);
    return status;
}

static inline void begin(void)
{
    size = 0;
    bad_place = UINT64_MAX;
    memset(bytes, 0, sizeof bytes);
}

static inline void sum(uint8_t *header)
{
    unsigned all = 0;
    memset(header + 148, ' ', 8);
    for (int i = 0; i < BLOCK_BYTES; i++)
        all += header[i];
    snprintf((char *)header + 148, 8, "%06o", all);
}

/* Adds an entry of tar; answers its header, whose sum() must be made anew when it is changed. */
static inline uint8_t *add_bytes(char type, const char *name, const char *target,
                                 const char *content, unsigned count)
{
    uint8_t *header = bytes + size;
    char digits[16];
    memcpy(header, name, strlen(name) > 100 ? 100 : strlen(name));
    memcpy(header + 100, "0000644\0" "0000001\0" "0000002", 23);
    snprintf(digits, sizeof digits, "%011o", count);
    memcpy(header + 124, digits, 12);
    memcpy(header + 136, "00000000007", 11);
    header[156] = (uint8_t)type;
    if (target)
        memcpy(header + 157, target, strlen(target));
    memcpy(header + 257, "ustar\0" "00", 8);
    sum(header);
    if (count)
        memcpy(header + BLOCK_BYTES, content, count);
    size += BLOCK_BYTES + (count + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    return header;
}

static inline uint8_t *add(char type, const char *name, const char *target,
                           const char *content)
{
    return add_bytes(type, name, target, content, content ? (unsigned)strlen(content) : 0);
}

static inline void end(void)
{
    size += 2 * BLOCK_BYTES;
}

/* Adds an entry of cpio; the fields are those of its header, without size and name's length. */
static inline uint8_t *add_cpio(unsigned mode, unsigned inode, unsigned links,
                                const char *name, const char *content)
{
    uint8_t *header = bytes + size;
    unsigned count = (unsigned)strlen(content);
    char text[128];
    snprintf(text, sizeof text, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
             inode, mode, 1, 2, links, 7, count, 8, 9, 1, 3, (unsigned)strlen(name) + 1, 0);
    memcpy(header, text, 110);
    size += 110;
    memcpy(bytes + size, name, strlen(name) + 1);
    size = (size + strlen(name) + 1 + 3) & ~(size_t)3;
    memcpy(bytes + size, content, count);
    size = (size + count + 3) & ~(size_t)3;
    return header;
}

static inline void end_cpio(void)
{
    add_cpio(0, 0, 1, "TRAILER!!!", "");
}

#endif
