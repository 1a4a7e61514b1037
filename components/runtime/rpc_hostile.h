/* SPDX-License-Identifier: MIT */
/*
 * What the tests against hostile peers share. All of the codec and of rpc is compiled into each of
 * these programs once more, with a hook behind each fetch of a shared word: it counts the fetches
 * of each word and changes the word after it was read. The server's and the client's halves are
 * driven directly, without a kernel.
 */
#ifndef RPC_HOSTILE_H
#define RPC_HOSTILE_H
#define CAPNP_FETCH_HOOK 1
#define EXO_DEBUG 1 /* freed words are junk */
#include "rpc_address.c"
#include "rpc_client.c"
#include "rpc_failure.c"
#include "rpc_question.c"
#include "rpc_object.c"
#include "rpc_reference.c"
#include "rpc_region.c"
#include "rpc_server.c"
#include "rpc_stream.c"

#include "capnp.c"
#include "capnp_build.c"
#include "channel.c"
#include "channel_guard.c"

#include "sample.capnp.c"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_BYTES 4096u /* of a channel, the smallest */
#define FETCHES_MAX 4096u
#define ROUNDS 200000u

/* What the hook does. */
static bool is_changing; /* change each word behind its fetch */
static bool is_counting; /* remember each fetch; a second one of the same byte is a double fetch */
static const void *fetched[FETCHES_MAX];
static uint32_t fetched_count, fetched_twice;
static const uint8_t *shared;
static size_t shared_bytes;

static uint64_t random_state = 0x9e3779b97f4a7c15;

/* A number that looks random, the same in each run. */
static uint64_t random_word(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

void capnp_fetched(const void *at, uint32_t bytes)
{
    const uint8_t *byte = at;
    if (byte < shared || byte >= shared + shared_bytes)
        return;
    for (uint32_t i = 0; is_counting && i < fetched_count; i++)
        fetched_twice += fetched[i] == at;
    if (is_counting && fetched_count < FETCHES_MAX)
        fetched[fetched_count++] = at;
    for (uint32_t i = 0; is_changing && i < bytes; i++)
        ((uint8_t *)(uintptr_t)at)[i] ^= (uint8_t)(random_word() & random_word());
}

/* Watch the bytes of a channel or message. */
static void watch(const void *bytes, size_t length, bool changes, bool counts)
{
    shared = bytes;
    shared_bytes = length;
    is_changing = changes;
    is_counting = counts;
    fetched_count = fetched_twice = 0;
}

/* Let a client begin, and take its epoch up, as a server does. */
static void meet(struct rpc_client *client)
{
    struct channel *channel = &client->channel;
    channel_begin(channel, channel->send_tail);
    client->has_begun = true;
    ((uint32_t *)(uintptr_t)channel->peer_tail)[1] = channel->epoch;
    CU_ASSERT(channel_meet(channel));
    rpc_client_reclaim(client);
}

/* Random bytes of a text, in a static buffer. */
static struct capnp_text random_text(char *room, uint32_t max)
{
    uint32_t length = (uint32_t)(random_word() % (max + 1));
    for (uint32_t i = 0; i < length; i++)
        room[i] = (char)random_word();
    return (struct capnp_text){room, length};
}

/* Encode random parameters of `mixed`; returns the words used. */
static uint32_t encode_mixed(uint64_t *words, uint32_t max, struct sample_mixed_params *params)
{
    static char text[64], data[64], more[64];
    struct capnp_builder builder = {.words = words, .word_max = max};
    struct rpc_given given = {0};
    params->flag = random_word() & 1;
    params->half_bits = (uint32_t)random_word();
    params->color = (enum sample_color)(random_word() & 0xffff);
    params->small = (int8_t)random_word();
    params->text = random_text(text, 40);
    params->more = random_text(more, 40);
    struct capnp_text bytes = random_text(data, 40);
    params->data = (struct capnp_data){(const uint8_t *)bytes.bytes, bytes.length};
    if (sample_mixed_params_encode(&builder, params, &given) != EXO_STATUS_OK)
        return 0;
    return builder.word_count;
}
#endif
