/* SPDX-License-Identifier: MIT */
/*
 * Everything that costs, one after the other: with the other prices at zero, the account must fall
 * by exactly what was done: calls, a storm of signals, what a server debits, the time of our slots
 * with a server's work in it, and frames held. Then an account below ours: its low mark is told to
 * the Event named for it, as our own is, it cannot be overdrawn, and when it ends its credit is
 * ours. Ticks are instructions here, so that nothing comes between two looks by chance.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "ticks.h"
#include "watch.h"

enum {
    CALLS = 1000,
    PAUSE_MICROSECONDS = 20,
    HELD_MICROSECONDS = 3000,
    CALL_PRICE = 7,
    TICK_PRICE = 1024,           /* for 1,024 ticks: one a tick */
    FRAME_PRICE = 1 << 20,       /* for 2^20 ticks: one a frame and tick */
    DEBIT = 12345,
    FRAMES = 10,
    CREDIT = 1000,
    LOW = 500,
    OWN_LOW_BELOW = 1 << 30,     /* the composition's low mark lies so much below the credit */
};

/* Gas units of what is called between two looks beside what is looked at: two infos, one wait. */
enum { LOOK_UNITS = 2 * EXO_CALL_CAPABILITY_INFO_GAS_UNITS + EXO_CALL_EVENT_WAIT_GAS_UNITS };

static uint32_t root;

struct look {
    int64_t balance;
    uint64_t frames, consumed; /* held by the account; ticks of our slots */
    uint64_t before, after;    /* ticks: it was settled between */
};

/* Let our slot end, so that what it costs is taken, and look. */
static struct look look(void)
{
    uint64_t bits, kind, rights, balance, count, low, high;
    struct look now = {.before = ticks_now()};
    EXPECT(exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits),
           EXO_STATUS_DEADLINE);
    now.after = ticks_now();
    EXPECT(exo_capability_info(EXO_SELF, startup_gas(), &kind, &rights, &balance, &now.frames, &low,
                               &high), EXO_STATUS_OK);
    EXPECT(exo_capability_info(EXO_SELF, CHILD_SLOT_THREAD, &kind, &rights, &now.consumed, &count,
                               &low, &high), EXO_STATUS_OK);
    now.balance = (int64_t)balance;
    return now;
}

static void prices(uint64_t time, uint64_t memory, uint64_t call)
{
    EXPECT(exo_gas_price(root, EXO_GAS_PRICE_TIME, time), EXO_STATUS_OK);
    EXPECT(exo_gas_price(root, EXO_GAS_PRICE_MEMORY, memory), EXO_STATUS_OK);
    EXPECT(exo_gas_price(root, EXO_GAS_PRICE_CALL, call), EXO_STATUS_OK);
}

/* An Event of its own: a bit of ours. */
static uint32_t event_of(uint32_t bit)
{
    uint32_t event = scenario_slots(1);
    EXPECT(exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, event, 0, 0,
                                 EXO_RIGHT_SIGNAL | EXO_RIGHT_WAIT, UINT64_C(1) << bit),
           EXO_STATUS_OK);
    return event;
}

static void check_calls(void)
{
    uint32_t event = event_of(40);
    prices(0, 0, CALL_PRICE);
    struct look before = look();
    for (int i = 0; i < CALLS; i++)
        exo_kernel_null();
    struct look after = look();
    int64_t units = CALLS * EXO_CALL_KERNEL_NULL_GAS_UNITS + LOOK_UNITS;
    CHECK(before.balance - after.balance == units * CALL_PRICE);
    before = after;
    for (int i = 0; i < CALLS; i++) /* nobody waits: the bits are set, and that is all */
        exo_event_signal(event);
    after = look();
    units = CALLS * EXO_CALL_EVENT_SIGNAL_GAS_UNITS + LOOK_UNITS;
    CHECK(before.balance - after.balance == units * CALL_PRICE);
}

static void check_debit(void)
{
    prices(0, 0, 0);
    struct look before = look();
    EXPECT(exo_gas_debit(startup_gas(), DEBIT), EXO_STATUS_OK);
    EXPECT(exo_gas_debit(startup_gas(), (uint64_t)before.balance), EXO_STATUS_NO_GAS);
    CHECK(before.balance - look().balance == DEBIT);
}

