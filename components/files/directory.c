/* SPDX-License-Identifier: MIT */
/* directory: what is asked of directories, and opening. */
#include "serving.h"
#include "text.h"

enum { LISTED_MAX = 128, LISTED_BYTES = 8192, ENTRY_BYTES = 40 };

/* Which permissions opening asks for. */
static uint32_t permissions_of(uint32_t how)
{
    if (how & FILE_MODE_NODE)
        return 0;
    return (how & FILE_MODE_READ ? NODE_PERMISSION_READ : 0) |
           (how & (FILE_MODE_WRITE | FILE_MODE_TRUNCATE) ? NODE_PERMISSION_WRITE : 0) |
           (how & FILE_MODE_EXECUTE ? NODE_PERMISSION_EXECUTE : 0);
}

/* How a path is followed that is opened so. */
static uint32_t follow_of(uint32_t how)
{
    return (how & (FILE_MODE_NO_FOLLOW | FILE_MODE_EXCLUSIVE) ? 0 : FILES_FOLLOW) |
           (how & FILE_MODE_CREATE ? FILES_MAY_MISS : 0) |
           (how & FILE_MODE_BENEATH ? FILES_BENEATH : 0) |
           (how & FILE_MODE_NO_LINKS ? FILES_NO_LINKS : 0);
}

/* May a node that is there be opened so. */
static enum node_result may_open(const struct files_credentials *who,
                                 const struct files_node *node, uint32_t how)
{
    bool is_directory = node->kind == NODE_KIND_DIRECTORY;
    if ((how & FILE_MODE_CREATE) && (how & FILE_MODE_EXCLUSIVE))
        return NODE_RESULT_EXISTS;
    if ((how & FILE_MODE_DIRECTORY) && !is_directory)
        return NODE_RESULT_NOT_DIRECTORY;
    if (how & FILE_MODE_NODE)
        return NODE_RESULT_DONE;
    if (node->kind == NODE_KIND_LINK)
        return NODE_RESULT_LINK_LOOP;
    if (is_directory && (how & (FILE_MODE_WRITE | FILE_MODE_TRUNCATE | FILE_MODE_CREATE)))
        return NODE_RESULT_IS_DIRECTORY;
    if (!files_may(who, node, permissions_of(how)))
        return NODE_RESULT_DENIED;
    return how & (FILE_MODE_WRITE | FILE_MODE_TRUNCATE)
               ? serving_may_change(serving.core->write != NULL)
               : NODE_RESULT_DONE;
}

/* Make a file without a name in the directory that was found. */
static enum node_result make_temporary(struct files_open *start, struct files_walk *walk,
                                       uint16_t mode, struct files_node *node)
{
    struct files_new what = {.kind = NODE_KIND_FILE, .mode = mode};
    if (walk->node.kind != NODE_KIND_DIRECTORY)
        return NODE_RESULT_NOT_DIRECTORY;
    walk->parent = walk->node;
    walk->name.length = 0;
    return serving_make(start, walk, &what, node);
}

/* Find or make what is to be opened. `*is_held`: the core counts it already. */
static enum node_result find_or_make(struct files_open *start, struct files_walk *walk,
                                     uint32_t how, uint16_t mode, bool *is_held)
{
    struct files_new what = {.kind = NODE_KIND_FILE, .mode = mode};
    *is_held = how & FILE_MODE_TEMPORARY;
    if (*is_held)
        return make_temporary(start, walk, mode, &walk->node);
    if (!walk->exists)
        return walk->wants_directory ? NODE_RESULT_IS_DIRECTORY
                                     : serving_make(start, walk, &what, &walk->node);
    enum node_result result = may_open(walk->who, &walk->node, how);
    if (result == NODE_RESULT_DONE && (how & FILE_MODE_TRUNCATE) &&
        walk->node.kind == NODE_KIND_FILE && walk->node.size > 0)
        result = serving.core->truncate(serving.state, &walk->node, 0);
    return result;
}

