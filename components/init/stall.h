/* SPDX-License-Identifier: MIT */
/*
 * stall: finds schedulers that say no more what their cores play.
 *
 * One that has given a sign of life (startup_alive) promises to give more while its core is busy.
 * When its cores have begun so many slots without one that a vector of 512 was played twice on
 * each, it loops or waits for something that does not come. Slots are counted, not time, so a core
 * that idles, or that the host gives no time, accuses nobody. Nor is one accused that never
 * promised anything, since it plays the same vector for ever, or one that cannot run, its account
 * being empty.
 */
#ifndef INIT_STALL_H
#define INIT_STALL_H

#include <stdint.h>

/*
 * Look at the schedulers when it is time to, a second after the last look, or some seconds when
 * their cores were idle. Prints a line for each that has stalled and calls `stalled` with its
 * index. Returns the ticks when to look next; never when no component has a Cpu.
 */
uint64_t stall_due(void (*stalled)(uint32_t index));

#endif
