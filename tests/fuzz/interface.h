/* SPDX-License-Identifier: MIT */
/*
 * The harness of an interface, but for what is generated of its schema (NAME_fuzz.c, which includes
 * this). The input is a hostile message: a request that goes into the dispatcher of the server, or
 * a reply that goes into the decoder of the client:
 *   byte 0   which interface of the schema; the top bit: a reply
 *   byte 1   the method; some numbers are no method's
 *   byte 2   how many capabilities came with it
 *   byte 3   if odd, the message is a sample that our builder writes, and the rest of the
 *            input is changes to it: a byte of the message and what is to be added to it, in turn;
 *            the byte's upper bits say how many words are cut off
 *   the rest words
 * Whatever is read as a plain struct must be built again, and read from that again, as the same
 * words; what the dispatcher answers must be within its arena, and be read by the client.
 */
#ifndef FUZZ_INTERFACE_H
#define FUZZ_INTERFACE_H
#include "mock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FUZZ_ITEMS = 16,         /* of a list of structs that are touched */
    FUZZ_DEPTH = 70,         /* of structs in structs; more than the readers allow */
    FUZZ_STRUCTS = 20000,    /* that are touched for one input: many may be the same one */
    FUZZ_WORDS = 8192,       /* of a message that is built */
    FUZZ_PLAIN_BYTES = 4096, /* of a plain struct */
    FUZZ_FIRST_SLOT = 16,    /* of the capabilities that came */
    FUZZ_HEAD = 4            /* bytes before the words */
};

/* A method, as generated: its codecs, and what touches all fields of its plain structs. */
struct fuzz_method {
    struct mock_payload params, results;
    void (*see_params)(const void *plain);
    void (*see_results)(const void *plain);
    const void *params_sample, *results_sample; /* plain structs whose messages are changed */
};

/* An interface, with handlers of the harness. */
struct fuzz_interface {
    const struct rpc_service *service;
    const void *handlers;
    const struct fuzz_method *methods;
    uint32_t method_count;
};

static uint64_t fuzz_sum; /* so that the compiler reads what is touched */
static unsigned fuzz_depth, fuzz_structs, fuzz_handled;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* End the program with what is wrong. */
static inline void fuzz_require(bool is_right, const char *what)
{
    if (is_right)
        return;
    fprintf(stderr, "interface: %s\n", what);
    abort();
}

/* Enter a struct, unless it is not there or enough was seen. */
static inline bool fuzz_enter(const void *data)
{
    if (!data)
        return false;
    fuzz_require(fuzz_depth < FUZZ_DEPTH, "structs lie deeper than the reader allows");
    if (fuzz_structs == FUZZ_STRUCTS)
        return false;
    fuzz_structs++;
    fuzz_depth++;
    return true;
}

static inline void fuzz_leave(void)
{
    fuzz_depth--;
}

static inline void fuzz_number(uint64_t number)
{
    fuzz_sum += number;
}

static inline void fuzz_bytes(const void *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        fuzz_sum += ((const volatile uint8_t *)bytes)[i];
}

/* What has no type that the generator knows is touched by a deep copy. */
static inline struct capnp_builder *fuzz_scratch(void)
{
    static uint64_t words[FUZZ_WORDS];
    static struct capnp_builder builder;
    capnp_builder_begin(&builder, words, FUZZ_WORDS);
    words[0] = 0;
    builder.word_count = 1;
    return &builder;
}

static inline void fuzz_list(const struct capnp_list *list)
{
    struct capnp_builder *builder = fuzz_scratch();
    if (list->data)
        capnp_copy_list(builder, builder->words, list);
}

static inline void fuzz_struct(const struct capnp_struct *from)
{
    struct capnp_builder *builder = fuzz_scratch();
    if (from->data)
        capnp_copy_struct(builder, builder->words, from);
}

static inline void fuzz_any(const struct capnp_any *any)
{
    struct capnp_builder *builder = fuzz_scratch();
    capnp_copy_any(builder, builder->words, any);
}

/* Build the message of a plain struct; returns its words, 0 if there is no room. */
static inline uint32_t fuzz_build(const struct mock_payload *payload, const void *plain,
                                  uint64_t *words, struct rpc_given *given)
{
    struct capnp_builder builder;
    given->count = 0;
    capnp_builder_begin(&builder, words, FUZZ_WORDS);
    builder.word_count = 0;
    return payload->build(&builder, plain, given) == EXO_STATUS_OK ? builder.word_count : 0;
}

/* What was read and touched without an error is built, read from that and built again. */
static inline void fuzz_again(const struct mock_payload *payload, const void *plain)
{
    static uint64_t first[FUZZ_WORDS], second[FUZZ_WORDS];
    static _Alignas(16) uint8_t other[FUZZ_PLAIN_BYTES];
    struct capnp_message message;
    struct rpc_given given;
    uint32_t length = fuzz_build(payload, plain, first, &given);
    if (length == 0)
        return;
    const struct rpc_received same = {FUZZ_FIRST_SLOT, given.count};
    fuzz_require(payload->read(&message, first, length, same, other) == EXO_STATUS_OK,
                 "what was built cannot be read");
    fuzz_require(fuzz_build(payload, other, second, &given) == length &&
                     memcmp(first, second, length * 8u) == 0,
                 "what was built and read is built in another way");
}

