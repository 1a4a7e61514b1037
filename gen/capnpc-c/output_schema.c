/* SPDX-License-Identifier: MIT */
/*
 * Writing what a program knows of an interface's schema into the program itself: a section that is
 * not loaded, with the nodes that the interface is made of as a request of their own, and their
 * hash. The composer compares those of both ends of a connection, and tells each component the hash
 * of the other's, so that it learns at bind time whether both were built from the same schema.
 *
 * A record: 4 words (mark, type id, hash, length), then the request in stream framing.
 */
#include "output.h"

#include "name.h"

#include <inttypes.h>
#include <stdlib.h>

#define RECORD_MARK UINT64_C(0x616d656863732e65) /* "e.schema" */

enum { REACHED_MAX = 4096, WORDS_MAX = 1 << 20 };

/* The nodes that were reached; those before `done` were looked through. */
struct reached {
    struct schema_node_reader nodes[REACHED_MAX];
    uint32_t count;
};

static void reach(struct reached *reached, uint64_t id)
{
    struct schema_node_reader node;
    for (uint32_t i = 0; i < reached->count; i++)
        if (schema_node_get_id(reached->nodes[i]) == id)
            return;
    if (!request_node(id, &node))
        return;
    if (reached->count == REACHED_MAX)
        request_fatal("an interface is made of more than %u types; make two of it", REACHED_MAX);
    reached->nodes[reached->count++] = node;
}

static void reach_brand(struct reached *reached, struct schema_brand_reader brand);

static void reach_type(struct reached *reached, struct schema_type_reader type)
{
    struct schema_type_reader element;
    struct schema_brand_reader brand;
    switch ((unsigned)schema_type_which(type)) {
    case SCHEMA_TYPE_WHICH_LIST:
        schema_type_list_get_element_type(schema_type_get_list(type), &element);
        reach_type(reached, element);
        break;
    case SCHEMA_TYPE_WHICH_ENUM:
        reach(reached, schema_type_enum_get_type_id(schema_type_get_enum(type)));
        break;
    case SCHEMA_TYPE_WHICH_STRUCT:
        reach(reached, schema_type_struct_get_type_id(schema_type_get_struct(type)));
        schema_type_struct_get_brand(schema_type_get_struct(type), &brand);
        reach_brand(reached, brand);
        break;
    case SCHEMA_TYPE_WHICH_INTERFACE:
        reach(reached, schema_type_interface_get_type_id(schema_type_get_interface(type)));
        schema_type_interface_get_brand(schema_type_get_interface(type), &brand);
        reach_brand(reached, brand);
        break;
    default: break;
    }
}

/* What a generic declaration is used with. */
static void reach_brand(struct reached *reached, struct schema_brand_reader brand)
{
    struct schema_brand_scope_list scopes;
    schema_brand_get_scopes(brand, &scopes);
    for (uint32_t i = 0; i < schema_brand_scope_list_count(scopes); i++) {
        struct schema_brand_scope_reader scope = schema_brand_scope_list_at(scopes, i);
        struct schema_brand_binding_list list;
        if (schema_brand_scope_which(scope) != SCHEMA_BRAND_SCOPE_WHICH_BIND)
            continue;
        schema_brand_scope_get_bind(scope, &list);
        for (uint32_t j = 0; j < schema_brand_binding_list_count(list); j++) {
            struct schema_brand_binding_reader binding = schema_brand_binding_list_at(list, j);
            struct schema_type_reader type;
            if (schema_brand_binding_which(binding) != SCHEMA_BRAND_BINDING_WHICH_TYPE)
                continue;
            schema_brand_binding_get_type(binding, &type);
            reach_type(reached, type);
        }
    }
}

static void reach_fields(struct reached *reached, struct schema_node_reader node)
{
    struct schema_field_list fields;
    schema_node_struct_get_fields(schema_node_get_struct(node), &fields);
    for (uint32_t i = 0; i < schema_field_list_count(fields); i++) {
        struct schema_field_reader field = schema_field_list_at(fields, i);
        struct schema_type_reader type;
        if (schema_field_which(field) == SCHEMA_FIELD_WHICH_GROUP) {
            reach(reached, schema_field_group_get_type_id(schema_field_get_group(field)));
            continue;
        }
        schema_field_slot_get_type(schema_field_get_slot(field), &type);
        reach_type(reached, type);
    }
}

