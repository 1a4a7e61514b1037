/* SPDX-License-Identifier: MIT */
/*
 * A new domain with a thread and a stack: made, started, run to its first instructions, stopped and
 * destroyed, all its memory given back. The child's text is this program's; it runs into an
 * undefined instruction, which gives the rest of the slice back.
 */
#include "entries.h"
#include "first.h"
#include "kernel_stubs.h"
#include "measure.h"

FIRST_PROGRAM

enum {
    TURNS = 100,
    TABLE_FRAMES = 4, /* one of each level: text and stack are near each other */
    STACK_SLOT = 2,
    TEXT_SLOT = 3,
    FEED_SLOT = 4,
    INDEX = 1,
    DOMAINS = 10000,
    OWN_DOMAIN_SLOT = 5, /* where a domain keeps itself */
    OWN_THREAD_SLOT = 6,
    COUNTERS = 6,
};

/* Frames of the pool. */
enum {
    DOMAIN_FRAME,
    THREAD_FRAME,
    TABLES_FRAME,
    STACK_FRAME = TABLES_FRAME + TABLE_FRAMES,
    POOL_FRAMES,
};

#define STACK_TOP UINT64_C(0x500000)
#define TRY(call) measure_check(call, #call)

static struct child_segment segments[CHILD_SEGMENTS_MAX];
static uint64_t first_frame;
static uint32_t pool, domain, thread;

static void make(void)
{
    uint64_t done;
    TRY(exo_capability_derive(FIRST_SLOT_RAM, EXO_SELF, pool, first_frame, POOL_FRAMES,
                              EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_RETYPE, 0));
    TRY(exo_memory_retype(pool, DOMAIN_FRAME, 1, EXO_OBJECT_KIND_DOMAIN, domain, 1,
                          FIRST_SLOT_GAS));
    TRY(exo_domain_feed(domain, pool, TABLES_FRAME, TABLE_FRAMES, FEED_SLOT));
    TRY(exo_memory_retype(pool, THREAD_FRAME, 1, EXO_OBJECT_KIND_THREAD, thread, 1, domain));
    TRY(exo_capability_derive(pool, domain, STACK_SLOT, STACK_FRAME, 1,
                              EXO_RIGHT_READ | EXO_RIGHT_WRITE, 0));
    TRY(exo_capability_derive(segments[0].slot, domain, TEXT_SLOT, segments[0].offset,
                              segments[0].pages, segments[0].rights, 0));
    TRY(exo_memory_map(domain, STACK_SLOT, STACK_TOP - CHILD_PAGE_BYTES, 0, 1,
                       EXO_RIGHT_READ | EXO_RIGHT_WRITE, &done));
    TRY(exo_memory_map(domain, TEXT_SLOT, segments[0].address, 0, segments[0].pages,
                       segments[0].rights, &done));
}

static void run(uint32_t index)
{
    uint64_t registers[3] = {segments[0].address + ENTRY_THREAD, 0, STACK_TOP};
    TRY(exo_thread_write(thread, EXO_THREAD_REGISTER_INSTRUCTION_POINTER, 3,
                         (uint64_t)(uintptr_t)registers));
    TRY(exo_cpu_bind(FIRST_SLOT_CPU, thread, index, 0));
    TRY(exo_thread_start(thread));
    /* Busy: it has stopped. Our slice may end before that, and then goes on with us. */
    while (exo_thread_yield(thread) == EXO_STATUS_OK)
        ;
    TRY(exo_thread_stop(thread));
}

static void destroy(void)
{
    TRY(exo_capability_revoke(pool, 0));
    TRY(exo_capability_delete(pool));
}

/* Frames that the kernel holds for objects and page tables. */
static uint64_t kernel_frames(void)
{
    uint64_t value[COUNTERS];
    TRY(exo_kernel_counters(COUNTERS, &value[0], &value[1], &value[2], &value[3], &value[4],
                            &value[5]));
    return value[EXO_COUNTER_KERNEL_FRAMES - COUNTERS];
}

/* A domain keeps its own capabilities, so that it lives on without slots of this one. */
static void let_go(void)
{
    uint64_t kind, rights, consumed, count = 0, low, high;
    TRY(exo_capability_info(EXO_SELF, thread, &kind, &rights, &consumed, &count, &low, &high));
    bool has_run = (count >> 8 & 0xff) == EXO_STOP_REASON_FAULT;
    measure_check(has_run ? EXO_STATUS_OK : EXO_STATUS_CANCELLED, "the thread's run");
    TRY(exo_capability_derive(domain, domain, OWN_DOMAIN_SLOT, 0, 0, EXO_RIGHT_CONTROL, 0));
    TRY(exo_capability_derive(thread, domain, OWN_THREAD_SLOT, 0, 0, EXO_RIGHT_CONTROL, 0));
    TRY(exo_capability_delete(thread));
    TRY(exo_capability_delete(domain));
    TRY(exo_capability_delete(pool));
}

/* All at once, in what memory the machine has; each has a thread that has run. */
static void create_many(void)
{
    uint64_t before = kernel_frames(), made = 0;
    while (made < DOMAINS && space_take(first_frames(), POOL_FRAMES, 1, &first_frame)) {
        make();
        run(UINT32_MAX);
        let_go();
        made++;
    }
    bool held = kernel_frames() - before >= made * STACK_FRAME;
    measure_check(held ? EXO_STATUS_OK : EXO_STATUS_DISCONNECTED, "the domains' life");
    measure_print_value("domains_created", made, "domains");
}

uint32_t first_main(void)
{
    struct measure measure;
    first_segments(segments);
    space_take(first_frames(), POOL_FRAMES, 1, &first_frame);
    pool = slots_take(first_slots(), 3);
    domain = pool + 1;
    thread = pool + 2;
    for (int turn = 0; turn < 2; turn++) {
        measure_begin(&measure);
        for (int i = 0; i < TURNS; i++) {
            make();
            run(INDEX);
            destroy();
        }
        measure_end(&measure);
    }
    measure_print("domain_create", &measure, 0, TURNS);
    create_many();
    return 0;
}