/* Serve a call: the generated handlers do no more than this. */
static inline enum exo_status fuzz_handle(struct rpc_call *call, const struct fuzz_method *method,
                                          const void *params)
{
    (void)call;
    fuzz_handled++;
    if (!params)
        return EXO_STATUS_OK;
    method->see_params(params);
    fuzz_again(&method->params, params);
    return EXO_STATUS_OK;
}

/* Let a reply into the client. */
static inline void fuzz_reply(const struct fuzz_method *method, const uint64_t *words,
                              uint32_t length, struct rpc_received received)
{
    static _Alignas(16) uint8_t plain[FUZZ_PLAIN_BYTES];
    struct capnp_message message;
    fuzz_require(method->results.bytes <= sizeof plain, "a plain struct is too large");
    if (method->results.bytes == 0 ||
        method->results.read(&message, words, length, received, plain) != EXO_STATUS_OK)
        return;
    method->see_results(plain);
    fuzz_again(&method->results, plain);
}

/* Let a request into the server. */
static inline void fuzz_request(const struct fuzz_interface *interface, uint32_t number,
                                const uint64_t *words, uint32_t length,
                                struct rpc_received received)
{
    static _Alignas(64) uint8_t memory[MOCK_MEMORY_BYTES];
    static struct rpc_channel channel;
    static struct rpc_server server;
    struct rpc_call call = {.methods = interface->handlers, .service = interface->service,
                            .server = &server, .received = received};
    channel = (struct rpc_channel){0};
    server = (struct rpc_server){.channels = &channel, .channel_count = 1};
    fuzz_require(channel_open(&channel.channel, memory, sizeof memory, true), "no channel");
    fuzz_handled = 0;
    uint64_t outcome = interface->service->dispatch(&call, &channel, interface->handlers, number,
                                                    words, length);
    uint32_t status = (uint32_t)(outcome >> 32), reply = (uint32_t)outcome;
    if (number >= interface->method_count) {
        fuzz_require(status == RPC_OTHER && fuzz_handled == 0, "a method that there is not");
        return;
    }
    fuzz_require((status == EXO_STATUS_OK) == (fuzz_handled == 1), "a handler was not called once");
    if (status != EXO_STATUS_OK)
        return;
    const struct fuzz_method *method = &interface->methods[number];
    fuzz_require(reply <= channel.channel.arena_room, "a reply outside the arena");
    fuzz_require((reply == 0) == (method->results.bytes == 0), "a reply of the wrong length");
    if (reply == 0)
        return;
    static _Alignas(16) uint8_t plain[FUZZ_PLAIN_BYTES];
    struct capnp_message message;
    fuzz_require(method->results.read(&message, channel.channel.arena_next, reply,
                                      (struct rpc_received){0, 0}, plain) == EXO_STATUS_OK,
                 "the client cannot read the reply");
    method->see_results(plain);
}

/* Build a message, and change bytes of it; returns its words. */
static inline uint32_t fuzz_changed(const struct mock_payload *payload, const void *sample,
                                    uint64_t *words, const uint8_t *changes, size_t count)
{
    struct rpc_given given;
    uint32_t length = sample ? fuzz_build(payload, sample, words, &given) : 0;
    for (size_t i = 0; i + 1 < count && length > 0; i += 2)
        ((uint8_t *)words)[changes[i] % (length * 8u)] += changes[i + 1];
    return length;
}

/* One input. */
static inline int fuzz_input(const uint8_t *bytes, size_t size,
                             const struct fuzz_interface *interfaces, size_t count)
{
    if (size < FUZZ_HEAD)
        return 0;
    const struct fuzz_interface *interface = &interfaces[(bytes[0] & 0x7f) % count];
    uint32_t number = bytes[1] % (interface->method_count + 2), length = 0;
    struct rpc_received received = {100, bytes[2] % (RPC_CAPABILITIES_MAX + 1)};
    static uint64_t input[FUZZ_WORDS];
    if (bytes[3] & 1 && number < interface->method_count) {
        const struct fuzz_method *method = &interface->methods[number];
        bool is_reply = bytes[0] & 0x80;
        length = fuzz_changed(is_reply ? &method->results : &method->params,
                              is_reply ? method->results_sample : method->params_sample, input,
                              bytes + FUZZ_HEAD, size - FUZZ_HEAD);
        length -= bytes[3] >> 1 < length ? bytes[3] >> 1 : 0;
    } else {
        length = (uint32_t)((size - FUZZ_HEAD) / 8);
        length = length < FUZZ_WORDS ? length : FUZZ_WORDS;
        memcpy(input, bytes + FUZZ_HEAD, length * 8u);
    }
    /* As long as the message, so that the sanitizer sees who reads behind it. */
    uint64_t *words = malloc(length ? length * 8u : 1);
    fuzz_require(words != NULL, "no memory");
    memcpy(words, input, length * 8u);
    fuzz_depth = fuzz_structs = 0;
    if (!(bytes[0] & 0x80))
        fuzz_request(interface, number, words, length, received);
    else if (number < interface->method_count)
        fuzz_reply(&interface->methods[number], words, length, received);
    free(words);
    return 0;
}
#endif
