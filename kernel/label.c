/* SPDX-License-Identifier: MIT */
#include "kernel.h"

/* The top bit of each byte: a level never reaches it, so it can carry a comparison. */
#define LABEL_GUARD 0x8080808080808080ull

/* In each byte the guard bit when a's level is at least b's. */
static uint64_t label_compare(uint64_t a, uint64_t b) {
    return ((a | LABEL_GUARD) - b) & LABEL_GUARD;
}

bool label_check(uint64_t label) {
    return (label & ~(uint64_t)EXO_LABEL_TOP) == 0;
}

bool label_range_check(struct label_range range) {
    return label_check(range.low) && label_check(range.high) &&
           label_dominates(range.high, range.low);
}

bool label_dominates(uint64_t upper, uint64_t lower) {
    return label_compare(upper, lower) == LABEL_GUARD;
}

uint64_t label_join(uint64_t a, uint64_t b) {
    uint64_t mask = (label_compare(a, b) >> 7) * 0xff;
    return (a & mask) | (b & ~mask);
}

uint64_t label_meet(uint64_t a, uint64_t b) {
    return a ^ b ^ label_join(a, b); /* of each dimension the one that is not the join's */
}

bool label_range_holds(struct label_range outer, struct label_range inner) {
    return label_dominates(inner.low, outer.low) && label_dominates(outer.high, inner.high);
}

enum label_access label_access(struct label_range domain, struct label_range object) {
    if (label_range_holds(domain, object) || label_range_holds(object, domain))
        return LABEL_ACCESS_ALL;
    if (label_dominates(domain.low, object.high))
        return LABEL_ACCESS_READ;
    if (label_dominates(object.low, domain.high))
        return LABEL_ACCESS_SIGNAL;
    return LABEL_ACCESS_NONE;
}
