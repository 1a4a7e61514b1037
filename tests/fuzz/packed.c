/* SPDX-License-Identifier: MIT */
/*
 * The unpacker: the input is packed bytes. They must become what the specification says
 * (tests/capnp/oracle.h), whole and in pieces; what they become must be packed and unpacked to the
 * same; and as a message they are read.
 */
#include "capnp_pack.h"
#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 20000, SEGMENT_MAX = 16, LIMIT_WORDS = 4000 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* End the program with what is wrong. */
static void require(bool is_right, const char *what)
{
    if (is_right)
        return;
    fprintf(stderr, "packed: %s\n", what);
    abort();
}

/* Unpack in pieces whose length the first byte says; returns the words, -1 if an item is cut. */
static int64_t unpack_pieces(const uint8_t *bytes, size_t size, uint64_t *words)
{
    struct capnp_unpacker unpacker;
    uint64_t from = 0, made = 0, used;
    uint64_t piece = size > 0 ? bytes[0] % 7 + 1 : 1;
    capnp_unpacker_begin(&unpacker);
    for (;;) {
        uint64_t more = piece < size - from ? piece : size - from;
        uint64_t room = piece < ROOM - made ? piece : ROOM - made;
        uint64_t got = capnp_unpack_some(&unpacker, bytes + from, more, words + made, room, &used);
        require(used <= more && got <= room, "more than there is");
        if (got == 0 && used == 0)
            break;
        from += used;
        made += got;
    }
    return from == size && capnp_unpacker_is_done(&unpacker) ? (int64_t)made : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint64_t expected[ROOM], words[ROOM], again[ROOM];
    static uint8_t packed[ROOM * CAPNP_PACK_ROOM_MIN];
    struct capnp_segment segments[SEGMENT_MAX];
    struct capnp_message message;
    struct oracle_walk walk;
    uint64_t used = 0, count = 0;
    int64_t length = oracle_unpack(bytes, (int64_t)size, expected, ROOM);
    int64_t made = unpack_pieces(bytes, size, words);
    if (length >= 0) {
        require(made == length, "another length in pieces");
        require(memcmp(words, expected, (size_t)length * 8) == 0, "other words in pieces");
        require(capnp_unpack(bytes, size, words, (uint64_t)length, &used) == CAPNP_OK, "refused");
        require(used == size, "not all used");
        require(memcmp(words, expected, (size_t)length * 8) == 0, "other words");
        uint64_t end = capnp_pack(words, (uint64_t)length, packed, sizeof packed, &count);
        require(count == (uint64_t)length, "not all packed");
        require(oracle_unpack(packed, (int64_t)end, again, ROOM) == length, "packed wrongly");
        require(memcmp(again, words, (size_t)length * 8) == 0, "packed other words");
    } else
        require(made < 0 || made == ROOM, "what is cut off was taken");
    if (capnp_unpack_message(&message, bytes, size, words, ROOM, segments, SEGMENT_MAX, &used) ==
        CAPNP_OK) {
        require(used <= size, "a message longer than its bytes");
        message.traversal_words = LIMIT_WORDS;
        oracle_walk_message(&message, &walk);
        require(!walk.differs, walk.differs);
    }
    return 0;
}
