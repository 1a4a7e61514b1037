/* SPDX-License-Identifier: MIT */
/* ring: threads that take turns, as a ring of numbers; who is next is in the owner's `first`. */
#ifndef SCHEDULE_RING_H
#define SCHEDULE_RING_H

#include <stdbool.h>
#include <stdint.h>

#define RING_NONE UINT32_MAX /* the `first` of a ring without threads */

struct ring_link {
    uint32_t next, previous;
};

/* Put a thread, which is in no ring, where its turn comes last. */
static inline void ring_push(struct ring_link *links, uint32_t *first, uint32_t index)
{
    if (*first == RING_NONE) {
        *first = links[index].next = links[index].previous = index;
        return;
    }
    uint32_t last = links[*first].previous;
    links[index] = (struct ring_link){.next = *first, .previous = last};
    links[last].next = links[*first].previous = index;
}

/* Take a thread out of the ring that it is in. */
static inline void ring_take(struct ring_link *links, uint32_t *first, uint32_t index)
{
    struct ring_link link = links[index];
    links[link.previous].next = link.next;
    links[link.next].previous = link.previous;
    if (*first == index)
        *first = link.next == index ? RING_NONE : link.next;
}

/* Who is next? The one behind it is from now on. There must be one. */
static inline uint32_t ring_turn(const struct ring_link *links, uint32_t *first)
{
    uint32_t answer = *first;
    *first = links[answer].next;
    return answer;
}

/* Count the threads of a ring, at most `most` + 1; links that do not fit make it most + 1. */
static inline uint32_t ring_count(const struct ring_link *links, uint32_t first, uint32_t most)
{
    uint32_t count = 0, at = first;
    if (first == RING_NONE)
        return 0;
    do {
        if (links[links[at].next].previous != at || count++ > most)
            return most + 1;
        at = links[at].next;
    } while (at != first);
    return count;
}

#endif
