/* SPDX-License-Identifier: MIT */
/* See mock.h. Scripts and records; the kernel below is mock_kernel.c. */
#include "mock_kernel.h"

#include "ticks.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT_WORDS = MOCK_MEMORY_BYTES / 8, TICKS_PER_SECOND = 1000000 };

/* Allocate, or end the program. */
static void *allocate(const struct mock *mock, size_t count, size_t bytes)
{
    void *memory = calloc(count ? count : 1, bytes);
    if (!memory)
        mock_fail(mock, "the host has no memory left");
    return memory;
}

/* Let the capabilities of a kept message be called by their slots, whatever these are, and no more
 * by their positions. Only those that stand outermost are given by way of the plain struct. */
static void name_slots(struct mock_message *kept, const struct rpc_given *given)
{
    struct capnp_message message;
    struct capnp_struct root;
    struct capnp_any any;
    capnp_message_single(&message, kept->words, kept->word_count);
    if (given->count == 0 || capnp_read_root(&message, &root) != CAPNP_OK)
        return;
    uint64_t *pointers = kept->words + (root.pointers - kept->words);
    for (uint32_t i = 0; i < root.pointer_count; i++)
        if (capnp_read_any(&root, i, &any) == CAPNP_OK && any.kind == CAPNP_CAPABILITY &&
            any.capability < given->count)
            capnp_set_capability(pointers + i, given->slots[any.capability]);
}

/* Keep a copy of a plain struct with all that it leads to; `from` may be null for zeros. */
static struct mock_message keep(const struct mock *mock, const struct mock_payload *payload,
                                const void *from, const char *what)
{
    struct mock_message out = {0};
    struct capnp_builder builder;
    struct rpc_given given = {0};
    if (payload->bytes == 0)
        return out;
    out.plain = allocate(mock, 1, payload->bytes);
    if (!from)
        return out; /* the zeros are what is meant, and no message is needed */
    uint64_t *words = allocate(mock, KEPT_WORDS, 8);
    capnp_builder_begin(&builder, words, KEPT_WORDS);
    builder.word_count = 0; /* an encoder brings the root's own word */
    enum exo_status status = payload->build(&builder, from, &given);
    if (status != EXO_STATUS_OK)
        mock_fail(mock, "%s could not be copied: status %u", what, (unsigned)status);
    out.word_count = builder.word_count;
    out.words = allocate(mock, out.word_count, 8);
    memcpy(out.words, words, out.word_count * 8u);
    free(words);
    name_slots(&out, &given);
    const struct rpc_received same = {0, given.count > 0 ? MOCK_SLOTS : 0};
    out.message = allocate(mock, 1, sizeof *out.message);
    status = payload->read(out.message, out.words, out.word_count, same, out.plain);
    out.message->traversal_words = UINT64_MAX; /* it is read again and again */
    if (status != EXO_STATUS_OK)
        mock_fail(mock, "%s could not be read again: status %u", what, (unsigned)status);
    return out;
}

/* Forget a kept message. */
static void drop(struct mock_message message)
{
    free(message.words);
    free(message.plain);
    free(message.message);
}

/* Forget an answer; it may be null. */
static void drop_answer(struct mock_scripted *answer)
{
    if (!answer)
        return;
    drop(answer->results);
    free(answer->reason);
    free(answer);
}

/* Forget what was said about a method, and what came. */
static void empty(struct mock_method *method)
{
    for (struct mock_scripted *answer = method->answers, *next; answer; answer = next) {
        next = answer->next;
        drop_answer(answer);
    }
    for (struct mock_received *request = method->requests, *next; request; request = next) {
        next = request->next;
        drop(request->params);
        free(request);
    }
    drop_answer(method->otherwise);
    *method = (struct mock_method){.shape = method->shape};
}

/* As init does it: fresh lines of both ends. And a badge of a later generation, or the server,
 * which goes on in truth, would remember. */
