/* SPDX-License-Identifier: MIT */
/*
 * serving: what the parts of the file server know of each other. Handlers run under the lock, from
 * serving_enter to serving_leave; what an answer points at is in the message before they leave, or
 * lives for ever.
 */
#ifndef FILES_SERVING_H
#define FILES_SERVING_H

#include "directory.capnp.h"
#include "file.capnp.h"
#include "lock.h"
#include "locks.h"
#include "server.h"
#include "walk.h"

enum { SERVING_CREDENTIALS_MAX = 128, SERVING_CLIENTS_MAX = 64 };

/* A Directory or File of a client. */
struct files_open {
    struct files_node node; /* as it was when it was opened; it is held */
    uint64_t position;
    uint32_t how;           /* FILE_MODE_READ and so on */
    uint32_t who;           /* index of its credentials */
    uint32_t next_free;     /* index + 1 */
    bool is_outward;        /* as a root: there is more above it */
};

_Static_assert(sizeof(struct files_open) <= FILES_OPEN_BYTES, "what is promised for each");

struct serving {
    struct files_options options;
    const struct files_core *core;
    void *state;
    uint64_t system; /* number of the file system */
    struct lock lock;
    struct files_open *open;
    uint32_t open_count, open_fresh, open_free; /* all; from here on never used; list, index + 1 */
    struct files_mounts mounts;
    struct {
        struct files_credentials who;
        uint32_t uses;
    } credentials[SERVING_CREDENTIALS_MAX];
    struct files_open *roots[SERVING_CLIENTS_MAX]; /* of each client, as it has begun */
    struct files_walk walk, second;
    struct files_locks locks;
    struct directory_service_methods directory_methods;
    struct file_service_methods file_methods;
    struct file_node_methods node_methods;
};

extern struct serving serving;

/* Begin to serve a call; returns whom it is for, null if there is no memory for the client's root.
 * And end. */
struct files_open *serving_enter(struct rpc_call *call);
void serving_leave(void);

static inline const struct files_credentials *serving_who(const struct files_open *open)
{
    return &serving.credentials[open->who].who;
}

/* The node of an open file as it is now. */
static inline void serving_refresh(struct files_open *open)
{
    serving.core->node(serving.state, open->node.handle, &open->node);
}

/* ---- open.c ---- */

/* Index of credentials, which are counted once more; UINT32_MAX: there are too many. */
uint32_t serving_keep_credentials(const struct files_credentials *who);
/* Make an open file of a node, which is held once more unless it `is_held`. Null: no memory. */
struct files_open *serving_open(const struct files_node *node, uint32_t who, uint32_t how,
                                bool is_held);
/* Nobody has it any more. Takes the lock. */
void serving_released(void *open);
/* Give the client an object for an open file: a Directory or a File. EXO_NONE, and it is gone. */
uint32_t serving_give(struct rpc_call *call, struct files_open *open);

/* ---- path.c ---- */

/* Walk from an open directory. `root` is what the request says. The name that is found counts. */
enum node_result serving_walk(const struct rpc_call *call, struct files_open *start, uint32_t root,
                              struct capnp_text path, uint32_t follow, struct files_walk *walk);
/* May they change names in the directory that a walk has reached. */
enum node_result serving_may_write(const struct files_walk *walk, bool has_operation);
/* May a core change anything by an operation that it has or has not. */
enum node_result serving_may_change(bool has_operation);
/* Make a node where a walk has found none: mode, owner and group as POSIX.1-2024 wants them. */
enum node_result serving_make(struct files_open *start, const struct files_walk *walk,
                              struct files_new *what, struct files_node *node);
/* What is open, if an object is a Directory of this client, or any node; null: it is not. */
struct files_open *serving_directory(const struct rpc_call *call, uint32_t object);
struct files_open *serving_node(const struct rpc_call *call, uint32_t object);

/* Fill the answer of a method that has the fields of Attributes. */
#define SERVING_FILL(to, of, more)                                                              \
    ((to)->kind = (enum node_kind)(of)->kind, (to)->mode = (of)->mode,                          \
     (to)->number = (of)->number, (to)->user = (of)->user, (to)->group = (of)->group,           \
     (to)->system = serving.system, (to)->size = (more)->size, (to)->stored = (more)->stored,   \
     (to)->links = (more)->links, (to)->block_bytes = (more)->block_bytes,                      \
     (to)->device = (more)->device, (to)->version = (more)->version,                            \
     (to)->generation = (more)->generation,                                                     \
     (to)->accessed_seconds = (more)->accessed.seconds,                                         \
     (to)->accessed_nanoseconds = (more)->accessed.nanoseconds,                                 \
     (to)->modified_seconds = (more)->modified.seconds,                                         \
     (to)->modified_nanoseconds = (more)->modified.nanoseconds,                                 \
     (to)->changed_seconds = (more)->changed.seconds,                                           \
     (to)->changed_nanoseconds = (more)->changed.nanoseconds,                                   \
     (to)->created_seconds = (more)->created.seconds,                                           \
     (to)->created_nanoseconds = (more)->created.nanoseconds)

/* Build the answer of a method of Directory whose path goes on elsewhere. */
#define SERVING_OUTWARD(call, method, walk)                                                     \
    do {                                                                                        \
        struct directory_service_##method##_results_builder reply;                              \
        directory_service_##method##_reply(call, &reply);                                       \
        directory_service_##method##_results_set_result(reply, NODE_RESULT_OUTWARD);            \
        directory_service_##method##_results_set_mount(reply, (walk)->mount);                   \
        directory_service_##method##_results_set_rest(                                          \
            reply, (struct capnp_text){(walk)->rest.bytes, (walk)->rest.length});               \
    } while (0)

/* ---- the handlers ---- */
void serving_add_nodes(struct file_node_methods *methods);
void serving_add_files(struct file_service_methods *methods);
void serving_add_directories(struct directory_service_methods *methods);
void serving_add_names(struct directory_service_methods *methods);
void serving_add_ranges(struct file_service_methods *methods);
void serving_add_missing(struct file_service_methods *files, struct file_node_methods *nodes);

#endif
