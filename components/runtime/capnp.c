/* SPDX-License-Identifier: MIT */
/*
 * Cap'n Proto, following pointers: the general reader, for any legal layout.
 *
 * `follow` is the only place that turns a pointer word into a place in a segment. It resolves far
 * and double-far pointers, fetches each word once, compares indices (never addresses) in 64 bits,
 * and charges what it gives out to the message's traversal limit.
 */
#include "capnp.h"

#include <stddef.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "scalars are read as they lie");

#define KIND_STRUCT 0u
#define KIND_LIST 1u
#define KIND_FAR 2u
#define KIND_OTHER 3u

static const uint8_t element_bits[] = {0, 1, 8, 16, 32, 64, 64, 0};

enum capnp_error capnp_message_framed(struct capnp_message *message, const void *bytes,
                                      uint64_t size_bytes, struct capnp_segment *segments,
                                      uint32_t segment_max, uint64_t *used_bytes)
{
    const uint32_t *table = bytes;
    capnp_message_segments(message, segments, 0);
    if (size_bytes < 8)
        return capnp_fail(message, CAPNP_FRAME);
    uint64_t count = (uint64_t)capnp_load32(table) + 1;
    uint64_t at = (count / 2 + 1) * 8; /* the table, padded to whole words */
    if (count > segment_max)
        return capnp_fail(message, CAPNP_SEGMENTS);
    if (at > size_bytes)
        return capnp_fail(message, CAPNP_FRAME);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t words = capnp_load32(table + 1 + i);
        if (words > (size_bytes - at) / 8)
            return capnp_fail(message, CAPNP_FRAME);
        segments[i].words = (const uint64_t *)((const uint8_t *)bytes + at);
        segments[i].word_count = (uint32_t)words;
        at += words * 8;
    }
    message->segment_count = (uint32_t)count;
    if (used_bytes)
        *used_bytes = at;
    return CAPNP_OK;
}

const char *capnp_error_text(enum capnp_error error)
{
    static const char *const text[CAPNP_ERROR_COUNT] = {
        "no error",
        "the segment table is cut off",
        "a pointer leads out of its segment",
        "a far pointer leads to no segment or lands badly",
        "a pointer has another kind than the schema says",
        "a text does not end with a zero byte",
        "the traversal limit is used up",
        "the message is nested too deeply",
        "the segment is full",
        "a value is longer than the encoding can say",
        "the message has too many segments",
    };
    return (unsigned)error < CAPNP_ERROR_COUNT ? text[error] : "unknown error";
}

/* Charge `words` (at least one) to the traversal limit. */
static enum capnp_error charge(struct capnp_message *message, uint64_t words)
{
    if (capnp_charge(message, words > 0 ? words : 1))
        return CAPNP_OK;
    message->traversal_words = 0;
    return CAPNP_TRAVERSAL;
}

/* Enter segment number `segment` at `index`, where `size` words must lie. */
static enum capnp_error enter(struct capnp_message *message, uint32_t segment, uint64_t index,
                              uint64_t size, struct capnp_target *target)
{
    if (segment >= message->segment_count)
        return CAPNP_SEGMENT;
    target->words = message->segments[segment].words;
    target->word_count = message->segments[segment].word_count;
    target->segment = segment;
    target->index = index;
    return index + size <= target->word_count ? CAPNP_OK : CAPNP_SEGMENT;
}

/* Resolve a far pointer to the struct, list or other pointer behind it. */
static enum capnp_error follow_far(struct capnp_message *message, uint64_t far,
                                   struct capnp_target *target)
{
    bool is_double = (far >> 2) & 1;
    uint64_t pad_words = is_double ? 2 : 1;
    enum capnp_error error =
        enter(message, (uint32_t)(far >> 32), (uint32_t)far >> 3, pad_words, target);
    if (error == CAPNP_OK)
        error = charge(message, pad_words);
    if (error != CAPNP_OK)
        return error;
    uint64_t pad = capnp_load64(target->words + target->index);
    if (!is_double) {
        target->pointer = pad;
        target->index += 1;
        return (pad & 3) == KIND_FAR ? CAPNP_SEGMENT : CAPNP_OK;
    }
    target->pointer = capnp_load64(target->words + target->index + 1);
    if ((pad & 7) != KIND_FAR || (target->pointer & 3) > KIND_LIST)
        return CAPNP_SEGMENT;
    target->pointer &= ~UINT64_C(0xfffffffc); /* the pad says where; its tag has no offset */
    return enter(message, (uint32_t)(pad >> 32), (uint32_t)pad >> 3, 0, target);
}

