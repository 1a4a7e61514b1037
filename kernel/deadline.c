/* SPDX-License-Identifier: MIT */
#include "kernel.h"

/* Threads timed out by one interrupt; the timer fires again at once for the rest. */
#define EXPIRE_MAX 16

static void heap_place(struct core *core, uint32_t position, struct thread *thread) {
    core->heap[position] = thread;
    thread->heap_index = position + 1;
}

/* Put the thread at a free position of the heap, or where above or below its deadline belongs. */
static void heap_settle(struct core *core, uint32_t position, struct thread *thread) {
    while (position > 0 && core->heap[(position - 1) / 2]->deadline > thread->deadline) {
        heap_place(core, position, core->heap[(position - 1) / 2]);
        position = (position - 1) / 2;
    }
    for (uint32_t child; (child = 2 * position + 1) < core->heap_count; position = child) {
        if (child + 1 < core->heap_count &&
            core->heap[child + 1]->deadline < core->heap[child]->deadline) {
            child++;
        }
        if (core->heap[child]->deadline >= thread->deadline)
            break;
        heap_place(core, position, core->heap[child]);
    }
    heap_place(core, position, thread);
}

void deadline_arm(struct thread *thread, uint64_t advance) {
    /* 0 is a call that found its handler at once and has no deadline. */
    if (thread->deadline == DEADLINE_NEVER || thread->deadline == 0 || thread->heap_index != 0)
        return;
    struct core *core = thread->core;
    assert(core->heap_count < CPU_THREADS_MAX);
    heap_settle(core, core->heap_count++, thread);
    cpu_slot_shift(core, 0 - advance);
}

void deadline_disarm(struct thread *thread) {
    if (thread->heap_index == 0)
        return;
    struct core *core = thread->core;
    uint32_t position = thread->heap_index - 1;
    struct thread *last = core->heap[--core->heap_count];
    thread->heap_index = 0;
    if (last != thread)
        heap_settle(core, position, last);
}

void deadline_expire(struct core *core, uint64_t now) {
    for (uint32_t i = 0; i < EXPIRE_MAX && core->heap_count > 0; i++) {
        struct thread *thread = core->heap[0];
        if (thread->deadline > now)
            break;
        deadline_disarm(thread);
        thread_unblock(thread, EXO_STATUS_DEADLINE);
    }
}

bool deadline_check(const struct core *core) {
    for (uint32_t i = 0; i < core->heap_count; i++) {
        const struct thread *thread = core->heap[i];
        if (thread->heap_index != i + 1 ||
            (i > 0 && core->heap[(i - 1) / 2]->deadline > thread->deadline)) {
            return false;
        }
    }
    return true;
}
