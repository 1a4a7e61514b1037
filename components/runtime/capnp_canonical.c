/* SPDX-License-Identifier: MIT */
/*
 * Cap'n Proto, the canonical form: see capnp_canonical.h.
 *
 * The source may be shared with a hostile peer, so what is left out is decided on the copy: an
 * object is copied whole, its pointers as they were fetched, then cut, and then what the pointers
 * lead to follows. All recursions here end at the reader's nesting limit.
 */
#include "capnp_canonical.h"

static enum capnp_error canonical_any(struct capnp_builder *builder, uint64_t *at,
                                      const struct capnp_any *from);

/* The words up to the last that is not zero. */
static uint32_t used_words(const uint64_t *words, uint32_t count)
{
    while (count > 0 && words[count - 1] == 0)
        count--;
    return count;
}

/* Copy the data of a struct, and its pointers as they are. The data of an element of a list that
 * was no list of structs may be shorter than a word. */
static void copy_raw(uint64_t *words, const struct capnp_struct *from)
{
    uint32_t whole = from->data_bytes / 8, data_words = (from->data_bytes + 7) / 8;
    for (uint32_t i = 0; i < whole; i++)
        words[i] = capnp_load64(from->data + (uint64_t)i * 8);
    if (data_words > whole)
        words[whole] = 0;
    for (uint32_t i = whole * 8; i < from->data_bytes; i++)
        ((uint8_t *)words)[i] = capnp_load8(from->data + i);
    for (uint32_t i = 0; i < from->pointer_count; i++)
        words[data_words + i] = capnp_load64(from->pointers + i);
}

/* Move `count` words down; the places may overlap. */
static void move_down(uint64_t *to, const uint64_t *from, uint32_t count)
{
    for (uint32_t i = 0; i < count && to != from; i++)
        to[i] = from[i];
}

/* Replace copied pointers by those to what they lead to in the source. */
static enum capnp_error canonical_pointers(struct capnp_builder *builder, uint64_t *pointers,
                                           uint32_t count, const struct capnp_struct *from)
{
    for (uint32_t i = 0; i < count; i++) {
        struct capnp_any any;
        uint64_t pointer = pointers[i];
        pointers[i] = 0;
        enum capnp_error error = capnp_read_any_word(from, i, pointer, &any);
        if (error == CAPNP_OK)
            error = canonical_any(builder, pointers + i, &any);
        if (error != CAPNP_OK)
            return error;
    }
    return CAPNP_OK;
}

static enum capnp_error canonical_struct(struct capnp_builder *builder, uint64_t *at,
                                         const struct capnp_struct *from)
{
    uint32_t data_words = (from->data_bytes + 7) / 8;
    uint64_t *words = capnp_allocate(builder, data_words + from->pointer_count);
    if (!words)
        return CAPNP_FULL;
    copy_raw(words, from);
    uint32_t data = used_words(words, data_words);
    uint32_t pointers = used_words(words + data_words, from->pointer_count);
    move_down(words + data, words + data_words, pointers);
    builder->word_count = (uint32_t)(words - builder->words) + data + pointers;
    *at = (uint64_t)data << 32 | (uint64_t)pointers << 48 |
          (data + pointers > 0 ? (uint32_t)(words - at - 1) << 2 : CAPNP_EMPTY_STRUCT);
    return canonical_pointers(builder, words + data, pointers, from);
}

/* Cut the elements of a list of structs, copied whole to `words`, to the sizes that the largest
 * needs. Returns the words that are left. */
static uint32_t cut_elements(uint64_t *words, uint32_t count, uint32_t data_words,
                             uint32_t pointer_count, uint32_t *data, uint32_t *pointers)
{
    uint32_t step = data_words + pointer_count;
    *data = *pointers = 0;
    for (uint32_t i = 0; i < count && step > 0; i++) {
        uint32_t used = used_words(words + (uint64_t)i * step, data_words);
        *data = used > *data ? used : *data;
        used = used_words(words + (uint64_t)i * step + data_words, pointer_count);
        *pointers = used > *pointers ? used : *pointers;
    }
    uint64_t *to = words;
    for (uint32_t i = 0; i < count && *data + *pointers > 0; i++) {
        const uint64_t *element = words + (uint64_t)i * step;
        move_down(to, element, *data);
        move_down(to + *data, element + data_words, *pointers);
        to += *data + *pointers;
    }
    return (uint32_t)(to - words);
}

