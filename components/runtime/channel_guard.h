/* SPDX-License-Identifier: MIT */
/*
 * channel_guard: a channel whose memory goes away does not take its reader with it.
 *
 * Whoever joined two domains can take their channel back at any time, so each read and write in it
 * may fault. The guard maps a spare page there, marks the channel broken and lets the instruction
 * go on; the stubs look at the mark when they are done and answer `disconnected`. So the common
 * path carries one comparison and nothing else.
 */
#ifndef CHANNEL_GUARD_H
#define CHANNEL_GUARD_H
#include "channel.h"

/* Name the spare page: a frame of a Memory in the own table, with the rights to read and write,
 * whose content does not matter; it may be mapped many times. Without one, such a fault ends the
 * component. Called once, before channels are opened. */
void channel_guard_spare(uint32_t memory, uint64_t offset);

/* Guard the memory of a channel, from `address` on; when it was gone, `channel->broken` becomes
 * true and its mark is set. Guarding the same address again replaces the channel. Returns false
 * when there are FAULT_REGIONS_MAX already. */
bool channel_guard(uint64_t address, uint64_t bytes, struct channel *channel);
#endif
