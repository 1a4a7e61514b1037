/* SPDX-License-Identifier: MIT */
/* node: what any open node can be asked. */
#include "serving.h"
#include "text.h"

static enum exo_status handle_attributes(struct rpc_call *call,
                                         struct file_node_attributes_results *results)
{
    struct files_open *open = serving_enter(call);
    struct files_attributes attributes;
    results->result = NODE_RESULT_TOO_MANY_OPEN;
    if (open) {
        serving_refresh(open);
        results->result = serving.core->attributes(serving.state, &open->node, &attributes);
    }
    if (results->result == NODE_RESULT_DONE)
        SERVING_FILL(results, &open->node, &attributes);
    serving_leave();
    return EXO_STATUS_OK;
}

/* A time of a request: its own, now, or none; sets the bit if it counts. */
static struct files_time time_of(int64_t seconds, uint32_t nanoseconds, uint32_t bit,
                                 uint32_t *which)
{
    if (nanoseconds == NODE_NANOSECONDS_OMIT)
        return (struct files_time){0, 0};
    *which |= bit;
    return nanoseconds == NODE_NANOSECONDS_NOW ? serving.options.now()
                                               : (struct files_time){seconds, nanoseconds};
}

/* Is a number of nanoseconds one, or one of those that mean something else. */
static bool is_time(uint32_t nanoseconds)
{
    return nanoseconds < 1000000000 || nanoseconds == NODE_NANOSECONDS_NOW ||
           nanoseconds == NODE_NANOSECONDS_OMIT;
}

/* May credentials give a node these owners (POSIX.1-2024, chown). */
static bool may_give(const struct files_credentials *who, const struct files_node *node,
                     const struct file_node_change_params *params)
{
    if (who->user == FILES_SUPERUSER)
        return true;
    if ((params->which & FILE_SET_USER) && params->user != node->user)
        return false;
    return who->user == node->user &&
           (!(params->which & FILE_SET_GROUP) || files_in_group(who, params->group));
}

/* Judge a change, and translate it. */
static enum node_result read_change(const struct files_open *open,
                                    const struct file_node_change_params *params,
                                    struct files_change *to)
{
    const struct files_credentials *who = serving_who(open);
    const struct files_node *node = &open->node;
    bool is_owner = files_owns(who, node);
    *to = (struct files_change){.which = params->which & (FILE_SET_MODE | FILE_SET_USER |
                                                          FILE_SET_GROUP),
                                .mode = params->mode & NODE_MODE_MASK, .user = params->user,
                                .group = params->group};
    if (params->which & FILE_SET_MODE) {
        if (!is_owner)
            return NODE_RESULT_NOT_PERMITTED;
        if (who->user != FILES_SUPERUSER && !files_in_group(who, node->group))
            to->mode &= (uint16_t)~NODE_MODE_SET_GROUP;
    }
    if (params->which & (FILE_SET_USER | FILE_SET_GROUP)) {
        if (!may_give(who, node, params))
            return NODE_RESULT_NOT_PERMITTED;
        if (node->kind == NODE_KIND_FILE && !(params->which & FILE_SET_MODE)) {
            to->which |= FILE_SET_MODE; /* who gets a file does not lend its rights */
            to->mode = node->mode & (uint16_t)~(NODE_MODE_SET_USER | NODE_MODE_SET_GROUP);
        }
    }
    if (params->which & FILE_SET_TIMES) {
        bool are_now = params->accessed_nanoseconds == NODE_NANOSECONDS_NOW &&
                       params->modified_nanoseconds == NODE_NANOSECONDS_NOW;
        if (!is_time(params->accessed_nanoseconds) || !is_time(params->modified_nanoseconds))
            return NODE_RESULT_INVALID;
        if (!is_owner && !(are_now && files_may(who, node, NODE_PERMISSION_WRITE)))
            return are_now ? NODE_RESULT_DENIED : NODE_RESULT_NOT_PERMITTED;
        to->accessed = time_of(params->accessed_seconds, params->accessed_nanoseconds,
                               FILES_ACCESSED, &to->which);
        to->modified = time_of(params->modified_seconds, params->modified_nanoseconds,
                               FILES_MODIFIED, &to->which);
    }
    return serving_may_change(serving.core->change != NULL);
}

_Static_assert((int)FILE_SET_MODE == FILES_MODE && (int)FILE_SET_USER == FILES_USER &&
               (int)FILE_SET_GROUP == FILES_GROUP, "the bits of idl/file.capnp are the core's");

