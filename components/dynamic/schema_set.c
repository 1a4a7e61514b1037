/* SPDX-License-Identifier: MIT */
#include "schema_set.h"

#include <assert.h>
#include <stddef.h>

/* How many interfaces are looked at for an inherited method; a hostile schema may extend itself. */
enum { SUPERCLASS_VISITS_MAX = 256, SUPERCLASS_DEPTH_MAX = 16 };

bool schema_set_same(struct capnp_text left, struct capnp_text right)
{
    if (left.length != right.length)
        return false;
    for (uint32_t i = 0; i < left.length; i++)
        if (left.bytes[i] != right.bytes[i])
            return false;
    return true;
}

/* The list of nodes: pointer 0 of a request, or the root itself. */
static enum capnp_error read_nodes(struct capnp_message *message, struct schema_node_list *nodes,
                                   struct schema_node_source_info_list *sources)
{
    struct capnp_any root;
    enum capnp_error error = capnp_read_root_any(message, &root);
    *sources = (struct schema_node_source_info_list){0};
    *nodes = (struct schema_node_list){0};
    if (error == CAPNP_OK && root.kind == CAPNP_LIST) {
        error = capnp_list_check(&root.list, CAPNP_COMPOSITE);
        nodes->raw = root.list;
    } else if (error == CAPNP_OK && root.kind == CAPNP_STRUCT) {
        struct schema_code_generator_request_reader request = {root.structure};
        error = schema_code_generator_request_get_nodes(request, nodes);
        if (error == CAPNP_OK)
            error = schema_code_generator_request_get_source_info(request, sources);
    } else if (error == CAPNP_OK) {
        error = CAPNP_KIND;
    }
    return error;
}

uint32_t schema_set_count(struct capnp_message *message)
{
    struct schema_node_list nodes;
    struct schema_node_source_info_list sources;
    message->traversal_words = CAPNP_UNLIMITED;
    return read_nodes(message, &nodes, &sources) == CAPNP_OK ? schema_node_list_count(nodes) : 0;
}

/* Let entry `at` sink in the heap of the first `count` entries, the largest id on top. */
static void sink(struct schema_entry *entries, uint32_t count, uint32_t at)
{
    struct schema_entry entry = entries[at];
    for (uint32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && entries[child + 1].id > entries[child].id)
            child++;
        if (entries[child].id <= entry.id)
            break;
        entries[at] = entries[child];
        at = child;
    }
    entries[at] = entry;
}

static enum capnp_error spend(const struct capnp_any *any);

/* Follow all pointers of a struct. */
static enum capnp_error spend_struct(const struct capnp_struct *from)
{
    enum capnp_error error = CAPNP_OK;
    for (uint32_t i = 0; i < from->pointer_count && error == CAPNP_OK; i++) {
        struct capnp_any any;
        error = capnp_read_any(from, i, &any);
        if (error == CAPNP_OK)
            error = spend(&any);
    }
    return error;
}

/* Follow all that a pointer leads to, which is charged; the reader's limits end it. */
static enum capnp_error spend(const struct capnp_any *any)
{
    enum capnp_error error = CAPNP_OK;
    if (any->kind == CAPNP_STRUCT)
        return spend_struct(&any->structure);
    if (any->kind != CAPNP_LIST || any->list.element_pointer_count == 0)
        return CAPNP_OK;
    for (uint32_t i = 0; i < any->list.count && error == CAPNP_OK; i++) {
        struct capnp_struct element = capnp_list_struct(&any->list, i);
        error = spend_struct(&element);
    }
    return error;
}

/* A compiler's message holds each object once. One that leads to more than it holds (a cycle, or
 * millions of elements of no size) is refused, since nothing is charged later. */
static enum capnp_error check_size(struct capnp_message *message)
{
    struct capnp_any root;
    uint64_t words = 64;
    for (uint32_t i = 0; i < message->segment_count; i++)
        words += (uint64_t)message->segments[i].word_count * 2; /* an empty struct costs a word */
    message->traversal_words = words;
    enum capnp_error error = capnp_read_root_any(message, &root);
    return error == CAPNP_OK ? spend(&root) : error;
}

