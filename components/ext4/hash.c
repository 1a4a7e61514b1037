/* SPDX-License-Identifier: MIT */
/*
 * hash: the hashes of names in the index of a directory. They are the format's own: a part of MD4
 * (RFC 1320), the cipher TEA (D. Wheeler, R. Needham 1994) as a compression function, and an older
 * one; the first two in sixteen words of the name at a time, each of whose bytes is taken with or
 * without its sign, as the machine did that wrote the first name.
 */
#include "volume.h"

enum { LEGACY, HALF_MD4, TEA, UNSIGNED = 3 /* added to these */ };

#define HASH_END UINT32_C(0xfffffffe) /* stands for the end of the directory */

static uint32_t char_value(char byte, bool is_unsigned)
{
    return is_unsigned ? (uint32_t)(uint8_t)byte : (uint32_t)(int32_t)(int8_t)byte;
}

/* The next `count` words of a name; what it lacks is filled with its length. */
static void take_words(const char *name, size_t bytes, bool is_unsigned, uint32_t *words,
                       uint32_t count)
{
    uint32_t fill = (uint32_t)bytes | (uint32_t)bytes << 8;
    fill |= fill << 16;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t word = fill;
        for (size_t at = 4 * i; at < 4 * i + 4 && at < bytes; at++)
            word = char_value(name[at], is_unsigned) + (word << 8);
        words[i] = word;
    }
}

static uint32_t rotate(uint32_t word, uint32_t bits)
{
    return word << bits | word >> (32 - bits);
}

/* Three rounds of eight of MD4's steps; the orders of words and the constants are MD4's. */
static void half_md4(uint32_t state[4], const uint32_t words[8])
{
    static const uint8_t order[3][8] = {
        {0, 1, 2, 3, 4, 5, 6, 7}, {1, 3, 5, 7, 0, 2, 4, 6}, {3, 7, 2, 6, 1, 5, 0, 4}};
    static const uint8_t shifts[3][4] = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
    static const uint32_t constants[3] = {0, 0x5a827999, 0x6ed9eba1};
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (uint32_t round = 0; round < 3; round++)
        for (uint32_t step = 0; step < 8; step++) {
            uint32_t mixed = round == 0   ? (d ^ (b & (c ^ d)))
                             : round == 1 ? (b & c) + ((b ^ c) & d)
                                          : b ^ c ^ d;
            uint32_t made = rotate(a + mixed + words[order[round][step]] + constants[round],
                                   shifts[round][step % 4]);
            a = d;
            d = c;
            c = b;
            b = made;
        }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

static void tea(uint32_t state[4], const uint32_t words[4])
{
    uint32_t left = state[0], right = state[1], sum = 0;
    for (uint32_t round = 0; round < 16; round++) {
        sum += UINT32_C(0x9e3779b9);
        left += ((right << 4) + words[0]) ^ (right + sum) ^ ((right >> 5) + words[1]);
        right += ((left << 4) + words[2]) ^ (left + sum) ^ ((left >> 5) + words[3]);
    }
    state[0] += left;
    state[1] += right;
}

static uint32_t legacy(const char *name, size_t bytes, bool is_unsigned)
{
    uint32_t last = 0x12a3fe2d, before = 0x37abe8f9;
    for (size_t i = 0; i < bytes; i++) {
        uint32_t next = before + (last ^ (char_value(name[i], is_unsigned) * 7152373u));
        if (next & 0x80000000)
            next -= 0x7fffffff;
        before = last;
        last = next;
    }
    return last << 1;
}

bool hash_name(const struct ext4 *fs, uint32_t version, const char *name, size_t name_bytes,
               uint32_t *hash)
{
    uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}, words[8];
    bool is_unsigned = version >= UNSIGNED || fs->hash_is_unsigned;
    version = version >= UNSIGNED ? version - UNSIGNED : version;
    if (version > TEA)
        return false;
    if (fs->hash_seed[0] | fs->hash_seed[1] | fs->hash_seed[2] | fs->hash_seed[3])
        for (uint32_t i = 0; i < 4; i++)
            state[i] = fs->hash_seed[i];
    size_t piece = version == HALF_MD4 ? 32 : 16;
    for (size_t at = 0; version != LEGACY && at < name_bytes; at += piece) {
        take_words(name + at, name_bytes - at, is_unsigned, words, (uint32_t)(piece / 4));
        if (version == HALF_MD4)
            half_md4(state, words);
        else
            tea(state, words);
    }
    *hash = version == LEGACY     ? legacy(name, name_bytes, is_unsigned)
            : version == HALF_MD4 ? state[1]
                                  : state[0];
    *hash &= ~1u;
    if (*hash == HASH_END)
        *hash = HASH_END - 2;
    return true;
}
