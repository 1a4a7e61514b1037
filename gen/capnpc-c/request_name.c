/* SPDX-License-Identifier: MIT */
/*
 * C names of nodes. A name must be the same whether its own file is compiled or one that imports
 * it, and then the compiler sends no more of it than what is used and the scopes around that. So a
 * name follows from the node, from the scopes around it, and from the names that these list.
 */
#include "options.h"
#include "request.h"

#include "name.h"

#include <stdlib.h>
#include <string.h>

/* C prefixes that a file's name alone does not give: such names are the runtime's. */
static const char *const taken_prefixes[] = {"capnp", "rpc", "exo", NULL};

/* What the C names that a struct or an interface makes for itself end with, where something of a
 * kind that is nested in it would have the same name. */
static const char *const enum_names[] = {"reader", "builder", "list",    "builder_list",
                                         "which",  "client",  "methods", NULL};
static const char *const struct_names[] = {"builder", NULL};
static const char *const constant_names[] = {"data_words", "pointers", "type_id", NULL};

/* A file's base name as a prefix: `c++` is `c`, `9p` is `file_9p`, `rpc` is `rpc_file`. */
static char *prefix_of_base(const char *base)
{
    char *snake = name_snake(base), *to = snake;
    for (const char *at = snake; *at; at++)
        if (*at != '_' || (to != snake && to[-1] != '_'))
            *to++ = *at;
    while (to != snake && to[-1] == '_')
        to--;
    *to = '\0';
    if (*snake < 'a' || *snake > 'z')
        return name_format(*snake ? "file_%s" : "file%s", snake);
    for (int i = 0; taken_prefixes[i]; i++)
        if (strcmp(snake, taken_prefixes[i]) == 0)
            return name_format("%s_file", snake);
    return snake;
}

/* The text of an annotation of our own on a node; NULL if it has none. */
static char *own_annotation(struct schema_node_reader node, const char *name)
{
    struct schema_annotation_list annotations;
    struct schema_value_reader value;
    struct capnp_text text;
    schema_node_get_annotations(node, &annotations);
    if (!request_annotation(annotations, name, &value))
        return NULL;
    schema_value_get_text(value, &text);
    return name_text(text);
}

char *request_prefix(struct schema_node_reader node)
{
    struct schema_node_reader file;
    const char *option = options_prefix(request_file_name(node));
    if (option)
        return name_format("%s", option);
    char *prefix = request_file(node, &file) ? own_annotation(file, "prefix") : NULL;
    return prefix ? prefix : prefix_of_base(request_file_base(node));
}

char *request_stem(struct schema_node_reader node)
{
    struct schema_node_reader file;
    char *folder = request_file(node, &file) ? own_annotation(file, "folder") : NULL;
    char *base = request_file_base(node);
    return folder ? name_format("%s/%s", folder, base) : base;
}

/* Can C names begin with these bytes; `tail` of them may follow. */
static bool is_name(const char *text)
{
    static const char tail[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return *text >= 'a' && *text <= 'z' && text[strspn(text, tail)] == '\0';
}

/* Does a folder lie in the output folder, and has it a name that needs no quoting. */
static bool is_folder(const char *text)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
    return *text && *text != '/' && !strstr(text, "..") && text[strspn(text, letters)] == '\0';
}

/* Report what is wrong with the annotations of a node. */
static void check_node(struct schema_node_reader node)
{
    bool is_file = schema_node_which(node) == SCHEMA_NODE_WHICH_FILE;
    char *prefix = is_file ? own_annotation(node, "prefix") : NULL;
    char *folder = is_file ? own_annotation(node, "folder") : NULL;
    char *name = own_annotation(node, "name");
    if (prefix && !is_name(prefix))
        request_error(node, "$prefix",
                      "\"%s\" cannot begin a C name; write a small letter and behind it small "
                      "letters, digits and underscores", prefix);
    if (folder && !is_folder(folder))
        request_error(node, "$folder",
                      "\"%s\" is no folder in the output folder; write a relative path without .., "
                      "of letters, digits, _, -, . and /", folder);
    if (name && !is_name(name))
        request_error(node, name_format("%s.$name", request_path(node)),
                      "\"%s\" cannot be part of a C name; write a small letter and behind it small "
                      "letters, digits and underscores", name);
}

void request_check_names(void)
{
    struct schema_node_list nodes;
    schema_code_generator_request_get_nodes(request_root(), &nodes);
    for (uint32_t i = 0; i < schema_node_list_count(nodes); i++)
        check_node(schema_node_list_at(nodes, i));
}

bool request_scope(struct schema_node_reader node, struct schema_node_reader *out)
{
    uint64_t id = schema_node_get_scope_id(node);
    if (id != 0)
        return request_node(id, out);
    /* The structs of a method: the interface has the name in front of the last dot. */
    char *path = request_path(node), *dot = strrchr(path, '.');
    if (schema_node_which(node) == SCHEMA_NODE_WHICH_FILE || !dot || !strchr(path, '$'))
        return false;
    struct schema_node_list nodes;
    *dot = '\0';
    char *file = request_file_name(node);
    schema_code_generator_request_get_nodes(request_root(), &nodes);
    for (uint32_t i = 0; i < schema_node_list_count(nodes); i++) {
        *out = schema_node_list_at(nodes, i);
        if (schema_node_which(*out) == SCHEMA_NODE_WHICH_INTERFACE &&
            strcmp(request_path(*out), path) == 0 && strcmp(request_file_name(*out), file) == 0)
            return true;
    }
    return false;
}