bool capnp_follow_far(struct capnp_message *message, struct capnp_target *at)
{
    uint64_t far = at->pointer;
    enum capnp_error error = follow_far(message, far, at);
    if (error == CAPNP_OK)
        return true;
    at->pointer = far; /* still a far pointer: its length is the error, for those who refuse it */
    at->word_count = capnp_fail(message, error);
    return false;
}

/* What keeps `size` words at `index` from being read. */
static enum capnp_error refuse(struct capnp_message *message, uint64_t size, uint64_t index,
                               uint64_t word_count, uint32_t nesting)
{
    if (nesting == 0)
        return CAPNP_NESTING;
    if (index > word_count || size > word_count - index)
        return CAPNP_BOUNDS;
    return charge(message, size);
}

enum capnp_error capnp_refuse_struct(struct capnp_message *message, uint64_t pointer,
                                     uint64_t index, uint64_t word_count, uint32_t nesting)
{
    enum capnp_error error = CAPNP_KIND;
    if (pointer == 0)
        return CAPNP_OK;
    if ((pointer & 3) == KIND_FAR)
        return (enum capnp_error)word_count;
    if ((pointer & 3) == KIND_STRUCT)
        error = refuse(message, (uint64_t)(uint16_t)(pointer >> 32) + (pointer >> 48), index,
                       word_count, nesting);
    return error == CAPNP_OK ? CAPNP_OK : capnp_fail(message, error);
}

/* Make a list reader of a resolved pointer to a list of structs, whose tag is fetched here. */
static enum capnp_error open_composite(struct capnp_message *message,
                                       const struct capnp_target *target, struct capnp_list *out)
{
    uint64_t words = target->pointer >> 35;
    if (words + 1 > target->word_count - target->index)
        return CAPNP_BOUNDS;
    uint64_t tag = capnp_load64(target->words + target->index);
    uint64_t count = (uint32_t)tag >> 2;
    uint64_t data_words = (uint16_t)(tag >> 32);
    uint64_t pointers = tag >> 48;
    if ((tag & 3) != KIND_STRUCT)
        return CAPNP_KIND;
    if (count * (data_words + pointers) > words)
        return CAPNP_BOUNDS;
    out->data = (const uint8_t *)(target->words + target->index + 1);
    out->count = (uint32_t)count;
    out->step_bytes = (uint32_t)(data_words + pointers) * 8;
    out->element_data_bytes = (uint32_t)data_words * 8;
    out->element_pointer_count = (uint16_t)pointers;
    return charge(message, words + 1 + (out->step_bytes == 0 ? count : 0));
}

/* Make a list reader of a resolved pointer. */
static enum capnp_error open_list(struct capnp_message *message, struct capnp_target *target,
                                  uint32_t nesting, struct capnp_list *out)
{
    uint32_t element = (uint32_t)(target->pointer >> 32) & 7;
    uint64_t count = target->pointer >> 35;
    if ((target->pointer & 3) != KIND_LIST)
        return CAPNP_KIND;
    if (nesting == 0)
        return CAPNP_NESTING;
    target->index += capnp_offset(target->pointer); /* below zero wraps far above any length */
    if (target->index > target->word_count)
        return CAPNP_BOUNDS;
    out->element = element;
    out->nesting_levels = (uint16_t)(nesting - 1);
    out->segment = target->segment;
    if (element == CAPNP_COMPOSITE)
        return open_composite(message, target, out);
    uint64_t words = (count * element_bits[element] + 63) / 64;
    if (words > target->word_count - target->index)
        return CAPNP_BOUNDS;
    out->data = (const uint8_t *)(target->words + target->index);
    out->count = (uint32_t)count;
    out->step_bytes = element_bits[element] / 8;
    out->element_data_bytes = element == CAPNP_POINTER ? 0 : element_bits[element] / 8;
    out->element_pointer_count = element == CAPNP_POINTER;
    return charge(message, element == CAPNP_VOID ? count : words);
}

