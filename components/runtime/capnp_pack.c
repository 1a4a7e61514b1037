/* SPDX-License-Identifier: MIT */
/* Cap'n Proto, packed: see capnp_pack.h for the format. */
#include "capnp_pack.h"

#define RUN_MAX 255u /* words that one count byte can say */
#define TABLE_WORDS 256u /* of a table that are packed at a time */
#define LOW_BITS UINT64_C(0x7f7f7f7f7f7f7f7f)

/* What comes next in a packed stream; zero is the place between two items. `FIRST` is the word of a
 * tag 0xff, `PLAIN` each word of the run behind it. */
enum {
    PHASE_TAG,
    PHASE_BYTES,
    PHASE_FIRST,
    PHASE_PLAIN,
    PHASE_COUNT_ZERO,
    PHASE_COUNT_PLAIN,
    PHASE_ZERO
};

/* The top bit of each byte of `word` that is not zero. */
static inline uint64_t nonzero_bytes(uint64_t word)
{
    return (((word & LOW_BITS) + LOW_BITS) | word) & ~LOW_BITS;
}

/* The tag of a word: one bit for each of those top bits. */
static inline uint32_t tag_of(uint64_t top_bits)
{
    return (uint32_t)((top_bits >> 7) * UINT64_C(0x0102040810204080) >> 56);
}

/* Is at most one bit set. */
static inline bool is_single(uint64_t bits)
{
    return (bits & (bits - 1)) == 0;
}

/* Has a word fewer than two zero bytes: then a run of plain words goes on. */
static inline bool is_dense(uint64_t word)
{
    return is_single(nonzero_bytes(word) ^ ~LOW_BITS);
}

/* Take the byte whose top bit is `bit` out of a word, and close the gap. */
static inline uint64_t take_out(uint64_t word, uint64_t bit)
{
    uint64_t below = (bit >> 7) - 1;
    return (word & below) | (word >> 8 & ~below);
}

/* Write eight bytes at any address. */
static inline void put_word(uint8_t *out, uint64_t word)
{
    __builtin_memcpy(out, &word, 8);
}

/* The smaller of two. */
static inline uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Pack words from `*from` on up to `words_end`, as long as the worst word fits before `end`;
 * without an `end` there is room for all. Returns where the bytes end. Inlined, for each case. */
static inline __attribute__((always_inline)) uint8_t *pack(const uint64_t **from,
                                                          const uint64_t *words_end, uint8_t *at,
                                                          const uint8_t *end)
{
    const uint64_t *words = *from;
    while (words < words_end && (!end || end - at >= (int64_t)CAPNP_PACK_ROOM_MIN)) {
        uint64_t word = *words++;
        uint64_t bits = nonzero_bytes(word);
        uint64_t left = lesser((uint64_t)(words_end - words), RUN_MAX);
        if (bits == 0) {
            const uint64_t *first = words, *last = words + left;
            while (words < last && *words == 0)
                words++;
            at[0] = 0;
            at[1] = (uint8_t)(words - first);
            at += 2;
        } else if (bits == ~LOW_BITS) {
            const uint64_t *first = words;
            uint8_t *count = at + 9;
            at[0] = 0xff;
            put_word(at + 1, word);
            at += 10;
            if (end)
                left = lesser(left, (uint64_t)(end - at) / 8);
            for (const uint64_t *last = words + left; words < last; words++, at += 8) {
                word = *words;
                if (!is_dense(word))
                    break;
                put_word(at, word);
            }
            *count = (uint8_t)(words - first);
        } else {
            *at++ = (uint8_t)tag_of(bits);
            if (is_single(bits ^ ~LOW_BITS)) {
                put_word(at, take_out(word, bits ^ ~LOW_BITS));
                at += 7;
                continue;
            }
            bits >>= 7;
            do
                *at++ = (uint8_t)(word >> __builtin_ctzll(bits));
            while ((bits &= bits - 1) != 0);
        }
    }
    *from = words;
    return at;
}

uint64_t capnp_pack(const uint64_t *words, uint64_t count, uint8_t *out, uint64_t room,
                    uint64_t *word_count)
{
    const uint64_t *at = words;
    uint8_t *end = count <= room / CAPNP_PACK_ROOM_MIN
                       ? pack(&at, words + count, out, 0)
                       : pack(&at, words + count, out, out + room);
    *word_count = (uint64_t)(at - words);
    return (uint64_t)(end - out);
}

