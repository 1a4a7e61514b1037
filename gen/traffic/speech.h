/* SPDX-License-Identifier: MIT */
/*
 * speech: what an entry of a recording says, in words: who, the method's name, and the values by
 * the schema. What the schemas do not know is printed as numbers.
 */
#ifndef TRAFFIC_SPEECH_H
#define TRAFFIC_SPEECH_H
#include "dynamic.h"
#include "output.h"
#include "recording.h"
#include "schema_set.h"

/* What a question asks. */
struct speech_question {
    uint32_t question;
    uint16_t method, flags;
    uint64_t interface_id; /* 0: there was none yet, or it releases an object */
    bool is_release;
};

/* What was asked last in a channel. */
struct speech_channel {
    struct speech_question asked[CHANNEL_ENTRIES_MAX];
    struct speech_question last; /* by the portal */
};

struct speech {
    const struct recording *recording;
    struct schema_set set; /* empty: none is known */
    struct speech_channel channels[RECORDING_PLACES_MAX];
    uint64_t first_ticks; /* of the first entry; 0: there was none */
};

/* Begin with the types of a compiled request; its bytes must stay. Returns null, or what is wrong
 * with it. */
const char *speech_open(struct speech *speech, const struct recording *recording,
                        struct host_bytes request, struct arena *arena);

/* Take an entry, in the order of the recording, and print what it says on one line, without the
 * line's end. */
void speech_print(struct speech *speech, const struct recording_item *item,
                  struct output *output);

/* Remember which method a request is for; later entries that answer it say no method. */
void speech_take(struct speech *speech, const struct recording_item *item);

/* Print one entry's method and values alone. The entry was taken before. */
void speech_print_message(const struct speech *speech, const struct recording_item *item,
                          struct output *output);

/* Print who calls whom: "client -> server". */
void speech_print_way(const struct speech *speech, const struct recording_item *item,
                      struct output *output);
#endif
