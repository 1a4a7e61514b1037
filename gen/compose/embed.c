/* SPDX-License-Identifier: MIT */
/*
 * A walk from the interfaces along everything that they name, then a copy of the nodes that were
 * reached. The request comes from our own compiler, so it is read without limits.
 */
#include "embed.h"

#include <assert.h>
#include <string.h>

/* Which nodes of a request are wanted. */
struct embedding {
    struct schema_node_list nodes;
    struct schema_node_source_info_list sources;
    bool *wanted; /* by position in `nodes` */
    unsigned *queue;
    unsigned queue_count;
};

/* A node is wanted; it is looked at later. */
static void want(struct embedding *embedding, uint64_t id)
{
    for (uint32_t i = 0; i < schema_node_list_count(embedding->nodes); i++) {
        if (schema_node_get_id(schema_node_list_at(embedding->nodes, i)) != id) {
            continue;
        }
        if (!embedding->wanted[i]) {
            embedding->wanted[i] = true;
            embedding->queue[embedding->queue_count++] = i;
        }
        return;
    }
}

static void want_type(struct embedding *embedding, struct schema_type_reader type);

/* What type parameters are bound to. */
static void want_brand(struct embedding *embedding, struct schema_brand_reader brand)
{
    struct schema_brand_scope_list scopes;
    struct schema_brand_binding_list bindings;
    struct schema_type_reader type;

    schema_brand_get_scopes(brand, &scopes);
    for (uint32_t i = 0; i < schema_brand_scope_list_count(scopes); i++) {
        struct schema_brand_scope_reader scope = schema_brand_scope_list_at(scopes, i);

        if (schema_brand_scope_which(scope) != SCHEMA_BRAND_SCOPE_WHICH_BIND) {
            continue;
        }
        schema_brand_scope_get_bind(scope, &bindings);
        for (uint32_t j = 0; j < schema_brand_binding_list_count(bindings); j++) {
            struct schema_brand_binding_reader binding = schema_brand_binding_list_at(bindings, j);

            if (schema_brand_binding_which(binding) == SCHEMA_BRAND_BINDING_WHICH_TYPE
                && schema_brand_binding_get_type(binding, &type) == CAPNP_OK) {
                want_type(embedding, type);
            }
        }
    }
}

/* As deep as types are written in each other; capnp's own limit of nesting bounds it. */
static void want_type(struct embedding *embedding, struct schema_type_reader type)
{
    struct schema_brand_reader brand;
    struct schema_type_reader element;

    switch (schema_type_which(type)) {
    case SCHEMA_TYPE_WHICH_LIST:
        schema_type_list_get_element_type(schema_type_get_list(type), &element);
        want_type(embedding, element);
        break;
    case SCHEMA_TYPE_WHICH_ENUM:
        want(embedding, schema_type_enum_get_type_id(schema_type_get_enum(type)));
        break;
    case SCHEMA_TYPE_WHICH_STRUCT:
        want(embedding, schema_type_struct_get_type_id(schema_type_get_struct(type)));
        schema_type_struct_get_brand(schema_type_get_struct(type), &brand);
        want_brand(embedding, brand);
        break;
    case SCHEMA_TYPE_WHICH_INTERFACE:
        want(embedding, schema_type_interface_get_type_id(schema_type_get_interface(type)));
        schema_type_interface_get_brand(schema_type_get_interface(type), &brand);
        want_brand(embedding, brand);
        break;
    default:
        break;
    }
}

static void want_fields(struct embedding *embedding, struct schema_node_struct_reader body)
{
    struct schema_field_list fields;
    struct schema_type_reader type;

    schema_node_struct_get_fields(body, &fields);
    for (uint32_t i = 0; i < schema_field_list_count(fields); i++) {
        struct schema_field_reader field = schema_field_list_at(fields, i);

        if (schema_field_which(field) == SCHEMA_FIELD_WHICH_GROUP) {
            want(embedding, schema_field_group_get_type_id(schema_field_get_group(field)));
        } else {
            schema_field_slot_get_type(schema_field_get_slot(field), &type);
            want_type(embedding, type);
        }
    }
}

static void want_methods(struct embedding *embedding, struct schema_node_interface_reader body)
{
    struct schema_method_list methods;
    struct schema_superclass_list superclasses;

    schema_node_interface_get_methods(body, &methods);
    for (uint32_t i = 0; i < schema_method_list_count(methods); i++) {
        struct schema_method_reader method = schema_method_list_at(methods, i);

        want(embedding, schema_method_get_param_struct_type(method));
        want(embedding, schema_method_get_result_struct_type(method));
    }
    schema_node_interface_get_superclasses(body, &superclasses);
    for (uint32_t i = 0; i < schema_superclass_list_count(superclasses); i++) {
        want(embedding, schema_superclass_get_id(schema_superclass_list_at(superclasses, i)));
    }
}

