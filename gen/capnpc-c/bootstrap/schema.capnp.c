/* SPDX-License-Identifier: MIT */
/* Generated from schema.capnp by capnpc-c. */
#include "schema.capnp.h"

enum capnp_error schema_node_parameter_encode(struct capnp_builder *builder,
    const struct schema_node_parameter_plain *from)
{
    uint64_t *words = builder->words;
    uint64_t next = 2;
    uint64_t need = 2;
    uint64_t lengths = 0;
    struct capnp_text text_name = from->name;
    uint64_t size_name = ((uint64_t)text_name.length >> 3) + 1;
    need += size_name;
    lengths |= (uint64_t)text_name.length + 1;
    if (__builtin_expect(lengths >> 29 != 0, 0))
        return capnp_builder_fail(builder, CAPNP_RANGE);
    if (__builtin_expect(need > builder->word_max, 0))
        return capnp_builder_fail(builder, CAPNP_FULL);
    words[0] = UINT64_C(0x1000000000000);
    capnp_copy_text(words + next, text_name.bytes, text_name.length);
    words[1] = capnp_list_pointer(words + 1, words + next, CAPNP_BYTE, 1) +
        ((uint64_t)text_name.length << 35);
    next += size_name;
    builder->word_count = (uint32_t)next;
    return CAPNP_OK;
}

enum capnp_error schema_node_parameter_decode_general(struct capnp_message *message,
    struct schema_node_parameter_plain *to)
{
    struct schema_node_parameter_reader reader;
    schema_node_parameter_read_root(message, &reader);
    schema_node_parameter_get_name(reader, &to->name);
    return message->error;
}

enum capnp_error schema_node_nested_node_encode(struct capnp_builder *builder,
    const struct schema_node_nested_node_plain *from)
{
    uint64_t *words = builder->words;
    uint64_t next = 3;
    uint64_t need = 3;
    uint64_t lengths = 0;
    struct capnp_text text_name = from->name;
    uint64_t size_name = ((uint64_t)text_name.length >> 3) + 1;
    need += size_name;
    lengths |= (uint64_t)text_name.length + 1;
    if (__builtin_expect(lengths >> 29 != 0, 0))
        return capnp_builder_fail(builder, CAPNP_RANGE);
    if (__builtin_expect(need > builder->word_max, 0))
        return capnp_builder_fail(builder, CAPNP_FULL);
    words[0] = UINT64_C(0x1000100000000);
    words[1] = (uint64_t)(uint64_t)from->id << 0 | 0;
    capnp_copy_text(words + next, text_name.bytes, text_name.length);
    words[2] = capnp_list_pointer(words + 2, words + next, CAPNP_BYTE, 1) +
        ((uint64_t)text_name.length << 35);
    next += size_name;
    builder->word_count = (uint32_t)next;
    return CAPNP_OK;
}

enum capnp_error schema_node_nested_node_decode_general(struct capnp_message *message,
    struct schema_node_nested_node_plain *to)
{
    struct schema_node_nested_node_reader reader;
    schema_node_nested_node_read_root(message, &reader);
    schema_node_nested_node_get_name(reader, &to->name);
    to->id = schema_node_nested_node_get_id(reader);
    return message->error;
}

enum capnp_error schema_node_source_info_member_encode(struct capnp_builder *builder,
    const struct schema_node_source_info_member_plain *from)
{
    uint64_t *words = builder->words;
    uint64_t next = 2;
    uint64_t need = 2;
    uint64_t lengths = 0;
    struct capnp_text text_doc_comment = from->doc_comment;
    uint64_t size_doc_comment = ((uint64_t)text_doc_comment.length >> 3) + 1;
    need += size_doc_comment;
    lengths |= (uint64_t)text_doc_comment.length + 1;
    if (__builtin_expect(lengths >> 29 != 0, 0))
        return capnp_builder_fail(builder, CAPNP_RANGE);
    if (__builtin_expect(need > builder->word_max, 0))
        return capnp_builder_fail(builder, CAPNP_FULL);
    words[0] = UINT64_C(0x1000000000000);
    capnp_copy_text(words + next, text_doc_comment.bytes, text_doc_comment.length);
    words[1] = capnp_list_pointer(words + 1, words + next, CAPNP_BYTE, 1) +
        ((uint64_t)text_doc_comment.length << 35);
    next += size_doc_comment;
    builder->word_count = (uint32_t)next;
    return CAPNP_OK;
}

