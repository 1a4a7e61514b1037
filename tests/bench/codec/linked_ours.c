/* SPDX-License-Identifier: MIT */
/* A program that writes and reads every field of types.capnp's All, for its size: the same as
 * linked_peer.c++. It ends with 0 if what it read is there. */
#include "linked.h"
#include "types.capnp.h"

#define COUNT 3u

static uint64_t words[4096];

static void write_all(struct types_all_builder to, unsigned seed, int depth)
{
    const struct capnp_data data = {(const uint8_t *)"data", 4};
    struct capnp_list_builder list;
    struct types_all_builder inner;
    struct types_all_builder_list inners;
#define WRITE(field, peer) types_all_set_##field(to, seed++);
    LINKED_SCALARS(WRITE)
    types_all_set_which(to, (enum types_letter)(seed & 7));
    types_all_set_text(to, CAPNP_TEXT_LITERAL("text"));
    types_all_set_data(to, data);
#define WRITE_LIST(field, peer, element)                                                           \
    types_all_init_##field(to, COUNT, &list);                                                      \
    for (uint32_t i = 0; i < COUNT; i++)                                                           \
        capnp_list_set_##element(&list, i, seed++);
    LINKED_LISTS(WRITE_LIST)
    types_all_init_nothings(to, COUNT, &list);
    types_all_init_nothings2(to, COUNT, &list);
    types_all_init_letters(to, COUNT, &list);
    for (uint32_t i = 0; i < COUNT; i++)
        capnp_list_set_uint16(&list, i, (uint16_t)i);
    types_all_init_texts(to, COUNT, &list);
    for (uint32_t i = 0; i < COUNT; i++)
        capnp_set_text(to.message, capnp_list_pointer_at(&list, i), CAPNP_TEXT_LITERAL("text"));
    types_all_init_datas(to, COUNT, &list);
    for (uint32_t i = 0; i < COUNT; i++)
        capnp_set_data(to.message, capnp_list_pointer_at(&list, i), data);
    if (depth == 0)
        return;
    types_all_init_inner(to, &inner);
    write_all(inner, seed, depth - 1);
    types_all_init_inners(to, COUNT, &inners);
    for (uint32_t i = 0; i < COUNT; i++)
        write_all(types_all_builder_list_at(inners, i), seed, depth - 1);
}

static uint64_t read_all(struct types_all_reader from, int depth)
{
    uint64_t sum = 0;
    struct capnp_list list;
    struct capnp_text text;
    struct capnp_data data;
    struct types_all_reader inner;
    struct types_all_list inners;
#define READ(field, peer) sum += (uint64_t)types_all_get_##field(from);
    LINKED_SCALARS(READ)
    sum += types_all_get_which(from);
    types_all_get_text(from, &text);
    types_all_get_data(from, &data);
    sum += text.length + data.length;
#define READ_LIST(field, peer, element)                                                            \
    types_all_get_##field(from, &list);                                                            \
    for (uint32_t i = 0; i < list.count; i++)                                                      \
        sum += capnp_list_##element(list, i);
    LINKED_LISTS(READ_LIST)
    types_all_get_nothings(from, &list);
    sum += list.count;
    types_all_get_nothings2(from, &list);
    sum += list.count;
    types_all_get_letters(from, &list);
    for (uint32_t i = 0; i < list.count; i++)
        sum += capnp_list_uint16(list, i);
    types_all_get_texts(from, &list);
    for (uint32_t i = 0; i < list.count; i++)
        sum += capnp_list_text(&list, i, &text) == CAPNP_OK ? text.length : 0;
    types_all_get_datas(from, &list);
    for (uint32_t i = 0; i < list.count; i++)
        sum += capnp_list_data(&list, i, &data) == CAPNP_OK ? data.length : 0;
    if (depth == 0)
        return sum;
    types_all_get_inner(from, &inner);
    sum += read_all(inner, depth - 1);
    types_all_get_inners(from, &inners);
    for (uint32_t i = 0; i < types_all_list_count(inners); i++)
        sum += read_all(types_all_list_at(inners, i), depth - 1);
    return sum;
}

int main(int count, char **arguments)
{
    struct capnp_builder builder;
    struct capnp_segment segment;
    struct capnp_message message;
    struct types_all_builder root;
    struct types_all_reader reader;
    (void)arguments;
    capnp_builder_begin_framed(&builder, words, sizeof words / sizeof *words);
    if (types_all_init_root(&builder, &root) != CAPNP_OK)
        return 1;
    write_all(root, (unsigned)count, 1);
    uint32_t length = capnp_builder_framed(&builder);
    if (capnp_message_framed(&message, words, (uint64_t)length * 8, &segment, 1, 0) != CAPNP_OK ||
        types_all_read_root(&message, &reader) != CAPNP_OK)
        return 1;
    return read_all(reader, 1) == 0 || message.error != CAPNP_OK;
}
