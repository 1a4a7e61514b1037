/* SPDX-License-Identifier: MIT */
/* Calls that are made again after `disconnected`, and calls with a deadline, on a mock. */
#include "rpc_retry.h"
#include "sample_mock.h"
#include "ticks.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

/* Milliseconds of the annotations in sample.capnp, as microseconds, which are ticks here. */
enum { FIND_US = 50000, PUT_US = 20000, SLACK_US = 1000 };

static struct sample_patient_mock mock;
static struct sample_patient_client client;
static const struct sample_patient_find_results found = {42};

static void begin(void)
{
    sample_patient_mock_open(&mock);
    CU_ASSERT_EQUAL(sample_patient_client_open(&client, sample_patient_mock_binding(&mock)),
                    EXO_STATUS_OK);
}

/* End a test: what was said was asked for, and the timeout is the program's own again. */
static void end(uint64_t timeout_ticks)
{
    CU_ASSERT_EQUAL(mock_unused(&mock.base), 0);
    CU_ASSERT(mock_check(&mock.base));
    CU_ASSERT_EQUAL(client.rpc.timeout_ticks, timeout_ticks);
}

static enum exo_status find(struct sample_patient_find_results *results)
{
    struct sample_patient_find_params params = {CAPNP_TEXT_LITERAL("key")};
    *results = (struct sample_patient_find_results){0};
    return sample_patient_find(&client, &params, results);
}

static enum exo_status put(void)
{
    struct sample_patient_put_params params = {CAPNP_TEXT_LITERAL("key"), 1};
    return sample_patient_put(&client, &params);
}

