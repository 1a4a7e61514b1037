/* SPDX-License-Identifier: MIT */
/* The client of this scenario: it makes no synchronous call, and crashes but in its last life. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "ticks.h"
#include "worker.capnp.h"

enum { LIVES = 4, QUESTIONS = 20 }; /* fewer than a ring in a life, and more in all */

static struct worker_client client;

static void ask(uint64_t value)
{
    struct worker_twice_params params = {.value = value};
    struct worker_twice_results results = {0};
    uint32_t question;
    EXPECT(worker_twice_send(&client, &params, &question), EXO_STATUS_OK);
    EXPECT(worker_twice_wait(&client, question, TICKS_NEVER, &results), EXO_STATUS_OK);
    CHECK(results.doubled == value * 2);
    worker_client_finish(&client, question);
}

int component_main(void)
{
    static volatile uintptr_t nowhere = 8;
    struct worker_note_params last = {.value = 1};
    uint32_t life = startup_generation();
    EXPECT(worker_client_open(&client, binding_import("worker")), EXO_STATUS_OK);
    for (uint32_t i = 1; i <= QUESTIONS; i++)
        ask(life * 100 + i);
    if (life + 1 < LIVES)
        *(volatile uint64_t *)nowhere = 0;
    EXPECT(worker_note_post(&client, &last), EXO_STATUS_OK);
    EXPECT(worker_client_settle(&client, TICKS_NEVER), EXO_STATUS_OK);
    return 0;
}
