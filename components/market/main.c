/* SPDX-License-Identifier: MIT */
/*
 * market: sells slots of a core's rounds. Its main thread begins one period after another: it
 * charges each bidder's account with its bid, divides the slots among those who could pay
 * (auction.h), and tells the scheduler; whoever has bought none keeps one. Its other handler
 * threads serve clients. One lock is over all that both use.
 *
 * Who bids is known by the channel: init said which component is at its other end, and says which
 * thread that component has. So nobody can bid in another's name.
 */
#include "auction.h"
#include "kernel_stubs.h"
#include "lock.h"
#include "market.capnp.h"
#include "scheduler.capnp.h"
#include "startup.h"
#include "supervisor.capnp.h"
#include "text.h"
#include "ticks.h"

enum {
    MISSING_BINDING = 1,
    NO_SLOTS = 2,
    FEW_THREADS = 3,
    SUPPLY = 20,            /* the setting `slots` may say otherwise */
    PERIOD_MICROSECONDS = 50000,
    SHARE_LEAST = 1,
    NO_THREAD = UINT32_MAX,
};

/* The bit of the own Event that the main thread waits for; nobody signals it. */
#define BIT_PAUSE (UINT64_C(1) << 62)

/* What belongs to a client's channel, beside what the auction knows of it. */
struct client {
    uint32_t account; /* slot of the account that pays, once there was one, or 0 */
    uint32_t thread;  /* index in the core's table */
    uint32_t share;   /* that the scheduler has accepted; 0: none yet */
    bool is_known;    /* it has bid, and has a thread */
    bool is_dry;
};

static struct lock lock; /* over all of these: */
static struct auction auction;
static struct client clients[AUCTION_BIDDERS_MAX];
static struct supervisor_client supervisor;

static struct scheduler_client scheduler; /* the main thread's */
static const struct binding *binding;
static uint64_t period_microseconds;
static uint32_t pause_event;

static struct capnp_text name_of(uint32_t client)
{
    const struct channel_place *place = &binding->places[client];
    return (struct capnp_text){place->peer, place->peer_bytes};
}

/* The position of a component in init's list; false: not there, or no answer. */
static bool find_component(struct capnp_text name, uint32_t *position)
{
    struct supervisor_list_params params = {0};
    struct supervisor_list_results results = {0};
    do {
        if (supervisor_list(&supervisor, &params, &results) != EXO_STATUS_OK)
            return false;
        uint32_t count = supervisor_component_list_count(results.components);
        for (uint32_t i = 0; i < count; i++) {
            struct capnp_text text;
            supervisor_component_get_name(supervisor_component_list_at(results.components, i),
                                          &text);
            if (text_equal(text.bytes, text.length, name.bytes, name.length)) {
                *position = params.from + i;
                return true;
            }
        }
        params.from = count > 0 ? params.from + count : results.count;
    } while (params.from < results.count);
    return false;
}

/* The index of the first thread of a component, which is the one that has its share. */
static uint32_t find_thread(uint32_t position)
{
    struct supervisor_threads_params params = {0};
    struct supervisor_threads_results results = {0};
    do {
        if (supervisor_threads(&supervisor, &params, &results) != EXO_STATUS_OK)
            return NO_THREAD;
        for (uint32_t i = 0; i < supervisor_thread_list_count(results.threads); i++) {
            struct supervisor_thread_reader thread = supervisor_thread_list_at(results.threads, i);
            if (supervisor_thread_get_component(thread) == position)
                return supervisor_thread_get_index(thread);
        }
        params.from = results.next;
    } while (results.next != 0);
    return NO_THREAD;
}

static bool know(uint32_t client)
{
    uint32_t position;
    if (!clients[client].is_known && find_component(name_of(client), &position)) {
        clients[client].thread = find_thread(position);
        clients[client].is_known = clients[client].thread != NO_THREAD;
    }
    return clients[client].is_known;
}

