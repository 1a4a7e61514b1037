/* SPDX-License-Identifier: MIT */
/*
 * manual: the plugin of `capnp compile` that writes the reference manual of schemas, from their doc
 * comments: NAME.md and NAME.html for each NAME.capnp, and the list of all of them, index.md and
 * index.html. What is named leads to where it is declared.
 */
#include "page.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

#include "name.h"

static void write_node(struct page *page, unsigned level, struct schema_node_reader node);

/* Write the declarations inside a node. */
static void write_nested(struct page *page, unsigned level, struct schema_node_reader node)
{
    struct schema_node_nested_node_list list;
    struct schema_node_reader inner;
    schema_node_get_nested_nodes(node, &list);
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(list); i++) {
        if (request_node(schema_node_nested_node_get_id(schema_node_nested_node_list_at(list, i)),
                         &inner))
            write_node(page, level, inner);
    }
}

static const char *const field_heads[] = {"field", "", "type", "default", "meaning"};

/* Write the rows of a struct's fields; `outer` is the path of groups down to them. */
static void write_fields(struct page *page, struct schema_node_reader node, const char *outer)
{
    struct schema_field_list fields;
    struct schema_node_struct_reader info = schema_node_get_struct(node);
    schema_node_struct_get_fields(info, &fields);
    for (uint32_t i = 0; i < schema_field_list_count(fields); i++) {
        struct schema_field_reader field = schema_field_list_at(fields, i);
        struct schema_field_slot_reader slot = schema_field_get_slot(field);
        struct schema_node_reader group;
        struct schema_type_reader type;
        struct schema_value_reader value;
        struct capnp_text text;
        bool is_group = schema_field_which(field) == SCHEMA_FIELD_WHICH_GROUP;
        bool in_union = schema_field_get_discriminant_value(field) != UINT16_MAX;
        schema_field_get_name(field, &text);
        char *name = name_format("%s%s%s", outer, *outer ? "." : "", name_text(text));
        page_row_begin(page);
        page_cell(page);
        page_words(page, name);
        page_cell(page);
        page_words(page, is_group ? "" : name_format("@%u", schema_field_ordinal_get_explicit(
                                             schema_field_get_ordinal(field))));
        page_cell(page);
        schema_field_slot_get_type(slot, &type);
        if (is_group)
            page_words(page, "group");
        else
            words_type(page, type);
        page_cell(page);
        schema_field_slot_get_default_value(slot, &value);
        if (!is_group && words_has_default(slot))
            words_value(page, type, value);
        page_cell(page);
        page_words(page, in_union ? "One of a union. " : "");
        page_comment(page, request_comment(schema_node_get_id(node), (int)i));
        page_row_end(page);
        if (is_group && request_node(schema_field_group_get_type_id(schema_field_get_group(field)),
                                     &group))
            write_fields(page, group, name);
    }
}

static void write_struct(struct page *page, struct schema_node_reader node)
{
    struct schema_field_list fields;
    schema_node_struct_get_fields(schema_node_get_struct(node), &fields);
    if (schema_field_list_count(fields) == 0)
        return;
    page_table_begin(page, field_heads, sizeof field_heads / sizeof *field_heads);
    write_fields(page, node, "");
    page_table_end(page);
}

static void write_enum(struct page *page, struct schema_node_reader node)
{
    static const char *const heads[] = {"value", "", "meaning"};
    struct schema_enumerant_list list;
    schema_node_enum_get_enumerants(schema_node_get_enum(node), &list);
    page_table_begin(page, heads, 3);
    for (uint32_t i = 0; i < schema_enumerant_list_count(list); i++) {
        struct capnp_text text;
        schema_enumerant_get_name(schema_enumerant_list_at(list, i), &text);
        page_row_begin(page);
        page_cell(page);
        page_words(page, name_text(text));
        page_cell(page);
        page_words(page, name_format("@%" PRIu32, i));
        page_cell(page);
        page_comment(page, request_comment(schema_node_get_id(node), (int)i));
        page_row_end(page);
    }
    page_table_end(page);
}

/* The id of StreamResult in /capnp/stream.capnp, which stands for `-> stream`. */
#define STREAM_RESULT UINT64_C(0x995f9a3377c0b16e)

/* Write the parameters or results of a method: a list in brackets, or the struct's name. */
static void write_payload(struct page *page, uint64_t id, struct schema_brand_reader brand)
{
    struct schema_node_reader node;
    struct schema_field_list fields;
    if (id == STREAM_RESULT || !request_node(id, &node)) {
        page_words(page, "stream");
        return;
    }
    if (!strchr(request_path(node), '$')) {
        words_node(page, id);
        words_brand(page, brand);
        return;
    }
    schema_node_struct_get_fields(schema_node_get_struct(node), &fields);
    page_words(page, "(");
    for (uint32_t i = 0; i < schema_field_list_count(fields); i++) {
        struct schema_field_slot_reader slot =
            schema_field_get_slot(schema_field_list_at(fields, i));
        struct schema_type_reader type;
        struct schema_value_reader value;
        struct capnp_text text;
        schema_field_get_name(schema_field_list_at(fields, i), &text);
        schema_field_slot_get_type(slot, &type);
        page_words(page, name_format("%s%s :", i ? ", " : "", name_text(text)));
        words_type(page, type);
        if (words_has_default(slot)) {
            schema_field_slot_get_default_value(slot, &value);
            page_words(page, " = ");
            words_value(page, type, value);
        }
    }
    page_words(page, ")");
}

