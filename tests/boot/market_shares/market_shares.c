/* SPDX-License-Identifier: MIT */
/*
 * Three components bid for slots, and get as much of the core as they pay for, by the ticks that
 * the kernel counted for them. One raises its bid: the price doubles, and the shares are others.
 * One runs out of credit: it keeps one slot, and the others share its part for less. Ticks are
 * instructions here, so the shares are exact but for the vector's end, which cuts a round.
 */
#include "market.capnp.h"
#include "scenario.h"
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

/* Wait for these slots, and see that they are what the bidders get. */
static void check(const uint64_t slots[BIDDERS])
{
    uint64_t ticks[BIDDERS], sum = 0;
    for (int i = 0; !is_sold(slots); i++) {
        CHECK(i < LOOKS_MAX);
        pause(PAUSE_MICROSECONDS);
    }
    pause(10 * PAUSE_MICROSECONDS); /* the scheduler is told, and its vector has come round */
    for (uint32_t i = 0; i < BIDDERS; i++)
        ticks[i] = watch_ticks(names[i]);
    pause(WINDOW_MICROSECONDS);
    for (uint32_t i = 0; i < BIDDERS; i++) {
        ticks[i] = watch_ticks(names[i]) - ticks[i];
        sum += ticks[i];
    }
    CHECK(is_sold(slots));
    print("market_shares: of 1000 ticks %lu, %lu, %lu\n", ticks[0] * 1000 / sum,
          ticks[1] * 1000 / sum, ticks[2] * 1000 / sum);
    for (uint32_t i = 0; i < BIDDERS; i++) {
        uint64_t due = sum * slots[i], got = ticks[i] * SUPPLY;
        uint64_t off = due > got ? due - got : got - due;
        CHECK(off * 100 <= sum * SUPPLY * HUNDREDTHS);
    }
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
    for (int i = 0; !is_sold(dry); i++) {
        CHECK(i < LOOKS_MAX);
        pause(PAUSE_MICROSECONDS);
    }
    CHECK(look().dry[2] && !look().dry[1]);
    CHECK(price(2000000) == 95000);
    print("market_shares: each gets what it pays for, and the price is what all pay\n");
    return 0;
}
