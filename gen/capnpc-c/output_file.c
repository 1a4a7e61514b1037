/* SPDX-License-Identifier: MIT */
/* Putting NAME.capnp.h, NAME.capnp.c and NAME_layout.h together. */
#include "interface.h"
#include "output.h"

#include "name.h"

#include <stdlib.h>
#include <string.h>

/* Is a file one of those whose constants and enums the kernel shares. */
static bool is_kernel_file(struct schema_node_reader file)
{
    uint64_t id = schema_node_get_id(file);
    return id == REQUEST_FILE_KERNEL || id == REQUEST_FILE_STATUS;
}

/* The files that a header includes, each once. */
struct includes {
    char **items;
    unsigned count;
};

/* Write an include line for the files of a type: of its node, or its interface, of which results
 * promise a reference; and of what its brand stands for. */
static void include_type(FILE *out, struct schema_node_reader file, const struct type *type,
                         struct includes *seen)
{
    struct schema_node_reader node;
    for (; type; type = type->item) {
        if ((!type->node && type->kind != TYPE_CAPABILITY) || !request_node(type->id, &node))
            continue;
        char *stem = request_stem(node);
        bool is_seen = strcmp(stem, request_stem(file)) == 0;
        for (unsigned i = 0; i < seen->count; i++)
            is_seen |= strcmp(seen->items[i], stem) == 0;
        if (is_seen)
            continue;
        seen->items = realloc(seen->items, (seen->count + 1) * sizeof *seen->items);
        if (!seen->items)
            request_fatal("the host has no memory left; close other programs and try again");
        seen->items[seen->count++] = stem;
        fprintf(out, "#include \"%s.capnp.h\"\n", stem);
    }
}

/* Write the includes that an interface needs: for what it inherits, and what its methods speak. */
static void include_interface(FILE *out, struct schema_node_reader file,
                              struct schema_node_reader interface, struct includes *seen)
{
    struct ancestors ancestors = interface_ancestors(interface);
    for (uint32_t i = 0; i < ancestors.count; i++) {
        struct type super = {.kind = TYPE_CAPABILITY,
                             .id = schema_node_get_id(ancestors.items[i])};
        include_type(out, file, &super, seen);
    }
    for (uint32_t i = 0; i < interface_method_count(interface); i++) {
        struct method method = interface_method(interface, i);
        const struct payload *ends[] = {&method.params, &method.results};
        for (int end = 0; end < 2; end++) {
            struct type own = {.node = ends[end]->structure.c,
                               .id = schema_node_get_id(ends[end]->structure.node)};
            if (!ends[end]->is_empty)
                include_type(out, file, &own, seen);
        }
    }
}

/* Write the includes that the types of fields and constants need. */
static void write_includes(FILE *out, struct schema_node_reader file, const struct nodes *nodes,
                           const struct structures *structures)
{
    struct includes seen = {NULL, 0};
    struct schema_value_reader value;
    for (uint32_t i = 0; i < nodes->count; i++)
        if (schema_node_which(nodes->items[i]) == SCHEMA_NODE_WHICH_CONST) {
            struct type type = nodes_constant(nodes->items[i], &value);
            include_type(out, file, &type, &seen);
        }
    for (uint32_t n = 0; n < structures->count; n++) {
        const struct structure *structure = &structures->items[n];
        struct type own = {.node = structure->c, .id = schema_node_get_id(structure->node)};
        include_type(out, file, &own, &seen);
        for (uint32_t i = 0; i < structure->field_count; i++) {
            struct field field = structure_field(structure, i);
            if (!field.is_group)
                include_type(out, file, &field.type, &seen);
        }
    }
    for (uint32_t i = 0; i < nodes->count; i++)
        if (schema_node_which(nodes->items[i]) == SCHEMA_NODE_WHICH_INTERFACE)
            include_interface(out, file, nodes->items[i], &seen);
    free(seen.items);
}

/* Call `write` for each node of a kind. */
static void each(FILE *out, const struct nodes *nodes, enum schema_node_which which,
                 void (*write)(FILE *out, struct schema_node_reader node))
{
    for (uint32_t i = 0; i < nodes->count; i++)
        if (schema_node_which(nodes->items[i]) == which)
            write(out, nodes->items[i]);
}

