/* SPDX-License-Identifier: MIT */
/* Domains: an address space, a capability table, a label, a gas account.

   A Domain is a run of frames: this header, then the slots of its table. Its page tables are made
   of frames that it was fed; free ones are linked through their first word. A Domain ends in
   phases, each in steps: threads and portals, address space, capabilities, then its own frames.

   Protected by the tree lock, except `root`, which each core reads when it enters the Domain. */
#pragma once

#define DOMAIN_HEADER_BYTES 512
#define DOMAIN_FRAMES_MAX 64
#define TABLE_NONE PAGE_SIZE /* no first address of a table, whatever an address has below a page */

struct domain {
    struct object object;
    uint64_t root;       /* physical address of the top page table; 0: none yet */
    struct slot *slots;
    uint64_t slot_count; /* 0 once the Domain ends, so that no look-up finds anything */
    struct gas *gas;
    struct domain *gas_next, *gas_previous; /* the account's list of Domains */
    uint64_t *table;         /* the page table found last ... */
    uint64_t table_address;  /* ... the first address that it covers, or TABLE_NONE ... */
    struct frame *table_frame; /* ... and the record of its frame */
    uint64_t pool;           /* physical address of the first free page-table frame; 0: none */
    uint64_t pool_count;
    struct thread *threads;  /* those at home here */
    struct portal *portals;  /* those that enter here */
    uint64_t cores;          /* by number, those whose kernel may look at the slots */
    uint64_t frames;         /* of its own run */
    uint64_t slot_cursor;    /* ending: first slot that may be in use */
    uint64_t feed_end;       /* ending: behind the last feed */
    uint64_t slot_total;     /* slots of the table */
    uint64_t space_cursor;   /* ending: address space below is clear */
    uint8_t phase;           /* ending: enum domain_phase */
    uint8_t dma_trusted;     /* may hold capabilities that pin frames for a device */
};
_Static_assert(sizeof(struct domain) <= DOMAIN_HEADER_BYTES, "the slots follow the header");

/* The Domain that an index of the caller's table names: EXO_SELF, or a capability with these
   rights; NULL when there is none. */
struct domain *domain_find(struct thread *caller, uint64_t index, uint32_t rights);
/* Make a Domain on `frames` zeroed kernel frames at `memory`. */
struct domain *domain_create(void *memory, uint64_t frames, struct label_range label,
                             struct gas *gas);
/* Take a zeroed frame from the pool for a page table: its physical address, 0 when empty. */
uint64_t domain_pool_take(struct domain *domain);
void domain_pool_give(struct domain *domain, uint64_t physical);
/* Give back the frames of a feed capability; ends the Domain first, and is done when its address
   space is gone: true. */
bool domain_feed_release(struct slot *slot, uint32_t *budget);
/* Work on the end of a Domain: true when its memory is free. */
bool domain_reap(struct domain *domain, uint32_t *budget);
bool domain_check(const struct domain *domain);