static void refresh(struct mock *mock)
{
    memset(mock->memory, 0, 2 * CHANNEL_LINE_BYTES);
    mock->client_place.badge += UINT64_C(1) << 32;
    mock->is_connected = true;
}

void mock_open(struct mock *mock, const char *name, uint64_t interface_id,
               const struct mock_shape *shapes, struct mock_method *methods, uint32_t method_count,
               void (*serve)(struct mock *mock), bool is_one_way)
{
    bool is_new = mock->index == 0;
    if (!is_new && mock->is_one_way != is_one_way)
        mock_fail(mock, "it was opened before for the other kind of channel; make another one");
    for (uint32_t i = 0; i < method_count; i++) {
        empty(&methods[i]);
        methods[i].shape = &shapes[i];
    }
    if (is_new) {
        ticks_start(TICKS_PER_SECOND);
        mock->name = name;
        mock->methods = methods;
        mock->method_count = method_count;
        mock->is_one_way = is_one_way;
        mock_kernel_add(mock);
        mock->client.interface_id = mock->server.interface_id = interface_id;
    }
    memset(mock->slots, 0, sizeof mock->slots);
    memset(mock->memory, 0, MOCK_MEMORY_BYTES);
    refresh(mock);
    if (is_new)
        mock_kernel_start(mock, serve);
}

void mock_disconnect(struct mock *mock)
{
    mock->is_connected = false;
    mock->back_after = UINT32_MAX;
}

void mock_connect(struct mock *mock)
{
    if (mock->is_one_way)
        mock->is_connected = true;
    else
        refresh(mock);
}

/* A method of a mock. */
static struct mock_method *method_at(const struct mock *mock, uint32_t method)
{
    if (method >= mock->method_count)
        mock_fail(mock, "there is no method %u; is the mock open?", method);
    return &mock->methods[method];
}

/* Put an answer behind those that wait already. */
static struct mock_scripted *add_answer(struct mock *mock, uint32_t method)
{
    struct mock_method *to = method_at(mock, method);
    struct mock_scripted **end = &to->answers;
    while (*end)
        end = &(*end)->next;
    *end = allocate(mock, 1, sizeof **end);
    to->answer_count++;
    return *end;
}

void mock_answer(struct mock *mock, uint32_t method, enum exo_status status, const void *results,
                 enum mock_fault fault, uint32_t number)
{
    struct mock_scripted *answer = add_answer(mock, method);
    if (mock->is_one_way && fault != MOCK_NOTHING)
        mock_fail(mock, "its channel goes one way: nothing comes back, and no fault is seen");
    answer->status = status;
    answer->fault = fault;
    answer->number = number;
    answer->results = keep(mock, &mock->methods[method].shape->results, results, "an answer");
}

void mock_answer_failure(struct mock *mock, uint32_t method, enum failure_exception_type type,
                         struct capnp_text reason)
{
    struct mock_scripted *answer = add_answer(mock, method);
    answer->has_reason = true;
    answer->type = type;
    answer->reason = allocate(mock, reason.length, 1);
    answer->reason_bytes = reason.length;
    memcpy(answer->reason, reason.bytes, reason.length);
}

void mock_otherwise(struct mock *mock, uint32_t method, enum exo_status status,
                    const void *results)
{
    struct mock_method *to = method_at(mock, method);
    struct mock_scripted *answer = allocate(mock, 1, sizeof *answer);
    *answer = (struct mock_scripted){.status = status};
    answer->results = keep(mock, &to->shape->results, results, "an answer");
    drop_answer(to->otherwise);
    to->otherwise = answer;
}

const void *mock_request(const struct mock *mock, uint32_t method, uint32_t index)
{
    const struct mock_received *request = method_at(mock, method)->requests;
    while (request && index-- > 0)
        request = request->next;
    return request ? request->params.plain : 0;
}

uint32_t mock_unused(const struct mock *mock)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < mock->method_count; i++)
        count += mock->methods[i].answer_count;
    return count;
}

