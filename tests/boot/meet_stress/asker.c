/* SPDX-License-Identifier: MIT */
/* Asks in all ways, for ever. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "ticks.h"
#include "worker.capnp.h"

static struct worker_client client, witness;
static uint64_t seed;

static uint32_t dice(uint32_t sides)
{
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(seed >> 33) % sides;
}

static enum exo_status sync(uint64_t value)
{
    struct worker_twice_params params = {.value = value};
    struct worker_twice_results results = {0};
    enum exo_status status = worker_twice(&client, &params, &results);
    CHECK(status != EXO_STATUS_OK || results.doubled == 2 * value);
    return status;
}

static enum exo_status batch(uint64_t value)
{
    uint32_t question[40], count = 1 + dice(40);
    enum exo_status status = EXO_STATUS_OK;
    uint32_t sent = 0;
    for (; sent < count && status == EXO_STATUS_OK; sent++) {
        struct worker_twice_params params = {.value = value + sent};
        status = worker_twice_send(&client, &params, &question[sent]);
    }
    if (status != EXO_STATUS_OK)
        return status;
    if (dice(2))
        status = worker_client_flush(&client);
    for (uint32_t i = 0; i < count && status == EXO_STATUS_OK; i++) {
        struct worker_twice_results results = {0};
        status = worker_twice_wait(&client, question[i], TICKS_NEVER, &results);
        CHECK(status != EXO_STATUS_OK || results.doubled == 2 * (value + i));
        if (status == EXO_STATUS_OK)
            worker_client_finish(&client, question[i]);
    }
    return status;
}

static enum exo_status posts(void)
{
    struct worker_note_params params = {.value = 1};
    enum exo_status status = EXO_STATUS_OK;
    for (uint32_t i = dice(40); i > 0 && status == EXO_STATUS_OK; i--)
        status = worker_note_post(&client, &params);
    return status == EXO_STATUS_OK ? worker_client_settle(&client, TICKS_NEVER) : status;
}

int component_main(void)
{
    struct worker_note_params one = {.value = 1};
    uint64_t value = startup_generation() * UINT64_C(1000000);
    seed = ticks_now() + startup_generation();
    EXPECT(worker_client_open(&client, binding_import("worker")), EXO_STATUS_OK);
    EXPECT(worker_client_open(&witness, binding_import("witness")), EXO_STATUS_OK);
    for (;; value += 100) {
        uint32_t way = dice(4);
        enum exo_status status = way == 0 ? sync(value) : way == 1 ? posts() : batch(value);
        if (status != EXO_STATUS_OK && status != EXO_STATUS_DISCONNECTED) {
            print("asker: way %u status %u met %u broken %u life %lu\n", way, (unsigned)status,
                  (unsigned)client.rpc.channel.is_met, (unsigned)client.rpc.channel.broken,
                  (uint64_t)startup_generation());
            CHECK(!"a status that is none");
        }
        while (status == EXO_STATUS_DISCONNECTED) {
            uint64_t bits;
            status = dice(4) == 0 ? sync(value) : worker_reconnect(&client);
            if (status != EXO_STATUS_OK)
                exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(100), &bits);
        }
        EXPECT(worker_note_post(&witness, &one), EXO_STATUS_OK);
        EXPECT(worker_client_settle(&witness, TICKS_NEVER), EXO_STATUS_OK);
    }
}
