/* SPDX-License-Identifier: MIT */
/*
 * names: the tree of names. Balanced by heights (Adelson-Velsky and Landis, 1962), so that no
 * choice of names makes it slow; nothing is ever taken out of it.
 */
#include "names.h"

#include "assert.h"

static uint32_t height(const struct archive *archive, uint32_t number)
{
    return number ? name_at(archive, number)->height : 0;
}

static void measure(const struct archive *archive, struct name_place *place)
{
    uint32_t left = height(archive, place->left), right = height(archive, place->right);
    place->height = (uint8_t)((left > right ? left : right) + 1);
}

/* Makes the left child the top of a part of the tree; answers its number. */
static uint32_t turn_right(const struct archive *archive, uint32_t top)
{
    struct name_place *place = name_at(archive, top);
    uint32_t risen = place->left;
    place->left = name_at(archive, risen)->right;
    name_at(archive, risen)->right = top;
    measure(archive, place);
    measure(archive, name_at(archive, risen));
    return risen;
}

static uint32_t turn_left(const struct archive *archive, uint32_t top)
{
    struct name_place *place = name_at(archive, top);
    uint32_t risen = place->right;
    place->right = name_at(archive, risen)->left;
    name_at(archive, risen)->left = top;
    measure(archive, place);
    measure(archive, name_at(archive, risen));
    return risen;
}

/* Makes a part right whose two sides differ by at most two; answers its new top. */
static uint32_t balance(const struct archive *archive, uint32_t top)
{
    struct name_place *place = name_at(archive, top);
    uint32_t left = height(archive, place->left), right = height(archive, place->right);
    if (left > right + 1) {
        const struct name_place *child = name_at(archive, place->left);
        if (height(archive, child->right) > height(archive, child->left))
            place->left = turn_left(archive, place->left);
        return turn_right(archive, top);
    }
    if (right > left + 1) {
        const struct name_place *child = name_at(archive, place->right);
        if (height(archive, child->left) > height(archive, child->right))
            place->right = turn_right(archive, place->right);
        return turn_left(archive, top);
    }
    measure(archive, place);
    return top;
}

/* The order of names: by directory, length, bytes. */
static int compare(uint32_t directory, const char *name, size_t name_bytes,
                   const struct name_place *place)
{
    if (directory != place->directory)
        return directory < place->directory ? -1 : 1;
    if (name_bytes != place->name_bytes)
        return name_bytes < place->name_bytes ? -1 : 1;
    return memcmp(name, place->name, name_bytes);
}

uint32_t names_find(const struct archive *archive, uint32_t directory, const char *name,
                    size_t name_bytes)
{
    uint32_t at = archive->root;
    while (at) {
        const struct name_place *place = name_at(archive, at);
        int order = compare(directory, name, name_bytes, place);
        if (order == 0)
            return at;
        at = order < 0 ? place->left : place->right;
    }
    return 0;
}

static size_t room(const struct archive *archive)
{
    const uint8_t *free_from = archive->memory + (size_t)archive->places * PLACE_BYTES;
    return (size_t)((const uint8_t *)inode_at(archive, archive->inode_count) - free_from);
}

/* How much is missing for all, cannot be known: as much again will do for as many entries. */
static enum archive_status fail_memory(struct archive *archive)
{
    archive_fail(archive, ARCHIVE_NO_MEMORY, "archive", ARCHIVE_NO_PLACE,
                 "its index needs more memory");
    archive->error.value = archive->facts.memory_bytes;
    return ARCHIVE_NO_MEMORY;
}

enum archive_status names_add_inode(struct archive *archive, const struct inode *inode,
                                    uint32_t *number)
{
    if (room(archive) < sizeof *inode || archive->inode_count == UINT32_MAX)
        return fail_memory(archive);
    *number = ++archive->inode_count;
    *inode_at(archive, *number) = *inode;
    return ARCHIVE_OK;
}

enum archive_status names_start(struct archive *archive)
{
    static const struct inode root = {.mode = MODE_DIRECTORY | 0755, .links = 2,
                                      .parent = ARCHIVE_ROOT};
    uint32_t number;
    archive->places = 1;
    archive->inode_count = archive->root = 0;
    if (archive->facts.memory_bytes < sizeof root + PLACE_BYTES)
        return fail_memory(archive);
    return names_add_inode(archive, &root, &number);
}

