/* SPDX-License-Identifier: MIT */
/*
 * Cap'n Proto, the reading half: https://capnproto.org/encoding.html, little-endian machines.
 *
 * Protocol. A message is a set of segments of 64-bit words; `struct capnp_message` says where they
 * are and what may still be spent on reading them. A reader (`struct capnp_struct`, `struct
 * capnp_list`, both plain values that can be copied) has already been checked against the bounds of
 * its segment, so getting a scalar costs one comparison with the size of the struct. Pointers are
 * checked where they are followed.
 *
 * Invariants.
 * - Nothing is read outside a segment, whatever the words say.
 * - The words may be shared with a hostile peer: each is fetched once, with capnp_loadN, and every
 *   decision is taken from that copy. Two getter calls are two fetches: keep what you checked.
 * - Each followed pointer is charged against the traversal limit (one word at least, and one for
 *   each element of size zero) and each level against the nesting limit, so no message can make its
 *   reader work without bound.
 * - Errors are values. A getter that fails gives the default value (zero, empty) and an error; the
 *   first error also stays in the message, so a reader may look once, at the end.
 * - No allocation, no libc.
 *
 * Summary of the generated layer, for a struct `Forecast` of a file with `$C.prefix("weather")`:
 *   struct weather_forecast_reader   weather_forecast_read_root(&message, &reader)
 *   weather_forecast_get_FIELD(reader)               scalars and enums, the value
 *   weather_forecast_get_FIELD(reader, &out)         text, data, struct, list, capability: error
 *   weather_forecast_has_FIELD(reader)               is the pointer not null
 *   weather_forecast_which(reader)                   the union's chosen member, an enum
 *   struct weather_forecast_list, weather_forecast_list_count(list),
 * weather_forecast_list_at(list, i)
 *   struct weather_forecast_builder  weather_forecast_init_root(&builder, &out)
 *   weather_forecast_set_FIELD(out, value), weather_forecast_init_FIELD(out, ..., &inner)
 * Builders are in capnp_build.h.
 */
#ifndef CAPNP_H
#define CAPNP_H
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" /* compound literals */
#endif

enum capnp_error {
    CAPNP_OK,
    CAPNP_FRAME,     /* the segment table is cut off or says more than there is */
    CAPNP_BOUNDS,    /* a pointer leads out of its segment, or an index out of its list */
    CAPNP_SEGMENT,   /* a far pointer names a segment that does not exist, or lands badly */
    CAPNP_KIND,      /* a pointer of another kind, or a list of other elements, than the schema's */
    CAPNP_TEXT,      /* a text that does not end with a zero byte */
    CAPNP_TRAVERSAL, /* more words were followed than the limit allows */
    CAPNP_NESTING,   /* deeper than the limit allows */
    CAPNP_FULL,      /* builders: the segment has no room */
    CAPNP_RANGE,     /* builders: longer than the encoding can say, or an index out of its list */
    CAPNP_SEGMENTS,  /* framing: more segments than the reader has room for */
    CAPNP_ERROR_COUNT
};

#define CAPNP_TRAVERSAL_WORDS (UINT64_C(8) << 20) /* the usual limit: 64 MiB */
#define CAPNP_NESTING_LEVELS 64u
#define CAPNP_UNLIMITED UINT64_MAX /* traversal: do not count; for words of our own program only.
                                    * Any other limit is below 2^63. */

/* A run of words that a pointer may point into. */
struct capnp_segment {
    const uint64_t *words;
    uint32_t word_count;
};

/* A message that is being read; private to the reader. Readers point to it: it must outlive them
 * and must not be moved. */
struct capnp_message {
    const struct capnp_segment *segments;
    uint32_t segment_count;
    uint32_t nesting_levels;
    uint64_t traversal_words; /* what is left */
    enum capnp_error error;   /* the first that was met */
    struct capnp_segment single;
};