static enum exo_status handle_open(struct rpc_call *call,
                                   const struct directory_service_open_params *params,
                                   struct directory_service_open_results *results)
{
    struct files_open *start = serving_enter(call), *open = NULL;
    struct files_walk *walk = &serving.walk;
    uint32_t object = EXO_NONE, how = params->how;
    bool is_held = false;
    if (how & FILE_MODE_NODE)
        how &= ~(uint32_t)(FILE_MODE_READ | FILE_MODE_WRITE | FILE_MODE_EXECUTE);
    enum node_result result = NODE_RESULT_TOO_MANY_OPEN;
    if (start)
        result = serving_walk(call, start, params->root, params->path, follow_of(how), walk);
    if (result == NODE_RESULT_DONE)
        result = find_or_make(start, walk, how, params->mode, &is_held);
    if (result == NODE_RESULT_DONE) {
        open = serving_open(&walk->node, start->who, how, is_held);
        object = open ? serving_give(call, open) : EXO_NONE;
        if (!open && is_held)
            serving.core->release(serving.state, walk->node.handle);
        result = object == EXO_NONE ? NODE_RESULT_TOO_MANY_OPEN : NODE_RESULT_DONE;
    }
    bool is_directory = result == NODE_RESULT_DONE && walk->node.kind == NODE_KIND_DIRECTORY &&
                        !(how & FILE_MODE_NODE);
    results->result = result;
    results->file = is_directory ? EXO_NONE : object;
    results->directory = is_directory ? object : EXO_NONE;
    if (result == NODE_RESULT_DONE) {
        results->kind = (enum node_kind)walk->node.kind;
        results->size = walk->node.size;
    } else if (result == NODE_RESULT_OUTWARD) {
        SERVING_OUTWARD(call, open, walk);
    }
    serving_leave();
    return EXO_STATUS_OK;
}

/* No path was walked, so nobody's permissions were asked on the way: only the superuser may. What
 * would make something does not go by a number. */
static enum node_result find_by_handle(struct files_open *start,
                                       const struct directory_service_by_handle_params *params,
                                       struct files_node *node)
{
    enum { NOT_MEANT = FILE_MODE_CREATE | FILE_MODE_EXCLUSIVE | FILE_MODE_TRUNCATE |
                       FILE_MODE_TEMPORARY };
    if (!start)
        return NODE_RESULT_TOO_MANY_OPEN;
    if (serving_who(start)->user != FILES_SUPERUSER)
        return NODE_RESULT_NOT_PERMITTED;
    if (!serving.core->by_number)
        return NODE_RESULT_UNSUPPORTED;
    if (params->how & NOT_MEANT)
        return NODE_RESULT_INVALID;
    enum node_result result = serving.core->by_number(serving.state, params->number,
                                                      params->generation, node);
    return result == NODE_RESULT_DONE ? may_open(serving_who(start), node, params->how) : result;
}

static enum exo_status handle_by_handle(struct rpc_call *call,
                                        const struct directory_service_by_handle_params *params,
                                        struct directory_service_by_handle_results *results)
{
    struct files_open *start = serving_enter(call), *open;
    struct files_node node;
    uint32_t object = EXO_NONE, how = params->how;
    if (how & FILE_MODE_NODE)
        how &= ~(uint32_t)(FILE_MODE_READ | FILE_MODE_WRITE | FILE_MODE_EXECUTE);
    results->result = find_by_handle(start, params, &node);
    if (results->result == NODE_RESULT_DONE) {
        open = serving_open(&node, start->who, how, false);
        object = open ? serving_give(call, open) : EXO_NONE;
        results->kind = (enum node_kind)node.kind;
        results->result = object == EXO_NONE ? NODE_RESULT_TOO_MANY_OPEN : NODE_RESULT_DONE;
    }
    bool is_directory = object != EXO_NONE && node.kind == NODE_KIND_DIRECTORY &&
                        !(how & FILE_MODE_NODE);
    results->file = is_directory ? EXO_NONE : object;
    results->directory = is_directory ? object : EXO_NONE;
    serving_leave();
    return EXO_STATUS_OK;
}

/* The attributes of what a path leads to, for an answer that is built elsewhere. */
static enum exo_status answer_look(struct rpc_call *call, const struct files_walk *walk)
{
    struct node_attributes_builder reply;
    directory_service_look_reply(call, &reply);
    node_attributes_set_result(reply, NODE_RESULT_OUTWARD);
    node_attributes_set_mount(reply, walk->mount);
    node_attributes_set_rest(reply, (struct capnp_text){walk->rest.bytes, walk->rest.length});
    return EXO_STATUS_OK;
}

