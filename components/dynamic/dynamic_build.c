/* SPDX-License-Identifier: MIT */
#include "dynamic_build.h"

#include <assert.h>
#include <stddef.h>

enum capnp_error dynamic_init_root(struct capnp_builder *message, const struct schema_set *set,
                                   uint64_t id, struct dynamic_builder *out)
{
    struct capnp_struct_builder raw;
    if (!dynamic_shape_open(&out->shape, set, id, NULL, NULL))
        return capnp_builder_fail(message, CAPNP_KIND);
    out->message = message;
    out->data_words = out->shape.data_words;
    out->pointer_count = out->shape.pointer_count;
    enum capnp_error error = capnp_init_struct(message, capnp_builder_root(message),
                                               out->data_words, out->pointer_count, &raw);
    out->words = raw.words;
    return error;
}

struct dynamic_place dynamic_field_place(struct dynamic_builder *parent,
                                         const struct dynamic_field *field)
{
    return (struct dynamic_place){.parent = parent, .field = field, .type = field->type};
}

struct dynamic_place dynamic_element_place(const struct dynamic_list_builder *list, uint32_t index)
{
    assert(index < list->raw.count);
    return (struct dynamic_place){.list = list, .index = index, .type = list->element};
}

struct capnp_builder *dynamic_message(const struct dynamic_place *place)
{
    return place->parent ? place->parent->message : place->list->raw.message;
}

/* Does a struct's data hold the scalar at `offset`, in units of its size. */
static bool holds(const struct dynamic_builder *builder, enum capnp_element size, uint32_t offset)
{
    static const uint8_t bits[] = {0, 1, 8, 16, 32, 64};
    assert(size <= CAPNP_EIGHT_BYTES);
    return ((uint64_t)offset + 1) * bits[size] <= (uint64_t)builder->data_words * 64;
}

void dynamic_choose(const struct dynamic_builder *builder, const struct dynamic_field *field)
{
    uint32_t offset = builder->shape.discriminant_offset;
    if (field->discriminant != DYNAMIC_NO_UNION && holds(builder, CAPNP_TWO_BYTES, offset))
        capnp_put_uint16(builder->words, offset * 2, field->discriminant);
}

uint32_t dynamic_chosen(const struct dynamic_builder *builder)
{
    uint32_t offset = builder->shape.discriminant_offset;
    uint16_t value = 0;
    if (holds(builder, CAPNP_TWO_BYTES, offset))
        __builtin_memcpy(&value, (const uint8_t *)builder->words + offset * 2, sizeof value);
    return value;
}

static void put_in_struct(uint64_t *words, enum capnp_element size, uint32_t offset, uint64_t bits)
{
    switch (size) {
    case CAPNP_BIT: capnp_put_bool(words, offset, bits & 1); break;
    case CAPNP_BYTE: capnp_put_uint8(words, offset, (uint8_t)bits); break;
    case CAPNP_TWO_BYTES: capnp_put_uint16(words, offset * 2, (uint16_t)bits); break;
    case CAPNP_FOUR_BYTES: capnp_put_uint32(words, offset * 4, (uint32_t)bits); break;
    case CAPNP_EIGHT_BYTES: capnp_put_uint64(words, offset * 8, bits); break;
    default: break;
    }
}

static void put_in_list(const struct capnp_list_builder *list, enum capnp_element size,
                        uint32_t index, uint64_t bits)
{
    switch (size) {
    case CAPNP_BIT: capnp_list_set_bool(list, index, bits & 1); break;
    case CAPNP_BYTE: capnp_list_set_uint8(list, index, (uint8_t)bits); break;
    case CAPNP_TWO_BYTES: capnp_list_set_uint16(list, index, (uint16_t)bits); break;
    case CAPNP_FOUR_BYTES: capnp_list_set_uint32(list, index, (uint32_t)bits); break;
    case CAPNP_EIGHT_BYTES: capnp_list_set_uint64(list, index, bits); break;
    default: break;
    }
}

enum capnp_error dynamic_put_bits(const struct dynamic_place *place, uint64_t bits)
{
    enum capnp_element size = dynamic_type_size(&place->type);
    if (dynamic_type_is_pointer(&place->type) || size == CAPNP_COMPOSITE)
        return CAPNP_KIND;
    if (!place->parent) {
        put_in_list(&place->list->raw, size, place->index, bits);
        return CAPNP_OK;
    }
    if (!holds(place->parent, size, place->field->offset))
        return CAPNP_BOUNDS;
    put_in_struct(place->parent->words, size, place->field->offset,
                  bits ^ dynamic_default_bits(place->field));
    return CAPNP_OK;
}

