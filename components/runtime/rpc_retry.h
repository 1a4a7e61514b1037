/* SPDX-License-Identifier: MIT */
/*
 * rpc_retry: what a client does for methods that the schema marks `$deadline(milliseconds)` or
 * `$idempotent`. Generated calls are built on this file; programs call nothing of it. It holds for
 * calls whose parameters are a struct, for those that were built in place, and for sent requests,
 * whose deadline counts from when they were sent, and which are made again by who waits for them,
 * as synchronous calls. Those with capabilities, and posted ones, are not.
 *
 * A deadline holds for the whole call, with all tries and the waiting between them. If the program
 * has set a shorter one (NAME_client_timeout), that holds.
 *
 * A call of an idempotent method that was answered `disconnected` waits for the server to be back,
 * reconnects and is made again: at once, then after a millisecond, then after two and so on, since
 * a server that is being started is there before it answers. Reconnecting forgets everything else
 * that is under way on the client, so while something is (questions, posted calls that nobody
 * settled, a kept reply), the call is not made again, and the program hears of it as ever.
 */
#ifndef RPC_RETRY_H
#define RPC_RETRY_H
#include "rpc.h"

#define RPC_RETRIES_MAX 11u /* of one call */
/* Microseconds to the next look for the server, the first time; with each try they are twice as
 * many. And in all, if there is no deadline. */
#define RPC_RETRY_STEP_US UINT64_C(1000)
#define RPC_RETRY_WAIT_US UINT64_C(5000000)
/* A request that was built in place, or sent, lies in memory that begins anew with the next server,
 * so it is copied to the stack. One that is longer is made once. */
#define RPC_RETRY_WORDS_MAX 256u

/* One call with all its tries. */
struct rpc_retry {
    struct rpc_client *client;
    uint64_t deadline;      /* in ticks; RPC_FOR_EVER: none */
    uint64_t give_up;       /* when no longer to wait for the server; not after the deadline */
    uint64_t timeout_ticks; /* what the program has set */
    uint32_t tries;
};

/* Begin a call, at most `deadline_ms` milliseconds long; 0: as long as the program's own timeout
 * says. */
void rpc_retry_begin(struct rpc_retry *retry, struct rpc_client *client, uint32_t deadline_ms);

/* After a try of an idempotent method that ended with `*status`: is it to be made again. If not,
 * `*status` is what the call ends with: as it was, or EXO_STATUS_DEADLINE. */
bool rpc_retry_again(struct rpc_retry *retry, enum exo_status *status);

/* End the call: the program's timeout holds again. Returns `status`. */
enum exo_status rpc_retry_end(struct rpc_retry *retry, enum exo_status status);

/* As rpc_client_call_built, with a deadline if `deadline_ms` is not 0, and again if the method is
 * idempotent. */
enum exo_status rpc_retry_built(struct rpc_client *client, const struct rpc_method *method,
                                uint32_t deadline_ms, bool is_idempotent, void *results);

/* Waiting for the reply to this question of an idempotent method, until `deadline`, ended with
 * `status`, which is not ok: make the call again if it was disconnected and nothing else is under
 * way. Returns what the call ends with; the question is no more if it was made again. */
enum exo_status rpc_retry_wait(struct rpc_client *client, const struct rpc_method *method,
                               uint32_t question, uint64_t deadline, enum exo_status status,
                               void *results);

/* The request of this question was sent now: its reply comes in so many milliseconds, or is not
 * waited for any longer. */
void rpc_retry_sent(struct rpc_client *client, uint32_t question, uint32_t deadline_ms);

/* Until when to wait for the reply to a question that rpc_retry_sent was called for, if the program
 * would wait until `deadline`. */
uint64_t rpc_retry_until(const struct rpc_client *client, uint32_t question, uint64_t deadline);
#endif
