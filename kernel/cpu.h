/* SPDX-License-Identifier: MIT */
/* A core's time: the table of bound threads and the slice vector that the scheduler supplies.

   The kernel plays the vector's slots in order, reading each word once. A slot belongs to a thread
   of the table (`slot_thread`); who runs in it is the tail of the chain of calls from `slot_root`,
   which is the slot thread, or the thread it yielded to. Everything here belongs to one core. */
#pragma once

/* No slot is shorter than SLICE_TICKS_MIN: the kernel would do nothing but switch. */
#define SLICE_TICKS_DEFAULT (1000 * TICKS_PER_MICROSECOND)
/* Slots without a runnable thread that are skipped before the scheduler is played. */
#define SKIP_MAX 64

/* A slot word: table index in the low 16 bits, length in ticks above. */
#define SLOT_INDEX(word) ((uint32_t)((word) & 0xffff))
#define SLOT_TICKS(word) ((word) >> 16)

/* The report frame: words 0 to 4, then the ready bits by table index from byte 2,048 on. The
   scheduler writes ASKED: not 0, tell when the core is idle no more, rather than when it is dry. */
#define REPORT_POSITION 0
#define REPORT_DRY 1
#define REPORT_SLICES 2
#define REPORT_IDLE 3
#define REPORT_ASKED 4
#define REPORT_READY 256

/* Prepare the core's part: it plays table entry 0 until told otherwise. */
void cpu_start_core(struct core *core, uint32_t number);
/* Go on: on this slot while it has time and somebody runs in it, otherwise on the next one. Sets
   core->current, NULL when there is nothing to run. */
void cpu_reschedule(struct core *core);
/* Leave the kernel: into the current thread, with the upcall that is due, or idle until there is
   one. */
_Noreturn void cpu_resume(struct core *core);
/* The current thread when nothing is to be done before it goes on, otherwise NULL. */
static inline struct thread *cpu_resumable(const struct core *core) {
    struct thread *thread = core->current;
    return thread != NULL && (core->due | thread->attention) == 0 ? thread : NULL;
}
/* The timer has fired: deadlines, and perhaps the end of the slice. Answers who goes on, NULL when
   there is more to do (cpu_resume). */
struct thread *cpu_interrupt_timer(struct core *core);
/* The slice has ended. */
void cpu_slice_end(struct core *core, uint64_t now);
/* The current thread gives the rest of its slice to `root`, in whose chain of calls `tail` runs. */
void cpu_yield(struct core *core, struct thread *root, struct thread *tail);
/* As if the slot, and what its owner pays, had begun so many ticks later. */
static inline void cpu_slot_shift(struct core *core, uint64_t ticks) {
    core->slice_mark += ticks;
    core->payer_mark += ticks;
    core->slice_end += ticks;
}
/* Run this thread by a portal transfer: vector state and thread-local bases are reset. */
void cpu_enter(struct core *core, struct thread *thread);
/* A marked thread became ready: the scheduler is played as soon as possible. */
void cpu_urgent(struct core *core);
/* A thread became ready, or no longer is: the bits that the scheduler reads. */
static inline void cpu_thread_ready(struct thread *thread) {
    struct core *core = thread->core;
    core->skipped = 0; /* it may have a slot that the idle core has passed */
    if (core->report != NULL && thread->cpu_index != THREAD_UNBOUND)
        core->report[REPORT_READY + thread->cpu_index / 64] |= 1ull << thread->cpu_index % 64;
    if (thread->marked)
        cpu_urgent(core);
}

static inline void cpu_thread_blocked(struct thread *thread) {
    const struct core *core = thread->core;
    if (core != NULL && core->report != NULL && thread->cpu_index != THREAD_UNBOUND)
        core->report[REPORT_READY + thread->cpu_index / 64] &= ~(1ull << thread->cpu_index % 64);
}
/* A thread ends: out of the table and the core. */
void cpu_thread_remove(struct thread *thread);
/* The Memory of the vector goes: fall back to table entry 0. */
void cpu_vector_release(struct slot *slot);
/* Nothing to run: wait for interrupts until there is. */
void cpu_idle(struct core *core);
bool cpu_check(const struct core *core);
