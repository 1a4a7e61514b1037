/* SPDX-License-Identifier: MIT */
/*
 * Asynchronous calls of a server that has a Thread for the rings. Batches wake it once when it
 * sleeps and never while it is awake, as the kernel's own counters say; a wait ends at its deadline
 * and a later one gets the reply all the same; what is called off is not begun. And a synchronous
 * call that is given up in its handler is finished there: its caller paid up to the deadline, the
 * server from then on, and the late reply reaches nobody.
 */
#include "kernel_stubs.h"
#include "scenario.h"
#include "ticks.h"
#include "worker.capnp.h"

enum {
    HANDLERS = 2, /* of the worker */
    BATCH = 32,
    SMALL_BATCH = 8, /* so that several find room in the ring that nobody empties */
    LOOKS_MAX = 20000,
    WINDOWS_MAX = 7,
    PAUSE_MICROSECONDS = 1000,
    DEADLINE_MICROSECONDS = 2000,
    ABANDON_MICROSECONDS = 50000,
    SPEND = 100000000,
    CALLED_OFF = 1u << 30,
};

static struct worker_client client, control;
static uint64_t sent, sent_sum; /* notes that the server must get */

/* How often anything has entered the kernel on this core, this call included. */
static uint64_t entries(void)
{
    uint64_t values[6];
    EXPECT(exo_kernel_counters(EXO_COUNTER_KERNEL_ENTRIES, &values[0], &values[1], &values[2],
                               &values[3], &values[4], &values[5]), EXO_STATUS_OK);
    return values[0];
}

static void pause(void)
{
    uint64_t bits;
    exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
}

static struct worker_look_results look(void)
{
    struct worker_look_results results = {0};
    EXPECT(worker_look(&control, &results), EXO_STATUS_OK);
    return results;
}

static void post_note(void)
{
    struct worker_note_params params = {.value = ++sent};
    sent_sum += sent;
    EXPECT(worker_note_post(&client, &params), EXO_STATUS_OK);
}

/* Post a batch, ringing after each or after the last. Returns how many entries into the kernel that
 * took; an interrupt, or somebody else's slot, may have added some. */
static uint64_t post_batch(uint32_t number, bool after_each)
{
    pause(); /* to begin with a slot of our own */
    uint64_t before = entries();
    for (uint32_t i = 0; i < number; i++) {
        post_note();
        if (after_each || i + 1 == number)
            EXPECT(worker_client_flush(&client), EXO_STATUS_OK);
    }
    return entries() - before - 1;
}

static void wait_for_attention(enum channel_attention wanted)
{
    uint32_t looks = 0;
    while (channel_peer_attention(&client.rpc.channel) != wanted && looks++ < LOOKS_MAX)
        pause();
    CHECK(channel_peer_attention(&client.rpc.channel) == wanted);
}

/* A server that sleeps is rung for once in a batch, and then has all of it, in order. */
static void check_batch(void)
{
    uint64_t calls = UINT64_MAX;
    for (uint32_t i = 0; i < WINDOWS_MAX && calls != 1; i++) {
        wait_for_attention(CHANNEL_ATTENTION_ASLEEP);
        calls = post_batch(BATCH, false);
        EXPECT(worker_client_settle(&client, TICKS_NEVER), EXO_STATUS_OK);
    }
    CHECK(calls == 1);
    CHECK(look().notes == sent && look().sum == sent_sum && look().disorder == 0);
}

/* Bring the server's Thread for the rings to a stand, awake, in a question of ours. */
static uint32_t block(void)
{
    uint32_t question, looks = 0;
    uint64_t before = look().blocked;
    EXPECT(worker_block_send(&client, &question), EXO_STATUS_OK);
    EXPECT(worker_client_flush(&client), EXO_STATUS_OK);
    while (look().blocked == before && looks++ < LOOKS_MAX)
        pause();
    CHECK(look().blocked == before + 1);
    return question;
}

