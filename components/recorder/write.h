/* SPDX-License-Identifier: MIT */
/* write: the recording, in the form of idl/recording.capnp, byte by byte through a port. */
#ifndef RECORDER_WRITE_H
#define RECORDER_WRITE_H
#include "recording.capnp.h"
#include "registers.h"
#include "wire.h"

/* A port of the recorded component. */
struct port_description {
    bool is_export;
    const char *name;
    uint32_t name_bytes;
    uint64_t interface_id;
    uint16_t threads;
    uint32_t wire_first, wire_count;
};

/* What there is to write down of one message; what is null or 0 did not change or is not there. */
struct entry {
    enum recording_kind kind;
    uint8_t capabilities;
    uint16_t status, method, flags;
    uint32_t question, offset, range;
    uint64_t word3;
    const uint32_t *line;     /* WIRE_LINE_WORDS */
    const uint32_t *finished; /* finished_count */
    uint32_t finished_count;
    const uint64_t *words; /* word_count */
    uint32_t word_count;
};

/* Begin to write, a byte at a time to the first of `registers`, messages of at most `words` words.
 * False when there is no memory for that. */
bool write_start(const struct registers *registers, uint32_t words);

/* Write the first message. */
void write_recording(const struct port_description *ports, uint32_t count,
                     const struct wire *wires);

/* Write an entry for a wire, whole and before the next one. */
void write_entry(const struct wire *wire, const struct entry *entry);
#endif