/* A struct that is being read. Null data with no bytes is the struct of all defaults. */
struct capnp_struct {
    struct capnp_message *message;
    const uint8_t *data;
    const uint64_t *pointers;
    uint32_t data_bytes;
    uint32_t pointer_count;
    uint32_t nesting_levels; /* left */
    uint32_t segment;
};

/* The element sizes of a list pointer, as in the encoding. */
enum capnp_element {
    CAPNP_VOID,
    CAPNP_BIT,
    CAPNP_BYTE,
    CAPNP_TWO_BYTES,
    CAPNP_FOUR_BYTES,
    CAPNP_EIGHT_BYTES,
    CAPNP_POINTER,
    CAPNP_COMPOSITE
};

/* A list that is being read; element i starts `step_bytes * i` behind `data`, but for bits. */
struct capnp_list {
    struct capnp_message *message;
    const uint8_t *data;
    uint32_t count;
    uint32_t step_bytes;
    uint32_t element_data_bytes;
    uint16_t element_pointer_count;
    uint16_t nesting_levels; /* left */
    uint32_t segment;
    uint32_t element; /* enum capnp_element, as the writer chose */
};

/* Text of a message: pointer and length, without the zero byte; never a C string. The bytes may
 * change at any time if they are shared: copy them before a decision that hangs on them. */
struct capnp_text {
    const char *bytes;
    uint32_t length;
};

/* Bytes of a message. */
struct capnp_data {
    const uint8_t *bytes;
    uint32_t length;
};

/* The text of a string literal. */
#ifdef __cplusplus
#define CAPNP_TEXT_LITERAL(literal) (capnp_text{(literal), sizeof(literal) - 1})
#else
#define CAPNP_TEXT_LITERAL(literal) ((struct capnp_text){(literal), sizeof(literal) - 1})
#endif

#ifdef CAPNP_FETCH_HOOK
/* Tests: called after each fetch of shared bytes; it may change them. */
void capnp_fetched(const void *at, uint32_t bytes);
#define CAPNP_FETCHED(at, bytes) capnp_fetched(at, bytes)
#else
#define CAPNP_FETCHED(at, bytes) ((void)0)
#endif

/* Fetch one shared word, or part of one, exactly once; `at` must be aligned for its size. */
static inline uint64_t capnp_load64(const void *at)
{
    uint64_t value = *(const volatile uint64_t *)at;
    CAPNP_FETCHED(at, 8);
    return value;
}

/* As capnp_load64, 32 bits. */
static inline uint32_t capnp_load32(const void *at)
{
    uint32_t value = *(const volatile uint32_t *)at;
    CAPNP_FETCHED(at, 4);
    return value;
}

/* As capnp_load64, 16 bits. */
static inline uint16_t capnp_load16(const void *at)
{
    uint16_t value = *(const volatile uint16_t *)at;
    CAPNP_FETCHED(at, 2);
    return value;
}

/* As capnp_load64, 8 bits. */
static inline uint8_t capnp_load8(const void *at)
{
    uint8_t value = *(const volatile uint8_t *)at;
    CAPNP_FETCHED(at, 1);
    return value;
}

/* Is a shared word `value`; its only fetch, and what came of it is kept nowhere. A plain load,
 * since an atomic one always takes a register of its own. */
static inline bool capnp_is64(const uint64_t *at, uint64_t value)
{
    bool same = *at == value;
    CAPNP_FETCHED(at, 8);
    return same;
}

/* As capnp_is64, for a byte. */
static inline bool capnp_is8(const uint8_t *at, uint8_t value)
{
    bool same = *at == value;
    CAPNP_FETCHED(at, 1);
    return same;
}

/* Remember the first error of a message; returns `error`. */
static inline enum capnp_error capnp_fail(struct capnp_message *message, enum capnp_error error)
{
    if (message && message->error == CAPNP_OK && message->traversal_words != CAPNP_UNLIMITED)
        message->error = error;
    return error;
}

/*
 * Prepare to read one segment of `word_count` words with the usual limits; `words` is aligned to 8.
 */
