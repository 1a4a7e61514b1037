/* SPDX-License-Identifier: MIT */
/*
 * A million random and half-valid kernel calls from an unprivileged domain, while another domain's
 * typed calls go on undisturbed: the component `steady` makes them and checks each answer, and this
 * one looks whether its count grows in each tenth of the time. Each call that a child has the
 * capabilities for must have been done at least once.
 *
 * The calls are made by children, copies of this program with rights to their own memory, thread,
 * portal and events and to call the relay, in their own domain and under their own name. What a
 * child waits for is called off; one that has lost its memory, say, is ended, and another one goes
 * on with other random numbers.
 */
#include "entries.h"
#include "kernel_names.h"
#include "kernel_stubs.h"
#include "processor.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "text.h"
#include "ticks.h"

enum {
    CALLS = 1000000,
    CALLS_PER_CHILD = 20000,
    SLOTS = 60,
    CHILD_POOL = 64,
    SPARE_SLOT = 40, /* in the child: its own domain, its portal, the portal of the relay */
    STEADY = 0,
    STEADY_CALLS_MIN = 20, /* in the time of a tenth of the calls; it makes some hundred */
    PARTS = 10,
    STEPS_MAX = 20000,
    LOOKS_MAX = 200,
    PAUSE_MICROSECONDS = 100,
    SETTLE_MICROSECONDS = 2000, /* between looks at what the kernel holds */
    SETTLED_LOOKS = 10,         /* in a row that see the same */
};

/* What a child tells: how many calls it has made, and a bit for each kind of which one was done. */
struct notes {
    uint64_t seed, calls, done;
};

static uint64_t state;
static uint64_t done_by_children;

