/* SPDX-License-Identifier: MIT */
/*
 * A log whose answers are wrong, each in another way: what `from` asks for. The root struct is
 * right; the pointer to its list of lines is not.
 */
#include "log.capnp.h"
#include "startup.h"

enum { WAYS = 6 };

static enum exo_status handle_read(struct rpc_call *call, const struct log_read_params *params,
                                   struct log_read_results *results)
{
    /* Where each pointer is to lead; list pointers have kind 1, offsets count words. */
    static const uint64_t lines[WAYS] = {
        UINT64_C(0x7ffffff1) | UINT64_C(7) << 32 | UINT64_C(1000) << 35, /* out of the segment */
        UINT64_C(1) | UINT64_C(7) << 32,                     /* many elements of no size */
        UINT64_C(1) | UINT64_C(1) << 32 | UINT64_C(8) << 35, /* bits instead of structs */
        UINT64_C(2) | UINT64_C(9) << 32,                     /* far, to no segment */
        UINT64_C(1) | UINT64_C(6) << 32 | UINT64_C(1) << 35, /* a pointer that leads to itself */
        UINT64_C(3) | UINT64_C(5) << 32,                     /* a capability */
    };
    struct log_read_results_builder reply;
    (void)results;
    log_read_reply(call, &reply);
    uint64_t *pointer = reply.words + LOG_READ_RESULTS_DATA_WORDS;
    uint64_t *behind = capnp_allocate(&call->builder, 1);
    *pointer = params->from < WAYS ? lines[params->from] : 0;
    if (params->from == 1)
        *behind = UINT64_C(0x1fffffff) << 2; /* the tag: half a billion elements */
    if (params->from == 4)
        *behind = UINT64_C(0xfffffffd) | UINT64_C(6) << 32 | UINT64_C(1) << 35;
    return EXO_STATUS_OK;
}

int component_main(void)
{
    static const struct log_methods methods = {.read = handle_read};
    return (int)log_serve(&methods, 0, binding_export("log"));
}