/* Deadlines pass while the server is at something else; the replies come when it goes on. */
static void check_blocked(void)
{
    uint32_t blocked = block(), doubled, called_off;
    struct worker_twice_params params = {.value = 21};
    struct worker_note_params odd = {.value = CALLED_OFF};
    struct worker_twice_results results = {0};
    uint64_t calls = UINT64_MAX, notes = look().notes;
    CHECK(channel_peer_attention(&client.rpc.channel) == CHANNEL_ATTENTION_AWAKE);
    for (uint32_t i = 0; i < WINDOWS_MAX && calls != 0; i++)
        calls = post_batch(SMALL_BATCH, true);
    CHECK(calls == 0);
    EXPECT(worker_twice_send(&client, &params, &doubled), EXO_STATUS_OK);
    EXPECT(worker_twice_wait(&client, doubled, 0, &results), EXO_STATUS_DEADLINE);
    uint64_t deadline = ticks_deadline(DEADLINE_MICROSECONDS);
    EXPECT(worker_block_wait(&client, blocked, deadline), EXO_STATUS_DEADLINE);
    CHECK(ticks_now() >= deadline);
    EXPECT(worker_note_send(&client, &odd, &called_off), EXO_STATUS_OK);
    worker_client_cancel(&client, called_off);
    EXPECT(worker_note_wait(&client, called_off, TICKS_NEVER), EXO_STATUS_BAD_ARGUMENT);
    CHECK(look().notes == notes);
    EXPECT(worker_open(&control), EXO_STATUS_OK);
    EXPECT(worker_twice_wait(&client, doubled, TICKS_NEVER, &results), EXO_STATUS_OK);
    CHECK(results.doubled == 42);
    EXPECT(worker_block_wait(&client, blocked, 0), EXO_STATUS_OK); /* answered before the other */
    worker_client_finish(&client, doubled);
    worker_client_finish(&client, blocked);
    EXPECT(worker_client_settle(&client, TICKS_NEVER), EXO_STATUS_OK);
    CHECK(look().notes == sent && look().sum == sent_sum && look().disorder == 0);
}

static int64_t balance(void)
{
    uint64_t kind, rights, value = 0, count, low, high;
    EXPECT(exo_capability_info(EXO_SELF, startup_gas(), &kind, &rights, &value, &count, &low,
                               &high), EXO_STATUS_OK);
    return (int64_t)value;
}

/* A handler that is left alone by its caller goes on, on its own gas, and is there for the next
 * call: `turn` such calls were made before. Returns what we spent while the server spent. */
static int64_t check_abandoned(uint64_t turn)
{
    struct worker_spend_params spend = {.amount = SPEND};
    struct worker_twice_params params = {.value = 4};
    struct worker_twice_results results = {0};
    int64_t least = INT64_C(1000) * ABANDON_MICROSECONDS / 16 * 15;
    uint32_t looks = 0;
    int64_t start = balance();
    rpc_client_timeout(&client.rpc, ticks_from_microseconds(ABANDON_MICROSECONDS));
    EXPECT(worker_spend(&client, &spend), EXO_STATUS_DEADLINE);
    /* A nanosecond costs one unit, and we pay for what the handler does while it serves us. */
    CHECK(start - balance() >= least);
    rpc_client_timeout(&client.rpc, 0);
    CHECK(look().spending == turn + 1 && look().spent == turn);
    EXPECT(worker_twice(&client, &params, &results), EXO_STATUS_BUSY); /* its channel is served */
    EXPECT(worker_open(&control), EXO_STATUS_OK);
    int64_t middle = balance();
    while (look().spent == turn && looks++ < LOOKS_MAX)
        pause();
    CHECK(look().spent == turn + 1);
    int64_t ours = middle - balance();
    EXPECT(worker_twice(&client, &params, &results), EXO_STATUS_OK);
    CHECK(results.doubled == 8); /* our own reply, not the late one */
    return ours;
}

int component_main(void)
{
    EXPECT(worker_client_open(&client, binding_import("worker")), EXO_STATUS_OK);
    EXPECT(worker_client_open(&control, binding_import("control")), EXO_STATUS_OK);
    check_batch();
    check_blocked();
    int64_t least = INT64_MAX;
    for (uint64_t turn = 0; turn < HANDLERS; turn++) {
        int64_t ours = check_abandoned(turn);
        least = ours < least ? ours : least;
    }
    CHECK(least < SPEND / 2); /* the server spent it all each time, and not for us */
    print("asynchronous: batches cost no call, and a late reply reached nobody\n");
    return 0;
}
