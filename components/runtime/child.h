/* SPDX-License-Identifier: MIT */
/*
 * child: a Domain that this program makes from its own Memory, with threads, stacks and the
 * segments of a program. init makes components of it; a test makes copies of itself.
 *
 * All that belongs to a child is made of one run of frames, the pool, which has a capability of its
 * own: revoking that ends the child with everything in it. The child's private frames (written
 * segments, front pages, stacks, heap) are one Memory in its slot CHILD_SLOT_MEMORY.
 *
 * Order in the pool: Domain | Threads | Portals | Event | page tables | private frames.
 * Order of the private frames: written segments | front pages | stacks | the rest.
 */
#ifndef RUNTIME_CHILD_H
#define RUNTIME_CHILD_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel_calls.h"

enum {
    CHILD_PAGE_BYTES = 4096,
    CHILD_SEGMENTS_MAX = 4,
    CHILD_THREADS_MAX = 16,
    CHILD_PORTALS_MAX = 8,
    CHILD_UPCALL_PAGES = 2, /* of each thread's upcall stack */
    CHILD_TABLES_SPARE = 2, /* page tables for what the child maps itself */
};

/* Slots of the child's own table. */
enum {
    CHILD_SLOT_MEMORY = 1,  /* its private frames */
    CHILD_SLOT_THREAD = 2,  /* its first Thread */
    CHILD_SLOT_EXIT = 3,    /* the Event that its threads' stop signals, if there is one */
    CHILD_SLOT_WAKE = 4,    /* its own Event */
    CHILD_SLOT_FEED = 5,    /* its page tables */
    CHILD_SLOT_SEGMENT = 6, /* read-only segments, CHILD_SEGMENTS_MAX slots */
    CHILD_SLOT_LOCK = 10,   /* the bit of its own Event that locks use */
    CHILD_SLOT_FREE = 11,
};

#define CHILD_LOCK_BIT (UINT64_C(1) << 63)

/* User addresses below 1 GiB, so that two levels of page tables are shared by all of it. */
#define CHILD_FRONT_ADDRESS UINT64_C(0x10000000)

/* A segment of the program. */
struct child_segment {
    uint32_t slot;         /* read-only segments: the Memory that holds it, else 0: copied */
    uint64_t offset;       /* ... and the frame in it where the segment starts */
    uint64_t address;      /* in the child */
    uint64_t pages;
    uint64_t source_pages; /* copied segments: pages to copy, the others start as zeros */
    const void *source;    /* ... and where they are now */
    uint64_t rights;       /* EXO_RIGHT_READ and so on */
};

/* What a child is to be made of. */
struct child_plan {
    uint32_t memory;        /* slot of the maker's Memory, with the right to retype */
    uint64_t offset;        /* the pool in it: frames that nobody uses */
    uint64_t frames;
    uint32_t gas;           /* slot of the account that the child runs on and that pays the pool */
    bool trusted_dma;
    const uint64_t *labels; /* two words, low and high; null: the Memory's own */
    uint32_t domain_frames; /* of the Domain with its table: 28 slots, 32 for a further frame */
    uint32_t thread_count;  /* at least 1 */
    uint32_t portal_count;
    uint64_t front_pages;   /* writable pages at CHILD_FRONT_ADDRESS */
    uint64_t stack_pages;   /* of each thread */
    uint64_t extra_pages;   /* address space that the maker will map behind the stacks */
    uint64_t first_slot;    /* first of child_slots(plan) free slots of the maker's table */
    uint64_t window;        /* page-aligned free addresses of the maker, child_window(plan) pages */
    uint32_t exit_event;    /* slot of an Event of the maker, for CHILD_SLOT_EXIT; 0: none */
    uint64_t exit_bits;
    uint32_t segment_count;
    struct child_segment segments[CHILD_SEGMENTS_MAX];
    uint64_t entry;         /* first instruction; the upcall entries follow it */
};

/* A child that was made: slots of the maker, addresses of the child. */
struct child {
    uint32_t pool;           /* Memory of everything */
    uint32_t domain;
    uint32_t event;          /* its own Event, all rights */
    uint32_t thread;         /* the first of thread_count */
    uint32_t portal;         /* the first of portal_count */
    uint64_t private_offset; /* in the pool, in frames */
    uint64_t private_frames;
    uint64_t front_offset;   /* in the private frames */
    uint64_t heap_offset;    /* in the private frames: the first that is not used */
    uint64_t stack_top[CHILD_THREADS_MAX];
};

/* How many slots of its own table, and pages of window, the maker must have free. */
uint32_t child_slots(const struct child_plan *plan);
uint64_t child_window(const struct child_plan *plan);
/* How many frames the pool must have at least. */
uint64_t child_frames(const struct child_plan *plan);
/* Where extra_pages begin, in the child. */
uint64_t child_extra_address(const struct child_plan *plan);

/*
 * Make the child. Its threads are stopped, with stacks, upcall stacks and entries set, the first
 * with the instruction pointer at the plan's entry, the others at its thread entry. Copied
 * segments and front pages stay mapped, writable, at the window until child_close.
 * Errors: those of the kernel calls; nothing is left then but the slots that child_end frees.
 */
enum exo_status child_make(const struct child_plan *plan, struct child *child);

/* The front pages while they are in the window. */
void *child_front(const struct child_plan *plan);

/* Take the window back. */
enum exo_status child_close(const struct child_plan *plan);

/*
 * Set where a thread (0 the first) starts: `function` of the child's program with one argument, by
 * way of the program's thread entry.
 */
enum exo_status child_call(const struct child_plan *plan, const struct child *child,
                           uint32_t thread, uint64_t function, uint64_t argument);

/* End the child: everything made of its pool goes, then the pool's own capability. */
enum exo_status child_end(const struct child *child);

#endif
