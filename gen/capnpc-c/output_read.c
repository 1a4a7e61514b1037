/* SPDX-License-Identifier: MIT */
/* Writing the reading side of structs. */
#include "output.h"

#include "name.h"

#include <inttypes.h>

void output_enum(FILE *out, struct schema_node_reader node)
{
    struct schema_enumerant_list list;
    char *name = request_c_name(node), *upper = name_upper(name);
    schema_node_enum_get_enumerants(schema_node_get_enum(node), &list);
    write_comment(out, request_comment(schema_node_get_id(node), -1));
    fprintf(out, "enum %s {\n", name);
    for (uint32_t i = 0; i < schema_enumerant_list_count(list); i++) {
        write_comment_in(out, "    ", request_comment(schema_node_get_id(node), (int)i));
        fprintf(out, "    %s_%s = %u,\n", upper, name_upper(type_enumerant(list, i)), i);
    }
    if (schema_enumerant_list_count(list) == 0)
        fprintf(out, "    %s_NONE = 0 /* the schema has no values yet */\n", upper);
    fprintf(out, "};\n#define %s_COUNT %u\n\n", upper, schema_enumerant_list_count(list));
}

/* Write the tags of a union. */
static void write_tags(FILE *out, const struct structure *structure)
{
    char *upper = name_upper(structure->c);
    if (structure->brand)
        return; /* those of the generic serve */
    fprintf(out, "enum %s_which {\n", structure->c);
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        if (field.in_union)
            fprintf(out, "    %s_WHICH_%s = %u,\n", upper, name_upper(field.name),
                    field.discriminant);
    }
    fputs("};\n\n", out);
}

void output_layout(FILE *out, const struct structure *structure)
{
    char *upper = name_upper(structure->c);
    if (structure->brand || schema_node_struct_get_is_group(structure->info))
        return;
    fprintf(out, "#define %s_DATA_WORDS %uu\n#define %s_POINTERS %uu\n"
                 "#define %s_TYPE_ID UINT64_C(0x%016" PRIx64 ")\n",
            upper, structure->data_words, upper, structure->pointers, upper,
            schema_node_get_id(structure->node));
    for (uint32_t i = 0; i < structure->field_count && structure->pointers == 0; i++) {
        struct field field = structure_field(structure, i);
        if (!field.is_group && field.type.bits >= 8)
            fprintf(out, "#define %s_%s_OFFSET %uu\n", upper, name_upper(field.name),
                    field.offset * (field.type.bits / 8));
    }
}

/* The comment of a struct, or of the group's field. */
static char *comment_of(const struct structure *structure)
{
    struct schema_node_reader outer;
    if (!schema_node_struct_get_is_group(structure->info) ||
        !request_scope(structure->node, &outer) ||
        schema_node_which(outer) != SCHEMA_NODE_WHICH_STRUCT)
        return request_comment(schema_node_get_id(structure->node), -1);
    struct structure holder = structure_of(outer);
    for (uint32_t i = 0; i < holder.field_count; i++) {
        struct field field = structure_field(&holder, i);
        if (field.is_group &&
            schema_node_get_id(field.group) == schema_node_get_id(structure->node))
            return field.comment;
    }
    return name_format("%s", "");
}

void output_struct_types(FILE *out, const struct structure *structure)
{
    const char *c = structure->c;
    bool is_group = schema_node_struct_get_is_group(structure->info);
    write_comment(out, comment_of(structure));
    fprintf(out, "struct %s_reader {\n    struct capnp_struct raw;\n};\n"
                 "struct %s_builder {\n    struct capnp_builder *message;\n"
                 "    uint64_t *words;\n};\n", c, c);
    if (!is_group)
        fprintf(out, "struct %s_list {\n    struct capnp_list raw;\n};\n"
                     "struct %s_builder_list {\n    struct capnp_list_builder raw;\n};\n", c, c);
    fputc('\n', out);
    if (structure->union_count)
        write_tags(out, structure);
}