uint64_t *dynamic_pointer_at(const struct dynamic_place *place)
{
    if (!dynamic_type_is_pointer(&place->type))
        return NULL;
    if (!place->parent)
        return capnp_list_pointer_at(&place->list->raw, place->index);
    const struct dynamic_builder *parent = place->parent;
    return place->field->offset < parent->pointer_count
               ? parent->words + parent->data_words + place->field->offset
               : NULL;
}

void dynamic_clear(const struct dynamic_place *place)
{
    uint64_t *at = dynamic_pointer_at(place);
    enum capnp_element size = dynamic_type_size(&place->type);
    if (at)
        *at = 0;
    else if (place->parent && !dynamic_type_is_pointer(&place->type) && size < CAPNP_POINTER &&
             holds(place->parent, size, place->field->offset))
        put_in_struct(place->parent->words, size, place->field->offset, 0);
}

/* The words of a struct that a pointer of the same message leads to; null when it leads to none. */
static uint64_t *find_struct(const struct capnp_builder *message, uint64_t *at,
                             struct dynamic_builder *out)
{
    int64_t index = (at - message->words) + 1 + ((int32_t)(uint32_t)*at >> 2);
    out->data_words = (uint16_t)(*at >> 32);
    out->pointer_count = (uint16_t)(*at >> 48);
    if (*at == 0 || (*at & 3) != 0 || index < 0 ||
        (uint64_t)index + out->data_words + out->pointer_count > message->word_count)
        return NULL;
    return message->words + index;
}

enum capnp_error dynamic_put_struct(const struct dynamic_place *place, bool again,
                                    struct dynamic_builder *out)
{
    struct capnp_struct_builder raw;
    if (!dynamic_type_shape(&place->type, &out->shape))
        return CAPNP_KIND;
    out->message = dynamic_message(place);
    if (place->type.group_id != 0 && place->parent) {
        out->words = place->parent->words;
        out->data_words = place->parent->data_words;
        out->pointer_count = place->parent->pointer_count;
        return CAPNP_OK;
    }
    if (!place->parent) {
        out->words = capnp_list_words_at(&place->list->raw, place->index);
        out->data_words = place->list->data_words;
        out->pointer_count = place->list->pointer_count;
        return CAPNP_OK;
    }
    uint64_t *at = dynamic_pointer_at(place);
    if (!at)
        return CAPNP_BOUNDS;
    out->words = again ? find_struct(out->message, at, out) : NULL;
    if (out->words)
        return CAPNP_OK;
    out->data_words = out->shape.data_words;
    out->pointer_count = out->shape.pointer_count;
    enum capnp_error error =
        capnp_init_struct(out->message, at, out->data_words, out->pointer_count, &raw);
    out->words = raw.words;
    return error;
}

enum capnp_error dynamic_put_list(const struct dynamic_place *place, uint32_t count,
                                  struct dynamic_list_builder *out)
{
    struct capnp_builder *message = dynamic_message(place);
    uint64_t *at = dynamic_pointer_at(place);
    struct dynamic_shape shape;
    *out = (struct dynamic_list_builder){.element = dynamic_type_element(&place->type)};
    if (!at)
        return CAPNP_BOUNDS;
    enum capnp_element size = dynamic_type_size(&out->element);
    if (size != CAPNP_COMPOSITE)
        return capnp_init_list(message, at, size, count, &out->raw);
    if (!dynamic_type_shape(&out->element, &shape))
        return CAPNP_KIND;
    out->data_words = shape.data_words;
    out->pointer_count = shape.pointer_count;
    return capnp_init_structs(message, at, shape.data_words, shape.pointer_count, count,
                              &out->raw);
}

enum capnp_error dynamic_put_bytes(const struct dynamic_place *place, uint32_t length,
                                   uint8_t **out)
{
    struct capnp_list_builder list;
    uint64_t *at = dynamic_pointer_at(place);
    if (!at)
        return CAPNP_BOUNDS;
    if (place->type.which == SCHEMA_TYPE_WHICH_TEXT)
        length++;
    enum capnp_error error =
        capnp_init_list(dynamic_message(place), at, CAPNP_BYTE, length, &list);
    *out = list.data;
    return error;
}
