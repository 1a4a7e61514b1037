/* SPDX-License-Identifier: MIT */
/* The specification as a judge of the reader. */
#include "oracle.h"

#include <stddef.h>

/* FAR_NIL: a null landing pad, which may be taken as null or as a struct of no size. */
enum verdict { BAD, NIL, FAR_NIL, STRUCT, LIST, CAPABILITY };

/* What a pointer leads to; the start counts words of its segment, behind the tag of structs. */
struct place {
    enum verdict verdict;
    int64_t segment, start;
    int64_t data_words, pointers; /* of the struct, or of each element */
    int64_t element, count;       /* of a list */
    uint32_t capability;
    bool may_fail;    /* an error is allowed besides */
    uint64_t cost;    /* words to be charged, landing pads included */
};

/* Bits `low` to `low + count` of a word. */
static int64_t bits(uint64_t word, int low, int count)
{
    return (int64_t)(word >> low & ((UINT64_C(1) << count) - 1));
}

static uint64_t word_at(const struct capnp_message *message, int64_t segment, int64_t index)
{
    return message->segments[segment].words[index];
}

static bool holds(const struct capnp_message *message, int64_t segment, int64_t start,
                  int64_t words)
{
    return segment < (int64_t)message->segment_count && start >= 0 &&
           start + words <= (int64_t)message->segments[segment].word_count;
}

/* The list of `pointer` whose content starts at `place->start`. */
static void judge_list(const struct capnp_message *message, uint64_t pointer, struct place *place)
{
    static const int64_t element_bits[] = {0, 1, 8, 16, 32, 64, 64};
    place->element = bits(pointer, 32, 3);
    place->count = bits(pointer, 35, 29);
    int64_t words;
    if (place->element == CAPNP_COMPOSITE) {
        words = place->count + 1;
        if (!holds(message, place->segment, place->start, words))
            return;
        uint64_t tag = word_at(message, place->segment, place->start);
        place->start++;
        place->count = bits(tag, 2, 30);
        place->data_words = bits(tag, 32, 16);
        place->pointers = bits(tag, 48, 16);
        if (bits(tag, 0, 2) != 0 ||
            place->count * (place->data_words + place->pointers) > words - 1)
            return;
        place->cost += place->data_words + place->pointers == 0 ? (uint64_t)place->count : 0;
    } else {
        words = (place->count * element_bits[place->element] + 63) / 64;
        if (!holds(message, place->segment, place->start, words))
            return;
        place->cost += place->element == CAPNP_VOID ? (uint64_t)place->count : 0;
        place->pointers = place->element == CAPNP_POINTER;
    }
    place->cost += (uint64_t)words;
    place->verdict = LIST;
}

/* Judge the pointer word at `index` of `segment`. */
static struct place judge(const struct capnp_message *message, int64_t segment, int64_t index)
{
    uint64_t pointer = word_at(message, segment, index);
    struct place place = {.verdict = BAD, .segment = segment, .start = index + 1};
    int64_t offset = bits(pointer, 2, 30) - (bits(pointer, 31, 1) << 30);
    uint64_t pads = 0;
    if (pointer == 0)
        return place.verdict = NIL, place;
    if (bits(pointer, 0, 2) == 2) {
        int64_t pad_segment = bits(pointer, 32, 32), pad = bits(pointer, 3, 29);
        bool is_double = bits(pointer, 2, 1);
        pads = is_double ? 2 : 1;
        if (!holds(message, pad_segment, pad, is_double ? 2 : 1))
            return place;
        uint64_t first = word_at(message, pad_segment, pad);
        place.segment = pad_segment;
        place.start = pad + 1;
        pointer = first;
        if (is_double) {
            /* A far pointer to the content, then a tag with the content's shape, offset unused. */
            pointer = word_at(message, pad_segment, pad + 1);
            if (bits(pointer, 0, 2) < 2)
                pointer &= ~UINT64_C(0xfffffffc);
            place.segment = bits(first, 32, 32);
            place.start = bits(first, 3, 29);
            if (bits(first, 0, 3) != 2 || bits(pointer, 0, 2) > 1)
                return place;
        }
        offset = is_double ? 0 : bits(pointer, 2, 30) - (bits(pointer, 31, 1) << 30);
    }
    if (pointer == 0) {
        place.may_fail = !holds(message, place.segment, place.start, 0);
        return place.verdict = FAR_NIL, place;
    }
    place.start += offset;
    if (bits(pointer, 0, 2) == 3 && bits(pointer, 2, 30) == 0) {
        place.verdict = CAPABILITY;
        place.capability = (uint32_t)(pointer >> 32);
    } else if (bits(pointer, 0, 2) == 0) {
        place.data_words = bits(pointer, 32, 16);
        place.pointers = bits(pointer, 48, 16);
        place.cost = (uint64_t)(place.data_words + place.pointers);
        if (holds(message, place.segment, place.start, (int64_t)place.cost))
            place.verdict = STRUCT;
    } else if (bits(pointer, 0, 2) == 1)
        judge_list(message, pointer, &place);
    place.cost = (place.cost ? place.cost : 1) + pads;
    return place;
}

