/* SPDX-License-Identifier: MIT */
/* Cap'n Proto, building: several segments, lists, and deep copies from readers. */
#include "capnp_build.h"

/* The bits of an element of each size; composite elements have their own. */
static const uint8_t bits_of[] = {0, 1, 8, 16, 32, 64, 64, 0};

#define COUNT_MAX ((UINT32_C(1) << 29) - 1) /* what 29 bits of a list pointer can say */

void capnp_builder_begin_segments(struct capnp_builder *builder, struct capnp_builder_more *more)
{
    capnp_builder_begin(builder, (uint64_t *)(uintptr_t)more->segments[0].words,
                        more->segments[0].word_count);
    more->segment_count = 1;
    more->segments[0].word_count = builder->word_count;
    builder->more = more;
}

/* Tell the table of segments how much of the last one is used. */
static void synchronize(struct capnp_builder *builder)
{
    struct capnp_builder_more *more = builder->more;
    if (more)
        more->segments[more->segment_count - 1].word_count = builder->word_count;
}

void capnp_builder_message(struct capnp_builder *builder, struct capnp_message *message)
{
    capnp_message_single(message, builder->words, builder->word_count);
    synchronize(builder);
    if (builder->more)
        capnp_message_segments(message, builder->more->segments, builder->more->segment_count);
}

/* The segment that a word lies in; `count` if it lies in none. */
static uint32_t segment_of(const struct capnp_segment *segments, uint32_t count,
                           const uint64_t *at)
{
    uint32_t segment = 0;
    while (segment < count && ((uintptr_t)at < (uintptr_t)segments[segment].words ||
                               ((uintptr_t)at - (uintptr_t)segments[segment].words) / 8 >=
                                   segments[segment].word_count))
        segment++;
    return segment;
}

struct capnp_struct capnp_builder_struct(struct capnp_message *view, const uint64_t *words,
                                         uint32_t data_words, uint32_t pointers)
{
    struct capnp_struct out = {.message = view, .nesting_levels = view->nesting_levels};
    uint32_t segment = segment_of(view->segments, view->segment_count, words);
    if (segment == view->segment_count)
        return out;
    uint64_t left = (uint64_t)(view->segments[segment].words +
                               view->segments[segment].word_count - words);
    if ((uint64_t)data_words + pointers > left)
        return out;
    out.data = (const uint8_t *)words;
    out.pointers = words + data_words;
    out.data_bytes = data_words * 8;
    out.pointer_count = pointers;
    out.segment = segment;
    return out;
}

/* Go on in a further segment with room for `count` words; false if there is none. */
static bool next_segment(struct capnp_builder *builder, uint64_t count)
{
    struct capnp_builder_more *more = builder->more;
    synchronize(builder);
    while (more->segment_count < more->segment_max) {
        struct capnp_segment *next = more->segments + more->segment_count;
        if (more->segment_count >= more->supplied) {
            if (!more->supply || !more->supply(more->context, count, next))
                return false;
            more->supplied = more->segment_count + 1;
        }
        /* One that is too small stays empty. */
        builder->words = (uint64_t *)(uintptr_t)next->words;
        builder->word_max = next->word_count < CAPNP_SEGMENT_WORDS ? next->word_count
                                                                   : CAPNP_SEGMENT_WORDS;
        builder->word_count = next->word_count = 0;
        more->segment_count++;
        if (count <= builder->word_max)
            return true;
    }
    return false;
}

/* Is a word in the segment in which objects are placed. */
static bool is_current(const struct capnp_builder *builder, const uint64_t *at)
{
    return (uintptr_t)at >= (uintptr_t)builder->words &&
           ((uintptr_t)at - (uintptr_t)builder->words) / 8 < builder->word_count;
}

/* The word of a far pointer to the pad that was just placed at `pad`, in the last segment. */
static uint64_t far_word(const struct capnp_builder *builder, const uint64_t *pad, bool is_double)
{
    return 2 | (uint64_t)is_double << 2 | (uint64_t)(pad - builder->words) << 3 |
           (uint64_t)(builder->more->segment_count - 1) << 32;
}

