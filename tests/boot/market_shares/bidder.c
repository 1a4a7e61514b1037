/* SPDX-License-Identifier: MIT */
/*
 * Bids what the settings say, from a purse of its own, and uses all the time that it gets for it;
 * now and then it sees that the purse has paid what the market says, and no more. After some
 * periods it may bid something else.
 */
#include "market.capnp.h"
#include "scenario.h"
#include "text.h"

enum { WORK = 500000, LOOKS_MAX = 100 };

static struct market_client market;
static uint32_t purse, access;
static int64_t budget;

static int64_t left(void)
{
    uint64_t kind, rights, balance, held, low, high;
    EXPECT(exo_capability_info(EXO_SELF, purse, &kind, &rights, &balance, &held, &low, &high),
           EXO_STATUS_OK);
    return (int64_t)balance;
}

/* An account below ours, and what we show of it: the right to charge it. */
static void make_purse(void)
{
    budget = (int64_t)startup_number("budget", 0);
    purse = scenario_slots(1);
    access = scenario_slots(1);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(1), 1, EXO_OBJECT_KIND_GAS, purse,
                             1, startup_gas()), EXO_STATUS_OK);
    EXPECT(exo_gas_transfer(startup_gas(), purse, budget, 0), EXO_STATUS_OK);
    EXPECT(exo_capability_derive(purse, EXO_SELF, access, 0, 0, EXO_RIGHT_PAY, 0), EXO_STATUS_OK);
}

static enum market_result bid(uint32_t account, uint64_t amount)
{
    struct market_bid_params params = {.account = account, .amount = amount};
    struct market_bid_results results = {0};
    EXPECT(market_bid(&market, &params, &results), EXO_STATUS_OK);
    return results.result;
}

/* What the market says that we have paid, and in how many periods. */
static int64_t paid(uint64_t *periods)
{
    struct market_state_results results = {0};
    EXPECT(market_state(&market, &results), EXO_STATUS_OK);
    *periods = results.periods;
    for (uint32_t i = 0; i < market_bidder_list_count(results.bidders); i++) {
        struct market_bidder_reader bidder = market_bidder_list_at(results.bidders, i);
        struct capnp_text name;
        market_bidder_get_name(bidder, &name);
        if (text_is(name.bytes, name.length, startup_name()))
            return (int64_t)market_bidder_get_paid(bidder);
    }
    CHECK(!"the market knows us");
    return 0;
}

/* Again, when it was charged between. */
static uint64_t check_purse(void)
{
    uint64_t periods = 0;
    for (int i = 0; i < LOOKS_MAX; i++) {
        int64_t before = left(), spent = paid(&periods);
        if (left() != before)
            continue;
        CHECK(budget - before == spent);
        return periods;
    }
    CHECK(!"it is quiet for a moment");
    return periods;
}

int component_main(void)
{
    uint64_t amount = startup_number("bid", 0), later = startup_number("later", 0);
    uint64_t later_periods = startup_number("later_periods", 0);
    EXPECT(market_client_open(&market, binding_import("market")), EXO_STATUS_OK);
    make_purse();
    CHECK(bid(EXO_NONE, amount) == MARKET_RESULT_NO_ACCOUNT);
    CHECK(bid(CHILD_SLOT_WAKE, amount) == MARKET_RESULT_NO_ACCOUNT);
    CHECK(bid(access, MARKET_BID_MAX + 1) == MARKET_RESULT_TOO_MUCH);
    CHECK(bid(access, amount) == MARKET_RESULT_DONE);
    uint64_t begin = check_purse();
    for (;;) {
        for (int i = 0; i < WORK; i++)
            __atomic_signal_fence(__ATOMIC_SEQ_CST);
        if (check_purse() - begin >= later_periods && later > 0) {
            CHECK(bid(EXO_NONE, later) == MARKET_RESULT_DONE);
            later = 0;
        }
    }
}
