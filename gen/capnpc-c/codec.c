/* SPDX-License-Identifier: MIT */
/*
 * Writing the codec of a method's parameters and results, and of other structs that are as plain.
 *
 * The message of a plain struct has one layout: root pointer, data words, pointers, then the texts
 * and bytes in the order of their pointers. The builder assembles each data word in a register. The
 * reader first expects this very layout, comparing each pointer that it fetched with the one that
 * the builder would write; anything else goes to the general reader from the start.
 */
#include "interface.h"

#include "name.h"

#include <inttypes.h>
#include <string.h>

char *codec_member_type(const struct field *field)
{
    const struct type *type = &field->type;
    switch (type->kind) {
    case TYPE_FLOAT: return name_format("uint%u_t", type->bits);
    case TYPE_TEXT: return name_format("struct capnp_text");
    case TYPE_DATA: return name_format("struct capnp_data");
    case TYPE_LIST: return name_format("struct capnp_list");
    case TYPE_STRUCTS: return name_format("struct %s_list", type->node);
    case TYPE_STRUCT: return name_format("struct %s_reader", type->node);
    case TYPE_CAPABILITY: return name_format("uint32_t");
    case TYPE_ANY: return name_format("struct capnp_any");
    default: return name_format("%s", type->c_type);
    }
}

char *codec_member_name(const struct field *field)
{
    if (field->type.kind == TYPE_FLOAT)
        return name_format("%s_bits", field->name);
    return name_member(field->name);
}

void codec_struct(FILE *out, const struct payload *payload)
{
    const struct structure *structure = &payload->structure;
    if (payload->is_empty)
        return;
    fprintf(out, "struct %s {\n", payload->c);
    if (payload->is_complex)
        fprintf(out, "    struct %s_reader reader;\n", structure->c);
    for (uint32_t i = 0; i < structure->field_count && !payload->is_complex; i++) {
        struct field field = structure_field(structure, i);
        if (field.type.kind == TYPE_VOID)
            continue;
        fprintf(out, "    %s %s;%s\n", codec_member_type(&field), codec_member_name(&field),
                field.type.kind != TYPE_CAPABILITY ? "" :
                payload->is_plain ? " /* a position, or CAPNP_NO_CAPABILITY */" :
                " /* a slot, or EXO_NONE */");
    }
    fputs("};\n\n", out);
}

/* Is a field's value part of data word `word`; `*shift` is where. */
static bool in_word(const struct field *field, uint32_t word, uint32_t *shift)
{
    if (field->type.kind == TYPE_VOID || type_is_pointer(&field->type))
        return false;
    uint32_t bit = field->offset * field->type.bits;
    *shift = bit % 64;
    return bit / 64 == word;
}

/* Write the statement that assembles one data word. */
static void encode_word(FILE *out, const struct structure *structure, uint32_t word)
{
    uint64_t defaults = 0;
    uint32_t shift;
    fprintf(out, "    words[%u] = ", word + 1);
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        if (!in_word(&field, word, &shift))
            continue;
        if (field.type.bits == 1)
            fprintf(out, "(uint64_t)from->%s << %u | ", codec_member_name(&field), shift);
        else
            fprintf(out, "(uint64_t)(uint%u_t)from->%s << %u | ", field.type.bits,
                    codec_member_name(&field), shift);
        defaults |= field.bits << shift;
    }
    fprintf(out, "0;\n");
    if (defaults)
        fprintf(out, "    words[%u] ^= UINT64_C(0x%" PRIx64 ");\n", word + 1, defaults);
}

/* Write the statements for a text or bytes that lie at `next`; encode_check declared the locals. */
static void encode_bytes(FILE *out, const char *member, uint32_t at, bool is_text)
{
    fprintf(out, "    capnp_copy_%s(words + next, text_%s.bytes, text_%s.length);\n"
                 "    words[%u] = capnp_list_pointer(words + %u, words + next, CAPNP_BYTE, %u) +\n"
                 "        ((uint64_t)text_%s.length << 35);\n"
                 "    next += size_%s;\n",
            is_text ? "text" : "bytes", member, member, at, at, is_text ? 1u : 0u, member, member);
}

