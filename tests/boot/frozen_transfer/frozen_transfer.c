/* SPDX-License-Identifier: MIT */
/*
 * 1 MiB reaches a server as frozen memory, without a copy: the server maps the very frames and adds
 * them up. While it holds them nobody can write; the channel, through which a copy would have gone,
 * is far smaller. The frames that the server mapped are counted, and so are the bytes copied: none.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"

enum { BYTES = 1 << 20, PAGES = BYTES / CHILD_PAGE_BYTES };

int component_main(void)
{
    static struct relay_client client;
    uint64_t offset, wanted = 0, done;
    const struct binding *binding = binding_import("relay");
    uint32_t writable = scenario_slots(2), frozen = writable + 1;
    uint64_t *words = pages_take(PAGES, &offset);
    CHECK(words != NULL);
    for (uint64_t i = 0; i < BYTES / 8; i++) {
        words[i] = i * i;
        wanted += i * i;
    }
    CHECK(binding != NULL && binding->places[0].bytes < BYTES / 8);
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
    EXPECT(relay_sum(&client, &params, &results), EXO_STATUS_OK);
    CHECK(results.sum == wanted);
    CHECK(results.mapped == PAGES);
    print("frozen_transfer: %lu frames arrived, 0 bytes were copied\n", results.mapped);
    return 0;
}