/* Keep a child of the account that came, in the client's one slot for it. */
static bool keep_account(struct client *client, uint32_t came)
{
    if (client->account == 0)
        client->account = slots_take(slots_own(), 1);
    if (client->account == SLOTS_NONE) {
        client->account = 0;
        return false;
    }
    exo_capability_delete(client->account); /* of the one before, if there is one */
    /* It is an account that may be charged if nothing can be charged to it. */
    return exo_capability_derive(came, EXO_SELF, client->account, 0, 0, EXO_RIGHT_PAY, 0) ==
               EXO_STATUS_OK &&
           exo_gas_debit(client->account, 0) == EXO_STATUS_OK;
}

static enum exo_status handle_bid(struct rpc_call *call, const struct market_bid_params *params,
                                  struct market_bid_results *results)
{
    uint32_t index = (uint32_t)call->badge;
    if (index >= AUCTION_BIDDERS_MAX) {
        results->result = MARKET_RESULT_UNKNOWN_BIDDER;
        return EXO_STATUS_OK;
    }
    lock_take(&lock);
    if (params->amount > MARKET_BID_MAX)
        results->result = MARKET_RESULT_TOO_MUCH;
    else if (!know(index))
        results->result = MARKET_RESULT_UNKNOWN_BIDDER;
    else if (params->account != EXO_NONE && !keep_account(&clients[index], params->account))
        results->result = MARKET_RESULT_NO_ACCOUNT;
    else if (params->amount > 0 && clients[index].account == 0)
        results->result = MARKET_RESULT_NO_ACCOUNT;
    else
        results->result = MARKET_RESULT_DONE;
    if (results->result == MARKET_RESULT_DONE)
        auction.bidder[index].bid = params->amount;
    lock_give(&lock);
    return EXO_STATUS_OK;
}

static void describe(uint32_t index, struct market_bidder_builder builder)
{
    market_bidder_set_name(builder, name_of(index));
    market_bidder_set_bid(builder, auction.bidder[index].bid);
    market_bidder_set_paid(builder, auction.bidder[index].paid);
    market_bidder_set_slots(builder, auction.bidder[index].slots);
    market_bidder_set_dry(builder, clients[index].is_dry);
}

static enum exo_status write_bidders(struct market_state_results_builder reply)
{
    struct market_bidder_builder_list list;
    uint32_t count = 0;
    for (uint32_t i = 0; i < AUCTION_BIDDERS_MAX; i++)
        count += clients[i].is_known;
    if (market_state_results_init_bidders(reply, count, &list) != CAPNP_OK)
        return EXO_STATUS_FULL;
    count = 0;
    for (uint32_t i = 0; i < AUCTION_BIDDERS_MAX; i++)
        if (clients[i].is_known)
            describe(i, market_bidder_builder_list_at(list, count++));
    return EXO_STATUS_OK;
}

static enum exo_status handle_state(struct rpc_call *call, struct market_state_results *results)
{
    struct market_state_results_builder reply;
    (void)results;
    market_state_reply(call, &reply);
    lock_take(&lock);
    market_state_results_set_supply(reply, auction.supply);
    market_state_results_set_period_microseconds(reply, period_microseconds);
    market_state_results_set_periods(reply, auction.periods);
    enum exo_status status = write_bidders(reply);
    lock_give(&lock);
    return status;
}

static enum exo_status write_periods(struct market_history_results_builder reply)
{
    struct market_period_builder_list list;
    uint32_t count = auction.periods < AUCTION_PERIODS_MAX ? (uint32_t)auction.periods
                                                           : AUCTION_PERIODS_MAX;
    if (market_history_results_init_periods(reply, count, &list) != CAPNP_OK)
        return EXO_STATUS_FULL;
    for (uint32_t i = 0; i < count; i++) {
        const struct auction_period *period = auction_period(&auction, count - 1 - i);
        struct market_period_builder builder = market_period_builder_list_at(list, i);
        market_period_set_demand(builder, period->demand);
        market_period_set_paid(builder, period->paid);
        market_period_set_price(builder, period->price);
        market_period_set_sold(builder, period->sold);
    }
    return EXO_STATUS_OK;
}

static enum exo_status handle_history(struct rpc_call *call, struct market_history_results *results)
{
    struct market_history_results_builder reply;
    (void)results;
    market_history_reply(call, &reply);
    lock_take(&lock);
    enum exo_status status = write_periods(reply);
    lock_give(&lock);
    return status;
}