static enum exo_status handle_change(struct rpc_call *call,
                                     const struct file_node_change_params *params,
                                     struct file_node_change_results *results)
{
    struct files_open *open = serving_enter(call);
    struct files_change change;
    results->result = NODE_RESULT_TOO_MANY_OPEN;
    if (open) {
        serving_refresh(open);
        results->result = read_change(open, params, &change);
    }
    if (results->result == NODE_RESULT_DONE)
        results->result = serving.core->change(serving.state, &open->node, &change);
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_access(struct rpc_call *call,
                                     const struct file_node_access_params *params,
                                     struct file_node_access_results *results)
{
    struct files_open *open = serving_enter(call);
    results->result = NODE_RESULT_TOO_MANY_OPEN;
    if (open) {
        serving_refresh(open);
        results->result = files_may(serving_who(open), &open->node, params->permissions & 7)
                              ? NODE_RESULT_DONE
                              : NODE_RESULT_DENIED;
    }
    serving_leave();
    return EXO_STATUS_OK;
}

/* May an extended attribute be read or written: "user." ones as the content of files and
 * directories, others by the superuser alone. Its name is copied out of the message. */
static enum node_result read_name(struct files_open *open, struct capnp_data from,
                                  uint32_t permission, char *bytes, struct files_name *name)
{
    static const char prefix[] = "user.";
    if (!open)
        return NODE_RESULT_TOO_MANY_OPEN;
    serving_refresh(open);
    if (from.length == 0 || from.length > NODE_NAME_MAX)
        return NODE_RESULT_OUT_OF_RANGE;
    memcpy(bytes, from.bytes, from.length);
    *name = (struct files_name){bytes, from.length};
    for (uint32_t i = 0; i < from.length; i++)
        if (bytes[i] == '\0')
            return NODE_RESULT_INVALID;
    if (from.length <= sizeof prefix - 1 || memcmp(bytes, prefix, sizeof prefix - 1) != 0)
        return serving_who(open)->user == FILES_SUPERUSER ? NODE_RESULT_DONE
               : permission == NODE_PERMISSION_READ       ? NODE_RESULT_NO_ATTRIBUTE
                                                          : NODE_RESULT_NOT_PERMITTED;
    if (open->node.kind != NODE_KIND_FILE && open->node.kind != NODE_KIND_DIRECTORY)
        return NODE_RESULT_NOT_PERMITTED;
    return files_may(serving_who(open), &open->node, permission) ? NODE_RESULT_DONE
                                                                 : NODE_RESULT_DENIED;
}

static enum exo_status handle_value(struct rpc_call *call,
                                    const struct file_node_value_params *params,
                                    struct file_node_value_results *results)
{
    struct file_node_value_results_builder reply;
    struct files_open *open = serving_enter(call);
    struct files_name name;
    char bytes[NODE_NAME_MAX];
    uint8_t *to;
    size_t length = 0, room = 0;
    enum node_result result =
        read_name(open, params->name, NODE_PERMISSION_READ, bytes, &name);
    (void)results;
    file_node_value_reply(call, &reply);
    if (result == NODE_RESULT_DONE && !serving.core->value)
        result = NODE_RESULT_UNSUPPORTED;
    if (result == NODE_RESULT_DONE)
        result = serving.core->value(serving.state, &open->node, name, NULL, 0, &length);
    if (result == NODE_RESULT_DONE && params->room > 0) {
        room = length;
        if (params->room < length)
            result = NODE_RESULT_OUT_OF_RANGE;
        else if (file_node_value_results_init_value(reply, (uint32_t)room, &to) != CAPNP_OK)
            result = NODE_RESULT_TOO_LARGE; /* for the channel */
        else if (room > 0)
            result = serving.core->value(serving.state, &open->node, name, to, room, &length);
    }
    file_node_value_results_set_result(reply, result);
    file_node_value_results_set_length(reply, (uint32_t)length);
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_set_value(struct rpc_call *call,
                                        const struct file_node_set_value_params *params,
                                        struct file_node_set_value_results *results)
{
    struct files_open *open = serving_enter(call);
    struct files_name name;
    char bytes[NODE_NAME_MAX];
    enum node_result result =
        read_name(open, params->name, NODE_PERMISSION_WRITE, bytes, &name);
    if (result == NODE_RESULT_DONE)
        result = params->value.length > NODE_VALUE_MAX
                     ? NODE_RESULT_OUT_OF_RANGE
                     : serving_may_change(serving.core->set_value != NULL);
    if (result == NODE_RESULT_DONE)
        result = serving.core->set_value(serving.state, &open->node, name, params->value.bytes,
                                         params->value.length, params->flags);
    results->result = result;
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_remove_value(struct rpc_call *call,
                                           const struct file_node_remove_value_params *params,
                                           struct file_node_remove_value_results *results)
{
    struct files_open *open = serving_enter(call);
    struct files_name name;
    char bytes[NODE_NAME_MAX];
    enum node_result result =
        read_name(open, params->name, NODE_PERMISSION_WRITE, bytes, &name);
    if (result == NODE_RESULT_DONE)
        result = serving_may_change(serving.core->remove_value != NULL);
    if (result == NODE_RESULT_DONE)
        result = serving.core->remove_value(serving.state, &open->node, name);
    results->result = result;
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_values(struct rpc_call *call,
                                     const struct file_node_values_params *params,
                                     struct file_node_values_results *results)
{
    struct file_node_values_results_builder reply;
    struct files_open *open = serving_enter(call);
    size_t length = 0;
    uint8_t *to;
    enum node_result result = NODE_RESULT_TOO_MANY_OPEN;
    (void)results;
    file_node_values_reply(call, &reply);
    if (open)
        result = serving.core->values ? serving.core->values(serving.state, &open->node, NULL, 0,
                                                             &length)
                                      : NODE_RESULT_UNSUPPORTED;
    if (result == NODE_RESULT_DONE && params->room > 0 && length > 0) {
        if (params->room < length)
            result = NODE_RESULT_OUT_OF_RANGE;
        else if (file_node_values_results_init_names(reply, (uint32_t)length, &to) != CAPNP_OK)
            result = NODE_RESULT_TOO_LARGE;
        else
            result = serving.core->values(serving.state, &open->node, (char *)to, length,
                                          &length);
    }
    file_node_values_results_set_result(reply, result);
    file_node_values_results_set_length(reply, (uint32_t)length);
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_facts(struct rpc_call *call, struct file_node_facts_results *results)
{
    struct files_open *open = serving_enter(call);
    struct files_facts facts;
    results->result = NODE_RESULT_TOO_MANY_OPEN;
    if (open) {
        serving.core->facts(serving.state, &facts);
        *results = (struct file_node_facts_results){
            .system = facts.system, .block_bytes = facts.block_bytes, .blocks = facts.blocks,
            .blocks_free = facts.blocks_free, .blocks_available = facts.blocks_available,
            .nodes = facts.nodes, .nodes_free = facts.nodes_free, .name_max = NODE_NAME_MAX,
            .link_limit = facts.link_limit, .size_max = facts.size_max,
            .is_read_only = serving_may_change(serving.core->write != NULL) != NODE_RESULT_DONE,
            .kind = {serving.core->kind, (uint32_t)strlen(serving.core->kind)}};
    }
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_sync(struct rpc_call *call,
                                   const struct file_node_sync_params *params,
                                   struct file_node_sync_results *results)
{
    struct files_open *open = serving_enter(call);
    results->result = !open                ? NODE_RESULT_TOO_MANY_OPEN
                      : serving.core->sync ? serving.core->sync(serving.state, &open->node,
                                                                params->data_only)
                                           : NODE_RESULT_DONE; /* nothing was ever written */
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_sync_all(struct rpc_call *call,
                                       struct file_node_sync_all_results *results)
{
    serving_enter(call);
    results->result = serving.core->sync_all ? serving.core->sync_all(serving.state)
                                             : NODE_RESULT_DONE;
    serving_leave();
    return EXO_STATUS_OK;
}

/* The core has to find a node by it again. */
static enum exo_status handle_handle(struct rpc_call *call,
                                     struct file_node_handle_results *results)
{
    struct files_open *open = serving_enter(call);
    struct files_attributes is;
    results->result = !open                     ? NODE_RESULT_TOO_MANY_OPEN
                      : !serving.core->by_number ? NODE_RESULT_UNSUPPORTED
                                                : serving.core->attributes(serving.state,
                                                                           &open->node, &is);
    if (results->result == NODE_RESULT_DONE) {
        results->number = open->node.number;
        results->generation = is.generation;
    }
    serving_leave();
    return EXO_STATUS_OK;
}

void serving_add_nodes(struct file_node_methods *methods)
{
    methods->attributes = handle_attributes;
    methods->change = handle_change;
    methods->access = handle_access;
    methods->value = handle_value;
    methods->set_value = handle_set_value;
    methods->remove_value = handle_remove_value;
    methods->values = handle_values;
    methods->facts = handle_facts;
    methods->handle = handle_handle;
    methods->sync = handle_sync;
    methods->sync_all = handle_sync_all;
}
