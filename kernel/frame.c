/* SPDX-License-Identifier: MIT */
#include "kernel.h"

struct frame *frame_table;
uint64_t frame_limit;

bool frame_check(const struct frame *frame) {
    /* Not of the counts: a writable mapping counts twice, a dma capability only as a writer. */
    return frame_is_kernel(frame) || frame->owner == 0;
}

bool frame_write_add(struct frame *frame) {
    if (frame->writers < 0)
        return false;
    frame->writers++;
    return true;
}

bool frame_freeze(struct frame *frame) {
    if (frame->writers > 0 || frame_is_kernel(frame))
        return false;
    frame->writers--;
    return true;
}

bool frame_take(struct frame *frame, uint32_t owner) {
    if (frame->writers != 0 || frame->mapped != 0)
        return false;
    frame->writers = FRAME_KERNEL;
    frame->owner = owner;
    core_self()->counters[EXO_COUNTER_KERNEL_FRAMES]++;
    return true;
}

void frame_release(struct frame *frame) {
    assert(frame_is_kernel(frame));
    assert(frame->mapped == 0);
    frame->writers = 0;
    frame->owner = 0;
    core_self()->counters[EXO_COUNTER_KERNEL_FRAMES]--;
}

bool frame_take_run(uint64_t base, uint64_t count, uint32_t owner) {
    for (uint64_t i = 0; i < count; i++) {
        if (!frame_take(frame_at(base + i), owner)) {
            while (i-- > 0)
                frame_release(frame_at(base + i));
            return false;
        }
    }
    return true;
}
