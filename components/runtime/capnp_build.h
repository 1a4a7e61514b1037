/* SPDX-License-Identifier: MIT */
/*
 * Cap'n Proto, the building half: a message of one segment, built in place in memory that the
 * caller owns (a buffer, or the sender's arena of a channel), or of more, that the caller supplies.
 *
 * Protocol. `struct capnp_builder` says where the words are and how many are used; it is private to
 * the writer and nothing is ever read back from the words, since they may be shared with a hostile
 * peer. (A Bool is set by reading and writing its byte: a peer can only spoil what it will read.)
 * Objects are placed one behind the other in the order in which they are made, each zeroed first.
 *
 * Setters and `init` functions return CAPNP_FULL when the segment has no room; the first error also
 * stays in `error`, so a writer of texts may look once, at the end. What an `init` that failed gave
 * out must not be used. Setting a pointer twice leaves the first object behind as unused words.
 */
#ifndef CAPNP_BUILD_H
#define CAPNP_BUILD_H
#include "capnp.h"

#ifdef __cplusplus
extern "C" {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" /* compound literals */
#endif

#define CAPNP_SEGMENT_WORDS ((UINT32_C(1) << 29) - 1) /* the most that offsets reach; 4 GiB */

#define CAPNP_EMPTY_STRUCT UINT64_C(0xfffffffc) /* the pointer to a struct of no size: offset -1 */

/* A message that is being built; private to the writer. The first four members tell of the segment
 * in which objects are placed. */
struct capnp_builder {
    uint64_t *words;
    uint32_t word_count; /* used */
    uint32_t word_max;
    enum capnp_error error;          /* the first that was met */
    struct capnp_builder_more *more; /* further segments; null: there is only this one */
};

/* The segments of a message that may have several; the caller's, kept as long as the builder. An
 * object that does not fit into the last one begins the next, behind a far pointer. */
struct capnp_builder_more {
    /* Room for `segment_max`. Those behind the first `segment_count` tell, up to `supplied`, of
     * memory that was supplied in advance; those in use, of the words that are used. */
    struct capnp_segment *segments;
    uint32_t segment_max;
    uint32_t segment_count;
    uint32_t supplied;
    /* Asked for another segment of at least `word_min` words when none is left; false if there is
     * none. May be null. */
    bool (*supply)(void *context, uint64_t word_min, struct capnp_segment *out);
    void *context;
};

/* A struct that is being built: data words, then pointers; the schema knows how many. Typed
 * builders hold the same two members. */
struct capnp_struct_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

/* A list that is being built. */
struct capnp_list_builder {
    struct capnp_builder *message;
    uint8_t *data; /* the first element */
    uint32_t count;
    uint32_t step_bytes; /* zero for bits and for elements of no size */
};

/* Begin a message in `word_max` words at `words`; the root pointer takes the first. */
static inline void capnp_builder_begin(struct capnp_builder *builder, uint64_t *words,
                                       uint32_t word_max)
{
    builder->words = words;
    builder->word_max = word_max < CAPNP_SEGMENT_WORDS ? word_max : CAPNP_SEGMENT_WORDS;
    builder->word_count = 1;
    builder->error = word_max == 0 ? CAPNP_FULL : CAPNP_OK;
    builder->more = 0;
    if (word_max > 0)
        words[0] = 0;
}

/*
 * Begin a message in more->segments[0]; `segments`, `segment_max`, `supplied` (at least 1),
 * `supply` and `context` are set.
 */
void capnp_builder_begin_segments(struct capnp_builder *builder, struct capnp_builder_more *more);

/* Where the root pointer lies, whichever segment objects are placed in. */
static inline uint64_t *capnp_builder_root(const struct capnp_builder *builder)
{
    return builder->more ? (uint64_t *)(uintptr_t)builder->more->segments[0].words
                         : builder->words;
}

/*
 * Make a view of what has been built so far, to be read as any message, with all checks and the
 * usual limits. It stays good until the next object is placed.
 */
void capnp_builder_message(struct capnp_builder *builder, struct capnp_message *message);

/* The reader of a struct that is being built: what a view has at `words`, with the sizes that the
 * schema says. Empty if the words are not of the message. */
struct capnp_struct capnp_builder_struct(struct capnp_message *view, const uint64_t *words,
                                         uint32_t data_words, uint32_t pointers);

/*
 * Begin a message in the standard stream framing in `word_max` words; capnp_builder_framed ends it.
 */
static inline void capnp_builder_begin_framed(struct capnp_builder *builder, uint64_t *words,
                                              uint32_t word_max)
{
    capnp_builder_begin(builder, words + 1, word_max > 0 ? word_max - 1 : 0);
}

/*
 * Write the segment table; returns the words of the whole, table included, from `words` of begin
 * on.
 */
static inline uint32_t capnp_builder_framed(struct capnp_builder *builder)
{
    builder->words[-1] = (uint64_t)builder->word_count << 32;
    return builder->word_count + 1;
}

/* Remember the first error of a message; returns `error`. */
static inline enum capnp_error capnp_builder_fail(struct capnp_builder *builder,
                                                  enum capnp_error error)
{
    if (builder->error == CAPNP_OK)
        builder->error = error;
    return error;
}

/* Take `count` words of the segment, not zeroed; null if it has no room. */
static inline uint64_t *capnp_allocate(struct capnp_builder *builder, uint32_t count)
{
    if (count > builder->word_max - builder->word_count) {
        builder->error = builder->error == CAPNP_OK ? CAPNP_FULL : builder->error;
        return 0;
    }
    uint64_t *words = builder->words + builder->word_count;
    builder->word_count += count;
    return words;
}

/* Take one word of any segment, not zeroed; null if there is no room. */
uint64_t *capnp_place_alone(struct capnp_builder *builder);

/* The part of capnp_place for several segments, and for a segment that is full. */
uint64_t *capnp_place_slow(struct capnp_builder *builder, uint64_t *at, uint64_t count,
                           uint64_t pointer);

/* Set the pointer at `at` to what lies at `index` of segment number `segment` already: `pointer`
 * without its offset. Between segments that takes a pad of one word or two. Errors: CAPNP_FULL,
 * CAPNP_BOUNDS (`at` is not in the message). */
enum capnp_error capnp_point(struct capnp_builder *builder, uint64_t *at, uint32_t segment,
                             uint32_t index, uint64_t pointer);

/* Take `count` words, not zeroed, and set the pointer at `at` to them: `pointer` without offset.
 * Null, and nothing set, if there is no room. */
static inline uint64_t *capnp_place(struct capnp_builder *builder, uint64_t *at, uint64_t count,
                                    uint64_t pointer)
{
    if (__builtin_expect(count > builder->word_max - builder->word_count || builder->more, 0))
        return capnp_place_slow(builder, at, count, pointer);
    uint64_t *words = builder->words + builder->word_count;
    builder->word_count += (uint32_t)count;
    *at = pointer | (uint64_t)((uint32_t)(int32_t)(words - at - 1) << 2);
    return words;
}

/* The word of a pointer at `at` to a list at `target` in the same segment. */
static inline uint64_t capnp_list_pointer(const uint64_t *at, const uint64_t *target,
                                          enum capnp_element element, uint32_t count)
{
    uint32_t offset = (uint32_t)(int32_t)(target - at - 1) << 2;
    return (uint64_t)(offset | 1) | (uint64_t)element << 32 | (uint64_t)count << 35;
}

/* The word of a pointer to a list, without its offset. */
static inline uint64_t capnp_list_word(enum capnp_element element, uint32_t count)
{
    return 1 | (uint64_t)element << 32 | (uint64_t)count << 35;
}

/*
 * Make a struct of zeros and set the pointer at `at` to it. A struct of no size gets the offset -1.
 */
static inline enum capnp_error capnp_init_struct(struct capnp_builder *builder, uint64_t *at,
                                                 uint32_t data_words, uint32_t pointers,
                                                 struct capnp_struct_builder *out)
{
    uint64_t pointer = (uint64_t)data_words << 32 | (uint64_t)pointers << 48;
    uint64_t *words = capnp_place(builder, at, data_words + pointers, pointer);
    *out = (struct capnp_struct_builder){builder, words};
    if (!words)
        return CAPNP_FULL;
    for (uint32_t i = 0; i < data_words + pointers; i++)
        words[i] = 0;
    if (data_words + pointers == 0)
        *at = CAPNP_EMPTY_STRUCT;
    return CAPNP_OK;
}

/* Copy `length` bytes. Moves of fixed size that overlap, so that short texts need no loop. */
static inline void capnp_copy(uint8_t *to, const uint8_t *from, uint64_t length)
{
    if (length - 8 <= 8) {
        uint64_t first, last;
        __builtin_memcpy(&first, from, 8);
        __builtin_memcpy(&last, from + length - 8, 8);
        __builtin_memcpy(to, &first, 8);
        __builtin_memcpy(to + length - 8, &last, 8);
    } else if (length > 16) {
        for (uint64_t i = 0; i < length - 16; i += 16)
            __builtin_memcpy(to + i, from + i, 16);
        __builtin_memcpy(to + length - 16, from + length - 16, 16);
    } else {
        for (uint64_t i = 0; i < length; i++)
            to[i] = from[i];
    }
}

/* Copy `length` bytes to words, the rest of the last word zero. */
static inline void capnp_copy_bytes(uint64_t *words, const void *bytes, uint32_t length)
{
    if (length & 7)
        words[length >> 3] = 0;
    capnp_copy((uint8_t *)words, (const uint8_t *)bytes, length);
}

/* As capnp_copy_bytes, with at least one zero byte behind the last: length / 8 + 1 words. */
static inline void capnp_copy_text(uint64_t *words, const void *bytes, uint32_t length)
{
    words[length >> 3] = 0;
    capnp_copy((uint8_t *)words, (const uint8_t *)bytes, length);
}

/*
 * Set the pointer at `at` to a copy of a text. Errors: CAPNP_FULL, CAPNP_RANGE (over 2^29 - 2
 * bytes).
 */
static inline enum capnp_error capnp_set_text(struct capnp_builder *builder, uint64_t *at,
                                              struct capnp_text text)
{
    if (text.length >= (UINT32_C(1) << 29) - 1)
        return capnp_builder_fail(builder, CAPNP_RANGE);
    uint64_t *words = capnp_place(builder, at, (text.length >> 3) + 1,
                                  capnp_list_word(CAPNP_BYTE, text.length + 1));
    if (!words)
        return CAPNP_FULL;
    capnp_copy_text(words, text.bytes, text.length);
    return CAPNP_OK;
}

/* Set the pointer at `at` to a copy of bytes. Errors as capnp_set_text. */
static inline enum capnp_error capnp_set_data(struct capnp_builder *builder, uint64_t *at,
                                              struct capnp_data data)
{
    if (data.length >= UINT32_C(1) << 29)
        return capnp_builder_fail(builder, CAPNP_RANGE);
    uint64_t *words = capnp_place(builder, at, (data.length + 7) >> 3,
                                  capnp_list_word(CAPNP_BYTE, data.length));
    if (!words)
        return CAPNP_FULL;
    capnp_copy_bytes(words, data.bytes, data.length);
    return CAPNP_OK;
}

/*
 * Make room for `length` bytes of zeros, to be filled in place, and set the pointer at `at` to it.
 */
enum capnp_error capnp_init_data(struct capnp_builder *builder, uint64_t *at, uint32_t length,
                                 uint8_t **out);

/* Set the pointer at `at` to the capability at `position` of the message's table. */
static inline void capnp_set_capability(uint64_t *at, uint32_t position)
{
    *at = position == CAPNP_NO_CAPABILITY ? 0 : 3 | (uint64_t)position << 32;
}

/* Make a list of `count` zero elements that are no structs, and set the pointer at `at` to it. */
enum capnp_error capnp_init_list(struct capnp_builder *builder, uint64_t *at,
                                 enum capnp_element element, uint32_t count,
                                 struct capnp_list_builder *out);

/* Make a list of `count` zero structs, and set the pointer at `at` to it. */
enum capnp_error capnp_init_structs(struct capnp_builder *builder, uint64_t *at,
                                    uint32_t data_words, uint32_t pointers, uint32_t count,
                                    struct capnp_list_builder *out);

/*
 * The place of pointer `index` in a list of pointers, for the functions above; null beyond the end.
 */
static inline uint64_t *capnp_list_pointer_at(const struct capnp_list_builder *list, uint32_t index)
{
    return index < list->count ? (uint64_t *)(void *)list->data + index : 0;
}

/* The words of struct `index` in a list of structs; null beyond the end. */
static inline uint64_t *capnp_list_words_at(const struct capnp_list_builder *list, uint32_t index)
{
    return index < list->count
               ? (uint64_t *)(void *)(list->data + (uint64_t)index * list->step_bytes)
               : 0;
}

/* Set element `index` of a list; nothing happens beyond the end. */
static inline void capnp_list_set_uint64(const struct capnp_list_builder *list, uint32_t index,
                                         uint64_t value)
{
    if (index < list->count)
        ((uint64_t *)(void *)list->data)[index] = value;
}

/* As capnp_list_set_uint64. */
static inline void capnp_list_set_uint32(const struct capnp_list_builder *list, uint32_t index,
                                         uint32_t value)
{
    if (index < list->count)
        ((uint32_t *)(void *)list->data)[index] = value;
}

/* As capnp_list_set_uint64. */
static inline void capnp_list_set_uint16(const struct capnp_list_builder *list, uint32_t index,
                                         uint16_t value)
{
    if (index < list->count)
        ((uint16_t *)(void *)list->data)[index] = value;
}

/* As capnp_list_set_uint64. */
static inline void capnp_list_set_uint8(const struct capnp_list_builder *list, uint32_t index,
                                        uint8_t value)
{
    if (index < list->count)
        list->data[index] = value;
}

/* As capnp_list_set_uint64. */
static inline void capnp_list_set_bool(const struct capnp_list_builder *list, uint32_t index,
                                       bool value)
{
    if (index >= list->count)
        return;
    uint8_t mask = (uint8_t)(1u << (index & 7));
    list->data[index >> 3] = (uint8_t)((list->data[index >> 3] & ~mask) | (value ? mask : 0));
}

/* Set scalars of a struct at `offset` bytes of its words. */
static inline void capnp_put_uint64(uint64_t *words, uint32_t offset, uint64_t value)
{
    words[offset / 8] = value;
}

/* As capnp_put_uint64. */
static inline void capnp_put_uint32(uint64_t *words, uint32_t offset, uint32_t value)
{
    __builtin_memcpy((uint8_t *)words + offset, &value, 4);
}

/* As capnp_put_uint64. */
static inline void capnp_put_uint16(uint64_t *words, uint32_t offset, uint16_t value)
{
    __builtin_memcpy((uint8_t *)words + offset, &value, 2);
}

/* As capnp_put_uint64. */
static inline void capnp_put_uint8(uint64_t *words, uint32_t offset, uint8_t value)
{
    ((uint8_t *)words)[offset] = value;
}

/* As capnp_put_uint64; `bit` counts from the start of the words. */
static inline void capnp_put_bool(uint64_t *words, uint32_t bit, bool value)
{
    uint8_t *at = (uint8_t *)words + (bit >> 3);
    uint8_t mask = (uint8_t)(1u << (bit & 7));
    *at = (uint8_t)((*at & ~mask) | (value ? mask : 0));
}

/* Set the pointer at `at` to a deep copy of a struct that is being read. Errors: CAPNP_FULL, and
 * whatever the reader met. */
enum capnp_error capnp_copy_struct(struct capnp_builder *builder, uint64_t *at,
                                   const struct capnp_struct *from);

/* As capnp_copy_struct, for a list. */
enum capnp_error capnp_copy_list(struct capnp_builder *builder, uint64_t *at,
                                 const struct capnp_list *from);

/* As capnp_copy_struct, for whatever is there. */
enum capnp_error capnp_copy_any(struct capnp_builder *builder, uint64_t *at,
                                const struct capnp_any *from);

/* What stands for a capability in a copy; CAPNP_NO_CAPABILITY: it cannot be there. */
struct capnp_translation {
    uint32_t (*translate)(void *context, uint32_t capability);
    void *context;
};

/* As capnp_copy_any, with all capabilities, at any depth, translated. Errors: CAPNP_KIND for one
 * that cannot be there. */
enum capnp_error capnp_copy_translated(struct capnp_builder *builder, uint64_t *at,
                                       const struct capnp_any *from,
                                       const struct capnp_translation *translation);

#ifdef __cplusplus
#pragma GCC diagnostic pop
}
#endif
#endif