/* Write the statement that copies a struct or list that is being read; the builder is in step. */
static void encode_copy(FILE *out, const struct field *field, const char *member, uint32_t at)
{
    enum type_kind kind = field->type.kind;
    const char *raw = kind == TYPE_LIST || kind == TYPE_ANY_STRUCT ? "" : ".raw";
    if (field->type.kind == TYPE_ANY)
        fprintf(out, "    capnp_copy_any(builder, words + %u, &from->%s);\n", at, member);
    else
        fprintf(out, "    if (from->%s%s.data)\n        capnp_copy_%s(builder, words + %u, "
                     "&from->%s%s);\n", member, raw,
                kind == TYPE_STRUCT || kind == TYPE_ANY_STRUCT ? "struct" : "list", at, member,
                raw);
}

/* Write the check that the struct and all texts and bytes fit. In a channel, lengths that a list
 * pointer cannot say do not; other memory may be larger. */
static void encode_check(FILE *out, const struct payload *payload, uint32_t base)
{
    const struct structure *structure = &payload->structure;
    fprintf(out, "    uint64_t need = %u;\n", base);
    if (payload->is_plain)
        fputs("    uint64_t lengths = 0;\n", out);
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        const char *member = codec_member_name(&field);
        if (field.type.kind != TYPE_TEXT && field.type.kind != TYPE_DATA)
            continue;
        bool is_text = field.type.kind == TYPE_TEXT;
        fprintf(out, "    struct capnp_%s text_%s = from->%s;\n"
                     "    uint64_t size_%s = %s;\n    need += size_%s;\n",
                is_text ? "text" : "data", member, member, member,
                is_text ? name_format("((uint64_t)text_%s.length >> 3) + 1", member)
                        : name_format("((uint64_t)text_%s.length + 7) >> 3", member), member);
        if (payload->is_plain)
            fprintf(out, "    lengths |= %stext_%s.length%s;\n", is_text ? "(uint64_t)" : "",
                    member, is_text ? " + 1" : "");
    }
    if (payload->is_plain)
        fputs("    if (__builtin_expect(lengths >> 29 != 0, 0))\n"
              "        return capnp_builder_fail(builder, CAPNP_RANGE);\n", out);
    fprintf(out, "    if (__builtin_expect(need > builder->word_max, 0))\n        return %s;\n",
            payload->is_plain ? "capnp_builder_fail(builder, CAPNP_FULL)" : "EXO_STATUS_FULL");
}

/* Write the body of the encoder of a struct with a union or groups: a copy of its reader. */
static void encode_complex(FILE *out)
{
    fputs("    (void)given;\n"
          "    if (builder->word_max == 0)\n        return EXO_STATUS_FULL;\n"
          "    builder->words[0] = 0;\n    builder->word_count = 1;\n"
          "    if (from->reader.raw.data)\n"
          "        capnp_copy_struct(builder, builder->words, &from->reader.raw);\n"
          "    return rpc_status(builder->error);\n}\n\n", out);
}

/* Write the head of an encoder. */
static void encode_head(FILE *out, const struct payload *payload)
{
    if (payload->is_plain)
        fprintf(out, "enum capnp_error %s_encode(struct capnp_builder *builder,\n"
                     "    const struct %s *from)\n{\n", payload->structure.c, payload->c);
    else
        fprintf(out, "/* Build the message of a %s at the start of the builder. */\n"
                     "RPC_INLINE enum exo_status %s_encode(struct capnp_builder *builder,\n"
                     "    const struct %s *from, struct rpc_given *given)\n{\n",
                payload->c, payload->c, payload->c);
}

