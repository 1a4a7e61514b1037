/* SPDX-License-Identifier: MIT */
#include "kernel.h"
#include "arch_thread.h"

/* What is played until a scheduler supplies a vector: table entry 0, over and over. */
static const uint64_t fallback_vector[1] = {(uint64_t)SLICE_TICKS_DEFAULT << 16};
#define VECTOR_FRAMES_MIN 2
/* Time is gathered for one account at most this long before it is debited. */
#define GATHER_TICKS_MAX (100 * TICKS_PER_MICROSECOND)
/* Mail is looked at no more often while there is somebody to run. */
#define MAIL_TICKS (20 * TICKS_PER_MICROSECOND)
/* About what the way into an interrupt and back takes. */
#define ENTRY_TICKS (TICKS_PER_MICROSECOND / 10)
#define VECTOR_WORDS (PAGE_SIZE / 8)
/* Places of the table whose ready bits one step of cpu_play sets. */
#define READY_STEP 2048
_Static_assert(CPU_THREADS_MAX % READY_STEP == 0, "the last step ends with the table");

static struct core *core_from_object(struct object *object) {
    return (struct core *)((uint8_t *)object - offsetof(struct core, object));
}

static void vector_fall_back(struct core *core) {
    core->vector = fallback_vector;
    core->vector_count = 1;
    core->position = 0;
    core->report = NULL;
    core->consumed = NULL;
    core->consumed_count = 0;
    core->vector_slot = NULL;
    core->scheduler_index = 0;
}

void cpu_start_core(struct core *core, uint32_t number) {
    core->self = core;
    core->number = number;
    core->kernel_stack = (uint64_t)(core + 1);
    core->timer_deadline = DEADLINE_NEVER;
    object_start(&core->object, EXO_OBJECT_KIND_CPU, LABEL_RANGE_ALL);
    core->object.references = 1; /* the core itself: it never ends */
    vector_fall_back(core);
}

/* The same when the thread itself cannot run: its chain of calls, or nothing. */
static __attribute__((noinline)) struct thread *runnable_tail(struct thread *thread) {
    assert(thread->home != NULL);
    if (thread->home->gas->balance <= 0) {
        /* A caller that runs dry is detached; its handler finishes in its own slots. */
        if (thread->state == THREAD_CALLING)
            portal_cut(thread, EXO_STATUS_NO_GAS);
        return NULL;
    }
    thread = thread_tail(thread);
    return thread->state == THREAD_READY ? thread : NULL;
}

/* The thread that would run in this thread's slot; NULL when nobody can. Who serves a call runs in
   its caller's slots only, who pays. A thread that has lost its home is stopped. */
static inline struct thread *runnable(struct thread *thread) {
    if (thread->state == THREAD_READY && thread->home->gas->balance > 0)
        return thread->caller == NULL ? thread : NULL;
    return thread->state == THREAD_CALLING && thread->caller == NULL ? runnable_tail(thread) : NULL;
}

static inline void slot_begin(struct core *core, struct thread *owner, uint64_t ticks) {
    core->slot_thread = owner;
    core->slot_root = owner;
    core->slice_end = core->slice_mark + (ticks < SLICE_TICKS_MIN ? SLICE_TICKS_MIN : ticks);
    core->counters[EXO_COUNTER_CONTEXT_SWITCHES]++;
    uint64_t *report = core->report;
    if (report != NULL) {
        report[REPORT_POSITION] = core->position;
        report[REPORT_SLICES]++;
    }
}

/* Whoever owns the slots from now on pays; what was gathered for another account is settled. */
static inline void slot_pay(struct core *core, struct gas *payer, uint64_t now) {
    if (payer != core->payer || now - core->payer_mark > GATHER_TICKS_MAX) {
        gas_gather(core, now);
        __atomic_store_n(&core->payer, payer, __ATOMIC_RELEASE); /* read by gas_reap() */
    }
}

/* Tell the scheduler, and let it run at once if it can. */
static __attribute__((noinline)) struct thread *play_scheduler(struct core *core) {
    core->slot_thread = NULL;
    core->slot_root = NULL;
    if (core->vector_slot == NULL)
        return NULL; /* nobody has supplied a vector: entry 0 was looked at */
    core->report[REPORT_DRY]++;
    if (core->urgent || core->report[REPORT_ASKED] == 0)
        slot_notice(core->vector_slot, EXO_NOTICE_REASON_NONE);
    struct thread *scheduler = core->table[core->scheduler_index];
    struct thread *next = scheduler != NULL ? runnable(scheduler) : NULL;
    if (next != NULL)
        slot_begin(core, scheduler, SLICE_TICKS_DEFAULT);
    return next;
}