/* Pack a message where it may not fit. */
static enum capnp_error pack_tight(const uint64_t *words, const uint64_t *segment_end,
                                   uint8_t *out, uint64_t room, uint64_t *used_bytes)
{
    uint64_t used = 0, packed;
    for (const uint64_t *end = words + 1; words < segment_end; words = end, end = segment_end) {
        used += capnp_pack(words, (uint64_t)(end - words), out + used, room - used, &packed);
        if (packed != (uint64_t)(end - words))
            return CAPNP_FULL;
    }
    *used_bytes = used;
    return CAPNP_OK;
}

enum capnp_error capnp_pack_message(struct capnp_builder *builder, uint8_t *out, uint64_t room,
                                    uint64_t *used_bytes)
{
    *used_bytes = 0;
    if (builder->error != CAPNP_OK)
        return builder->error;
    const uint64_t *words = builder->words - 1;
    const uint64_t *segment_end = words + capnp_builder_framed(builder);
    uint8_t *at = out;
    if ((uint64_t)(segment_end - words) > room / CAPNP_PACK_ROOM_MIN)
        return pack_tight(words, segment_end, out, room, used_bytes);
    /* Two pieces: no run crosses from the table into the segment. */
    for (const uint64_t *end = words + 1; words < segment_end; end = segment_end)
        at = pack(&words, end, at, 0);
    *used_bytes = (uint64_t)(at - out);
    return CAPNP_OK;
}

/* Add `count` packed words to `*used` bytes. */
static bool pack_piece(const uint64_t *words, uint64_t count, uint8_t *out, uint64_t room,
                       uint64_t *used)
{
    uint64_t packed;
    *used += capnp_pack(words, count, out + *used, room - *used, &packed);
    return packed == count;
}

enum capnp_error capnp_pack_segments(const struct capnp_message *message, uint8_t *out,
                                     uint64_t room, uint64_t *used_bytes)
{
    uint64_t table[TABLE_WORDS], used = 0;
    uint64_t entries = ((uint64_t)message->segment_count + 2) & ~UINT64_C(1);
    bool has_room = message->segment_count > 0;
    *used_bytes = 0;
    /* Of a long table, so many words at a time. */
    for (uint64_t entry = 0; has_room && entry < entries;) {
        uint32_t words = 0;
        for (; words < TABLE_WORDS && entry < entries; entry += 2) {
            uint64_t low = entry == 0 ? message->segment_count - 1
                                      : message->segments[entry - 1].word_count;
            uint64_t high = entry < message->segment_count ? message->segments[entry].word_count
                                                           : 0;
            table[words++] = low | high << 32;
        }
        has_room = pack_piece(table, words, out, room, &used);
    }
    for (uint32_t i = 0; has_room && i < message->segment_count; i++)
        has_room = pack_piece(message->segments[i].words, message->segments[i].word_count, out,
                              room, &used);
    if (!has_room)
        return CAPNP_FULL;
    *used_bytes = used;
    return CAPNP_OK;
}

/* Fetch seven bytes, and make a gap of zero where `gap` has its bit. */
static inline uint64_t take_seven(const uint8_t *bytes, uint32_t gap)
{
    uint32_t low;
    uint16_t middle;
    __builtin_memcpy(&low, bytes, 4);
    CAPNP_FETCHED(bytes, 4);
    __builtin_memcpy(&middle, bytes + 4, 2);
    CAPNP_FETCHED(bytes + 4, 2);
    uint64_t value = low | (uint64_t)middle << 32 | (uint64_t)capnp_load8(bytes + 6) << 48;
    uint64_t below = (UINT64_C(1) << __builtin_ctz(gap) * 8) - 1;
    return (value & below) | (value & ~below) << 8;
}

/* Fetch the bytes that a tag names, from `*at` on. */
static inline uint64_t take_bytes(const uint8_t **at, uint32_t tag)
{
    const uint8_t *bytes = *at;
    uint64_t value = 0;
    if (is_single(tag ^ 0xff)) {
        *at += 7;
        return take_seven(bytes, tag ^ 0xff);
    }
    do
        value |= (uint64_t)capnp_load8(bytes++) << __builtin_ctz(tag) * 8;
    while ((tag &= tag - 1) != 0);
    *at = bytes;
    return value;
}