/* The next of a row of numbers that look as if they were drawn: xorshift64*, Vigna 2016. */
static uint64_t draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* Build the answer in place, and damage it. */
static enum exo_status answer_damaged(struct rpc_call *call, const struct mock_method *method,
                                      const struct mock_scripted *answer)
{
    struct mock *mock = call->context;
    const struct mock_shape *shape = method->shape;
    uint64_t state = answer->number + UINT64_C(1);
    uint32_t damage = answer->number % MOCK_DAMAGES;
    mock->fault_number = answer->number / MOCK_DAMAGES;
    if (shape->results.bytes == 0 || (damage == MOCK_DAMAGE_PLACE && !call->is_asynchronous)) {
        mock->is_place_damaged = true; /* see mock_kernel.c */
        return EXO_STATUS_OK;
    }
    enum exo_status status = shape->begin(call);
    if (status != EXO_STATUS_OK)
        return status;
    struct capnp_builder *builder = &call->builder;
    builder->word_count = 0;
    status = shape->results.build(builder, answer->results.plain, &call->given);
    if (status != EXO_STATUS_OK || builder->word_count == 0)
        return status;
    switch (damage) {
    case MOCK_DAMAGE_BIT: {
        uint32_t word = (uint32_t)(draw(&state) % builder->word_count);
        builder->words[word] ^= UINT64_C(1) << draw(&state) % 64;
        return EXO_STATUS_OK;
    }
    case MOCK_DAMAGE_WORDS:
        for (uint32_t i = 0; i < builder->word_count; i++)
            builder->words[i] = draw(&state);
        return EXO_STATUS_OK;
    case MOCK_DAMAGE_CUT:
        builder->word_count = 1;
        return EXO_STATUS_OK;
    default: /* a struct of one word, as far away as a pointer of its length can say */
        builder->words[0] = UINT64_C(0x000000017ffffffc);
        return EXO_STATUS_OK;
    }
}

enum exo_status mock_serve(struct rpc_call *call, uint32_t number, const void *params,
                           void *results)
{
    struct mock *mock = call->context;
    struct mock_method *method = method_at(mock, number);
    const struct mock_shape *shape = method->shape;
    struct mock_received **end = &method->requests, *request = allocate(mock, 1, sizeof *request);
    request->params = keep(mock, &shape->params, params, "a request");
    while (*end)
        end = &(*end)->next;
    *end = request;
    method->request_count++;
    struct mock_scripted *answer = method->answers ? method->answers : method->otherwise;
    if (!answer)
        return EXO_STATUS_BAD_CALL;
    enum exo_status status = answer->status;
    if (answer->has_reason)
        status = rpc_fail(call, answer->type,
                          (struct capnp_text){answer->reason, answer->reason_bytes});
    else if (answer->fault == MOCK_MALFORMED)
        status = answer_damaged(call, method, answer);
    else if (answer->fault != MOCK_NOTHING) {
        mock->fault = answer->fault;
        mock->fault_number = answer->number;
    } else if (status == EXO_STATUS_OK && results && answer->results.words)
        memcpy(results, answer->results.plain, shape->results.bytes);
    if (answer == method->answers) { /* it was for this call only, and lives until the next one's */
        method->answers = answer->next;
        answer->next = 0;
        method->answer_count--;
        drop_answer(mock->spent);
        mock->spent = answer;
    }
    return status;
}

bool mock_check(const struct mock *mock)
{
    for (uint32_t i = 0; i < mock->method_count; i++) {
        const struct mock_method *method = &mock->methods[i];
        uint32_t answers = 0, requests = 0;
        for (const struct mock_scripted *answer = method->answers; answer; answer = answer->next)
            answers++;
        for (const struct mock_received *request = method->requests; request;
             request = request->next)
            requests++;
        if (answers != method->answer_count || requests != method->request_count)
            return false;
    }
    return mock->index > 0 && mock->index <= MOCKS_MAX;
}
