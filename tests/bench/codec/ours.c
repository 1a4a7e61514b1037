/* SPDX-License-Identifier: MIT */
/* What is measured, of ours. A file of its own, so that nothing of it is inlined by its callers. */
#include "ours.h"

#include "capnp_pack.h"

uint32_t codec_encode(uint64_t *words, const struct message_sample_plain *from)
{
    struct capnp_builder builder;
    capnp_builder_begin(&builder, words, CODEC_WORD_MAX);
    if (message_sample_encode(&builder, from) != CAPNP_OK)
        return 0;
    return builder.word_count;
}

uint32_t codec_encode_setters(uint64_t *words, const struct message_sample_plain *from)
{
    struct capnp_builder builder;
    struct message_sample_builder sample;
    capnp_builder_begin(&builder, words, CODEC_WORD_MAX);
    if (message_sample_init_root(&builder, &sample) != CAPNP_OK)
        return 0;
    message_sample_set_number(sample, from->number);
    message_sample_set_large(sample, from->large);
    message_sample_set_small(sample, from->small);
    message_sample_set_flag(sample, from->flag);
    message_sample_set_ratio_bits(sample, from->ratio_bits);
    message_sample_set_text(sample, from->text);
    return builder.error == CAPNP_OK ? builder.word_count : 0;
}

/* The sum of what was read. */
static inline uint64_t sum(const struct message_sample_plain *sample)
{
    uint64_t last = 0;
    if (sample->text.length > 0)
        last = capnp_load8(sample->text.bytes + sample->text.length - 1);
    return sample->number + sample->large + (uint64_t)sample->small + sample->flag +
           sample->ratio_bits + last;
}

uint64_t codec_decode(const uint64_t *words, uint32_t count)
{
    struct capnp_message message;
    struct message_sample_plain sample;
    capnp_message_single(&message, words, count);
    return message_sample_decode(&message, &sample) == CAPNP_OK ? sum(&sample) : 0;
}

uint64_t codec_decode_general(const struct capnp_segment *segments, uint32_t count)
{
    struct capnp_message message;
    struct message_sample_reader reader;
    struct message_sample_plain sample;
    capnp_message_segments(&message, segments, count);
    message_sample_read_root(&message, &reader);
    sample.number = message_sample_get_number(reader);
    sample.large = message_sample_get_large(reader);
    sample.small = message_sample_get_small(reader);
    sample.flag = message_sample_get_flag(reader);
    sample.ratio_bits = message_sample_get_ratio_bits(reader);
    message_sample_get_text(reader, &sample.text);
    return message.error == CAPNP_OK ? sum(&sample) : 0;
}

uint64_t codec_round_trip(uint64_t *words, const struct message_sample_plain *from)
{
    return codec_decode(words, codec_encode(words, from));
}

uint32_t codec_packed_encode(uint8_t *bytes, const struct message_sample_plain *from)
{
    uint64_t words[CODEC_WORD_MAX], used;
    struct capnp_builder builder;
    capnp_builder_begin_framed(&builder, words, CODEC_WORD_MAX);
    message_sample_encode(&builder, from);
    if (capnp_pack_message(&builder, bytes, CODEC_BYTE_MAX, &used) != CAPNP_OK)
        return 0;
    return (uint32_t)used;
}

uint64_t codec_packed_decode(const uint8_t *bytes, uint32_t count)
{
    uint64_t words[CODEC_WORD_MAX];
    struct capnp_segment segments[4];
    struct capnp_message message;
    struct message_sample_plain sample;
    if (capnp_unpack_message(&message, bytes, count, words, CODEC_WORD_MAX, segments, 4, 0) !=
        CAPNP_OK)
        return 0;
    return message_sample_decode(&message, &sample) == CAPNP_OK ? sum(&sample) : 0;
}
