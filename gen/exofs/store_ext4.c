/* SPDX-License-Identifier: MIT */
/* store_ext4: file systems of components/ext4, as the tool asks for them. */
#include "store.h"

#include <stdio.h>
#include <string.h>

static struct store_time time_of(struct ext4_time time)
{
    return (struct store_time){time.seconds, time.nanoseconds};
}

/* Answers whether there is a node, which is then copied. */
static bool take(enum ext4_status status, const struct ext4_node *node, struct store_node *to)
{
    if (status != EXT4_OK)
        return false;
    *to = (struct store_node){
        .number = node->number, .mode = node->mode, .user = node->user, .group = node->group,
        .links = node->links, .size = node->size, .sectors = node->sectors,
        .device_major = node->device_major, .device_minor = node->device_minor,
        .accessed = time_of(node->accessed), .changed = time_of(node->changed),
        .modified = time_of(node->modified), .created = time_of(node->created),
        .has_created = true, .own.ext4 = *node};
    return true;
}

static bool open_node(struct store *store, uint32_t number, struct store_node *node)
{
    struct ext4_node found;
    return take(ext4_node(store->of.ext4, number, &found), &found, node);
}

static bool lookup(struct store *store, const struct store_node *directory, const char *name,
                   size_t name_bytes, struct store_node *node)
{
    struct ext4_node found;
    return take(ext4_lookup(store->of.ext4, &directory->own.ext4, name, name_bytes, &found),
                &found, node);
}

struct listing {
    store_each *each;
    void *context;
};

static bool pass_entry(void *context, const struct ext4_entry *entry)
{
    const struct listing *listing = context;
    struct store_entry passed = {entry->name, entry->name_bytes};
    return listing->each(listing->context, &passed);
}

static bool list(struct store *store, const struct store_node *directory, uint64_t *cookie,
                 store_each *each, void *context)
{
    struct listing listing = {each, context};
    return ext4_list(store->of.ext4, &directory->own.ext4, cookie, pass_entry, &listing) == EXT4_OK;
}

static bool read_bytes(struct store *store, const struct store_node *node, uint64_t offset,
                       void *buffer, size_t bytes, size_t *got)
{
    return ext4_read(store->of.ext4, &node->own.ext4, offset, buffer, bytes, got) == EXT4_OK;
}

static bool find_run(struct store *store, const struct store_node *node, uint64_t offset,
                     struct store_run *run)
{
    struct ext4_run found;
    if (ext4_run(store->of.ext4, &node->own.ext4, offset, &found) != EXT4_OK)
        return false;
    *run = (struct store_run){found.kind != EXT4_DATA, found.bytes};
    return true;
}

static bool read_link(struct store *store, const struct store_node *node, char *buffer,
                      size_t room, size_t *bytes)
{
    return ext4_read_link(store->of.ext4, &node->own.ext4, buffer, room, bytes) == EXT4_OK;
}

static bool list_attributes(struct store *store, const struct store_node *node, char *buffer,
                            size_t room, size_t *bytes)
{
    return ext4_list_attributes(store->of.ext4, &node->own.ext4, buffer, room, bytes) == EXT4_OK;
}

static bool attribute(struct store *store, const struct store_node *node, const char *name,
                      size_t name_bytes, void *buffer, size_t room, size_t *bytes)
{
    return ext4_attribute(store->of.ext4, &node->own.ext4, name, name_bytes, buffer, room,
                          bytes) == EXT4_OK;
}

static void error_text(struct store *store, char *to, size_t room)
{
    ext4_error_text(ext4_error(store->of.ext4), to, room);
}

/* --- What is printed of one ------------------------------------------------------------------- */

static void print_identifier(const uint8_t identifier[16])
{
    for (int i = 0; i < 16; i++)
        printf("%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", identifier[i]);
}

static void print_features(const struct ext4_facts *facts)
{
    bool is_any = false;
    for (unsigned word = 0; word < 3; word++)
        for (unsigned bit = 0; bit < 32; bit++) {
            const char *name = ext4_feature_name(word, bit);
            if (!(facts->features[word] >> bit & 1))
                continue;
            if (name)
                printf(" %s", name);
            else
                printf(" compatible_%u", bit); /* of others none would have been opened */
            is_any = true;
        }
    puts(is_any ? "" : " none");
}

static void print_facts(struct store *store)
{
    struct ext4_facts facts;
    ext4_facts(store->of.ext4, &facts);
    double mebibytes = (double)facts.blocks * facts.block_bytes / (1 << 20);
    printf("label            %s\nidentifier       ", facts.label[0] ? facts.label : "none");
    print_identifier(facts.identifier);
    printf("\nlast mounted on  %s\nrevision         %u\nfeatures        ",
           facts.mounted[0] ? facts.mounted : "nothing known", facts.revision);
    print_features(&facts);
    printf("size             %.1f MiB\n", mebibytes);
    printf("blocks           %llu of %u bytes, %llu free, %llu reserved\n",
           (unsigned long long)facts.blocks, facts.block_bytes,
           (unsigned long long)facts.free_blocks, (unsigned long long)facts.reserved_blocks);
    if (facts.cluster_bytes != facts.block_bytes)
        printf("clusters         of %u bytes\n", facts.cluster_bytes);
    printf("inodes           %u of %u bytes, %u free\n", facts.inodes, facts.inode_bytes,
           facts.free_inodes);
    printf("groups           %u of %u blocks and %u inodes\n", facts.groups,
           facts.blocks_per_group, facts.inodes_per_group);
    if (facts.replayed_transactions)
        printf("journal          replayed in memory: %llu transactions, %llu blocks\n",
               (unsigned long long)facts.replayed_transactions,
               (unsigned long long)facts.replayed_blocks);
}

static void print_node(const struct store_node *node)
{
    const struct ext4_node *own = &node->own.ext4;
    printf(", generation %u, flags 0x%x, project %u\n", own->generation, own->flags,
           own->project);
}

struct store store_of_ext4(struct ext4 *fs)
{
    static const struct store_calls calls = {
        open_node, lookup, list, read_bytes, find_run, read_link, list_attributes, attribute,
        error_text, print_facts, print_node};
    return (struct store){.calls = &calls, .root = EXT4_ROOT, .of.ext4 = fs};
}
