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

/* Write an include line for the file of a type, once for each file. */
static void include_type(FILE *out, struct schema_node_reader file, const struct type *type,
                         char **seen, unsigned *seen_count, unsigned seen_max)
{
    struct schema_node_reader node;
    if (!type->node || !request_node(type->id, &node))
        return;
    char *base = request_file_base(node);
    if (strcmp(base, request_file_base(file)) == 0)
        return;
    for (unsigned i = 0; i < *seen_count; i++)
        if (strcmp(seen[i], base) == 0)
            return;
    if (*seen_count == seen_max)
        request_fatal("%s uses types of more than %u files", request_file_base(file), seen_max);
    seen[(*seen_count)++] = base;
    fprintf(out, "#include \"%s.capnp.h\"\n", base);
}

/* Write the includes that the types of fields and constants need. */
static void write_includes(FILE *out, struct schema_node_reader file, const struct nodes *nodes)
{
    char *seen[64];
    unsigned seen_count = 0;
    for (uint32_t n = 0; n < nodes->count; n++) {
        if (schema_node_which(nodes->items[n]) == SCHEMA_NODE_WHICH_CONST) {
            struct schema_type_reader reader;
            schema_node_const_get_type(schema_node_get_const(nodes->items[n]), &reader);
            struct type type = type_of(reader);
            include_type(out, file, &type, seen, &seen_count, 64);
        }
        if (schema_node_which(nodes->items[n]) != SCHEMA_NODE_WHICH_STRUCT)
            continue;
        struct structure structure = structure_of(nodes->items[n]);
        for (uint32_t i = 0; i < structure.field_count; i++) {
            struct field field = structure_field(&structure, i);
            if (!field.is_group)
                include_type(out, file, &field.type, seen, &seen_count, 64);
        }
    }
}

/* Call `write` for each node of a kind. */
static void each(FILE *out, const struct nodes *nodes, enum schema_node_which which,
                 void (*write)(FILE *out, struct schema_node_reader node))
{
    for (uint32_t i = 0; i < nodes->count; i++)
        if (schema_node_which(nodes->items[i]) == which)
            write(out, nodes->items[i]);
}

/* Does a file declare an interface that components speak. */
static bool has_interface(const struct nodes *nodes)
{
    for (uint32_t i = 0; i < nodes->count; i++)
        if (schema_node_which(nodes->items[i]) == SCHEMA_NODE_WHICH_INTERFACE)
            return true;
    return false;
}

/* Write NAME.capnp.h. */
static void write_header(struct schema_node_reader file, const char *base, const char *header,
                         const struct nodes *nodes, bool is_kernel)
{
    FILE *out = request_output(header, name_format("%s.capnp", base));
    char *guard = name_upper(name_format("%s_capnp_h", base));
    fprintf(out, "#ifndef %s\n#define %s\n", guard, guard);
    if (is_kernel) {
        fputs("#include \"kernel_calls.h\"\n#endif\n", out);
        request_output_close(out, header);
        return;
    }
    fprintf(out, "#include \"capnp.h\"\n#include \"capnp_build.h\"\n#include \"%s_layout.h\"\n",
            base);
    /* The rest of the runtime is not written for C++, but can be read as it. */
    fputs("\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n", out);
    if (has_interface(nodes))
        fputs("#include \"rpc.h\"\n", out);
    write_includes(out, file, nodes);
    each(out, nodes, SCHEMA_NODE_WHICH_ENUM, output_enum);
    each(out, nodes, SCHEMA_NODE_WHICH_CONST, output_constant_declaration);
    fputc('\n', out);
    each(out, nodes, SCHEMA_NODE_WHICH_STRUCT, output_struct_types);
    each(out, nodes, SCHEMA_NODE_WHICH_STRUCT, output_default_declarations);
    each(out, nodes, SCHEMA_NODE_WHICH_STRUCT, output_readers);
    each(out, nodes, SCHEMA_NODE_WHICH_STRUCT, output_builders);
    each(out, nodes, SCHEMA_NODE_WHICH_STRUCT, codec_plain_header);
    each(out, nodes, SCHEMA_NODE_WHICH_INTERFACE, output_interface_header);
    each(out, nodes, SCHEMA_NODE_WHICH_INTERFACE, output_schema_hash);
    fputs("#ifdef __cplusplus\n}\n#endif\n#endif\n", out);
    request_output_close(out, header);
}

/* Write NAME_layout.h. */
static void write_layout(const char *base, const struct nodes *nodes)
{
    char *header = name_format("%s_layout.h", base), *guard = name_upper(header);
    FILE *out = request_output(header, name_format("%s.capnp", base));
    fprintf(out, "#ifndef %s\n#define %s\n#include <stdint.h>\n\n", guard, guard);
    each(out, nodes, SCHEMA_NODE_WHICH_CONST, output_constant_number);
    each(out, nodes, SCHEMA_NODE_WHICH_STRUCT, output_layout);
    fputs("#endif\n", out);
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

/* Report each node whose C name another node of the file has already: a nested `Sky.Blue` and a
 * `SkyBlue`, or what an interface that is called like the prefix holds and what stands beside it.
 * */
static void check_names(const struct nodes *nodes)
{
    for (uint32_t i = 0; i < nodes->count; i++)
        for (uint32_t k = 0; k < i; k++) {
            char *name = request_c_name(nodes->items[i]);
            if (strcmp(name, request_c_name(nodes->items[k])) == 0)
                request_error(nodes->items[i], request_path(nodes->items[i]),
                              "its C name \"%s\" is that of %s, too; rename one of them", name,
                              request_path(nodes->items[k]));
        }
}

void output_file(struct schema_node_reader file)
{
    struct nodes nodes = nodes_of_file(file);
    char *base = request_file_base(file);
    char *header = name_format("%s.capnp.h", base), *code = name_format("%s.capnp.c", base);
    bool is_kernel = is_kernel_file(file);
    check_names(&nodes);
    if (request_error_count() > 0) {
        free(nodes.items);
        return;
    }
    write_header(file, base, header, &nodes, is_kernel);
    if (!is_kernel)
        write_layout(base, &nodes);
    FILE *out = request_output(code, name_format("%s.capnp", base));
    fprintf(out, "#include \"%s\"\n\n", header);
    if (!is_kernel) {
        each(out, &nodes, SCHEMA_NODE_WHICH_CONST, output_constant_definition);
        each(out, &nodes, SCHEMA_NODE_WHICH_STRUCT, output_default_definitions);
        each(out, &nodes, SCHEMA_NODE_WHICH_STRUCT, codec_plain_code);
        each(out, &nodes, SCHEMA_NODE_WHICH_INTERFACE, output_interface_code);
        each(out, &nodes, SCHEMA_NODE_WHICH_INTERFACE, output_schema);
        write_probe(file, &nodes);
    }
    request_output_close(out, code);
    free(nodes.items);
}
