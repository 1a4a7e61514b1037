/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <stdlib.h>

#include "kernel.h"

/* Entries of a core's table and heap that snapshots keep. */
#define KEPT 64
#define SLICE (1ull << 40)
#define REENTRIES_MAX 100000
#define JUNK 0xa5

uint8_t *machine_memory;
struct core *machine_core;
uint64_t machine_clock;
struct domain *machine_domain;
struct thread *machine_thread;
uint64_t machine_seed = 88172645463325252ull;

struct core boot_core;
static struct frame frames[MACHINE_FRAMES_MAX];
static uint64_t frame_count, frame_next, ram_first;

uint64_t machine_random(uint64_t below) {
    machine_seed ^= machine_seed >> 12;
    machine_seed ^= machine_seed << 25;
    machine_seed ^= machine_seed >> 27;
    return (machine_seed * 2685821657736338717ull >> 11) % below;
}

bool machine_long(void) {
    const char *value = getenv("EXO_TEST_LONG");
    return value != NULL && value[0] == '1';
}

/* The kernel's static state has to forget the old machine. */
static void forget_kernel(void) {
    if (machine_memory == NULL) {
        machine_memory = aligned_alloc(PAGE_SIZE, MACHINE_FRAMES_MAX * PAGE_SIZE);
        return;
    }
    machine_reap();
    struct slot lines = {.kind = EXO_OBJECT_KIND_IRQ, .count = IRQ_LINES};
    for (uint64_t line = 0; line < IRQ_LINES; line++) {
        irq_bind(NULL, &lines, &(struct irq_bind_args){.line = line, .event = EXO_NONE});
    }
}

static void *take_frames(uint64_t count, bool owned) {
    uint64_t base = frame_next;
    frame_next += count;
    assert(frame_next <= frame_count);
    for (uint64_t i = 0; i < count; i++) {
        bool taken = frame_take(frame_at(base + i), owned ? (uint32_t)base : 0);
        assert(taken);
    }
    memset(physical_pointer(base << PAGE_SHIFT), 0, count * PAGE_SIZE);
    return physical_pointer(base << PAGE_SHIFT);
}

static void fill_run(enum machine_slot index, uint32_t kind, uint32_t rights, uint64_t base,
                     uint64_t count) {
    struct slot *slot = slot_at(machine_domain, index);
    slot_fill(slot, NULL, kind, rights);
    slot->base = (uint32_t)base;
    slot->count = (uint32_t)count;
    slot->label = LABEL_RANGE_ALL;
}

static void make_first(uint64_t domain_frames, uint64_t pool) {
    struct gas *gas = take_frames(1, false);
    frame_at(pointer_physical(gas) >> PAGE_SHIFT)->mapped++;
    gas_root = gas_create(gas, NULL, LABEL_RANGE_ALL);
    gas_root->balance = MACHINE_GAS_BALANCE;
    gas_root->object.references = 1;
    machine_domain =
        domain_create(take_frames(domain_frames, true), domain_frames, LABEL_RANGE_ALL, gas_root);
    machine_domain->dma_trusted = 1;
    for (uint64_t i = 0; i < pool; i++) {
        void *table = take_frames(1, false);
        uint64_t physical = pointer_physical(table);
        frame_at(physical >> PAGE_SHIFT)->owner =
            (uint32_t)(pointer_physical(machine_domain) >> PAGE_SHIFT);
        domain_pool_give(machine_domain, physical);
    }
    void *thread = take_frames(1, false);
    frame_at(pointer_physical(thread) >> PAGE_SHIFT)->mapped++;
    machine_thread = thread_create(thread, machine_domain, LABEL_RANGE_ALL);
}

static void name_everything(void) {
    uint32_t control = EXO_RIGHT_CONTROL | EXO_RIGHT_RUN;
    struct object *objects[] = {[MACHINE_CPU] = &boot_core.object,
                                [MACHINE_GAS] = &gas_root->object,
                                [MACHINE_THREAD] = &machine_thread->object,
                                [MACHINE_SELF] = &machine_domain->object};
    for (uint32_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
        if (objects[i] != NULL) {
            slot_fill_object(slot_at(machine_domain, i), NULL, objects[i], control, 0);
        }
    }
    fill_run(MACHINE_IRQ, EXO_OBJECT_KIND_IRQ, EXO_RIGHT_USE, 0, IRQ_LINES);
    fill_run(MACHINE_PORTS, EXO_OBJECT_KIND_PORTS, EXO_RIGHT_USE, 0, 65536);
    fill_run(MACHINE_DEVICES, EXO_OBJECT_KIND_MEMORY, EXO_RIGHT_READ | EXO_RIGHT_WRITE,
             MACHINE_DEVICE_FRAME, MACHINE_DEVICE_FRAMES);
    slot_at(machine_domain, MACHINE_DEVICES)->flags |= SLOT_FLAG_DEVICE;
    ram_first = frame_next;
    fill_run(MACHINE_RAM, EXO_OBJECT_KIND_MEMORY,
             EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXECUTE | EXO_RIGHT_RETYPE, ram_first,
             frame_count - ram_first);
}

