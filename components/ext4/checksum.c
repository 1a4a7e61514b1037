/* SPDX-License-Identifier: MIT */
/*
 * checksum: the two sums of the format. CRC-32C takes eight bytes at a time by eight tables
 * (M. Kounavis, F. Berry: a systematic approach to building high performance software-based CRC
 * generators, 2005), which are made when a file system is opened.
 */
#include "volume.h"

#define CRC32C_POLYNOMIAL UINT32_C(0x82f63b78) /* 0x1edc6f41, reflected */
#define CRC16_POLYNOMIAL 0xa001u               /* 0x8005, reflected */

void crc32c_start(struct ext4 *fs)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? CRC32C_POLYNOMIAL : 0);
        fs->crc32c_table[0][i] = crc;
    }
    /* Table k: a byte that k further ones of zero follow. */
    for (uint32_t k = 1; k < 8; k++)
        for (uint32_t i = 0; i < 256; i++) {
            uint32_t before = fs->crc32c_table[k - 1][i];
            fs->crc32c_table[k][i] = before >> 8 ^ fs->crc32c_table[0][before & 0xff];
        }
}

uint32_t crc32c(const struct ext4 *fs, uint32_t crc, const void *bytes, size_t count)
{
    const uint32_t (*table)[256] = fs->crc32c_table;
    const uint8_t *at = bytes;
    for (; count >= 8; count -= 8, at += 8) {
        uint32_t low = crc ^ little32(at), high = little32(at + 4);
        crc = table[7][low & 0xff] ^ table[6][low >> 8 & 0xff] ^ table[5][low >> 16 & 0xff] ^
              table[4][low >> 24] ^ table[3][high & 0xff] ^ table[2][high >> 8 & 0xff] ^
              table[1][high >> 16 & 0xff] ^ table[0][high >> 24];
    }
    for (; count > 0; count--, at++)
        crc = crc >> 8 ^ table[0][(crc ^ *at) & 0xff];
    return crc;
}

uint32_t crc32c_around(const struct ext4 *fs, uint32_t crc, const uint8_t *bytes, size_t count,
                       size_t hole, size_t hole_bytes)
{
    static const uint8_t zeros[8];
    crc = crc32c(fs, crc, bytes, hole);
    crc = crc32c(fs, crc, zeros, hole_bytes);
    return crc32c(fs, crc, bytes + hole + hole_bytes, count - hole - hole_bytes);
}

uint16_t crc16(uint16_t crc, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    for (; count > 0; count--, at++) {
        crc ^= *at;
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)(crc >> 1 ^ (crc & 1 ? CRC16_POLYNOMIAL : 0));
    }
    return crc;
}