/* Call `visit` for the name of each thing that a scope declares with an id of its own: what is
 * nested in it, then groups. Ends early, and answers true, when `visit` does. */
static bool each_inner(struct schema_node_reader scope,
                       bool (*visit)(void *context, uint64_t id, const char *name), void *context)
{
    struct schema_node_nested_node_list nested;
    struct capnp_text text;
    schema_node_get_nested_nodes(scope, &nested);
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(nested); i++) {
        struct schema_node_nested_node_reader inner = schema_node_nested_node_list_at(nested, i);
        schema_node_nested_node_get_name(inner, &text);
        if (visit(context, schema_node_nested_node_get_id(inner), name_snake(name_text(text))))
            return true;
    }
    if (schema_node_which(scope) != SCHEMA_NODE_WHICH_STRUCT)
        return false;
    struct schema_field_list fields;
    schema_node_struct_get_fields(schema_node_get_struct(scope), &fields);
    for (uint32_t i = 0; i < schema_field_list_count(fields); i++) {
        struct schema_field_reader field = schema_field_list_at(fields, i);
        if (schema_field_which(field) != SCHEMA_FIELD_WHICH_GROUP)
            continue;
        schema_field_get_name(field, &text);
        if (visit(context, schema_field_group_get_type_id(schema_field_get_group(field)),
                  name_snake(name_text(text))))
            return true;
    }
    return false;
}

/* A name that is looked for in a scope. */
struct search {
    const char *name;
    uint64_t id; /* of the node that wants the name */
    unsigned number;
};

/* Count what has the name before the node itself. */
static bool visit_before(void *context, uint64_t id, const char *name)
{
    struct search *search = context;
    if (id == search->id)
        return true;
    search->number += strcmp(name, search->name) == 0;
    return false;
}

/* Is there anything else with the name. */
static bool visit_other(void *context, uint64_t id, const char *name)
{
    struct search *search = context;
    return id != search->id && strcmp(name, search->name) == 0;
}

/* Is a name in a list that ends with NULL. */
static bool is_listed(const char *const *list, const char *name)
{
    for (int i = 0; list && list[i]; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

char *request_member_name(uint32_t index, char *(*name)(const void *list, uint32_t index),
                          const void *list, const char *const *reserved)
{
    char *own = name_snake(name(list, index));
    unsigned number = is_listed(reserved, own) ? 2 : 1;
    for (uint32_t i = 0; i < index; i++)
        number += strcmp(name_snake(name(list, i)), own) == 0;
    return number > 1 ? name_format("%s_%u", own, number) : own;
}

char *request_own_name(struct schema_node_reader node)
{
    struct schema_node_reader scope;
    char *name = own_annotation(node, "name");
    if (name)
        return name;
    name = name_snake(request_short_name(node));
    struct search search = {name, schema_node_get_id(node), 1};
    if (!request_scope(node, &scope))
        return name;
    if (schema_node_get_scope_id(node) != 0)
        each_inner(scope, visit_before, &search);
    else
        search.number += each_inner(scope, visit_other, &search);
    enum schema_node_which kind = schema_node_which(node);
    if (schema_node_which(scope) != SCHEMA_NODE_WHICH_FILE &&
        is_listed(kind == SCHEMA_NODE_WHICH_ENUM     ? enum_names
                  : kind == SCHEMA_NODE_WHICH_STRUCT ? struct_names
                  : kind == SCHEMA_NODE_WHICH_CONST  ? constant_names
                                                     : NULL,
                  name))
        search.number++;
    return search.number > 1 ? name_format("%s_%u", name, search.number) : name;
}

/* As request_c_name, at a depth of scopes that is bounded: the request may lie. */
static char *c_name(struct schema_node_reader node, int depth);

/* Find a C name: see c_name. */
static char *make_c_name(struct schema_node_reader node, int depth)
{
    const char *prefix = request_prefix(node);
    struct schema_node_reader scope, outer;
    if (schema_node_which(node) == SCHEMA_NODE_WHICH_FILE || depth == REQUEST_DEPTH_MAX)
        return name_format("%s", prefix);
    char *own = request_own_name(node);
    if (!request_scope(node, &scope))
        return name_format("%s_%s", prefix, own);
    /* What is in an interface that is called like the prefix does not say the name twice. */
    if (schema_node_which(scope) == SCHEMA_NODE_WHICH_FILE && strcmp(own, prefix) == 0 &&
        schema_node_which(node) == SCHEMA_NODE_WHICH_INTERFACE)
        return name_format("%s", prefix);
    char *name = name_format("%s_%s", c_name(scope, depth + 1), own);
    /* `Sky.Blue` and `SkyBlue`, too, would be one name; the one that lies deeper yields. */
    for (outer = scope; depth < REQUEST_DEPTH_MAX && request_scope(outer, &outer); depth++) {
        const char *base = c_name(outer, depth + 1);
        size_t length = strlen(base);
        struct search search = {name + length + 1, schema_node_get_id(scope), 0};
        if (strncmp(name, base, length) == 0 && name[length] == '_' &&
            each_inner(outer, visit_other, &search))
            name = name_format("%s_2", name);
    }
    return name;
}

static char *c_name(struct schema_node_reader node, int depth)
{
    char **place = request_c_name_place(node);
    if (*place)
        return *place;
    char *name = make_c_name(node, depth);
    return *request_c_name_place(node) = name;
}

char *request_c_name(struct schema_node_reader node)
{
    return c_name(node, 0);
}

char *request_c_name_of(uint64_t id)
{
    return request_c_name(
        request_node_must(id, name_format("the type 0x%016llx", (unsigned long long)id)));
}
