/* SPDX-License-Identifier: MIT */
/*
 * recording: reading a file of idl/recording.capnp. It may come from anybody: what it says is
 * compared with what there is before anything is read, and the first thing that is wrong ends it.
 *
 * Owners. The file's bytes are the caller's and stay; what is read lies in an arena.
 */
#ifndef TRAFFIC_RECORDING_H
#define TRAFFIC_RECORDING_H
#include "arena.h"
#include "channel.h"
#include "host.h"
#include "recording.capnp.h"

enum {
    RECORDING_PORTS_MAX = 64,
    RECORDING_PLACES_MAX = 63, /* of all ports */
    RECORDING_SETTINGS_MAX = 32,
    RECORDING_LINE_WORDS = CHANNEL_LINE_BYTES / 4,
    RECORDING_ERROR_BYTES = 160,
};

/* A channel of the recorded component. */
struct recording_channel {
    const char *peer; /* ended by NUL, as all texts here */
    uint64_t bytes;
    uint64_t schema;
};

/* An import or export of it. */
struct recording_side {
    const char *name;
    bool is_export;
    uint64_t interface_id;
    uint32_t threads;
    uint32_t first, count; /* of its channels */
};

struct recording {
    struct host_bytes file;
    size_t at; /* where the next message begins */
    struct arena *arena;
    const char *component, *program;
    uint32_t pages, devices;
    uint64_t ticks_per_second;
    uint64_t ticks; /* when it began */
    struct recording_side sides[RECORDING_PORTS_MAX];
    struct recording_channel channels[RECORDING_PLACES_MAX];
    uint32_t side_count, channel_count;
    const char *settings[RECORDING_SETTINGS_MAX]; /* "KEY=VALUE" */
    uint32_t setting_count;
    uint32_t entry_count; /* that were read */
    char error[RECORDING_ERROR_BYTES];
};

/* One entry; its lists lie in the arena. */
struct recording_item {
    enum recording_kind kind;
    uint32_t number; /* of the entry, from 1 */
    uint32_t side;
    uint32_t channel; /* index into the recording's channels */
    uint8_t capabilities;
    uint16_t status, method, flags;
    uint32_t question, offset, range;
    uint64_t ticks, word3;
    uint32_t *line; /* RECORDING_LINE_WORDS, or null */
    uint32_t *finished;
    uint32_t finished_count;
    uint64_t *words;
    uint32_t word_count;
};

enum recording_result { RECORDING_ENTRY, RECORDING_END, RECORDING_WRONG };

/* Read the first message. False when the file is no recording; recording->error says why. */
bool recording_open(struct recording *recording, struct host_bytes file, struct arena *arena);

/* The invariants: all channels belong to a side. */
bool recording_check(const struct recording *recording);

/* Read the next entry. After RECORDING_WRONG, of which recording->error says why, there is none. */
enum recording_result recording_next(struct recording *recording, struct recording_item *item);
#endif
