/* SPDX-License-Identifier: MIT */
/* count_note: what a counter notes: its turn, and 24 bits each of frames and of capabilities, which
 * are less than nothing where more were given back than taken. */
#ifndef COUNT_NOTE_H
#define COUNT_NOTE_H

#define COUNT_BITS 24
#define COUNT_MASK ((UINT64_C(1) << COUNT_BITS) - 1)
#define COUNT_NOTE(turn, frames, capabilities)                                                     \
    ((turn) << 2 * COUNT_BITS | ((frames) & COUNT_MASK) << COUNT_BITS |                            \
     ((capabilities) & COUNT_MASK))

#endif
