/* SPDX-License-Identifier: MIT */
/* tree: see tree.h. No recursion: the directories on the way down are a stack on the heap. */
#include "tree.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE_MASK 0xf000u
#define TYPE_DIRECTORY 0x4000u
#define TYPE_LINK 0xa000u

/* A directory on the way: its names, each with a NUL, and where the next one is. */
struct level {
    struct tree_entry entry; /* of itself, without its path */
    size_t path_bytes;       /* of its path: so many of the state's */
    size_t name_at;          /* where its name is in it */
    char *names;
    size_t bytes, room, next;
};

struct state {
    struct store *store;
    const struct tree_visitor *visitor;
    struct level *levels;
    size_t depth, room;
    /* Of the entry that is visited. All levels share it: were each to keep its own, a chain of
     * directories would take memory by the square of its length. */
    char *path;
    size_t path_room;
    void *seen; /* the numbers of visited directories, a tree of tsearch() */
    uint64_t failures;
};

static void *checked(void *memory)
{
    if (!memory) {
        fputs("exofs: the host has no memory left\n", stderr);
        abort();
    }
    return memory;
}

static void fail(struct state *state, const char *path, const char *message)
{
    state->failures++;
    state->visitor->fail(state->visitor->context, path, message);
}

static void fail_store(struct state *state, const char *path)
{
    char text[256];
    state->store->calls->error_text(state->store, text, sizeof text);
    fail(state, path, text);
}

static bool collect_name(void *context, const struct store_entry *entry)
{
    struct level *level = context;
    bool is_self = entry->name_bytes == 1 && entry->name[0] == '.';
    bool is_parent = entry->name_bytes == 2 && memcmp(entry->name, "..", 2) == 0;
    if (is_self || is_parent)
        return true;
    if (level->room - level->bytes < entry->name_bytes + 1) {
        level->room = 2 * level->room + 4096;
        level->names = checked(realloc(level->names, level->room));
    }
    memcpy(level->names + level->bytes, entry->name, entry->name_bytes);
    level->names[level->bytes + entry->name_bytes] = '\0';
    level->bytes += entry->name_bytes + 1;
    return true;
}

static int compare_numbers(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t)left, b = (uintptr_t)right;
    return (a > b) - (a < b);
}