static void reach_methods(struct reached *reached, struct schema_node_reader node)
{
    struct schema_method_list methods;
    struct schema_superclass_list bases;
    schema_node_interface_get_methods(schema_node_get_interface(node), &methods);
    schema_node_interface_get_superclasses(schema_node_get_interface(node), &bases);
    for (uint32_t i = 0; i < schema_method_list_count(methods); i++) {
        struct schema_method_reader method = schema_method_list_at(methods, i);
        reach(reached, schema_method_get_param_struct_type(method));
        reach(reached, schema_method_get_result_struct_type(method));
    }
    for (uint32_t i = 0; i < schema_superclass_list_count(bases); i++)
        reach(reached, schema_superclass_get_id(schema_superclass_list_at(bases, i)));
}

/* Copy what this generator knows of a node to its place in a list. */
static void copy_node(struct capnp_builder *builder, uint64_t *words,
                      const struct capnp_struct *from)
{
    for (uint32_t i = 0; i < SCHEMA_NODE_DATA_WORDS; i++)
        words[i] = capnp_get_uint64(*from, i * 8);
    for (uint32_t i = 0; i < SCHEMA_NODE_POINTERS; i++) {
        struct capnp_any any;
        enum capnp_error error = capnp_read_any(from, i, &any);
        if (error == CAPNP_OK)
            error = capnp_copy_any(builder, words + SCHEMA_NODE_DATA_WORDS + i, &any);
        if (error != CAPNP_OK)
            capnp_builder_fail(builder, error);
    }
}

/* Build the request of what an interface is made of; returns its words, framed. */
static uint32_t build(struct schema_node_reader interface, uint64_t *words)
{
    static struct reached reached;
    struct capnp_builder builder;
    struct schema_code_generator_request_builder root;
    struct schema_node_builder_list nodes;
    struct schema_code_generator_request_requested_file_builder_list files;
    reached.count = 0;
    reach(&reached, schema_node_get_id(interface));
    for (uint32_t i = 0; i < reached.count; i++) {
        if (schema_node_which(reached.nodes[i]) == SCHEMA_NODE_WHICH_STRUCT)
            reach_fields(&reached, reached.nodes[i]);
        else if (schema_node_which(reached.nodes[i]) == SCHEMA_NODE_WHICH_INTERFACE)
            reach_methods(&reached, reached.nodes[i]);
    }
    capnp_builder_begin_framed(&builder, words, WORDS_MAX);
    schema_code_generator_request_init_root(&builder, &root);
    schema_code_generator_request_init_requested_files(root, 1, &files);
    schema_code_generator_request_requested_file_set_id(
        schema_code_generator_request_requested_file_builder_list_at(files, 0),
        schema_node_get_id(interface));
    schema_code_generator_request_init_nodes(root, reached.count, &nodes);
    for (uint32_t i = 0; i < reached.count; i++)
        copy_node(&builder, schema_node_builder_list_at(nodes, i).words, &reached.nodes[i].raw);
    if (builder.error != CAPNP_OK)
        request_fatal("the schema of %s cannot be written: %s; make two interfaces of it",
                      request_path(interface), capnp_error_text(builder.error));
    return capnp_builder_framed(&builder);
}

/* FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
static uint64_t hash_of(const uint64_t *words, uint32_t count)
{
    const uint8_t *bytes = (const uint8_t *)words;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < (size_t)count * 8; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t *new_words(void)
{
    uint64_t *words = malloc(WORDS_MAX * sizeof *words);
    if (!words)
        request_fatal("the host has no memory left; close other programs and try again");
    return words;
}

void output_schema_hash(FILE *out, struct schema_node_reader node)
{
    uint64_t *words = new_words();
    uint32_t count = build(node, words);
    fprintf(out, "/* The `schema` of a channel_place whose peer was built from this. */\n"
                 "#define %s_SCHEMA_HASH UINT64_C(0x%016" PRIx64 ")\n\n",
            name_upper(request_c_name(node)), hash_of(words, count));
    free(words);
}

void output_schema(FILE *out, struct schema_node_reader node)
{
    uint64_t *words = new_words();
    uint32_t count = build(node, words);
    fprintf(out, "#if __STDC_HOSTED__ == 0\n"
                 "/* For the composer, see output_schema.c of capnpc-c; not loaded. */\n"
                 "static const uint64_t %s_schema[]\n"
                 "    __attribute__((used, section(\".exo_schema\"))) = {\n"
                 "    UINT64_C(0x%" PRIx64 "), UINT64_C(0x%016" PRIx64 "), %s_SCHEMA_HASH,\n"
                 "    %" PRIu32,
            request_c_name(node), RECORD_MARK, schema_node_get_id(node),
            name_upper(request_c_name(node)), count);
    for (uint32_t i = 0; i < count; i++)
        fprintf(out, ",%sUINT64_C(0x%" PRIx64 ")", i % 3 ? " " : "\n    ", words[i]);
    fputs("\n};\n#endif\n\n", out);
    free(words);
}