/* Before the next slot: some of the mail, and the scheduler, if a marked thread became ready. The
   mail is left for later slots if there was some just now, so that whoever signals from other cores
   takes no more than a few percent of this one's time. An idle core has time. */
static __attribute__((noinline)) struct thread *play_due(struct core *core, uint64_t now) {
    if (core->current == NULL || now - core->mail_mark >= MAIL_TICKS) {
        core->mail_mark = now;
        core->skipped = 0;
        __atomic_store_n(&core->slot_due, 0, __ATOMIC_SEQ_CST);
        if (!core_mail(core))
            core->slot_due = 1;
    }
    if (!core->urgent)
        return NULL;
    struct thread *next = play_scheduler(core);
    core->urgent = 0;
    return next;
}

/* Play the vector from its position: at most SKIP_MAX slots, then the scheduler's own. */
static inline __attribute__((always_inline)) struct thread *play(struct core *core, uint64_t now) {
    struct thread *next = core->slot_due ? play_due(core, now) : NULL;
    for (uint32_t left = SKIP_MAX; next == NULL && left > 0; left--) {
        /* The scheduler may be writing it: one read. */
        uint64_t word = __atomic_load_n(&core->vector[core->position], __ATOMIC_RELAXED);
        uint64_t position = core->position + 1;
        core->position = position == core->vector_count ? 0 : position;
        struct thread *owner =
            SLOT_INDEX(word) < CPU_THREADS_MAX ? core->table[SLOT_INDEX(word)] : NULL;
        if (SLOT_TICKS(word) != 0 && owner != NULL) {
            next = runnable(owner);
            if (next != NULL) {
                slot_begin(core, owner, SLOT_TICKS(word));
                slot_pay(core, owner->home->gas, now);
                return next;
            }
        }
        core->skipped++;
        if (core->vector_count == 1)
            break; /* nobody has supplied one */
    }
    if (next == NULL) {
        if (core->current != NULL)
            core->skipped = SKIP_MAX; /* by this look; those before have found somebody */
        next = play_scheduler(core);
    }
    slot_pay(core, core->slot_thread != NULL ? core->slot_thread->home->gas : NULL, now);
    return next;
}

/* Deadlines of the calls that a thread serves: stored at the call, armed only now that the chain
   stops running. */
static __attribute__((noinline)) void chain_arm(struct thread *caller) {
    for (; caller != NULL; caller = caller->caller)
        deadline_arm(caller, 0);
}

/* Set the timer for what comes first while `thread` runs; one that is set for earlier stays. */
static inline void timer_update(struct core *core, const struct thread *thread, uint64_t now) {
    uint64_t deadline = thread != NULL ? core->slice_end : DEADLINE_NEVER;
    if (__builtin_expect(core->heap_count != 0, 0) && core->heap[0]->deadline < deadline)
        deadline = core->heap[0]->deadline;
    if (deadline < core->timer_deadline) {
        core->timer_deadline = deadline;
        arch_timer_set(core, deadline, now);
    }
}

static inline void load(struct core *core, struct thread *before, struct thread *thread) {
    uint64_t root = thread->home->root;
    if (root != core->arch.root_current)
        arch_space_switch(core, root);
    arch_core_thread(core, thread);
    arch_thread_switch(before != NULL ? &before->arch : &core->idle, &thread->arch);
}

static inline __attribute__((always_inline)) void
switch_to(struct core *core, struct thread *thread, uint64_t now) {
    struct thread *before = core->current;
    if (before != NULL && __builtin_expect(before->caller != NULL, 0))
        chain_arm(before->caller);
    if (before != thread) {
        core->slow = 1;
        core->current = thread;
        if (thread == NULL) {
            arch_thread_switch(&before->arch, &core->idle);
        } else if (before == NULL) {
            load(core, NULL, thread);
        } else {
            load(core, before, thread);
        }
    }
    timer_update(core, thread, now);
}

static __attribute__((noinline)) void timer_update_outlined(struct core *core) {
    timer_update(core, core->current, arch_ticks());
}

void cpu_yield(struct core *core, struct thread *root, struct thread *tail) {
    struct thread *before = core->current;
    core->slow = 1;
    core->slot_root = root;
    core->current = tail;
    if (before->caller != NULL)
        chain_arm(before->caller);
    load(core, before, tail);
    /* The slice goes on; only a call that the giver serves may have a deadline to watch. */
    if (core->heap_count != 0)
        timer_update_outlined(core);
}