/* Disconnected twice, once for a while: then it succeeds, and each try brought the same request. */
static void test_again(void)
{
    struct sample_patient_find_results results;
    begin();
    sample_patient_mock_find_fault(&mock, MOCK_DISCONNECT, 0);
    sample_patient_mock_find_fault(&mock, MOCK_DISCONNECT, 7);
    sample_patient_mock_find_answer(&mock, &found);
    CU_ASSERT_EQUAL(find(&results), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(results.value, 42);
    CU_ASSERT_EQUAL(sample_patient_mock_find_count(&mock), 3);
    for (uint32_t i = 0; i < 3; i++)
        CU_ASSERT(capnp_text_is(sample_patient_mock_find_request(&mock, i)->key, "key"));
    sample_patient_mock_look_fault(&mock, MOCK_DISCONNECT, 100);
    sample_patient_mock_look_answer(&mock);
    CU_ASSERT_EQUAL(sample_patient_look(&client), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_patient_mock_look_count(&mock), 2);
    end(0);
}

/* Only `disconnected` is a reason, and only for what is idempotent. */
static void test_never_again(void)
{
    struct sample_patient_find_results results;
    begin();
    sample_patient_mock_put_fault(&mock, MOCK_DISCONNECT, 0);
    CU_ASSERT_EQUAL(put(), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_patient_mock_put_count(&mock), 1);
    CU_ASSERT_EQUAL(sample_patient_reconnect(&client), EXO_STATUS_OK);
    sample_patient_mock_once_fault(&mock, MOCK_DISCONNECT, 0);
    CU_ASSERT_EQUAL(sample_patient_once(&client), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_patient_mock_once_count(&mock), 1);
    CU_ASSERT_EQUAL(sample_patient_reconnect(&client), EXO_STATUS_OK);
    sample_patient_mock_find_fail(&mock, EXO_STATUS_BUSY);
    CU_ASSERT_EQUAL(find(&results), EXO_STATUS_BUSY);
    sample_patient_mock_find_fault(&mock, MOCK_MALFORMED, MOCK_DAMAGE_ROOT);
    CU_ASSERT_EQUAL(find(&results), EXO_STATUS_BAD_MESSAGE);
    CU_ASSERT_EQUAL(sample_patient_mock_find_count(&mock), 2);
    end(0);
}

/* A server that ends in every call is not asked for ever. */
static void test_bounded(void)
{
    begin();
    for (uint32_t i = 0; i <= RPC_RETRIES_MAX; i++)
        sample_patient_mock_look_fault(&mock, MOCK_DISCONNECT, 0);
    CU_ASSERT_EQUAL(sample_patient_look(&client), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_patient_mock_look_count(&mock), RPC_RETRIES_MAX + 1);
    end(0);
}

static void test_deadline(void)
{
    struct sample_patient_find_results results;
    begin();
    uint64_t before = ticks_now();
    sample_patient_mock_put_fault(&mock, MOCK_DELAY, 0);
    CU_ASSERT_EQUAL(put(), EXO_STATUS_DEADLINE);
    CU_ASSERT(ticks_now() - before >= PUT_US && ticks_now() - before < PUT_US + SLACK_US);
    /* The deadline is that of the call, not of a try: most of it has passed with the first. */
    before = ticks_now();
    sample_patient_mock_find_fault(&mock, MOCK_DISCONNECT, 30);
    sample_patient_mock_find_fault(&mock, MOCK_DELAY, 0);
    CU_ASSERT_EQUAL(find(&results), EXO_STATUS_DEADLINE);
    CU_ASSERT(ticks_now() - before >= FIND_US && ticks_now() - before < FIND_US + SLACK_US);
    /* And it ends the waiting for a server that does not come back. */
    before = ticks_now();
    sample_patient_mock_find_fault(&mock, MOCK_DISCONNECT, UINT32_MAX);
    CU_ASSERT_EQUAL(find(&results), EXO_STATUS_DEADLINE);
    CU_ASSERT(ticks_now() - before >= FIND_US && ticks_now() - before < FIND_US + SLACK_US);
    CU_ASSERT_EQUAL(sample_patient_look(&client), EXO_STATUS_DISCONNECTED); /* it has none */
    CU_ASSERT(ticks_now() - before >= RPC_RETRY_WAIT_US);
    mock_connect(&mock.base);
    sample_patient_mock_find_answer(&mock, &found);
    CU_ASSERT_EQUAL(find(&results), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(results.value, 42);
    end(0);
}

/* The shorter one of the schema's deadline and the program's timeout holds. */
static void test_timeout(void)
{
    begin();
    sample_patient_client_timeout(&client, PUT_US / 4);
    uint64_t before = ticks_now();
    sample_patient_mock_put_fault(&mock, MOCK_DELAY, 0);
    CU_ASSERT_EQUAL(put(), EXO_STATUS_DEADLINE);
    CU_ASSERT(ticks_now() - before < PUT_US / 4 + SLACK_US);
    sample_patient_client_timeout(&client, 4 * PUT_US);
    before = ticks_now();
    sample_patient_mock_put_fault(&mock, MOCK_DELAY, 0);
    CU_ASSERT_EQUAL(put(), EXO_STATUS_DEADLINE);
    CU_ASSERT(ticks_now() - before < PUT_US + SLACK_US);
    sample_patient_mock_once_fault(&mock, MOCK_DELAY, 0); /* without one, the program's holds */
    CU_ASSERT_EQUAL(sample_patient_once(&client), EXO_STATUS_DEADLINE);
    CU_ASSERT(ticks_now() - before >= 5 * PUT_US);
    end(4 * PUT_US);
}

/* What else is under way is not forgotten behind the program's back. */
static void test_not_alone(void)
{
    struct sample_patient_find_results results;
    struct sample_patient_put_params params = {CAPNP_TEXT_LITERAL("key"), 1};
    uint32_t question;
    begin();
    sample_patient_mock_find_answer(&mock, &found);
    CU_ASSERT_EQUAL(find(&results), EXO_STATUS_OK); /* begins */
    mock_disconnect(&mock.base);
    CU_ASSERT_EQUAL(sample_patient_put_send(&client, &params, &question), EXO_STATUS_OK);
    mock.base.back_after = 0;
    CU_ASSERT_EQUAL(find(&results), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_patient_reconnect(&client), EXO_STATUS_OK);
    sample_patient_mock_find_answer(&mock, &found);
    CU_ASSERT_EQUAL(find(&results), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_patient_mock_put_count(&mock), 0);
    end(0);
    client = (struct sample_patient_client){0}; /* never opened */
    CU_ASSERT_EQUAL(find(&results), EXO_STATUS_DISCONNECTED);
}

/* Build a request in place, with a key of so many letters, and make it. */
static enum exo_status find_built(uint32_t letters, struct sample_patient_find_results *results)
{
    static char key[8 * RPC_RETRY_WORDS_MAX];
    struct sample_patient_find_params_builder params;
    memset(key, 'k', letters);
    *results = (struct sample_patient_find_results){0};
    CU_ASSERT_EQUAL(sample_patient_find_begin(&client, &params), EXO_STATUS_OK);
    sample_patient_find_params_set_key(params, (struct capnp_text){key, letters});
    return sample_patient_find_finish(&client, results);
}

/* A request that was built in place is made again as it was; its deadline counts from its end. */
static void test_built(void)
{
    struct sample_patient_find_results results;
    uint32_t longest = 8 * (RPC_RETRY_WORDS_MAX - 2) - 1;
    begin();
    for (uint32_t letters = 3; letters <= longest; letters += longest - 3) {
        uint32_t before = sample_patient_mock_find_count(&mock);
        sample_patient_mock_find_fault(&mock, MOCK_DISCONNECT, 0);
        sample_patient_mock_find_fault(&mock, MOCK_DISCONNECT, 7);
        sample_patient_mock_find_answer(&mock, &found);
        CU_ASSERT_EQUAL(find_built(letters, &results), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(results.value, 42);
        CU_ASSERT_EQUAL(sample_patient_mock_find_count(&mock), before + 3);
        for (uint32_t i = before; i < before + 3; i++) {
            struct capnp_text key = sample_patient_mock_find_request(&mock, i)->key;
            CU_ASSERT_EQUAL(key.length, letters);
            CU_ASSERT_EQUAL(key.bytes[letters - 1], 'k');
        }
    }
    sample_patient_mock_find_fault(&mock, MOCK_DISCONNECT, 0); /* one that is too long */
    CU_ASSERT_EQUAL(find_built(longest + 1, &results), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_patient_reconnect(&client), EXO_STATUS_OK);
    struct sample_patient_put_params_builder params;
    CU_ASSERT_EQUAL(sample_patient_put_begin(&client, &params), EXO_STATUS_OK);
    mock_pass(PUT_US);
    uint64_t before = ticks_now();
    sample_patient_mock_put_fault(&mock, MOCK_DELAY, 0);
    CU_ASSERT_EQUAL(sample_patient_put_finish(&client), EXO_STATUS_DEADLINE);
    CU_ASSERT(ticks_now() - before >= PUT_US && ticks_now() - before < PUT_US + SLACK_US);
    CU_ASSERT_EQUAL(sample_patient_put_begin(&client, &params), EXO_STATUS_OK);
    sample_patient_mock_put_fault(&mock, MOCK_DISCONNECT, 0);
    CU_ASSERT_EQUAL(sample_patient_put_finish(&client), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_patient_mock_put_count(&mock), 2);
    end(0);
}

/* The deadline of a sent request counts from when it was sent, and what came before it is there. */
static void test_sent(void)
{
    struct sample_patient_put_params params = {CAPNP_TEXT_LITERAL("key"), 1};
    uint32_t first, second;
    begin();
    uint64_t before = ticks_now();
    CU_ASSERT_EQUAL(sample_patient_put_send(&client, &params, &first), EXO_STATUS_OK);
    mock_pass(PUT_US / 2);
    sample_patient_mock_put_fault(&mock, MOCK_DELAY, 0);
    CU_ASSERT_EQUAL(sample_patient_put_wait(&client, first, RPC_FOR_EVER), EXO_STATUS_DEADLINE);
    CU_ASSERT(ticks_now() - before >= PUT_US && ticks_now() - before < PUT_US + SLACK_US);
    sample_patient_client_finish(&client, first);
    begin();
    sample_patient_mock_put_answer(&mock);
    CU_ASSERT_EQUAL(sample_patient_put_send(&client, &params, &first), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_patient_client_flush(&client), EXO_STATUS_OK);
    mock_pass(2 * PUT_US);
    CU_ASSERT_EQUAL(sample_patient_put_wait(&client, first, RPC_FOR_EVER), EXO_STATUS_OK);
    sample_patient_client_finish(&client, first);
    /* The program may wait for less. */
    sample_patient_mock_put_fault(&mock, MOCK_DELAY, 0);
    CU_ASSERT_EQUAL(sample_patient_put_send(&client, &params, &second), EXO_STATUS_OK);
    before = ticks_now();
    CU_ASSERT_EQUAL(sample_patient_put_wait(&client, second, before + PUT_US / 4),
                    EXO_STATUS_DEADLINE);
    CU_ASSERT(ticks_now() - before < PUT_US / 4 + SLACK_US);
    end(0);
}

static enum exo_status send_find(uint32_t *question)
{
    struct sample_patient_find_params params = {CAPNP_TEXT_LITERAL("sent key")};
    return sample_patient_find_send(&client, &params, question);
}

/* A sent request of an idempotent method is made again by who waits for it, if that is all that is
 * under way, and not beyond the time that it has. */
static void test_sent_again(void)
{
    struct sample_patient_find_results results = {0};
    struct sample_patient_put_params params = {CAPNP_TEXT_LITERAL("key"), 1};
    uint32_t question, other;
    begin();
    for (uint32_t sent = 0; sent < 200; sent += 2) { /* more than a ring holds */
        sample_patient_mock_find_fault(&mock, MOCK_DISCONNECT, sent % 7);
        sample_patient_mock_find_answer(&mock, &found);
        CU_ASSERT_EQUAL(send_find(&question), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(sample_patient_find_wait(&client, question, RPC_FOR_EVER, &results),
                        EXO_STATUS_OK);
        CU_ASSERT_EQUAL(results.value, 42);
        CU_ASSERT_EQUAL(sample_patient_mock_find_count(&mock), sent + 2);
        for (uint32_t i = sent; i < sent + 2; i++)
            CU_ASSERT(capnp_text_is(sample_patient_mock_find_request(&mock, i)->key, "sent key"));
        sample_patient_client_finish(&client, question);
    }
    /* Not when another question would be forgotten. */
    CU_ASSERT_EQUAL(sample_patient_put_send(&client, &params, &other), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(send_find(&question), EXO_STATUS_OK);
    mock_disconnect(&mock.base);
    mock.base.back_after = 0;
    CU_ASSERT_EQUAL(sample_patient_find_wait(&client, question, RPC_FOR_EVER, &results),
                    EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_patient_find_wait(&client, question, RPC_FOR_EVER, &results),
                    EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_patient_mock_find_count(&mock), 200);
    /* Nor for longer than its deadline, or by who only looks. */
    CU_ASSERT_EQUAL(sample_patient_reconnect(&client), EXO_STATUS_OK);
    sample_patient_mock_find_answer(&mock, &found);
    CU_ASSERT_EQUAL(find(&results), EXO_STATUS_OK);
    uint64_t before = ticks_now();
    CU_ASSERT_EQUAL(send_find(&question), EXO_STATUS_OK);
    mock_disconnect(&mock.base);
    CU_ASSERT_EQUAL(sample_patient_find_wait(&client, question, 0, &results),
                    EXO_STATUS_DISCONNECTED);
    CU_ASSERT(ticks_now() - before < SLACK_US);
    CU_ASSERT_EQUAL(sample_patient_find_wait(&client, question, RPC_FOR_EVER, &results),
                    EXO_STATUS_DEADLINE);
    CU_ASSERT(ticks_now() - before >= FIND_US && ticks_now() - before < FIND_US + SLACK_US);
    end(0);
}

/* A question that was made again, one that is sent after it, and then the first is finished. */
static void test_number_again(void)
{
    struct sample_patient_find_results results = {0};
    uint32_t first, second;
    begin();
    sample_patient_mock_find_fault(&mock, MOCK_DISCONNECT, 0);
    sample_patient_mock_find_answer(&mock, &found);
    sample_patient_mock_find_answer(&mock, &found);
    CU_ASSERT_EQUAL(send_find(&first), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_patient_find_wait(&client, first, RPC_FOR_EVER, &results),
                    EXO_STATUS_OK);
    CU_ASSERT_EQUAL(send_find(&second), EXO_STATUS_OK);
    CU_ASSERT_NOT_EQUAL(first, second);
    sample_patient_client_finish(&client, first);
    CU_ASSERT_EQUAL(sample_patient_find_wait(&client, second, RPC_FOR_EVER, &results),
                    EXO_STATUS_OK);
    sample_patient_client_finish(&client, second);
    end(0);
}

/* The oldest question is not made again since a younger one would be forgotten. */
static void test_oldest(void)
{
    struct sample_patient_find_results results = {0};
    struct sample_patient_put_params params = {CAPNP_TEXT_LITERAL("key"), 1};
    uint32_t question, other;
    begin();
    CU_ASSERT_EQUAL(send_find(&question), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_patient_put_send(&client, &params, &other), EXO_STATUS_OK);
    mock_disconnect(&mock.base);
    mock.base.back_after = 0;
    for (int i = 0; i < 2; i++)
        CU_ASSERT_EQUAL(sample_patient_find_wait(&client, question, RPC_FOR_EVER, &results),
                        EXO_STATUS_DISCONNECTED);
    end(0);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("rpc_retry", NULL, NULL);
    CU_add_test(suite, "disconnected twice, then success", test_again);
    CU_add_test(suite, "what is never made again", test_never_again);
    CU_add_test(suite, "a bound on the tries", test_bounded);
    CU_add_test(suite, "deadlines", test_deadline);
    CU_add_test(suite, "the program's own timeout", test_timeout);
    CU_add_test(suite, "something else is under way", test_not_alone);
    CU_add_test(suite, "built in place", test_built);
    CU_add_test(suite, "sent", test_sent);
    CU_add_test(suite, "sent, and made again", test_sent_again);
    CU_add_test(suite, "numbers that do not come again", test_number_again);
    CU_add_test(suite, "the oldest question", test_oldest);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
