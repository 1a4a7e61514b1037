/* SPDX-License-Identifier: MIT */
/* What belongs to one core. Only that core touches it, so nothing here needs a lock. The first
   members are known to the entry code by generated offsets. */
#ifndef CORE_H
#define CORE_H

#include "arch.h"
#include "object.h"

#define CORES_MAX 64
/* Threads that one core can hold in its table, and deadlines that it can keep. */
#define CPU_THREADS_MAX 16384
#define COUNTERS 12

struct gas;
struct thread;
struct slot;

struct core {
    struct core *self;
    struct thread *current; /* who runs, or ran last before this entry; NULL: idle */
    uint64_t user_stack;    /* scratch of the entry code */
    uint64_t kernel_stack;  /* its top */
    uint64_t charge;        /* gas units of kernel calls since the last fold */
    uint64_t counters[COUNTERS];
    uint32_t slow;          /* not 0: the way back to user mode is not the short one */
    uint32_t number;
    uint32_t skipped;            /* slots without a runnable thread; the idle core counts */
    uint32_t urgent;             /* a marked thread became ready: the scheduler is next */
    struct thread *slot_thread;  /* whose slot is being played; NULL: none */
    struct thread *slot_root;    /* it, or the thread that it yielded to */
    uint32_t bound;         /* threads that belong to this core */
    uint32_t heap_count;
    struct arch_core arch;       /* entry code reads it, too */
    uint64_t slice_end;          /* ticks */
    uint64_t slice_mark;         /* when the slot began */
    struct gas *payer;           /* who owned the slots since payer_mark; NULL: nobody */
    uint64_t payer_mark;
    uint64_t timer_deadline;     /* what the timer is set to */
    /* The slice vector, and where the scheduler reads what happened. */
    const uint64_t *vector;
    uint64_t vector_count;
    uint64_t position;
    uint64_t *report;      /* frame 0 of the Memory that cpu_play named; NULL: none */
    uint64_t *consumed;    /* frames 2 and up: ticks by table index */
    uint64_t consumed_count;
    struct slot *vector_slot;  /* kind vector; its notify names the Event of a dry vector */
    struct object object;      /* what Cpu capabilities name */
    uint32_t scheduler_index;  /* its thread's place in the table */
    uint32_t ready_next;       /* of the table, whose ready bit cpu_play has still to set */
    struct thread *table[CPU_THREADS_MAX];
    struct thread *heap[CPU_THREADS_MAX]; /* by deadline, a binary heap */
    struct arch_thread idle; /* what is saved and loaded while no thread runs */
};

/* Count one event; `counter` is a constant of enum exo_counter. */
#define core_count(counter) \
    arch_core_increment(offsetof(struct core, counters) + 8 * (uint64_t)(counter))

#endif
