/* SPDX-License-Identifier: MIT */
/* What is measured, of the C++ implementation, in the way that its documentation shows. */
#include "peer.h"

#include "message.capnp.h"

#include <capnp/message.h>
#include <capnp/serialize-packed.h>
#include <cstring>
#include <kj/io.h>

/* Set every field but the text. */
template <typename Builder> static void set(Builder sample, const peer_values *values)
{
    sample.setNumber(values->number);
    sample.setLarge(values->large);
    sample.setSmall(values->small);
    sample.setFlag(values->flag);
    sample.setRatio(values->ratio);
}

static capnp::Text::Reader text_of(const peer_values *values)
{
    return capnp::Text::Reader(values->text, values->text_length);
}

static uint64_t sum(Sample::Reader sample)
{
    uint64_t bits;
    double ratio = sample.getRatio();
    capnp::Text::Reader text = sample.getText();
    memcpy(&bits, &ratio, sizeof bits);
    return sample.getNumber() + sample.getLarge() + (uint64_t)sample.getSmall() +
           sample.getFlag() + bits + (uint8_t)text[text.size() - 1];
}

void peer_write(peer_message *message, peer_layout layout, const peer_values *values)
{
    /* The root pointer and the struct fill a first segment of five words. */
    capnp::MallocMessageBuilder builder(layout == PEER_FAR ? 5 : PEER_WORD_MAX,
                                        capnp::AllocationStrategy::FIXED_SIZE);
    if (layout == PEER_TEXT_FIRST) {
        auto text = builder.getOrphanage().newOrphanCopy(text_of(values));
        auto sample = builder.initRoot<Sample>();
        set(sample, values);
        sample.adoptText(kj::mv(text));
    } else if (layout == PEER_NEWER) {
        auto sample = builder.initRoot<SampleNewer>();
        set(sample, values);
        sample.setAlso("more than the reader knows");
        sample.setText(text_of(values));
    } else {
        auto sample = builder.initRoot<Sample>();
        set(sample, values);
        sample.setText(text_of(values));
    }
    uint32_t at = 0;
    message->segment_count = 0;
    for (auto segment : builder.getSegmentsForOutput()) {
        memcpy(message->words + at, segment.begin(), segment.size() * 8);
        message->segment_words[message->segment_count++] = (uint32_t)segment.size();
        at += (uint32_t)segment.size();
    }
}

uint32_t peer_encode(uint64_t *words, const peer_values *values)
{
    capnp::MallocMessageBuilder builder(
        kj::arrayPtr(reinterpret_cast<capnp::word *>(words), PEER_WORD_MAX));
    auto sample = builder.initRoot<Sample>();
    set(sample, values);
    sample.setText(text_of(values));
    return (uint32_t)builder.getSegmentsForOutput()[0].size();
}

uint64_t peer_decode(const uint64_t *words, uint32_t count)
{
    kj::ArrayPtr<const capnp::word> segments[1] = {
        kj::arrayPtr(reinterpret_cast<const capnp::word *>(words), count)};
    capnp::SegmentArrayMessageReader reader(kj::arrayPtr(segments, 1));
    return sum(reader.getRoot<Sample>());
}

uint64_t peer_round_trip(uint64_t *words, const peer_values *values)
{
    capnp::MallocMessageBuilder builder(
        kj::arrayPtr(reinterpret_cast<capnp::word *>(words), PEER_WORD_MAX));
    auto sample = builder.initRoot<Sample>();
    set(sample, values);
    sample.setText(text_of(values));
    auto segment = builder.getSegmentsForOutput()[0];
    return peer_decode(reinterpret_cast<const uint64_t *>(segment.begin()),
                       (uint32_t)segment.size());
}

uint32_t peer_packed_encode(uint8_t *bytes, uint32_t byte_max, const peer_values *values)
{
    capnp::word words[PEER_WORD_MAX];
    memset(words, 0, sizeof words);
    capnp::MallocMessageBuilder builder(kj::arrayPtr(words, PEER_WORD_MAX));
    auto sample = builder.initRoot<Sample>();
    set(sample, values);
    sample.setText(text_of(values));
    kj::ArrayOutputStream stream(kj::arrayPtr(bytes, byte_max));
    capnp::writePackedMessage(stream, builder);
    return (uint32_t)stream.getArray().size();
}

uint64_t peer_packed_decode(const uint8_t *bytes, uint32_t count)
{
    capnp::word words[PEER_WORD_MAX];
    kj::ArrayInputStream stream(kj::arrayPtr(bytes, count));
    capnp::PackedMessageReader reader(stream, capnp::ReaderOptions(),
                                      kj::arrayPtr(words, PEER_WORD_MAX));
    return sum(reader.getRoot<Sample>());
}
