/* SPDX-License-Identifier: MIT */
/* open: the table of open files, and the server as a whole. */
#include "assert.h"
#include "serving.h"
#include "text.h"

struct serving serving;

enum { NOBODY = 65534 }; /* user and group of whom nothing is known */

/* Are two sets of credentials the same. */
static bool is_same(const struct files_credentials *one, const struct files_credentials *other)
{
    return one->user == other->user && one->group == other->group && one->mask == other->mask &&
           one->group_count == other->group_count &&
           memcmp(one->groups, other->groups, one->group_count * sizeof *one->groups) == 0;
}

uint32_t serving_keep_credentials(const struct files_credentials *who)
{
    uint32_t free = UINT32_MAX;
    for (uint32_t i = 0; i < SERVING_CREDENTIALS_MAX; i++) {
        if (serving.credentials[i].uses == 0) {
            free = free == UINT32_MAX ? i : free;
        } else if (is_same(&serving.credentials[i].who, who)) {
            serving.credentials[i].uses++;
            return i;
        }
    }
    if (free != UINT32_MAX) {
        serving.credentials[free].who = *who;
        serving.credentials[free].uses = 1;
    }
    return free;
}

struct files_open *serving_open(const struct files_node *node, uint32_t who, uint32_t how,
                                bool is_held)
{
    uint32_t index = serving.open_free;
    if (index != 0)
        serving.open_free = serving.open[index - 1].next_free;
    else if (serving.open_fresh < serving.open_count)
        index = ++serving.open_fresh;
    else
        return NULL;
    struct files_open *open = &serving.open[index - 1];
    *open = (struct files_open){.node = *node, .how = how, .who = who};
    serving.credentials[who].uses++;
    if (!is_held && serving.core->hold)
        serving.core->hold(serving.state, node);
    return open;
}

/* Free an open file; under the lock. */
static void end(struct files_open *open)
{
    files_locks_end(&serving.locks, open);
    if (serving.core->release)
        serving.core->release(serving.state, open->node.handle);
    assert(serving.credentials[open->who].uses > 0);
    serving.credentials[open->who].uses--;
    open->next_free = serving.open_free;
    serving.open_free = (uint32_t)(open - serving.open) + 1;
}

void serving_released(void *open)
{
    lock_take(&serving.lock);
    end(open);
    lock_give(&serving.lock);
}

uint32_t serving_give(struct rpc_call *call, struct files_open *open)
{
    uint32_t object = open->node.kind == NODE_KIND_DIRECTORY && !(open->how & FILE_MODE_NODE)
                          ? directory_service_object(call, &serving.directory_methods, open,
                                                     serving_released)
                          : file_service_object(call, &serving.file_methods, open,
                                                serving_released);
    if (object == EXO_NONE)
        end(open);
    return object;
}

/* The root of a client, made with its first call; its credentials are those of its name. */
static struct files_open *root_of(struct rpc_call *call)
{
    uint32_t client = (uint32_t)call->badge;
    if (client >= SERVING_CLIENTS_MAX)
        return NULL;
    if (serving.roots[client])
        return serving.roots[client];
    const struct channel_place *place = &call->server->binding->places[client];
    struct files_credentials who = {.user = NOBODY, .group = NOBODY, .mask = 022};
    struct files_node root;
    serving.options.credentials(place->peer, place->peer ? place->peer_bytes : 0, &who);
    uint32_t index = serving_keep_credentials(&who);
    if (index == UINT32_MAX || serving.core->root(serving.state, &root) != NODE_RESULT_DONE)
        return NULL;
    serving.roots[client] = serving_open(&root, index, FILE_MODE_READ, false);
    serving.credentials[index].uses--; /* the root counts it, if there is one */
    return serving.roots[client];
}

struct files_open *serving_enter(struct rpc_call *call)
{
    lock_take(&serving.lock);
    return call->context ? call->context : root_of(call);
}

void serving_leave(void)
{
    lock_give(&serving.lock);
}

void files_server_start(const struct files_options *options)
{
    static struct directory_service_methods directories;
    static struct file_service_methods files;
    static struct file_node_methods nodes;
    serving.options = *options;
    serving.core = options->core;
    serving.state = options->state;
    serving.open = options->memory;
    serving.open_count = (uint32_t)(options->memory_bytes / sizeof *serving.open);
    files_locks_start(&serving.locks);
    serving_add_nodes(&nodes);
    serving_add_files(&files);
    serving_add_ranges(&files);
    serving_add_missing(&files, &nodes);
    serving_add_directories(&directories);
    serving_add_names(&directories);
    file_node_complete(&serving.node_methods, &nodes);
    files.file_node = directories.file_node = &serving.node_methods;
    file_service_complete(&serving.file_methods, &files);
    directory_service_complete(&serving.directory_methods, &directories);
}

void files_serve(const struct binding *binding)
{
    directory_service_serve(&serving.directory_methods, NULL, binding);
}

void files_serve_events(const struct binding *binding)
{
    directory_service_serve_events(&serving.directory_methods, NULL, binding);
}