enum capnp_error schema_node_source_info_member_decode_general(struct capnp_message *message,
    struct schema_node_source_info_member_plain *to)
{
    struct schema_node_source_info_member_reader reader;
    schema_node_source_info_member_read_root(message, &reader);
    schema_node_source_info_member_get_doc_comment(reader, &to->doc_comment);
    return message->error;
}

enum capnp_error schema_capnp_version_encode(struct capnp_builder *builder,
    const struct schema_capnp_version_plain *from)
{
    uint64_t *words = builder->words;
    uint64_t next = 2;
    uint64_t need = 2;
    uint64_t lengths = 0;
    if (__builtin_expect(lengths >> 29 != 0, 0))
        return capnp_builder_fail(builder, CAPNP_RANGE);
    if (__builtin_expect(need > builder->word_max, 0))
        return capnp_builder_fail(builder, CAPNP_FULL);
    words[0] = UINT64_C(0x100000000);
    words[1] = (uint64_t)(uint16_t)from->major << 0 | (uint64_t)(uint8_t)from->minor << 16 | (uint64_t)(uint8_t)from->micro << 24 | 0;
    builder->word_count = (uint32_t)next;
    return CAPNP_OK;
}

enum capnp_error schema_capnp_version_decode_general(struct capnp_message *message,
    struct schema_capnp_version_plain *to)
{
    struct schema_capnp_version_reader reader;
    schema_capnp_version_read_root(message, &reader);
    to->major = schema_capnp_version_get_major(reader);
    to->minor = schema_capnp_version_get_minor(reader);
    to->micro = schema_capnp_version_get_micro(reader);
    return message->error;
}

enum capnp_error schema_code_generator_request_requested_file_import_encode(struct capnp_builder *builder,
    const struct schema_code_generator_request_requested_file_import_plain *from)
{
    uint64_t *words = builder->words;
    uint64_t next = 3;
    uint64_t need = 3;
    uint64_t lengths = 0;
    struct capnp_text text_name = from->name;
    uint64_t size_name = ((uint64_t)text_name.length >> 3) + 1;
    need += size_name;
    lengths |= (uint64_t)text_name.length + 1;
    if (__builtin_expect(lengths >> 29 != 0, 0))
        return capnp_builder_fail(builder, CAPNP_RANGE);
    if (__builtin_expect(need > builder->word_max, 0))
        return capnp_builder_fail(builder, CAPNP_FULL);
    words[0] = UINT64_C(0x1000100000000);
    words[1] = (uint64_t)(uint64_t)from->id << 0 | 0;
    capnp_copy_text(words + next, text_name.bytes, text_name.length);
    words[2] = capnp_list_pointer(words + 2, words + next, CAPNP_BYTE, 1) +
        ((uint64_t)text_name.length << 35);
    next += size_name;
    builder->word_count = (uint32_t)next;
    return CAPNP_OK;
}

enum capnp_error schema_code_generator_request_requested_file_import_decode_general(struct capnp_message *message,
    struct schema_code_generator_request_requested_file_import_plain *to)
{
    struct schema_code_generator_request_requested_file_import_reader reader;
    schema_code_generator_request_requested_file_import_read_root(message, &reader);
    to->id = schema_code_generator_request_requested_file_import_get_id(reader);
    schema_code_generator_request_requested_file_import_get_name(reader, &to->name);
    return message->error;
}