enum capnp_error schema_set_open(struct schema_set *set, struct capnp_message *message,
                                 struct schema_entry *entries, uint32_t entry_max)
{
    struct schema_node_list nodes;
    *set = (struct schema_set){.message = message, .entries = entries};
    enum capnp_error error = check_size(message);
    if (error != CAPNP_OK)
        return error;
    message->traversal_words = CAPNP_UNLIMITED;
    error = read_nodes(message, &nodes, &set->sources);
    if (error != CAPNP_OK)
        return error;
    uint32_t count = schema_node_list_count(nodes);
    if (count > entry_max)
        return CAPNP_RANGE;
    for (uint32_t i = 0; i < count; i++) {
        entries[i].node = schema_node_list_at(nodes, i);
        entries[i].id = schema_node_get_id(entries[i].node);
    }
    for (uint32_t i = count / 2; i-- > 0;)
        sink(entries, count, i);
    for (uint32_t i = count; i-- > 1;) {
        struct schema_entry last = entries[i];
        entries[i] = entries[0];
        entries[0] = last;
        sink(entries, i, 0);
    }
    set->count = count;
    assert(schema_set_check(set));
    return CAPNP_OK;
}

bool schema_set_check(const struct schema_set *set)
{
    for (uint32_t i = 1; i < set->count; i++)
        if (set->entries[i - 1].id > set->entries[i].id)
            return false;
    return true;
}