static inline void capnp_message_single(struct capnp_message *message, const uint64_t *words,
                                        uint32_t word_count)
{
    message->single = (struct capnp_segment){words, word_count};
    message->segments = &message->single;
    message->segment_count = 1;
    message->nesting_levels = CAPNP_NESTING_LEVELS;
    message->traversal_words = CAPNP_TRAVERSAL_WORDS;
    message->error = CAPNP_OK;
}

/*
 * Prepare to read `count` segments, kept by the caller as long as the message, with the usual
 * limits.
 */
static inline void capnp_message_segments(struct capnp_message *message,
                                          const struct capnp_segment *segments, uint32_t count)
{
    message->segments = segments;
    message->segment_count = count;
    message->nesting_levels = CAPNP_NESTING_LEVELS;
    message->traversal_words = CAPNP_TRAVERSAL_WORDS;
    message->error = CAPNP_OK;
}

/* Prepare to read a message in the standard stream framing that starts at `bytes` (aligned to 8)
 * and is at most `size_bytes` long. `segments` has room for `segment_max`; it is filled and kept.
 * The table is read once. `used_bytes`, if not null, gets the length of the message with its table.
 * Errors: CAPNP_FRAME (cut off), CAPNP_SEGMENTS (more segments than room). */
enum capnp_error capnp_message_framed(struct capnp_message *message, const void *bytes,
                                      uint64_t size_bytes, struct capnp_segment *segments,
                                      uint32_t segment_max, uint64_t *used_bytes);

/* The name of an error in words, for people. */
const char *capnp_error_text(enum capnp_error error);

/* Is pointer `index` of the struct not null (also false if the struct is too short to have it). */
static inline bool capnp_has(struct capnp_struct from, uint32_t index)
{
    return index < from.pointer_count && capnp_load64(from.pointers + index) != 0;
}

/* Where a pointer leads: `index` words into a segment of `word_count`. */
struct capnp_target {
    uint64_t pointer; /* the resolved struct or list pointer, as fetched */
    const uint64_t *words;
    uint64_t index;
    uint64_t word_count;
    uint32_t segment;
};

/* Parts of the readers: resolve the far pointer `at->pointer`, up to the place from which the
 * offset of the pointer behind it counts, and remember the error if that fails. `at` holds no far
 * pointer when true is returned. ... */
bool capnp_follow_far(struct capnp_message *message, struct capnp_target *at);
/* ... Say what is wrong with a pointer that the usual case did not take, and remember it. Nulls
 * and structs of no size are not wrong; what is wrong with a far pointer is known. ... */
enum capnp_error capnp_refuse_struct(struct capnp_message *message, uint64_t pointer,
                                     uint64_t index, uint64_t word_count, uint32_t nesting);
/* ... Read a text whose pointer the usual case did not take; `out` holds the fallback. */
enum capnp_error capnp_read_text_slow(struct capnp_message *message, const struct capnp_target *at,
                                      uint32_t nesting, struct capnp_text *out);

/* The words from the pointer's end to what it points to. */
static inline uint64_t capnp_offset(uint64_t pointer)
{
    return (uint64_t)((int64_t)(int32_t)(uint32_t)pointer >> 2);
}

/* As capnp_follow_far, on a copy, so that `at` may be held in registers. */
static inline bool capnp_step_far(struct capnp_message *message, struct capnp_target *at)
{
    struct capnp_target far = *at;
    bool is_resolved = capnp_follow_far(message, &far);
    *at = far;
    return is_resolved;
}

/* Charge `words` to the traversal limit; false if it does not allow them. Compared with a sign, so
 * that CAPNP_UNLIMITED, which is never written to, costs nothing here. */
static inline bool capnp_charge(struct capnp_message *message, uint64_t words)
{
    if (__builtin_expect((int64_t)words > (int64_t)message->traversal_words, 0))
        return message->traversal_words == CAPNP_UNLIMITED;
    message->traversal_words -= words;
    return true;
}