/* Write the statements that set the pointers and place what they lead to. */
static void encode_pointers(FILE *out, const struct payload *payload)
{
    const struct structure *structure = &payload->structure;
    uint32_t data = structure->data_words;
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        const char *member = codec_member_name(&field);
        uint32_t at = 1 + data + field.offset;
        if (field.type.kind == TYPE_TEXT || field.type.kind == TYPE_DATA)
            encode_bytes(out, member, at, field.type.kind == TYPE_TEXT);
        else if (field.type.kind == TYPE_CAPABILITY && payload->is_plain)
            fprintf(out, "    capnp_set_capability(words + %u, from->%s);\n", at, member);
        else if (field.type.kind == TYPE_CAPABILITY)
            fprintf(out, "    capnp_set_capability(words + %u, rpc_give(given, from->%s, "
                         "&failed));\n", at, member);
        else if (type_is_pointer(&field.type))
            fprintf(out, "    words[%u] = 0;\n", at);
    }
    fputs("    builder->word_count = (uint32_t)next;\n", out);
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        if (field.type.kind >= TYPE_LIST && field.type.kind != TYPE_CAPABILITY)
            encode_copy(out, &field, codec_member_name(&field), 1 + data + field.offset);
    }
}

void codec_encode(FILE *out, const struct payload *payload)
{
    const struct structure *structure = &payload->structure;
    uint32_t data = structure->data_words, base = 1 + data + structure->pointers;
    bool has_capability = false;
    if (payload->is_empty)
        return;
    encode_head(out, payload);
    if (payload->is_complex) {
        encode_complex(out);
        return;
    }
    for (uint32_t i = 0; i < structure->field_count && !payload->is_plain; i++)
        has_capability |= structure_field(structure, i).type.kind == TYPE_CAPABILITY;
    fprintf(out, "    uint64_t *words = builder->words;\n    uint64_t next = %u;\n%s", base,
            has_capability ? "    bool failed = false;\n" :
            payload->is_plain ? "" : "    (void)given;\n");
    encode_check(out, payload, base);
    fprintf(out, "    words[0] = UINT64_C(0x%" PRIx64 ");\n",
            (uint64_t)structure->data_words << 32 | (uint64_t)structure->pointers << 48);
    for (uint32_t word = 0; word < data; word++)
        encode_word(out, structure, word);
    encode_pointers(out, payload);
    if (has_capability) /* see rpc_give */
        fputs("    if (failed)\n        return EXO_STATUS_BAD_ARGUMENT;\n", out);
    fprintf(out, "    return %s;\n}\n\n", payload->is_plain ? "CAPNP_OK" :
            payload->has_slow ? "rpc_status(builder->error)" : "EXO_STATUS_OK");
}

/* Write the statements that take one data word apart. */
static void decode_word(FILE *out, const struct structure *structure, uint32_t word)
{
    uint32_t shift, taken = 0;
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        if (!in_word(&field, word, &shift))
            continue;
        if (taken++ == 0)
            fprintf(out, "    word = capnp_load64(words + %u);\n", word + 1);
        const char *member = codec_member_name(&field);
        if (field.type.bits == 1)
            fprintf(out, "    to->%s = (word >> %u & 1) != %u;\n", member, shift,
                    (unsigned)field.bits);
        else if (field.bits)
            fprintf(out, "    to->%s = (%s)((uint%u_t)(word >> %u) ^ UINT%u_C(0x%" PRIx64 "));\n",
                    member, codec_member_type(&field), field.type.bits, shift, field.type.bits,
                    field.bits);
        else
            fprintf(out, "    to->%s = (%s)(uint%u_t)(word >> %u);\n", member,
                    codec_member_type(&field), field.type.bits, shift);
    }
}

/* Write the statements that expect a text or bytes at `next`. What is left of the pointer when the
 * expected one of the shortest list is taken away and turned is the rest of the length; any other
 * difference turns into the top bits and fails the comparison with the room. */
