/* SPDX-License-Identifier: MIT */
/*
 * aim: chooses changes for damage.h that hit the fields of structures, each kind of structure as
 * often as any other: nearly all bytes of an image are names, contents or nothing.
 */
#ifndef TEST_AIM_H
#define TEST_AIM_H

#include "damage.h"

/* Writes a change of DAMAGE_BYTES bytes; *state is that of the random numbers, and not 0. */
void aim(const struct damage *damage, uint64_t *state, uint8_t *change);
/* The next random number below `limit`. */
uint32_t aim_random(uint64_t *state, uint32_t limit);

#endif
