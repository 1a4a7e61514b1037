/* SPDX-License-Identifier: MIT */
#include "own.h"

#include "entries.h"
#include "first.h"
#include "kernel_stubs.h"
#include "print.h"

enum {
    ACCOUNTS_PER_FRAME = 16,
    TABLE_FRAMES = 64, /* page tables for init's windows and channels */
    STACK_WORDS = 2048,
    UPCALL_WORDS = 512,
};

struct own own;

static uint64_t stack[STACK_WORDS], upcall_stack[UPCALL_WORDS];

bool own_frames(uint64_t frames, uint64_t *offset)
{
    return space_take(first_frames(), frames, 1, offset);
}

/* Retype fresh frames into `number` objects; returns the first slot, 0 when that fails. */
static uint32_t make(uint64_t frames, enum exo_object_kind kind, uint32_t number, uint64_t detail)
{
    uint64_t offset;
    uint32_t slot = slots_take(first_slots(), number);
    if (slot == SLOTS_NONE || !own_frames(frames, &offset))
        return 0;
    return exo_memory_retype(FIRST_SLOT_RAM, offset, frames, kind, slot, number, detail) ==
                   EXO_STATUS_OK
               ? slot
               : 0;
}

bool own_make(uint32_t accounts)
{
    uint64_t offset, page;
    uint32_t feed = slots_take(first_slots(), 1);
    uint64_t frames = (accounts + ACCOUNTS_PER_FRAME - 1) / ACCOUNTS_PER_FRAME;
    own.event = make(1, EXO_OBJECT_KIND_EVENT, 2, 0);
    own.done = own.event + 1;
    own.portal = make(1, EXO_OBJECT_KIND_PORTAL, 1, EXO_SELF);
    own.thread = make(1, EXO_OBJECT_KIND_THREAD, 1, EXO_SELF);
    own.accounts = make(frames, EXO_OBJECT_KIND_GAS, accounts, FIRST_SLOT_GAS);
    bool fed = own_frames(TABLE_FRAMES, &offset) &&
               exo_domain_feed(EXO_SELF, FIRST_SLOT_RAM, offset, TABLE_FRAMES, feed) ==
                   EXO_STATUS_OK;
    bool placed = space_take(first_space(), OWN_WINDOW_PAGES, 1, &page);
    own.window = page * CHILD_PAGE_BYTES;
    if (own.event && own.portal && own.thread && own.accounts && fed && placed)
        return true;
    print("init: there is not enough memory for its own objects\n");
    return false;
}

bool own_start_thread(uint32_t index, void (*function)(void *), void *argument)
{
    extern void runtime_entry(void);
    uint64_t words[EXO_THREAD_REGISTER_UPCALL_STACK_HIGH + 1] = {0};
    words[EXO_THREAD_REGISTER_ARG0] = (uintptr_t)function;
    words[EXO_THREAD_REGISTER_ARG1] = (uintptr_t)argument;
    words[EXO_THREAD_REGISTER_INSTRUCTION_POINTER] = (uintptr_t)runtime_entry + ENTRY_THREAD;
    words[EXO_THREAD_REGISTER_STACK_POINTER] = (uintptr_t)stack + sizeof stack;
    words[EXO_THREAD_REGISTER_FAULT_ENTRY] = (uintptr_t)runtime_entry + ENTRY_FAULT;
    words[EXO_THREAD_REGISTER_UPCALL_STACK_LOW] = (uintptr_t)upcall_stack;
    words[EXO_THREAD_REGISTER_UPCALL_STACK_HIGH] =
        (uintptr_t)upcall_stack + sizeof upcall_stack;
    return exo_thread_write(own.thread, 0, sizeof words / 8, (uintptr_t)words) == EXO_STATUS_OK &&
           exo_cpu_bind(FIRST_SLOT_CPU, own.thread, index, 0) == EXO_STATUS_OK &&
           exo_portal_attach(own.portal, own.thread) == EXO_STATUS_OK &&
           exo_thread_start(own.thread) == EXO_STATUS_OK;
}