/* Call `write` for each struct. A brand may come out of several headers that are included together:
 * only the first counts, of each `part`. */
static void each_structure(FILE *out, const struct structures *structures, const char *part,
                           void (*write)(FILE *out, const struct structure *structure))
{
    for (uint32_t i = 0; i < structures->count; i++) {
        const struct structure *structure = &structures->items[i];
        if (structure->brand)
            fprintf(out, "#ifndef CAPNP_%s_%s\n#define CAPNP_%s_%s\n", part, structure->c, part,
                    structure->c);
        write(out, structure);
        if (structure->brand)
            fputs("#endif\n\n", out);
    }
}

/* Write what reads and builds a struct. */
static void write_accessors(FILE *out, const struct structure *structure)
{
    output_readers(out, structure);
    output_builders(out, structure);
}

/* Does a file declare an interface that components speak. */
static bool has_interface(const struct nodes *nodes)
{
    for (uint32_t i = 0; i < nodes->count; i++)
        if (schema_node_which(nodes->items[i]) == SCHEMA_NODE_WHICH_INTERFACE)
            return true;
    return false;
}

/* The name of a header as a guard against reading it twice. */
static char *guard_of(const char *header)
{
    char *guard = name_upper(header), *to = guard;
    for (const char *at = guard; *at; at++)
        if (*at != '_' || (to != guard && to[-1] != '_'))
            *to++ = *at;
    *to = '\0';
    return *guard >= '0' && *guard <= '9' ? name_format("FILE_%s", guard) : guard;
}

/* C++ compilers warn of compound literals, which they know all the same. */
void output_c_begin(FILE *out)
{
    fputs("\n#ifdef __cplusplus\nextern \"C\" {\n#pragma GCC diagnostic push\n"
          "#pragma GCC diagnostic ignored \"-Wpedantic\" /* compound literals */\n#endif\n\n",
          out);
}

void output_c_end(FILE *out)
{
    fputs("#ifdef __cplusplus\n#pragma GCC diagnostic pop\n}\n#endif\n", out);
}

/* Write the body of NAME.capnp.h. Types and references come before the headers of other files, so
 * that these may import this one; functions come after them. */
static void write_declarations(FILE *out, struct schema_node_reader file,
                               const struct nodes *nodes, const struct structures *structures)
{
    fprintf(out,
            "#include \"capnp.h\"\n#include \"capnp_orphan.h\"\n#include \"%s_layout.h\"\n",
            request_file_base(file));
    /* The rest of the runtime is not written for C++, but can be read as it. */
    output_c_begin(out);
    if (has_interface(nodes))
        fputs("#include \"rpc.h\"\n", out);
    each(out, nodes, SCHEMA_NODE_WHICH_ENUM, output_enum);
    each_structure(out, structures, "TYPES", output_struct_types);
    each(out, nodes, SCHEMA_NODE_WHICH_INTERFACE, reference_type);
    write_includes(out, file, nodes, structures);
    fputc('\n', out);
    each(out, nodes, SCHEMA_NODE_WHICH_CONST, output_constant_declaration);
    output_annotations(out, file);
    for (uint32_t i = 0; i < nodes->count; i++)
        output_annotations(out, nodes->items[i]);
    for (uint32_t i = 0; i < structures->count; i++)
        output_default_declarations(out, &structures->items[i]);
    each_structure(out, structures, "ACCESSORS", write_accessors);
    each(out, nodes, SCHEMA_NODE_WHICH_CONST, output_constant_reader);
    each(out, nodes, SCHEMA_NODE_WHICH_STRUCT, codec_plain_header);
    each(out, nodes, SCHEMA_NODE_WHICH_INTERFACE, output_interface_header);
    each(out, nodes, SCHEMA_NODE_WHICH_INTERFACE, output_schema_hash);
    output_c_end(out);
}

/* Write NAME.capnp.h. */
static void write_header(struct schema_node_reader file, const char *header,
                         const struct nodes *nodes, const struct structures *structures)
{
    FILE *out = request_output(header, name_format("%s.capnp", request_file_base(file)));
    char *guard = guard_of(header);
    write_comment(out, request_comment(schema_node_get_id(file), -1));
    fprintf(out, "#ifndef %s\n#define %s\n", guard, guard);
    if (is_kernel_file(file))
        fputs("#include \"kernel_calls.h\"\n", out);
    else
        write_declarations(out, file, nodes, structures);
    fputs("#endif\n", out);
    output_check_read(out);
    request_output_close(out, header);
}

