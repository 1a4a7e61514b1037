/* SPDX-License-Identifier: MIT */
/* Several cores: parking, mail, and the start of a core. */
#include "kernel.h"

/* A core that was reset is told where to start after this time. */
#define RESET_TICKS (10000 * TICKS_PER_MICROSECOND)

struct core *cores[CORES_MAX] = {&boot_core};
uint32_t core_count = 1;
uint32_t tree_lock, leaf_lock;
uint64_t tree_owned;
struct core *core_next; /* whose processor was asked to start: the first that comes takes it */

/* It has put all away: it waits for a holder of the lock, or sleeps. */
static bool stands(const struct core *core) {
    return __atomic_load_n(&core->parked, __ATOMIC_SEQ_CST) ||
           __atomic_load_n(&core->asleep, __ATOMIC_SEQ_CST);
}

void core_own_mask(uint64_t mask) {
    if (core_count == 1)
        return; /* then nobody takes the lock */
    assert(tree_lock & 1);
    for (uint32_t i = 0; i < core_count; i++) {
        if (cores[i] == core_self() || !__atomic_load_n(&cores[i]->online, __ATOMIC_ACQUIRE))
            mask &= ~(1ull << i);
        if (!(mask >> i & 1))
            continue;
        __atomic_store_n(&cores[i]->park_due, 1, __ATOMIC_SEQ_CST);
        /* One that is just leaving looks at park_due before anything else. */
        if (!stands(cores[i]))
            arch_core_interrupt(cores[i]);
    }
    for (uint32_t i = 0; i < core_count; i++) {
        while ((mask >> i & 1) && !stands(cores[i]))
            arch_pause();
    }
    tree_owned |= mask;
}

/* A core stores what it loads before it does. */
void core_own_space(uint64_t root) {
    uint64_t mask = 0;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    for (uint32_t i = 0; i < core_count; i++) {
        if (__atomic_load_n(&cores[i]->arch.root_current, __ATOMIC_RELAXED) == root)
            mask |= 1ull << i;
    }
    core_own_mask(mask);
}

void core_rouse(void) {
    for (uint32_t i = 0; i < core_count; i++) {
        if ((tree_owned >> i & 1) && cores[i]->asleep && cores[i]->skipped == 0)
            arch_core_interrupt(cores[i]);
    }
    tree_owned = 0;
}

void core_stand(struct core *core) {
    __atomic_store_n(&core->asleep, 0, __ATOMIC_SEQ_CST);
    while (__atomic_exchange_n(&core->park_due, 0, __ATOMIC_SEQ_CST) != 0) {
        uint32_t holder = __atomic_load_n(&tree_lock, __ATOMIC_SEQ_CST);
        __atomic_store_n(&core->parked, 1, __ATOMIC_SEQ_CST);
        while ((holder & 1) && __atomic_load_n(&tree_lock, __ATOMIC_ACQUIRE) == holder)
            arch_pause();
        __atomic_store_n(&core->parked, 0, __ATOMIC_SEQ_CST);
    }
}

void core_wake(struct core *core) {
    __atomic_exchange_n(&core->slot_due, 1, __ATOMIC_SEQ_CST); /* a barrier, too */
    if (__atomic_load_n(&core->asleep, __ATOMIC_SEQ_CST))
        arch_core_interrupt(core);
}

uint32_t core_send(struct event *event, uint64_t bits) {
    struct core *home = event->core;
    __atomic_fetch_or(&event->remote, bits, __ATOMIC_SEQ_CST);
    if (__atomic_exchange_n(&event->mailed, 1, __ATOMIC_SEQ_CST) != 0)
        return 2; /* whoever has put it there wakes the home, and the bits are taken after that */
    struct event *first = __atomic_load_n(&home->mail, __ATOMIC_RELAXED);
    do {
        event->mail_next = first;
    } while (!__atomic_compare_exchange_n(&home->mail, &first, event, true, __ATOMIC_SEQ_CST,
                                          __ATOMIC_RELAXED));
    core_wake(home);
    return 2;
}