static void serve(void *unused)
{
    static const struct market_methods methods = {
        .bid = handle_bid,
        .state = handle_state,
        .history = handle_history,
    };
    market_serve(&methods, unused, binding);
}

/* Charge a bid for the period that begins. An account that is gone ends the bid. */
static void charge(uint32_t index)
{
    struct auction_bidder *bidder = &auction.bidder[index];
    enum exo_status status = EXO_STATUS_OK;
    if (bidder->bid > 0)
        status = exo_gas_debit(clients[index].account, bidder->bid);
    clients[index].is_dry = status == EXO_STATUS_NO_GAS;
    if (status != EXO_STATUS_OK && status != EXO_STATUS_NO_GAS)
        bidder->bid = 0;
    bidder->paid_now = status == EXO_STATUS_OK ? bidder->bid : 0;
}

/* How many slots a round of the scheduler has; 0 when it does not answer: another one may be there
 * at the next call. */
static uint64_t slots_of_round(void)
{
    struct scheduler_state_results results = {0};
    if (scheduler_state(&scheduler, &results) == EXO_STATUS_OK)
        return results.slots;
    scheduler_reconnect(&scheduler);
    return 0;
}

/* Tell the scheduler what has changed. One whose round is not as it was left, since it was started
 * again or somebody else has a say, is told everything. */
static void tell(const uint32_t share[AUCTION_BIDDERS_MAX])
{
    static uint64_t left_slots;
    bool is_as_left = slots_of_round() == left_slots;
    for (uint32_t i = 0; i < AUCTION_BIDDERS_MAX; i++) {
        struct scheduler_set_share_params params = {clients[i].thread, share[i]};
        struct scheduler_set_share_results results = {0};
        if (share[i] == 0 || (is_as_left && share[i] == clients[i].share))
            continue;
        if (scheduler_set_share(&scheduler, &params, &results) == EXO_STATUS_OK &&
            results.result == SCHEDULER_RESULT_DONE)
            clients[i].share = share[i];
        else
            clients[i].share = 0;
    }
    left_slots = slots_of_round();
}

static void begin_period(void)
{
    uint32_t share[AUCTION_BIDDERS_MAX] = {0};
    lock_take(&lock);
    for (uint32_t i = 0; i < AUCTION_BIDDERS_MAX; i++)
        charge(i);
    auction_begin_period(&auction);
    for (uint32_t i = 0; i < AUCTION_BIDDERS_MAX; i++) {
        uint32_t slots = auction.bidder[i].slots;
        if (clients[i].is_known)
            share[i] = slots > SHARE_LEAST ? slots : SHARE_LEAST;
    }
    lock_give(&lock);
    tell(share);
}

static bool open_all(void)
{
    const struct binding *import = binding_import("supervisor");
    if (!import || supervisor_client_open(&supervisor, import) != EXO_STATUS_OK)
        return false;
    import = binding_import("scheduler");
    binding = binding_export("market");
    return binding && import && scheduler_client_open(&scheduler, import) == EXO_STATUS_OK;
}

int component_main(void)
{
    uint64_t supply = startup_number("slots", SUPPLY), bits;
    period_microseconds = startup_number("period_microseconds", PERIOD_MICROSECONDS);
    pause_event = slots_take(slots_own(), 1);
    if (!open_all())
        return MISSING_BINDING;
    if (binding->thread_count < 2)
        return FEW_THREADS;
    if (supply == 0 || supply > AUCTION_SUPPLY_MAX || period_microseconds == 0 ||
        exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, pause_event, 0, 0, EXO_RIGHT_WAIT,
                              BIT_PAUSE) != EXO_STATUS_OK)
        return NO_SLOTS;
    auction_start(&auction, (uint32_t)supply);
    for (uint32_t i = 1; i < binding->thread_count; i++)
        thread_run(binding->thread + i, serve, NULL);
    for (;;) {
        exo_event_wait(pause_event, ticks_deadline(period_microseconds), &bits);
        begin_period();
    }
}