/* A list of structs. */
static enum capnp_error canonical_structs(struct capnp_builder *builder, uint64_t *at,
                                          const struct capnp_list *from)
{
    uint32_t data_words = from->element_data_bytes / 8, data, pointers;
    uint64_t size = (uint64_t)from->count * (from->step_bytes / 8);
    if (size >= CAPNP_SEGMENT_WORDS)
        return CAPNP_FULL;
    uint64_t *words = capnp_allocate(builder, (uint32_t)size + 1);
    if (!words)
        return CAPNP_FULL;
    for (uint32_t i = 0; i < from->count && from->step_bytes > 0; i++) {
        struct capnp_struct element = capnp_list_struct(from, i);
        copy_raw(words + 1 + (uint64_t)i * (from->step_bytes / 8), &element);
    }
    size = cut_elements(words + 1, from->count, data_words, from->element_pointer_count, &data,
                        &pointers);
    builder->word_count = (uint32_t)(words - builder->words) + 1 + (uint32_t)size;
    words[0] = (uint64_t)from->count << 2 | (uint64_t)data << 32 | (uint64_t)pointers << 48;
    *at = capnp_list_pointer(at, words, CAPNP_COMPOSITE, (uint32_t)size);
    for (uint32_t i = 0; i < from->count && pointers > 0; i++) {
        struct capnp_struct element = capnp_list_struct(from, i);
        uint64_t *own = words + 1 + (uint64_t)i * (data + pointers) + data;
        enum capnp_error error = canonical_pointers(builder, own, pointers, &element);
        if (error != CAPNP_OK)
            return error;
    }
    return CAPNP_OK;
}

/* A list of pointers. */
static enum capnp_error canonical_list(struct capnp_builder *builder, uint64_t *at,
                                       const struct capnp_list *from)
{
    struct capnp_list_builder copy;
    enum capnp_error error = capnp_init_list(builder, at, CAPNP_POINTER, from->count, &copy);
    for (uint32_t i = 0; error == CAPNP_OK && i < from->count; i++) {
        struct capnp_any any;
        error = capnp_list_any(from, i, &any);
        if (error == CAPNP_OK)
            error = canonical_any(builder, capnp_list_pointer_at(&copy, i), &any);
    }
    return error;
}

static enum capnp_error canonical_any(struct capnp_builder *builder, uint64_t *at,
                                      const struct capnp_any *from)
{
    switch (from->kind) {
    case CAPNP_STRUCT: return canonical_struct(builder, at, &from->structure);
    case CAPNP_LIST: break;
    case CAPNP_CAPABILITY: return CAPNP_KIND;
    case CAPNP_NULL: *at = 0; return CAPNP_OK;
    }
    if (from->list.element == CAPNP_COMPOSITE)
        return canonical_structs(builder, at, &from->list);
    if (from->list.element == CAPNP_POINTER)
        return canonical_list(builder, at, &from->list);
    return capnp_copy_list(builder, at, &from->list);
}

enum capnp_error capnp_canonical(struct capnp_builder *builder, uint64_t *words,
                                 uint32_t word_max, const struct capnp_struct *from)
{
    capnp_builder_begin(builder, words, word_max);
    if (builder->error != CAPNP_OK)
        return builder->error;
    enum capnp_error error = canonical_struct(builder, words, from);
    return error == CAPNP_OK ? builder->error : capnp_builder_fail(builder, error);
}

/* What a check walks over: the one segment, and where the next object must begin. */
struct walk {
    const uint64_t *words;
    uint64_t next;
};

static bool is_canonical_pointer(const struct capnp_struct *from, uint32_t index, uint64_t pointer,
                                 struct walk *walk);

/* Does an object begin where the next must, and take `size` words. */
static bool take(struct walk *walk, const void *begin, uint64_t size)
{
    bool is_next = (const uint64_t *)begin == walk->words + walk->next;
    walk->next += size;
    return is_next;
}

/* Check the sections of a struct; what its pointers lead to follows at walk->next. It must use the
 * last word of each section, but for an element of a list, of which one other may. */
