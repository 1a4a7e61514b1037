/* SPDX-License-Identifier: MIT */
/*
 * mock: stands in for a service in a test on the host. The part that all interfaces share; the
 * typed functions of one are generated (NAME_mock.h), and are what tests call.
 *
 * The code under test opens its ordinary client on the mock's binding. Behind that are the real
 * channel, the real server loop with handlers that answer by the script, and a small kernel. Every
 * server has a POSIX thread, but only one runs at any time: the test's, or that of the mock that it
 * called. Time stands still but for what passes by waiting, a tick is a microsecond. So a test does
 * the same each time.
 *
 * A wrong use ends the program with a line that says what is wrong: the test cannot go on.
 */
#ifndef HOST_MOCK_H
#define HOST_MOCK_H
#include "rpc.h"

#include <stddef.h>

#define MOCK_MEMORY_BYTES 65536u /* of the channel between test and mock */
#define MOCK_SLOTS 256u          /* of a table, a server's and the test's; from 128 on the mocks' */
#define MOCKS_MAX 8u             /* in one program: the runtime has room for so many servers */

/* What goes wrong with a call after its request was recorded. */
enum mock_fault {
    MOCK_NOTHING,
    MOCK_DELAY,      /* no answer comes before the client's deadline, which passes */
    MOCK_DISCONNECT, /* the server ends; it is back when the client has looked `number` times */
    MOCK_MALFORMED   /* the answer is damaged, in a way that `number` chooses */
};

/* Ways of damage: `number` % MOCK_DAMAGES; with the same number it is the same each time. */
enum mock_damage {
    MOCK_DAMAGE_PLACE, /* the message lies outside; if the call is asynchronous, as the next one */
    MOCK_DAMAGE_ROOT,  /* the root pointer leads outside */
    MOCK_DAMAGE_CUT,   /* nothing but the root pointer is left */
    MOCK_DAMAGE_BIT,   /* one bit is another: the client may get a wrong value and EXO_STATUS_OK */
    MOCK_DAMAGE_WORDS, /* all words are at random */
    MOCK_DAMAGES
};

/* A plain struct, and how its message is made and read; all null: nothing travels. */
struct mock_payload {
    enum exo_status (*build)(struct capnp_builder *builder, const void *from,
                             struct rpc_given *given);
    enum exo_status (*read)(struct capnp_message *message, const uint64_t *words, uint32_t length,
                            struct rpc_received received, void *to);
    size_t bytes;
};

/* A method, as generated. */
struct mock_shape {
    const char *name;
    struct mock_payload params, results;
    enum exo_status (*begin)(struct rpc_call *call); /* begin a reply that is built in place */
};

/* A message that was kept, as words and as the plain struct that points into them. */
struct mock_message {
    uint64_t *words;
    uint32_t word_count;
    void *plain; /* null: nothing travels */
    struct capnp_message *message; /* what readers in it spend */
};

/* What the script says about one call. */
struct mock_scripted {
    struct mock_scripted *next;
    enum exo_status status;
    enum mock_fault fault;
    uint32_t number;
    bool has_reason; /* it is a failure of this type, for this reason */
    enum failure_exception_type type;
    char *reason;
    uint32_t reason_bytes;
    struct mock_message results;
};

/* A request that came. */
struct mock_received {
    struct mock_received *next;
    struct mock_message params;
};

/* The script and the record of a method. */
struct mock_method {
    const struct mock_shape *shape;
    struct mock_scripted *answers, *otherwise; /* a queue; then always the other one */
    struct mock_received *requests;
    uint32_t request_count, answer_count;
};

/* A mock. Its memory must be static, or live as long as the program: the server's thread does. */
struct mock {
    const char *name; /* of the interface */
    struct mock_method *methods;
    uint32_t method_count;
    struct binding client, server;
    struct channel_place client_place, server_place;
    uint8_t *memory;
    uint64_t slots[MOCK_SLOTS]; /* what the server holds: any number but zero */
    uint32_t index;             /* among all mocks, from 1 on; 0: never opened */
    bool is_one_way, has_signal; /* the client rang, if it is */
    bool is_connected;
    uint32_t back_after; /* looks of the client at the portal; UINT32_MAX: never by itself */
    /* Of the call that is being served. */
    bool has_call, is_place_damaged;
    enum mock_fault fault;
    uint32_t fault_number;
    uint64_t words[6], status, received;
    struct mock_scripted *spent; /* the last answer for one call; its results may be read */
};

/* What the test's own table holds: a number that is not zero stands for a capability. */
extern uint64_t mock_slots[MOCK_SLOTS];

/* May answer the kernel calls that the mocks do not know; null: they get bad_call. */
extern uint64_t (*mock_system_call)(uint64_t word, uint64_t words[6]);

/* Open a mock, or empty its script and record and connect it anew. `shapes` are its methods,
 * `serve` runs its server, for one way or both, always the same. For the generated functions. */
void mock_open(struct mock *mock, const char *name, uint64_t interface_id,
               const struct mock_shape *shapes, struct mock_method *methods, uint32_t method_count,
               void (*serve)(struct mock *mock), bool is_one_way);

/* Serve one call by the script. For the generated handlers. */
enum exo_status mock_serve(struct rpc_call *call, uint32_t method, const void *params,
                           void *results);

/* Say what happens with the next call of a method for which nothing was said yet: it gets a status,
 * with results (copied; null: zeros) if that is ok, or something goes wrong. */
void mock_answer(struct mock *mock, uint32_t method, enum exo_status status, const void *results,
                 enum mock_fault fault, uint32_t number);

/* As mock_answer, for a failure with type and reason (copied), as handlers have it from rpc_fail.
 */
void mock_answer_failure(struct mock *mock, uint32_t method, enum failure_exception_type type,
                         struct capnp_text reason);

/* Say what calls get for which nothing was said. Without this it is bad_call. */
void mock_otherwise(struct mock *mock, uint32_t method, enum exo_status status,
                    const void *results);

/* The parameters of call `index` of a method, from 0 on, in the order in which they came; null if
 * there was no such call. They live until mock_open; capabilities in them are gone. */
const void *mock_request(const struct mock *mock, uint32_t method, uint32_t index);

/* How many answers were said and not asked for, of all methods. A test that ends with some has not
 * seen what it was written for. */
uint32_t mock_unused(const struct mock *mock);

/* End the server; and start it again: its client must reconnect. The client of a one-way channel
 * knows nothing of that, and what it posts in between waits there. */
void mock_disconnect(struct mock *mock);
void mock_connect(struct mock *mock);

/* Let time pass. */
void mock_pass(uint64_t microseconds);

/* Are the queues as long as counted, and what is recorded complete. */
bool mock_check(const struct mock *mock);
#endif