void machine_start(uint64_t count, uint64_t domain_frames, uint64_t pool) {
    forget_kernel();
    assert(count <= MACHINE_FRAMES_MAX);
    frame_count = count;
    frame_next = 1; /* frame 0 is nobody's: 0 means none in many places */
    memset(machine_memory, JUNK, count * PAGE_SIZE);
    memset(machine_user, 0, sizeof machine_user);
    memset(&boot_core, 0, sizeof boot_core);
    memset(frames, 0, sizeof frames[0] * count);
    machine_core = &boot_core;
    machine_clock = 1000000;
    machine_timer = ~0ull;
    machine_vector_state = 0;
    machine_flush_hook = NULL;
    machine_asked = NULL;
    core_count = 1;
    tree_lock = 0;
    cpu_start_core(&boot_core, 0);
    boot_core.online = 1;
    boot_core.slice_mark = machine_clock;
    boot_core.payer_mark = machine_clock;
    frame_table = frames;
    frame_limit = count;
    make_first(domain_frames, pool);
    name_everything();
    static const uint64_t prices[GAS_PRICES] = {1024, 16, 100};
    for (uint64_t i = 0; i < GAS_PRICES; i++) {
        gas_price(machine_thread, slot_at(machine_domain, MACHINE_GAS),
                  &(struct gas_price_args){.price = i, .value = prices[i]});
    }
    if (pool > 0) {
        machine_domain->root = domain_pool_take(machine_domain);
    }
    machine_thread->core = &boot_core;
    machine_thread->cpu_index = 0;
    machine_domain->cores = 1;
    boot_core.table[0] = machine_thread;
    boot_core.bound = 1;
    thread_ready(machine_thread);
    machine_run(machine_thread);
}

uint64_t machine_ram(void) {
    return ram_first;
}

/* The pieces of a machine: arena, frame records, core up to the used part of its table, of its
   heap, and what follows; then the words outside of these. */
struct piece {
    void *data;
    uint64_t bytes;
};
#define PIECES 7

static void pieces_list(struct piece pieces[PIECES]) {
    struct piece all[PIECES] = {
        {machine_memory + PAGE_SIZE, (frame_count - 1) * PAGE_SIZE},
        {frames, frame_count * sizeof frames[0]},
        {&boot_core, offsetof(struct core, table) + KEPT * sizeof boot_core.table[0]},
        {boot_core.heap, KEPT * sizeof boot_core.heap[0]},
        {&machine_clock, sizeof machine_clock},
        {&machine_timer, sizeof machine_timer},
        {&machine_vector_state, sizeof machine_vector_state},
    };
    memcpy(pieces, all, sizeof all);
}

void machine_save(struct machine_snapshot *snapshot) {
    struct piece pieces[PIECES];
    uint32_t none = 0;
    bool quiet = object_reap(&none); /* with no budget it only says whether there is something */
    assert(quiet);
    pieces_list(pieces);
    snapshot->bytes = 0;
    for (uint32_t i = 0; i < PIECES; i++) {
        snapshot->bytes += pieces[i].bytes;
    }
    snapshot->data = realloc(snapshot->data, snapshot->bytes);
    uint8_t *at = snapshot->data;
    for (uint32_t i = 0; i < PIECES; i++) {
        memcpy(at, pieces[i].data, pieces[i].bytes);
        at += pieces[i].bytes;
    }
}

void machine_load(const struct machine_snapshot *snapshot) {
    struct piece pieces[PIECES];
    pieces_list(pieces);
    const uint8_t *at = snapshot->data;
    for (uint32_t i = 0; i < PIECES; i++) {
        memcpy(pieces[i].data, at, pieces[i].bytes);
        at += pieces[i].bytes;
    }
}

void machine_forget(struct machine_snapshot *snapshot) {
    free(snapshot->data);
    *snapshot = (struct machine_snapshot){.data = NULL};
}

struct thread *machine_slot(struct thread *owner) {
    if (owner->home == NULL || owner->core == NULL) {
        return NULL;
    }
    struct thread *tail = thread_tail(owner);
    if (tail->state != THREAD_READY || tail->home->root == 0) {
        return NULL;
    }
    gas_gather(&boot_core, machine_clock);
    boot_core.slot_thread = owner;
    boot_core.slot_root = owner;
    boot_core.slice_mark = machine_clock;
    boot_core.payer = owner->home->gas;
    boot_core.slice_end = machine_clock + SLICE;
    boot_core.skipped = 0;
    cpu_reschedule(&boot_core);
    boot_core.slow = 0;
    return boot_core.current == tail ? tail : NULL;
}

