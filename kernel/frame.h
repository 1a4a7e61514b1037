/* SPDX-License-Identifier: MIT */
/* The frame table: one record for each frame of RAM.

   A frame is plain or kernel. A plain frame counts its mappings, and either its writers (writable
   mappings, and capabilities derived with dma) or the capabilities that hold it frozen, never both.
   A kernel frame is none of these; `mapped` then counts what its kind counts (live objects on it,
   or present entries of a page table) and `owner` is the first frame of the Domain that it belongs
   to.

   Protected by the tree lock. Counts fall only after the covering TLB flush. */
#pragma once

#define FRAME_KERNEL INT32_MIN

struct frame {
    uint32_t mapped;
    int32_t writers;  /* > 0 writers, < 0 the frozen count, FRAME_KERNEL */
    uint32_t charger; /* slot_id() of the capability whose account pays; 0: the root account */
    uint32_t owner;   /* kernel frames of a Domain: its first frame; otherwise 0 */
};

/* The table covers frames [0, frame_limit). Frames above, and holes, are device memory. */
extern struct frame *frame_table;
extern uint64_t frame_limit;

static inline struct frame *frame_at(uint64_t number) {
    return &frame_table[number];
}

/* The record of the frame that a kernel's pointer leads to. */
static inline struct frame *frame_of(const void *pointer) {
    return frame_at(pointer_physical(pointer) >> PAGE_SHIFT);
}

static inline bool frame_is_kernel(const struct frame *frame) {
    return frame->writers == FRAME_KERNEL;
}

static inline void frame_write_remove(struct frame *frame) {
    assert(frame->writers > 0);
    frame->writers--;
}

static inline void frame_thaw(struct frame *frame) {
    assert(frame->writers < 0);
    assert(!frame_is_kernel(frame));
    frame->writers++;
}

static inline void frame_unmap(struct frame *frame, bool writable) {
    assert(frame->mapped > 0);
    assert(!frame_is_kernel(frame));
    frame->mapped--;
    if (writable)
        frame_write_remove(frame);
}

/* Each answers whether the rule allows it and then does it; nothing changes when it answers no. A
   count cannot overflow: there are fewer page-table entries and slots than it can hold. */
static inline bool frame_map(struct frame *frame, bool writable) {
    int32_t writers = frame->writers;
    /* Kernel frames and, for a writable mapping, frozen ones are negative. */
    if (writable ? writers < 0 : writers == FRAME_KERNEL)
        return false;
    frame->writers = writers + writable;
    frame->mapped++;
    return true;
}
bool frame_write_add(struct frame *frame);
bool frame_freeze(struct frame *frame);
bool frame_take(struct frame *frame, uint32_t owner);
void frame_release(struct frame *frame);
/* Take the frames of [base, base + count): all or none. */
bool frame_take_run(uint64_t base, uint64_t count, uint32_t owner);

/* The invariants of one record. */
bool frame_check(const struct frame *frame);
