/* SPDX-License-Identifier: MIT */
/* What belongs to one core. Only that core touches it, or whoever holds the tree lock while it is
   parked (core_own), but for the members that say otherwise. The first ones are known to the entry
   code by generated offsets.

   The tree lock is never waited for: a call that does not get it is entered again. So a core leaves
   the kernel within one path, and whoever holds the lock may wait for others to park. A parked core
   has saved its thread and loaded the kernel's own address space: this is the shoot-down, too. It
   stays so until that holder lets go, whoever comes next. Order: the tree lock, then the leaf
   lock. */
#pragma once

#define CORES_MAX 64
/* Threads that one core can hold in its table, and deadlines that it can keep. */
#define CPU_THREADS_MAX 16384
#define COUNTERS 15
#define CORE_STACK_BYTES 16384
/* What one look at the mail handles: events, and 3 more for each Thread that one wakes. */
#define MAIL_COST_MAX 16

struct core {
    struct core *self;
    struct thread *current; /* who runs, or ran last before this entry; NULL: idle */
    uint64_t user_stack;    /* scratch of the entry code */
    uint64_t kernel_stack;  /* its top */
    uint64_t charge;        /* gas units of kernel calls since the last fold */
    uint64_t counters[COUNTERS];
    uint32_t slow;          /* not 0: the way back to user mode is not the short one */
    uint32_t number;
    uint32_t skipped;            /* idle: slots without a runnable thread, one behind the other */
    uint32_t bound;              /* threads that belong to this core */
    union {
        uint64_t due; /* something of these before user mode */
        struct {
            uint32_t urgent;    /* a marked thread became ready: the scheduler is next */
            uint32_t park_due;  /* set by the holder of the tree lock, who waits for this core */
        };
    };
    struct thread *slot_thread;  /* whose slot is being played; NULL: none */
    struct thread *slot_root;    /* it, or the thread that it yielded to */
    uint32_t slot_due;           /* before the next slot: mail (other cores set this), or urgent */
    uint32_t heap_count;
    uint32_t asleep;             /* it halts: who has mail for it interrupts it */
    uint32_t parked;             /* see above; read by the holder of the tree lock */
    uint32_t online;             /* it runs: 0 until a core that was started does */
    uint32_t several;            /* there are others: calls need the tree lock */
    uint32_t locks;              /* debug builds: LOCK_* */
    struct arch_core arch;       /* entry code reads it, too */
    uint64_t hardware;           /* the number that the processor gives it */
    uint64_t starting;           /* when it was reset, in ticks; 1: it was told where to start */
    struct event *mail;          /* that other cores signalled, the last first */
    struct event *mail_taken;    /* of these, those that this core has still to handle */
    uint64_t mail_mark;          /* when it last did, in ticks */
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
    uint8_t stack[CORE_STACK_BYTES] __attribute__((aligned(CACHE_LINE_BYTES)));
};
#define CORE_LINE(member) (offsetof(struct core, member) / CACHE_LINE_BYTES)
_Static_assert(CORE_LINE(charge) < CORE_LINE(park_due) && CORE_LINE(slow) < CORE_LINE(slot_due) &&
               CORE_LINE(slow) < CORE_LINE(asleep) && CORE_LINE(slow) < CORE_LINE(mail),
               "but to park it, others write nothing in the lines that each call touches");

_Static_assert(sizeof(struct core) <= EXO_CORE_FRAMES * PAGE_SIZE, "cpu_start takes no more");

extern struct core boot_core;
extern struct core *const boot_stack;
extern struct core *cores[CORES_MAX]; /* by number; entries below core_count stay for ever */
extern uint32_t core_count;
extern uint32_t tree_lock __attribute__((aligned(CACHE_LINE_BYTES)));
extern uint32_t leaf_lock __attribute__((aligned(CACHE_LINE_BYTES)));
_Static_assert(__alignof__(tree_lock) == CACHE_LINE_BYTES &&
               __alignof__(leaf_lock) == CACHE_LINE_BYTES, "nobody waits for both in one line");
extern uint64_t tree_owned; /* cores that its holder owns, by number */

/* Debug builds know what each core holds, by bits in the order in which locks may be taken. */
#define LOCK_TREE 1u
#define LOCK_LEAF 2u
#ifdef EXO_DEBUG
#define lock_taken(lock)                                                                           \
    do {                                                                                           \
        assert(core_self()->locks < (lock));                                                       \
        core_self()->locks |= (lock);                                                              \
    } while (0)
#define lock_given(lock) (core_self()->locks &= ~(lock))
#else
#define lock_taken(lock) ((void)0)
#define lock_given(lock) ((void)0)
#endif

/* Take the tree lock, or not: then the call is to be entered again (call_again). It is odd while
   somebody has it, and never the same twice: who waits for one holder does not miss its end. */
static inline bool tree_enter(void) {
    uint32_t free = __atomic_load_n(&tree_lock, __ATOMIC_RELAXED) & ~1u;
    bool taken = __atomic_compare_exchange_n(&tree_lock, &free, free + 1, false, __ATOMIC_ACQUIRE,
                                             __ATOMIC_RELAXED);
    if (taken)
        lock_taken(LOCK_TREE);
    return taken;
}

/* Wake those that were owned asleep, and have somebody to run now. */
void core_rouse(void);

static inline void tree_leave(void) {
    if (tree_owned != 0)
        core_rouse();
    lock_given(LOCK_TREE);
    __atomic_store_n(&tree_lock, tree_lock + 1, __ATOMIC_RELEASE);
}

/* The leaf lock: for a few instructions at a time, what several cores change outside the tree lock
   (interrupt lines, the lists of a portal's handlers). */
static inline void leaf_enter(void) {
    while (__atomic_exchange_n(&leaf_lock, 1, __ATOMIC_ACQUIRE) != 0)
        arch_pause();
    lock_taken(LOCK_LEAF);
}

static inline void leaf_leave(void) {
    lock_given(LOCK_LEAF);
    __atomic_store_n(&leaf_lock, 0, __ATOMIC_RELEASE);
}

/* With the tree lock held: wait until the cores of a mask, by number, do nothing, until the lock is
   released; ... */
void core_own_mask(uint64_t mask);
/* ... the same for one, ... */
static inline void core_own(const struct core *core) {
    if (core != core_self())
        core_own_mask(1ull << core->number);
}
/* ... for those that have loaded an address space, after entries of it were cleared. */
void core_own_space(uint64_t root);
/* Out of sleep, or to park: with all put away, stand still while the lock's holder wants it. */
void core_stand(struct core *core);
/* Events that other cores signalled are raised here, some of them: true when none was left. */
bool core_mail(struct core *core);
/* Let it look who is ready, and at its mail, before its next slot: at once if it sleeps. */
void core_wake(struct core *core);
/* Set bits of an event whose home is not this core: put it into the home's mail, and wake that.
   Answers what it cost, in units of the budget. */
uint32_t core_send(struct event *event, uint64_t bits);

/* Count one event; `counter` is a constant of enum exo_counter. */
#define core_count(counter) \
    arch_core_increment(offsetof(struct core, counters) + 8 * (uint64_t)(counter))