enum capnp_error capnp_list_check(const struct capnp_list *list, enum capnp_element element)
{
    if (list->element == CAPNP_BIT)
        return element == CAPNP_BIT ? CAPNP_OK : CAPNP_KIND;
    if (element == CAPNP_VOID)
        return CAPNP_OK;
    if (element == CAPNP_BIT && list->element == CAPNP_COMPOSITE)
        return CAPNP_KIND;
    if (element == CAPNP_COMPOSITE)
        return CAPNP_OK; /* elements that are too short read as defaults */
    if (element == CAPNP_POINTER)
        return list->element_pointer_count > 0 ? CAPNP_OK : CAPNP_KIND;
    return list->element_data_bytes >= (element_bits[element] + 7u) / 8 ? CAPNP_OK : CAPNP_KIND;
}

/* One pointer word with its surroundings: what all readers below begin with. */
struct place {
    struct capnp_message *message;
    const uint64_t *at;
    uint64_t pointer;
    uint32_t segment;
    uint32_t nesting;
};

/* Where a place leads; false if it is a far pointer that leads nowhere, which is remembered. */
static enum capnp_error resolve(const struct place *place, struct capnp_target *target)
{
    if ((place->pointer & 3) == KIND_FAR) {
        target->pointer = place->pointer;
        return capnp_follow_far(place->message, target) ? CAPNP_OK
                                                        : (enum capnp_error)target->word_count;
    }
    const struct capnp_segment *segment = place->message->segments + place->segment;
    *target = (struct capnp_target){place->pointer, segment->words,
                                    (uint64_t)(place->at - segment->words) + 1,
                                    segment->word_count, place->segment};
    return CAPNP_OK;
}

/* Fetch pointer `index` of a struct; the word is zero if there is none. */
static struct place place_in_struct(const struct capnp_struct *from, uint32_t index)
{
    struct place place = {from->message, NULL, 0, from->segment, from->nesting_levels};
    if (index < from->pointer_count) {
        place.at = from->pointers + index;
        place.pointer = capnp_load64(place.at);
    }
    return place;
}

/* Fetch pointer `index` of a list of pointers (or of the first pointers of structs). */
static struct place place_in_list(const struct capnp_list *list, uint32_t index)
{
    struct place place = {list->message, NULL, 0, list->segment, list->nesting_levels};
    if (index < list->count && list->element_pointer_count > 0) {
        place.at = (const uint64_t *)(list->data + (uint64_t)index * list->step_bytes +
                                      list->element_data_bytes);
        place.pointer = capnp_load64(place.at);
    }
    return place;
}

/* Follow a place to a struct; null gives the fallback's root. */
static enum capnp_error read_struct(struct place place, const struct capnp_message *fallback,
                                    struct capnp_struct *out)
{
    struct capnp_target target;
    *out = (struct capnp_struct){.message = place.message, .nesting_levels = place.nesting};
    /* A fallback is never charged and never fails, so nothing of it is written. */
    if (place.pointer == 0)
        return fallback ? capnp_read_root((struct capnp_message *)fallback, out) : CAPNP_OK;
    enum capnp_error error = resolve(&place, &target);
    if (error != CAPNP_OK)
        return error;
    return capnp_open_struct(place.message, target, place.nesting, out);
}

