/* SPDX-License-Identifier: MIT */
/* name: what changes names: making, removing, linking, renaming, mounting. */
#include "serving.h"
#include "text.h"

static enum exo_status handle_make(struct rpc_call *call,
                                   const struct directory_service_make_params *params,
                                   struct directory_service_make_results *results)
{
    struct files_open *start = serving_enter(call);
    struct files_walk *walk = &serving.walk;
    struct files_new what = {.kind = params->kind, .mode = params->mode, .device = params->device};
    struct files_node made;
    char target[NODE_PATH_MAX];
    enum node_result result = NODE_RESULT_TOO_MANY_OPEN;
    if (start)
        result = serving_walk(call, start, params->root, params->path, FILES_MAY_MISS, walk);
    if (result == NODE_RESULT_DONE) {
        bool is_link = what.kind == NODE_KIND_LINK;
        bool is_device = what.kind == NODE_KIND_CHARACTER || what.kind == NODE_KIND_BLOCK;
        what.target_bytes = params->target.length;
        what.target = target;
        if (walk->exists)
            result = NODE_RESULT_EXISTS;
        else if (what.kind == NODE_KIND_NONE || what.kind > NODE_KIND_BLOCK ||
                 (is_link && what.target_bytes == 0))
            result = NODE_RESULT_INVALID;
        else if (is_link && what.target_bytes > NODE_PATH_MAX)
            result = NODE_RESULT_NAME_TOO_LONG;
        else if (walk->wants_directory && what.kind != NODE_KIND_DIRECTORY)
            result = NODE_RESULT_NOT_FOUND;
        else if (is_device && serving_who(start)->user != FILES_SUPERUSER)
            result = NODE_RESULT_NOT_PERMITTED;
    }
    if (result == NODE_RESULT_DONE) {
        if (what.kind == NODE_KIND_LINK)
            memcpy(target, params->target.bytes, what.target_bytes);
        result = serving_make(start, walk, &what, &made);
    }
    results->result = result;
    if (result == NODE_RESULT_OUTWARD)
        SERVING_OUTWARD(call, make, walk);
    serving_leave();
    return EXO_STATUS_OK;
}

/* May the name that a walk has found be taken away, or lead to something else. */
static enum node_result may_unlink(const struct files_walk *walk, bool has_operation)
{
    enum node_result result = serving_may_write(walk, has_operation);
    if (result != NODE_RESULT_DONE)
        return result;
    if (!files_may_unlink(walk->who, &walk->parent, &walk->node))
        return NODE_RESULT_NOT_PERMITTED;
    return files_mount_at(&serving.mounts, &walk->node) != 0 ? NODE_RESULT_BUSY
                                                             : NODE_RESULT_DONE;
}