static void decode_bytes(FILE *out, const char *member, uint32_t at, bool is_text)
{
    fprintf(out, "    word = capnp_load64(words + %u) -\n"
                 "        (UINT64_C(0x%x00000001) | (uint64_t)(next - %u) << 2);\n"
                 "    word = word >> 35 | word << 29;\n", at, is_text ? 0xa : 0x2, at + 1);
    if (is_text)
        fprintf(out, "    if (word >= (length - next) * 8 ||\n"
                     "        !capnp_is8((const uint8_t *)(words + next) + word, 0))\n"
                     "        return false;\n"
                     "    to->%s = (struct capnp_text){(const char *)(words + next), "
                     "(uint32_t)word};\n"
                     "    next += (word >> 3) + 1;\n", member);
    else
        fprintf(out, "    if (word > (length - next) * 8)\n        return false;\n"
                     "    to->%s = (struct capnp_data){(const uint8_t *)(words + next), "
                     "(uint32_t)word};\n"
                     "    next += (word + 7) >> 3;\n", member);
}

/* Write the head of the reader that expects our own layout, up to the check of the root. */
static void decode_expected_head(FILE *out, const struct payload *payload)
{
    const struct structure *structure = &payload->structure;
    uint32_t base = 1 + structure->data_words + structure->pointers;
    const char *c = payload->is_plain ? structure->c : payload->c;
    fprintf(out, "/* Read a %s of the layout that its own builder writes; false for any other. "
                 "*/\n", c);
    if (payload->is_plain)
        fprintf(out, "static inline __attribute__((always_inline)) bool %s_expected(\n"
                     "    struct capnp_message *message, struct %s *to)\n{\n"
                     "    const uint64_t *words = message->segments[0].words;\n"
                     "    uint64_t length = message->segments[0].word_count;\n", c, payload->c);
    else
        fprintf(out, "RPC_INLINE bool %s_expected(const uint64_t *words, uint64_t length,\n"
                     "    struct rpc_received received, struct %s *to)\n{\n"
                     "    (void)received;\n", c, payload->c);
    fprintf(out, "    uint64_t word = 0, next = %u;\n"
                 "    (void)word, (void)next;\n"
                 "    if (length < %u || !capnp_is64(words, UINT64_C(0x%" PRIx64 ")))\n"
                 "        return false;\n", base, base,
            (uint64_t)structure->data_words << 32 | (uint64_t)structure->pointers << 48);
}

/* Write the reader that expects our own layout. What it follows is what it is charged. */
static void decode_expected(FILE *out, const struct payload *payload)
{
    const struct structure *structure = &payload->structure;
    uint32_t data = structure->data_words;
    decode_expected_head(out, payload);
    for (uint32_t word = 0; word < data; word++)
        decode_word(out, structure, word);
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        uint32_t at = 1 + data + field.offset;
        const char *member = codec_member_name(&field);
        if (field.type.kind == TYPE_TEXT || field.type.kind == TYPE_DATA)
            decode_bytes(out, member, at, field.type.kind == TYPE_TEXT);
        else if (field.type.kind == TYPE_CAPABILITY)
            fprintf(out, "    word = capnp_load64(words + %u);\n"
                         "    if (word != 0 && (uint32_t)word != 3)\n        return false;\n"
                         "    to->%s = word ? %s(uint32_t)(word >> 32)%s;\n", at, member,
                    payload->is_plain ? "" : "rpc_taken(received, ",
                    payload->is_plain ? " : CAPNP_NO_CAPABILITY" : ") : EXO_NONE");
    }
    if (payload->is_plain)
        fputs("    if (message->nesting_levels < 2 || !capnp_charge(message, next))\n"
              "        return false;\n", out);
    fputs("    return true;\n}\n\n", out);
}

/* Write the statements that read each field by its getter. */
static void decode_fields(FILE *out, const struct payload *payload)
{
    const char *c = payload->structure.c;
    for (uint32_t i = 0; i < payload->structure.field_count; i++) {
        struct field field = structure_field(&payload->structure, i);
        const char *member = codec_member_name(&field);
        if (field.type.kind == TYPE_VOID)
            continue;
        if (field.type.kind == TYPE_CAPABILITY && !payload->is_plain)
            fprintf(out, "    %s_get_%s(reader, &to->%s);\n"
                         "    to->%s = rpc_taken(received, to->%s);\n", c, field.name, member,
                    member, member);
        else if (type_is_pointer(&field.type))
            fprintf(out, "    %s_get_%s(reader, &to->%s);\n", c, field.name, member);
        else
            fprintf(out, "    to->%s = %s_get_%s%s(reader);\n", member, c, field.name,
                    field.type.kind == TYPE_FLOAT ? "_bits" : "");
    }
}

