/* SPDX-License-Identifier: MIT */
/* Writing the building side of structs. */
#include "output.h"

#include "name.h"

#include <inttypes.h>

#define GROUP_DEPTH_MAX 16

/* Write the statement that sets the union's tag, if the field is a member. */
static void write_tag(FILE *out, const struct structure *structure, const struct field *field)
{
    if (field->in_union)
        fprintf(out, "    capnp_put_uint16(builder.words, %u, %u);\n", structure->union_offset,
                field->discriminant);
}

/* Write the setter of a scalar. */
static void write_scalar(FILE *out, const struct structure *structure, const struct field *field)
{
    const struct type *type = &field->type;
    bool is_float = type->kind == TYPE_FLOAT;
    const char *c_type = is_float ? name_format("uint%u_t", type->bits) : type->c_type;
    uint32_t at = type->bits == 1 ? field->offset : field->offset * (type->bits / 8);
    write_comment(out, field->comment);
    fprintf(out, "static inline void %s_set_%s%s(struct %s_builder builder, %s value)\n{\n",
            field->c, field->name, is_float ? "_bits" : "", field->c, c_type);
    write_tag(out, structure, field);
    if (type->bits == 1)
        fprintf(out, "    capnp_put_bool(builder.words, %u, %svalue);\n}\n\n", at,
                field->bits ? "!" : "");
    else if (field->bits)
        fprintf(out, "    capnp_put_%s(builder.words, %u, (uint%u_t)((uint%u_t)value ^ "
                     "UINT%u_C(0x%" PRIx64 ")));\n}\n\n",
                type->access, at, type->bits, type->bits, type->bits, field->bits);
    else
        fprintf(out, "    capnp_put_%s(builder.words, %u, (uint%u_t)value);\n}\n\n", type->access,
                at, type->bits);
    if (is_float)
        fprintf(out, "static inline void %s_set_%s(struct %s_builder builder, %s value)\n{\n"
                     "    uint%u_t bits;\n    __builtin_memcpy(&bits, &value, sizeof bits);\n"
                     "    %s_set_%s_bits(builder, bits);\n}\n\n",
                field->c, field->name, field->c, type->c_type, type->bits, field->c, field->name);
}

/* Write the head of a function on a pointer field, with its further parameters. */
static void write_head(FILE *out, const struct structure *structure, const struct field *field,
                       const char *verb, const char *parameters)
{
    fprintf(out, "static inline enum capnp_error %s_%s_%s(struct %s_builder builder,\n    %s)\n{\n",
            field->c, verb, field->name, field->c, parameters);
    write_tag(out, structure, field);
}

/* The expression for a pointer's place. */
static const char *place(const struct structure *structure, const struct field *field)
{
    return name_format("builder.words + %u", structure->data_words + field->offset);
}

/* Write the functions of a struct or list field: make in place, and set to a copy. */
static void write_object(FILE *out, const struct structure *structure, const struct field *field)
{
    const struct type *type = &field->type;
    const char *at = place(structure, field), *node = type->node;
    if (type->kind == TYPE_STRUCT) {
        char *upper = name_upper(type->layout);
        write_head(out, structure, field, "init", name_format("struct %s_builder *out", node));
        fprintf(out, "    struct capnp_struct_builder made;\n"
                     "    enum capnp_error error = capnp_init_struct(builder.message, %s,\n"
                     "        %s_DATA_WORDS, %s_POINTERS, &made);\n"
                     "    *out = (struct %s_builder){made.message, made.words};\n"
                     "    return error;\n}\n\n", at, upper, upper, node);
        write_head(out, structure, field, "set", name_format("struct %s_reader value", node));
        fprintf(out, "    return capnp_copy_struct(builder.message, %s, &value.raw);\n}\n\n", at);
    } else if (type->kind == TYPE_STRUCTS) {
        char *upper = name_upper(type->layout);
        write_head(out, structure, field, "init",
                   name_format("uint32_t count, struct %s_builder_list *out", node));
        fprintf(out, "    return capnp_init_structs(builder.message, %s,\n"
                     "        %s_DATA_WORDS, %s_POINTERS, count, &out->raw);\n}\n\n",
                at, upper, upper);
        write_head(out, structure, field, "set", name_format("struct %s_list value", node));
        fprintf(out, "    return capnp_copy_list(builder.message, %s, &value.raw);\n}\n\n", at);
    } else {
        bool is_any = !type->item, has_size = type->item && type->item->kind == TYPE_ANY_STRUCT;
        const char *size = is_any     ? "enum capnp_element element, "
                           : has_size ? "uint32_t data_words, uint32_t pointers, "
                                      : "";
        write_head(out, structure, field, "init",
                   name_format("%suint32_t count, struct capnp_list_builder *out", size));
        if (has_size)
            fprintf(out,
                    "    return capnp_init_structs(builder.message, %s, data_words, pointers,\n"
                    "        count, out);\n}\n\n", at);
        else
            fprintf(out,
                    "    return capnp_init_list(builder.message, %s, %s, count, out);\n}\n\n",
                    at, is_any ? "element" : type->element);
        write_head(out, structure, field, "set", "struct capnp_list value");
        fprintf(out, "    return capnp_copy_list(builder.message, %s, &value);\n}\n\n", at);
    }
}

