/* SPDX-License-Identifier: MIT */
/* For the tests of the codec: random messages of any shape, and whether two say the same. */
#ifndef CAPNP_RANDOM_H
#define CAPNP_RANDOM_H
#include "capnp_build.h"

#include <stdlib.h>
#include <string.h>

static uint64_t random_state = 0x9e3779b97f4a7c15;

/* A number that looks random, the same in each run. */
static inline uint64_t random_word(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* A word with zero bytes, as messages have. */
static inline uint64_t sparse_word(void)
{
    uint64_t word = random_word(), mask = 0;
    uint64_t kind = random_word() % 4;
    for (unsigned byte = 0; byte < 8; byte++)
        if (kind == 1 ? random_word() % 8 != 0 : kind == 2 ? random_word() % 4 == 0 : kind == 3)
            mask |= UINT64_C(0xff) << byte * 8;
    return word & mask;
}

static inline void random_struct(struct capnp_builder *builder, uint64_t *at, unsigned depth);

/* Build a random object at `at`; failures for want of room stay in the builder. */
static inline void random_object(struct capnp_builder *builder, uint64_t *at, unsigned depth)
{
    struct capnp_list_builder list = {0};
    uint32_t count = (uint32_t)(random_word() % 6);
    uint64_t kind = depth == 0 ? 4 + random_word() % 7 : random_word() % 11;
    if (kind < 3)
        random_struct(builder, at, depth - 1);
    else if (kind == 3) {
        uint32_t data = (uint32_t)(random_word() % 3), pointers = (uint32_t)(random_word() % 3);
        capnp_init_structs(builder, at, data, pointers, count, &list);
        for (uint32_t i = 0; i < list.count; i++) {
            uint64_t *words = capnp_list_words_at(&list, i);
            for (uint32_t k = 0; k < data; k++)
                words[k] = sparse_word();
            for (uint32_t k = 0; k < pointers; k++)
                random_object(builder, words + data + k, depth - 1);
        }
    } else if (kind == 4)
        capnp_set_text(builder, at, CAPNP_TEXT_LITERAL("some text, not that short"));
    else if (kind < 10) {
        enum capnp_element element = (enum capnp_element)(kind - 5 + (kind == 9));
        capnp_init_list(builder, at, element, count * 3, &list);
        for (uint32_t i = 0; i < list.count && element == CAPNP_BIT; i++)
            capnp_list_set_bool(&list, i, random_word() & 1);
        for (uint32_t i = 0; i < list.count * list.step_bytes; i++)
            list.data[i] = (uint8_t)sparse_word();
    } else if (depth > 0) {
        capnp_init_list(builder, at, CAPNP_POINTER, count, &list);
        for (uint32_t i = 0; i < list.count; i++)
            random_object(builder, capnp_list_pointer_at(&list, i), depth - 1);
    }
}

static inline void random_struct(struct capnp_builder *builder, uint64_t *at, unsigned depth)
{
    struct capnp_struct_builder made;
    uint32_t data = (uint32_t)(random_word() % 4), pointers = (uint32_t)(random_word() % 4);
    if (capnp_init_struct(builder, at, data, pointers, &made) != CAPNP_OK)
        return;
    for (uint32_t i = 0; i < data; i++)
        made.words[i] = sparse_word();
    for (uint32_t i = 0; i < pointers; i++)
        if (random_word() % 4)
            random_object(builder, made.words + data + i, depth);
}

static inline bool is_same_any(const struct capnp_any *a, const struct capnp_any *b);

/* Do two structs say the same: what one lacks is zero or null in the other. */
static inline bool is_same_struct(const struct capnp_struct *a, const struct capnp_struct *b)
{
    uint32_t bytes = a->data_bytes > b->data_bytes ? a->data_bytes : b->data_bytes;
    uint32_t pointers = a->pointer_count > b->pointer_count ? a->pointer_count : b->pointer_count;
    for (uint32_t i = 0; i < bytes; i++)
        if (capnp_get_uint8(*a, i) != capnp_get_uint8(*b, i))
            return false;
    for (uint32_t i = 0; i < pointers; i++) {
        struct capnp_any in_a, in_b;
        if (capnp_read_any(a, i, &in_a) != CAPNP_OK || capnp_read_any(b, i, &in_b) != CAPNP_OK ||
            !is_same_any(&in_a, &in_b))
            return false;
    }
    return true;
}

/* Do two lists say the same. */
static inline bool is_same_list(const struct capnp_list *a, const struct capnp_list *b)
{
    if (a->element != b->element || a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        struct capnp_struct in_a = capnp_list_struct(a, i), in_b = capnp_list_struct(b, i);
        bool is_same = a->element == CAPNP_BIT ? capnp_list_bool(*a, i) == capnp_list_bool(*b, i)
                                               : is_same_struct(&in_a, &in_b);
        if (!is_same)
            return false;
    }
    return true;
}

static inline bool is_same_any(const struct capnp_any *a, const struct capnp_any *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == CAPNP_STRUCT)
        return is_same_struct(&a->structure, &b->structure);
    return a->kind != CAPNP_LIST || is_same_list(&a->list, &b->list);
}

/* Do two messages say the same, and can both be read. */
static inline bool is_same_message(struct capnp_message *a, struct capnp_message *b)
{
    struct capnp_any in_a, in_b;
    return capnp_read_root_any(a, &in_a) == CAPNP_OK && capnp_read_root_any(b, &in_b) == CAPNP_OK &&
           is_same_any(&in_a, &in_b);
}
#endif