/* Follow a place to a list; null gives the fallback's root. */
static enum capnp_error read_list(struct place place, const struct capnp_message *fallback,
                                  enum capnp_element element, struct capnp_list *out)
{
    struct capnp_target target;
    enum capnp_error error;
    if (place.pointer == 0 && fallback) {
        const uint64_t *root = fallback->segments[0].words;
        place = (struct place){(struct capnp_message *)fallback, root, *root, 0,
                               fallback->nesting_levels};
    }
    *out = (struct capnp_list){.message = place.message};
    if (place.pointer == 0)
        return CAPNP_OK;
    error = resolve(&place, &target);
    if (error == CAPNP_OK)
        error = open_list(place.message, &target, place.nesting, out);
    if (error == CAPNP_OK)
        error = capnp_list_check(out, element);
    if (error == CAPNP_OK)
        return CAPNP_OK;
    *out = (struct capnp_list){.message = place.message};
    return capnp_fail(place.message, error);
}

/* Read the list of bytes that a resolved pointer leads to. */
static __attribute__((noinline)) enum capnp_error
open_bytes(struct capnp_message *message, struct capnp_target *target, uint32_t nesting,
           const uint8_t **bytes, uint32_t *length)
{
    struct capnp_list list;
    enum capnp_error error = open_list(message, target, nesting, &list);
    if (error == CAPNP_OK && list.element != CAPNP_BYTE)
        error = CAPNP_KIND;
    if (error != CAPNP_OK)
        return capnp_fail(message, error);
    *bytes = list.data;
    *length = list.count;
    return CAPNP_OK;
}

/* Follow a place to a list of bytes. */
static enum capnp_error read_bytes(struct place place, const uint8_t **bytes, uint32_t *length)
{
    struct capnp_target target;
    enum capnp_error error = resolve(&place, &target);
    if (error != CAPNP_OK)
        return error;
    return open_bytes(place.message, &target, place.nesting, bytes, length);
}

/* Read a text whose resolved pointer was not taken yet, or say what is wrong with it. */
static __attribute__((cold, noinline)) enum capnp_error
read_text_resolved(struct capnp_message *message, struct capnp_target *target, uint32_t nesting,
                   struct capnp_text *out)
{
    const uint8_t *bytes;
    uint32_t length;
    if ((target->pointer & 3) == KIND_FAR) /* a landing pad that leads on to another */
        return capnp_fail(message, CAPNP_SEGMENT);
    enum capnp_error error = open_bytes(message, target, nesting, &bytes, &length);
    if (error != CAPNP_OK)
        return error;
    if (length == 0 || capnp_load8(bytes + length - 1) != 0)
        return capnp_fail(message, CAPNP_TEXT);
    *out = (struct capnp_text){(const char *)bytes, length - 1};
    return CAPNP_OK;
}

/* Read a text whose pointer is no usual far pointer, */
static __attribute__((cold, noinline)) enum capnp_error
read_text_odd(struct capnp_message *message, const struct capnp_target *at, uint32_t nesting,
              struct capnp_text *out)
{
    struct capnp_target target = *at;
    if (target.pointer == 0)
        return CAPNP_OK;
    if ((target.pointer & 3) == KIND_FAR && !capnp_follow_far(message, &target))
        return (enum capnp_error)target.word_count;
    return read_text_resolved(message, &target, nesting, out);
}

/* or whose far pointer is, but not the `pad` that was fetched where it leads. */
static __attribute__((cold, noinline)) enum capnp_error
read_text_landed(struct capnp_message *message, const struct capnp_target *at, uint32_t nesting,
                 struct capnp_text *out, uint64_t pad)
{
    const struct capnp_segment *segment = message->segments + (at->pointer >> 32);
    struct capnp_target target = {pad, segment->words, ((uint32_t)at->pointer >> 3) + UINT64_C(1),
                                  segment->word_count, (uint32_t)(at->pointer >> 32)};
    enum capnp_error error = charge(message, 1);
    return error == CAPNP_OK ? read_text_resolved(message, &target, nesting, out)
                             : capnp_fail(message, error);
}