/* Follow `at.pointer`, fetched from `at.words[at.index - 1]`, to a struct. A far pointer is
 * resolved after the usual case was tried, and then that is tried again: it leads to no other far
 * pointer. */
static inline enum capnp_error capnp_open_struct(struct capnp_message *message,
                                                 struct capnp_target at, uint32_t nesting,
                                                 struct capnp_struct *out)
{
    enum capnp_error error;
    uint64_t index;
    out->message = message;
    do {
        uint64_t data_words = (uint16_t)(at.pointer >> 32);
        uint64_t size = data_words + (at.pointer >> 48);
        index = at.index + capnp_offset(at.pointer); /* below zero is far above any length */
        if (__builtin_expect((at.pointer & 3) == 0 && index <= at.word_count &&
                             size - 1 < at.word_count - index && nesting > 0 &&
                             capnp_charge(message, size), 1)) {
            out->data = (const uint8_t *)(at.words + index);
            out->pointers = at.words + index + data_words;
            out->data_bytes = (uint32_t)data_words * 8;
            out->pointer_count = (uint32_t)(at.pointer >> 48);
            out->nesting_levels = nesting - 1;
            out->segment = at.segment;
            return CAPNP_OK;
        }
    } while ((at.pointer & 3) == 2 && capnp_step_far(message, &at));
    error = capnp_refuse_struct(message, at.pointer, index, at.word_count, nesting);
    bool is_empty = error == CAPNP_OK && at.pointer != 0;
    out->data = is_empty ? (const uint8_t *)(at.words + index) : 0;
    out->pointers = 0;
    out->data_bytes = out->pointer_count = out->segment = 0;
    out->nesting_levels = nesting;
    return error;
}

/* Follow `at.pointer`, fetched from `at.words[at.index - 1]`, to a text: a list of bytes, one byte
 * long at least; `pad_words` are charged with it. CAPNP_TEXT if it does not end with zero;
 * CAPNP_KIND for anything unusual, which capnp_read_text_slow takes: nothing is charged then. */
static inline enum capnp_error capnp_take_text(struct capnp_message *message,
                                               struct capnp_target at, uint32_t nesting,
                                               uint64_t pad_words, struct capnp_text *out)
{
    uint64_t start = at.index + capnp_offset(at.pointer);
    uint64_t length = at.pointer >> 35, words = (length + 7) >> 3;
    if (__builtin_expect((at.pointer & UINT64_C(0x700000003)) != UINT64_C(0x200000001) ||
                         start > at.word_count || words - 1 >= at.word_count - start ||
                         nesting == 0 || !capnp_charge(message, words + pad_words), 0))
        return CAPNP_KIND;
    const char *bytes = (const char *)(at.words + start);
    if (__builtin_expect(capnp_load8(bytes + length - 1) != 0, 0))
        return capnp_fail(message, CAPNP_TEXT);
    *out = (struct capnp_text){bytes, (uint32_t)length - 1};
    return CAPNP_OK;
}

/* Follow the message's root pointer to a struct. A null root is the struct of all defaults. */
static inline enum capnp_error capnp_read_root(struct capnp_message *message,
                                               struct capnp_struct *out)
{
    const struct capnp_segment *segment = message->segments;
    if (__builtin_expect(message->segment_count > 0 && segment->word_count > 0 &&
                         capnp_charge(message, 1), 1)) {
        struct capnp_target at = {capnp_load64(segment->words), segment->words, 1,
                                  segment->word_count, 0};
        return capnp_open_struct(message, at, message->nesting_levels, out);
    }
    *out = (struct capnp_struct){message, 0, 0, 0, 0, message->nesting_levels, 0};
    return capnp_fail(message, message->segment_count > 0 && segment->word_count > 0
                                   ? CAPNP_TRAVERSAL : CAPNP_BOUNDS);
}

/* Follow pointer `index` of a struct. A null or missing pointer gives the root of `fallback`, if
 * that is not null, otherwise the empty value; so does every error, which is also returned. */