/* Write the functions that take what a pointer leads to from it, and that give it an orphan. */
static void write_orphan(FILE *out, const struct structure *structure, const struct field *field)
{
    fprintf(out, "static inline enum capnp_error %s_disown_%s(struct %s_builder builder,\n"
                 "    struct capnp_orphan *out)\n{\n"
                 "    return capnp_disown(builder.message, %s, out);\n}\n\n",
            field->c, field->name, field->c, place(structure, field));
    write_head(out, structure, field, "adopt", "struct capnp_orphan *orphan");
    fprintf(out, "    return capnp_adopt(builder.message, %s, orphan);\n}\n\n",
            place(structure, field));
}

/* Write the functions that put a capability into a field: by its position among those that go with
 * the message, and by its slot where the interface is known, which brings the header of rpc. */
static void write_capability(FILE *out, const struct structure *structure,
                             const struct field *field)
{
    const char *at = place(structure, field);
    struct schema_node_reader node;
    write_head(out, structure, field, "set", "uint32_t position");
    fprintf(out, "    capnp_set_capability(%s, position);\n    return CAPNP_OK;\n}\n\n", at);
    if (field->type.id == 0 || !request_node(field->type.id, &node))
        return;
    fprintf(out, "/* Give the capability in `slot`, or an object, along with the message. */\n"
                 "static inline enum exo_status %s_give_%s(struct %s_builder builder,\n"
                 "    struct rpc_given *given, uint32_t slot)\n{\n    bool failed = false;\n"
                 "    %s_set_%s(builder, rpc_give(given, slot, &failed));\n"
                 "    return failed ? EXO_STATUS_BAD_ARGUMENT : EXO_STATUS_OK;\n}\n\n",
            field->c, field->name, field->c, field->c, field->name);
}

/* Write the functions of a pointer field. */
static void write_pointer(FILE *out, const struct structure *structure, const struct field *field)
{
    const char *at = place(structure, field);
    write_comment(out, field->comment);
    switch (field->type.kind) {
    case TYPE_TEXT:
        write_head(out, structure, field, "set", "struct capnp_text value");
        fprintf(out, "    return capnp_set_text(builder.message, %s, value);\n}\n\n", at);
        break;
    case TYPE_DATA:
        write_head(out, structure, field, "set", "struct capnp_data value");
        fprintf(out, "    return capnp_set_data(builder.message, %s, value);\n}\n\n", at);
        write_head(out, structure, field, "init", "uint32_t length, uint8_t **out");
        fprintf(out, "    return capnp_init_data(builder.message, %s, length, out);\n}\n\n", at);
        break;
    case TYPE_CAPABILITY: write_capability(out, structure, field); break;
    case TYPE_ANY_STRUCT:
    case TYPE_ANY:
        if (field->type.kind == TYPE_ANY_STRUCT) {
            write_head(out, structure, field, "set", "struct capnp_struct value");
            fprintf(out, "    return capnp_copy_struct(builder.message, %s, &value);\n}\n\n",
                    at);
        } else {
            write_head(out, structure, field, "set", "const struct capnp_any *value");
            fprintf(out, "    return capnp_copy_any(builder.message, %s, value);\n}\n\n", at);
        }
        write_head(out, structure, field, "init",
                   "uint32_t data_words, uint32_t pointers, struct capnp_struct_builder *out");
        fprintf(out, "    return capnp_init_struct(builder.message, %s, data_words, pointers, out);"
                     "\n}\n\n", at);
        break;
    default: write_object(out, structure, field);
    }
    write_orphan(out, structure, field);
}

