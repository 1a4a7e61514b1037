/* SPDX-License-Identifier: MIT */
/* The ordinary dispatch: number, object, rights, gas, handler. A word that is no kernel call goes
   to the thread's own handler of foreign system calls. */
#include "kernel.h"

/* What the call's capability index names, checked; NULL when it may not be used so. */
static void *call_object(struct thread *caller, const struct call_entry *entry, uint32_t index) {
    struct domain *home = caller->home;
    if (entry->kind == EXO_OBJECT_KIND_DOMAIN)
        return domain_find(caller, index, entry->rights);
    if (index >= home->slot_count)
        return NULL;
    struct slot *slot = &home->slots[index];
    uint8_t kind = slot_kind(slot);
    if (kind == entry->kind)
        return (slot->rights & entry->rights) == entry->rights ? slot : NULL;
    return entry->kind == CALL_OBJECT_ANY && kind != EXO_OBJECT_KIND_EMPTY ? slot : NULL;
}

enum exo_status call_again(void) {
    core_self()->slow = 1;
    return STATUS_AGAIN;
}

enum exo_status call_later(const struct thread *caller) {
    core_self()->charge -= call_table[(uint16_t)(caller->registers.status >> 32)].gas;
    return call_again();
}

enum exo_status call_locked(call_handler *handler, struct thread *caller, void *object,
                            uint64_t *words) {
    if (!tree_enter())
        return call_later(caller);
    enum exo_status status = handler(caller, object, words);
    bool gone = caller->object.state == OBJECT_FREE;
    tree_leave();
    if (gone)
        cpu_resume(core_self()); /* its frame may be somebody else's from here on */
    return status;
}

uint64_t call_enter(uint64_t word, struct thread *caller) {
    /* One comparison tells tag and number: a wrong tag makes the difference huge. */
    uint32_t number = (uint32_t)(word >> 32) - ((uint32_t)EXO_CALL_TAG << 16);
    if (number >= EXO_CALL_COUNT) {
        if (word >> 48 == EXO_CALL_TAG)
            return EXO_STATUS_BAD_CALL;
        upcall_foreign(caller, word);
        return word;
    }
    const struct call_entry *entry = &call_table[number];
    void *object = NULL;
    if (entry->kind != CALL_OBJECT_NONE) {
        object = call_object(caller, entry, (uint32_t)word);
        if (object == NULL)
            return EXO_STATUS_BAD_CAPABILITY;
    }
    core_self()->charge += entry->gas;
    return entry->handler(caller, object, caller->registers.words);
}

struct thread *call_leave(uint64_t status, struct thread *caller) {
    struct core *core = core_self();
    core->slow = 0;
    /* Who waits gets its answer when it is woken; who has stopped or is gone (its memory is wiped),
       none. A ready one may have been preempted by its own call: it cut itself from its caller. */
    if (caller->state == THREAD_READY) {
        if (__builtin_expect(status == STATUS_AGAIN, 0)) {
            core->counters[EXO_COUNTER_STEPS]++;
            caller->registers.instruction -= ARCH_SYSCALL_BYTES;
        } else if (status != STATUS_DONE) {
            caller->registers.status = status;
        }
    }
    return cpu_resumable(core);
}

enum exo_status kernel_null(struct thread *caller) {
    (void)caller;
    return EXO_STATUS_OK;
}

enum exo_status kernel_counters(struct thread *caller, const struct kernel_counters_args *args,
                                struct kernel_counters_results *results) {
    uint64_t first = args->first & 0xffffffff, number = args->first >> 32;
    uint64_t *values = &results->value0;
    const struct core *core = number == 0 ? caller->core : cores[(number - 1) % CORES_MAX];
    arch_core_fold(caller->core);
    if (first >= COUNTERS || number > core_count)
        return EXO_STATUS_BAD_ARGUMENT;
    for (uint64_t i = 0; i < 6; i++)
        values[i] = first + i < COUNTERS ? core->counters[first + i] : 0;
    return EXO_STATUS_OK;
}