void cpu_enter(struct core *core, struct thread *thread) {
    core->slow = 1;
    core->current = thread;
    uint64_t root = thread->home->root;
    if (root != core->arch.root_current)
        arch_space_load(core, root);
    arch_core_thread(core, thread);
    arch_vector_reset();
}

/* The slot ends: its owner has used the time since slice_mark. */
static inline void slot_end(struct core *core, uint64_t now) {
    struct thread *owner = core->slot_thread;
    if (owner != NULL) {
        uint64_t ticks = now - core->slice_mark;
        owner->consumed += ticks;
        core->counters[EXO_COUNTER_SLOT_TICKS] += ticks;
        if (core->consumed != NULL && owner->cpu_index < core->consumed_count)
            core->consumed[owner->cpu_index] = owner->consumed;
    }
    core->slice_mark = now;
}

static inline __attribute__((always_inline)) struct thread *next_slot(struct core *core,
                                                                      uint64_t now) {
    slot_end(core, now);
    struct thread *next = play(core, now);
    switch_to(core, next, now);
    return next;
}

__attribute__((noinline)) void cpu_slice_end(struct core *core, uint64_t now) {
    next_slot(core, now);
}

void cpu_reschedule(struct core *core) {
    uint64_t now = arch_ticks();
    struct thread *next = NULL;
    if (core->slot_thread != NULL && now < core->slice_end) {
        if (core->slot_root != core->slot_thread)
            next = runnable(core->slot_root);
        if (next == NULL) {
            core->slot_root = core->slot_thread;
            next = runnable(core->slot_thread);
        }
    }
    if (next != NULL) {
        switch_to(core, next, now);
    } else {
        cpu_slice_end(core, now);
    }
}

/* Work on what has ended: true when nothing was left. */
static bool reap(void) {
    uint32_t budget = BUDGET_STEP;
    if (!tree_enter())
        return false;
    bool done = object_reap(&budget) && budget == BUDGET_STEP;
    tree_leave();
    return done;
}

/* Out of the way until the holder of the tree lock has released it. The slot goes on afterwards,
   and nobody pays for the time between. */
static void park(struct core *core) {
    uint64_t begin = arch_ticks();
    slot_end(core, begin);
    gas_gather(core, begin);
    if (core->current != NULL)
        switch_to(core, NULL, begin);
    arch_space_load(core, 0);
    core_stand(core);
    core->skipped = 0;
    core->slice_mark = core->payer_mark = arch_ticks();
    core->slice_end += core->slice_mark - begin;
    cpu_reschedule(core);
}

_Noreturn void cpu_resume(struct core *core) {
    core->slow = 0;
    for (;;) {
        struct thread *thread = core->current;
        if (cpu_resumable(core) != NULL) {
            core->slow = 0;
            arch_resume(thread);
        } else if (core->park_due) {
            park(core);
        } else if (thread == NULL) {
            cpu_idle(core);
        } else if (core->urgent) {
            thread->attention &= (uint8_t)~ATTENTION_URGENT;
            cpu_slice_end(core, arch_ticks());
        } else if (thread->attention & ATTENTION_URGENT) {
            thread->attention &= (uint8_t)~ATTENTION_URGENT;
        } else if (thread->attention & ATTENTION_REAP) {
            bool done = reap();
            if (core->current == thread && done)
                thread->attention &= (uint8_t)~ATTENTION_REAP;
            else if (!done)
                arch_interrupt_window();
        } else if (upcall_event(thread)) {
            arch_resume(thread);
        }
    }
}

struct thread *cpu_interrupt_timer(struct core *core) {
    uint64_t now = arch_ticks();
    core->timer_deadline = DEADLINE_NEVER;
    if (__builtin_expect(core->heap_count != 0, 0)) {
        deadline_expire(core, now);
        uint64_t spent = arch_ticks() - now;
        /* The slot goes on as if nothing had been, unless it has only just begun. */
        if (now < core->slice_end && core->slice_mark + EXPIRE_TICKS <= now)
            cpu_slot_shift(core, spent + ENTRY_TICKS);
        now += spent;
    }
    struct thread *thread = core->current;
    if (thread != NULL && now >= core->slice_end) {
        thread = next_slot(core, now);
    } else {
        timer_update(core, thread, now);
    }
    if (thread == NULL || (core->due | thread->attention) != 0)
        return NULL;
    core->slow = 0;
    return thread;
}

void cpu_urgent(struct core *core) {
    core->urgent = core->slot_due = 1;
    if (core->current != NULL)
        thread_attend(core->current, ATTENTION_URGENT);
}

static void table_clear(struct core *core, uint32_t index) {
    struct thread *thread = core->table[index];
    if (thread != NULL) {
        cpu_thread_blocked(thread);
        thread->cpu_index = THREAD_UNBOUND;
        core->table[index] = NULL;
    }
}

