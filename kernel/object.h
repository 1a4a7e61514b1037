/* SPDX-License-Identifier: MIT */
/* What all kernel objects share. An object lives on retyped frames, is named by `references`
   capabilities, and ends when the last goes (or, for a Domain, when Memory that was fed to it is
   revoked). Ending takes steps: an ending object stands in the reap list until its memory is free.

   Protected by the tree lock. */
#pragma once

#define CACHE_LINE_BYTES 64 /* of every architecture */

/* Parked: ended, but capabilities still name it. */
enum object_state { OBJECT_FREE, OBJECT_LIVE, OBJECT_ENDING, OBJECT_PARKED };

struct object {
    struct object *reap_next;
    struct slot *slots; /* that name it */
    struct label_range label;
    struct slot *tell; /* ended: the next of `slots` that has to hear it */
    uint32_t references;
    uint8_t kind; /* enum exo_object_kind */
    uint8_t state;
    uint8_t telling; /* ended: `tell` is in use */
    uint8_t unused;
};

extern struct object_list { struct object *first, *last; } objects_ending; /* oldest first */

/* A budget counts down by one for each frame, entry, child or object handled; a call that uses it
   up answers "again" and is entered again, so that no path is long (design section 4). */
#define BUDGET_STEP 256
/* Take units for a piece of work; false when they are too few: then the step ends. */
static inline bool budget_take(uint32_t *budget, uint32_t units) {
    bool enough = *budget >= units;
    *budget = enough ? *budget - units : 0;
    return enough;
}

/* Bytes that an object of the kind takes on its frame; 0 when the kind cannot be retyped. */
uint32_t object_bytes(uint64_t kind);
/* Make the object live, without a capability yet. */
void object_start(struct object *object, uint64_t kind, struct label_range label);
/* Start the end of an object: it goes to the reap list. Does nothing when that happened before. */
void object_end(struct object *object);
/* Tell those who hold it that it has ended: true when all are told. */
bool object_tell(struct object *object, uint32_t *budget);
/* Its memory is clean: wipe it and give the frame back when it was the last on it. */
void object_free(struct object *object);
/* Work on the ending objects until none is left (true) or the budget is used up (false). */
bool object_reap(uint32_t *budget);
/* The two numbers that capability_info tells of an object (see idl/kernel.capnp). */
void object_info(const struct object *object, uint64_t *value, uint64_t *count);
bool object_check(const struct object *object);
