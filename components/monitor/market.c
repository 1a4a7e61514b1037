/* SPDX-License-Identifier: MIT */
#include "market.h"

#include "kernel_names.h"
#include "kernel_stubs.h"
#include "market.capnp.h"
#include "plot.h"
#include "print.h"
#include "startup.h"

static struct market_client market;

/* Open the channel at the first use; false, with a line, without one. */
static bool open_market(void)
{
    static bool is_open;
    const struct binding *binding = binding_import("market");
    if (!binding) {
        print("this composition has no market\n");
        return false;
    }
    enum exo_status status = is_open ? EXO_STATUS_OK : market_client_open(&market, binding);
    is_open = status == EXO_STATUS_OK;
    if (!is_open)
        print("no answer. %s\n", exo_status_sentences[status]);
    return is_open;
}

static void print_bidders(struct market_bidder_list bidders)
{
    print("%-22s %13s %16s %5s\n", "bidder", "bid", "paid", "slots");
    for (uint32_t i = 0; i < market_bidder_list_count(bidders); i++) {
        struct market_bidder_reader bidder = market_bidder_list_at(bidders, i);
        struct capnp_text name;
        market_bidder_get_name(bidder, &name);
        print("%-22.*s %13lu %16lu %5u%s\n", (int)name.length, name.bytes,
              market_bidder_get_bid(bidder), market_bidder_get_paid(bidder),
              market_bidder_get_slots(bidder),
              market_bidder_get_dry(bidder) ? "  out of credit" : "");
    }
}

/* The last period's demand and price, and a plot of one of them in the periods before. */
static void print_history(struct market_period_list periods, bool plots_demand)
{
    uint64_t values[PLOT_VALUES_MAX] = {0};
    char line[PLOT_LINE_BYTES];
    uint32_t count = market_period_list_count(periods);
    if (count == 0)
        return;
    struct market_period_reader last = market_period_list_at(periods, count - 1);
    print("demand %lu micro-units, of which %lu were paid; price of a slot %lu\n",
          market_period_get_demand(last), market_period_get_paid(last),
          market_period_get_price(last));
    count = count < PLOT_VALUES_MAX ? count : PLOT_VALUES_MAX;
    for (uint32_t i = 0; i < count; i++) {
        struct market_period_reader period = market_period_list_at(periods, i);
        values[i] = plots_demand ? market_period_get_demand(period)
                                 : market_period_get_price(period);
    }
    for (uint32_t row = 0; row <= PLOT_ROWS; row++) {
        plot_row(values, count, row, line);
        print("%s\n", line);
    }
}

void market_show(bool plots_demand)
{
    struct market_state_results state = {0};
    struct market_history_results history = {0};
    if (!open_market())
        return;
    enum exo_status status = market_state(&market, &state);
    if (status == EXO_STATUS_OK) {
        print("supply %u slots of a round, in periods of %lu microseconds; %lu periods so far\n",
              state.supply, state.period_microseconds, state.periods);
        print_bidders(state.bidders);
        status = market_history(&market, &history);
    }
    if (status == EXO_STATUS_OK) {
        print_history(history.periods, plots_demand);
        return;
    }
    print("no answer. %s\n", exo_status_sentences[status]);
    market_reconnect(&market);
}
