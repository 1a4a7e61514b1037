/* SPDX-License-Identifier: MIT */
#include "serve.h"

#include <assert.h>

#include "boot.capnp.h"
#include "kernel_stubs.h"
#include "processor.h"
#include "scheduler.capnp.h"
#include "startup.h"
#include "text.h"
#include "ticks.h"

enum {
    LISTED_THREADS = 32,
    NAME_BYTES = 32,
    LOCK_TRIES = 1000, /* while another core may have the lock: longer than a look at a core */
    LOCK_MICROSECONDS = 100,
};

_Static_assert((int)SCHEDULER_RESULT_GRAPH_BUSY == (int)SCHEDULE_GRAPH_BUSY &&
                   (int)SCHEDULER_RESULT_UNKNOWN_RULE == (int)SCHEDULE_STATUS_COUNT,
               "the results of the interface are those of the rules, in their order");

#define DENIED ((enum schedule_status)SCHEDULER_RESULT_DENIED) /* by us, and by no rule */

bool served_room(struct served *served, const struct schedule_shape *shape,
                 void *(*take)(size_t bytes))
{
    served->tasks = take((shape->tasks + 1) * sizeof *served->tasks);
    served->edges = take((shape->edges + 1) * sizeof *served->edges);
    served->submitter = take((shape->families + 1) * sizeof *served->submitter);
    return served->tasks && served->edges && served->submitter;
}

/* The bits of the clients of this name, who may have several channels. */
static uint64_t clients_called(const struct served *served, const char *name, uint32_t bytes)
{
    uint64_t clients = 0;
    for (uint32_t i = 0; i < served->binding->place_count; i++) {
        const struct channel_place *place = &served->binding->places[i];
        if (text_equal(place->peer, place->peer_bytes, name, bytes))
            clients |= UINT64_C(1) << i;
    }
    return clients;
}

bool served_administrators(struct served *served, const char *names)
{
    assert(served->binding->place_count <= 64);
    while (*names != 0) {
        uint32_t bytes = 0;
        while (names[bytes] != 0 && names[bytes] != ',')
            bytes++;
        uint64_t clients = clients_called(served, names, bytes);
        if (clients == 0)
            return false;
        served->administrators |= clients;
        names += bytes + (names[bytes] == ',');
    }
    return true;
}

/* All handlers have the same, so that their functions know it from no argument. */
static struct served *own;

/* Who calls is what the kernel says: the badge of the call is the place of the client's channel. */
static bool is_administrator(const struct rpc_call *call)
{
    return own->administrators >> (uint32_t)call->badge & 1;
}

static uint32_t caller_of(const struct rpc_call *call)
{
    assert((uint32_t)call->badge < own->binding->place_count);
    return own->binding->places[(uint32_t)call->badge].peer_position;
}

/* May the caller change what becomes of this thread? */
static bool may_change(const struct rpc_call *call, uint32_t index)
{
    return is_administrator(call) || (index < own->policy->shape.threads &&
                                      own->component[index] == caller_of(call));
}

bool served_try(struct served *served)
{
    uint32_t tries = served->policy->shape.cores > 1 ? LOCK_TRIES : 1;
    while (!ck_spinlock_fas_trylock(&served->lock)) {
        if (--tries == 0)
            return false;
        processor_pause();
    }
    return true;
}

void served_give(struct served *served)
{
    ck_spinlock_fas_unlock(&served->lock);
}

static struct policy *begin(const struct rpc_call *call)
{
    const struct server *server = call->context;
    uint64_t bits;
    while (!served_try(own))
        exo_event_wait(server->event, ticks_deadline(LOCK_MICROSECONDS), &bits);
    return own->policy;
}

static struct player *player_of(uint32_t index)
{
    return &own->players[own->policy->threads[index].terms.core];
}

/* A task for a server's client, of its component's graphs; OK without one: there is none now. */
static void claim(struct server *server)
{
    const struct schedule_shape *shape = &own->policy->shape;
    server->status = SCHEDULE_OK;
    server->task = SCHEDULE_NOBODY;
    if (server->worker >= shape->threads || server->family > shape->families)
        server->status = SCHEDULE_UNKNOWN;
    else if (own->submitter[server->family] == own->component[server->worker])
        server->status =
            policy_claim(own->policy, server->worker, server->family, &server->task);
}

