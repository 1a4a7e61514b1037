/* SPDX-License-Identifier: MIT */
/*
 * probe: asks a file system for what nobody has seen in it: inodes by any number, names that are
 * not there, cookies and offsets that nobody was given, and buffers that are too small.
 */
#ifndef TEST_PROBE_H
#define TEST_PROBE_H

#include "ext4.h"

/* The same seed asks the same. Ends the program when an answer breaks a rule of ext4.h. */
void probe(struct ext4 *fs, uint32_t seed, uint32_t rounds);

#endif
