/* SPDX-License-Identifier: MIT */
/* What is measured, of ours: each function handles one whole message. */
#ifndef OURS_H
#define OURS_H
#include "message.capnp.h"

#ifdef __cplusplus
extern "C" {
#endif
#define CODEC_WORD_MAX 64u  /* room for a message with its frame */
#define CODEC_BYTE_MAX 640u /* room for a packed one */

/* Build a message in CODEC_WORD_MAX words: root, fields, text. Returns its words; zero: failed. */
uint32_t codec_encode(uint64_t *words, const struct message_sample_plain *from);

/* The same by the setters of the generated builder. */
uint32_t codec_encode_setters(uint64_t *words, const struct message_sample_plain *from);

/* Read every field and the text's last byte; returns their sum, zero if the message is bad. */
uint64_t codec_decode(const uint64_t *words, uint32_t count);

/* The same by the general reader and the getters, for messages of any legal layout. */
uint64_t codec_decode_general(const struct capnp_segment *segments, uint32_t count);

/* Build and read back. */
uint64_t codec_round_trip(uint64_t *words, const struct message_sample_plain *from);

/* Build, frame and pack into CODEC_BYTE_MAX bytes; returns the bytes, zero if it failed. */
uint32_t codec_packed_encode(uint8_t *bytes, const struct message_sample_plain *from);

/* Unpack, read the frame, and read as codec_decode. */
uint64_t codec_packed_decode(const uint8_t *bytes, uint32_t count);
#ifdef __cplusplus
}
#endif
#endif
