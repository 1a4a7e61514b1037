/* SPDX-License-Identifier: MIT */
/* probe: see probe.h. Every buffer is exactly so long as is said, for the address sanitizer. */
#include "probe.h"
#include "inspect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MAX = 40, RUNS_MAX = 60, ROOM_MAX = 9000, NAME_ROOM = 300,
       TYPE_MASK = 0xf000, TYPE_DIRECTORY = 0x4000, TYPE_FILE = 0x8000, TYPE_LINK = 0xa000 };

struct prober {
    struct ext4 *fs;
    uint64_t state; /* of the random numbers */
    uint32_t inodes;
};

static void require(bool is_right, const char *what)
{
    if (is_right)
        return;
    fprintf(stderr, "probe: %s\n", what);
    abort();
}

/* Marsaglia's xorshift (2003), of 64 bits. */
static uint64_t random_number(struct prober *prober)
{
    prober->state ^= prober->state << 13;
    prober->state ^= prober->state >> 7;
    prober->state ^= prober->state << 17;
    return prober->state;
}

/* Small numbers as often as large ones, and those next to powers of two. */
static uint64_t any_number(struct prober *prober)
{
    uint64_t number = random_number(prober);
    uint32_t bits = (uint32_t)random_number(prober) % 64;
    return random_number(prober) & 1 ? number >> bits
                                     : (UINT64_C(1) << bits) + (number & 3) - 2;
}

static void check(const struct prober *prober, enum ext4_status status)
{
    require(status == EXT4_OK || ext4_error(prober->fs)->status == status,
            "an error that is not the one that was answered");
    require(status == EXT4_OK || is_good_error(ext4_error(prober->fs)) ||
                status == EXT4_NAME_TOO_LONG,
            "an error that does not say where");
}

struct listing {
    uint64_t last;
    uint32_t seen, seen_max;
    char name[EXT4_NAME_MAX];
    uint32_t name_bytes;
};

static bool see_entry(void *context, const struct ext4_entry *entry)
{
    struct listing *listing = context;
    require(entry->cookie > listing->last, "a cookie that does not grow");
    require(entry->inode != 0, "an entry of no inode");
    require(entry->name_bytes > 0 && entry->name_bytes <= EXT4_NAME_MAX &&
                !memchr(entry->name, '\0', entry->name_bytes) &&
                !memchr(entry->name, '/', entry->name_bytes), "a name that is none");
    if (listing->seen == listing->seen_max)
        return false;
    listing->last = entry->cookie;
    listing->seen++;
    memcpy(listing->name, entry->name, entry->name_bytes);
    listing->name_bytes = entry->name_bytes;
    return true;
}

/* From any cookie on, a few entries at a time; then names that are there, almost, or not at all. */
static void probe_directory(struct prober *prober, const struct ext4_node *node)
{
    uint64_t cookie = random_number(prober) & 1 ? 0 : any_number(prober);
    struct listing listing = {.last = cookie};
    struct ext4_node found;
    for (uint32_t i = 0; i < ENTRIES_MAX; i++) {
        listing.seen = 0;
        listing.seen_max = (uint32_t)random_number(prober) % 4;
        uint64_t before = cookie;
        enum ext4_status status = ext4_list(prober->fs, node, &cookie, see_entry, &listing);
        check(prober, status);
        require(cookie >= before, "a cookie that goes back");
        if (status != EXT4_OK)
            break;
    }
    size_t bytes = random_number(prober) & 1 ? listing.name_bytes
                                             : (size_t)(random_number(prober) % NAME_ROOM);
    char *name = malloc(bytes + 1);
    memset(name, (int)random_number(prober), bytes);
    memcpy(name, listing.name, bytes < listing.name_bytes ? bytes : listing.name_bytes);
    check(prober, ext4_lookup(prober->fs, node, name, bytes, &found));
    if (bytes > 0)
        name[random_number(prober) % bytes] ^= (char)(1 << random_number(prober) % 8);
    check(prober, ext4_lookup(prober->fs, node, name, bytes, &found));
    check(prober, ext4_lookup(prober->fs, node, "..", 2, &found));
    free(name);
}

/* Reads anywhere; and goes over the runs from anywhere on. */
static void probe_file(struct prober *prober, const struct ext4_node *node)
{
    size_t room = (size_t)(random_number(prober) % ROOM_MAX), got;
    uint64_t offset = any_number(prober);
    void *buffer = malloc(room + 1);
    enum ext4_status status = ext4_read(prober->fs, node, offset, buffer, room, &got);
    check(prober, status);
    uint64_t rest = offset < node->size ? node->size - offset : 0;
    require(got <= room && got <= rest, "more bytes than there are");
    require(status != EXT4_OK || got == (rest < room ? rest : room), "fewer bytes than there are");
    free(buffer);
    for (uint32_t i = 0; i < RUNS_MAX && offset < node->size; i++) {
        struct ext4_run run;
        status = ext4_run(prober->fs, node, offset, &run);
        check(prober, status);
        if (status != EXT4_OK)
            break;
        require(run.bytes > 0 && run.bytes <= UINT64_MAX - offset, "a run without an end");
        offset += run.bytes;
    }
}

static void probe_attributes(struct prober *prober, const struct ext4_node *node)
{
    static const char *const names[] = {
        "user.", "user.a", "system.data", "system.posix_acl_access", "trusted.overlay", "", "x"};
    const char *name = names[random_number(prober) % (sizeof names / sizeof *names)];
    size_t room = (size_t)(random_number(prober) % 64), bytes;
    char *buffer = malloc(room + 1);
    check(prober, ext4_list_attributes(prober->fs, node, buffer, room, &bytes));
    check(prober, ext4_attribute(prober->fs, node, name, strlen(name), buffer, room, &bytes));
    free(buffer);
}

void probe(struct ext4 *fs, uint32_t seed, uint32_t rounds)
{
    struct prober prober = {.fs = fs, .state = seed | UINT64_C(1) << 63};
    struct ext4_facts facts;
    struct ext4_node node;
    ext4_facts(fs, &facts);
    for (uint32_t i = 0; i < rounds; i++) {
        uint32_t number = (uint32_t)any_number(&prober);
        if (random_number(&prober) % 4)
            number %= facts.inodes < 64 ? facts.inodes + 2 : 64;
        enum ext4_status status = ext4_node(fs, number, &node);
        /* An error of inode 0 cannot name it. */
        if (number == 0)
            require(status == EXT4_NOT_FOUND, "an inode of the number 0");
        else
            check(&prober, status);
        if (status != EXT4_OK)
            continue;
        require(node.number == number, "another inode than the asked one");
        probe_attributes(&prober, &node);
        size_t room = (size_t)(random_number(&prober) % 80), bytes;
        char *target = malloc(room + 1);
        status = ext4_read_link(fs, &node, target, room, &bytes);
        check(&prober, status);
        bool is_link = (node.mode & TYPE_MASK) == TYPE_LINK;
        require((status == EXT4_WRONG_KIND) == !is_link, "a link that is none");
        free(target);
        if ((node.mode & TYPE_MASK) == TYPE_DIRECTORY)
            probe_directory(&prober, &node);
        else
            check(&prober, ext4_list(fs, &node, &(uint64_t){0}, see_entry, NULL));
        if ((node.mode & TYPE_MASK) == TYPE_FILE)
            probe_file(&prober, &node);
    }
}
