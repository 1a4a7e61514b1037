/* SPDX-License-Identifier: MIT */
/*
 * The reader of archives: the input is one of tar or of cpio. The sums of tar's headers are made
 * right when the first byte says so, so that what is behind them is looked at. Whatever is read
 * then, nothing outside of the archive may be asked for, and each error must say where it is.
 */
#include "archive.h"
#include "store.h"
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

enum { BLOCK_BYTES = 512, SUM_AT = 148, SUM_BYTES = 8, MEMORY_BYTES = 1 << 16, SOURCE_MAX = 1 << 16,
       LIST_BYTES = 1 << 14 };

static uint8_t source_bytes[SOURCE_MAX];
static size_t source_size;

/* End the program with what is wrong. */
static void require(bool is_right, const char *what)
{
    if (is_right)
        return;
    fprintf(stderr, "archive: %s\n", what);
    abort();
}

static int read_source(void *context, uint64_t offset, void *buffer, size_t bytes)
{
    (void)context;
    require(bytes > 0 && offset <= source_size && bytes <= source_size - offset,
            "a read outside of the archive");
    memcpy(buffer, source_bytes + offset, bytes);
    return 0;
}

/* Each block gets the sum that it would have as a header. */
static void repair_tar(void)
{
    for (size_t at = 0; at + BLOCK_BYTES <= source_size; at += BLOCK_BYTES) {
        uint8_t *header = source_bytes + at;
        unsigned sum = 0, any = 0;
        char digits[SUM_BYTES + 1];
        memset(header + SUM_AT, ' ', SUM_BYTES);
        for (size_t i = 0; i < BLOCK_BYTES; i++) {
            sum += header[i];
            any |= i < SUM_AT ? header[i] : 0u;
        }
        snprintf(digits, sizeof digits, "%06o", sum);
        memcpy(header + SUM_AT, any ? digits : "\0\0\0\0\0\0\0\0", SUM_BYTES - 1);
        if (!any)
            header[SUM_AT + SUM_BYTES - 1] = 0;
    }
}

struct context {
    struct archive *archive;
    uint64_t entries;
};

static bool visit(void *context, const struct tree_entry *entry)
{
    static char buffer[LIST_BYTES], value[ARCHIVE_ATTRIBUTE_BYTES_MAX];
    struct context *both = context;
    struct archive *archive = both->archive;
    const struct archive_node *node = &entry->node.own.archive;
    size_t bytes, got;
    both->entries++;
    require(node->links > 0 && entry->name[0], "a name that leads to nothing");
    require(strcmp(entry->name, "..") != 0 && !strchr(entry->name, '/'), "a name that leads out");
    require(node->size <= source_size, "a file that is larger than its archive");
    archive_read(archive, node, node->size / 2, buffer, sizeof buffer, &got);
    archive_read_link(archive, node, buffer, sizeof buffer, &bytes);
    if (archive_list_attributes(archive, node, buffer, sizeof buffer, &bytes) != ARCHIVE_OK)
        return true;
    for (size_t at = 0; at < bytes; at += strlen(buffer + at) + 1)
        require(archive_attribute(archive, node, buffer + at, strlen(buffer + at), value,
                                  sizeof value, &got) == ARCHIVE_OK,
                "an attribute that is listed and not there");
    return true;
}

static void fail(void *context, const char *path, const char *message)
{
    (void)context, (void)path;
    require(false, message);
}

static void read_all(struct archive *archive)
{
    struct store store = store_of_archive(archive);
    struct context context = {archive, 0};
    struct tree_visitor visitor = {.store = &store, .context = &context, .visit = visit,
                                   .fail = fail};
    struct store_node root;
    struct archive_facts facts;
    require(store.calls->node(&store, ARCHIVE_ROOT, &root), "there is no root");
    archive_facts(archive, &facts);
    archive_check(archive);
    tree_visit(&visitor, &root);
    require(context.entries + 1 >= facts.inodes, "an inode that no name leads to");
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    static _Alignas(16) uint8_t memory[MEMORY_BYTES];
    struct archive_source source = {.read = read_source};
    struct archive_error error = {.status = ARCHIVE_OK};
    struct archive *archive;
    char text[512];
    if (size == 0)
        return 0;
    source_size = size - 1 < SOURCE_MAX - 2 * BLOCK_BYTES ? size - 1 : SOURCE_MAX - 2 * BLOCK_BYTES;
    memcpy(source_bytes, input + 1, source_size);
    memset(source_bytes + source_size, 0, 2 * BLOCK_BYTES);
    if (input[0] & 1)
        repair_tar();
    if (input[0] & 2) /* the end that tar has */
        source_size = (source_size + 2 * BLOCK_BYTES) / BLOCK_BYTES * BLOCK_BYTES;
    source.bytes = source_size;
    /* With little memory, too: what does not fit must not be written. */
    size_t bytes = input[0] & 4 ? MEMORY_BYTES / 5 : MEMORY_BYTES;
    if (archive_open(&source, memory, bytes, &archive, &error) == ARCHIVE_OK) {
        read_all(archive);
        return 0;
    }
    require(error.structure && error.what && error.status != ARCHIVE_OK, "an error without words");
    require(error.place == ARCHIVE_NO_PLACE || error.place <= source_size,
            "an error that is outside of the archive");
    require(error.status != ARCHIVE_DEVICE, "an error of a device that has none");
    archive_error_text(&error, text, sizeof text);
    return 0;
}
