/* SPDX-License-Identifier: MIT */
/* Labels: eight dimensions of eight levels, one byte each, in a word; a lattice ordered component
   by component. Every operation is branch-free. Labels never change. */
#pragma once

/* low is dominated by high. Equal for all but what the composition calls trusted. */
struct label_range {
    uint64_t low;
    uint64_t high;
};
#define LABEL_RANGE_ALL ((struct label_range){.low = 0, .high = EXO_LABEL_TOP})

enum label_access {
    LABEL_ACCESS_NONE,   /* no right may be held */
    LABEL_ACCESS_READ,   /* reading Memory only */
    LABEL_ACCESS_SIGNAL, /* signalling an Event only */
    LABEL_ACCESS_ALL,
};

/* Whether the word is a label at all: no level above 7. */
bool label_check(uint64_t label);
/* Whether the range is one: both labels, low dominated by high. */
bool label_range_check(struct label_range range);
/* Whether `upper` is at least `lower` in every dimension. */
bool label_dominates(uint64_t upper, uint64_t lower);
uint64_t label_join(uint64_t a, uint64_t b);
uint64_t label_meet(uint64_t a, uint64_t b);
/* Whether `inner` lies within `outer`. */
bool label_range_holds(struct label_range outer, struct label_range inner);
/* What a Domain of range `domain` may hold of an object of range `object` (design section 4): all
   when one range holds the other, reading when the Domain's low dominates the object's high,
   signalling when the object's low dominates the Domain's high, otherwise nothing. */
enum label_access label_access(struct label_range domain, struct label_range object);