static bool is_canonical_content(const struct capnp_struct *from, struct walk *walk,
                                 bool *uses_data, bool *uses_pointers)
{
    uint32_t data_words = from->data_bytes / 8;
    *uses_data |= data_words == 0 ||
                  capnp_load64(from->data + (uint64_t)(data_words - 1) * 8) != 0;
    *uses_pointers |= from->pointer_count == 0;
    for (uint32_t i = 0; i < from->pointer_count; i++) {
        uint64_t pointer = capnp_load64(from->pointers + i);
        if (i == from->pointer_count - 1)
            *uses_pointers |= pointer != 0;
        if (!is_canonical_pointer(from, i, pointer, walk))
            return false;
    }
    return true;
}

/* Check a list of structs, whose pointer says how many words it has. */
static bool is_canonical_structs(const struct capnp_list *list, uint64_t words, struct walk *walk)
{
    uint64_t size = (uint64_t)list->count * (list->step_bytes / 8);
    bool uses_data = false, uses_pointers = false;
    if (size != words || !take(walk, list->data - 8, size + 1))
        return false;
    for (uint32_t i = 0; i < list->count && list->step_bytes > 0; i++) {
        struct capnp_struct element = capnp_list_struct(list, i);
        if (!is_canonical_content(&element, walk, &uses_data, &uses_pointers))
            return false;
    }
    return list->step_bytes == 0 || (uses_data && uses_pointers);
}

/* Check a list that is no list of structs. */
static bool is_canonical_list(const struct capnp_list *list, struct walk *walk)
{
    static const uint8_t bits_of[] = {0, 1, 8, 16, 32, 64, 64, 0};
    uint64_t bits = (uint64_t)list->count * bits_of[list->element], end = (bits + 63) / 64 * 8;
    if (!take(walk, list->data, end / 8))
        return false;
    /* What lies behind the last element in its word is zero. */
    if (bits % 8 != 0 && capnp_load8(list->data + bits / 8) >> bits % 8 != 0)
        return false;
    for (uint64_t byte = (bits + 7) / 8; byte < end; byte++)
        if (capnp_load8(list->data + byte) != 0)
            return false;
    if (list->element != CAPNP_POINTER)
        return true;
    for (uint32_t i = 0; i < list->count; i++) {
        struct capnp_struct element = capnp_list_struct(list, i);
        if (!is_canonical_pointer(&element, 0, capnp_load64(element.pointers), walk))
            return false;
    }
    return true;
}

/* Check what a pointer leads to, that was fetched. No far pointers, no capabilities. */
static bool is_canonical_pointer(const struct capnp_struct *from, uint32_t index, uint64_t pointer,
                                 struct walk *walk)
{
    struct capnp_any any;
    bool uses_data = false, uses_pointers = false;
    if (pointer == 0)
        return true;
    if ((pointer & 2) != 0 || capnp_read_any_word(from, index, pointer, &any) != CAPNP_OK)
        return false;
    if (any.kind == CAPNP_LIST)
        return any.list.element == CAPNP_COMPOSITE
                   ? is_canonical_structs(&any.list, pointer >> 35, walk)
                   : is_canonical_list(&any.list, walk);
    const struct capnp_struct *to = &any.structure;
    uint64_t size = to->data_bytes / 8 + to->pointer_count;
    if (size == 0)
        return pointer == CAPNP_EMPTY_STRUCT;
    return take(walk, to->data, size) &&
           is_canonical_content(to, walk, &uses_data, &uses_pointers) && uses_data &&
           uses_pointers;
}

bool capnp_is_canonical(struct capnp_message *message)
{
    if (message->segment_count != 1 || message->segments[0].word_count == 0)
        return false;
    const struct capnp_segment *segment = message->segments;
    struct walk walk = {segment->words, 1};
    struct capnp_struct holder = {.message = message, .pointers = segment->words,
                                  .pointer_count = 1,
                                  .nesting_levels = message->nesting_levels};
    return capnp_charge(message, 1) && /* for the root pointer, as capnp_read_root does */
           is_canonical_pointer(&holder, 0, capnp_load64(segment->words), &walk) &&
           walk.next == segment->word_count;
}