void codec_decode(FILE *out, const struct payload *payload)
{
    const char *c = payload->structure.c;
    if (payload->is_empty)
        return;
    if (!payload->has_slow)
        decode_expected(out, payload);
    fprintf(out, "/* Read a %s of any legal layout. */\n"
                 "static __attribute__((noinline)) enum exo_status %s_decode(\n"
                 "    struct capnp_message *message, const uint64_t *words, uint32_t length,\n"
                 "    struct rpc_received received, struct %s *to)\n{\n"
                 "    struct %s_reader reader;\n    (void)received;\n"
                 "    capnp_message_single(message, words, length);\n"
                 "    %s_read_root(message, &reader);\n", payload->c, payload->c, payload->c, c, c);
    if (payload->is_complex)
        fputs("    to->reader = reader;\n", out);
    else
        decode_fields(out, payload);
    fputs("    return rpc_status(message->error);\n}\n\n", out);
}

/* Read a struct that has a plain codec of its own; false for others. The structs that methods imply
 * have one with the interface. */
static bool plain_of(struct schema_node_reader node, struct payload *out)
{
    if (schema_node_struct_get_is_group(schema_node_get_struct(node)) ||
        strchr(request_path(node), '$'))
        return false;
    *out = interface_payload(structure_of(node),
                             name_format("%s_plain", request_c_name(node)));
    out->is_plain = true;
    return !out->is_empty && !out->has_slow;
}

void codec_plain_header(FILE *out, struct schema_node_reader node)
{
    struct payload payload;
    if (!plain_of(node, &payload))
        return;
    const char *c = payload.structure.c;
    fprintf(out, "/* The fields of a %s as C values. */\n", c);
    codec_struct(out, &payload);
    fprintf(out, "/* Build the message of a %s at the start of a builder that was just begun. */\n"
                 "enum capnp_error %s_encode(struct capnp_builder *builder,\n"
                 "    const struct %s *from);\n\n"
                 "/* The part of %s_decode for layouts that its own builder does not write. */\n"
                 "enum capnp_error %s_decode_general(struct capnp_message *message,\n"
                 "    struct %s *to);\n\n", c, c, payload.c, c, c, payload.c);
    decode_expected(out, &payload);
    fprintf(out, "/* Read a message, of any legal layout, that was just prepared. Texts and "
                 "bytes stay in it.\n * The first error is returned; what it spoiled has its "
                 "default. */\n"
                 "static inline enum capnp_error %s_decode(struct capnp_message *message,\n"
                 "    struct %s *to)\n{\n    struct %s other;\n"
                 "    if (__builtin_expect(message->segment_count != 0 &&\n"
                 "                         %s_expected(message, to), 1))\n"
                 "        return CAPNP_OK;\n"
                 "    enum capnp_error error = %s_decode_general(message, &other);\n"
                 "    *to = other; /* apart, so that registers may hold the usual case's */\n"
                 "    return error;\n}\n\n", c, payload.c, payload.c, c, c);
}

void codec_plain_code(FILE *out, struct schema_node_reader node)
{
    struct payload payload;
    if (!plain_of(node, &payload))
        return;
    const char *c = payload.structure.c;
    codec_encode(out, &payload);
    fprintf(out, "enum capnp_error %s_decode_general(struct capnp_message *message,\n"
                 "    struct %s *to)\n{\n    struct %s_reader reader;\n"
                 "    %s_read_root(message, &reader);\n", c, payload.c, c, c);
    decode_fields(out, &payload);
    fputs("    return message->error;\n}\n\n", out);
}
