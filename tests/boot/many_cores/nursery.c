/* SPDX-License-Identifier: MIT */
/*
 * Makes domains on its core, lends them its time and ends them, at random; and is itself ended at
 * random by many_cores, with all that it has. Its children map, derive, revoke and retype what is
 * theirs, call the relay, whose handlers stand on each core, and signal its Event, which has its
 * home on another one.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "ticks.h"

enum {
    CHILDREN = 7, /* at once; with this one and seven others like it 64 */
    ROUNDS = 100,
    STEPS = 2000, /* of a child, if it lives so long */
    CHILD_POOL = 24,
    RELAY_SLOT = 40, /* in the child */
    BELL_SLOT = 41,
    FREE_SLOT = 44, /* and the seven behind it */
};

static uint64_t state;

/* Marsaglia's xorshift64 (2003). */
static uint64_t noise(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 16) % below;
}

/* One thing at random; what it answers does not matter, but that the kernel stays as it is. */
static void step(void)
{
    uint64_t done, bits, a, b, word0, word1, word2, word3, badge, received;
    uint64_t address = UINT64_C(0x20000000) + noise(64) * CHILD_PAGE_BYTES;
    uint64_t offset = noise(CHILD_POOL), count = 1 + noise(4);
    uint32_t slot = FREE_SLOT + (uint32_t)noise(8);
    switch (noise(12)) {
    case 0:
    case 1:
        if (exo_memory_map(EXO_SELF, CHILD_SLOT_MEMORY, address, offset, count, READ_WRITE,
                           &done) == EXO_STATUS_OK)
            *(volatile uint64_t *)address = done; /* it may lie in what the program itself uses */
        break;
    case 2: exo_memory_unmap(EXO_SELF, address, count); break;
    case 3: exo_memory_protect(EXO_SELF, address, count, EXO_RIGHT_READ); break;
    case 4: exo_memory_scan(EXO_SELF, address, count, &a, &b); break;
    case 5:
        exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, offset, count,
                              noise(2) ? EXO_RIGHT_READ : READ_WRITE | EXO_RIGHT_RETYPE, 0);
        break;
    case 6: exo_capability_delete(slot); break;
    case 7: exo_capability_revoke(slot, 0); break;
    case 8:
        exo_memory_retype(slot, 0, 1, noise(2) ? EXO_OBJECT_KIND_EVENT : EXO_OBJECT_KIND_PORTAL,
                          FREE_SLOT + noise(8), 1 + noise(2), EXO_SELF);
        break;
    case 9:
        word0 = word1 = word2 = word3 = 0;
        exo_portal_call(RELAY_SLOT, word0, word1, word2, word3, 0, 0, &word0, &word1, &word2,
                        &word3, &received);
        break;
    case 10: exo_event_signal(BELL_SLOT); break;
    default: exo_event_wait(CHILD_SLOT_WAKE, ticks_deadline(noise(20)), &bits);
    }
    (void)badge;
}

static void wander(uint64_t seed)
{
    state = seed;
    for (int i = 0; i < STEPS; i++)
        step();
    scenario_stop();
}

static void bear(struct scenario_child *child, const struct binding *relay)
{
    scenario_child(child, wander, state, CHILD_POOL, 0, NULL);
    scenario_give(child, relay->portal, RELAY_SLOT, EXO_RIGHT_CALL);
    scenario_give(child, relay->places[0].doorbell, BELL_SLOT, EXO_RIGHT_SIGNAL);
    EXPECT(exo_thread_start(child->child.thread), EXO_STATUS_OK);
}

int component_main(void)
{
    static struct relay_client client;
    static struct scenario_child children[CHILDREN];
    static bool lives[CHILDREN];
    const struct binding *relay = binding_import("relay");
    struct relay_note_params note = {.value = 1};
    struct relay_noted_params seed = {.client = startup_number("seed_of", 0)};
    struct relay_noted_results noted = {0};
    EXPECT(relay_client_open(&client, relay), EXO_STATUS_OK);
    EXPECT(relay_noted(&client, &seed, &noted), EXO_STATUS_OK);
    state = noted.value * 1000003 + startup_number("number", 0) + 1;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t i = noise(CHILDREN);
        if (!lives[i]) {
            bear(&children[i], relay);
            lives[i] = true;
        }
        for (uint64_t turns = 1 + noise(3); turns > 0; turns--)
            scenario_step(&children[i]);
        if (noise(3) == 0) {
            scenario_end(&children[i]);
            lives[i] = false;
        }
        exo_event_signal(relay->places[0].doorbell);
    }
    EXPECT(relay_note(&client, &note), EXO_STATUS_OK); /* the children are left as they are */
    for (;;) {
        uint64_t bits;
        exo_event_wait(CHILD_SLOT_LOCK, UINT64_MAX, &bits);
    }
}
