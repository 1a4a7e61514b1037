/* SPDX-License-Identifier: MIT */
/* inspect: see inspect.h. The fuzzer runs it too: it ends the program when a rule breaks. */
#include "inspect.h"
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TYPE_MASK = 0xf000, TYPE_FILE = 0x8000, TYPE_LINK = 0xa000, PIECE_BYTES = 70000,
       NAMES_BYTES = 1 << 18 };

static void require(bool is_right, const char *what)
{
    if (is_right)
        return;
    fprintf(stderr, "inspect: %s\n", what);
    abort();
}

bool is_good_error(const struct ext4_error *error)
{
    char text[256];
    size_t bytes = ext4_error_text(error, text, sizeof text);
    bool has_place = error->block != EXT4_NO_BLOCK || error->inode != 0 ||
                     error->status == EXT4_UNSUPPORTED;
    return error->status != EXT4_OK && error->structure && error->structure[0] && error->what &&
           error->what[0] && has_place && bytes < sizeof text && strlen(text) == bytes;
}

static void note_error(struct inspection *inspection, struct ext4 *fs)
{
    require(is_good_error(ext4_error(fs)), "an error does not say where");
    inspection->errors++;
    if (inspection->first.status == EXT4_OK)
        inspection->first = *ext4_error(fs);
}

/* Reads a part of a file, and finds where it lies. */
static bool read_part(struct inspection *inspection, struct ext4 *fs,
                      const struct ext4_node *node, uint64_t offset)
{
    static uint8_t piece[PIECE_BYTES];
    struct ext4_run run;
    size_t got, wanted = sizeof piece < inspection->read_max ? sizeof piece
                                                             : (size_t)inspection->read_max;
    enum ext4_status status = ext4_read(fs, node, offset, piece, wanted, &got);
    require(got <= wanted && (offset >= node->size || got <= node->size - offset),
            "more bytes than there are");
    if (status != EXT4_OK) {
        note_error(inspection, fs);
        return false;
    }
    require(got == wanted || offset + got >= node->size, "fewer bytes than there are");
    inspection->bytes += got;
    if (ext4_run(fs, node, offset, &run) != EXT4_OK) {
        note_error(inspection, fs);
        return false;
    }
    require(offset >= node->size ? run.bytes == 0 : run.bytes > 0, "a run without bytes");
    return true;
}

static void read_file(struct inspection *inspection, struct ext4 *fs,
                      const struct ext4_node *node)
{
    uint64_t end = node->size < inspection->read_max ? node->size : inspection->read_max;
    uint64_t at = 0;
    for (; at < end; at += PIECE_BYTES)
        if (!read_part(inspection, fs, node, at))
            return;
    /* The middle and the end, where the map has its deeper levels; and behind the end. */
    if (read_part(inspection, fs, node, node->size / 2) &&
        read_part(inspection, fs, node, node->size > 100 ? node->size - 100 : 0))
        read_part(inspection, fs, node, node->size + 1);
}

static void read_attributes(struct inspection *inspection, struct ext4 *fs,
                            const struct ext4_node *node)
{
    static char names[NAMES_BYTES];
    static uint8_t value[2 * EXT4_ATTRIBUTE_BYTES_MAX + 4];
    size_t bytes, value_bytes;
    if (ext4_list_attributes(fs, node, names, sizeof names, &bytes) != EXT4_OK) {
        note_error(inspection, fs);
        return;
    }
    for (size_t at = 0; at < bytes; at += strlen(names + at) + 1)
        if (ext4_attribute(fs, node, names + at, strlen(names + at), value, sizeof value,
                           &value_bytes) != EXT4_OK)
            note_error(inspection, fs);
}

struct context {
    struct ext4 *fs;
    struct inspection *inspection;
};

static bool visit(void *context, const struct tree_entry *entry)
{
    static char target[EXT4_BLOCK_BYTES_MAX];
    const struct context *both = context;
    size_t bytes;
    both->inspection->entries++;
    read_attributes(both->inspection, both->fs, &entry->node.own.ext4);
    if ((entry->node.mode & TYPE_MASK) == TYPE_FILE)
        read_file(both->inspection, both->fs, &entry->node.own.ext4);
    else if ((entry->node.mode & TYPE_MASK) == TYPE_LINK &&
             ext4_read_link(both->fs, &entry->node.own.ext4, target, sizeof target, &bytes) !=
                 EXT4_OK)
        note_error(both->inspection, both->fs);
    return true;
}

static void fail(void *context, const char *path, const char *message)
{
    const struct context *both = context;
    struct inspection *inspection = both->inspection;
    (void)path;
    inspection->errors++;
    if (!inspection->message[0])
        snprintf(inspection->message, sizeof inspection->message, "%s", message);
}

void inspect(struct ext4 *fs, struct inspection *inspection)
{
    struct context context = {fs, inspection};
    struct store store = store_of_ext4(fs);
    struct tree_visitor visitor = {.store = &store, .context = &context, .visit = visit,
                                   .fail = fail};
    struct store_node root;
    if (!store.calls->node(&store, EXT4_ROOT, &root)) {
        note_error(inspection, fs);
        return;
    }
    read_attributes(inspection, fs, &root.own.ext4);
    tree_visit(&visitor, &root);
}
