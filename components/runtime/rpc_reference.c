/* SPDX-License-Identifier: MIT */
#include "rpc_retry.h"

static const struct rpc_target self = {.kind = CHANNEL_TARGET_SELF};

/* Until the method's deadline, if it has one; its object goes with the server, so there is no
 * second try. */
static enum exo_status in_time(struct rpc_client *client, struct rpc_target target,
                               const struct rpc_method *method, const void *params, bool is_built,
                               void *results)
{
    struct rpc_retry retry;
    if (method->deadline_ms > 0) {
        rpc_retry_begin(&retry, client, method->deadline_ms);
        client->deadline = rpc_client_deadline(client); /* of what was built before, too */
    }
    client->target = target;
    enum exo_status status = is_built ? rpc_client_call_built(client, method, results)
                                      : rpc_client_call(client, method, params, results);
    client->target = self;
    return method->deadline_ms > 0 ? rpc_retry_end(&retry, status) : status;
}

enum exo_status rpc_reference_call(struct rpc_client *client, struct rpc_target target,
                                   const struct rpc_method *method, const void *params,
                                   void *results)
{
    return in_time(client, target, method, params, false, results);
}

void rpc_reference_begin(struct rpc_client *client, struct rpc_target target,
                         const struct rpc_method *method)
{
    client->target = target;
    rpc_client_build(client, method);
    client->target = self;
}

enum exo_status rpc_reference_finish(struct rpc_client *client, struct rpc_target target,
                                     const struct rpc_method *method, void *results)
{
    return in_time(client, target, method, 0, true, results);
}

enum exo_status rpc_reference_send(struct rpc_client *client, struct rpc_target target,
                                   const struct rpc_method *method, const void *params,
                                   uint32_t *question)
{
    client->target = target;
    enum exo_status status =
        rpc_client_send_other(client, method, params, RPC_QUESTION_SENT, question);
    client->target = self;
    if (status == EXO_STATUS_OK && method->deadline_ms > 0)
        rpc_retry_sent(client, *question, method->deadline_ms);
    return status;
}

enum exo_status rpc_reference_wait(struct rpc_client *client, const struct rpc_method *method,
                                   uint32_t question, uint64_t deadline, void *results)
{
    struct rpc_reply reply;
    if (method->deadline_ms > 0)
        deadline = rpc_retry_until(client, question, deadline);
    enum exo_status status = rpc_client_reply(client, question, deadline, &reply);
    if (status == EXO_STATUS_OK && method->decode)
        status = method->decode(&client->message, reply.words, reply.length, client->received,
                                results);
    return rpc_client_result(client, status);
}

enum exo_status rpc_reference_release(struct rpc_client *client, uint32_t object)
{
    static const struct rpc_interface none;
    static const struct rpc_method nothing = {.interface = &none};
    if (!rpc_is_object(object))
        return EXO_STATUS_BAD_ARGUMENT;
    client->target = (struct rpc_target){.kind = CHANNEL_TARGET_RELEASE, .object = object};
    enum exo_status status =
        rpc_client_send_other(client, &nothing, 0, RPC_QUESTION_UNASKED, 0);
    client->target = self;
    return status;
}
