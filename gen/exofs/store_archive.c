/* SPDX-License-Identifier: MIT */
/* store_archive: archives of components/archive, as the tool asks for them. */
#include "store.h"

#include <stdio.h>
#include <string.h>

static struct store_time time_of(struct archive_time time)
{
    return (struct store_time){time.seconds, time.nanoseconds};
}

/* Answers whether there is a node, which is then copied. */
static bool take(enum archive_status status, const struct archive_node *node,
                 struct store_node *to)
{
    if (status != ARCHIVE_OK)
        return false;
    *to = (struct store_node){
        .number = node->number, .mode = node->mode, .user = node->user, .group = node->group,
        .links = node->links, .size = node->size, .sectors = (node->size + 511) / 512,
        .device_major = node->device_major, .device_minor = node->device_minor,
        .accessed = time_of(node->accessed), .changed = time_of(node->changed),
        .modified = time_of(node->modified), .own.archive = *node};
    return true;
}

static bool open_node(struct store *store, uint32_t number, struct store_node *node)
{
    struct archive_node found;
    return take(archive_node(store->of.archive, number, &found), &found, node);
}

static bool lookup(struct store *store, const struct store_node *directory, const char *name,
                   size_t name_bytes, struct store_node *node)
{
    struct archive_node found;
    return take(archive_lookup(store->of.archive, &directory->own.archive, name, name_bytes,
                               &found), &found, node);
}

struct listing {
    store_each *each;
    void *context;
};

static bool pass_entry(void *context, const struct archive_entry *entry)
{
    const struct listing *listing = context;
    struct store_entry passed = {entry->name, entry->name_bytes};
    return listing->each(listing->context, &passed);
}

static bool list(struct store *store, const struct store_node *directory, uint64_t *cookie,
                 store_each *each, void *context)
{
    struct listing listing = {each, context};
    return archive_list(store->of.archive, &directory->own.archive, cookie, pass_entry,
                        &listing) == ARCHIVE_OK;
}

static bool read_bytes(struct store *store, const struct store_node *node, uint64_t offset,
                       void *buffer, size_t bytes, size_t *got)
{
    return archive_read(store->of.archive, &node->own.archive, offset, buffer, bytes, got) ==
           ARCHIVE_OK;
}

/* An archive keeps no holes. */
static bool find_run(struct store *store, const struct store_node *node, uint64_t offset,
                     struct store_run *run)
{
    (void)store;
    *run = (struct store_run){false, offset < node->size ? node->size - offset : 0};
    return true;
}

static bool read_link(struct store *store, const struct store_node *node, char *buffer,
                      size_t room, size_t *bytes)
{
    return archive_read_link(store->of.archive, &node->own.archive, buffer, room, bytes) ==
           ARCHIVE_OK;
}

static bool list_attributes(struct store *store, const struct store_node *node, char *buffer,
                            size_t room, size_t *bytes)
{
    return archive_list_attributes(store->of.archive, &node->own.archive, buffer, room, bytes) ==
           ARCHIVE_OK;
}

static bool attribute(struct store *store, const struct store_node *node, const char *name,
                      size_t name_bytes, void *buffer, size_t room, size_t *bytes)
{
    return archive_attribute(store->of.archive, &node->own.archive, name, name_bytes, buffer,
                             room, bytes) == ARCHIVE_OK;
}

static void error_text(struct store *store, char *to, size_t room)
{
    archive_error_text(archive_error(store->of.archive), to, room);
}

static void print_facts(struct store *store)
{
    struct archive_facts facts;
    archive_facts(store->of.archive, &facts);
    printf("format           %s\n", facts.format);
    printf("size             %llu bytes, %llu of them in files\n",
           (unsigned long long)facts.bytes, (unsigned long long)facts.content_bytes);
    printf("entries          %llu, %u replaced by later ones\n",
           (unsigned long long)facts.headers, facts.replaced);
    printf("inodes           %u, %u directories only implied\n", facts.inodes, facts.implied);
    if (facts.stripped)
        printf("absolute names   %u, taken as relative ones\n", facts.stripped);
    printf("index            %zu bytes\n", facts.memory_used);
}

static void print_node(const struct store_node *node)
{
    printf(", at byte %llu\n", (unsigned long long)node->own.archive.data);
}

struct store store_of_archive(struct archive *archive)
{
    static const struct store_calls calls = {
        open_node, lookup, list, read_bytes, find_run, read_link, list_attributes, attribute,
        error_text, print_facts, print_node};
    return (struct store){.calls = &calls, .root = ARCHIVE_ROOT, .of.archive = archive};
}