#define SAME(condition) \
    do { \
        if (!(condition) && !walk->differs) \
            walk->differs = #condition; \
    } while (0)

/* Compare an answer of the reader with the specification; true if there is something to enter. */
static bool compare(const struct capnp_message *message, const struct place *place,
                    enum capnp_error error, const struct capnp_any *any, uint32_t levels,
                    struct oracle_walk *walk)
{
    bool is_object = place->verdict == STRUCT || place->verdict == LIST;
    walk->steps++;
    if (error != CAPNP_OK) {
        walk->errors++;
        SAME(any->kind == CAPNP_NULL);
        SAME(message->error != CAPNP_OK);
        if (error == CAPNP_NESTING)
            SAME(levels == 0);
        else if (error == CAPNP_TRAVERSAL) {
            SAME(walk->is_spent ||
                 walk->words + walk->pads + place->cost + 2 > walk->words_max);
            walk->is_spent = true;
        } else
            SAME(place->verdict == BAD || place->may_fail);
        walk->pads += 2;
        return false;
    }
    SAME(place->verdict != BAD);
    SAME(!is_object || levels > 0);
    walk->words += is_object ? place->cost : 0;
    walk->pads += is_object ? 0 : 2;
    SAME(walk->words <= walk->words_max);
    if (place->verdict == NIL)
        SAME(any->kind == CAPNP_NULL);
    if (place->verdict == FAR_NIL)
        SAME(any->kind == CAPNP_NULL ||
             (any->kind == CAPNP_STRUCT && any->structure.data_bytes == 0 &&
              any->structure.pointer_count == 0));
    if (place->verdict == CAPABILITY)
        SAME(any->kind == CAPNP_CAPABILITY && any->capability == place->capability);
    if (!is_object || walk->differs)
        return false;
    const uint64_t *start = message->segments[place->segment].words + place->start;
    if (place->verdict == STRUCT) {
        SAME(any->kind == CAPNP_STRUCT);
        /* A part of no size may be said to be anywhere. */
        SAME(place->data_words == 0 || any->structure.data == (const uint8_t *)start);
        SAME(any->structure.data_bytes == place->data_words * 8);
        SAME(place->pointers == 0 || any->structure.pointers == start + place->data_words);
        SAME(any->structure.pointer_count == place->pointers);
    } else {
        SAME(any->kind == CAPNP_LIST);
        SAME(place->count == 0 || any->list.data == (const uint8_t *)start);
        SAME(any->list.count == place->count);
        SAME(any->list.element == (uint32_t)place->element);
    }
    return !walk->differs;
}

static void walk_list(const struct capnp_message *message, const struct place *place,
                      const struct capnp_list *list, uint32_t levels, struct oracle_walk *walk);

/* Enter a struct or list that reader and specification agree on. */
static void enter(const struct capnp_message *message, const struct place *place,
                  const struct capnp_any *any, uint32_t levels, struct oracle_walk *walk);

/* Walk the data and the pointers of a struct that starts at word `start`. */
static void walk_struct(const struct capnp_message *message, int64_t segment, int64_t start,
                        int64_t data_words, const struct capnp_struct *from, uint32_t levels,
                        struct oracle_walk *walk)
{
    for (int64_t i = 0; i < data_words; i++)
        SAME(capnp_get_uint64(*from, (uint32_t)i * 8) == word_at(message, segment, start + i));
    SAME(capnp_get_uint8(*from, (uint32_t)data_words * 8) == 0);
    for (uint32_t i = 0; i < from->pointer_count && !walk->differs; i++) {
        struct capnp_any any;
        struct place place = judge(message, segment, start + data_words + i);
        enum capnp_error error = capnp_read_any(from, i, &any);
        if (compare(message, &place, error, &any, levels, walk))
            enter(message, &place, &any, levels - 1, walk);
    }
}

