/* SPDX-License-Identifier: MIT */
/* Cap'n Proto, building: lists, and deep copies from readers. */
#include "capnp_build.h"

/* The bits of an element of each size; composite elements have their own. */
static const uint8_t bits_of[] = {0, 1, 8, 16, 32, 64, 64, 0};

#define COUNT_MAX ((UINT32_C(1) << 29) - 1) /* what 29 bits of a list pointer can say */

/* Take `count` words of zeros, where `count` may be more than any segment holds. */
static uint64_t *allocate_zero(struct capnp_builder *builder, uint64_t count)
{
    if (count > UINT32_MAX) {
        capnp_builder_fail(builder, CAPNP_FULL);
        return 0;
    }
    uint64_t *words = capnp_allocate(builder, (uint32_t)count);
    for (uint64_t i = 0; words && i < count; i++)
        words[i] = 0;
    return words;
}

enum capnp_error capnp_init_data(struct capnp_builder *builder, uint64_t *at, uint32_t length,
                                 uint8_t **out)
{
    struct capnp_list_builder list;
    enum capnp_error error = capnp_init_list(builder, at, CAPNP_BYTE, length, &list);
    *out = list.data;
    return error;
}

enum capnp_error capnp_init_list(struct capnp_builder *builder, uint64_t *at,
                                 enum capnp_element element, uint32_t count,
                                 struct capnp_list_builder *out)
{
    *out = (struct capnp_list_builder){builder, 0, 0, 0};
    if (count > COUNT_MAX)
        return capnp_builder_fail(builder, CAPNP_RANGE);
    uint64_t *words = allocate_zero(builder, ((uint64_t)count * bits_of[element] + 63) / 64);
    if (!words)
        return CAPNP_FULL;
    out->data = (uint8_t *)words;
    out->count = count;
    out->step_bytes = bits_of[element] / 8;
    *at = capnp_list_pointer(at, words, element, count);
    return CAPNP_OK;
}

enum capnp_error capnp_init_structs(struct capnp_builder *builder, uint64_t *at,
                                    uint32_t data_words, uint32_t pointers, uint32_t count,
                                    struct capnp_list_builder *out)
{
    uint64_t size = (uint64_t)count * (data_words + pointers);
    *out = (struct capnp_list_builder){builder, 0, 0, 0};
    if (count > COUNT_MAX || size > COUNT_MAX)
        return capnp_builder_fail(builder, CAPNP_RANGE);
    uint64_t *words = allocate_zero(builder, size + 1);
    if (!words)
        return CAPNP_FULL;
    words[0] = (uint64_t)count << 2 | (uint64_t)data_words << 32 | (uint64_t)pointers << 48;
    out->data = (uint8_t *)(words + 1);
    out->count = count;
    out->step_bytes = (data_words + pointers) * 8;
    *at = capnp_list_pointer(at, words, CAPNP_COMPOSITE, (uint32_t)size);
    return CAPNP_OK;
}

/* Copy the data and pointers of a struct to words that have room for both. The recursion is bounded
 * by the reader's nesting limit. */
static enum capnp_error copy_content(struct capnp_builder *builder, uint64_t *words,
                                     const struct capnp_struct *from)
{
    uint64_t *pointers = words + (from->data_bytes + 7) / 8;
    for (uint32_t i = 0; i < from->data_bytes; i++)
        ((uint8_t *)words)[i] = capnp_load8(from->data + i);
    for (uint32_t i = 0; i < from->pointer_count; i++) {
        struct capnp_any any;
        enum capnp_error error = capnp_read_any(from, i, &any);
        if (error == CAPNP_OK)
            error = capnp_copy_any(builder, pointers + i, &any);
        if (error != CAPNP_OK)
            return capnp_builder_fail(builder, error);
    }
    return CAPNP_OK;
}

enum capnp_error capnp_copy_struct(struct capnp_builder *builder, uint64_t *at,
                                   const struct capnp_struct *from)
{
    struct capnp_struct_builder copy;
    enum capnp_error error = capnp_init_struct(builder, at, (from->data_bytes + 7) / 8,
                                               from->pointer_count, &copy);
    return error == CAPNP_OK ? copy_content(builder, copy.words, from) : error;
}

/* Copy a list of structs. */
static enum capnp_error copy_structs(struct capnp_builder *builder, uint64_t *at,
                                     const struct capnp_list *from)
{
    struct capnp_list_builder copy;
    enum capnp_error error = capnp_init_structs(builder, at, from->element_data_bytes / 8,
                                                from->element_pointer_count, from->count, &copy);
    for (uint32_t i = 0; error == CAPNP_OK && i < from->count && copy.step_bytes > 0; i++) {
        struct capnp_struct element = capnp_list_struct(from, i);
        error = copy_content(builder, capnp_list_words_at(&copy, i), &element);
    }
    return error;
}

enum capnp_error capnp_copy_list(struct capnp_builder *builder, uint64_t *at,
                                 const struct capnp_list *from)
{
    struct capnp_list_builder copy;
    enum capnp_element element = (enum capnp_element)from->element;
    if (from->element == CAPNP_COMPOSITE)
        return copy_structs(builder, at, from);
    enum capnp_error error = capnp_init_list(builder, at, element, from->count, &copy);
    if (error != CAPNP_OK)
        return error;
    uint32_t bytes = (uint32_t)(((uint64_t)from->count * bits_of[element] + 7) / 8);
    for (uint32_t i = 0; element != CAPNP_POINTER && i < bytes; i++)
        copy.data[i] = capnp_load8(from->data + i);
    if (element == CAPNP_BIT && from->count % 8)
        copy.data[bytes - 1] &= (uint8_t)((1u << from->count % 8) - 1);
    for (uint32_t i = 0; element == CAPNP_POINTER && i < from->count; i++) {
        struct capnp_any any;
        error = capnp_list_any(from, i, &any);
        if (error == CAPNP_OK)
            error = capnp_copy_any(builder, capnp_list_pointer_at(&copy, i), &any);
        if (error != CAPNP_OK)
            return capnp_builder_fail(builder, error);
    }
    return CAPNP_OK;
}

enum capnp_error capnp_copy_any(struct capnp_builder *builder, uint64_t *at,
                                const struct capnp_any *from)
{
    switch (from->kind) {
    case CAPNP_STRUCT: return capnp_copy_struct(builder, at, &from->structure);
    case CAPNP_LIST: return capnp_copy_list(builder, at, &from->list);
    case CAPNP_CAPABILITY: capnp_set_capability(at, from->capability); return CAPNP_OK;
    case CAPNP_NULL: break;
    }
    *at = 0;
    return CAPNP_OK;
}