/* Those who wait claim what may begin now. Returns a bit for each server that is to be woken. */
static uint32_t deal(void)
{
    uint32_t dealt = 0;
    _Static_assert(CHILD_THREADS_MAX <= 32, "a bit for each server");
    for (uint32_t i = 0; i < own->server_count; i++) {
        struct server *server = &own->servers[i];
        if (server->state != SERVER_WAITS)
            continue;
        claim(server);
        if (server->status == SCHEDULE_OK && server->task == SCHEDULE_NOBODY)
            continue;
        if (server->status == SCHEDULE_OK)
            player_waits(player_of(server->worker), server->worker, false);
        __atomic_store_n(&server->state, SERVER_DEALT, __ATOMIC_RELEASE);
        dealt |= UINT32_C(1) << i;
    }
    return dealt;
}

/* What was decided ahead is wrong now on the core of a thread that has changed (NOBODY: anywhere),
 * since who has finished is to get nothing more; and where nobody works there may be a task now. */
static void look_again(uint32_t index)
{
    for (uint32_t core = 0; core < own->policy->shape.cores; core++)
        if (index == SCHEDULE_NOBODY || own->policy->threads[index].terms.core == core ||
            !policy_works(own->policy, &own->policy->cores[core]))
            player_look(&own->players[core], true, ticks_now());
}

/* Something has changed, about a thread or (NOBODY) about any. With graphs that is acted on at
 * once; otherwise the next look shows it. The players go on as if somebody ran. */
static void end(enum schedule_status status, uint32_t index)
{
    uint32_t dealt = 0, idle = 0;
    if (status == SCHEDULE_OK) {
        dealt = deal(); /* under a rule without graphs all are told so */
        if (own->policy->schedule->rule->submit)
            look_again(index);
    }
    for (uint32_t core = 0; core < own->policy->shape.cores; core++)
        idle |= (uint32_t)(status == SCHEDULE_OK && own->players[core].idles) << core;
    served_give(own);
    for (; dealt != 0; dealt &= dealt - 1)
        exo_event_signal(own->servers[__builtin_ctz(dealt)].event);
    for (; idle != 0; idle &= idle - 1)
        exo_event_signal(own->look[__builtin_ctz(idle)]);
}

static struct capnp_text reason_of(enum schedule_status status)
{
    const char *text = status == DENIED ? "that is another component's, or the administrator's"
                                        : schedule_status_text(status);
    return (struct capnp_text){text, (uint32_t)strlen(text)};
}

/* What the calls that change something answer. */
#define ANSWER(results, status)                                   \
    do {                                                          \
        (results)->result = (enum scheduler_result)(status);      \
        (results)->reason = reason_of(status);                    \
    } while (0)

static enum exo_status handle_set_share(struct rpc_call *call,
                                        const struct scheduler_set_share_params *params,
                                        struct scheduler_set_share_results *results)
{
    struct schedule_terms terms = {.priority = POLICY_PRIORITY};
    struct policy *policy = begin(call);
    if (params->index < policy->shape.threads && policy->threads[params->index].known)
        terms = policy->threads[params->index].terms;
    terms.weight = params->share;
    enum schedule_status status =
        may_change(call, params->index) ? policy_set(policy, params->index, &terms) : DENIED;
    end(status, params->index);
    ANSWER(results, status);
    return EXO_STATUS_OK;
}

static enum exo_status handle_set_terms(struct rpc_call *call,
                                        const struct scheduler_set_terms_params *params,
                                        struct scheduler_set_terms_results *results)
{
    struct schedule_terms terms = {
        .weight = scheduler_terms_get_weight(params->terms),
        .priority = scheduler_terms_get_priority(params->terms),
        .budget = scheduler_terms_get_budget(params->terms),
        .period = scheduler_terms_get_period(params->terms),
        .deadline = scheduler_terms_get_deadline(params->terms),
        .first = scheduler_terms_get_first(params->terms),
        .core = scheduler_terms_get_core(params->terms),
    };
    struct policy *policy = begin(call);
    enum schedule_status status =
        may_change(call, params->index) ? policy_set(policy, params->index, &terms) : DENIED;
    end(status, params->index);
    ANSWER(results, status);
    return EXO_STATUS_OK;
}

static enum exo_status handle_remove(struct rpc_call *call,
                                     const struct scheduler_remove_params *params,
                                     struct scheduler_remove_results *results)
{
    struct policy *policy = begin(call);
    enum schedule_status status =
        may_change(call, params->index) ? policy_remove(policy, params->index) : DENIED;
    end(status, SCHEDULE_NOBODY);
    ANSWER(results, status);
    return EXO_STATUS_OK;
}

