/* SPDX-License-Identifier: MIT */
/*
 * dynamic_build: writing messages of types that the program learns only while it runs.
 *
 * The message is built in private memory of the caller: where the general builder never reads what
 * it wrote, these functions do (the active field of a union, a struct that is already there). The
 * schema may be hostile: what it says of places is compared with the sizes of what was made.
 */
#ifndef DYNAMIC_BUILD_H
#define DYNAMIC_BUILD_H
#include "capnp_build.h"
#include "dynamic.h"

/* A struct that is being built. A group has the words of the struct that it is a part of. */
struct dynamic_builder {
    struct dynamic_shape shape;
    struct capnp_builder *message;
    uint64_t *words;
    uint32_t data_words, pointer_count; /* as they were made, whatever the shape says */
};

/* A list that is being built. */
struct dynamic_list_builder {
    struct capnp_list_builder raw;
    struct dynamic_type element;
    uint32_t data_words, pointer_count; /* of elements that are structs */
};

/* Where a value is to be put: a field of a struct, or an element of a list. */
struct dynamic_place {
    struct dynamic_builder *parent; /* null: an element */
    const struct dynamic_field *field;
    const struct dynamic_list_builder *list;
    uint32_t index;
    struct dynamic_type type;
};

/* Make the root of a message of the struct type `id`. Errors: CAPNP_FULL, CAPNP_KIND (no such
 * struct). */
enum capnp_error dynamic_init_root(struct capnp_builder *message, const struct schema_set *set,
                                   uint64_t id, struct dynamic_builder *out);

/* The place of a field, and of an element below the list's count. */
struct dynamic_place dynamic_field_place(struct dynamic_builder *parent,
                                         const struct dynamic_field *field);
struct dynamic_place dynamic_element_place(const struct dynamic_list_builder *list, uint32_t index);

/* Make a field of a union the active one; nothing happens with other fields. */
void dynamic_choose(const struct dynamic_builder *builder, const struct dynamic_field *field);

/* The value of the union's discriminant, as it was written; 0 if it has none. */
uint32_t dynamic_chosen(const struct dynamic_builder *builder);

/*
 * Put a scalar: bits of the type's size, the rest is ignored. CAPNP_BOUNDS when the schema's place
 * does not exist.
 */
enum capnp_error dynamic_put_bits(const struct dynamic_place *place, uint64_t bits);

/* Give a scalar or pointer the value that it has in a new message. */
void dynamic_clear(const struct dynamic_place *place);

/* The pointer word of a place; null when the schema's place does not exist or holds no pointer. */
uint64_t *dynamic_pointer_at(const struct dynamic_place *place);

/* Take the struct at a place: a group, an element, or a new struct (the one that is there, if
 * `again`). Errors: CAPNP_FULL, CAPNP_BOUNDS, CAPNP_KIND (its type is no struct of the set). */
enum capnp_error dynamic_put_struct(const struct dynamic_place *place, bool again,
                                    struct dynamic_builder *out);

/* Make a list of `count` elements at a place. Errors as dynamic_put_struct, and CAPNP_RANGE. */
enum capnp_error dynamic_put_list(const struct dynamic_place *place, uint32_t count,
                                  struct dynamic_list_builder *out);

/* Make room for `length` bytes, with a zero byte behind them if the place is of type Text. */
enum capnp_error dynamic_put_bytes(const struct dynamic_place *place, uint32_t length,
                                   uint8_t **out);

/* The message of a place. */
struct capnp_builder *dynamic_message(const struct dynamic_place *place);
#endif
