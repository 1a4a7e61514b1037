/* SPDX-License-Identifier: MIT */
/*
 * story: the recorded entries, one after the other: what came to the component is given to it, what
 * it sent then is compared with what it sends now.
 */
#ifndef REPLAY_STORY_H
#define REPLAY_STORY_H
#include "speech.h"

/* Tell all of a recording to the world, which was started. Returns whether the component did the
 * same as then; otherwise the first difference was printed to standard error. `*count` gets the
 * messages that agreed. */
bool story_tell(struct recording *recording, struct speech *speech, uint64_t *count);
#endif