void cpu_thread_remove(struct thread *thread) {
    struct core *core = thread->core;
    if (core == NULL)
        return;
    if (thread->cpu_index != THREAD_UNBOUND)
        table_clear(core, thread->cpu_index);
    if (core->slot_thread == thread) { /* until the next slot begins nobody pays */
        uint64_t now = core == core_self() ? arch_ticks() : core->slice_mark; /* it is parked */
        slot_end(core, now);
        gas_gather(core, now);
        core->slot_thread = core->slot_root = NULL;
        core->payer = NULL;
    } else if (core->slot_root == thread) {
        core->slot_root = core->slot_thread;
    }
    core->bound--;
    thread->core = NULL;
}

void cpu_vector_release(struct slot *slot) {
    core_own(slot->core);
    if (slot->core != core_self())
        slot->core->slice_end = 0; /* the slot that it plays may be of any length */
    for (uint64_t i = 0; i < slot->count; i++)
        frame_unmap(frame_at(slot->base + i), true);
    slot->core->skipped = 0; /* entry 0 may have somebody to run */
    if (slot->core->vector_slot == slot)
        vector_fall_back(slot->core);
}

/* Sleep until an interrupt, unless another core asks for something just now. */
static void idle_sleep(struct core *core) {
    if (__atomic_load_n(&objects_ending.first, __ATOMIC_RELAXED) != NULL && !reap()) {
        /* More may be due, or somebody ready: the timer fires at once, so interrupts come. */
        core->timer_deadline = arch_ticks();
        arch_timer_set(core, core->timer_deadline, core->timer_deadline);
    }
    /* Nobody's address space: its changes need not wake this core. */
    if (core_count > 1 && core->arch.root_current != 0)
        arch_space_load(core, 0);
    __atomic_store_n(&core->asleep, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&core->park_due, __ATOMIC_SEQ_CST) == 0 &&
        __atomic_load_n(&core->slot_due, __ATOMIC_SEQ_CST) == 0) {
        arch_idle_wait();
    }
    core_stand(core);
    core->skipped = 0;
}

void cpu_idle(struct core *core) {
    uint64_t start = arch_ticks();
    do {
        if (core->skipped < core->vector_count || core->slot_due) {
            /* A long vector without a runnable thread is looked through in steps. */
            cpu_slice_end(core, arch_ticks());
            if (core->current == NULL)
                arch_interrupt_window();
        } else {
            idle_sleep(core);
        }
    } while (core->current == NULL && core->park_due == 0);
    uint64_t end = arch_ticks();
    core->counters[EXO_COUNTER_IDLE_TICKS] += end - start;
    if (core->report != NULL) {
        core->report[REPORT_IDLE] = core->counters[EXO_COUNTER_IDLE_TICKS];
        const struct thread *scheduler = core->table[core->scheduler_index];
        if (core->report[REPORT_ASKED] != 0 && core->current != NULL &&
            core->slot_thread != scheduler)
            slot_notice(core->vector_slot, EXO_NOTICE_REASON_NONE);
    }
    core->slice_mark = core->payer_mark = end;
}

bool cpu_check(const struct core *core) {
    uint32_t entries = 0;
    for (uint32_t i = 0; i < CPU_THREADS_MAX; i++) {
        const struct thread *thread = core->table[i];
        if (thread != NULL && (thread->cpu_index != i || thread->core != core))
            return false;
        entries += thread != NULL;
    }
    return entries <= core->bound && core->position < core->vector_count && deadline_check(core);
}

enum exo_status cpu_bind(struct thread *caller, struct slot *slot,
                         const struct cpu_bind_args *args) {
    struct core *core = core_from_object(slot->object);
    bool unbound = args->index == THREAD_UNBOUND;
    if (!core->online)
        return EXO_STATUS_BUSY;
    if ((!unbound && args->index >= CPU_THREADS_MAX) || args->marked > 1)
        return EXO_STATUS_BAD_ARGUMENT;
    if (args->thread == EXO_NONE) {
        if (unbound)
            return EXO_STATUS_BAD_ARGUMENT;
        core_own(core);
        table_clear(core, (uint32_t)args->index);
        return EXO_STATUS_OK;
    }
    struct slot *named =
        slot_find(caller->home, args->thread, EXO_OBJECT_KIND_THREAD, EXO_RIGHT_RUN);
    if (named == NULL)
        return EXO_STATUS_BAD_CAPABILITY;
    struct thread *thread = (struct thread *)named->object;
    core_own(core);
    if ((thread->core != NULL && thread->core != core) || thread->home == NULL ||
        (!unbound && core->table[args->index] != NULL && core->table[args->index] != thread) ||
        (thread->core == NULL && core->bound >= CPU_THREADS_MAX)) {
        return EXO_STATUS_CONFLICT;
    }
    if (thread->core == NULL) {
        core->bound++;
        thread->core = core;
        thread->home->cores |= 1ull << core->number;
    }
    if (thread->cpu_index != THREAD_UNBOUND)
        table_clear(core, thread->cpu_index);
    thread->marked = 0;
    if (!unbound) {
        thread->cpu_index = (uint32_t)args->index;
        core->table[args->index] = thread;
        if (thread->state == THREAD_READY)
            cpu_thread_ready(thread);
    }
    thread->marked = (uint8_t)args->marked; /* it does not become ready by being bound */
    return EXO_STATUS_OK;
}