uint64_t *capnp_place_slow(struct capnp_builder *builder, uint64_t *at, uint64_t count,
                           uint64_t pointer)
{
    uint64_t room = builder->word_max - builder->word_count;
    bool is_near = !builder->more || is_current(builder, at);
    if (count >= CAPNP_SEGMENT_WORDS || (!builder->more && count > room)) {
        capnp_builder_fail(builder, CAPNP_FULL);
        return 0;
    }
    if (is_near && count <= room) {
        uint64_t *words = builder->words + builder->word_count;
        builder->word_count += (uint32_t)count;
        *at = pointer | (uint64_t)((uint32_t)(int32_t)(words - at - 1) << 2);
        return words;
    }
    /* A pad before the object, which the far pointer names. */
    if (count + 1 > room && !next_segment(builder, count + 1)) {
        capnp_builder_fail(builder, CAPNP_FULL);
        return 0;
    }
    uint64_t *pad = builder->words + builder->word_count;
    builder->word_count += (uint32_t)count + 1;
    *pad = pointer;
    *at = far_word(builder, pad, false);
    return pad + 1;
}

uint64_t *capnp_place_alone(struct capnp_builder *builder)
{
    if (builder->word_count == builder->word_max &&
        (!builder->more || !next_segment(builder, 1))) {
        capnp_builder_fail(builder, CAPNP_FULL);
        return 0;
    }
    return builder->words + builder->word_count++;
}

enum capnp_error capnp_point(struct capnp_builder *builder, uint64_t *at, uint32_t segment,
                             uint32_t index, uint64_t pointer)
{
    struct capnp_message view;
    capnp_builder_message(builder, &view);
    uint32_t own = segment_of(view.segments, view.segment_count, at);
    if (own == view.segment_count || segment >= view.segment_count)
        return capnp_builder_fail(builder, CAPNP_BOUNDS);
    uint64_t *target = (uint64_t *)(uintptr_t)view.segments[segment].words + index;
    if (own == segment) {
        *at = pointer | (uint64_t)((uint32_t)(int32_t)(target - at - 1) << 2);
        return CAPNP_OK;
    }
    bool is_double = segment != view.segment_count - 1 || builder->word_count == builder->word_max;
    uint32_t pad_words = is_double ? 2 : 1;
    if (builder->word_max - builder->word_count < pad_words && !next_segment(builder, pad_words))
        return capnp_builder_fail(builder, CAPNP_FULL);
    uint64_t *pad = builder->words + builder->word_count;
    builder->word_count += pad_words;
    if (is_double) {
        pad[0] = 2 | (uint64_t)index << 3 | (uint64_t)segment << 32;
        pad[1] = pointer;
    } else
        *pad = pointer | (uint64_t)((uint32_t)(int32_t)(target - pad - 1) << 2);
    *at = far_word(builder, pad, is_double);
    return CAPNP_OK;
}

/* Take `count` words of zeros and set the pointer at `at` to them. */
static uint64_t *place_zero(struct capnp_builder *builder, uint64_t *at, uint64_t count,
                            uint64_t pointer)
{
    uint64_t *words = capnp_place(builder, at, count, pointer);
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
    uint64_t *words = place_zero(builder, at, ((uint64_t)count * bits_of[element] + 63) / 64,
                                 capnp_list_word(element, count));
    if (!words)
        return CAPNP_FULL;
    out->data = (uint8_t *)words;
    out->count = count;
    out->step_bytes = bits_of[element] / 8;
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
    uint64_t *words = place_zero(builder, at, size + 1,
                                 capnp_list_word(CAPNP_COMPOSITE, (uint32_t)size));
    if (!words)
        return CAPNP_FULL;
    words[0] = (uint64_t)count << 2 | (uint64_t)data_words << 32 | (uint64_t)pointers << 48;
    out->data = (uint8_t *)(words + 1);
    out->count = count;
    out->step_bytes = (data_words + pointers) * 8;
    return CAPNP_OK;
}

static enum capnp_error copy_any(struct capnp_builder *builder, uint64_t *at,
                                 const struct capnp_any *from,
                                 const struct capnp_translation *translation);

/* Copy the data and pointers of a struct to words that have room for both, its
 * capabilities translated if it is said how. The recursion is bounded by the nesting limit. */
