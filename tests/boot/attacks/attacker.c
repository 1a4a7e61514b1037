/* SPDX-License-Identifier: MIT */
/*
 * Does one bad thing, which the setting `attack` names, for as long as it is let. `spin` is no
 * attack: it takes what it is due and nothing else, as the measure of the others.
 */
#include "entries.h"
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "text.h"
#include "ticks.h"

enum {
    CHILDREN_MAX = 16,
    MAP_PAGES = 1024,          /* as many as one call takes */
    MAPS = 4,
    HOLD_MICROSECONDS = 20000, /* longer than a slice, and than the caller waits */
    PATIENCE_MICROSECONDS = 5000,
    NAP_MICROSECONDS = 100,
    LATE_MICROSECONDS = 30,    /* so long before its end the slot is given up */
    GAP_MICROSECONDS = 100,    /* who was away for so long begins a new slot */
    ALARMS = 512,              /* threads of one domain without slots of their own */
    ALARM_EVENTS = ALARMS / 32, /* so many may wait for one */
    ALARM_STACK_BYTES = 512,
    ALARM_MICROSECONDS = 1000,

};

static struct relay_client client;

static void open_relay(void)
{
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
}

static void spin(void *unused)
{
    (void)unused;
    for (;;)
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* A client that gives its server no rest. */
static void flood(void)
{
    struct relay_tick_results results;
    open_relay();
    for (;;)
        relay_tick(&client, &results);
}

/* A client of a server that works for ever at its cost: it gives up, and asks again. */
static void burn(void)
{
    struct relay_hold_params params = {.microseconds = HOLD_MICROSECONDS};
    struct relay_hold_results results;
    open_relay();
    relay_client_timeout(&client, ticks_from_microseconds(PATIENCE_MICROSECONDS));
    for (;;)
        relay_hold(&client, &params, &results);
}

static void child(uint64_t unused)
{
    (void)unused;
    scenario_stop();
}

/* Domains, as many as fit, and again. */
static void fork(void)
{
    static struct scenario_child children[CHILDREN_MAX];
    for (;;) {
        for (int i = 0; i < CHILDREN_MAX; i++) {
            scenario_child(&children[i], child, 0, 0, 0, NULL);
            scenario_run(&children[i]);
        }
        for (int i = 0; i < CHILDREN_MAX; i++)
            scenario_end(&children[i]);
    }
}

/* The server's doorbell, without a message behind it. */
static void ring(void)
{
    uint32_t doorbell = binding_import("relay")->places[0].doorbell;
    for (;;)
        exo_event_signal(doorbell);
}

/* Its table full of capabilities, each below the same one, and all of them taken back at once. */
static void fill(void)
{
    uint32_t slot, top = scenario_slots(1), first = 0, last = 0;
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, top, scenario_frames(1), 1,
                                 EXO_RIGHT_READ, 0), EXO_STATUS_OK);
    while ((slot = slots_take(slots_own(), 1)) != SLOTS_NONE) {
        first = first ? first : slot;
        last = slot;
    }
    for (;;) {
        for (slot = first; slot <= last; slot++)
            exo_capability_derive(top, EXO_SELF, slot, 0, 1, EXO_RIGHT_READ, 0);
        exo_capability_revoke(top, 0);
    }
}

/* The longest calls that there are, so that the end of the slot comes in one of them. */
static void map(void)
{
    uint64_t done, address = scenario_addresses(MAP_PAGES), frame = scenario_frames(MAP_PAGES);
    for (;;) {
        EXPECT(exo_memory_map(EXO_SELF, CHILD_SLOT_MEMORY, address, frame, MAP_PAGES, READ_WRITE,
                              &done), EXO_STATUS_OK);
        EXPECT(exo_memory_unmap(EXO_SELF, address, MAP_PAGES), EXO_STATUS_OK);
    }
}