enum capnp_error capnp_read_text_slow(struct capnp_message *message, const struct capnp_target *at,
                                      uint32_t nesting, struct capnp_text *out)
{
    uint64_t far = at->pointer;
    /* A single far pointer that lands in its segment: follow_far, without what can go wrong. */
    if (__builtin_expect((far & 7) != KIND_FAR || far >> 32 >= message->segment_count, 0))
        return read_text_odd(message, at, nesting, out);
    const struct capnp_segment *segment = message->segments + (far >> 32);
    uint64_t index = (uint32_t)far >> 3;
    if (__builtin_expect(index >= segment->word_count, 0))
        return read_text_odd(message, at, nesting, out);
    struct capnp_target target = {capnp_load64(segment->words + index), segment->words, index + 1,
                                  segment->word_count, 0};
    enum capnp_error error = capnp_take_text(message, target, nesting, 1, out);
    return __builtin_expect(error != CAPNP_KIND, 1)
               ? error : read_text_landed(message, at, nesting, out, target.pointer);
}

/* Follow a place to a capability. */
static enum capnp_error read_capability(struct place place, uint32_t *out)
{
    struct capnp_target target;
    *out = CAPNP_NO_CAPABILITY;
    if (place.pointer == 0)
        return CAPNP_OK;
    enum capnp_error error = resolve(&place, &target);
    if (error == CAPNP_OK && (uint32_t)target.pointer != KIND_OTHER)
        error = CAPNP_KIND;
    if (error != CAPNP_OK)
        return capnp_fail(place.message, error);
    *out = (uint32_t)(target.pointer >> 32);
    return CAPNP_OK;
}

/* Follow a place to whatever is there. */
static enum capnp_error read_any(struct place place, struct capnp_any *out)
{
    struct capnp_target target;
    *out = (struct capnp_any){.kind = CAPNP_NULL, .capability = CAPNP_NO_CAPABILITY};
    out->structure.message = place.message;
    out->list.message = place.message;
    if (place.pointer == 0)
        return CAPNP_OK;
    enum capnp_error error = resolve(&place, &target);
    if (error != CAPNP_OK)
        return capnp_fail(place.message, error);
    if ((target.pointer & 3) == KIND_STRUCT) {
        error = capnp_open_struct(place.message, target, place.nesting,
                                  &out->structure);
        out->kind = CAPNP_STRUCT;
    } else if ((target.pointer & 3) == KIND_LIST) {
        error = open_list(place.message, &target, place.nesting, &out->list);
        out->kind = CAPNP_LIST;
    } else {
        out->capability = (uint32_t)(target.pointer >> 32);
        out->kind = CAPNP_CAPABILITY;
        error = (uint32_t)target.pointer == KIND_OTHER ? CAPNP_OK : CAPNP_KIND;
    }
    if (error == CAPNP_OK)
        return CAPNP_OK;
    *out = (struct capnp_any){.kind = CAPNP_NULL, .capability = CAPNP_NO_CAPABILITY};
    return capnp_fail(place.message, error);
}

/* Charge for the root pointer and fetch it. */
static enum capnp_error place_of_root(struct capnp_message *message, struct place *place)
{
    if (message->segment_count == 0 || message->segments[0].word_count == 0)
        return capnp_fail(message, CAPNP_BOUNDS);
    enum capnp_error error = charge(message, 1);
    if (error != CAPNP_OK)
        return capnp_fail(message, error);
    const uint64_t *root = message->segments[0].words;
    *place = (struct place){message, root, capnp_load64(root), 0, message->nesting_levels};
    return CAPNP_OK;
}

enum capnp_error capnp_read_root_any(struct capnp_message *message, struct capnp_any *out)
{
    struct place place;
    *out = (struct capnp_any){.kind = CAPNP_NULL, .capability = CAPNP_NO_CAPABILITY};
    enum capnp_error error = place_of_root(message, &place);
    return error == CAPNP_OK ? read_any(place, out) : error;
}

enum capnp_error capnp_read_struct(const struct capnp_struct *from, uint32_t index,
                                   const struct capnp_message *fallback, struct capnp_struct *out)
{
    return read_struct(place_in_struct(from, index), fallback, out);
}