static enum exo_status handle_look(struct rpc_call *call,
                                   const struct directory_service_look_params *params,
                                   struct directory_service_look_results *results)
{
    struct files_open *start = serving_enter(call);
    struct files_walk *walk = &serving.walk;
    enum exo_status status = EXO_STATUS_OK;
    struct files_attributes attributes;
    enum node_result result = NODE_RESULT_TOO_MANY_OPEN;
    if (start)
        result = serving_walk(call, start, params->root, params->path,
                              follow_of(params->how & ~FILE_MODE_CREATE), walk);
    if (result == NODE_RESULT_DONE)
        result = serving.core->attributes(serving.state, &walk->node, &attributes);
    results->result = result;
    if (result == NODE_RESULT_DONE)
        SERVING_FILL(results, &walk->node, &attributes);
    else if (result == NODE_RESULT_OUTWARD)
        status = answer_look(call, walk);
    serving_leave();
    return status;
}

/* Entries that are collected for an answer. */
struct listing {
    uint32_t count, bytes;
    uint32_t room; /* bytes that the answer may still take */
    struct {
        struct files_entry entry;
        uint32_t at;
    } item[LISTED_MAX];
    char names[LISTED_BYTES];
};

static bool collect(void *context, const struct files_entry *entry)
{
    struct listing *listing = context;
    uint32_t bytes = ENTRY_BYTES + (entry->name_bytes + 8) / 8 * 8;
    if (listing->count == LISTED_MAX || listing->bytes + entry->name_bytes > LISTED_BYTES ||
        bytes > listing->room)
        return false;
    listing->room -= bytes;
    listing->item[listing->count].entry = *entry;
    listing->item[listing->count++].at = listing->bytes;
    memcpy(listing->names + listing->bytes, entry->name, entry->name_bytes);
    listing->bytes += entry->name_bytes;
    return true;
}

static enum exo_status write_entries(struct directory_service_list_results_builder reply,
                                     const struct listing *listing)
{
    struct directory_entry_builder_list list;
    if (directory_service_list_results_init_entries(reply, listing->count, &list) != CAPNP_OK)
        return EXO_STATUS_FULL;
    for (uint32_t i = 0; i < listing->count; i++) {
        struct directory_entry_builder to = directory_entry_builder_list_at(list, i);
        const struct files_entry *entry = &listing->item[i].entry;
        directory_entry_set_number(to, entry->number);
        directory_entry_set_kind(to, entry->kind);
        directory_entry_set_cookie(to, entry->cookie);
        if (directory_entry_set_name(to, (struct capnp_text){listing->names + listing->item[i].at,
                                                             entry->name_bytes}) != CAPNP_OK)
            return EXO_STATUS_FULL;
    }
    return EXO_STATUS_OK;
}

static enum exo_status handle_list(struct rpc_call *call,
                                   const struct directory_service_list_params *params,
                                   struct directory_service_list_results *results)
{
    static struct listing listing; /* under the lock */
    struct directory_service_list_results_builder reply;
    struct files_open *open = serving_enter(call);
    uint64_t cookie = params->cookie;
    bool end = false;
    enum node_result result = open ? NODE_RESULT_DONE : NODE_RESULT_TOO_MANY_OPEN;
    (void)results;
    directory_service_list_reply(call, &reply);
    uint64_t room = (uint64_t)(call->builder.word_max - call->builder.word_count) * 8;
    listing.count = listing.bytes = 0;
    listing.room = params->room < room ? params->room : (uint32_t)room;
    if (open && !(open->how & FILE_MODE_READ))
        result = NODE_RESULT_NOT_OPEN;
    if (result == NODE_RESULT_DONE)
        result = serving.core->list(serving.state, &open->node, &cookie, collect, &listing, &end);
    if (result == NODE_RESULT_DONE && listing.count == 0 && !end)
        result = NODE_RESULT_INVALID; /* not even one has room */
    directory_service_list_results_set_result(reply, result);
    directory_service_list_results_set_next(reply, cookie);
    directory_service_list_results_set_end(reply, end);
    enum exo_status status = write_entries(reply, &listing);
    serving_leave();
    return status;
}