static void write_interface(struct page *page, unsigned level, struct schema_node_reader node)
{
    struct schema_method_list methods;
    struct schema_superclass_list bases;
    struct schema_node_interface_reader info = schema_node_get_interface(node);
    schema_node_interface_get_superclasses(info, &bases);
    if (schema_superclass_list_count(bases) > 0) {
        page_line_begin(page);
        page_words(page, "extends ");
        for (uint32_t i = 0; i < schema_superclass_list_count(bases); i++) {
            page_words(page, i ? ", " : "");
            words_node(page, schema_superclass_get_id(schema_superclass_list_at(bases, i)));
        }
        page_line_end(page);
    }
    schema_node_interface_get_methods(info, &methods);
    for (uint32_t i = 0; i < schema_method_list_count(methods); i++) {
        struct schema_method_reader method = schema_method_list_at(methods, i);
        struct schema_annotation_list annotations;
        struct schema_brand_reader brand;
        struct capnp_text text;
        schema_method_get_name(method, &text);
        char *name = name_text(text);
        page_heading(page, level + 1, name_format("%s.%s", words_anchor(node), name), name);
        page_line_begin(page);
        page_words(page, name_format("%s @%" PRIu32 " ", name, i));
        schema_method_get_param_brand(method, &brand);
        write_payload(page, schema_method_get_param_struct_type(method), brand);
        page_words(page, " -> ");
        schema_method_get_result_brand(method, &brand);
        write_payload(page, schema_method_get_result_struct_type(method), brand);
        schema_method_get_annotations(method, &annotations);
        words_annotations(page, annotations);
        page_line_end(page);
        page_comment(page, request_comment(schema_node_get_id(node), (int)i));
    }
}

static void write_const(struct page *page, struct schema_node_reader node)
{
    struct schema_type_reader type;
    struct schema_value_reader value;
    schema_node_const_get_type(schema_node_get_const(node), &type);
    schema_node_const_get_value(schema_node_get_const(node), &value);
    page_line_begin(page);
    page_words(page, name_format("const %s :", request_short_name(node)));
    words_type(page, type);
    page_words(page, " = ");
    words_value(page, type, value);
    page_line_end(page);
}

static void write_annotation(struct page *page, struct schema_node_reader node)
{
    struct schema_type_reader type;
    schema_node_annotation_get_type(schema_node_get_annotation(node), &type);
    page_line_begin(page);
    page_words(page, name_format("annotation %s :", request_short_name(node)));
    words_type(page, type);
    page_line_end(page);
}

/* Write a declaration and what is inside it. */
static void write_node(struct page *page, unsigned level, struct schema_node_reader node)
{
    static const char *const kinds[] = {"", "Struct", "Enum", "Interface", "Constant",
                                        "Annotation"};
    unsigned which = (unsigned)schema_node_which(node);
    if (which >= sizeof kinds / sizeof *kinds)
        return;
    page_heading(page, level, words_anchor(node),
                 name_format("%s %s", kinds[which], request_path(node)));
    page_comment(page, request_comment(schema_node_get_id(node), -1));
    switch (which) {
    case SCHEMA_NODE_WHICH_STRUCT: write_struct(page, node); break;
    case SCHEMA_NODE_WHICH_ENUM: write_enum(page, node); break;
    case SCHEMA_NODE_WHICH_INTERFACE: write_interface(page, level, node); break;
    case SCHEMA_NODE_WHICH_CONST: write_const(page, node); break;
    case SCHEMA_NODE_WHICH_ANNOTATION: write_annotation(page, node); break;
    default: break;
    }
    write_nested(page, level + 1, node);
}

/* The first sentence of a comment. */
static char *first_sentence(char *comment)
{
    for (char *at = comment; *at; at++) {
        if (*at == '.' && (at[1] == '\0' || at[1] == ' ' || at[1] == '\n')) {
            at[1] = '\0';
            break;
        }
    }
    return comment;
}

/* Write the page of one schema, and its row of the index. */
static void write_file(struct page *index, struct schema_node_reader file)
{
    struct page page;
    char *name = words_page(file);
    char *comment = request_comment(schema_node_get_id(file), -1);
    page_open(&page, name, name);
    page_heading(&page, 1, "", name_format("%s.capnp", name));
    page_line_begin(&page);
    page_link(&page, "index", "", "all schemas");
    page_words(&page, name_format(" - file id @0x%016" PRIx64, schema_node_get_id(file)));
    page_line_end(&page);
    page_comment(&page, comment);
    write_nested(&page, 2, file);
    page_close(&page);
    page_row_begin(index);
    page_cell(index);
    page_link(index, name, "", name);
    page_cell(index);
    page_comment(index, first_sentence(comment));
    page_row_end(index);
}

int main(void)
{
    static const char *const heads[] = {"schema", "what it is"};
    struct schema_code_generator_request_requested_file_list files;
    struct page index;
    request_read(stdin);
    schema_code_generator_request_get_requested_files(request_root(), &files);
    page_open(&index, "index", "Schemas");
    page_heading(&index, 1, "", "Schemas");
    page_table_begin(&index, heads, 2);
    for (uint32_t i = 0; i < schema_code_generator_request_requested_file_list_count(files); i++) {
        struct schema_node_reader node;
        uint64_t id = schema_code_generator_request_requested_file_get_id(
            schema_code_generator_request_requested_file_list_at(files, i));
        if (!request_node(id, &node))
            request_fatal("the compiler sent no node for a file that it was asked for");
        write_file(&index, node);
    }
    page_table_end(&index);
    page_close(&index);
    return 0;
}