/* Write the getter of a scalar. */
static void write_scalar(FILE *out, const struct field *field)
{
    const struct type *type = &field->type;
    const char *c_type = type->kind == TYPE_FLOAT ? name_format("uint%u_t", type->bits)
                                                  : type->c_type;
    const char *tail = type->kind == TYPE_FLOAT ? "_bits" : "";
    uint32_t at = type->bits == 1 ? field->offset : field->offset * (type->bits / 8);
    write_comment(out, field->comment);
    fprintf(out, "static inline %s %s_get_%s%s(struct %s_reader reader)\n{\n", c_type, field->c,
            field->name, tail, field->c);
    if (field->bits && type->bits == 1)
        fprintf(out, "    return !capnp_get_bool(reader.raw, %u);\n}\n\n", at);
    else if (field->bits)
        fprintf(out,
                "    return (%s)(capnp_get_%s(reader.raw, %u) ^ UINT%u_C(0x%" PRIx64 "));\n}\n\n",
                c_type, type->access, at, type->bits, field->bits);
    else
        fprintf(out, "    return (%s)capnp_get_%s(reader.raw, %u);\n}\n\n", c_type, type->access,
                at);
    if (type->kind == TYPE_FLOAT)
        fprintf(out, "static inline %s %s_get_%s(struct %s_reader reader)\n{\n"
                     "    uint%u_t bits = %s_get_%s_bits(reader);\n    %s value;\n"
                     "    __builtin_memcpy(&value, &bits, sizeof value);\n    return value;\n}\n\n",
                type->c_type, field->c, field->name, field->c, type->bits, field->c, field->name,
                type->c_type);
}

/* Write the head of a pointer's getter. */
static void write_head(FILE *out, const struct field *field, const char *out_type)
{
    write_comment(out, field->comment);
    fprintf(out, "static inline enum capnp_error %s_get_%s(struct %s_reader reader,\n"
                 "    %s *out)\n{\n", field->c, field->name, field->c, out_type);
}

/* The fallback argument of a struct or list getter. */
static const char *fallback(const struct field *field)
{
    return field->has_default ? name_format("&%s", field_default_name(field)) : "0";
}

/* Write a text or bytes default as a C expression's inner part. */
static void write_bytes_default(FILE *out, const struct field *field)
{
    struct capnp_text text = {"", 0};
    struct capnp_data data = {NULL, 0};
    if (field->type.kind == TYPE_TEXT)
        schema_value_get_text(field->value, &text);
    else
        schema_value_get_data(field->value, &data);
    const uint8_t *bytes = data.bytes ? data.bytes : (const uint8_t *)text.bytes;
    uint32_t length = data.bytes ? data.length : text.length;
    fprintf(out, "(struct capnp_%s){%s\"", data.bytes ? "data" : "text",
            data.bytes ? "(const uint8_t *)" : "");
    write_escaped(out, bytes, length);
    fprintf(out, "\", %u}", length);
}

/* Write the getter of a text or of bytes. */
static void write_bytes(FILE *out, const struct field *field)
{
    const char *name = field->type.kind == TYPE_TEXT ? "text" : "data";
    write_head(out, field, name_format("struct capnp_%s", name));
    fprintf(out, "    return capnp_read_%s(&reader.raw, %u, ", name, field->offset);
    if (field->has_default)
        write_bytes_default(out, field);
    else
        fprintf(out, "(struct capnp_%s){%s, 0}", name,
                field->type.kind == TYPE_TEXT ? "\"\"" : "0");
    fputs(", out);\n}\n\n", out);
}

/* Write the getters of a capability: its position among those that came with the message, and
 * where the interface is known, the slot in which it lies. */
static void write_capability(FILE *out, const struct field *field)
{
    struct schema_node_reader node;
    write_head(out, field, "uint32_t");
    fprintf(out, "    return capnp_read_capability(&reader.raw, %u, out);\n}\n\n", field->offset);
    if (field->type.id == 0 || !request_node(field->type.id, &node))
        return;
    fprintf(out, "/* The slot of the capability, or the object that it is; EXO_NONE: there is "
                 "none. */\n"
                 "static inline enum exo_status %s_taken_%s(struct %s_reader reader,\n"
                 "    struct rpc_received received, uint32_t *slot)\n{\n"
                 "    uint32_t position;\n"
                 "    enum capnp_error error = %s_get_%s(reader, &position);\n"
                 "    *slot = error == CAPNP_OK ? rpc_taken(received, position) : EXO_NONE;\n"
                 "    return rpc_status(error);\n}\n\n",
            field->c, field->name, field->c, field->c, field->name);
}

