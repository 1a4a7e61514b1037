/* SPDX-License-Identifier: MIT */
/* What is measured, of the C++ implementation, behind functions of C. */
#ifndef PEER_H
#define PEER_H
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#define PEER_WORD_MAX 64u
#define PEER_SEGMENT_MAX 4u

/* The message's values. */
struct peer_values {
    uint32_t number;
    uint64_t large;
    int16_t small;
    bool flag;
    double ratio;
    const char *text; /* ends with a zero byte */
    uint32_t text_length;
};

/* How a message is laid out. */
enum peer_layout {
    PEER_IN_ORDER,   /* root, struct, text, as they are set */
    PEER_TEXT_FIRST, /* the text before the struct */
    PEER_NEWER,      /* the struct of a later schema, with more fields */
    PEER_FAR,        /* the text in a second segment, behind a far pointer */
    PEER_LAYOUT_COUNT
};

/* A message that was written: its segments, in one run of words. */
struct peer_message {
    uint64_t words[PEER_WORD_MAX];
    uint32_t segment_words[PEER_SEGMENT_MAX];
    uint32_t segment_count;
};

/* Write a message in a layout. */
void peer_write(struct peer_message *message, enum peer_layout layout,
                const struct peer_values *values);

/* Build a message in PEER_WORD_MAX zero words, zero again afterwards; returns its words. */
uint32_t peer_encode(uint64_t *words, const struct peer_values *values);

/* Read every field and the text's last byte; returns their sum. */
uint64_t peer_decode(const uint64_t *words, uint32_t count);

/* Build and read back. */
uint64_t peer_round_trip(uint64_t *words, const struct peer_values *values);

/* Build, frame and pack; returns the bytes. */
uint32_t peer_packed_encode(uint8_t *bytes, uint32_t byte_max, const struct peer_values *values);

/* Unpack, read the frame and every field. */
uint64_t peer_packed_decode(const uint8_t *bytes, uint32_t count);
#ifdef __cplusplus
}
#endif
#endif
