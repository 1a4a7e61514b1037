/* SPDX-License-Identifier: MIT */
#include "brand.h"

#include "name.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NAME_LENGTH_MAX 200 /* longer names of brands end with a hash instead */

/* Room for `count` things of `size` bytes, zeroed; lives until the program ends. */
static void *take(size_t count, size_t size)
{
    void *room = name_room(count * size);
    memset(room, 0, count * size);
    return room;
}

/* The arguments of a scope in a brand; NULL if it has none. */
static const struct brand_scope *find_scope(const struct brand *brand, uint64_t id)
{
    for (uint32_t i = 0; brand && i < brand->scope_count; i++)
        if (brand->scopes[i].id == id)
            return &brand->scopes[i];
    return NULL;
}

struct brand_argument brand_resolve(struct schema_type_reader type, const struct brand *outer)
{
    struct brand_argument out = {.type = type, .brand = outer};
    if (schema_type_which(type) != SCHEMA_TYPE_WHICH_ANY_POINTER)
        return out;
    struct schema_type_any_pointer_reader any = schema_type_get_any_pointer(type);
    switch (schema_type_any_pointer_which(any)) {
    case SCHEMA_TYPE_ANY_POINTER_WHICH_PARAMETER: {
        struct schema_type_any_pointer_parameter_reader parameter =
            schema_type_any_pointer_get_parameter(any);
        const struct brand_scope *scope =
            find_scope(outer, schema_type_any_pointer_parameter_get_scope_id(parameter));
        uint16_t index = schema_type_any_pointer_parameter_get_parameter_index(parameter);
        if (scope && index < scope->count)
            return scope->arguments[index];
        out.is_any = true;
        break;
    }
    case SCHEMA_TYPE_ANY_POINTER_WHICH_UNCONSTRAINED:
        out.is_any = schema_type_any_pointer_unconstrained_which(
                         schema_type_any_pointer_get_unconstrained(any)) ==
                     SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_ANY_KIND;
        break;
    default: out.is_any = true;
    }
    return out;
}

/* The arguments that a use gives to a scope. */
static struct brand_scope bind(struct schema_brand_scope_reader scope, const struct brand *outer)
{
    struct schema_brand_binding_list bindings;
    struct brand_scope out = {schema_brand_scope_get_scope_id(scope), 0, NULL};
    if (schema_brand_scope_which(scope) == SCHEMA_BRAND_SCOPE_WHICH_INHERIT) {
        const struct brand_scope *inherited = find_scope(outer, out.id);
        return inherited ? *inherited : out;
    }
    schema_brand_scope_get_bind(scope, &bindings);
    out.count = schema_brand_binding_list_count(bindings);
    out.arguments = take(out.count, sizeof *out.arguments);
    for (uint32_t i = 0; i < out.count; i++) {
        struct schema_brand_binding_reader binding = schema_brand_binding_list_at(bindings, i);
        struct schema_type_reader type;
        out.arguments[i].is_any = true;
        if (schema_brand_binding_which(binding) != SCHEMA_BRAND_BINDING_WHICH_TYPE)
            continue;
        schema_brand_binding_get_type(binding, &type);
        out.arguments[i] = brand_resolve(type, outer);
    }
    return out;
}

/* How many types a brand is made of, counted up to `most`. */
static unsigned count_types(const struct brand *brand, unsigned most);

/* As count_types, of one argument. */
static unsigned count_argument(struct brand_argument argument, unsigned most)
{
    struct schema_type_reader element;
    struct schema_brand_reader use;
    if (argument.is_any || most == 0)
        return 0;
    switch (schema_type_which(argument.type)) {
    case SCHEMA_TYPE_WHICH_LIST:
        schema_type_list_get_element_type(schema_type_get_list(argument.type), &element);
        return 1 + count_argument(brand_resolve(element, argument.brand), most - 1);
    case SCHEMA_TYPE_WHICH_STRUCT: {
        struct schema_type_struct_reader type = schema_type_get_struct(argument.type);
        schema_type_struct_get_brand(type, &use);
        return 1 + count_types(brand_of(schema_type_struct_get_type_id(type), use, argument.brand),
                               most - 1);
    }
    default: return 1;
    }
}

static unsigned count_types(const struct brand *brand, unsigned most)
{
    unsigned count = 0;
    for (uint32_t i = 0; brand && i < brand->scope_count; i++)
        for (uint32_t k = 0; k < brand->scopes[i].count && count <= most; k++)
            count += count_argument(brand->scopes[i].arguments[k], most - count);
    return count;
}

/* Is anything known of a scope's parameters. */
static bool is_known(const struct brand_scope *scope)
{
    for (uint32_t i = 0; i < scope->count; i++)
        if (!scope->arguments[i].is_any)
            return true;
    return false;
}

const struct brand *brand_of(uint64_t id, struct schema_brand_reader use,
                             const struct brand *outer)
{
    struct schema_brand_scope_list scopes;
    struct schema_node_reader node;
    schema_brand_get_scopes(use, &scopes);
    uint32_t count = schema_brand_scope_list_count(scopes);
    if (count == 0 || !request_node(id, &node))
        return NULL;
    struct brand *out = take(1, sizeof *out);
    out->scopes = take(count, sizeof *out->scopes);
    for (uint32_t i = 0; i < count; i++) {
        struct brand_scope scope = bind(schema_brand_scope_list_at(scopes, i), outer);
        if (is_known(&scope))
            out->scopes[out->scope_count++] = scope;
    }
    if (out->scope_count == 0 || (outer && count_types(out, BRAND_TYPES_MAX + 1) > BRAND_TYPES_MAX))
        return NULL;
    return out;
}

