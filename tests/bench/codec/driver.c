/* SPDX-License-Identifier: MIT */
/*
 * Runs what is measured, with values and text that change on each call.
 * Use: driver check          ours and theirs read each other's messages; exit status 1 if not
 *      driver count NAME N   call the function NAME so often, for a counter of instructions
 *      driver time ROUNDS    print nanoseconds: `bench NAME VALUE ns` and the ratio, each the
 *                            median of so many rounds in which ours and theirs take turns
 */
#include "ours.h"
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <valgrind/callgrind.h>

#define VARIANTS 16u      /* different messages; a power of two */
#define TIMED_CALLS 20000 /* in a round */
#define ROUNDS_MAX 101

/* One set of values, in every form in which it is needed. */
struct variant {
    char text[24]; /* 23 characters and the zero byte */
    struct peer_values values;
    struct message_sample_plain plain;
    uint64_t sum; /* what every reader must find */
    uint64_t words[CODEC_WORD_MAX];
    uint32_t word_count;
    struct peer_message written[PEER_LAYOUT_COUNT];
    struct capnp_segment segments[PEER_LAYOUT_COUNT][PEER_SEGMENT_MAX];
    uint8_t packed[CODEC_BYTE_MAX];
    uint32_t packed_count;
};

static struct variant variants[VARIANTS];
static uint64_t scratch[CODEC_WORD_MAX], zeros[PEER_WORD_MAX];
static uint8_t packed[CODEC_BYTE_MAX];

/* A function that is measured, called with variant `v`; returns what makes a difference. */
struct subject {
    const char *name;
    uint64_t (*call)(const struct variant *v);
};

static uint64_t call_encode(const struct variant *v) { return codec_encode(scratch, &v->plain); }
static uint64_t call_setters(const struct variant *v)
{
    return codec_encode_setters(scratch, &v->plain);
}
static uint64_t call_decode(const struct variant *v)
{
    return codec_decode(v->words, v->word_count);
}
static uint64_t general(const struct variant *v, enum peer_layout layout)
{
    return codec_decode_general(v->segments[layout], v->written[layout].segment_count);
}
static uint64_t call_in_order(const struct variant *v) { return general(v, PEER_IN_ORDER); }
static uint64_t call_text_first(const struct variant *v) { return general(v, PEER_TEXT_FIRST); }
static uint64_t call_newer(const struct variant *v) { return general(v, PEER_NEWER); }
static uint64_t call_far(const struct variant *v) { return general(v, PEER_FAR); }
static uint64_t call_trip(const struct variant *v) { return codec_round_trip(scratch, &v->plain); }
static uint64_t call_pack(const struct variant *v)
{
    return codec_packed_encode(packed, &v->plain);
}
static uint64_t call_unpack(const struct variant *v)
{
    return codec_packed_decode(v->packed, v->packed_count);
}
static uint64_t call_peer_encode(const struct variant *v) { return peer_encode(zeros, &v->values); }
static uint64_t call_peer_decode(const struct variant *v)
{
    return peer_decode(v->words, v->word_count);
}
static uint64_t call_peer_trip(const struct variant *v)
{
    return peer_round_trip(zeros, &v->values);
}
static uint64_t call_peer_pack(const struct variant *v)
{
    return peer_packed_encode(packed, sizeof packed, &v->values);
}
static uint64_t call_peer_unpack(const struct variant *v)
{
    return peer_packed_decode(v->packed, v->packed_count);
}

static const struct subject subjects[] = {
    {"codec_encode", call_encode},
    {"codec_encode_setters", call_setters},
    {"codec_decode", call_decode},
    {"codec_decode_general_in_order", call_in_order},
    {"codec_decode_general_text_first", call_text_first},
    {"codec_decode_general_newer", call_newer},
    {"codec_decode_general_far", call_far},
    {"codec_round_trip", call_trip},
    {"codec_packed_encode", call_pack},
    {"codec_packed_decode", call_unpack},
    {"peer_encode", call_peer_encode},
    {"peer_decode", call_peer_decode},
    {"peer_round_trip", call_peer_trip},
    {"peer_packed_encode", call_peer_pack},
    {"peer_packed_decode", call_peer_unpack},
};
#define SUBJECT_COUNT (sizeof subjects / sizeof *subjects)