static enum capnp_error copy_content(struct capnp_builder *builder, uint64_t *words,
                                     const struct capnp_struct *from,
                                     const struct capnp_translation *translation)
{
    uint64_t *pointers = words + (from->data_bytes + 7) / 8;
    for (uint32_t i = 0; i < from->data_bytes; i++)
        ((uint8_t *)words)[i] = capnp_load8(from->data + i);
    for (uint32_t i = 0; i < from->pointer_count; i++) {
        struct capnp_any any;
        enum capnp_error error = capnp_read_any(from, i, &any);
        if (error == CAPNP_OK)
            error = copy_any(builder, pointers + i, &any, translation);
        if (error != CAPNP_OK)
            return capnp_builder_fail(builder, error);
    }
    return CAPNP_OK;
}

static enum capnp_error copy_struct(struct capnp_builder *builder, uint64_t *at,
                                    const struct capnp_struct *from,
                                    const struct capnp_translation *translation)
{
    struct capnp_struct_builder copy;
    enum capnp_error error = capnp_init_struct(builder, at, (from->data_bytes + 7) / 8,
                                               from->pointer_count, &copy);
    return error == CAPNP_OK ? copy_content(builder, copy.words, from, translation) : error;
}

/* Copy a list of structs. */
static enum capnp_error copy_structs(struct capnp_builder *builder, uint64_t *at,
                                     const struct capnp_list *from,
                                  const struct capnp_translation *translation)
{
    struct capnp_list_builder copy;
    enum capnp_error error = capnp_init_structs(builder, at, from->element_data_bytes / 8,
                                                from->element_pointer_count, from->count, &copy);
    for (uint32_t i = 0; error == CAPNP_OK && i < from->count && copy.step_bytes > 0; i++) {
        struct capnp_struct element = capnp_list_struct(from, i);
        error = copy_content(builder, capnp_list_words_at(&copy, i), &element, translation);
    }
    return error;
}

static enum capnp_error copy_list(struct capnp_builder *builder, uint64_t *at,
                                  const struct capnp_list *from,
                                  const struct capnp_translation *translation)
{
    struct capnp_list_builder copy;
    enum capnp_element element = (enum capnp_element)from->element;
    if (from->element == CAPNP_COMPOSITE)
        return copy_structs(builder, at, from, translation);
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
            error = copy_any(builder, capnp_list_pointer_at(&copy, i), &any, translation);
        if (error != CAPNP_OK)
            return capnp_builder_fail(builder, error);
    }
    return CAPNP_OK;
}

static enum capnp_error copy_any(struct capnp_builder *builder, uint64_t *at,
                                 const struct capnp_any *from,
                                 const struct capnp_translation *translation)
{
    uint32_t capability;
    switch (from->kind) {
    case CAPNP_STRUCT: return copy_struct(builder, at, &from->structure, translation);
    case CAPNP_LIST: return copy_list(builder, at, &from->list, translation);
    case CAPNP_CAPABILITY:
        capability = from->capability;
        if (translation) {
            capability = translation->translate(translation->context, capability);
            if (capability == CAPNP_NO_CAPABILITY)
                return capnp_builder_fail(builder, CAPNP_KIND);
        }
        capnp_set_capability(at, capability);
        return CAPNP_OK;
    case CAPNP_NULL: break;
    }
    *at = 0;
    return CAPNP_OK;
}

enum capnp_error capnp_copy_struct(struct capnp_builder *builder, uint64_t *at,
                                   const struct capnp_struct *from)
{
    return copy_struct(builder, at, from, 0);
}

enum capnp_error capnp_copy_list(struct capnp_builder *builder, uint64_t *at,
                                 const struct capnp_list *from)
{
    return copy_list(builder, at, from, 0);
}

enum capnp_error capnp_copy_any(struct capnp_builder *builder, uint64_t *at,
                                const struct capnp_any *from)
{
    return copy_any(builder, at, from, 0);
}

enum capnp_error capnp_copy_translated(struct capnp_builder *builder, uint64_t *at,
                                       const struct capnp_any *from,
                                       const struct capnp_translation *translation)
{
    return copy_any(builder, at, from, translation);
}
