/* SPDX-License-Identifier: MIT */
/* medium: see medium.h. */
#include "medium.h"

#include <stdlib.h>
#include <string.h>

static int read_medium(void *context, uint64_t offset, void *buffer, size_t bytes)
{
    struct medium *medium = context;
    if (offset > medium->size || bytes > medium->size - offset || (offset | bytes) % 1024) {
        medium->went_outside = true;
        return MEDIUM_BAD;
    }
    if (medium->bad_offset >= offset && medium->bad_offset - offset < bytes)
        return MEDIUM_BAD;
    if (++medium->reads > medium->reads_max)
        return MEDIUM_LOOPS;
    const uint8_t *from = medium->former && medium->reads <= medium->former_reads ? medium->former
                                                                                  : medium->bytes;
    memcpy(buffer, from + offset, bytes);
    return 0;
}

bool medium_load(struct medium *medium, const char *path, bool is_packed)
{
    char command[512];
    size_t room = 1 << 20, got;
    *medium = (struct medium){.reads_max = MEDIUM_READS, .bad_offset = UINT64_MAX};
    snprintf(command, sizeof command, is_packed ? "gzip -dc '" MEDIUM_FOLDER "%s'" : "cat '%s'",
             path);
    FILE *from = popen(command, "r");
    if (!from || !(medium->bytes = malloc(room)))
        return false;
    while ((got = fread(medium->bytes + medium->size, 1, room - medium->size, from)) > 0) {
        medium->size += got;
        if (medium->size == room && !(medium->bytes = realloc(medium->bytes, room *= 2)))
            return false;
    }
    bool is_whole = pclose(from) == 0 && medium->size > 0;
    /* Exactly so long, so that the address sanitizer sees a read behind its end. */
    void *exact = is_whole ? realloc(medium->bytes, medium->size) : NULL;
    medium->bytes = exact ? exact : medium->bytes;
    return is_whole;
}

enum ext4_status medium_open(struct medium *medium, size_t memory_bytes, uint32_t options)
{
    struct ext4_source source = {read_medium, medium, medium->size};
    enum ext4_status status = EXT4_NO_MEMORY;
    bool is_least = memory_bytes == 0;
    medium->reads = 0;
    while (status == EXT4_NO_MEMORY) {
        medium->memory = malloc(memory_bytes ? memory_bytes : 1);
        status = ext4_open(&source, medium->memory, memory_bytes, options, &medium->fs,
                           &medium->error);
        if (status == EXT4_OK)
            break;
        free(medium->memory);
        medium->memory = NULL;
        if (!is_least || medium->error.value == 0)
            break;
        memory_bytes += (size_t)medium->error.value;
    }
    return status;
}

void medium_close(struct medium *medium)
{
    free(medium->memory);
    medium->memory = NULL;
    medium->fs = NULL;
}

void medium_free(struct medium *medium)
{
    medium_close(medium);
    free(medium->bytes);
    medium->bytes = NULL;
}
