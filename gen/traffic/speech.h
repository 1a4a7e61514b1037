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

/* Which requests of a channel wait for their replies. */
struct speech_channel {
    struct {
        uint32_t question;
        uint16_t method, flags;
        uint64_t interface_id;
    } asked[CHANNEL_ENTRIES_MAX];
    uint16_t method, flags; /* of the last call */
    uint32_t question;
    uint64_t interface_id;
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