/* Write the getter of a pointer. */
static void write_pointer(FILE *out, const struct field *field)
{
    const struct type *type = &field->type;
    switch (type->kind) {
    case TYPE_TEXT:
    case TYPE_DATA: write_bytes(out, field); break;
    case TYPE_STRUCT:
        write_head(out, field, name_format("struct %s_reader", type->node));
        fprintf(out, "    return capnp_read_struct(&reader.raw, %u, %s, &out->raw);\n}\n\n",
                field->offset, fallback(field));
        break;
    case TYPE_STRUCTS:
        write_head(out, field, name_format("struct %s_list", type->node));
        fprintf(out, "    return capnp_read_list(&reader.raw, %u, %s, CAPNP_COMPOSITE, &out->raw);"
                     "\n}\n\n", field->offset, fallback(field));
        break;
    case TYPE_LIST:
        write_head(out, field, "struct capnp_list");
        fprintf(out, "    return capnp_read_list(&reader.raw, %u, %s, %s, out);\n}\n\n",
                field->offset, fallback(field), type->element);
        break;
    case TYPE_ANY_STRUCT:
        write_head(out, field, "struct capnp_struct");
        fprintf(out, "    return capnp_read_struct(&reader.raw, %u, %s, out);\n}\n\n",
                field->offset, fallback(field));
        break;
    case TYPE_CAPABILITY: write_capability(out, field); break;
    default:
        write_head(out, field, "struct capnp_any");
        if (field->has_default)
            fprintf(out, "    enum capnp_error error = capnp_read_any(&reader.raw, %u, out);\n"
                         "    if (error != CAPNP_OK || out->kind != CAPNP_NULL)\n"
                         "        return error;\n"
                         "    return capnp_read_root_any((struct capnp_message *)&%s, out);\n}\n\n",
                    field->offset, field_default_name(field));
        else
            fprintf(out, "    return capnp_read_any(&reader.raw, %u, out);\n}\n\n", field->offset);
    }
    fprintf(out, "static inline bool %s_has_%s(struct %s_reader reader)\n{\n"
                 "    return capnp_has(reader.raw, %u);\n}\n\n",
            field->c, field->name, field->c, field->offset);
}

/* Write what a struct has and a group has not: its root and its lists. */
static void write_whole(FILE *out, const char *c)
{
    fprintf(out, "static inline enum capnp_error %s_read_root(struct capnp_message *message,\n"
                 "    struct %s_reader *out)\n{\n"
                 "    return capnp_read_root(message, &out->raw);\n}\n\n", c, c);
    fprintf(out, "static inline uint32_t %s_list_count(struct %s_list list)\n{\n"
                 "    return list.raw.count;\n}\n\n", c, c);
    fprintf(out, "static inline struct %s_reader %s_list_at(struct %s_list list, uint32_t index)\n"
                 "{\n    return (struct %s_reader){capnp_list_struct(&list.raw, index)};\n}\n\n",
            c, c, c, c);
}

void output_readers(FILE *out, const struct structure *structure)
{
    const char *c = structure->c;
    if (!schema_node_struct_get_is_group(structure->info))
        write_whole(out, c);
    if (structure->union_count)
        fprintf(out, "static inline enum %s_which %s_which(struct %s_reader reader)\n{\n"
                     "    return (enum %s_which)capnp_get_uint16(reader.raw, %u);\n}\n\n",
                structure->plain, c, c, structure->plain, structure->union_offset);
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        if (field.is_group) {
            write_comment(out, field.comment);
            fprintf(out, "static inline struct %s_reader %s_get_%s(struct %s_reader reader)\n{\n"
                         "    return (struct %s_reader){reader.raw};\n}\n\n",
                    field.group_c, c, field.name, c, field.group_c);
        } else if (type_is_pointer(&field.type))
            write_pointer(out, &field);
        else if (field.type.kind != TYPE_VOID)
            write_scalar(out, &field);
    }
}
