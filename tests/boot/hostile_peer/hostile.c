/* SPDX-License-Identifier: MIT */
/*
 * A client that keeps no rule: it fills its channel with noise, now all of it, now single words of
 * the lines, rings and messages, and calls the server with places and meanings out of the air. At
 * the end it makes one right call, which notes how many wrong ones the server served or refused.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "ticks.h"

enum { CALLS = 20000, WORDS_PER_CALL = 8, ATTEMPTS_MAX = 1000, PAUSE_MICROSECONDS = 1000 };

static uint64_t state = 88172645463325252u;

/* Marsaglia's xorshift64 (2003). */
static uint64_t noise(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Half of the words look like something: small, or a place in the channel, or a copy. */
static uint64_t word(const volatile uint64_t *words, uint64_t count)
{
    switch (noise() % 6) {
    case 0:
        return noise() % 16;
    case 1:
        return noise() % 64 | (noise() % count) << 32;
    case 2:
        return words[noise() % count];
    case 3:
        return (noise() % 8) << 32 | (noise() % 8) << 48 | (noise() % count) << 2;
    default:
        return noise();
    }
}

/* The noise has left a channel that is good for calls, if the server kept its own half right. */
static void note(const struct binding *binding, uint64_t value)
{
    static struct relay_client client;
    struct relay_note_params params = {.value = value};
    enum exo_status status = EXO_STATUS_BUSY;
    uint64_t bits;
    EXPECT(relay_client_open(&client, binding), EXO_STATUS_OK);
    for (uint32_t i = 0; i < ATTEMPTS_MAX && status == EXO_STATUS_BUSY; i++) {
        status = relay_note(&client, &params);
        if (status == EXO_STATUS_BUSY)
            exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
    }
    EXPECT(status, EXO_STATUS_OK);
}

int component_main(void)
{
    const struct binding *binding = binding_import("relay");
    CHECK(binding != NULL);
    volatile uint64_t *words = (volatile uint64_t *)binding->places[0].address;
    uint64_t count = binding->places[0].bytes / 8;
    uint64_t served = 0, refused = 0;
    for (uint64_t i = 0; i < count; i++)
        words[i] = noise();
    for (uint32_t i = 0; i < CALLS; i++) {
        uint64_t out[4], received;
        for (uint32_t j = 0; j < WORDS_PER_CALL; j++)
            words[noise() % count] = word(words, count);
        for (uint32_t j = 0; j < 24; j++)
            if (noise() % 8 == 0)
                words[j] = word(words, count);
        enum exo_status status =
            exo_portal_call(binding->portal, word(words, count),
                            noise() % 2 ? noise() % 256 : noise(), 0, 0, UINT64_MAX, 0, &out[0],
                            &out[1], &out[2], &out[3], &received);
        served += status == EXO_STATUS_OK;
        refused += status != EXO_STATUS_OK && out[3] == 1; /* the server said so, not the kernel */
        if (i % 64 == 0)
            exo_event_signal(binding->places[0].doorbell);
    }
    CHECK(served > 0 && refused > 0);
    print("hostile: of the noise %lu calls were served, %lu refused\n", served, refused);
    note(binding, served + refused);
    return 0;
}