/* The part of a name that says what an argument is; `prefix` needs not to be said. Null: a key. */
static char *argument_name(struct brand_argument argument, const char *prefix);

char *brand_key(struct schema_node_reader node, const struct brand *brand)
{
    char *key = name_format("%" PRIx64, schema_node_get_id(node));
    for (uint32_t i = 0; brand && i < brand->scope_count; i++) {
        key = name_format("%s %" PRIx64 "(", key, brand->scopes[i].id);
        for (uint32_t k = 0; k < brand->scopes[i].count; k++)
            key = name_format("%s%s,", key, argument_name(brand->scopes[i].arguments[k], NULL));
        key = name_format("%s)", key);
    }
    return key;
}

/* As argument_name, for a declared type. A name that would be taken for one of Cap'n Proto's own
 * types keeps its prefix. */
static char *declared_name(uint64_t id, const struct brand *brand, const char *prefix)
{
    static const char *const own[] = {"void",    "bool",    "int8",    "int16",   "int32",
                                      "int64",   "uint8",   "uint16",  "uint32",  "uint64",
                                      "float32", "float64", "text",    "data",    "any",
                                      "list",    "any_struct", "any_list", "capability", NULL};
    struct schema_node_reader node =
        request_node_must(id, name_format("the type 0x%016llx", (unsigned long long)id));
    if (!prefix)
        return brand_key(node, brand);
    char *name = brand_c_name(node, brand);
    size_t length = strlen(prefix);
    if (strncmp(name, prefix, length) != 0 || name[length] != '_')
        return name;
    for (int i = 0; own[i]; i++) {
        size_t size = strlen(own[i]);
        const char *behind = name + length + 1 + size;
        if (strncmp(name + length + 1, own[i], size) == 0 &&
            (*behind == '\0' || strncmp(behind, "_of_", 4) == 0))
            return name;
    }
    return name + length + 1;
}

static char *argument_name(struct brand_argument argument, const char *prefix)
{
    static const char *const names[] = {"void",    "bool",   "int8",   "int16",  "int32",
                                        "int64",   "uint8",  "uint16", "uint32", "uint64",
                                        "float32", "float64", "text",  "data"};
    static const char *const any_names[] = {"any", "any_struct", "any_list", "capability"};
    struct schema_type_reader type = argument.type;
    enum schema_type_which which = schema_type_which(type);
    struct schema_brand_reader use;
    if (argument.is_any)
        return name_format("any");
    if (which < sizeof names / sizeof *names)
        return name_format("%s", names[which]);
    switch (which) {
    case SCHEMA_TYPE_WHICH_LIST:
        schema_type_list_get_element_type(schema_type_get_list(type), &type);
        return name_format("list_of_%s",
                           argument_name(brand_resolve(type, argument.brand), prefix));
    case SCHEMA_TYPE_WHICH_ENUM:
        return declared_name(schema_type_enum_get_type_id(schema_type_get_enum(type)), NULL,
                             prefix);
    case SCHEMA_TYPE_WHICH_STRUCT: {
        uint64_t id = schema_type_struct_get_type_id(schema_type_get_struct(type));
        schema_type_struct_get_brand(schema_type_get_struct(type), &use);
        return declared_name(id, brand_of(id, use, argument.brand), prefix);
    }
    case SCHEMA_TYPE_WHICH_INTERFACE: {
        uint64_t id = schema_type_interface_get_type_id(schema_type_get_interface(type));
        schema_type_interface_get_brand(schema_type_get_interface(type), &use);
        return declared_name(id, brand_of(id, use, argument.brand), prefix);
    }
    default: {
        unsigned kind = schema_type_any_pointer_unconstrained_which(
            schema_type_any_pointer_get_unconstrained(schema_type_get_any_pointer(type)));
        return name_format("%s", kind < 4 ? any_names[kind] : "any");
    }
    }
}

/* A long name cut, with a hash of all of it in the place of its end. */
static char *shorten(char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    if (strlen(name) <= NAME_LENGTH_MAX)
        return name;
    for (const char *at = name; *at; at++)
        hash = (hash ^ (uint8_t)*at) * UINT64_C(0x100000001b3);
    return name_format("%.*s_%016" PRIx64, NAME_LENGTH_MAX - 17, name, hash);
}

/* As brand_c_name, at a depth of scopes that is bounded: the request may lie. */
static char *c_name(struct schema_node_reader node, const struct brand *brand, int depth)
{
    struct schema_node_reader scope;
    const struct brand_scope *own = find_scope(brand, schema_node_get_id(node));
    char *name = request_c_name(node);
    const char *prefix = request_prefix(node);
    /* A group or nested struct says its own part behind the brand of what it is in. */
    if (depth < REQUEST_DEPTH_MAX && request_scope(node, &scope) &&
        schema_node_which(scope) != SCHEMA_NODE_WHICH_FILE) {
        const char *outer = request_c_name(scope);
        size_t length = strlen(outer);
        if (strncmp(name, outer, length) == 0)
            name = name_format("%s%s", c_name(scope, brand, depth + 1), name + length);
    }
    for (uint32_t i = 0; own && i < own->count; i++)
        name = name_format("%s_%s_%s", name, i > 0 ? "and" : "of",
                           argument_name(own->arguments[i], prefix));
    return shorten(name);
}

char *brand_c_name(struct schema_node_reader node, const struct brand *brand)
{
    return brand ? c_name(node, brand, 0) : request_c_name(node);
}