/* A word that looks random: splitmix64. */
static uint64_t random_word(void)
{
    static uint64_t state = 1;
    uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Make the values of a variant, and the messages that readers get. */
static void make(struct variant *v)
{
    for (unsigned i = 0; i < 23; i++)
        v->text[i] = (char)('!' + random_word() % 90);
    v->plain.number = (uint32_t)random_word();
    v->plain.large = random_word();
    v->plain.small = (int16_t)random_word();
    v->plain.flag = random_word() & 1;
    v->values.ratio = (double)(int64_t)random_word() / 3;
    memcpy(&v->plain.ratio_bits, &v->values.ratio, 8);
    v->plain.text = (struct capnp_text){v->text, 23};
    v->values = (struct peer_values){v->plain.number, v->plain.large, v->plain.small,
                                     v->plain.flag,   v->values.ratio, v->text, 23};
    v->sum = v->plain.number + v->plain.large + (uint64_t)v->plain.small + v->plain.flag +
             v->plain.ratio_bits + (uint8_t)v->text[22];
    v->word_count = codec_encode(v->words, &v->plain);
    for (unsigned layout = 0; layout < PEER_LAYOUT_COUNT; layout++) {
        struct peer_message *message = &v->written[layout];
        const uint64_t *at = message->words;
        peer_write(message, (enum peer_layout)layout, &v->values);
        for (uint32_t i = 0; i < message->segment_count; at += message->segment_words[i++])
            v->segments[layout][i] = (struct capnp_segment){at, message->segment_words[i]};
    }
    v->packed_count = peer_packed_encode(v->packed, sizeof v->packed, &v->values);
}

/* Do ours and theirs agree on a variant; and are the layouts what their names say. */
static bool agrees(const struct variant *v)
{
    bool good = v->written[PEER_FAR].segment_count == 2 &&
                (v->written[PEER_FAR].words[4] & 3) == 2 &&
                v->written[PEER_TEXT_FIRST].words[0] != v->words[0] &&
                v->written[PEER_NEWER].words[0] != v->words[0];
    /* Both write the same bytes, flat and packed. */
    good = good && codec_encode(scratch, &v->plain) == v->written[PEER_IN_ORDER].segment_words[0] &&
           memcmp(scratch, v->written[PEER_IN_ORDER].words, v->word_count * 8) == 0;
    good = good && codec_encode_setters(scratch, &v->plain) == v->word_count &&
           memcmp(scratch, v->words, v->word_count * 8) == 0;
    good = good && peer_encode(zeros, &v->values) == v->word_count;
    good = good && codec_packed_encode(packed, &v->plain) == v->packed_count &&
           memcmp(packed, v->packed, v->packed_count) == 0;
    for (unsigned i = 0; i < SUBJECT_COUNT; i++)
        if (!strstr(subjects[i].name, "encode"))
            good = good && subjects[i].call(v) == v->sum;
    return good;
}

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Call a subject often; returns nanoseconds for each call. */
static double timed(const struct subject *subject)
{
    volatile uint64_t sink = 0;
    uint64_t start = nanoseconds();
    for (unsigned i = 0; i < TIMED_CALLS; i++)
        sink += subject->call(&variants[i & (VARIANTS - 1)]);
    return (double)(nanoseconds() - start) / TIMED_CALLS;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *values, unsigned count)
{
    qsort(values, count, sizeof *values, compare);
    return values[count / 2];
}

static const struct subject *find(const char *name)
{
    for (unsigned i = 0; i < SUBJECT_COUNT; i++)
        if (strcmp(subjects[i].name, name) == 0)
            return &subjects[i];
    fprintf(stderr, "driver: nothing is called \"%s\"\n", name);
    exit(2);
}

/* Time the round trip of both in turns. The ratio is the median of the rounds' ratios, since what
 * slows the machine down slows down both. */
static void time_both(unsigned rounds)
{
    static double ours[ROUNDS_MAX], theirs[ROUNDS_MAX], ratios[ROUNDS_MAX];
    for (unsigned round = 0; round < rounds; round++) {
        ours[round] = timed(find("codec_round_trip"));
        theirs[round] = timed(find("peer_round_trip"));
        ratios[round] = ours[round] / theirs[round];
    }
    printf("bench host.codec_round_trip_ns %.1f ns\n", median(ours, rounds));
    printf("bench host.codec_libcapnp_round_trip_ns %.1f ns\n", median(theirs, rounds));
    printf("bench ratio.codec_libcapnp %.3f -\n", median(ratios, rounds));
}

int main(int argc, char **argv)
{
    for (unsigned i = 0; i < VARIANTS; i++)
        make(&variants[i]);
    if (argc == 2 && strcmp(argv[1], "check") == 0) {
        for (unsigned i = 0; i < VARIANTS; i++)
            if (!agrees(&variants[i])) {
                fprintf(stderr, "driver: ours and theirs disagree on message %u\n", i);
                return 1;
            }
        return 0;
    }
    if (argc == 4 && strcmp(argv[1], "count") == 0) {
        const struct subject *subject = find(argv[2]);
        volatile uint64_t sink = 0;
        CALLGRIND_ZERO_STATS; /* what make() called does not count */
        for (int i = atoi(argv[3]); i > 0; i--)
            sink += subject->call(&variants[(unsigned)i & (VARIANTS - 1)]);
        return 0;
    }
    int rounds = argc == 3 && strcmp(argv[1], "time") == 0 ? atoi(argv[2]) : 0;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fputs("usage: driver check | count NAME N | time ROUNDS\n", stderr);
        return 2;
    }
    time_both((unsigned)rounds);
    return 0;
}