/* Gives every slot up just before its end, when it has used nearly all of it. */
static void leave_late(void)
{
    uint64_t slice = ticks_from_microseconds(startup_number("slice_microseconds", 1000));
    uint64_t late = ticks_from_microseconds(LATE_MICROSECONDS), bits, last = ticks_now(), begin = 0;
    for (;;) {
        uint64_t now = ticks_now();
        if (now - last > ticks_from_microseconds(GAP_MICROSECONDS))
            begin = now;
        last = now;
        if (begin != 0 && now - begin > slice - late) {
            exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(2 * LATE_MICROSECONDS), &bits);
            begin = last = ticks_now();
        }
    }
}

/* Wakes up in other people's slots. */
static void nap(void *unused)
{
    uint64_t bits;
    (void)unused;
    for (;;)
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(NAP_MICROSECONDS), &bits);
}

static uint32_t alarm_event;

static void sleep_again(uint64_t number)
{
    uint64_t bits;
    for (;;)
        exo_event_wait(alarm_event + (uint32_t)(number % ALARM_EVENTS),
                       ticks_deadline(ALARM_MICROSECONDS), &bits);
}

/* Own threads, of which each wakes up in other people's slots, as often as this one's slots let
 * them lie down again. */
static void alarm(void)
{
    uint8_t *stacks = pages_take(ALARMS * ALARM_STACK_BYTES / CHILD_PAGE_BYTES, NULL);
    uint32_t first = scenario_slots(ALARMS);
    struct child_plan plan = {0};
    struct startup_device cpu;
    startup_child_plan(&plan);
    CHECK(stacks != NULL && startup_device("cpu", &cpu));
    alarm_event = scenario_slots(ALARM_EVENTS);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(1), 1, EXO_OBJECT_KIND_EVENT,
                             alarm_event, ALARM_EVENTS, 0), EXO_STATUS_OK);
    for (uint64_t i = 0; i < ALARMS; i++) {
        uint32_t thread = first + (uint32_t)i;
        uint64_t arguments[2] = {(uintptr_t)sleep_again, i};
        uint64_t places[3] = {plan.entry + ENTRY_THREAD, 0,
                              (uintptr_t)stacks + (i + 1) * ALARM_STACK_BYTES};
        EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(1), 1, EXO_OBJECT_KIND_THREAD,
                                 thread, 1, EXO_SELF), EXO_STATUS_OK);
        EXPECT(exo_thread_write(thread, EXO_THREAD_REGISTER_ARG0, 2, (uintptr_t)arguments),
               EXO_STATUS_OK);
        EXPECT(exo_thread_write(thread, EXO_THREAD_REGISTER_INSTRUCTION_POINTER, 3,
                                (uintptr_t)places), EXO_STATUS_OK);
        EXPECT(exo_cpu_bind(cpu.slot, thread, NO_CORE_INDEX, 0), EXO_STATUS_OK);
        EXPECT(exo_thread_start(thread), EXO_STATUS_OK);
    }
    for (;;)
        for (uint32_t i = 0; i < ALARMS; i++)
            exo_thread_yield(first + i);
}

int component_main(void)
{
    static const struct { const char *name; void (*run)(void); } attacks[] = {
        {"flood", flood}, {"burn", burn}, {"fork", fork}, {"ring", ring},
        {"fill", fill}, {"map", map}, {"leave_late", leave_late},
        {"alarm", alarm},
    };
    const char *attack = startup_setting("attack", "spin");
    bool naps = text_is(attack, strlen(attack), "nap");
    const struct binding *binding = binding_export("relay");
    for (uint32_t i = 1; binding != NULL && i < binding->thread_count; i++)
        CHECK(thread_run(binding->thread + i, naps ? nap : spin, NULL));
    for (uint32_t i = 0; i < sizeof attacks / sizeof *attacks; i++)
        if (text_is(attack, strlen(attack), attacks[i].name))
            attacks[i].run();
    (naps ? nap : spin)(NULL);
    return 0;
}