/* Notes that a directory was visited; false: it was before. */
static bool is_new(struct state *state, uint32_t number)
{
    void *key = (void *)(uintptr_t)number;
    if (tfind(key, &state->seen, compare_numbers))
        return false;
    checked(tsearch(key, &state->seen, compare_numbers));
    return true;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Two entries of the same name are an error, since the second can never be found. */
static void check_names(struct state *state, const struct level *level)
{
    size_t count = 0, index = 0;
    for (size_t at = 0; at < level->bytes; at += strlen(level->names + at) + 1)
        count++;
    const char **sorted = checked(malloc((count + 1) * sizeof *sorted));
    for (size_t at = 0; at < level->bytes; at += strlen(level->names + at) + 1)
        sorted[index++] = level->names + at;
    qsort(sorted, count, sizeof *sorted, compare_names);
    for (index = 1; index < count; index++)
        if (strcmp(sorted[index - 1], sorted[index]) == 0) {
            char text[STORE_NAME_MAX + 64];
            snprintf(text, sizeof text, "two of its entries have the name %s", sorted[index]);
            fail(state, state->path, text);
        }
    free(sorted);
}

/* Goes into the directory whose path the state has: reads its names. */
static void enter(struct state *state, const struct tree_entry *entry)
{
    uint64_t cookie = 0;
    struct level level = {.entry = *entry, .path_bytes = strlen(state->path)};
    level.name_at = entry->name ? (size_t)(entry->name - state->path) : 0;
    if (!is_new(state, entry->node.number))
        fail(state, state->path, "this directory is in two places, or in itself");
    else if (!state->store->calls->list(state->store, &entry->node, &cookie, collect_name, &level))
        fail_store(state, state->path);
    check_names(state, &level);
    if (state->depth == state->room) {
        state->room = 2 * state->room + 16;
        state->levels = checked(realloc(state->levels, state->room * sizeof *state->levels));
    }
    state->levels[state->depth++] = level;
}

static void leave(struct state *state)
{
    struct level *level = &state->levels[--state->depth];
    state->path[level->path_bytes] = '\0';
    level->entry.path = state->path;
    level->entry.name = state->path + level->name_at;
    if (state->depth > 0 && state->visitor->leave)
        state->visitor->leave(state->visitor->context, &level->entry);
    free(level->names);
}

/* A directory's ".." must be where it was found. */
static bool check_parent(struct state *state, const struct tree_entry *entry, uint32_t parent)
{
    struct store_node up;
    if (!state->store->calls->lookup(state->store, &entry->node, "..", 2, &up)) {
        fail_store(state, entry->path);
        return false;
    }
    if (up.number == parent)
        return true;
    fail(state, entry->path, "its \"..\" is not the directory that it is in");
    return false;
}

/* Appends a name to the path of a level; returns where it is in it. */
static size_t append_name(struct state *state, const struct level *level, const char *name,
                          size_t name_bytes)
{
    size_t at = level->path_bytes + (level->path_bytes > 0);
    if (state->path_room < at + name_bytes + 1) {
        state->path_room = 2 * (at + name_bytes + 1);
        state->path = checked(realloc(state->path, state->path_room));
    }
    if (level->path_bytes > 0)
        state->path[level->path_bytes] = '/';
    memcpy(state->path + at, name, name_bytes + 1);
    return at;
}

/* Visits the next name of the directory at the top. */
static void visit_next(struct state *state)
{
    struct level *level = &state->levels[state->depth - 1];
    const char *name = level->names + level->next;
    size_t name_bytes = strlen(name), name_at = append_name(state, level, name, name_bytes);
    level->next += name_bytes + 1;
    struct tree_entry entry = {.path = state->path, .name = state->path + name_at,
                               .depth = (unsigned)state->depth - 1,
                               .is_last = level->next == level->bytes};
    if (!state->store->calls->lookup(state->store, &level->entry.node, entry.name, name_bytes,
                                     &entry.node)) {
        fail_store(state, state->path);
    } else {
        bool is_directory = (entry.node.mode & TYPE_MASK) == TYPE_DIRECTORY;
        bool is_wanted = state->visitor->visit(state->visitor->context, &entry);
        if (is_wanted && is_directory && check_parent(state, &entry, level->entry.node.number))
            enter(state, &entry);
    }
}

static void free_nothing(void *node)
{
    (void)node;
}

uint64_t tree_visit(const struct tree_visitor *visitor, const struct store_node *directory)
{
    struct state state = {.store = visitor->store, .visitor = visitor};
    struct tree_entry top = {.path = "", .name = NULL, .node = *directory};
    state.path = checked(calloc(1, 1));
    state.path_room = 1;
    enter(&state, &top);
    while (state.depth > 0) {
        const struct level *level = &state.levels[state.depth - 1];
        if (level->next < level->bytes)
            visit_next(&state);
        else
            leave(&state);
    }
    free(state.levels);
    free(state.path);
    tdestroy(state.seen, free_nothing);
    return state.failures;
}

/* --- Paths ------------------------------------------------------------------------------------ */

/* Puts a link's target in the place of the part of a path that was read. */
static bool follow(struct store *store, const struct store_node *link, char *path, size_t room,
                   size_t rest, const char **message)
{
    static char target[STORE_LINK_BYTES_MAX];
    size_t bytes, rest_bytes = strlen(path + rest);
    if (!store->calls->read_link(store, link, target, sizeof target, &bytes))
        return false;
    if (bytes + 1 + rest_bytes + 1 > room) {
        *message = "a symbolic link makes the path too long";
        return false;
    }
    memmove(path + bytes + 1, path + rest, rest_bytes + 1);
    memcpy(path, target, bytes);
    path[bytes] = '/';
    return true;
}

bool tree_find(struct store *store, const char *path, bool follows_last, struct store_node *node,
               const char **message)
{
    static char rest[TREE_PATH_MAX + STORE_LINK_BYTES_MAX], text[256];
    struct store_node directory;
    unsigned links = 0;
    size_t at = 0;
    *message = NULL;
    if (strlen(path) >= TREE_PATH_MAX) {
        *message = "the path is too long";
        return false;
    }
    strcpy(rest, path);
    bool is_good = store->calls->node(store, store->root, node);
    while (is_good) {
        at += strspn(rest + at, "/");
        size_t bytes = strcspn(rest + at, "/");
        if (bytes == 0)
            return true;
        directory = *node;
        is_good = store->calls->lookup(store, &directory, rest + at, bytes, node);
        at += bytes;
        bool is_last = rest[at + strspn(rest + at, "/")] == '\0';
        if (is_good && (node->mode & TYPE_MASK) == TYPE_LINK && (!is_last || follows_last)) {
            if (++links > TREE_LINKS_MAX) {
                *message = "too many symbolic links";
                return false;
            }
            is_good = follow(store, node, rest, sizeof rest, at, message);
            at = 0;
            if (is_good && rest[0] != '/')
                *node = directory;
            else if (is_good)
                is_good = store->calls->node(store, store->root, node);
        }
    }
    if (!*message) {
        store->calls->error_text(store, text, sizeof text);
        *message = text;
    }
    return false;
}
