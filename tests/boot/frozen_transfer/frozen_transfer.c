/* SPDX-License-Identifier: MIT */
/*
 * 1 MiB reaches a server as frozen memory, without a copy: the server maps the very frames and adds
 * them up. While it holds them nobody can write; the channel, through which a copy would have gone,
 * is far smaller. Both ends name the same frames. The server looks for copies of the data in all of
 * its memory and counts their bytes; and the call may change no more of the channel than its own
 * request and reply do.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"

enum { BYTES = 1 << 20, PAGES = BYTES / CHILD_PAGE_BYTES };
enum { CHANNEL_WORDS_MAX = BYTES / 64, MESSAGE_WORDS_MAX = 32, LOOKED_MIN = 64 };
#define MARK (UINT64_C(0xf7023e) << 32) /* so that a word of the data is known again */

static uint64_t before[CHANNEL_WORDS_MAX];

static uint64_t base_of(uint32_t slot)
{
    uint64_t kind, rights, base, frames, low, high;
    EXPECT(exo_capability_info(EXO_SELF, slot, &kind, &rights, &base, &frames, &low, &high),
           EXO_STATUS_OK);
    CHECK(frames == PAGES);
    return base;
}

/* Call the server, and count the words of the channel that the call changed. */
static uint64_t call(struct relay_client *client, const struct channel_place *place,
                     const struct relay_sum_params *params, struct relay_sum_results *results)
{
    const volatile uint64_t *words = (const volatile uint64_t *)place->address;
    uint64_t changed = 0, count = place->bytes / 8;
    CHECK(count <= CHANNEL_WORDS_MAX);
    for (uint64_t i = 0; i < count; i++)
        before[i] = words[i];
    EXPECT(relay_sum(client, params, results), EXO_STATUS_OK);
    for (uint64_t i = 0; i < count; i++)
        changed += words[i] != before[i] && words[i] != CHANNEL_JUNK; /* of debug builds */
    return changed;
}

int component_main(void)
{
    static struct relay_client client;
    uint64_t offset, wanted = 0, done;
    const struct binding *binding = binding_import("relay");
    uint32_t writable = scenario_slots(2), frozen = writable + 1;
    uint64_t *words = pages_take(PAGES, &offset);
    CHECK(words != NULL);
    for (uint64_t i = 0; i < BYTES / 8; i++) {
        words[i] = MARK | i;
        wanted += words[i];
    }
    CHECK(binding != NULL);
    EXPECT(exo_memory_unmap(EXO_SELF, (uintptr_t)words, PAGES), EXO_STATUS_OK);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, writable, offset, PAGES, READ_WRITE,
                                 0), EXO_STATUS_OK);
    EXPECT(exo_capability_derive(writable, EXO_SELF, frozen, 0, PAGES,
                                 EXO_RIGHT_READ | EXO_RIGHT_FROZEN, 0), EXO_STATUS_OK);
    EXPECT(exo_memory_map(EXO_SELF, writable, (uintptr_t)words, 0, 1, READ_WRITE, &done),
           EXO_STATUS_CONFLICT);
    EXPECT(relay_client_open(&client, binding), EXO_STATUS_OK);
    struct relay_sum_params params = {.memory = frozen, .bytes = BYTES};
    struct relay_sum_results results = {0};
    uint64_t changed = call(&client, &binding->places[0], &params, &results);
    CHECK(results.sum == wanted);
    CHECK(results.mapped == PAGES && results.base == base_of(frozen));
    CHECK(changed > 0 && changed <= MESSAGE_WORDS_MAX);
    CHECK(results.looked >= LOOKED_MIN && results.copied == 0);
    print("frozen_transfer: %lu frames arrived, %lu bytes were copied\n", results.mapped,
          results.copied);
    return 0;
}