/* The kernel reads and writes the frames for as long as the vector is played: each counts as a
   writable mapping. All or none. */
static bool vector_frames_take(uint64_t base, uint64_t count) {
    for (uint64_t i = 0; i < count; i++) {
        if (!frame_map(frame_at(base + i), true)) {
            while (i-- > 0)
                frame_unmap(frame_at(base + i), true);
            return false;
        }
    }
    return true;
}

/* Set the ready bits of the threads in the table, some at a time; changes set theirs meanwhile. */
static enum exo_status play_ready(struct core *core, struct cpu_play_results *results) {
    uint32_t end = core->ready_next + READY_STEP;
    for (; core->ready_next < end; core->ready_next++) {
        struct thread *thread = core->table[core->ready_next];
        if (thread != NULL && thread->state == THREAD_READY)
            cpu_thread_ready(thread);
    }
    if (end < CPU_THREADS_MAX)
        return call_again();
    results->index = 0;
    return EXO_STATUS_OK;
}

enum exo_status cpu_play(struct thread *caller, struct slot *slot,
                         const struct cpu_play_args *args, struct cpu_play_results *results) {
    struct core *core = core_from_object(slot->object);
    uint64_t scheduler = args->scheduler & 0xffffffff;
    uint64_t event = args->scheduler >> 32;
    uint64_t count = args->count;
    if (!core->online)
        return EXO_STATUS_BUSY;
    core_own(core);
    if (args->memory == EXO_NONE) {
        results->index = core->position;
        return EXO_STATUS_OK;
    }
    struct slot *memory = slot_find(caller->home, args->memory, EXO_OBJECT_KIND_MEMORY,
                                    EXO_RIGHT_READ | EXO_RIGHT_WRITE);
    if (memory == NULL || (memory->flags & SLOT_FLAG_DEVICE))
        return EXO_STATUS_BAD_CAPABILITY;
    struct slot *target = slot_at(caller->home, args->slot);
    if (target != NULL && target == core->vector_slot && target->parent == memory &&
        core->ready_next < CPU_THREADS_MAX) {
        return play_ready(core, results); /* a further step */
    }
    target = slot_find_free(caller->home, args->slot);
    if (target == NULL || count < VECTOR_FRAMES_MIN || scheduler >= CPU_THREADS_MAX ||
        count > VECTOR_FRAMES_MIN + CPU_THREADS_MAX / VECTOR_WORDS ||
        !slot_holds(memory, args->offset, count)) {
        return EXO_STATUS_BAD_ARGUMENT;
    }
    enum exo_status status = slot_derivable(memory);
    uint64_t base = memory->base + args->offset;
    if (status != EXO_STATUS_OK)
        return status;
    if (!vector_frames_take(base, count))
        return EXO_STATUS_CONFLICT;
    slot_fill(target, memory, EXO_OBJECT_KIND_VECTOR, 0);
    target->base = (uint32_t)base;
    target->count = (uint32_t)count;
    target->notify = (uint32_t)event;
    target->core = core;
    caller->home->cores |= 1ull << core->number; /* it looks up the Event */
    core->vector_slot = target;
    core->report = physical_pointer(base << PAGE_SHIFT);
    core->vector = physical_pointer((base + 1) << PAGE_SHIFT);
    core->vector_count = VECTOR_WORDS;
    core->position = 0;
    core->consumed = count > 2 ? physical_pointer((base + 2) << PAGE_SHIFT) : NULL;
    core->consumed_count = (count - 2) * VECTOR_WORDS;
    core->scheduler_index = (uint32_t)scheduler;
    for (uint32_t i = 0; i < CPU_THREADS_MAX / 64; i++)
        core->report[REPORT_READY + i] = 0;
    core->ready_next = 0;
    return play_ready(core, results);
}