/* Hangs a new name into the tree, and makes the tree right on the way back to its top. */
static void insert(struct archive *archive, uint32_t number)
{
    uint32_t path[TREE_HEIGHT_MAX], depth = 0, at = archive->root;
    const struct name_place *made = name_at(archive, number);
    while (at) {
        struct name_place *place = name_at(archive, at);
        int order = compare(made->directory, made->name, made->name_bytes, place);
        assert(order != 0);
        assert(depth < TREE_HEIGHT_MAX);
        path[depth++] = at;
        at = order < 0 ? place->left : place->right;
    }
    at = number;
    while (depth > 0) {
        struct name_place *place = name_at(archive, path[--depth]);
        if (compare(made->directory, made->name, made->name_bytes, place) < 0)
            place->left = at;
        else
            place->right = at;
        at = balance(archive, path[depth]);
    }
    archive->root = at;
}

enum archive_status names_add(struct archive *archive, uint32_t directory, const char *name,
                              size_t name_bytes, uint32_t inode)
{
    size_t bytes = offsetof(struct name_place, name) + name_bytes;
    size_t places = (bytes + PLACE_BYTES - 1) / PLACE_BYTES;
    assert(name_bytes <= ARCHIVE_NAME_MAX);
    if (room(archive) < places * PLACE_BYTES || archive->places > UINT32_MAX - places)
        return fail_memory(archive);
    uint32_t number = archive->places;
    struct name_place *place = name_at(archive, number);
    archive->places += (uint32_t)places;
    place->directory = directory;
    place->left = place->right = place->next = 0;
    place->inode = inode;
    place->height = 1;
    place->name_bytes = (uint8_t)name_bytes;
    memcpy(place->name, name, name_bytes);
    insert(archive, number);
    if (directory == IDENTITIES)
        return ARCHIVE_OK;
    struct inode *parent = inode_at(archive, directory);
    if (parent->last)
        name_at(archive, parent->last)->next = number;
    else
        parent->first = number;
    parent->last = number;
    return ARCHIVE_OK;
}

bool names_has(const struct archive *archive, uint32_t directory, uint64_t number)
{
    size_t head = offsetof(struct name_place, name);
    if (number == 0 || number >= archive->places ||
        (archive->places - number) * PLACE_BYTES < sizeof(struct name_place))
        return false;
    /* It may be the middle of a name, whose bytes somebody has chosen: only the tree knows. */
    const struct name_place *place = name_at(archive, (uint32_t)number);
    return (archive->places - number) * PLACE_BYTES >= head + place->name_bytes &&
           names_find(archive, directory, place->name, place->name_bytes) == number;
}

/* Checks the tree below a name without recursion: each child is in order to its parent, and every
 * name is found, which no wrong order and no loop would let it be. */
void archive_check(const struct archive *archive)
{
    uint64_t linked = 0;
    for (uint32_t number = 1; number <= archive->inode_count; number++) {
        const struct inode *inode = inode_at(archive, number);
        linked += inode->links > 0;
        if (!mode_is(inode->mode, MODE_DIRECTORY) || inode->links == 0)
            continue;
        assert(inode_at(archive, inode->parent)->links > 0);
        assert(mode_is(inode_at(archive, inode->parent)->mode, MODE_DIRECTORY));
        uint32_t last = 0, steps = 0;
        for (uint32_t at = inode->first; at; at = name_at(archive, at)->next) {
            const struct name_place *place = name_at(archive, at);
            uint32_t left = height(archive, place->left), right = height(archive, place->right);
            assert(names_find(archive, number, place->name, place->name_bytes) == at);
            assert(left <= right + 1 && right <= left + 1);
            assert(place->height == (left > right ? left : right) + 1);
            assert(inode_at(archive, place->inode)->links > 0);
            assert(++steps <= archive->places);
            last = at;
        }
        assert(last == inode->last);
    }
    assert(linked == archive->facts.inodes);
    assert(archive->window_bytes <= WINDOW_BYTES);
}
