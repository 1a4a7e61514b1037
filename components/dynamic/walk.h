/* SPDX-License-Identifier: MIT */
/*
 * walk: what the printers share: limits, and the members of a struct in the order in which they are
 * printed.
 */
#ifndef DYNAMIC_WALK_H
#define DYNAMIC_WALK_H
#include "text_print.h"

/* A walk through a value. */
struct walk {
    struct output *output;
    bool pretty;
    uint32_t depth; /* levels left */
    uint64_t work;  /* values left */
    enum dynamic_error error; /* the first */
    void (*capability)(struct output *output, uint32_t number); /* see print_options */
};

/* Begin a walk. */
struct walk walk_begin(struct print_options options, struct output *output);

/* Remember the first error. */
void walk_fail(struct walk *walk, enum dynamic_error error);

/* Is there a reason to stop: an error, no work left, or more counted than wanted. */
bool walk_stops(struct walk *walk);

/* Enter a struct or list; false, and an error, when that is too deep. walk_leave() ends it. */
bool walk_enter(struct walk *walk);
void walk_leave(struct walk *walk);

/* Pay for one value; false when no work is left. */
bool walk_pay(struct walk *walk);

/* The members of a struct that are printed: fields in their order, of the union the active one. */
struct walk_members {
    const struct dynamic_struct *from;
    uint32_t next;
    uint32_t active; /* the union's field that is printed; UINT32_MAX: none */
    bool active_last; /* it comes behind all others */
};

/*
 * Begin with the members. Pointers that are null are left out, but the union's active field only
 * when it is the union's first. In JSON the active field is never left out, and comes behind all
 * others instead of at its place.
 */
struct walk_members walk_members_begin(const struct dynamic_struct *from, bool is_json);

/* The next member; false at the end, or when the walk stops. */
bool walk_members_next(struct walk *walk, struct walk_members *members, struct dynamic_field *out);

/* How far a message's traversal limit was used: measuring puts it back, since it is no reading. */
struct walk_mark {
    struct output *output;
    uint64_t traversal_words;
};

/* May something stand on several lines; what is only measured may not. */
static inline bool walk_has_lines(const struct walk *walk)
{
    return walk->pretty && walk->output->write;
}

/* Begin to measure: until walk_measured() the walk's output counts in `count`, on one line. */
struct walk_mark walk_measure(struct walk *walk, const struct capnp_message *message,
                              struct output *count, uint64_t limit);
/* End it. Returns whether at most the limit was counted. */
bool walk_measured(struct walk *walk, struct capnp_message *message, struct walk_mark mark);
#endif
