/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include "text.h"

uint32_t files_mount_at(const struct files_mounts *mounts, const struct files_node *node)
{
    for (uint32_t i = 0; i < mounts->count; i++)
        if (mounts->item[i].node.handle == node->handle)
            return mounts->item[i].mount;
    return 0;
}

/* The path goes on elsewhere, from `rest` on. */
static enum node_result leave(struct files_walk *walk, uint32_t mount, const char *rest)
{
    walk->mount = mount;
    walk->rest = (struct files_name){rest, (uint32_t)(walk->end - rest)};
    return NODE_RESULT_OUTWARD;
}

/* Go to the root, since a path or a link begins with a slash, which is the first byte left. */
static enum node_result go_to_root(struct files_walk *walk)
{
    if (walk->follow & FILES_BENEATH)
        return NODE_RESULT_CROSSES_DEVICE;
    if (walk->follow & FILES_OUTWARD)
        return leave(walk, 0, walk->at);
    walk->parent = walk->root;
    return NODE_RESULT_DONE;
}

/* Put the target of the link that was found in front of what is left. */
static enum node_result follow_link(struct files_walk *walk)
{
    char target[NODE_PATH_MAX];
    uint32_t bytes = 0;
    if (walk->links++ == NODE_LINKS_MAX || (walk->follow & FILES_NO_LINKS))
        return NODE_RESULT_LINK_LOOP;
    enum node_result result = walk->core->read_link
                                  ? walk->core->read_link(walk->state, &walk->node, target, &bytes)
                                  : NODE_RESULT_UNSUPPORTED;
    if (result != NODE_RESULT_DONE)
        return result;
    if (bytes == 0)
        return NODE_RESULT_NOT_FOUND;
    if (bytes > NODE_PATH_MAX || bytes > (size_t)(walk->at - walk->buffer))
        return NODE_RESULT_NAME_TOO_LONG;
    walk->at -= bytes; /* what is left begins with a slash, or is nothing */
    memcpy(walk->at, target, bytes);
    return *walk->at == '/' ? go_to_root(walk) : NODE_RESULT_DONE;
}

/* Find "." or ".." in the directory that was reached. */
static enum node_result find_dots(struct files_walk *walk, struct files_name name)
{
    walk->is_dot = true;
    walk->name.length = 0;
    walk->node = walk->parent;
    if (name.length == 1)
        return NODE_RESULT_DONE;
    if (walk->parent.handle == walk->root.handle) {
        if (walk->follow & FILES_BENEATH)
            return NODE_RESULT_CROSSES_DEVICE;
        return walk->follow & FILES_OUTWARD
                   ? leave(walk, 0, name.bytes)
                   : NODE_RESULT_DONE; /* the root's parent is the root */
    }
    return walk->core->look_up(walk->state, &walk->parent, name, &walk->node);
}

/* Find a name in the directory that was reached. */
static enum node_result find(struct files_walk *walk, struct files_name name)
{
    if (!files_may(walk->who, &walk->parent, NODE_PERMISSION_EXECUTE))
        return NODE_RESULT_DENIED;
    walk->exists = true;
    if (name.bytes[0] == '.' &&
        (name.length == 1 || (name.length == 2 && name.bytes[1] == '.')))
        return find_dots(walk, name);
    walk->is_dot = false;
    walk->name = name;
    return walk->core->look_up(walk->state, &walk->parent, name, &walk->node);
}

/* The next name of what is left, up to a slash or the end; `*is_last` if nothing but slashes comes
 * behind it. An empty name: it is wrong, as `*result` says. */
static struct files_name next_name(struct files_walk *walk, bool *is_last,
                                   enum node_result *result)
{
    char *from = walk->at, *at = from, *end = walk->end;
    while (at < end && *at != '/' && *at != '\0')
        at++;
    struct files_name name = {from, (uint32_t)(at - from)};
    if (at < end && *at == '\0') {
        *result = NODE_RESULT_INVALID;
        name.length = 0;
    } else if (name.length > NODE_NAME_MAX) {
        *result = NODE_RESULT_NAME_TOO_LONG;
        name.length = 0;
    }
    bool has_slash = at < end;
    while (at < end && *at == '/')
        at++;
    walk->at = at - has_slash; /* one slash of many stays */
    *is_last = at == end;
    walk->wants_directory = *is_last && has_slash;
    return name;
}

/* A name was found that is not the last one: it must be a directory, or a link to one. */
static enum node_result enter(struct files_walk *walk)
{
    if (walk->node.kind == NODE_KIND_LINK)
        return follow_link(walk);
    if (walk->node.kind != NODE_KIND_DIRECTORY)
        return NODE_RESULT_NOT_DIRECTORY;
    walk->parent = walk->node;
    return NODE_RESULT_DONE;
}

/* Walk over one name. Sets `*is_done` when it was the last. */
static enum node_result step(struct files_walk *walk, bool *is_done)
{
    bool is_last;
    enum node_result result = NODE_RESULT_DONE;
    struct files_name name = next_name(walk, &is_last, &result);
    if (name.length == 0)
        return result;
    result = find(walk, name);
    if (is_last && result == NODE_RESULT_NOT_FOUND) {
        *is_done = true;
        walk->exists = false;
        return walk->follow & FILES_MAY_MISS ? NODE_RESULT_DONE : NODE_RESULT_NOT_FOUND;
    }
    if (result != NODE_RESULT_DONE)
        return result;
    if (walk->mounts->count > 0 && !(is_last && (walk->follow & FILES_ON_MOUNT))) {
        uint32_t mount = files_mount_at(walk->mounts, &walk->node);
        if (mount != 0)
            return leave(walk, mount, walk->at);
    }
    if (!is_last)
        return enter(walk);
    if (walk->node.kind == NODE_KIND_LINK &&
        ((walk->follow & FILES_FOLLOW) || walk->wants_directory))
        return follow_link(walk);
    *is_done = true;
    return walk->wants_directory && walk->node.kind != NODE_KIND_DIRECTORY
               ? NODE_RESULT_NOT_DIRECTORY
               : NODE_RESULT_DONE;
}

enum node_result files_walk(struct files_walk *walk, const char *path, uint32_t length)
{
    enum node_result result = NODE_RESULT_DONE;
    bool is_done = false;
    walk->links = walk->mount = walk->name.length = walk->rest.length = 0;
    walk->end = walk->buffer + FILES_WALK_BYTES;
    if (walk->follow & FILES_BENEATH)
        walk->root = walk->parent;
    if (length > NODE_PATH_MAX)
        return NODE_RESULT_NAME_TOO_LONG;
    if (length == 0)
        return NODE_RESULT_NOT_FOUND;
    walk->at = walk->end - length;
    memcpy(walk->at, path, length);
    walk->node = walk->parent;
    if (*walk->at == '/') {
        result = go_to_root(walk);
        walk->node = walk->parent;
    }
    while (result == NODE_RESULT_DONE && !is_done) {
        while (walk->at < walk->end && *walk->at == '/')
            walk->at++;
        if (walk->at < walk->end) {
            result = step(walk, &is_done);
        } else { /* it was nothing but slashes, or a link to the root */
            walk->node = walk->parent;
            walk->exists = walk->is_dot = walk->wants_directory = is_done = true;
            walk->name.length = 0;
        }
    }
    return result;
}
