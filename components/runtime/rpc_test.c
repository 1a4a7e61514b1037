/* SPDX-License-Identifier: MIT */
/*
 * Typed calls over a channel, with a real server loop in threads of its own and a small kernel
 * (host/kernel.c) between: synchronous and asynchronous, capabilities, deadlines, death, reconnect.
 */
#include "sample.capnp.h"

#include "channel_guard.h"
#include "fault.h"
#include "host/kernel.h"

#include <CUnit/Basic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_BYTES 8192u
#define PORTAL 5u
#define CAPABILITY 40u /* first slot with something to give */
#define SCATTERED 7003 /* in a slot that does not follow on another one */
#define RUN_FIRST 52u  /* free slots of both sides, for runs */
#define RUN_COUNT 4u /* the two sides share the map of them here */

static _Alignas(4096) uint8_t memory[MEMORY_BYTES];
static struct channel_place client_place = {.bytes = MEMORY_BYTES, .doorbell = 10, .wake = 11,
                                            .wake_bits = 1};
static struct channel_place server_place = {.bytes = MEMORY_BYTES, .doorbell = 11, .wake = 10,
                                            .wake_bits = 1};
static struct binding client_binding = {.portal = PORTAL, .place_count = 1,
                                        .places = &client_place, .thread = 2, .thread_count = 1,
                                        .receive_first = 20, .receive_count = 4};
static struct binding server_binding = {.place_count = 1, .places = &server_place, .thread = 20,
                                        .thread_count = 2, .receive_first = 30,
                                        .receive_count = 8};
static struct sample_client client;
static uint64_t notified, served_text;
static unsigned busy_runs;
static bool may_go_on;
static int waiting; /* somebody is in serve_wait */
static uint64_t seen_callback, seen_other;

static enum exo_status serve_add(struct rpc_call *call, const struct sample_add_params *params,
                                 struct sample_add_results *results)
{
    CU_ASSERT_PTR_EQUAL(call->context, &notified);
    results->sum = params->first + params->second;
    results->text = params->text;
    busy_runs += params->first == 1414;
    return params->first == 13   ? EXO_STATUS_CONFLICT
           : params->first == 1414 ? EXO_STATUS_BUSY
                                 : EXO_STATUS_OK;
}

static enum exo_status serve_notify(struct rpc_call *call,
                                    const struct sample_notify_params *params)
{
    CU_ASSERT(call->is_asynchronous || params->value == 1000);
    notified += params->value;
    served_text += params->text.length;
    return params->value == 13 ? EXO_STATUS_DENIED : EXO_STATUS_OK;
}

static enum exo_status serve_pass(struct rpc_call *call, const struct sample_pass_params *params,
                                  struct sample_pass_results *results)
{
    (void)call;
    seen_callback = params->callback == EXO_NONE ? 0 : host_slots[HOST_SERVER][params->callback];
    seen_other = params->other == EXO_NONE ? 0 : host_slots[HOST_SERVER][params->other];
    results->blob = params->blob;
    if (params->callback != EXO_NONE && rpc_take(params->callback, 50) == EXO_STATUS_OK)
        results->callback = 50;
    if (seen_other == SCATTERED && rpc_take(params->other, 48) == EXO_STATUS_OK)
        results->other = 48;
    return EXO_STATUS_OK;
}

static enum exo_status serve_echo(struct rpc_call *call, const struct sample_echo_params *params,
                                  struct sample_echo_results *results)
{
    (void)call;
    results->everything = params->everything;
    return EXO_STATUS_OK;
}

static enum exo_status serve_list(struct rpc_call *call, const struct sample_list_params *params,
                                  struct sample_list_results *results)
{
    struct sample_list_results_builder built;
    struct sample_point_builder_list points;
    (void)results;
    enum exo_status status = sample_list_reply(call, &built);
    if (status != EXO_STATUS_OK ||
        sample_list_results_init_points(built, params->count, &points) != CAPNP_OK)
        return EXO_STATUS_OK; /* the builder knows what went wrong */
    for (uint32_t i = 0; i < params->count; i++)
        sample_point_set_x(sample_point_builder_list_at(points, i), (int32_t)i);
    return EXO_STATUS_OK;
}