static enum exo_status handle_remove(struct rpc_call *call,
                                     const struct directory_service_remove_params *params,
                                     struct directory_service_remove_results *results)
{
    struct files_open *start = serving_enter(call);
    struct files_walk *walk = &serving.walk;
    enum node_result result = NODE_RESULT_TOO_MANY_OPEN;
    if (start)
        result = serving_walk(call, start, params->root, params->path, FILES_ON_MOUNT, walk);
    if (result == NODE_RESULT_DONE) {
        bool is_directory = walk->node.kind == NODE_KIND_DIRECTORY;
        if (walk->name.length == 0) /* a dot, or the root */
            result = params->directory ? NODE_RESULT_INVALID : NODE_RESULT_IS_DIRECTORY;
        else if (is_directory != params->directory)
            result = is_directory ? NODE_RESULT_IS_DIRECTORY : NODE_RESULT_NOT_DIRECTORY;
        else
            result = may_unlink(walk, serving.core->remove != NULL);
    }
    if (result == NODE_RESULT_DONE)
        result = serving.core->remove(serving.state, &walk->parent, walk->name);
    results->result = result;
    if (result == NODE_RESULT_OUTWARD)
        SERVING_OUTWARD(call, remove, walk);
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_link(struct rpc_call *call,
                                   const struct directory_service_link_params *params,
                                   struct directory_service_link_results *results)
{
    struct files_open *start = serving_enter(call);
    struct files_open *from = serving_node(call, params->from);
    struct files_walk *walk = &serving.walk;
    enum node_result result = from ? NODE_RESULT_TOO_MANY_OPEN : NODE_RESULT_NOT_OPEN;
    if (start && from)
        result = serving_walk(call, start, params->root, params->path, FILES_MAY_MISS, walk);
    if (result == NODE_RESULT_DONE)
        result = walk->exists            ? NODE_RESULT_EXISTS
                 : walk->wants_directory ? NODE_RESULT_NOT_FOUND
                                         : serving_may_write(walk, serving.core->link != NULL);
    if (result == NODE_RESULT_DONE) {
        serving_refresh(from);
        result = serving.core->link(serving.state, &from->node, &walk->parent, walk->name);
    }
    results->result = result;
    if (result == NODE_RESULT_OUTWARD)
        SERVING_OUTWARD(call, link, walk);
    serving_leave();
    return EXO_STATUS_OK;
}

/* Judge a rename whose both names were walked to. */
static enum node_result may_rename(const struct files_walk *from, const struct files_walk *to,
                                   uint32_t flags)
{
    bool is_directory = from->node.kind == NODE_KIND_DIRECTORY;
    enum node_result result;
    if ((flags & ~(uint32_t)(DIRECTORY_RENAME_NO_REPLACE | DIRECTORY_RENAME_EXCHANGE)) ||
        flags == (DIRECTORY_RENAME_NO_REPLACE | DIRECTORY_RENAME_EXCHANGE))
        return NODE_RESULT_INVALID;
    if (from->name.length == 0 || to->name.length == 0)
        return NODE_RESULT_BUSY; /* a dot, or the root */
    if (!to->exists && to->wants_directory && !is_directory)
        return NODE_RESULT_NOT_DIRECTORY;
    result = may_unlink(from, serving.core->rename != NULL);
    if (result == NODE_RESULT_DONE)
        result = to->exists ? may_unlink(to, true) : serving_may_write(to, true);
    /* A directory that moves gets another "..", which is written. */
    if (result == NODE_RESULT_DONE && is_directory && from->parent.handle != to->parent.handle &&
        !files_may(from->who, &from->node, NODE_PERMISSION_WRITE))
        result = NODE_RESULT_DENIED;
    return result;
}

static enum exo_status handle_rename(struct rpc_call *call,
                                     const struct directory_service_rename_params *params,
                                     struct directory_service_rename_results *results)
{
    struct files_open *start = serving_enter(call), *second = start;
    struct files_walk *from = &serving.walk, *to = &serving.second;
    enum node_result result = NODE_RESULT_TOO_MANY_OPEN;
    bool is_second = false;
    if (params->to != EXO_NONE)
        second = serving_directory(call, params->to);
    if (start)
        result = second ? serving_walk(call, start, params->root, params->path, FILES_ON_MOUNT,
                                       from)
                        : NODE_RESULT_NOT_OPEN;
    if (result == NODE_RESULT_DONE) {
        is_second = true;
        result = serving_walk(call, second, params->root, params->to_path,
                              FILES_ON_MOUNT | FILES_MAY_MISS, to);
        to->who = from->who; /* those of the directory that is asked */
    }
    if (result == NODE_RESULT_DONE)
        result = may_rename(from, to, params->flags);
    if (result == NODE_RESULT_DONE)
        result = serving.core->rename(serving.state, &from->parent, from->name, &to->parent,
                                      to->name, params->flags);
    results->result = result;
    results->second = is_second;
    if (result == NODE_RESULT_OUTWARD) {
        struct directory_service_rename_results_builder reply;
        const struct files_walk *walk = is_second ? to : from;
        directory_service_rename_reply(call, &reply);
        directory_service_rename_results_set_result(reply, result);
        directory_service_rename_results_set_mount(reply, walk->mount);
        directory_service_rename_results_set_second(reply, is_second);
        directory_service_rename_results_set_rest(
            reply, (struct capnp_text){walk->rest.bytes, walk->rest.length});
    }
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_access(struct rpc_call *call,
                                     const struct directory_service_access_params *params,
                                     struct directory_service_access_results *results)
{
    struct files_open *start = serving_enter(call);
    struct files_walk *walk = &serving.walk;
    enum node_result result = NODE_RESULT_TOO_MANY_OPEN;
    if (start)
        result = serving_walk(call, start, params->root, params->path,
                              params->how & FILE_MODE_NO_FOLLOW ? 0 : FILES_FOLLOW, walk);
    if (result == NODE_RESULT_DONE && !files_may(walk->who, &walk->node, params->permissions & 7))
        result = NODE_RESULT_DENIED;
    if (result == NODE_RESULT_DONE && (params->permissions & NODE_PERMISSION_WRITE))
        result = serving_may_change(serving.core->write != NULL);
    results->result = result;
    if (result == NODE_RESULT_OUTWARD)
        SERVING_OUTWARD(call, access, walk);
    serving_leave();
    return EXO_STATUS_OK;
}

/* Note a mount at a directory, or that there is none any more. */
static enum node_result set_mount(const struct files_node *node, uint32_t mount)
{
    struct files_mounts *mounts = &serving.mounts;
    uint32_t i = 0;
    while (i < mounts->count && mounts->item[i].node.handle != node->handle)
        i++;
    if (mount != 0) {
        if (i < mounts->count)
            return NODE_RESULT_BUSY;
        if (i == FILES_MOUNTS_MAX)
            return NODE_RESULT_NO_SPACE;
        if (serving.core->hold)
            serving.core->hold(serving.state, node);
        mounts->item[i].node = *node;
        mounts->item[i].mount = mount;
        mounts->count++;
        return NODE_RESULT_DONE;
    }
    if (i == mounts->count)
        return NODE_RESULT_INVALID;
    mounts->item[i] = mounts->item[--mounts->count];
    if (serving.core->release)
        serving.core->release(serving.state, node->handle);
    return NODE_RESULT_DONE;
}

static enum exo_status handle_mount(struct rpc_call *call,
                                    const struct directory_service_mount_params *params,
                                    struct directory_service_mount_results *results)
{
    struct files_open *start = serving_enter(call);
    struct files_walk *walk = &serving.walk;
    enum node_result result = NODE_RESULT_TOO_MANY_OPEN;
    if (start)
        result = serving_who(start)->user != FILES_SUPERUSER
                     ? NODE_RESULT_NOT_PERMITTED
                     : serving_walk(call, start, params->root, params->path,
                                    FILES_FOLLOW | FILES_ON_MOUNT, walk);
    if (result == NODE_RESULT_DONE)
        result = walk->node.kind == NODE_KIND_DIRECTORY ? set_mount(&walk->node, params->mount)
                                                        : NODE_RESULT_NOT_DIRECTORY;
    results->result = result;
    if (result == NODE_RESULT_OUTWARD) {
        struct directory_service_mount_results_builder reply;
        directory_service_mount_reply(call, &reply);
        directory_service_mount_results_set_result(reply, result);
        directory_service_mount_results_set_leads(reply, walk->mount);
        directory_service_mount_results_set_rest(
            reply, (struct capnp_text){walk->rest.bytes, walk->rest.length});
    }
    serving_leave();
    return EXO_STATUS_OK;
}

void serving_add_names(struct directory_service_methods *methods)
{
    methods->make = handle_make;
    methods->remove = handle_remove;
    methods->link = handle_link;
    methods->rename = handle_rename;
    methods->access = handle_access;
    methods->mount = handle_mount;
}
