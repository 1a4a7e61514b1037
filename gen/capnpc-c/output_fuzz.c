/* SPDX-License-Identifier: MIT */
/*
 * Writing NAME_fuzz.c: the harness of a schema's interfaces. It has, for each method, the codecs of
 * its messages and a function that touches every field of them through the generated readers; what
 * is done with that is in tests/fuzz/interface.h.
 */
#include "interface.h"
#include "output.h"

#include "name.h"

#include <stdlib.h>
#include <string.h>

/* The structs that the messages can hold, each once. */
struct touched {
    struct structure *items;
    uint32_t count;
};

static void collect_fields(struct touched *to, const struct structure *structure);

/* Add a struct and all that its fields can hold. */
static void collect(struct touched *to, struct structure structure)
{
    for (uint32_t i = 0; i < to->count; i++)
        if (strcmp(to->items[i].c, structure.c) == 0)
            return;
    if ((to->count & (to->count - 1)) == 0) /* a power of two: twice as much is needed */
        to->items = realloc(to->items, (to->count * 2 + 1) * sizeof *to->items);
    if (!to->items)
        request_fatal("the host has no memory left; close other programs and try again");
    to->items[to->count++] = structure;
    collect_fields(to, &structure);
}

/* Add what the fields of a struct can hold. */
static void collect_fields(struct touched *to, const struct structure *structure)
{
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        struct schema_node_reader inner;
        if (field.is_group)
            collect(to, structure_in(field.group, field.brand));
        else if ((field.type.kind == TYPE_STRUCT || field.type.kind == TYPE_STRUCTS) &&
                 request_node(field.type.id, &inner))
            collect(to, structure_in(inner, field.type.brand));
    }
}

/* Write the statement that touches a value of a type that lies in `value`. */
static void touch_value(FILE *out, const struct type *type, const char *value)
{
    switch (type->kind) {
    case TYPE_VOID: return;
    case TYPE_TEXT:
    case TYPE_DATA:
        fprintf(out, "    fuzz_bytes(%s.bytes, %s.length);\n", value, value);
        return;
    case TYPE_LIST: fprintf(out, "    fuzz_list(&%s);\n", value); return;
    case TYPE_ANY_STRUCT: fprintf(out, "    fuzz_struct(&%s);\n", value); return;
    case TYPE_ANY: fprintf(out, "    fuzz_any(&%s);\n", value); return;
    case TYPE_STRUCT: fprintf(out, "    touch_%s(%s);\n", type->node, value); return;
    case TYPE_STRUCTS:
        fprintf(out, "    for (uint32_t i = 0; i < %s_list_count(%s) && i < FUZZ_ITEMS; i++)\n"
                     "        touch_%s(%s_list_at(%s, i));\n",
                type->node, value, type->node, type->node, value);
        return;
    default: fprintf(out, "    fuzz_number((uint64_t)%s);\n", value);
    }
}

/* Write the function that touches every field of a struct, of a union those of all members. */
static void write_touch(FILE *out, const struct structure *structure)
{
    const char *c = structure->c;
    fprintf(out, "static void touch_%s(struct %s_reader reader)\n{\n"
                 "    if (!fuzz_enter(reader.raw.data))\n        return;\n", c, c);
    if (structure->union_count > 0)
        fprintf(out, "    fuzz_number((uint64_t)%s_which(reader));\n", c);
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        if (field.is_group)
            fprintf(out, "    touch_%s(%s_get_%s(reader));\n", field.group_c, c, field.name);
        else if (field.type.kind == TYPE_FLOAT)
            fprintf(out, "    fuzz_number(%s_get_%s_bits(reader));\n", c, field.name);
        else if (type_is_pointer(&field.type)) {
            fprintf(out, "    {\n    %s value = {0};\n    %s_get_%s(reader, &value);\n",
                    codec_member_type(&field), c, field.name);
            if (field.type.kind == TYPE_CAPABILITY)
                fputs("    fuzz_number(value);\n", out);
            else
                touch_value(out, &field.type, "value");
            fputs("    }\n", out);
        } else if (field.type.kind != TYPE_VOID)
            fprintf(out, "    fuzz_number((uint64_t)%s_get_%s(reader));\n", c, field.name);
    }
    fputs("    fuzz_leave();\n}\n\n", out);
}

/* Write the function that touches a plain struct. */
static void write_touch_plain(FILE *out, const struct payload *payload)
{
    if (payload->is_empty)
        return;
    fprintf(out, "static void see_%s(const void *plain)\n{\n    const struct %s *from = plain;\n",
            payload->c, payload->c);
    if (payload->is_complex)
        fprintf(out, "    touch_%s(from->reader);\n", payload->structure.c);
    for (uint32_t i = 0; i < payload->structure.field_count && !payload->is_complex; i++) {
        struct field field = structure_field(&payload->structure, i);
        touch_value(out, &field.type, name_format("from->%s", codec_member_name(&field)));
    }
    fputs("}\n\n", out);
}

/* Write a plain struct to begin from: its texts and bytes are not empty. */
static void write_sample(FILE *out, const struct payload *payload)
{
    if (payload->is_empty)
        return;
    fprintf(out, "static const struct %s sample_%s = {\n", payload->c, payload->c);
    uint32_t count = 0;
    for (uint32_t i = 0; i < payload->structure.field_count && !payload->is_complex; i++) {
        struct field field = structure_field(&payload->structure, i);
        const char *name = codec_member_name(&field);
        if (field.type.kind == TYPE_TEXT)
            fprintf(out, "    .%s = CAPNP_TEXT_LITERAL(\"some text\"),\n", name);
        else if (field.type.kind == TYPE_DATA)
            fprintf(out, "    .%s = {(const uint8_t *)\"some bytes\", 10},\n", name);
        else
            continue;
        count++;
    }
    fprintf(out, "%s};\n\n", count ? "" : "    0\n");
}

