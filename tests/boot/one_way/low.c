/* SPDX-License-Identifier: MIT */
/*
 * The low side: sends more than the ring holds, now in bursts without a doorbell, now one by one,
 * and is answered by nobody. What asks for an answer is denied, and a message that is too long is
 * refused before it is sent.
 */
#include "gauge.capnp.h"
#include "kernel_stubs.h"
#include "one_way.h"
#include "scenario.h"
#include "text.h"
#include "ticks.h"

enum { BURSTS = 40, BURST = 300, SINGLE = 2000, PAUSE_MICROSECONDS = 500 };

static struct gauge_client client;
static uint64_t sent;
static char letters[ONE_WAY_WORDS_MAX * 8];

static void report(void)
{
    uint64_t number = ++sent;
    struct gauge_report_params params = {number, {letters, (uint32_t)(number % 97)}};
    EXPECT(gauge_report_post(&client, &params), EXO_STATUS_OK);
}

static void pause(void)
{
    uint64_t bits;
    exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
}

/* Nothing comes back, whatever is tried. */
static void check_denied(void)
{
    struct gauge_report_params params = {0, {letters, 3}};
    uint32_t question;
    uint64_t bits;
    EXPECT(gauge_report(&client, &params), EXO_STATUS_DENIED);
    params.number = ++sent;
    EXPECT(gauge_report_send(&client, &params, &question), EXO_STATUS_OK);
    EXPECT(gauge_report_wait(&client, question, TICKS_NEVER), EXO_STATUS_DENIED);
    EXPECT(gauge_client_settle(&client, TICKS_NEVER), EXO_STATUS_DENIED);
    EXPECT(gauge_client_keep(&client, &question), EXO_STATUS_DENIED);
    gauge_client_cancel(&client, question);
    gauge_client_finish(&client, question);
    params.text.length = sizeof letters;
    EXPECT(gauge_report_post(&client, &params), EXO_STATUS_FULL);
    const struct binding *binding = binding_import("gauge");
    EXPECT(exo_portal_cancel(binding->portal), EXO_STATUS_BAD_CAPABILITY);
    EXPECT(exo_event_wait(binding->places->doorbell, 0, &bits), EXO_STATUS_BAD_CAPABILITY);
}

int component_main(void)
{
    memset(letters, 'x', sizeof letters);
    EXPECT(gauge_client_open(&client, binding_import("gauge")), EXO_STATUS_OK);
    for (uint32_t burst = 0; burst < BURSTS; burst++) {
        for (uint32_t i = 0; i < BURST; i++)
            report();
        EXPECT(gauge_client_flush(&client), EXO_STATUS_OK);
        if (burst % 2 == 0)
            pause();
    }
    check_denied();
    for (uint32_t i = 0; i < SINGLE; i++) {
        report();
        EXPECT(gauge_client_flush(&client), EXO_STATUS_OK);
        if (i % 16 == 0)
            pause(); /* so that most of these arrive */
    }
    struct gauge_finish_params params = {++sent};
    EXPECT(gauge_finish_post(&client, &params), EXO_STATUS_OK);
    EXPECT(gauge_client_flush(&client), EXO_STATUS_OK);
    return 0;
}