/*
 * Write the statements that clear a group: what it shares with other members may hold their values.
 */
static void write_clear(FILE *out, const struct structure *group, int depth)
{
    if (depth == GROUP_DEPTH_MAX)
        request_fatal("%s: groups lie in groups more than %d deep; let one be a struct",
                      request_path(group->node), GROUP_DEPTH_MAX);
    if (group->union_count)
        fprintf(out, "    capnp_put_uint16(builder.words, %u, 0);\n", group->union_offset);
    for (uint32_t i = 0; i < group->field_count; i++) {
        struct field field = structure_field(group, i);
        if (field.is_group) {
            struct structure inner = structure_in(field.group, field.brand);
            write_clear(out, &inner, depth + 1);
        } else if (type_is_pointer(&field.type))
            fprintf(out, "    builder.words[%u] = 0;\n", group->data_words + field.offset);
        else if (field.type.bits == 1)
            fprintf(out, "    capnp_put_bool(builder.words, %u, 0);\n", field.offset);
        else if (field.type.kind != TYPE_VOID)
            fprintf(out, "    capnp_put_%s(builder.words, %u, 0);\n", field.type.access,
                    field.offset * (field.type.bits / 8));
    }
}

/* Write the function that enters a group. */
static void write_group(FILE *out, const struct structure *structure, const struct field *field)
{
    const char *group = field->group_c;
    struct structure inner = structure_in(field->group, field->brand);
    write_comment(out, field->comment);
    fprintf(out, "static inline struct %s_builder %s_init_%s(struct %s_builder builder)\n{\n",
            group, field->c, field->name, field->c);
    write_clear(out, &inner, 0);
    write_tag(out, structure, field);
    fprintf(out, "    return (struct %s_builder){builder.message, builder.words};\n}\n\n", group);
}

/* Write what a struct has and a group has not: its root and its lists. */
static void write_whole(FILE *out, const struct structure *structure)
{
    const char *c = structure->c, *upper = name_upper(structure->plain);
    fprintf(out, "static inline enum capnp_error %s_init_root(struct capnp_builder *message,\n"
                 "    struct %s_builder *out)\n{\n"
                 "    struct capnp_struct_builder made;\n"
                 "    enum capnp_error error = capnp_init_struct(message,\n"
                 "        capnp_builder_root(message), %s_DATA_WORDS, %s_POINTERS, &made);\n"
                 "    *out = (struct %s_builder){made.message, made.words};\n"
                 "    return error;\n}\n\n", c, c, upper, upper, c);
    fprintf(out, "static inline struct %s_builder %s_builder_list_at(struct %s_builder_list list,\n"
                 "    uint32_t index)\n{\n"
                 "    return (struct %s_builder){list.raw.message, "
                 "capnp_list_words_at(&list.raw, index)};\n}\n\n", c, c, c, c);
}

/* Write the function that reads back what is being built. */
static void write_reader(FILE *out, const struct structure *structure)
{
    const char *c = structure->c;
    fprintf(out, "static inline struct %s_reader %s_as_reader(struct %s_builder builder,\n"
                 "    struct capnp_message *view)\n{\n"
                 "    capnp_builder_message(builder.message, view);\n"
                 "    return (struct %s_reader){\n"
                 "        capnp_builder_struct(view, builder.words, %u, %u)};\n}\n\n",
            c, c, c, c, structure->data_words, structure->pointers);
}

void output_builders(FILE *out, const struct structure *structure)
{
    write_reader(out, structure);
    if (!schema_node_struct_get_is_group(structure->info))
        write_whole(out, structure);
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        if (field.is_group)
            write_group(out, structure, &field);
        else if (type_is_pointer(&field.type))
            write_pointer(out, structure, &field);
        else if (field.type.kind != TYPE_VOID)
            write_scalar(out, structure, &field);
        else if (field.in_union) {
            write_comment(out, field.comment);
            fprintf(out, "static inline void %s_set_%s(struct %s_builder builder)\n{\n", field.c,
                    field.name, field.c);
            write_tag(out, structure, &field);
            fputs("}\n\n", out);
        }
    }
}