bool core_mail(struct core *core) {
    for (uint32_t cost = 0; cost < MAIL_COST_MAX; cost++) {
        if (core->mail_taken == NULL)
            core->mail_taken = __atomic_exchange_n(&core->mail, NULL, __ATOMIC_SEQ_CST);
        struct event *event = core->mail_taken;
        if (event == NULL)
            return true;
        core->mail_taken = event->mail_next;
        /* From here on it may come again, so the bits are taken after that. */
        __atomic_store_n(&event->mailed, 0, __ATOMIC_SEQ_CST);
        cost += event_mailed(event, core);
    }
    return false;
}

_Noreturn void core_main(struct core *core) {
    arch_core_start(core);
    for (uint32_t i = 0; i < CPU_THREADS_MAX; i++)
        core->table[i] = NULL;
    __atomic_store_n(&core->online, 1, __ATOMIC_RELEASE);
    cpu_resume(core);
}

/* The frames of a core, which it keeps for ever; its tables it clears itself. */
static struct core *core_make(const struct slot *memory, uint64_t offset) {
    uint64_t count = (sizeof(struct core) + PAGE_SIZE - 1) / PAGE_SIZE;
    uint64_t base = memory->base + offset;
    if (offset >= memory->count || count > memory->count - offset || core_count == CORES_MAX ||
        !frame_take_run(base, count, 0)) {
        return NULL;
    }
    struct core *core = physical_pointer(base << PAGE_SHIFT);
    arch_zero_words(core, offsetof(struct core, table) / 8);
    arch_zero_words(&core->idle, sizeof core->idle / 8);
    cpu_start_core(core, core_count);
    cores[core_count] = core;
    boot_core.several = core->several = 1;
    __atomic_store_n(&core_count, core_count + 1, __ATOMIC_RELEASE);
    return core;
}

enum exo_status cpu_start(struct thread *caller, struct slot *slot,
                          const struct cpu_start_args *args) {
    (void)slot;
    struct slot *memory =
        slot_find(caller->home, args->memory, EXO_OBJECT_KIND_MEMORY, EXO_RIGHT_RETYPE);
    struct slot *target = slot_at(caller->home, args->slot);
    if (memory == NULL || (memory->flags & SLOT_FLAG_DEVICE) || target == NULL || args->slot == 0)
        return EXO_STATUS_BAD_CAPABILITY;
    struct core *core = cores[core_count - 1];
    bool pending = !__atomic_load_n(&core->online, __ATOMIC_ACQUIRE);
    bool named = target->kind == EXO_OBJECT_KIND_CPU && target->object == &core->object;
    if (named && !pending && core->hardware == args->core)
        return EXO_STATUS_OK;
    for (uint32_t i = 0; i < core_count - pending; i++) {
        if (cores[i]->hardware == args->core)
            return EXO_STATUS_CONFLICT;
    }
    if (!(named && pending)) {
        enum exo_status status = target->kind == EXO_OBJECT_KIND_EMPTY ? slot_derivable(memory)
                                                                       : EXO_STATUS_CONFLICT;
        if (status != EXO_STATUS_OK)
            return status;
        if (!pending && (core = core_make(memory, args->offset)) == NULL)
            return EXO_STATUS_BAD_ARGUMENT;
        slot_fill_object(target, memory, &core->object, EXO_RIGHT_CONTROL | EXO_RIGHT_RUN, 0);
    }
    uint64_t now = arch_ticks();
    /* Another number, unless a processor has the core already, which then says its own. */
    if (core->starting == 0 || (core->hardware != args->core &&
                                __atomic_exchange_n(&core_next, NULL, __ATOMIC_SEQ_CST) != NULL)) {
        core->hardware = args->core;
        core->starting = now;
        __atomic_store_n(&core_next, core, __ATOMIC_SEQ_CST);
        return arch_core_ask(core, false) ? EXO_STATUS_BUSY : EXO_STATUS_BAD_ARGUMENT;
    }
    if (core->starting != 1 && now - core->starting >= RESET_TICKS) {
        core->starting = 1;
        arch_core_ask(core, true);
    }
    return EXO_STATUS_BUSY;
}
