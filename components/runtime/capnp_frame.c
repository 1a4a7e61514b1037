/* SPDX-License-Identifier: MIT */
/* Cap'n Proto, the standard stream framing in pieces: see capnp_frame.h. */
#include "capnp_frame.h"

/* The bytes of a table of so many segments: their number, their lengths, padded to words. */
static uint64_t table_bytes(uint64_t segment_count)
{
    return (segment_count / 2 + 1) * 8;
}

uint64_t capnp_frame_bytes(const struct capnp_message *message)
{
    uint64_t bytes = table_bytes(message->segment_count);
    for (uint32_t i = 0; i < message->segment_count; i++)
        bytes += (uint64_t)message->segments[i].word_count * 8;
    return bytes;
}

/* Byte `at` of the table. */
static uint8_t table_byte(const struct capnp_frame_writer *writer, uint64_t at)
{
    uint64_t entry = at / 4;
    uint32_t value = 0;
    if (entry == 0)
        value = writer->segment_count - 1;
    else if (entry <= writer->segment_count)
        value = writer->segments[entry - 1].word_count;
    return (uint8_t)(value >> at % 4 * 8);
}

uint64_t capnp_frame_write(struct capnp_frame_writer *writer, uint8_t *out, uint64_t room)
{
    uint64_t done = 0, start = table_bytes(writer->segment_count);
    if (writer->segment_count == 0)
        return 0; /* the framing cannot say that */
    while (done < room && writer->at < start)
        out[done++] = table_byte(writer, writer->at++);
    for (uint32_t i = 0; i < writer->segment_count && done < room; i++) {
        uint64_t bytes = (uint64_t)writer->segments[i].word_count * 8;
        if (writer->at < start + bytes) {
            uint64_t left = start + bytes - writer->at;
            uint64_t length = left < room - done ? left : room - done;
            capnp_copy(out + done, (const uint8_t *)writer->segments[i].words +
                                       (writer->at - start), length);
            writer->at += length;
            done += length;
        }
        start += bytes;
    }
    return done;
}

void capnp_frame_reader_begin(struct capnp_frame_reader *reader, uint64_t *words,
                              uint64_t word_max, struct capnp_segment *segments,
                              uint32_t segment_max)
{
    *reader = (struct capnp_frame_reader){.words = words, .segments = segments,
                                          .word_max = word_max, .need = 8,
                                          .segment_max = segment_max};
    if (word_max == 0)
        reader->error = CAPNP_FULL;
}

/* Look at what has come, all of reader->need, to know what must come next. The table was copied, so
 * nobody else changes it. */
static void advance(struct capnp_frame_reader *reader)
{
    const uint32_t *table = (const uint32_t *)(const void *)reader->words;
    if (reader->segment_count == 0) {
        uint64_t count = (uint64_t)table[0] + 1;
        if (count > reader->segment_max) {
            reader->error = CAPNP_SEGMENTS;
            return;
        }
        reader->segment_count = (uint32_t)count;
    }
    uint64_t end = table_bytes(reader->segment_count) / 8;
    if (reader->have < end * 8) {
        reader->need = end * 8;
    } else {
        for (uint32_t i = 0; i < reader->segment_count; i++) {
            reader->segments[i] = (struct capnp_segment){reader->words + end, table[1 + i]};
            end += table[1 + i];
        }
        reader->is_done = reader->have == end * 8;
        reader->need = end * 8;
    }
    if (reader->need / 8 > reader->word_max)
        reader->error = CAPNP_FULL;
}

uint64_t capnp_frame_read(struct capnp_frame_reader *reader, const uint8_t *bytes, uint64_t count)
{
    uint64_t used = 0;
    while (used < count && !reader->is_done && reader->error == CAPNP_OK) {
        uint64_t length = reader->need - reader->have;
        if (length > count - used)
            length = count - used;
        capnp_copy((uint8_t *)reader->words + reader->have, bytes + used, length);
        reader->have += length;
        used += length;
        if (reader->have == reader->need)
            advance(reader);
    }
    return used;
}

enum capnp_error capnp_frame_message(const struct capnp_frame_reader *reader,
                                     struct capnp_message *message)
{
    bool is_whole = reader->is_done && reader->error == CAPNP_OK;
    capnp_message_segments(message, reader->segments, is_whole ? reader->segment_count : 0);
    if (is_whole)
        return CAPNP_OK;
    return capnp_fail(message, reader->error == CAPNP_OK ? CAPNP_FRAME : reader->error);
}
