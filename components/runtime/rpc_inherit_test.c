/* SPDX-License-Identifier: MIT */
/*
 * Interfaces that inherit from others, by two ways from one of them, over a channel: which method
 * is meant, whatever interface the client took the channel for. And failures with a reason.
 */
#include "sample.capnp.h"

#include "host/kernel.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_BYTES 8192u
#define PORTAL 5u
#define LONG_BYTES 3000u
#define TOO_LONG_BYTES 8000u /* more than the arena holds */

static _Alignas(4096) uint8_t memory[MEMORY_BYTES];
static struct channel_place client_place = {.bytes = MEMORY_BYTES, .doorbell = 10, .wake = 11,
                                            .wake_bits = 1};
static struct channel_place server_place = {.bytes = MEMORY_BYTES, .doorbell = 11, .wake = 10,
                                            .wake_bits = 1};
static struct binding client_binding = {.portal = PORTAL, .place_count = 1,
                                        .places = &client_place, .thread = 2, .thread_count = 1,
                                        .interface_id = SAMPLE_BOTH_TYPE_ID,
                                        .receive_first = 20, .receive_count = 4};
static struct binding server_binding = {.place_count = 1, .places = &server_place, .thread = 20,
                                        .thread_count = 1, .interface_id = SAMPLE_BOTH_TYPE_ID,
                                        .receive_first = 30, .receive_count = 4};
static uint64_t listened;

static enum exo_status serve_who(struct rpc_call *call, struct sample_base_who_results *results)
{
    CU_ASSERT_PTR_EQUAL(call->context, &listened);
    results->name = CAPNP_TEXT_LITERAL("base");
    return EXO_STATUS_OK;
}

static enum exo_status serve_twice(struct rpc_call *call,
                                   const struct sample_base_twice_params *params,
                                   struct sample_base_twice_results *results)
{
    (void)call;
    results->value = 2 * params->value;
    return EXO_STATUS_OK;
}

static enum exo_status serve_left(struct rpc_call *call,
                                  const struct sample_left_left_params *params,
                                  struct sample_left_left_results *results)
{
    (void)call;
    results->length = params->text.length;
    return EXO_STATUS_OK;
}

static enum exo_status serve_right(struct rpc_call *call,
                                   const struct sample_right_right_params *params)
{
    (void)call;
    listened = params->listener == EXO_NONE ? 0 : host_slots[HOST_SERVER][params->listener];
    return EXO_STATUS_OK;
}

static enum exo_status serve_both(struct rpc_call *call,
                                  const struct sample_both_both_params *params,
                                  struct sample_both_both_results *results)
{
    (void)call;
    results->sum = params->value + 1;
    return EXO_STATUS_OK;
}

static enum exo_status serve_fail(struct rpc_call *call,
                                  const struct sample_both_fail_params *params,
                                  struct sample_both_fail_results *results)
{
    static char reason[MEMORY_BYTES];
    results->nothing = 1;
    memcpy(reason, params->reason.bytes, params->reason.length);
    uint32_t length = params->reason.length == LONG_BYTES ? TOO_LONG_BYTES : params->reason.length;
    return rpc_fail(call, (enum failure_exception_type)params->type,
                    (struct capnp_text){reason, length});
}

static const struct sample_base_methods base = {.who = serve_who, .twice = serve_twice};
static const struct sample_left_methods left = {.left = serve_left};
static const struct sample_right_methods right = {.right = serve_right};
static const struct sample_both_methods methods = {.both = serve_both, .fail = serve_fail,
                                                   .sample_base = &base, .sample_left = &left,
                                                   .sample_right = &right};

static void *handler_thread(void *argument)
{
    (void)argument;
    sample_both_serve(&methods, &listened, &server_binding);
    return 0;
}

/* Make the channel fresh, for another client of a later generation. */
static void refresh(void)
{
    host_badge += UINT64_C(1) << 32;
    memset(memory, 0, sizeof memory);
}

