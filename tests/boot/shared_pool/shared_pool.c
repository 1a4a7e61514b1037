/* SPDX-License-Identifier: MIT */
/*
 * 256 KiB reach a server in the pool that the composition gives the channel: the server adds them
 * up where they lie. A range that leaves the pool is refused with bad_message, and the channel goes
 * on. So it is for a channel without a pool, where every range but the empty one leaves it.
 */
#include "relay.capnp.h"
#include "scenario.h"

enum { BYTES = 256 << 10 };

static enum exo_status sum(struct relay_client *client, uint64_t offset, uint64_t length,
                           uint64_t *out)
{
    struct relay_sum_pool_params_builder params;
    struct bulk_buffer_builder buffer;
    struct relay_sum_pool_results results = {0};
    EXPECT(relay_sum_pool_begin(client, &params), EXO_STATUS_OK);
    CHECK(relay_sum_pool_params_init_buffer(params, &buffer) == CAPNP_OK);
    bulk_buffer_set_offset(buffer, offset);
    bulk_buffer_set_length(buffer, length);
    enum exo_status status = relay_sum_pool_finish(client, &results);
    *out = results.sum;
    return status;
}

/* Fill the whole pool; returns the sum of its last `bytes`. */
static uint64_t fill(const struct channel_place *place, uint64_t bytes)
{
    uint64_t *words = channel_pool(place), wanted = 0;
    for (uint64_t i = 0; i < place->pool_bytes / 8; i++) {
        CHECK(words[i] == 0);
        words[i] = i * i + 1;
        wanted += i * 8 >= place->pool_bytes - bytes ? words[i] : 0;
    }
    return wanted;
}

int component_main(void)
{
    static const struct { uint64_t offset, length; } wrong[] = {
        {0, BYTES + 1}, {BYTES, 1}, {UINT64_MAX, 2}, {8, UINT64_MAX}};
    static struct relay_client client, plain, large;
    struct relay_tick_results ticked = {0};
    const struct binding *binding = binding_import("relay"), *other = binding_import("large");
    uint64_t got, refused = 0;
    CHECK(binding != NULL && binding->places[0].pool_bytes == BYTES && other != NULL);
    EXPECT(relay_client_open(&client, binding), EXO_STATUS_OK);
    EXPECT(relay_client_open(&plain, binding_import("plain")), EXO_STATUS_OK);
    EXPECT(relay_client_open(&large, other), EXO_STATUS_OK);
    uint64_t all = fill(&binding->places[0], BYTES);
    uint64_t end = fill(&other->places[0], 4096);
    EXPECT(sum(&client, 0, BYTES, &got), EXO_STATUS_OK);
    CHECK(got == all);
    EXPECT(sum(&large, other->places[0].pool_bytes - 4096, 4096, &got), EXO_STATUS_OK);
    CHECK(got == end);
    for (uint32_t i = 0; i < sizeof wrong / sizeof *wrong; i++, refused++)
        EXPECT(sum(&client, wrong[i].offset, wrong[i].length, &got), EXO_STATUS_BAD_MESSAGE);
    EXPECT(sum(&plain, 0, 1, &got), EXO_STATUS_BAD_MESSAGE);
    refused++;
    EXPECT(relay_tick(&client, &ticked), EXO_STATUS_OK);
    EXPECT(sum(&client, 0, BYTES, &got), EXO_STATUS_OK);
    CHECK(got == all);
    print("shared_pool: %u bytes were read where they lie, %lu ranges refused\n", BYTES, refused);
    return 0;
}