/* Fetch eight bytes at any address, as one fetch. */
static inline uint64_t take_word(const uint8_t *bytes)
{
    uint64_t word;
    __builtin_memcpy(&word, bytes, 8);
    CAPNP_FETCHED(bytes, 8);
    return word;
}

/* Where an unpacker reads and writes. */
struct pieces {
    const uint8_t *at, *end;
    uint64_t *out, *out_end;
};

/* Put a word together from the bytes that have come, and give it out; false if it must wait. */
static bool step_bytes(struct capnp_unpacker *unpacker, struct pieces *pieces)
{
    while (unpacker->missing != 0 && pieces->at < pieces->end) {
        uint32_t bit = (uint32_t)__builtin_ctz(unpacker->missing);
        unpacker->word |= (uint64_t)capnp_load8(pieces->at++) << bit * 8;
        unpacker->missing &= (uint8_t)(unpacker->missing - 1);
    }
    if (unpacker->missing != 0 || pieces->out == pieces->out_end)
        return false;
    *pieces->out++ = unpacker->word;
    unpacker->word = 0;
    unpacker->missing = 0xff; /* for the next of a run */
    if (unpacker->phase == PHASE_FIRST)
        unpacker->phase = PHASE_COUNT_PLAIN;
    else if (unpacker->phase == PHASE_BYTES || --unpacker->run == 0)
        unpacker->phase = PHASE_TAG;
    return true;
}

/* Begin an item by its tag; false if there is none, or no room for its first word. */
static bool step_tag(struct capnp_unpacker *unpacker, struct pieces *pieces)
{
    if (pieces->at == pieces->end || pieces->out == pieces->out_end)
        return false;
    uint8_t tag = capnp_load8(pieces->at++);
    unpacker->word = 0;
    unpacker->missing = tag;
    unpacker->phase = tag == 0 ? PHASE_COUNT_ZERO : tag == 0xff ? PHASE_FIRST : PHASE_BYTES;
    return true;
}

/* Read the length of a run, which may be zero for plain words; false if it has not come. */
static bool step_count(struct capnp_unpacker *unpacker, struct pieces *pieces)
{
    if (pieces->at == pieces->end)
        return false;
    bool is_zero = unpacker->phase == PHASE_COUNT_ZERO;
    unpacker->run = capnp_load8(pieces->at++) + (is_zero ? 1u : 0u);
    unpacker->phase = is_zero ? PHASE_ZERO : unpacker->run > 0 ? PHASE_PLAIN : PHASE_TAG;
    return true;
}

/* Give out a run of zeros; false if there is no room for all. */
static bool step_zero(struct capnp_unpacker *unpacker, struct pieces *pieces)
{
    for (; unpacker->run > 0 && pieces->out < pieces->out_end; unpacker->run--)
        *pieces->out++ = 0;
    if (unpacker->run > 0)
        return false;
    unpacker->phase = PHASE_TAG;
    return true;
}

uint64_t capnp_unpack_some(struct capnp_unpacker *unpacker, const uint8_t *bytes, uint64_t count,
                           uint64_t *words, uint64_t room, uint64_t *used_bytes)
{
    struct pieces pieces = {bytes, bytes + count, words, words + room};
    bool goes_on = true;
    while (goes_on) {
        switch (unpacker->phase) {
        case PHASE_TAG: goes_on = step_tag(unpacker, &pieces); break;
        case PHASE_COUNT_ZERO:
        case PHASE_COUNT_PLAIN: goes_on = step_count(unpacker, &pieces); break;
        case PHASE_ZERO: goes_on = step_zero(unpacker, &pieces); break;
        default: goes_on = step_bytes(unpacker, &pieces);
        }
    }
    *used_bytes = (uint64_t)(pieces.at - bytes);
    return (uint64_t)(pieces.out - words);
}

