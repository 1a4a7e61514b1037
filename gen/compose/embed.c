/* SPDX-License-Identifier: MIT */
/* The request comes from our own compiler, so it is read without limits. */
#include "embed.h"

#include <assert.h>

#include "reach.h"

/* Copies the doc comments of what was reached. */
static void copy_sources(const struct reach *reach, struct schema_node_source_info_list sources,
                         struct schema_code_generator_request_builder root)
{
    struct schema_node_source_info_builder_list list;
    uint32_t count = 0, all = schema_node_source_info_list_count(sources);

    for (uint32_t i = 0; i < all; i++) {
        count += reach_has(
            reach, schema_node_source_info_get_id(schema_node_source_info_list_at(sources, i)));
    }
    if (schema_code_generator_request_init_source_info(root, count, &list) != CAPNP_OK) {
        return;
    }
    count = 0;
    for (uint32_t i = 0; i < all; i++) {
        struct schema_node_source_info_reader source = schema_node_source_info_list_at(sources, i);

        if (reach_has(reach, schema_node_source_info_get_id(source))) {
            reach_copy(root.message, capnp_list_words_at(&list.raw, count++),
                       SCHEMA_NODE_SOURCE_INFO_DATA_WORDS, SCHEMA_NODE_SOURCE_INFO_POINTERS,
                       &source.raw);
        }
    }
}

static void add_ports(struct reach *reach, const struct system *system)
{
    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *component = &system->components[i];

        for (unsigned j = 0; j < component->export_count; j++) {
            reach_add(reach, component->exports[j].interface_id);
        }
        for (unsigned j = 0; j < component->import_count; j++) {
            reach_add(reach, component->imports[j].interface_id);
        }
    }
}

struct host_bytes embed_schemas(struct schema_code_generator_request_reader request,
                                const struct system *system, struct arena *arena)
{
    struct reach reach = { .count = 0 };
    struct schema_node_source_info_list sources;
    struct schema_code_generator_request_builder root;
    struct capnp_builder message;

    if (schema_code_generator_request_get_nodes(request, &reach.nodes) != CAPNP_OK
        || schema_code_generator_request_get_source_info(request, &sources) != CAPNP_OK) {
        return (struct host_bytes) { NULL, 0 };
    }
    uint32_t count = schema_node_list_count(reach.nodes);

    reach.order = arena_take(arena, count * sizeof *reach.order + 1);
    add_ports(&reach, system);
    reach_follow(&reach);
    /* A copy of a part has no more words than the whole, but for the sizes of nodes of an older
     * schema.capnp than ours. */
    uint32_t room = 16 + count * (SCHEMA_NODE_DATA_WORDS + SCHEMA_NODE_POINTERS);

    for (uint32_t i = 0; i < request.raw.message->segment_count; i++) {
        room += request.raw.message->segments[i].word_count;
    }
    uint64_t *words = arena_take(arena, room * sizeof *words);

    capnp_builder_begin_framed(&message, words, room);
    schema_code_generator_request_init_root(&message, &root);
    reach_copy_nodes(&reach, root);
    copy_sources(&reach, sources, root);
    assert(message.error == CAPNP_OK);
    return (struct host_bytes) { (const uint8_t *)words,
                                 capnp_builder_framed(&message) * sizeof *words };
}