/* Write NAME_layout.h. */
static void write_layout(struct schema_node_reader file, const struct nodes *nodes,
                         const struct structures *structures)
{
    char *header = name_format("%s_layout.h", request_stem(file)), *guard = guard_of(header);
    FILE *out = request_output(header, name_format("%s.capnp", request_file_base(file)));
    fprintf(out, "#ifndef %s\n#define %s\n#include <stdint.h>\n\n", guard, guard);
    each(out, nodes, SCHEMA_NODE_WHICH_CONST, output_constant_number);
    for (uint32_t i = 0; i < structures->count; i++)
        output_layout(out, &structures->items[i]);
    fputs("#endif\n", out);
    output_check_read(out);
    request_output_close(out, header);
}

/* Write the program that calls the first method of the first interface that has one. */
static void write_probe(struct schema_node_reader file, const struct nodes *nodes)
{
    for (uint32_t i = 0; i < nodes->count; i++)
        if (schema_node_which(nodes->items[i]) == SCHEMA_NODE_WHICH_INTERFACE &&
            interface_method_count(nodes->items[i]) > 0) {
            output_probe(file, nodes->items[i]);
            return;
        }
}

/* Write NAME.capnp.c. */
static void write_code(struct schema_node_reader file, const char *code, const struct nodes *nodes,
                       const struct structures *structures)
{
    FILE *out = request_output(code, name_format("%s.capnp", request_file_base(file)));
    fprintf(out, "#include \"%s.capnp.h\"\n\n", request_file_base(file));
    if (has_interface(nodes) && !is_kernel_file(file))
        fputs("#include \"rpc_retry.h\"\n\n", out);
    if (!is_kernel_file(file)) {
        each(out, nodes, SCHEMA_NODE_WHICH_CONST, output_constant_definition);
        output_annotation_definitions(out, file);
        for (uint32_t i = 0; i < nodes->count; i++)
            output_annotation_definitions(out, nodes->items[i]);
        for (uint32_t i = 0; i < structures->count; i++)
            output_default_definitions(out, &structures->items[i]);
        each(out, nodes, SCHEMA_NODE_WHICH_STRUCT, codec_plain_code);
        each(out, nodes, SCHEMA_NODE_WHICH_INTERFACE, output_interface_code);
        each(out, nodes, SCHEMA_NODE_WHICH_INTERFACE, output_schema);
        write_probe(file, nodes);
    }
    request_output_close(out, code);
}

/* Report each node whose C name another node of the file has already: by `$C.name`, or as
 * `Sky.BlueSun` and `SkyBlue.Sun`, of which neither is seen from the other. */
static void check_names(const struct nodes *nodes)
{
    for (uint32_t i = 0; i < nodes->count; i++)
        for (uint32_t k = 0; k < i; k++) {
            char *name = request_c_name(nodes->items[i]);
            if (strcmp(name, request_c_name(nodes->items[k])) == 0)
                request_error(nodes->items[i], request_path(nodes->items[i]),
                              "its C name \"%s\" is that of %s, too; rename one of them, or give "
                              "it a name by $C.name", name, request_path(nodes->items[k]));
        }
}

void output_file(struct schema_node_reader file)
{
    struct nodes nodes = nodes_of_file(file);
    struct structures structures = structures_of_nodes(&nodes);
    char *stem = request_stem(file);
    check_names(&nodes);
    for (uint32_t i = 0; i < nodes.count; i++)
        if (schema_node_which(nodes.items[i]) == SCHEMA_NODE_WHICH_INTERFACE)
            retry_check(nodes.items[i], is_kernel_file(file));
    if (request_error_count() == 0) {
        write_header(file, name_format("%s.capnp.h", stem), &nodes, &structures);
        if (!is_kernel_file(file))
            write_layout(file, &nodes, &structures);
        write_code(file, name_format("%s.capnp.c", stem), &nodes, &structures);
        if (!is_kernel_file(file)) {
            output_mock(file, &nodes);
            output_fuzz(file, &nodes);
        }
        output_check(file);
    }
    free(nodes.items);
    free(structures.items);
}