/* Marsaglia's xorshift64 (2003). */
static uint64_t noise(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* A value for a register: a slot, a small number, an address of ours, an edge, or anything. */
static uint64_t value(uint64_t place)
{
    static const uint64_t edges[] = {0, 1, UINT64_MAX, UINT64_C(1) << 63, EXO_SELF, EXO_NONE,
                                     UINT64_C(0x00007fffffffe000), UINT64_C(0xffff800000000000),
                                     UINT64_C(0x0000003fffffe000), UINT64_C(0xffffffc000000000),
                                     UINT64_C(0xffffffff80000000), UINT32_MAX};
    switch (noise() % 8) {
    case 0:
    case 1:
        return noise() % SLOTS;
    case 2:
        return noise() % 8;
    case 3:
        return place + noise() % 64 * 8;
    case 4:
        return UINT64_C(0x20000000) + noise() % 64 * CHILD_PAGE_BYTES;
    case 5:
        return edges[noise() % (sizeof edges / sizeof *edges)];
    case 6:
        return noise() % 65536;
    default:
        return noise();
    }
}

/* A value that a parameter of this name can have in a call that succeeds. */
static uint64_t likely(const char *name, uint64_t place)
{
    static const struct {
        const char *name;
        uint64_t first, count;
    } ranges[] = {
        {"memory", CHILD_SLOT_MEMORY, 1}, {"thread", CHILD_SLOT_THREAD, 1},
        {"event", CHILD_SLOT_WAKE, 1},    {"slot", 0, SLOTS},
        {"detail", 0, SLOTS},             {"offset", 0, CHILD_POOL},
        {"count", 1, 4},                  {"number", 1, 2},
        {"rights", 1, 15},                {"kind", 1, EXO_OBJECT_KIND_COUNT},
        {"first", 0, 32},                 {"ask", 0, 2},
        {"deadline", 0, 1},
    };
    if (text_is(name, strlen(name), "domain"))
        return noise() % 4 ? EXO_SELF : SPARE_SLOT;
    if (text_is(name, strlen(name), "address"))
        return noise() % 2 ? place : UINT64_C(0x20000000) + noise() % 64 * CHILD_PAGE_BYTES;
    for (uint32_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (text_is(name, strlen(name), ranges[i].name))
            return ranges[i].first + noise() % ranges[i].count;
    return value(place);
}

/* A slot that the child has something in: which kind a call asks for is left to chance. */
static uint64_t likely_slot(void)
{
    static const uint32_t slots[] = {EXO_SELF, CHILD_SLOT_MEMORY, CHILD_SLOT_THREAD,
                                     CHILD_SLOT_WAKE, SPARE_SLOT, SPARE_SLOT + 1,
                                     SPARE_SLOT + 2};
    uint64_t i = noise() % 8;
    return i < sizeof slots / sizeof *slots ? slots[i] : noise() % SLOTS;
}

/*
 * The word of a call, and its registers. Most words name a call and a slot that exist; some nearly;
 * some are foreign. Half of the calls have registers that look right, each but for one in eight.
 */
static uint64_t make_call(uint64_t registers[6], uint64_t place)
{
    uint64_t number = noise() % (EXO_CALL_COUNT + 2), slot = noise() % SLOTS;
    bool looks_right = number < EXO_CALL_COUNT && noise() % 2;
    for (uint32_t i = 0; i < 6; i++)
        registers[i] = looks_right && i < exo_call_names[number].parameter_count && noise() % 8
                           ? likely(exo_call_names[number].parameters[i], place)
                           : value(place);
    if (number == EXO_CALL_UPCALL_RETURN && noise() % 64 != 0)
        number = EXO_CALL_KERNEL_NULL; /* it mostly sends the child to nowhere, which ends it */
    if (noise() % 8 == 0)
        slot = value(0) & UINT32_MAX;
    else if (looks_right)
        slot = likely_slot();
    if (noise() % 64 == 0)
        return noise();
    return (uint64_t)EXO_CALL_TAG << 48 | number << 32 | slot;
}

static void make_calls(uint64_t shared)
{
    volatile struct notes *notes = (volatile struct notes *)shared;
    static uint64_t words[128];
    state = notes->seed;
    for (uint32_t i = 0; i < CALLS_PER_CHILD; i++) {
        uint64_t registers[6];
        words[noise() % 128] = value((uintptr_t)words);
        uint64_t word = make_call(registers, (uintptr_t)words);
        notes->calls++;
        /* As if each were a portal call, which keeps the fewest registers. */
        if (exo_syscall6_vector(word, &registers[0], &registers[1], &registers[2], &registers[3],
                                &registers[4], &registers[5]) == EXO_STATUS_OK &&
            word >> 48 == EXO_CALL_TAG)
            notes->done |= UINT64_C(1) << (word >> 32 & 63);
    }
    scenario_stop();
}

/* Is it stopped for good: by a fault, or because something that it needs is gone? */
static bool has_ended(const struct scenario_child *child)
{
    uint64_t reason = scenario_stop_reason(child);
    return reason != EXO_STOP_REASON_NONE && reason != EXO_STOP_REASON_REQUESTED;
}

/* Lend the child our time until it ends; what it waits for, or its own stop, is called off. */
static void lend(const struct scenario_child *child)
{
    for (int step = 0; step < STEPS_MAX && !has_ended(child); step++) {
        if (exo_thread_yield(child->child.thread) == EXO_STATUS_OK)
            continue;
        exo_thread_stop(child->child.thread);
        if (has_ended(child) || exo_thread_start(child->child.thread) != EXO_STATUS_OK)
            return;
    }
}

/* One child from its making to its end; returns the calls that it made. */
static uint64_t run_child(uint64_t seed)
{
    struct scenario_child child;
    scenario_child(&child, make_calls, 0, CHILD_POOL, 0, NULL);
    struct notes *notes = scenario_share(&child, 1);
    notes->seed = seed;
    EXPECT(child_call(&child.plan, &child.child, 0, (uintptr_t)make_calls, (uintptr_t)notes),
           EXO_STATUS_OK);
    scenario_give(&child, child.child.domain, SPARE_SLOT, EXO_RIGHT_CONTROL | EXO_RIGHT_RUN);
    scenario_give(&child, child.child.portal, SPARE_SLOT + 1,
                  EXO_RIGHT_CALL | EXO_RIGHT_ATTACH | EXO_RIGHT_BADGE);
    scenario_give(&child, binding_import("relay")->portal, SPARE_SLOT + 2, EXO_RIGHT_CALL);
    /* Foreign calls go to an entry that does nothing but return. */
    uint64_t foreign = child.plan.entry + ENTRY_EVENT;
    EXPECT(exo_thread_write(child.child.thread, EXO_THREAD_REGISTER_FOREIGN_ENTRY, 1,
                            (uint64_t)(uintptr_t)&foreign), EXO_STATUS_OK);
    EXPECT(exo_thread_start(child.child.thread), EXO_STATUS_OK);
    lend(&child);
    uint64_t calls = notes->calls;
    done_by_children |= notes->done;
    scenario_end(&child);
    return calls <= CALLS_PER_CHILD ? calls : 0; /* it may have written over its notes */
}

/* What the kernel holds: capabilities, and frames of objects and page tables. */
static void count_kernel(uint64_t *capabilities, uint64_t *frames)
{
    uint64_t value[6];
    EXPECT(exo_kernel_counters(EXO_COUNTER_CAPABILITIES, &value[0], &value[1], &value[2], &value[3],
                               &value[4], &value[5]), EXO_STATUS_OK);
    *capabilities = value[0];
    *frames = value[EXO_COUNTER_KERNEL_FRAMES - EXO_COUNTER_CAPABILITIES];
}

/* The counts are of the whole system, which init may still be making or clearing up: wait until
   they stand still. */
static void count_settled(uint64_t *capabilities, uint64_t *frames)
{
    uint64_t bits, capabilities_last = 0, frames_last = 0;
    for (int look = 0, same = 0; look < LOOKS_MAX && same < SETTLED_LOOKS; look++) {
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(SETTLE_MICROSECONDS), &bits);
        count_kernel(capabilities, frames);
        same = *capabilities == capabilities_last && *frames == frames_last ? same + 1 : 0;
        capabilities_last = *capabilities;
        frames_last = *frames;
    }
}

/*
 * The counts of a frame that nobody uses are all zero: it can be frozen, which no written frame
 * can, and become a kernel object, which no mapped, written or frozen one can.
 */
static void check_frame(uint64_t frame, uint32_t slot)
{
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, frame, 1,
                                 EXO_RIGHT_READ | EXO_RIGHT_FROZEN, 0), EXO_STATUS_OK);
    EXPECT(exo_capability_delete(slot), EXO_STATUS_OK);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, frame, 1, EXO_OBJECT_KIND_EVENT, slot, 1, 0),
           EXO_STATUS_OK);
    EXPECT(exo_capability_delete(slot), EXO_STATUS_OK);
}

