/* SPDX-License-Identifier: MIT */
/*
 * A client that keeps no rule: it fills its channel with noise, now all of it, now single words of
 * the lines, rings and messages, and calls the server with places and meanings out of the air.
 */
#include "kernel_stubs.h"
#include "scenario.h"

enum { CALLS = 20000, WORDS_PER_CALL = 8 };

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
        return noise() % count | (noise() % 64) << 32;
    case 2:
        return words[noise() % count];
    case 3:
        return (noise() % 8) << 32 | (noise() % 8) << 48 | (noise() % count) << 2;
    default:
        return noise();
    }
}

int component_main(void)
{
    const struct binding *binding = binding_import("relay");
    CHECK(binding != NULL);
    volatile uint64_t *words = (volatile uint64_t *)binding->places[0].address;
    uint64_t count = binding->places[0].bytes / 8;
    for (uint64_t i = 0; i < count; i++)
        words[i] = noise();
    for (uint32_t i = 0; i < CALLS; i++) {
        uint64_t out[4], received;
        for (uint32_t j = 0; j < WORDS_PER_CALL; j++)
            words[noise() % count] = word(words, count);
        for (uint32_t j = 0; j < 24; j++)
            if (noise() % 8 == 0)
                words[j] = word(words, count);
        exo_portal_call(binding->portal, word(words, count), noise() % 2 ? noise() % 256 : noise(),
                        0,
                        0, UINT64_MAX, 0, &out[0], &out[1], &out[2], &out[3], &received);
        if (i % 64 == 0)
            exo_event_signal(binding->places[0].doorbell);
    }
    print("hostile: %u calls of noise\n", CALLS);
    return 0;
}