/* Looks at all that is wanted until nothing new comes up. */
static void follow(struct embedding *embedding)
{
    for (unsigned i = 0; i < embedding->queue_count; i++) {
        struct schema_node_reader node
            = schema_node_list_at(embedding->nodes, embedding->queue[i]);

        if (schema_node_which(node) == SCHEMA_NODE_WHICH_STRUCT) {
            want_fields(embedding, schema_node_get_struct(node));
        } else if (schema_node_which(node) == SCHEMA_NODE_WHICH_INTERFACE) {
            want_methods(embedding, schema_node_get_interface(node));
        }
    }
}

/* Whether a doc comment's type is wanted. */
static bool wants_source(const struct embedding *embedding, uint32_t source)
{
    uint64_t id = schema_node_source_info_get_id(
        schema_node_source_info_list_at(embedding->sources, source));

    for (unsigned i = 0; i < embedding->queue_count; i++) {
        if (schema_node_get_id(schema_node_list_at(embedding->nodes, embedding->queue[i])) == id) {
            return true;
        }
    }
    return false;
}

/* Copies the content of a struct into one of `data_words` and `pointers`, of zeros: what is longer,
 * of a later schema.capnp than ours, is left out. */
static void copy_element(struct capnp_builder *message, uint64_t *words, uint32_t data_words,
                         uint32_t pointers, struct capnp_struct from)
{
    uint32_t bytes = from.data_bytes < data_words * 8 ? from.data_bytes : data_words * 8;

    memcpy(words, from.data, bytes);
    for (uint32_t i = 0; i < pointers && i < from.pointer_count; i++) {
        struct capnp_any any;

        capnp_read_any(&from, i, &any);
        capnp_copy_any(message, words + data_words + i, &any);
    }
}

static void copy_nodes(const struct embedding *embedding,
                       struct schema_code_generator_request_builder root)
{
    struct schema_node_builder_list list;

    if (schema_code_generator_request_init_nodes(root, embedding->queue_count, &list)
        != CAPNP_OK) {
        return;
    }
    for (unsigned i = 0; i < embedding->queue_count; i++) {
        copy_element(root.message, capnp_list_words_at(&list.raw, i), SCHEMA_NODE_DATA_WORDS,
                     SCHEMA_NODE_POINTERS,
                     schema_node_list_at(embedding->nodes, embedding->queue[i]).raw);
    }
}

static void copy_sources(const struct embedding *embedding,
                         struct schema_code_generator_request_builder root)
{
    struct schema_node_source_info_builder_list list;
    uint32_t count = 0, all = schema_node_source_info_list_count(embedding->sources);

    for (uint32_t i = 0; i < all; i++) {
        count += wants_source(embedding, i);
    }
    if (schema_code_generator_request_init_source_info(root, count, &list) != CAPNP_OK) {
        return;
    }
    count = 0;
    for (uint32_t i = 0; i < all; i++) {
        if (wants_source(embedding, i)) {
            copy_element(root.message, capnp_list_words_at(&list.raw, count++),
                         SCHEMA_NODE_SOURCE_INFO_DATA_WORDS, SCHEMA_NODE_SOURCE_INFO_POINTERS,
                         schema_node_source_info_list_at(embedding->sources, i).raw);
        }
    }
}

static void want_ports(struct embedding *embedding, const struct system *system)
{
    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *component = &system->components[i];

        for (unsigned j = 0; j < component->export_count; j++) {
            want(embedding, component->exports[j].interface_id);
        }
        for (unsigned j = 0; j < component->import_count; j++) {
            want(embedding, component->imports[j].interface_id);
        }
    }
}

struct host_bytes embed_schemas(struct schema_code_generator_request_reader request,
                                const struct system *system, struct arena *arena)
{
    struct embedding embedding = { 0 };
    struct schema_code_generator_request_builder root;
    struct capnp_builder message;

    if (schema_code_generator_request_get_nodes(request, &embedding.nodes) != CAPNP_OK
        || schema_code_generator_request_get_source_info(request, &embedding.sources)
               != CAPNP_OK) {
        return (struct host_bytes) { NULL, 0 };
    }
    uint32_t count = schema_node_list_count(embedding.nodes);

    embedding.wanted = arena_take(arena, count * sizeof *embedding.wanted + 1);
    embedding.queue = arena_take(arena, count * sizeof *embedding.queue + 1);
    want_ports(&embedding, system);
    follow(&embedding);
    /* A copy of a part has no more words than the whole, but for the sizes of nodes of an older
     * schema.capnp than ours. */
    uint32_t room = 16 + count * (SCHEMA_NODE_DATA_WORDS + SCHEMA_NODE_POINTERS);

    for (uint32_t i = 0; i < request.raw.message->segment_count; i++) {
        room += request.raw.message->segments[i].word_count;
    }
    uint64_t *words = arena_take(arena, room * sizeof *words);

    capnp_builder_begin_framed(&message, words, room);
    schema_code_generator_request_init_root(&message, &root);
    copy_nodes(&embedding, root);
    copy_sources(&embedding, root);
    assert(message.error == CAPNP_OK);
    return (struct host_bytes) { (const uint8_t *)words,
                                 capnp_builder_framed(&message) * sizeof *words };
}
