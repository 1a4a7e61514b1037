/* SPDX-License-Identifier: MIT */
/* path: what all operations on names have in common. */
#include "serving.h"

struct files_open *serving_directory(const struct rpc_call *call, uint32_t object)
{
    return rpc_object_context(call, object, &directory_service_service);
}

struct files_open *serving_node(const struct rpc_call *call, uint32_t object)
{
    struct files_open *open = rpc_object_context(call, object, &file_service_service);
    return open ? open : serving_directory(call, object);
}

enum node_result serving_walk(const struct rpc_call *call, struct files_open *start, uint32_t root,
                              struct capnp_text path, uint32_t follow, struct files_walk *walk)
{
    struct files_open *top = start;
    if (root != EXO_NONE) {
        top = serving_directory(call, root);
        if (!top)
            return NODE_RESULT_NOT_OPEN;
    }
    serving_refresh(start);
    walk->core = serving.core;
    walk->state = serving.state;
    walk->who = serving_who(start);
    walk->mounts = &serving.mounts;
    walk->parent = start->node;
    if (top != start)
        serving_refresh(top);
    walk->root = top->node;
    walk->follow = follow | (top->is_outward ? FILES_OUTWARD : 0);
    return files_walk(walk, path.bytes, path.length);
}

enum node_result serving_may_write(const struct files_walk *walk, bool has_operation)
{
    if (!has_operation || serving.options.is_read_only)
        return NODE_RESULT_READ_ONLY;
    return files_may(walk->who, &walk->parent, NODE_PERMISSION_WRITE | NODE_PERMISSION_EXECUTE)
               ? NODE_RESULT_DONE
               : NODE_RESULT_DENIED;
}

enum node_result serving_may_change(bool has_operation)
{
    return has_operation && !serving.options.is_read_only ? NODE_RESULT_DONE
                                                          : NODE_RESULT_READ_ONLY;
}

enum node_result serving_make(struct files_open *start, const struct files_walk *walk,
                              struct files_new *what, struct files_node *node)
{
    const struct files_credentials *who = serving_who(start);
    enum node_result result = serving_may_write(walk, serving.core->make != NULL);
    if (result != NODE_RESULT_DONE)
        return result;
    bool inherits = walk->parent.mode & NODE_MODE_SET_GROUP;
    what->user = who->user;
    what->group = inherits ? walk->parent.group : who->group;
    what->mode &= (uint16_t)(NODE_MODE_MASK & ~who->mask);
    if (what->kind == NODE_KIND_LINK)
        what->mode = 0777;
    if (what->kind == NODE_KIND_DIRECTORY && inherits)
        what->mode |= NODE_MODE_SET_GROUP;
    else if (who->user != FILES_SUPERUSER && !files_in_group(who, what->group))
        what->mode &= (uint16_t)~NODE_MODE_SET_GROUP;
    return serving.core->make(serving.state, &walk->parent, walk->name, what, node);
}
