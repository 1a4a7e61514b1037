/* SPDX-License-Identifier: MIT */
/* Calls in every way. The other client says when it is done, and this one waits for that. */
#include "sample.capnp.h"
#include "scenario.h"
#include "ticks.h"

enum { BATCH = 20, LOOKS_MAX = 10000, PAUSE_MICROSECONDS = 500, CALLED_OFF = 999 };

static struct sample_both_client client;

/* A second connection to the same export, of another size. */
static void call_again(void)
{
    static struct sample_both_client again;
    struct sample_both_both_params params = {.value = 1000};
    struct sample_both_both_results results = {0};
    EXPECT(sample_both_client_open(&again, binding_import("again")), EXO_STATUS_OK);
    EXPECT(sample_both_both(&again, &params, &results), EXO_STATUS_OK);
    CHECK(results.sum == 1100);
}

static uint32_t both(uint32_t value)
{
    struct sample_both_both_params params = {.value = value};
    struct sample_both_both_results results = {0};
    EXPECT(sample_both_both(&client, &params, &results), EXO_STATUS_OK);
    return results.sum;
}

/* Calls that are waited for: of the interface, inherited ones, one that fails, one that is not
 * there. */
static void call(void)
{
    struct sample_left_left_params text = {.text = CAPNP_TEXT_LITERAL("a text with two\nlines")};
    struct sample_left_left_results length = {0};
    struct sample_base_who_results who = {0};
    struct sample_both_fail_params fail = {.type = FAILURE_EXCEPTION_TYPE_FAILED};
    struct sample_both_fail_results nothing = {0};
    struct sample_right_right_params right = {.listener = EXO_NONE};
    struct capnp_text reason;
    CHECK(both(1) == 101);
    EXPECT(sample_both_left(&client, &text, &length), EXO_STATUS_OK);
    CHECK(length.length == text.text.length);
    EXPECT(sample_both_who(&client, &who), EXO_STATUS_OK);
    CHECK(who.name.length == 8);
    EXPECT(sample_both_fail(&client, &fail, &nothing), EXO_STATUS_FAILED);
    CHECK(rpc_client_why(&client.rpc, EXO_STATUS_FAILED, &reason) ==
              FAILURE_EXCEPTION_TYPE_FAILED &&
          reason.length == 9);
    EXPECT(sample_both_right(&client, &right), EXO_STATUS_BAD_CALL);
}

/* Requests in the ring: with replies, without, and one that is called off. */
static void send(void)
{
    struct sample_both_both_results results = {0};
    uint32_t questions[BATCH];
    for (uint32_t i = 0; i < BATCH; i++) {
        struct sample_both_both_params params = {.value = i};
        EXPECT(sample_both_both_send(&client, &params, &questions[i]), EXO_STATUS_OK);
    }
    EXPECT(sample_both_client_flush(&client), EXO_STATUS_OK);
    for (uint32_t i = 0; i < BATCH; i++) {
        EXPECT(sample_both_both_wait(&client, questions[i], TICKS_NEVER, &results), EXO_STATUS_OK);
        CHECK(results.sum == i + 100);
        sample_both_client_finish(&client, questions[i]);
    }
    for (uint32_t i = 0; i < BATCH; i++) {
        struct sample_both_both_params value = {.value = i};
        EXPECT(sample_both_both_post(&client, &value), EXO_STATUS_OK);
    }
    EXPECT(sample_both_client_settle(&client, TICKS_NEVER), EXO_STATUS_OK);
    struct sample_both_both_params called_off = {.value = CALLED_OFF};
    EXPECT(sample_both_both_send(&client, &called_off, &questions[0]), EXO_STATUS_OK);
    sample_both_client_cancel(&client, questions[0]);
    CHECK(both(2) == 102);
}

/* How many clients are done, after this call, which may say that one more is. */
static uint32_t done(uint32_t more)
{
    struct sample_base_twice_params params = {.value = more};
    struct sample_base_twice_results results = {0};
    EXPECT(sample_both_twice(&client, &params, &results), EXO_STATUS_OK);
    return results.value;
}

int component_main(void)
{
    uint64_t bits;
    EXPECT(sample_both_client_open(&client, binding_import("sample")), EXO_STATUS_OK);
    call();
    send();
    if (startup_number("other", 0) != 0) {
        done(1);
        return 0;
    }
    call_again();
    for (uint32_t looks = 0; done(0) == 0 && looks < LOOKS_MAX; looks++)
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
    print("recorded: calls, failures and batches, and %u other client\n", done(0));
    return 0;
}