/* Compare the first and the last element of a list of scalars: the bounds were compared. */
static void walk_flat(const struct capnp_message *message, const struct place *place,
                      const struct capnp_list *list, struct oracle_walk *walk)
{
    static const int8_t widths[] = {0, 1, 8, 16, 32, 64};
    int width = widths[place->element];
    int64_t step = place->count > 1 ? place->count - 1 : 1;
    for (int64_t i = 0; i < place->count && width > 0; i += step) {
        uint32_t index = (uint32_t)i;
        uint64_t word = word_at(message, place->segment, place->start + i * width / 64);
        uint64_t expected = word >> i * width % 64 & (UINT64_MAX >> (64 - width));
        SAME(width != 1 || capnp_list_bool(*list, index) == expected);
        SAME(width != 8 || capnp_list_uint8(*list, index) == expected);
        SAME(width != 16 || capnp_list_uint16(*list, index) == expected);
        SAME(width != 32 || capnp_list_uint32(*list, index) == expected);
        SAME(width != 64 || capnp_list_uint64(*list, index) == expected);
    }
}

/* Walk the elements of a list. Those without size were charged for and are not visited. */
static void walk_list(const struct capnp_message *message, const struct place *place,
                      const struct capnp_list *list, uint32_t levels, struct oracle_walk *walk)
{
    int64_t step = place->data_words + place->pointers;
    bool is_flat = place->element != CAPNP_COMPOSITE && place->element != CAPNP_POINTER;
    for (int64_t i = 0; i < place->count && !walk->differs; i++) {
        if (is_flat) {
            walk_flat(message, place, list, walk);
            break;
        } else if (place->element == CAPNP_COMPOSITE && step > 0) {
            struct capnp_struct element = capnp_list_struct(list, (uint32_t)i);
            walk->steps++;
            walk_struct(message, place->segment, place->start + i * step, place->data_words,
                        &element, levels, walk);
        } else if (place->element == CAPNP_POINTER) {
            struct capnp_any any;
            struct place inner = judge(message, place->segment, place->start + i);
            enum capnp_error error = capnp_list_any(list, (uint32_t)i, &any);
            if (compare(message, &inner, error, &any, levels, walk))
                enter(message, &inner, &any, levels - 1, walk);
        } else
            break;
    }
}

static void enter(const struct capnp_message *message, const struct place *place,
                  const struct capnp_any *any, uint32_t levels, struct oracle_walk *walk)
{
    if (place->verdict == STRUCT)
        walk_struct(message, place->segment, place->start, place->data_words, &any->structure,
                    levels, walk);
    else
        walk_list(message, place, &any->list, levels, walk);
}

enum capnp_error oracle_walk_message(struct capnp_message *message, struct oracle_walk *walk)
{
    struct capnp_any root;
    struct place place = {.verdict = BAD};
    *walk = (struct oracle_walk){.words_max = message->traversal_words, .words = 1};
    if (message->segment_count > 0 && message->segments[0].word_count > 0)
        place = judge(message, 0, 0);
    enum capnp_error error = capnp_read_root_any(message, &root);
    if (compare(message, &place, error, &root, CAPNP_NESTING_LEVELS, walk))
        enter(message, &place, &root, CAPNP_NESTING_LEVELS - 1, walk);
    return message->error;
}

int64_t oracle_unpack(const uint8_t *bytes, int64_t count, uint64_t *words, int64_t room)
{
    int64_t made = 0, at = 0;
    while (at < count) {
        uint8_t tag = bytes[at++];
        uint64_t word = 0;
        for (int bit = 0; bit < 8; bit++)
            if (tag >> bit & 1) {
                if (at == count)
                    return -1;
                word |= (uint64_t)bytes[at++] << 8 * bit;
            }
        if (made == room)
            return -1;
        words[made++] = word;
        if (tag != 0 && tag != 0xff)
            continue;
        if (at == count)
            return -1;
        int64_t run = bytes[at++];
        if (run > room - made || (tag == 0xff && run * 8 > count - at))
            return -1;
        for (; run > 0; run--) {
            word = 0;
            for (int i = 0; i < 8 && tag == 0xff; i++)
                word |= (uint64_t)bytes[at++] << 8 * i;
            words[made++] = word;
        }
    }
    return made;
}