enum capnp_error capnp_read_struct(const struct capnp_struct *from, uint32_t index,
                                   const struct capnp_message *fallback, struct capnp_struct *out);

/* As capnp_read_struct, for a list whose elements the schema calls `element` with at least that
 * many data bytes and pointers (composite: what it is upgraded from may have fewer). */
enum capnp_error capnp_read_list(const struct capnp_struct *from, uint32_t index,
                                 const struct capnp_message *fallback, enum capnp_element element,
                                 struct capnp_list *out);

/* As capnp_read_struct, for a text; the zero byte is checked. */
static inline enum capnp_error capnp_read_text(const struct capnp_struct *from, uint32_t index,
                                               struct capnp_text fallback, struct capnp_text *out)
{
    struct capnp_message *message = from->message;
    if (__builtin_expect(index >= from->pointer_count, 0)) {
        *out = fallback;
        return CAPNP_OK;
    }
    const struct capnp_segment *segment = message->segments + from->segment;
    struct capnp_target at = {capnp_load64(from->pointers + index), segment->words,
                              (uint64_t)(from->pointers + index - segment->words) + 1,
                              segment->word_count, from->segment};
    enum capnp_error error = capnp_take_text(message, at, from->nesting_levels, 0, out);
    if (__builtin_expect(error == CAPNP_OK, 1))
        return error;
    struct capnp_text text = fallback; /* apart, as in capnp_step_far */
    if (error != CAPNP_TEXT)
        error = capnp_read_text_slow(message, &at, from->nesting_levels, &text);
    *out = text;
    return error;
}

/* As capnp_read_struct, for bytes. */
enum capnp_error capnp_read_data(const struct capnp_struct *from, uint32_t index,
                                 struct capnp_data fallback, struct capnp_data *out);

#define CAPNP_NO_CAPABILITY UINT32_MAX /* the position that a null capability pointer gives */

/* As capnp_read_struct, for a capability: its position in the table that came with the message. */
enum capnp_error capnp_read_capability(const struct capnp_struct *from, uint32_t index,
                                       uint32_t *out);

/* What a pointer of any kind is. */
enum capnp_kind { CAPNP_NULL, CAPNP_STRUCT, CAPNP_LIST, CAPNP_CAPABILITY };

/* A followed pointer of any kind. */
struct capnp_any {
    enum capnp_kind kind;
    uint32_t capability; /* kind CAPNP_CAPABILITY */
    struct capnp_struct structure;
    struct capnp_list list;
};

/* Follow pointer `index` of a struct, whatever it is. */
enum capnp_error capnp_read_any(const struct capnp_struct *from, uint32_t index,
                                struct capnp_any *out);

/* As capnp_read_any, of a pointer word that the caller fetched from there already. */
enum capnp_error capnp_read_any_word(const struct capnp_struct *from, uint32_t index,
                                     uint64_t pointer, struct capnp_any *out);

/* As capnp_read_root, whatever it leads to. */
enum capnp_error capnp_read_root_any(struct capnp_message *message, struct capnp_any *out);

/* Follow pointer `index` of a list whose elements are pointers, whatever it is. */
enum capnp_error capnp_list_any(const struct capnp_list *list, uint32_t index,
                                struct capnp_any *out);

/* What a followed pointer leads to, as a text or as bytes; empty if it is null. Errors: CAPNP_KIND
 * (anything but a list of bytes), CAPNP_TEXT. */
enum capnp_error capnp_any_text(const struct capnp_any *any, struct capnp_text *out);
enum capnp_error capnp_any_data(const struct capnp_any *any, struct capnp_data *out);

/* May a list be read as one of `element`: the upgrades that the encoding allows, and no others. To
 * be asked of the list of a capnp_any before its elements are read; typed getters have asked. */
enum capnp_error capnp_list_check(const struct capnp_list *list, enum capnp_element element);

/* Element `index` of a list, as a struct. Beyond the end: the struct of all defaults. */
struct capnp_struct capnp_list_struct(const struct capnp_list *list, uint32_t index);