/* Unpack the last words up to `out_end` from fewer bytes than the worst item may have. */
static bool unpack_last(struct pieces *pieces)
{
    struct capnp_unpacker unpacker;
    uint64_t used;
    capnp_unpacker_begin(&unpacker);
    pieces->out += capnp_unpack_some(&unpacker, pieces->at, (uint64_t)(pieces->end - pieces->at),
                                     pieces->out, (uint64_t)(pieces->out_end - pieces->out), &used);
    pieces->at += used;
    return pieces->out == pieces->out_end && capnp_unpacker_is_done(&unpacker);
}

/* Unpack exactly the words up to `out_end` from `*from` on. Inlined, so that it may be used for the
 * table and for the segments in one function. */
static inline __attribute__((always_inline)) bool unpack(const uint8_t **from, const uint8_t *end,
                                                        uint64_t *out, uint64_t *out_end)
{
    const uint8_t *at = *from;
    /* Ten bytes are enough for any item but the words of a run. */
    for (; out < out_end && end - at >= (int64_t)CAPNP_PACK_ROOM_MIN;) {
        uint32_t tag = capnp_load8(at++);
        if (tag == 0) {
            uint64_t run = capnp_load8(at++) + UINT64_C(1);
            if (run > (uint64_t)(out_end - out))
                return false;
            for (; run > 0; run--)
                *out++ = 0;
        } else if (tag == 0xff) {
            *out++ = take_word(at);
            uint64_t run = capnp_load8(at + 8);
            at += 9;
            if (run * 8 > (uint64_t)(end - at) || run > (uint64_t)(out_end - out))
                return false;
            for (const uint64_t *run_end = out + run; out < run_end; at += 8)
                *out++ = take_word(at);
        } else
            *out++ = take_bytes(&at, tag);
    }
    *from = at;
    if (__builtin_expect(out == out_end, 1))
        return true;
    struct pieces rest = {at, end, out, out_end};
    bool is_good = unpack_last(&rest);
    *from = rest.at;
    return is_good;
}

enum capnp_error capnp_unpack(const uint8_t *bytes, uint64_t count, uint64_t *words,
                              uint64_t word_count, uint64_t *used_bytes)
{
    const uint8_t *at = bytes;
    bool is_good = unpack(&at, bytes + count, words, words + word_count);
    *used_bytes = (uint64_t)(at - bytes);
    return is_good ? CAPNP_OK : CAPNP_FRAME;
}

/* Set up the segments that an unpacked table of `table` words tells of; returns where the last
 * ends, zero if that is behind `word_max`. */
static uint64_t place_segments(const uint64_t *words, uint64_t table, uint64_t word_max,
                               struct capnp_segment *segments, uint64_t count)
{
    uint64_t end = table;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t size = (uint32_t)(words[(i + 1) / 2] >> (i % 2 ? 0 : 32));
        segments[i] = (struct capnp_segment){words + end, (uint32_t)size};
        if (size > word_max - end)
            return 0;
        end += size;
    }
    return end;
}

enum capnp_error capnp_unpack_message(struct capnp_message *message, const uint8_t *bytes,
                                      uint64_t count, uint64_t *words, uint64_t word_max,
                                      struct capnp_segment *segments, uint32_t segment_max,
                                      uint64_t *used_bytes)
{
    const uint8_t *at = bytes;
    /* The table is put into our own words, so that it can be read again: its first word, then what
     * that says, then the segments. */
    uint64_t done = 0, end = 1, segment_count = 0;
    bool is_placed = false;
    capnp_message_segments(message, segments, 0);
    while (done < end) {
        if (end > word_max)
            return capnp_fail(message, CAPNP_FULL);
        if (!unpack(&at, bytes + count, words + done, words + end))
            return capnp_fail(message, CAPNP_FRAME);
        bool is_first = done == 0;
        done = end;
        if (is_first) {
            segment_count = (words[0] & UINT32_MAX) + 1;
            if (segment_count > segment_max)
                return capnp_fail(message, CAPNP_SEGMENTS);
            end = segment_count / 2 + 1;
        }
        if (!is_placed && done == segment_count / 2 + 1) {
            is_placed = true;
            end = place_segments(words, done, word_max, segments, segment_count);
            if (end == 0)
                return capnp_fail(message, CAPNP_FULL);
        }
    }
    message->segment_count = (uint32_t)segment_count;
    if (used_bytes)
        *used_bytes = (uint64_t)(at - bytes);
    return CAPNP_OK;
}