/* Write what an interface needs: codecs, touchers, handlers that answer with what is default. */
static void write_interface(FILE *out, struct schema_node_reader node)
{
    const char *c = request_c_name(node);
    uint32_t count = interface_method_count(node);
    mock_codecs(out, node);
    for (uint32_t i = 0; i < count; i++) {
        struct method method = interface_method(node, i);
        write_touch_plain(out, &method.params);
        write_touch_plain(out, &method.results);
        write_sample(out, &method.params);
        write_sample(out, &method.results);
    }
    fprintf(out, "static const struct fuzz_method %s_fuzzed[] = {\n", c);
    for (uint32_t i = 0; i < count; i++) {
        struct method method = interface_method(node, i);
        fputs("    {", out);
        mock_payload(out, &method.params);
        fputs(",\n     ", out);
        mock_payload(out, &method.results);
        const char *params = method.params.is_empty ? NULL : method.params.c;
        const char *results = method.results.is_empty ? NULL : method.results.c;
        fprintf(out, ",\n     %s%s, %s%s,\n     %s%s, %s%s},\n", params ? "see_" : "0",
                params ? params : "", results ? "see_" : "0", results ? results : "",
                params ? "&sample_" : "0", params ? params : "", results ? "&sample_" : "0",
                results ? results : "");
    }
    fprintf(out, "%s};\n\n", count ? "" : "    {{0}, {0}, 0, 0, 0, 0}\n");
    for (uint32_t i = 0; i < count; i++) {
        struct method method = interface_method(node, i);
        fprintf(out, "static enum exo_status handle_%s(struct rpc_call *call%s)\n{\n%s"
                     "    return fuzz_handle(call, &%s_fuzzed[%u], %s);\n}\n\n", method.c,
                interface_arguments(&method, true, true),
                method.results.is_empty ? "" : "    (void)results;\n", c, i,
                method.params.is_empty ? "0" : "params");
    }
    fprintf(out, "static const struct %s_methods %s_handlers = {\n", c, c);
    for (uint32_t i = 0; i < count; i++) {
        struct method method = interface_method(node, i);
        fprintf(out, "    .%s = handle_%s,\n", method.name, method.c);
    }
    fprintf(out, "%s};\n\n", count ? "" : "    0\n");
}

/* Collect what a payload holds, and itself if its plain struct is only a reader. */
static void collect_payload(struct touched *to, const struct payload *payload)
{
    if (payload->is_complex)
        collect(to, payload->structure);
    else
        collect_fields(to, &payload->structure);
}

/* Collect what the messages of an interface hold. */
static void collect_interface(struct touched *to, struct schema_node_reader node)
{
    for (uint32_t i = 0; i < interface_method_count(node); i++) {
        struct method method = interface_method(node, i);
        collect_payload(to, &method.params);
        collect_payload(to, &method.results);
    }
}

/* Write the touchers of all structs; they may hold each other. */
static void write_touchers(FILE *out, const struct touched *touched)
{
    for (uint32_t i = 0; i < touched->count; i++)
        fprintf(out, "static void touch_%s(struct %s_reader reader);\n", touched->items[i].c,
                touched->items[i].c);
    fputc('\n', out);
    for (uint32_t i = 0; i < touched->count; i++)
        write_touch(out, &touched->items[i]);
}

void output_fuzz(struct schema_node_reader file, const struct nodes *nodes)
{
    char *base = request_file_base(file), *name = name_format("%s_fuzz.c", request_stem(file));
    struct touched touched = {NULL, 0};
    uint32_t count = 0;
    for (uint32_t i = 0; i < nodes->count; i++)
        if (schema_node_which(nodes->items[i]) == SCHEMA_NODE_WHICH_INTERFACE) {
            collect_interface(&touched, nodes->items[i]);
            count++;
        }
    FILE *out = count > 0 ? request_output(name, name_format("%s.capnp", base)) : NULL;
    if (out) {
        fprintf(out, "#include \"%s.capnp.h\"\n#include \"interface.h\"\n\n", base);
        write_touchers(out, &touched);
        for (uint32_t i = 0; i < nodes->count; i++)
            if (schema_node_which(nodes->items[i]) == SCHEMA_NODE_WHICH_INTERFACE)
                write_interface(out, nodes->items[i]);
        fputs("static const struct fuzz_interface interfaces[] = {\n", out);
        for (uint32_t i = 0; i < nodes->count; i++) {
            struct schema_node_reader node = nodes->items[i];
            if (schema_node_which(node) != SCHEMA_NODE_WHICH_INTERFACE)
                continue;
            const char *c = request_c_name(node);
            fprintf(out, "    {&%s_service, &%s_handlers, %s_fuzzed, %u},\n", c, c, c,
                    interface_method_count(node));
        }
        fputs("};\n\nint LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)\n{\n"
              "    return fuzz_input(bytes, size, interfaces,\n"
              "                      sizeof interfaces / sizeof *interfaces);\n}\n", out);
        request_output_close(out, name);
    }
    free(touched.items);
}