/* Element `index` of a list of texts. Errors: as capnp_read_text, CAPNP_BOUNDS beyond the end. */
enum capnp_error capnp_list_text(const struct capnp_list *list, uint32_t index,
                                 struct capnp_text *out);

/* Element `index` of a list of bytes. */
enum capnp_error capnp_list_data(const struct capnp_list *list, uint32_t index,
                                 struct capnp_data *out);

/* Element `index` of a list of lists. */
enum capnp_error capnp_list_list(const struct capnp_list *list, uint32_t index,
                                 enum capnp_element element,
                                 struct capnp_list *out);

/* Element `index` of a list of capabilities: its position in the message's table. */
enum capnp_error capnp_list_capability(const struct capnp_list *list, uint32_t index,
                                       uint32_t *out);

/*
 * Copy at most `room - 1` bytes of a text and end them with a zero byte; returns the length copied.
 */
uint32_t capnp_text_copy(struct capnp_text text, char *to, uint32_t room);

/* Are the bytes of a text those of the C string `expected`. */
bool capnp_text_is(struct capnp_text text, const char *expected);

/* Scalars of a struct at `offset` bytes; zero if the writer's struct is shorter. */
static inline uint64_t capnp_get_uint64(struct capnp_struct from, uint32_t offset)
{
    return offset + 8 <= from.data_bytes ? capnp_load64(from.data + offset) : 0;
}

/* As capnp_get_uint64. */
static inline uint32_t capnp_get_uint32(struct capnp_struct from, uint32_t offset)
{
    return offset + 4 <= from.data_bytes ? capnp_load32(from.data + offset) : 0;
}

/* As capnp_get_uint64. */
static inline uint16_t capnp_get_uint16(struct capnp_struct from, uint32_t offset)
{
    return offset + 2 <= from.data_bytes ? capnp_load16(from.data + offset) : (uint16_t)0;
}

/* As capnp_get_uint64. */
static inline uint8_t capnp_get_uint8(struct capnp_struct from, uint32_t offset)
{
    return offset + 1 <= from.data_bytes ? capnp_load8(from.data + offset) : (uint8_t)0;
}

/* As capnp_get_uint64; `bit` counts from the start of the data. */
static inline bool capnp_get_bool(struct capnp_struct from, uint32_t bit)
{
    return (capnp_get_uint8(from, bit >> 3) >> (bit & 7)) & 1;
}

/* Scalars of a list; zero beyond the end. */
static inline uint64_t capnp_list_uint64(struct capnp_list list, uint32_t index)
{
    return index < list.count ? capnp_load64(list.data + (uint64_t)index * list.step_bytes) : 0;
}

/* As capnp_list_uint64. */
static inline uint32_t capnp_list_uint32(struct capnp_list list, uint32_t index)
{
    return index < list.count ? capnp_load32(list.data + (uint64_t)index * list.step_bytes) : 0;
}

/* As capnp_list_uint64. */
static inline uint16_t capnp_list_uint16(struct capnp_list list, uint32_t index)
{
    return index < list.count ? capnp_load16(list.data + (uint64_t)index * list.step_bytes)
                              : (uint16_t)0;
}

/* As capnp_list_uint64. */
static inline uint8_t capnp_list_uint8(struct capnp_list list, uint32_t index)
{
    return index < list.count ? capnp_load8(list.data + (uint64_t)index * list.step_bytes)
                              : (uint8_t)0;
}

/* As capnp_list_uint64. */
static inline bool capnp_list_bool(struct capnp_list list, uint32_t index)
{
    if (index >= list.count)
        return false;
    /* Of other numbers the lowest bit: a list that became one of Bools. */
    if (list.element != CAPNP_BIT)
        return capnp_load8(list.data + (uint64_t)index * list.step_bytes) & 1;
    return (capnp_load8(list.data + (index >> 3)) >> (index & 7)) & 1;
}

#ifdef __cplusplus
#pragma GCC diagnostic pop
}
#endif
#endif