bool machine_run(struct thread *thread) {
    struct thread *root = thread;
    while (root->caller != NULL) {
        root = root->caller;
    }
    return thread->state == THREAD_READY && machine_slot(root) == thread;
}

void machine_prepare(struct thread *thread, uint32_t number, uint32_t capability,
                     const uint64_t words[6]) {
    memcpy(thread->registers.words, words, sizeof thread->registers.words);
    thread->registers.status =
        (uint64_t)EXO_CALL_TAG << 48 | (uint64_t)number << 32 | capability;
    thread->registers.instruction = MACHINE_CODE;
}

static void resume(void *argument) {
    (void)argument;
    boot_core.slow = 0;
    cpu_resume(&boot_core);
}

void machine_step(void) {
    struct thread *thread = boot_core.current;
    assert(thread != NULL);
    boot_core.counters[EXO_COUNTER_KERNEL_ENTRIES]++;
    thread->registers.instruction += ARCH_SYSCALL_BYTES;
    uint32_t number = (uint32_t)(thread->registers.status >> 32) & 0xffff;
    uint64_t status = call_enter(thread->registers.status, thread);
    /* Only a call that the schema marks so comes back for another step. */
    assert(status != STATUS_AGAIN || (EXO_CALLS_IN_STEPS >> number & 1) != 0 || core_count > 1);
    if (boot_core.slow == 0) {
        thread->registers.status = status;
        return;
    }
    if (call_leave(status, thread) == NULL) {
        machine_leave(resume, NULL);
    }
}

bool machine_pending(const struct thread *thread) {
    return thread->state == THREAD_READY && thread->registers.instruction == MACHINE_CODE;
}

uint64_t machine_call(struct thread *thread, uint32_t number, uint32_t capability,
                      const uint64_t words[6]) {
    if (!machine_run(thread)) {
        return MACHINE_BLOCKED;
    }
    machine_prepare(thread, number, capability, words);
    for (uint32_t i = 0; machine_pending(thread); i++) {
        assert(i < REENTRIES_MAX);
        bool runs = machine_run(thread);
        assert(runs);
        machine_step();
    }
    return thread->state == THREAD_READY ? thread->registers.status : MACHINE_BLOCKED;
}

void machine_wake(void) {
    if (boot_core.current == NULL) {
        /* The end of cpu_idle(), which did not come back from waiting. */
        boot_core.slice_mark = machine_clock;
        boot_core.skipped = 0;
    }
    machine_leave(resume, NULL);
}

void machine_interrupt(void) {
    /* The short way back, if there is one. */
    const struct thread *thread = cpu_interrupt_timer(&boot_core);
    if (thread == NULL) {
        machine_wake();
    } else {
        assert(thread == boot_core.current && boot_core.slow == 0);
    }
}

void machine_line(uint32_t line) {
    irq_raise(line);
    machine_wake();
}

void machine_pass(uint64_t ticks) {
    machine_clock += ticks;
    /* The timer of a real machine is set again by the kernel, or stays silent. */
    for (uint32_t i = 0; machine_timer <= machine_clock; i++) {
        assert(i < REENTRIES_MAX);
        machine_timer = ~0ull;
        machine_interrupt();
    }
}

void machine_fault(uint64_t address) {
    upcall_fault(boot_core.current, 14ull << 32 | 6, address);
    if (boot_core.slow != 0) {
        machine_leave(resume, NULL);
    }
}

void machine_reap(void) {
    uint32_t budget;
    do {
        budget = BUDGET_STEP;
    } while (!object_reap(&budget));
    boot_core.slow = 0;
}

void *machine_make(uint64_t frame, uint64_t count, uint32_t kind, uint64_t slot, uint64_t number,
                   uint64_t detail) {
    CALL_OK(machine_thread, MEMORY_RETYPE, MACHINE_RAM, frame, count, kind, slot, number, detail);
    return slot_at(machine_domain, slot)->object;
}

struct domain *machine_make_domain(uint64_t frame, uint64_t count, uint64_t slot) {
    return machine_make(frame, count, EXO_OBJECT_KIND_DOMAIN, slot, 1, MACHINE_GAS);
}

struct thread *machine_make_thread(uint64_t frame, uint64_t slot, uint64_t home_slot,
                                   uint64_t index) {
    struct thread *thread =
        machine_make(frame, 1, EXO_OBJECT_KIND_THREAD, slot, 1, home_slot);
    CALL_OK(machine_thread, CPU_BIND, MACHINE_CPU, slot, index, 0);
    return thread;
}

int machine_main(const char *suite_name, const struct machine_test *tests, unsigned count) {
    if (CU_initialize_registry() != CUE_SUCCESS) {
        return 1;
    }
    CU_pSuite suite = CU_add_suite(suite_name, NULL, NULL);
    for (unsigned i = 0; i < count; i++) {
        CU_add_test(suite, tests[i].name, tests[i].run);
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    free(machine_memory);
    return failed != 0;
}