static enum exo_status serve_choose(struct rpc_call *call,
                                    const struct sample_choose_params *params,
                                    struct sample_choose_results *results)
{
    (void)call;
    CU_ASSERT_EQUAL(sample_choice_which(params->reader), SAMPLE_CHOICE_WHICH_TEXT);
    results->reader = params->reader;
    return EXO_STATUS_OK;
}

static enum exo_status serve_wait(struct rpc_call *call)
{
    (void)call;
    __atomic_store_n(&waiting, 1, __ATOMIC_RELAXED);
    host_await(&may_go_on);
    return EXO_STATUS_OK;
}

static const struct sample_methods methods = {.add = serve_add, .notify = serve_notify,
                                              .pass = serve_pass, .echo = serve_echo,
                                              .list = serve_list, .choose = serve_choose,
                                              .wait = serve_wait};

static void *handler_thread(void *argument)
{
    (void)argument;
    sample_serve(&methods, &notified, &server_binding);
    return 0;
}

static void *events_thread(void *argument)
{
    (void)argument;
    sample_serve_events(&methods, &notified, &server_binding);
    return 0;
}

/* One synchronous call that must work. */
static void check_add(uint64_t first, const char *text)
{
    struct sample_add_params params = {first, 2, {text, (uint32_t)strlen(text)}};
    struct sample_add_results results;
    CU_ASSERT_EQUAL(sample_add(&client, &params, &results), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(results.sum, first + 2);
    CU_ASSERT(capnp_text_is(results.text, text));
    CU_ASSERT(channel_check(&client.rpc.channel));
}

static void test_synchronous(void)
{
    static char long_text[8192];
    struct sample_add_params params = {13, 0, {"", 0}};
    struct sample_add_results results;
    char text[64] = "";
    for (uint32_t i = 0; i < 60; i++) {
        check_add(i == 13 ? 0 : i, text);
        text[i] = (char)('a' + i % 26);
    }
    CU_ASSERT_EQUAL(sample_add(&client, &params, &results), EXO_STATUS_CONFLICT);
    memset(long_text, 'x', sizeof long_text - 1);
    params.text = (struct capnp_text){long_text, 8191};
    CU_ASSERT_EQUAL(sample_add(&client, &params, &results), EXO_STATUS_FULL);
    params = (struct sample_add_params){1, 2, {long_text, 3000}};
    CU_ASSERT_EQUAL(sample_add(&client, &params, &results), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(results.text.length, 3000);
    CU_ASSERT_EQUAL(sample_missing(&client), EXO_STATUS_BAD_CALL);
    const struct rpc_method unknown = {&sample_interface, 0, 0, 999, 0};
    CU_ASSERT_EQUAL(rpc_client_call(&client.rpc, &unknown, 0, 0), EXO_STATUS_BAD_CALL);
    check_add(5, "still here");
    static struct sample_client never_opened;
    params.text.length = 0;
    CU_ASSERT_EQUAL(sample_add(&never_opened, &params, &results), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_wait(&never_opened), EXO_STATUS_DISCONNECTED);
}

static void test_built(void)
{
    struct sample_list_params wanted = {7};
    struct sample_list_results points;
    struct sample_choose_results choice;
    struct sample_choice_builder choose;
    struct sample_echo_params_builder echo;
    struct sample_echo_results everything;
    struct sample_everything_builder inner;
    struct capnp_text text;
    CU_ASSERT_EQUAL(sample_list(&client, &wanted, &points), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_point_list_count(points.points), 7);
    CU_ASSERT_EQUAL(sample_point_get_x(sample_point_list_at(points.points, 6)), 6);
    wanted.count = 100000;
    CU_ASSERT_EQUAL(sample_list(&client, &wanted, &points), EXO_STATUS_FULL);
    CU_ASSERT_EQUAL(sample_choose_begin(&client, &choose), EXO_STATUS_OK);
    sample_choice_set_text(choose, CAPNP_TEXT_LITERAL("chosen"));
    sample_choice_more_set_flag(sample_choice_init_more(choose), true);
    CU_ASSERT_EQUAL(sample_choose_finish(&client, &choice), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_choice_get_text(choice.reader, &text), CAPNP_OK);
    CU_ASSERT(capnp_text_is(text, "chosen"));
    CU_ASSERT(sample_choice_more_get_flag(sample_choice_get_more(choice.reader)));
    CU_ASSERT_EQUAL(sample_echo_begin(&client, &echo), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_echo_params_init_everything(echo, &inner), CAPNP_OK);
    sample_everything_set_uint16(inner, 99);
    sample_everything_set_text(inner, CAPNP_TEXT_LITERAL("echoed"));
    CU_ASSERT_EQUAL(sample_echo_finish(&client, &everything), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_everything_get_uint16(everything.everything), 99);
    CU_ASSERT_EQUAL(sample_everything_get_text(everything.everything, &text), CAPNP_OK);
    CU_ASSERT(capnp_text_is(text, "echoed"));
}

static void test_asynchronous(void)
{
    uint32_t question[32];
    struct sample_add_results results;
    for (uint32_t round = 0; round < 200; round++) {
        uint32_t count = 1 + round % 12;
        for (uint32_t i = 0; i < count; i++) {
            struct sample_add_params params = {round, i, CAPNP_TEXT_LITERAL("asynchronous text")};
            params.text.length = (round + i) % 18;
            CU_ASSERT_EQUAL_FATAL(sample_add_send(&client, &params, &question[i]),
                                  EXO_STATUS_OK);
        }
        if (round % 5 == 0)
            check_add(round == 13 ? 1 : round, "between"); /* serves the ring first */
        for (uint32_t k = 0; k < count; k++) {
            uint32_t i = round % 2 ? k : count - 1 - k;
            enum exo_status status =
                sample_add_wait(&client, question[i], RPC_FOR_EVER, &results);
            CU_ASSERT_EQUAL(status, round == 13 ? EXO_STATUS_CONFLICT : EXO_STATUS_OK);
            if (status == EXO_STATUS_OK) {
                CU_ASSERT_EQUAL(results.sum, round + (uint64_t)i);
                CU_ASSERT_EQUAL(results.text.length, (round + i) % 18);
            }
            sample_client_finish(&client, question[i]);
            sample_client_finish(&client, question[i]); /* twice does no harm */
        }
        CU_ASSERT(channel_check(&client.rpc.channel));
        CU_ASSERT_EQUAL(sample_add_wait(&client, question[0], 0, &results),
                        EXO_STATUS_BAD_ARGUMENT);
    }
}

static void test_posted(void)
{
    uint64_t before = notified;
    struct sample_notify_params params = {1, CAPNP_TEXT_LITERAL("posted")};
    for (int batch = 0; batch < 50; batch++) {
        for (int i = 0; i < 32; i++)
            CU_ASSERT_EQUAL(sample_notify_post(&client, &params), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(sample_client_settle(&client, RPC_FOR_EVER), EXO_STATUS_OK);
    }
    CU_ASSERT_EQUAL(notified - before, 1600);
    params.value = 13;
    CU_ASSERT_EQUAL(sample_notify_post(&client, &params), EXO_STATUS_OK);
    params.value = 1;
    CU_ASSERT_EQUAL(sample_notify_post(&client, &params), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_client_settle(&client, RPC_FOR_EVER), EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(sample_client_settle(&client, RPC_FOR_EVER), EXO_STATUS_OK);
    check_add(6, "after the posts");
}

static void test_full(void)
{
    uint32_t question[64], asked = 0;
    struct sample_add_params params = {1, 1, CAPNP_TEXT_LITERAL("never finished")};
    struct sample_add_results results;
    while (asked < 64 && sample_add_send(&client, &params, &question[asked]) == EXO_STATUS_OK)
        asked++;
    CU_ASSERT(asked >= 16 && asked <= 32);
    CU_ASSERT_EQUAL(sample_add_send(&client, &params, &question[63]), EXO_STATUS_FULL);
    check_add(7, "synchronous beside it");
    for (uint32_t i = 0; i < asked; i++) {
        CU_ASSERT_EQUAL(sample_add_wait(&client, question[i], RPC_FOR_EVER, &results),
                        EXO_STATUS_OK);
        CU_ASSERT(capnp_text_is(results.text, "never finished"));
    }
    for (uint32_t i = 0; i < asked; i++)
        sample_client_finish(&client, question[i]);
    CU_ASSERT_EQUAL(sample_add_send(&client, &params, &question[0]), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_add_wait(&client, question[0], RPC_FOR_EVER, &results), EXO_STATUS_OK);
    sample_client_finish(&client, question[0]);
}

static void test_keep(void)
{
    struct sample_add_params params = {1, 1, CAPNP_TEXT_LITERAL("kept reply")};
    struct sample_add_results kept;
    uint32_t question;
    CU_ASSERT_EQUAL(sample_add(&client, &params, &kept), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_client_keep(&client, &question), EXO_STATUS_OK);
    for (int i = 0; i < 10; i++)
        check_add((uint64_t)i, "overwrites what is not kept");
    CU_ASSERT(capnp_text_is(kept.text, "kept reply"));
    sample_client_finish(&client, question);
    check_add(1, "and then it goes");
}

static void test_cancel(void)
{
    uint64_t before = notified;
    uint32_t first, second;
    struct sample_notify_params params = {1, CAPNP_TEXT_LITERAL("")};
    CU_ASSERT_EQUAL(sample_notify_send(&client, &params, &first), EXO_STATUS_OK);
    params.value = 100;
    CU_ASSERT_EQUAL(sample_notify_send(&client, &params, &second), EXO_STATUS_OK);
    sample_client_cancel(&client, second);
    CU_ASSERT_EQUAL(sample_notify_wait(&client, second, 0), EXO_STATUS_BAD_ARGUMENT);
    CU_ASSERT_EQUAL(sample_notify_wait(&client, first, RPC_FOR_EVER), EXO_STATUS_OK);
    sample_client_finish(&client, first);
    CU_ASSERT_EQUAL(sample_client_settle(&client, RPC_FOR_EVER), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(notified - before, 1);
    params.value = 1000;
    CU_ASSERT_EQUAL(sample_notify(&client, &params), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(client.rpc.question_oldest, client.rpc.channel.send_tail);
}

static void test_capabilities(void)
{
    struct sample_pass_params params = {EXO_NONE, EXO_NONE, {(const uint8_t *)"blob", 4}};
    struct sample_pass_results results;
    uint32_t question;
    uint64_t *mine = host_slots[HOST_CLIENT], *theirs = host_slots[HOST_SERVER];
    mine[CAPABILITY] = 7001;
    mine[CAPABILITY + 1] = 7002;
    mine[CAPABILITY + 3] = 7003;
    CU_ASSERT_EQUAL(sample_pass(&client, &params, &results), EXO_STATUS_OK);
    CU_ASSERT(seen_callback == 0 && seen_other == 0 && results.callback == EXO_NONE);
    params.callback = CAPABILITY;
    params.other = CAPABILITY + 1;
    CU_ASSERT_EQUAL(sample_pass(&client, &params, &results), EXO_STATUS_OK);
    CU_ASSERT(seen_callback == 7001 && seen_other == 7002);
    CU_ASSERT(theirs[50] == 7001); /* taken; the other was given back */
    CU_ASSERT(theirs[30] == 0 && theirs[31] == 0 && theirs[34] == 0 && theirs[35] == 0);
    CU_ASSERT_EQUAL(mine[results.callback], 7001);
    CU_ASSERT_EQUAL(rpc_take(results.callback, 60), EXO_STATUS_OK);
    check_add(1, "gives back what was not taken");
    CU_ASSERT(mine[60] == 7001 && mine[20] == 0);
    theirs[50] = 0;
    params.other = EXO_NONE;
    CU_ASSERT_EQUAL(sample_pass_send(&client, &params, &question), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(seen_callback, 7001);
    CU_ASSERT_EQUAL(sample_pass_wait(&client, question, RPC_FOR_EVER, &results), EXO_STATUS_OK);
    CU_ASSERT(results.callback != EXO_NONE && mine[results.callback] == 7001);
    CU_ASSERT_EQUAL(results.blob.length, 4);
    sample_client_finish(&client, question);
    check_add(2, "after");
    CU_ASSERT_EQUAL(mine[20], 0);
}

/* Is nothing left in the slots for runs, of both sides. */
static bool runs_are_free(const struct slots *slots)
{
    for (uint32_t i = 0; i < RUN_COUNT; i++)
        if (host_slots[HOST_CLIENT][RUN_FIRST + i] != 0 ||
            host_slots[HOST_SERVER][RUN_FIRST + i] != 0)
            return false;
    return slots->used == RUN_FIRST;
}

/* Both sides give capabilities from slots that do not follow each other. */
static void test_scattered(void)
{
    static struct slots slots;
    struct sample_pass_params params = {CAPABILITY + 3, CAPABILITY, {0, 0}};
    struct sample_pass_results results;
    uint32_t question;
    uint64_t *mine = host_slots[HOST_CLIENT], *theirs = host_slots[HOST_SERVER];
    theirs[50] = mine[CAPABILITY + 1] = 0;
    mine[CAPABILITY] = SCATTERED;
    mine[CAPABILITY + 3] = 7001;
    CU_ASSERT_EQUAL(sample_pass(&client, &params, &results), EXO_STATUS_FULL); /* of no slots */
    slots_start(&slots, RUN_FIRST, RUN_FIRST + RUN_COUNT);
    rpc_given_use(&slots);
    for (int i = 0; i < 3; i++) { /* and again: the slots come back */
        host_wait_idle(2);
        CU_ASSERT_EQUAL(sample_pass(&client, &params, &results), EXO_STATUS_OK);
        CU_ASSERT(seen_callback == 7001 && seen_other == SCATTERED);
        CU_ASSERT(mine[results.callback] == 7001 && mine[results.other] == SCATTERED);
        CU_ASSERT(mine[CAPABILITY] == SCATTERED && mine[CAPABILITY + 3] == 7001);
        host_wait_idle(2); /* so the same handler serves this, and learns that its answer went */
        check_add(1, "gives back what was not taken");
        CU_ASSERT(runs_are_free(&slots));
        theirs[48] = theirs[50] = 0;
    }
    host_wait_idle(2);
    CU_ASSERT_EQUAL(sample_pass_send(&client, &params, &question), EXO_STATUS_OK);
    CU_ASSERT(theirs[RUN_FIRST + 2] == 7001 && mine[RUN_FIRST] == 0); /* waits to be fetched */
    host_wait_idle(2);
    CU_ASSERT_EQUAL(sample_pass_wait(&client, question, RPC_FOR_EVER, &results), EXO_STATUS_OK);
    CU_ASSERT(mine[results.callback] == 7001 && mine[results.other] == SCATTERED);
    sample_client_finish(&client, question);
    host_wait_idle(2);
    check_add(2, "after");
    CU_ASSERT(runs_are_free(&slots));
    theirs[48] = theirs[50] = 0;
    /* Nobody fetches them. */
    host_wait_idle(2);
    CU_ASSERT_EQUAL(sample_pass_post(&client, &params), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(theirs[RUN_FIRST + 2], 7001);
    CU_ASSERT_EQUAL(sample_client_settle(&client, RPC_FOR_EVER), EXO_STATUS_OK);
    check_add(3, "the ring is served");
    check_add(4, "and what was finished given back");
    CU_ASSERT(runs_are_free(&slots));
    theirs[48] = theirs[50] = 0;
    /* Nobody is left to fetch them: the client ends, and another one calls at its place. */
    host_wait_idle(2);
    CU_ASSERT_EQUAL(sample_pass_send(&client, &params, &question), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(theirs[RUN_FIRST + 2], 7001);
    host_badge += UINT64_C(1) << 32;
    memset(memory, 0, sizeof memory);
    CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_OK);
    check_add(5, "of another client");
    CU_ASSERT(runs_are_free(&slots));
    theirs[48] = theirs[50] = 0;
    /* One of them is not there; one twice is given once. */
    params.other = CAPABILITY + 5;
    CU_ASSERT_EQUAL(sample_pass(&client, &params, &results), EXO_STATUS_BAD_CAPABILITY);
    CU_ASSERT(runs_are_free(&slots));
    params.other = params.callback;
    CU_ASSERT_EQUAL(sample_pass(&client, &params, &results), EXO_STATUS_OK);
    CU_ASSERT(seen_callback == 7001 && seen_other == 7001 && theirs[31] == 0);
    theirs[50] = mine[CAPABILITY] = mine[CAPABILITY + 3] = 0;
    check_add(6, "after");
    rpc_given_use(0);
}

static void test_give(void)
{
    struct rpc_given given = {0};
    bool failed = false;
    for (uint32_t i = 0; i < RPC_CAPABILITIES_MAX; i++)
        CU_ASSERT_EQUAL(rpc_give(&given, 100 - i, &failed), i);
    CU_ASSERT_EQUAL(rpc_give(&given, 98, &failed), 2);
    CU_ASSERT_EQUAL(rpc_give(&given, EXO_NONE, &failed), CAPNP_NO_CAPABILITY);
    CU_ASSERT_EQUAL(rpc_give(&given, RPC_OBJECT | 3, &failed), RPC_OBJECT | 3);
    CU_ASSERT(!failed && given.count == RPC_CAPABILITIES_MAX);
    CU_ASSERT_EQUAL(rpc_give(&given, 7, &failed), CAPNP_NO_CAPABILITY);
    CU_ASSERT(failed && given.count == RPC_CAPABILITIES_MAX);
}

static void test_deadline(void)
{
    struct sample_add_params params = {1, 1, CAPNP_TEXT_LITERAL("busy")};
    struct sample_add_results results;
    host_set(&may_go_on, false);
    sample_client_timeout(&client, 1000);
    check_add(3, "in time, and leaves the deadline to the next");
    CU_ASSERT_EQUAL(sample_wait(&client), EXO_STATUS_DEADLINE);
    CU_ASSERT_EQUAL(sample_add(&client, &params, &results), EXO_STATUS_BUSY);
    unsigned detached = host_detached;
    host_set(&may_go_on, true);
    host_wait_idle(2);
    CU_ASSERT_EQUAL(host_detached, detached + 1);
    sample_client_timeout(&client, 0);
    check_add(8, "the late reply is gone");
}

static void test_death(void)
{
    struct sample_add_params params = {1, 1, CAPNP_TEXT_LITERAL("dead")};
    struct sample_add_results results;
    host_portal_set(false);
    CU_ASSERT_EQUAL(sample_add(&client, &params, &results), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_DISCONNECTED);
    host_portal_set(true);
    host_badge += UINT64_C(1) << 32; /* a new generation, with fresh memory */
    memset(memory, 0, sizeof memory);
    CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_OK);
    check_add(9, "again");
    host_badge -= UINT64_C(1) << 32;
    CU_ASSERT_EQUAL(sample_add(&client, &params, &results), EXO_STATUS_DISCONNECTED);
    host_badge += UINT64_C(1) << 32;
    check_add(10, "the old generation is refused");
    /* A page of the channel goes away: without a spare page the fault cannot be handled. */
    struct upcall_frame frame = {.address = (uintptr_t)memory + 4100};
    /* Both sides are in this one process; here the client's mark is meant. */
    CU_ASSERT(channel_guard((uintptr_t)memory, MEMORY_BYTES, &client.rpc.channel));
    channel_guard_spare(0, 0);
    CU_ASSERT(!fault_dispatch(&frame));
    channel_guard_spare(1, 7);
    CU_ASSERT(fault_dispatch(&frame));
    frame.address = (uintptr_t)memory + MEMORY_BYTES;
    CU_ASSERT(!fault_dispatch(&frame));
    CU_ASSERT_EQUAL(sample_add(&client, &params, &results), EXO_STATUS_DISCONNECTED);
    params.first = 13; /* whatever the server says */
    CU_ASSERT_EQUAL(sample_add(&client, &params, &results), EXO_STATUS_DISCONNECTED);
    host_badge += UINT64_C(1) << 32;
    memset(memory, 0, sizeof memory);
    CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_OK);
    check_add(11, "fresh memory");
}

static void test_doorbell(void)
{
    uint64_t before = notified;
    struct sample_notify_params params = {1, CAPNP_TEXT_LITERAL("bell")};
    host_thread(HOST_SERVER, 0, events_thread, 0);
    check_add(12, "a second call meets the server");
    while (channel_peer_attention(&client.rpc.channel) != CHANNEL_ATTENTION_ASLEEP)
        sched_yield();
    unsigned calls = host_calls;
    for (int batch = 0; batch < 100; batch++) {
        for (int i = 0; i < 8; i++)
            CU_ASSERT_EQUAL(sample_notify_post(&client, &params), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(sample_client_settle(&client, RPC_FOR_EVER), EXO_STATUS_OK);
    }
    CU_ASSERT_EQUAL(notified - before, 800);
    CU_ASSERT_EQUAL(host_calls, calls); /* no portal call, only bells */
    CU_ASSERT(host_signals <= 2 * 100 + 2);
    for (uint64_t i = 0; i < 300; i++) { /* the two Threads of the server do not meet as an error */
        CU_ASSERT_EQUAL(sample_notify_post(&client, &params), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(sample_client_flush(&client), EXO_STATUS_OK);
        check_add(20 + i, "between bells");
    }
    CU_ASSERT_EQUAL(sample_client_settle(&client, RPC_FOR_EVER), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(notified - before, 1100);
    struct sample_add_params busy = {1414, 1, CAPNP_TEXT_LITERAL("not now")};
    struct sample_add_results results;
    CU_ASSERT_EQUAL(sample_add(&client, &busy, &results), EXO_STATUS_BUSY);
    CU_ASSERT_EQUAL(busy_runs, 1); /* the handler's own answer, and no reason to call it again */
}

/* The lines are zeroed, as before a server is started again, and its Thread for the rings sleeps:
 * the client rings, and finds out that nobody counts its requests. */
static void test_cleared(void)
{
    struct sample_add_params params = {1, 1, CAPNP_TEXT_LITERAL("cleared")};
    struct sample_add_results results;
    struct channel *channel = &client.rpc.channel;
    uint32_t question;
    uint64_t bits;
    exo_event_wait(client_place.wake, 0, &bits); /* nothing else wakes it */
    memset(memory, 0, 2 * CHANNEL_LINE_BYTES);
    *(uint16_t *)(void *)(channel_peer_line(channel) + CHANNEL_SERVER_LINE_ATTENTION_OFFSET) =
        CHANNEL_ATTENTION_ASLEEP;
    CU_ASSERT_EQUAL(sample_add_send(&client, &params, &question), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_add_wait(&client, question, 1, &results), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_add(&client, &params, &results), EXO_STATUS_DISCONNECTED);
    host_badge += UINT64_C(1) << 32; /* this server goes on: let it begin all the same */
    CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_OK);
    check_add(30, "begun again");
}

/* Ends the portal when the server has begun to wait. */
static void *killer_thread(void *argument)
{
    (void)argument;
    while (__atomic_load_n(&waiting, __ATOMIC_RELAXED) == 0)
        sched_yield();
    host_portal_set(false);
    return 0;
}

static void test_death_while_waiting(void)
{
    uint32_t question;
    host_set(&may_go_on, false);
    CU_ASSERT_EQUAL(sample_wait_send(&client, &question), EXO_STATUS_OK);
    waiting = 0;
    host_thread(HOST_CLIENT, 3, killer_thread, 0);
    CU_ASSERT_EQUAL(sample_wait_wait(&client, question, RPC_FOR_EVER), EXO_STATUS_DISCONNECTED);
    host_set(&may_go_on, true);
}

int main(void)
{
    client_place.address = server_place.address = (uintptr_t)memory;
    host_slots[HOST_CLIENT][PORTAL] = 1;
    host_become(HOST_CLIENT, 2);
    host_thread(HOST_SERVER, 20, handler_thread, 0);
    host_wait_idle(1);
    host_thread(HOST_SERVER, 21, handler_thread, 0);
    host_wait_idle(2);
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("rpc", NULL, NULL);
    if (sample_client_open(&client, &client_binding) != EXO_STATUS_OK)
        return EXIT_FAILURE;
    CU_add_test(suite, "synchronous calls", test_synchronous);
    CU_add_test(suite, "messages that are built in place", test_built);
    CU_add_test(suite, "asynchronous calls", test_asynchronous);
    CU_add_test(suite, "posted messages", test_posted);
    CU_add_test(suite, "questions that are never finished", test_full);
    CU_add_test(suite, "a reply that is kept", test_keep);
    CU_add_test(suite, "a question that is called off", test_cancel);
    CU_add_test(suite, "capabilities", test_capabilities);
    CU_add_test(suite, "scattered capabilities", test_scattered);
    CU_add_test(suite, "giving capabilities", test_give);
    CU_add_test(suite, "deadline, busy and the late reply", test_deadline);
    CU_add_test(suite, "death and reconnection", test_death);
    CU_add_test(suite, "doorbells", test_doorbell);
    CU_add_test(suite, "lines that were zeroed", test_cleared);
    CU_add_test(suite, "death of a server while its client waits", test_death_while_waiting);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