static enum exo_status handle_use(struct rpc_call *call, const struct scheduler_use_params *params,
                                  struct scheduler_use_results *results)
{
    char name[NAME_BYTES];
    if (!is_administrator(call)) {
        ANSWER(results, DENIED);
        return EXO_STATUS_OK;
    }
    capnp_text_copy(params->rule, name, sizeof name);
    const struct schedule_rule *rule = schedule_rule_find(name);
    if (!rule) {
        results->result = SCHEDULER_RESULT_UNKNOWN_RULE;
        results->reason = (struct capnp_text)CAPNP_TEXT_LITERAL("there is no rule of this name");
        return EXO_STATUS_OK;
    }
    enum schedule_status status = SCHEDULE_UNSUPPORTED;
    if (policy_may_use(rule, own->policy->shape.cores)) {
        status = SCHEDULE_OK;
        policy_use(begin(call), rule);
        look_again(SCHEDULE_NOBODY);
        end(status, SCHEDULE_NOBODY);
    }
    ANSWER(results, status);
    return EXO_STATUS_OK;
}

/* --- Graphs ---------------------------------------------------------------------------------- */

/* Copy what the client may change meanwhile. The counts are within the room. */
static void copy_graph(const struct scheduler_submit_params *params)
{
    const struct policy *policy = own->policy;
    for (uint32_t i = 0; i < scheduler_task_list_count(params->tasks); i++) {
        struct scheduler_task_reader task = scheduler_task_list_at(params->tasks, i);
        uint32_t thread = scheduler_task_get_thread(task);
        own->tasks[i] = (struct schedule_task){
            .thread = thread,
            .cost = scheduler_task_get_cost(task),
            .core = thread < policy->shape.threads ? policy->threads[thread].terms.core : 0};
    }
    for (uint32_t i = 0; i < scheduler_edge_list_count(params->edges); i++) {
        struct scheduler_edge_reader edge = scheduler_edge_list_at(params->edges, i);
        own->edges[i] = (struct schedule_edge){scheduler_edge_get_before(edge),
                                               scheduler_edge_get_after(edge)};
    }
}

/* May the caller say when these threads run? Of the copy, since he may change what it is one of. */
static bool may_submit(const struct rpc_call *call, const struct schedule_graph *graph)
{
    for (uint64_t i = 0; i < graph->task_count; i++)
        if (graph->tasks[i].thread != SCHEDULE_NOBODY && !may_change(call, graph->tasks[i].thread))
            return false;
    return true;
}

static enum exo_status handle_submit(struct rpc_call *call,
                                     const struct scheduler_submit_params *params,
                                     struct scheduler_submit_results *results)
{
    struct schedule_graph graph = {
        .tasks = own->tasks,
        .edges = own->edges,
        .task_count = scheduler_task_list_count(params->tasks),
        .edge_count = scheduler_edge_list_count(params->edges),
        .family = params->family,
        .weight = params->weight,
    };
    struct policy *policy = begin(call);
    enum schedule_status status = SCHEDULE_GRAPH_LARGE; /* then it is not copied */
    if (graph.task_count <= policy->shape.tasks && graph.edge_count <= policy->shape.edges) {
        copy_graph(params);
        status = may_submit(call, &graph) ? policy_submit(policy, &graph) : DENIED;
    }
    if (status == SCHEDULE_OK)
        own->submitter[graph.family] = (uint16_t)caller_of(call);
    end(status, SCHEDULE_NOBODY);
    ANSWER(results, status);
    return EXO_STATUS_OK;
}

static enum exo_status handle_finished(struct rpc_call *call,
                                       const struct scheduler_finished_params *params,
                                       struct scheduler_finished_results *results)
{
    struct policy *policy = begin(call);
    enum schedule_status status =
        may_change(call, params->index) ? policy_finished(policy, params->index) : DENIED;
    end(status, params->index);
    ANSWER(results, status);
    return EXO_STATUS_OK;
}

/* Would another server of this core be left, if this one waited? Whoever waited for the same thread
 * before is sent away: that has lost its call. */
static bool may_wait(const struct server *server, uint32_t worker)
{
    bool is_left = false;
    for (uint32_t i = 0; i < own->server_count; i++) {
        struct server *other = &own->servers[i];
        if (other->serves && other->state == SERVER_WAITS && other->worker == worker) {
            other->status = SCHEDULE_PRESENT;
            __atomic_store_n(&other->state, SERVER_DEALT, __ATOMIC_RELEASE);
            exo_event_signal(other->event);
        }
        is_left = is_left || (other != server && other->serves && other->core == server->core &&
                              other->state != SERVER_WAITS);
    }
    return is_left;
}