/* Call twice of the base, each way. */
static void check_base(struct sample_base_client *client)
{
    struct sample_base_twice_params params = {21};
    struct sample_base_twice_results results = {0};
    struct sample_base_twice_params_builder built;
    struct sample_base_who_results name;
    uint32_t question;
    CU_ASSERT_EQUAL(sample_base_twice(client, &params, &results), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(results.value, 42);
    CU_ASSERT_EQUAL(sample_base_who(client, &name), EXO_STATUS_OK);
    CU_ASSERT(capnp_text_is(name.name, "base"));
    CU_ASSERT_EQUAL(sample_base_twice_begin(client, &built), EXO_STATUS_OK);
    sample_base_twice_params_set_value(built, 4);
    CU_ASSERT_EQUAL(sample_base_twice_finish(client, &results), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(results.value, 8);
    CU_ASSERT_EQUAL(sample_base_twice_send(client, &params, &question), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_base_twice_post(client, &params), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_base_twice_wait(client, question, RPC_FOR_EVER, &results),
                    EXO_STATUS_OK);
    CU_ASSERT_EQUAL(results.value, 42);
    sample_base_client_finish(client, question);
    CU_ASSERT_EQUAL(sample_base_client_settle(client, RPC_FOR_EVER), EXO_STATUS_OK);
}

static void test_inherited(void)
{
    static struct sample_both_client client;
    struct sample_both_both_params params = {5};
    struct sample_both_both_results results;
    struct sample_left_left_params text = {CAPNP_TEXT_LITERAL("seven..")};
    struct sample_left_left_results length;
    struct sample_base_twice_params value = {3};
    struct sample_base_twice_results twice;
    refresh();
    CU_ASSERT_EQUAL(sample_both_client_open(&client, &client_binding), EXO_STATUS_OK);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(sample_both_both(&client, &params, &results), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(results.sum, 6);
        CU_ASSERT_EQUAL(sample_both_left(&client, &text, &length), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(length.length, 7);
        CU_ASSERT_EQUAL(sample_both_twice(&client, &value, &twice), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(twice.value, 6);
        check_base(sample_both_as_sample_base(&client));
    }
    /* The other interface has a method of this name, too, with no handler. */
    CU_ASSERT_EQUAL(sample_right_who(sample_both_as_sample_right(&client)), EXO_STATUS_BAD_CALL);
    check_base(sample_both_as_sample_base(&client));
}

static void test_capability(void)
{
    static struct sample_right_client client;
    struct sample_right_right_params params = {40};
    uint32_t question;
    host_slots[HOST_CLIENT][40] = 7001;
    refresh();
    CU_ASSERT_EQUAL(sample_right_client_open(&client, &client_binding), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_right_right(&client, &params), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(listened, 7001);
    listened = 0;
    CU_ASSERT_EQUAL(sample_right_right_send(&client, &params, &question), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(listened, 7001);
    CU_ASSERT_EQUAL(sample_right_right_wait(&client, question, RPC_FOR_EVER), EXO_STATUS_OK);
    sample_right_client_finish(&client, question);
}

static void test_other(void)
{
    static struct sample_base_client client;
    static struct sample_client stranger;
    struct sample_add_params params = {1, 2, {"", 0}};
    struct sample_add_results results;
    uint32_t question;
    refresh();
    CU_ASSERT_EQUAL(sample_base_client_open(&client, &client_binding), EXO_STATUS_OK);
    check_base(&client);
    refresh();
    CU_ASSERT_EQUAL(sample_client_open(&stranger, &client_binding), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_add(&stranger, &params, &results), EXO_STATUS_BAD_CALL);
    CU_ASSERT_EQUAL(rpc_client_why(&stranger.rpc, EXO_STATUS_BAD_CALL, 0),
                    FAILURE_EXCEPTION_TYPE_UNIMPLEMENTED);
    CU_ASSERT_EQUAL(sample_add_send(&stranger, &params, &question), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_add_wait(&stranger, question, RPC_FOR_EVER, &results),
                    EXO_STATUS_BAD_CALL);
    sample_client_finish(&stranger, question);
    /* A method of a newer schema, and an address that is cut off. */
    refresh();
    CU_ASSERT_EQUAL(sample_base_client_open(&client, &client_binding), EXO_STATUS_OK);
    const struct rpc_method newer = {&sample_base_interface, 0, 0, 77, 0};
    CU_ASSERT_EQUAL(rpc_client_call(&client.rpc, &newer, 0, 0), EXO_STATUS_BAD_CALL);
    uint32_t cut = rpc_client_send(&client.rpc, (uint32_t)CHANNEL_FLAG_ADDRESSED << 16, 0,
                                   RPC_QUESTION_SENT);
    struct rpc_reply reply;
    CU_ASSERT_EQUAL(rpc_client_wait(&client.rpc, cut, RPC_FOR_EVER, &reply),
                    EXO_STATUS_BAD_MESSAGE);
    rpc_client_finish(&client.rpc, cut);
    check_base(&client);
}

static void test_failures(void)
{
    static struct sample_both_client client;
    static const struct {
        uint16_t type;
        enum exo_status status;
    } cases[] = {{FAILURE_EXCEPTION_TYPE_FAILED, EXO_STATUS_FAILED},
                 {FAILURE_EXCEPTION_TYPE_OVERLOADED, EXO_STATUS_FULL},
                 {FAILURE_EXCEPTION_TYPE_DISCONNECTED, EXO_STATUS_DISCONNECTED},
                 {FAILURE_EXCEPTION_TYPE_UNIMPLEMENTED, EXO_STATUS_BAD_CALL}};
    static char long_text[LONG_BYTES];
    struct sample_both_fail_results results;
    struct capnp_text reason;
    refresh();
    CU_ASSERT_EQUAL(sample_both_client_open(&client, &client_binding), EXO_STATUS_OK);
    for (uint32_t i = 0; i < 4; i++) {
        struct sample_both_fail_params params = {cases[i].type, CAPNP_TEXT_LITERAL("of reasons")};
        uint32_t question;
        CU_ASSERT_EQUAL(sample_both_fail(&client, &params, &results), cases[i].status);
        CU_ASSERT_EQUAL(rpc_client_why(&client.rpc, cases[i].status, &reason), cases[i].type);
        CU_ASSERT(capnp_text_is(reason, "of reasons"));
        CU_ASSERT_EQUAL(sample_both_fail_send(&client, &params, &question), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(sample_both_fail_wait(&client, question, RPC_FOR_EVER, &results),
                        cases[i].status);
        CU_ASSERT_EQUAL(rpc_client_why(&client.rpc, cases[i].status, &reason), cases[i].type);
        CU_ASSERT(capnp_text_is(reason, "of reasons"));
        sample_both_client_finish(&client, question);
        params.reason.length = 0;
        CU_ASSERT_EQUAL(sample_both_fail(&client, &params, &results), cases[i].status);
        CU_ASSERT_EQUAL(rpc_client_why(&client.rpc, cases[i].status, &reason), cases[i].type);
        CU_ASSERT_EQUAL(reason.length, 0);
    }
    memset(long_text, 'x', sizeof long_text);
    struct sample_both_fail_params params = {0, {long_text, sizeof long_text}};
    CU_ASSERT_EQUAL(sample_both_fail(&client, &params, &results), EXO_STATUS_FAILED);
    rpc_client_why(&client.rpc, EXO_STATUS_FAILED, &reason);
    CU_ASSERT(reason.length > LONG_BYTES && reason.length < TOO_LONG_BYTES);
    CU_ASSERT_EQUAL(reason.bytes[LONG_BYTES - 1], 'x');
    check_base(sample_both_as_sample_base(&client));
}

int main(void)
{
    client_place.address = server_place.address = (uintptr_t)memory;
    host_slots[HOST_CLIENT][PORTAL] = 1;
    host_become(HOST_CLIENT, 2);
    host_thread(HOST_SERVER, 20, handler_thread, 0);
    host_wait_idle(1);
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("inheritance", NULL, NULL);
    CU_add_test(suite, "methods that were inherited", test_inherited);
    CU_add_test(suite, "capabilities to such a method", test_capability);
    CU_add_test(suite, "a channel taken for another interface", test_other);
    CU_add_test(suite, "failures with a reason", test_failures);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
