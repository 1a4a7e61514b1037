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
#include "reach.h"

#include <inttypes.h>
#include <stdlib.h>

#define RECORD_MARK UINT64_C(0x616d656863732e65) /* "e.schema" */

enum { WORDS_MAX = 1 << 20 };

static void *take(size_t bytes)
{
    void *memory = malloc(bytes + 1);
    if (!memory)
        request_fatal("the host has no memory left; close other programs and try again");
    return memory;
}

/* Build the request of what an interface is made of; returns its words, framed. */
static uint32_t build(struct schema_node_reader interface, uint64_t *words)
{
    struct reach reach = {.count = 0};
    struct capnp_builder builder;
    struct schema_code_generator_request_builder root;
    struct schema_code_generator_request_requested_file_builder_list files;
    schema_code_generator_request_get_nodes(request_root(), &reach.nodes);
    reach.order = take(schema_node_list_count(reach.nodes) * sizeof *reach.order);
    reach_add(&reach, schema_node_get_id(interface));
    reach_follow(&reach);
    capnp_builder_begin_framed(&builder, words, WORDS_MAX);
    schema_code_generator_request_init_root(&builder, &root);
    schema_code_generator_request_init_requested_files(root, 1, &files);
    schema_code_generator_request_requested_file_set_id(
        schema_code_generator_request_requested_file_builder_list_at(files, 0),
        schema_node_get_id(interface));
    reach_copy_nodes(&reach, root);
    free(reach.order);
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

void output_schema_hash(FILE *out, struct schema_node_reader node)
{
    uint64_t *words = take(WORDS_MAX * sizeof *words);
    uint32_t count = build(node, words);
    fprintf(out, "/* The `schema` of a channel_place whose peer was built from this. */\n"
                 "#define %s_SCHEMA_HASH UINT64_C(0x%016" PRIx64 ")\n\n",
            name_upper(request_c_name(node)), hash_of(words, count));
    free(words);
}

void output_schema(FILE *out, struct schema_node_reader node)
{
    uint64_t *words = take(WORDS_MAX * sizeof *words);
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