static enum exo_status handle_claim(struct rpc_call *call,
                                    const struct scheduler_claim_params *params,
                                    struct scheduler_claim_results *results)
{
    struct server *server = call->context;
    uint64_t bits;
    begin(call);
    server->worker = params->index;
    server->family = params->family;
    server->status = DENIED;
    server->task = SCHEDULE_NOBODY;
    if (may_change(call, params->index))
        claim(server);
    bool waits = server->status == SCHEDULE_OK && server->task == SCHEDULE_NOBODY;
    if (waits && !may_wait(server, server->worker)) {
        server->status = SCHEDULE_FULL;
        waits = false;
    }
    if (waits) {
        server->state = SERVER_WAITS;
        player_waits(player_of(server->worker), server->worker, true);
    }
    end(server->status, server->worker);
    while (waits && __atomic_load_n(&server->state, __ATOMIC_ACQUIRE) == SERVER_WAITS)
        exo_event_wait(server->event, UINT64_MAX, &bits);
    server->state = SERVER_FREE;
    results->task = server->task;
    ANSWER(results, server->status);
    return EXO_STATUS_OK;
}

/* --- What there is --------------------------------------------------------------------------- */

static enum exo_status handle_state(struct rpc_call *call, struct scheduler_state_results *results)
{
    const struct policy *policy = begin(call);
    const char *name = policy->schedule->rule->name;
    *results = (struct scheduler_state_results){
        .rule = {name, (uint32_t)strlen(name)},
        .threads = policy->count,
        .slots = policy->weights_all,
        .now = policy->cores[0].now + 1,
        .slice_ticks = own->players[0].slot_ticks,
        .idle = true,
    };
    for (uint32_t core = 0; core < policy->shape.cores; core++) {
        results->refills += own->players[core].refills;
        results->late += own->players[core].late;
        results->idle = results->idle && own->players[core].idles;
    }
    served_give(own);
    return EXO_STATUS_OK;
}

static void describe(const struct policy *policy, uint32_t index,
                     struct scheduler_thread_builder builder)
{
    const struct policy_thread *thread = &policy->threads[index];
    const struct player *player = player_of(index);
    scheduler_thread_set_index(builder, index);
    scheduler_thread_set_component(builder, own->component[index]);
    scheduler_thread_set_result(builder, (enum scheduler_result)thread->refused);
    scheduler_thread_set_ready(builder, thread->ready);
    scheduler_thread_set_task(builder, thread->task);
    scheduler_thread_set_priority(builder, thread->terms.priority);
    scheduler_thread_set_weight(builder, thread->terms.weight);
    scheduler_thread_set_slots(builder, thread->slots);
    scheduler_thread_set_lag(builder, policy_lag(policy, index));
    scheduler_thread_set_played(builder, player->given[index]);
    scheduler_thread_set_ticks(builder, player->consumed[index]);
    scheduler_thread_set_core(builder, (uint16_t)thread->terms.core);
}

static enum exo_status handle_list(struct rpc_call *call,
                                   const struct scheduler_list_params *params,
                                   struct scheduler_list_results *results)
{
    struct scheduler_list_results_builder reply;
    struct scheduler_thread_builder_list list;
    uint32_t chosen[LISTED_THREADS], count = 0, index = params->from;
    uint64_t played = 0;
    (void)results;
    /* Without the lock, for which the first thread would wait: a list is long, and its reader may
     * be on another core. What changes meanwhile is told as it was or as it is. */
    const struct policy *policy = own->policy;
    scheduler_list_reply(call, &reply);
    for (; index < policy->shape.threads && count < LISTED_THREADS; index++)
        if (policy->threads[index].known)
            chosen[count++] = index;
    for (uint32_t core = 0; core < policy->shape.cores; core++)
        played += own->players[core].given_all;
    scheduler_list_results_set_played(reply, played);
    scheduler_list_results_set_next(reply, count == LISTED_THREADS ? index : 0);
    bool fits = scheduler_list_results_init_threads(reply, count, &list) == CAPNP_OK;
    for (uint32_t i = 0; fits && i < count; i++)
        describe(policy, chosen[i], scheduler_thread_builder_list_at(list, i));
    return fits ? EXO_STATUS_OK : EXO_STATUS_FULL;
}

void serve_for(struct served *served)
{
    own = served;
}

void serve(void *server)
{
    static const struct scheduler_methods methods = {
        .set_share = handle_set_share,
        .state = handle_state,
        .use = handle_use,
        .set_terms = handle_set_terms,
        .remove = handle_remove,
        .submit = handle_submit,
        .finished = handle_finished,
        .list = handle_list,
        .claim = handle_claim,
    };
    scheduler_serve(&methods, server, own->binding);
}