/* Everything that the children had is back, and nothing of it is used. */
static void check_kernel(uint64_t capabilities_before, uint64_t frames_before)
{
    uint64_t capabilities, frames;
    uint32_t slot = scenario_slots(1);
    count_settled(&capabilities, &frames);
    CHECK(capabilities == capabilities_before);
    CHECK(frames == frames_before);
    CHECK(slots_check(slots_own()) && space_check(frames_own()));
    for (uint32_t i = 0; i < frames_own()->ranges; i++)
        for (uint64_t j = 0; j < frames_own()->range[i].count; j++)
            check_frame(frames_own()->range[i].first + j, slot);
}

static uint64_t steady_count(struct relay_client *client)
{
    struct relay_ticks_results results = {0};
    uint64_t bits;
    enum exo_status status = relay_ticks(client, &results);
    /* The children call over this very channel; the handler of one that ended may go on there. */
    for (int i = 0; i < LOOKS_MAX && status == EXO_STATUS_BUSY; i++) {
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
        status = relay_ticks(client, &results);
    }
    EXPECT(status, EXO_STATUS_OK);
    return capnp_list_uint64(results.counts, STEADY);
}

/* The other domain has made enough calls since it had made `*count`, which is set anew. */
static void check_steady(struct relay_client *client, uint64_t *count)
{
    uint64_t before = *count, bits;
    *count = steady_count(client);
    for (int i = 0; i < LOOKS_MAX && *count < before + STEADY_CALLS_MIN; i++) {
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
        *count = steady_count(client);
    }
    CHECK(*count >= before + STEADY_CALLS_MIN);
}

int component_main(void)
{
    static struct relay_client client;
    uint64_t calls = 0, children = 0, steady = 0, capabilities, frames;
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    check_steady(&client, &steady);
    count_settled(&capabilities, &frames);
    for (uint64_t part = 1; part <= PARTS; part++) {
        steady = steady_count(&client);
        while (calls < CALLS / PARTS * part)
            calls += run_child(0x9e3779b97f4a7c15u * ++children);
        check_steady(&client, &steady);
    }
    /* Three need a second Thread; from cpu_start on a child has no capability for any. */
    for (uint64_t number = 0; number < EXO_CALL_CPU_START; number++)
        CHECK(done_by_children >> number & 1 || number == EXO_CALL_THREAD_START ||
              number == EXO_CALL_PORTAL_REPLY || number == EXO_CALL_PORTAL_CANCEL);
    check_kernel(capabilities, frames);
    print("fuzz_calls: a million calls, and the steady one went on\n");
    return 0;
}