/* A server works for us: our slots, our account, and nothing of its own. */
static void check_time(void)
{
    static struct relay_client client;
    struct relay_hold_params params = {.microseconds = HELD_MICROSECONDS};
    struct relay_hold_results results = {0};
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    prices(TICK_PRICE, 0, 0);
    int64_t server = watch_balance("relay");
    struct look before = look();
    EXPECT(relay_hold(&client, &params, &results), EXO_STATUS_OK);
    struct look after = look();
    CHECK(after.consumed > before.consumed);
    CHECK(before.balance - after.balance == (int64_t)(after.consumed - before.consumed));
    CHECK(watch_balance("relay") == server);
}

/* Frames are held for a time that is long beside what a look takes. */
static void hold(void)
{
    uint64_t bits;
    EXPECT(exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(HELD_MICROSECONDS), &bits),
           EXO_STATUS_DEADLINE);
}

static bool is_between(int64_t amount, uint64_t frames, struct look before, struct look after)
{
    return amount >= (int64_t)(frames * (after.before - before.after)) &&
           amount <= (int64_t)(frames * (after.after - before.before));
}

static int64_t balance_of(uint32_t account)
{
    uint64_t kind, rights, balance, frames, low, high;
    EXPECT(exo_capability_info(EXO_SELF, account, &kind, &rights, &balance, &frames, &low, &high),
           EXO_STATUS_OK);
    return (int64_t)balance;
}

/* Frames that a capability below names another account for are paid by that one only. */
static void check_memory(uint32_t below)
{
    uint32_t slot = scenario_slots(1);
    uint64_t first = scenario_frames(FRAMES);
    prices(0, FRAME_PRICE, 0);
    struct look before = look();
    hold();
    struct look after = look();
    CHECK(after.frames == before.frames && after.frames > FRAMES);
    CHECK(is_between(before.balance - after.balance, after.frames, before, after));
    EXPECT(exo_gas_transfer(startup_gas(), below, INT64_C(1) << 36, 0), EXO_STATUS_OK);
    struct look begin = {.before = ticks_now()};
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, first, FRAMES,
                                 EXO_RIGHT_READ | (uint64_t)below << 32, 0), EXO_STATUS_OK);
    begin.after = ticks_now();
    int64_t other = balance_of(below);
    after = look();
    hold();
    struct look last = look();
    CHECK(last.frames == before.frames - FRAMES);
    CHECK(is_between(after.balance - last.balance, last.frames, after, last));
    struct look end = {.before = ticks_now()};
    EXPECT(exo_capability_delete(slot), EXO_STATUS_OK); /* what it held is paid up to here */
    end.after = ticks_now();
    CHECK(is_between(other - balance_of(below), FRAMES, begin, end));
    prices(0, 0, 0);
    CHECK(look().frames == before.frames);
}

static void check_low(uint32_t below)
{
    uint64_t bits;
    uint32_t event = event_of(41), own = event_of(42);
    EXPECT(exo_capability_notify(EXO_SELF, below, event), EXO_STATUS_OK);
    EXPECT(exo_capability_notify(EXO_SELF, startup_gas(), own), EXO_STATUS_OK);
    EXPECT(exo_gas_transfer(startup_gas(), below, CREDIT - balance_of(below), LOW), EXO_STATUS_OK);
    EXPECT(exo_gas_debit(below, CREDIT - LOW), EXO_STATUS_OK);
    EXPECT(exo_event_wait(event, 0, &bits), EXO_STATUS_DEADLINE); /* at the mark, not below */
    EXPECT(exo_gas_debit(below, 1), EXO_STATUS_OK);
    EXPECT(exo_event_wait(event, 0, &bits), EXO_STATUS_OK);
    EXPECT(exo_gas_debit(below, LOW), EXO_STATUS_NO_GAS);
    EXPECT(exo_event_wait(event, 0, &bits), EXO_STATUS_DEADLINE); /* told once */
    EXPECT(exo_gas_debit(startup_gas(), OWN_LOW_BELOW), EXO_STATUS_OK);
    EXPECT(exo_event_wait(own, 0, &bits), EXO_STATUS_OK);
}

int component_main(void)
{
    struct startup_device device;
    uint32_t below = scenario_slots(1);
    CHECK(startup_device("gas_root", &device));
    root = device.slot;
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(1), 1, EXO_OBJECT_KIND_GAS, below,
                             1, startup_gas()), EXO_STATUS_OK);
    check_calls();
    check_debit();
    check_time();
    check_memory(below);
    check_low(below);
    int64_t together = balance_of(startup_gas()) + balance_of(below);
    EXPECT(exo_capability_delete(below), EXO_STATUS_OK);
    CHECK(look().balance == together);
    print("gas_charges: calls, signals, debits, time and memory cost what they should\n");
    return 0;
}
