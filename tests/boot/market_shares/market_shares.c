/* SPDX-License-Identifier: MIT */
/*
 * Three components bid for slots, and get as much of the core as they pay for, by the ticks that
 * the kernel counted for them. One raises its bid: the price doubles, and the shares are others.
 * One runs out of credit: it keeps one slot, and the others share its part for less. A scheduler
 * that is started again is told what was sold. Ticks are instructions here, so the shares are exact
 * but for the vector's end, which cuts a round.
 */
#include "market.capnp.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "text.h"
#include "ticks.h"
#include "watch.h"

enum {
    BIDDERS = 3,
    SUPPLY = 20,
    PAUSE_MICROSECONDS = 1000,
    WINDOW_MICROSECONDS = 100000,
    LOOKS_MAX = 3000,
    HUNDREDTHS = 1, /* of what all three get, by which a share may be off */
};

static const char *const names[BIDDERS] = {"rich", "middle", "poor"};
static struct market_client market;

static void pause(uint64_t microseconds)
{
    uint64_t bits;
    exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(microseconds), &bits);
}

struct sold { uint64_t slots[BIDDERS]; bool dry[BIDDERS]; };

static struct sold look(void)
{
    struct sold sold = {0};
    struct market_state_results results = {0};
    EXPECT(market_state(&market, &results), EXO_STATUS_OK);
    CHECK(results.supply == SUPPLY);
    for (uint32_t i = 0; i < market_bidder_list_count(results.bidders); i++) {
        struct market_bidder_reader bidder = market_bidder_list_at(results.bidders, i);
        struct capnp_text name;
        market_bidder_get_name(bidder, &name);
        for (uint32_t j = 0; j < BIDDERS; j++) {
            if (!text_is(name.bytes, name.length, names[j]))
                continue;
            sold.slots[j] = market_bidder_get_slots(bidder);
            sold.dry[j] = market_bidder_get_dry(bidder);
        }
    }
    return sold;
}

static bool is_sold(const uint64_t slots[BIDDERS])
{
    struct sold sold = look();
    for (uint32_t i = 0; i < BIDDERS; i++)
        if (sold.slots[i] != slots[i])
            return false;
    return true;
}

/* The last period: the price is what was paid by what was sold. */
static uint64_t price(uint64_t demand)
{
    struct market_history_results results = {0};
    EXPECT(market_history(&market, &results), EXO_STATUS_OK);
    uint32_t count = market_period_list_count(results.periods);
    CHECK(count > 0);
    struct market_period_reader last = market_period_list_at(results.periods, count - 1);
    CHECK(market_period_get_demand(last) == demand);
    CHECK(market_period_get_sold(last) == SUPPLY);
    CHECK(market_period_get_price(last) == market_period_get_paid(last) / SUPPLY);
    return market_period_get_price(last);
}

static void wait_until_sold(const uint64_t slots[BIDDERS])
{
    for (int i = 0; !is_sold(slots); i++) {
        CHECK(i < LOOKS_MAX);
        pause(PAUSE_MICROSECONDS);
    }
    pause(10 * PAUSE_MICROSECONDS); /* the scheduler is told, and its vector has come round */
}

/* See that these slots are what the bidders get: what was sold, or one where nothing was. */
static void check(const uint64_t slots[BIDDERS])
{
    uint64_t ticks[BIDDERS], sum = 0, round = 0;
    wait_until_sold(slots);
    for (uint32_t i = 0; i < BIDDERS; i++)
        ticks[i] = watch_ticks(names[i]);
    pause(WINDOW_MICROSECONDS);
    for (uint32_t i = 0; i < BIDDERS; i++) {
        ticks[i] = watch_ticks(names[i]) - ticks[i];
        sum += ticks[i];
        round += slots[i] > 0 ? slots[i] : 1;
    }
    CHECK(is_sold(slots));
    print("market_shares: of 1000 ticks %lu, %lu, %lu\n", ticks[0] * 1000 / sum,
          ticks[1] * 1000 / sum, ticks[2] * 1000 / sum);
    for (uint32_t i = 0; i < BIDDERS; i++) {
        uint64_t due = sum * (slots[i] > 0 ? slots[i] : 1), got = ticks[i] * round;
        uint64_t off = due > got ? due - got : got - due;
        CHECK(off * 100 <= sum * round * HUNDREDTHS);
    }
}

/* Another one, which knows the shares of the composition only, until the market tells it. */
static void restart_scheduler(void)
{
    static struct supervisor_client supervisor;
    struct supervisor_restart_params params = {.name = {"scheduler", 9}};
    struct supervisor_restart_results results = {0};
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    EXPECT(supervisor_restart(&supervisor, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == SUPERVISOR_RESULT_DONE);
}

int component_main(void)
{
    static const uint64_t first[BIDDERS] = {12, 6, 2}, raised[BIDDERS] = {6, 13, 1};
    static const uint64_t dry[BIDDERS] = {6, 14, 0};
    EXPECT(market_client_open(&market, binding_import("market")), EXO_STATUS_OK);
    check(first);
    CHECK(price(1000000) == 50000);
    check(raised);
    CHECK(price(2000000) == 100000);
    check(dry);
    CHECK(look().dry[2] && !look().dry[1]);
    CHECK(price(2000000) == 95000);
    restart_scheduler();
    check(dry);
    print("market_shares: each gets what it pays for, and the price is what all pay\n");
    return 0;
}