bool schema_set_find(const struct schema_set *set, uint64_t id, struct schema_node_reader *out)
{
    uint32_t low = 0, high = set->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (set->entries[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == set->count || set->entries[low].id != id)
        return false;
    *out = set->entries[low].node;
    return true;
}

/* Cut a display name ("idl/weather.capnp:Weather") into the file without folders and ending, and
 * what stands behind the colon. */
static void split_name(struct capnp_text name, struct capnp_text *file, struct capnp_text *type)
{
    uint32_t start = 0, end = 0;
    while (end < name.length && name.bytes[end] != ':') {
        if (name.bytes[end] == '/')
            start = end + 1;
        end++;
    }
    *type = (struct capnp_text){"", 0};
    if (end < name.length)
        *type = (struct capnp_text){name.bytes + end + 1, name.length - end - 1};
    uint32_t dot = end;
    while (dot > start && name.bytes[dot - 1] != '.')
        dot--;
    *file = (struct capnp_text){name.bytes + start, (dot > start ? dot - 1 : end) - start};
}

struct capnp_text schema_set_name(struct schema_node_reader node)
{
    struct capnp_text name, file, type;
    schema_node_get_display_name(node, &name);
    split_name(name, &file, &type);
    return type.length > 0 ? type : file;
}

/* Is a name the one of a file, a dot and the one of a type. */
static bool is_full_name(struct capnp_text name, struct capnp_text file, struct capnp_text type)
{
    if (name.length != file.length + 1 + type.length || name.bytes[file.length] != '.')
        return false;
    return schema_set_same((struct capnp_text){name.bytes, file.length}, file) &&
           schema_set_same((struct capnp_text){name.bytes + file.length + 1, type.length}, type);
}

enum schema_set_found schema_set_find_name(const struct schema_set *set, struct capnp_text name,
                                           struct schema_node_reader *out)
{
    enum schema_set_found found = SCHEMA_SET_NONE;
    for (uint32_t i = 0; i < set->count; i++) {
        struct capnp_text display, file, type;
        schema_node_get_display_name(set->entries[i].node, &display);
        split_name(display, &file, &type);
        if (type.length == 0)
            continue;
        bool is_full = is_full_name(name, file, type);
        if (!is_full && !schema_set_same(name, type))
            continue;
        *out = set->entries[i].node;
        if (is_full)
            return SCHEMA_SET_FOUND;
        found = found == SCHEMA_SET_NONE ? SCHEMA_SET_FOUND : SCHEMA_SET_SEVERAL;
    }
    return found;
}

bool schema_set_method(struct schema_node_reader interface, uint32_t index,
                       struct schema_set_method *out)
{
    struct schema_method_list methods;
    if (schema_node_which(interface) != SCHEMA_NODE_WHICH_INTERFACE)
        return false;
    schema_node_interface_get_methods(schema_node_get_interface(interface), &methods);
    if (index >= schema_method_list_count(methods))
        return false;
    out->reader = schema_method_list_at(methods, index);
    out->interface_id = schema_node_get_id(interface);
    out->ordinal = index;
    out->param_id = schema_method_get_param_struct_type(out->reader);
    out->result_id = schema_method_get_result_struct_type(out->reader);
    return true;
}

bool schema_set_superclass(const struct schema_set *set, struct schema_node_reader interface,
                           uint32_t index, struct schema_node_reader *out)
{
    struct schema_superclass_list superclasses;
    if (schema_node_which(interface) != SCHEMA_NODE_WHICH_INTERFACE)
        return false;
    schema_node_interface_get_superclasses(schema_node_get_interface(interface), &superclasses);
    return index < schema_superclass_list_count(superclasses) &&
           schema_set_find(set, schema_superclass_get_id(schema_superclass_list_at(superclasses,
                                                                                   index)), out);
}

/* What is looked for in an interface and those that it extends: a method by name, or by number. */
struct search {
    const struct schema_set *set;
    struct capnp_text name; /* no bytes: the method with `index` more before it */
    uint32_t index;
    uint32_t visits; /* how many interfaces may still be looked at */
};

static bool find_method(struct search *search, struct schema_node_reader interface, uint32_t depth,
                        struct schema_set_method *out)
{
    struct schema_node_reader super;
    if (search->visits == 0 || depth == SUPERCLASS_DEPTH_MAX)
        return false;
    search->visits--;
    for (uint32_t i = 0; schema_set_method(interface, i, out); i++) {
        struct capnp_text own;
        schema_method_get_name(out->reader, &own);
        if (search->name.length > 0 ? schema_set_same(own, search->name) : search->index-- == 0)
            return true;
    }
    for (uint32_t i = 0; schema_set_superclass(search->set, interface, i, &super); i++)
        if (find_method(search, super, depth + 1, out))
            return true;
    return false;
}

bool schema_set_find_method(const struct schema_set *set, struct schema_node_reader interface,
                            struct capnp_text name, struct schema_set_method *out)
{
    struct search search = {set, name, 0, SUPERCLASS_VISITS_MAX};
    return name.length > 0 && find_method(&search, interface, 0, out);
}

bool schema_set_any_method(const struct schema_set *set, struct schema_node_reader interface,
                           uint32_t index, struct schema_set_method *out)
{
    struct search search = {set, {"", 0}, index, SUPERCLASS_VISITS_MAX};
    return find_method(&search, interface, 0, out);
}

struct capnp_text schema_set_comment(const struct schema_set *set, uint64_t id, uint32_t member)
{
    struct capnp_text text = {"", 0};
    for (uint32_t i = 0; i < schema_node_source_info_list_count(set->sources); i++) {
        struct schema_node_source_info_reader source =
            schema_node_source_info_list_at(set->sources, i);
        struct schema_node_source_info_member_list members;
        if (schema_node_source_info_get_id(source) != id)
            continue;
        if (member == SCHEMA_SET_WHOLE) {
            schema_node_source_info_get_doc_comment(source, &text);
            return text;
        }
        schema_node_source_info_get_members(source, &members);
        if (member < schema_node_source_info_member_list_count(members))
            schema_node_source_info_member_get_doc_comment(
                schema_node_source_info_member_list_at(members, member), &text);
        return text;
    }
    return text;
}