static enum exo_status handle_read_link(struct rpc_call *call,
                                        const struct directory_service_read_link_params *params,
                                        struct directory_service_read_link_results *results)
{
    struct directory_service_read_link_results_builder reply;
    struct files_open *start = serving_enter(call);
    struct files_walk *walk = &serving.walk;
    char target[NODE_PATH_MAX];
    uint32_t bytes = 0;
    enum node_result result = NODE_RESULT_TOO_MANY_OPEN;
    (void)results;
    if (start)
        result = serving_walk(call, start, params->root, params->path, 0, walk);
    if (result == NODE_RESULT_DONE)
        result = walk->node.kind != NODE_KIND_LINK ? NODE_RESULT_INVALID
                 : !serving.core->read_link        ? NODE_RESULT_UNSUPPORTED
                 : serving.core->read_link(serving.state, &walk->node, target, &bytes);
    directory_service_read_link_reply(call, &reply);
    directory_service_read_link_results_set_result(reply, result);
    if (result == NODE_RESULT_DONE)
        directory_service_read_link_results_set_target(reply, (struct capnp_text){target, bytes});
    if (result == NODE_RESULT_OUTWARD) {
        directory_service_read_link_results_set_mount(reply, walk->mount);
        directory_service_read_link_results_set_rest(
            reply, (struct capnp_text){walk->rest.bytes, walk->rest.length});
    }
    serving_leave();
    return EXO_STATUS_OK;
}

/* Open a node again for other credentials, or none. */
static enum node_result open_again(struct rpc_call *call, const struct files_open *open,
                                   uint32_t who, bool is_outward, uint32_t *object)
{
    struct files_open *made = serving_open(&open->node, who, open->how, false);
    if (!made)
        return NODE_RESULT_TOO_MANY_OPEN;
    made->is_outward = is_outward;
    *object = serving_give(call, made);
    return *object == EXO_NONE ? NODE_RESULT_TOO_MANY_OPEN : NODE_RESULT_DONE;
}

static enum exo_status handle_again(struct rpc_call *call,
                                    const struct directory_service_again_params *params,
                                    struct directory_service_again_results *results)
{
    struct files_open *open = serving_enter(call);
    results->directory = EXO_NONE;
    results->result = open ? open_again(call, open, open->who, params->outward,
                                        &results->directory)
                           : NODE_RESULT_TOO_MANY_OPEN;
    serving_leave();
    return EXO_STATUS_OK;
}

/* Read credentials from a message. Returns false if they are none. */
static bool read_credentials(struct node_credentials_reader from, struct files_credentials *to)
{
    struct capnp_list groups;
    *to = (struct files_credentials){.user = node_credentials_get_user(from),
                                     .group = node_credentials_get_group(from),
                                     .mask = node_credentials_get_mask(from) & 0777};
    if (node_credentials_get_groups(from, &groups) != CAPNP_OK ||
        groups.count > NODE_GROUPS_MAX)
        return false;
    to->group_count = groups.count;
    for (uint32_t i = 0; i < to->group_count; i++)
        to->groups[i] = capnp_list_uint32(groups, i);
    return true;
}

/* May credentials become others: those of the superuser any, the rest only fewer groups. */
static bool may_become(const struct files_credentials *from, const struct files_credentials *to)
{
    if (from->user == FILES_SUPERUSER)
        return true;
    bool is_less = from->user == to->user && files_in_group(from, to->group);
    for (uint32_t i = 0; i < to->group_count; i++)
        is_less &= files_in_group(from, to->groups[i]);
    return is_less;
}

static enum exo_status handle_bind(struct rpc_call *call,
                                   const struct directory_service_bind_params *params,
                                   struct directory_service_bind_results *results)
{
    struct files_open *open = serving_enter(call);
    struct files_credentials who;
    enum node_result result = open ? NODE_RESULT_DONE : NODE_RESULT_TOO_MANY_OPEN;
    results->directory = EXO_NONE;
    if (open && !read_credentials(params->credentials, &who))
        result = NODE_RESULT_INVALID;
    else if (open && !may_become(serving_who(open), &who))
        result = NODE_RESULT_NOT_PERMITTED;
    if (result == NODE_RESULT_DONE) {
        uint32_t index = serving_keep_credentials(&who);
        result = NODE_RESULT_TOO_MANY_OPEN;
        if (index != UINT32_MAX) {
            result = open_again(call, open, index, open->is_outward, &results->directory);
            serving.credentials[index].uses--; /* what was opened counts them */
        }
    }
    results->result = result;
    serving_leave();
    return EXO_STATUS_OK;
}

void serving_add_directories(struct directory_service_methods *methods)
{
    methods->open = handle_open;
    methods->by_handle = handle_by_handle;
    methods->look = handle_look;
    methods->list = handle_list;
    methods->read_link = handle_read_link;
    methods->again = handle_again;
    methods->bind = handle_bind;
}