enum capnp_error capnp_read_list(const struct capnp_struct *from, uint32_t index,
                                 const struct capnp_message *fallback, enum capnp_element element,
                                 struct capnp_list *out)
{
    return read_list(place_in_struct(from, index), fallback, element, out);
}

enum capnp_error capnp_read_data(const struct capnp_struct *from, uint32_t index,
                                 struct capnp_data fallback, struct capnp_data *out)
{
    struct place place = place_in_struct(from, index);
    *out = fallback;
    return place.pointer == 0 ? CAPNP_OK : read_bytes(place, &out->bytes, &out->length);
}

enum capnp_error capnp_read_capability(const struct capnp_struct *from, uint32_t index,
                                       uint32_t *out)
{
    return read_capability(place_in_struct(from, index), out);
}

enum capnp_error capnp_read_any(const struct capnp_struct *from, uint32_t index,
                                struct capnp_any *out)
{
    return read_any(place_in_struct(from, index), out);
}

enum capnp_error capnp_read_any_word(const struct capnp_struct *from, uint32_t index,
                                     uint64_t pointer, struct capnp_any *out)
{
    struct place place = {from->message, from->pointers + index, pointer, from->segment,
                          from->nesting_levels};
    return read_any(place, out);
}

enum capnp_error capnp_list_any(const struct capnp_list *list, uint32_t index,
                                struct capnp_any *out)
{
    return read_any(place_in_list(list, index), out);
}

struct capnp_struct capnp_list_struct(const struct capnp_list *list, uint32_t index)
{
    struct capnp_struct out = {.message = list->message, .nesting_levels = list->nesting_levels};
    if (index >= list->count)
        return out;
    out.data = list->data + (uint64_t)index * list->step_bytes;
    out.pointers = (const uint64_t *)(out.data + list->element_data_bytes);
    out.data_bytes = list->element_data_bytes;
    out.pointer_count = list->element_pointer_count;
    out.segment = list->segment;
    return out;
}

enum capnp_error capnp_list_text(const struct capnp_list *list, uint32_t index,
                                 struct capnp_text *out)
{
    *out = (struct capnp_text){"", 0};
    if (index >= list->count)
        return CAPNP_BOUNDS;
    /* As the text of a struct that is the element: it has the same first pointer. */
    struct capnp_struct element = capnp_list_struct(list, index);
    return capnp_read_text(&element, 0, *out, out);
}

enum capnp_error capnp_list_data(const struct capnp_list *list, uint32_t index,
                                 struct capnp_data *out)
{
    *out = (struct capnp_data){NULL, 0};
    if (index >= list->count)
        return CAPNP_BOUNDS;
    struct place place = place_in_list(list, index);
    return place.pointer == 0 ? CAPNP_OK : read_bytes(place, &out->bytes, &out->length);
}

enum capnp_error capnp_list_list(const struct capnp_list *list, uint32_t index,
                                 enum capnp_element element, struct capnp_list *out)
{
    if (index < list->count)
        return read_list(place_in_list(list, index), NULL, element, out);
    *out = (struct capnp_list){.message = list->message};
    return CAPNP_BOUNDS;
}

enum capnp_error capnp_list_capability(const struct capnp_list *list, uint32_t index,
                                       uint32_t *out)
{
    *out = CAPNP_NO_CAPABILITY;
    return index < list->count ? read_capability(place_in_list(list, index), out) : CAPNP_BOUNDS;
}

uint32_t capnp_text_copy(struct capnp_text text, char *to, uint32_t room)
{
    uint32_t length = text.length < room ? text.length : room - 1;
    if (room == 0)
        return 0;
    for (uint32_t i = 0; i < length; i++)
        to[i] = (char)capnp_load8(text.bytes + i);
    to[length] = '\0';
    return length;
}

bool capnp_text_is(struct capnp_text text, const char *expected)
{
    uint32_t i = 0;
    while (i < text.length && expected[i] != '\0' && text.bytes[i] == expected[i])
        i++;
    return i == text.length && expected[i] == '\0';
}
