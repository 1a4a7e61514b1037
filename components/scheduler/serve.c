/* SPDX-License-Identifier: MIT */
#include "serve.h"

#include <assert.h>

#include "boot.capnp.h"
#include "kernel_stubs.h"
#include "scheduler.capnp.h"
#include "startup.h"
#include "text.h"
#include "ticks.h"

enum { LISTED_THREADS = 32, NAME_BYTES = 32 };

_Static_assert((int)SCHEDULER_RESULT_GRAPH_BUSY == (int)SCHEDULE_GRAPH_BUSY &&
                   (int)SCHEDULER_RESULT_UNKNOWN_RULE == (int)SCHEDULE_STATUS_COUNT,
               "the results of the interface are those of the rules, in their order");

#define DENIED ((enum schedule_status)SCHEDULER_RESULT_DENIED) /* by us, and by no rule */

bool served_room(struct served *served, const struct schedule_shape *shape,
                 void *(*take)(size_t bytes))
{
    served->tasks = take((shape->tasks + 1) * sizeof *served->tasks);
    served->edges = take((shape->edges + 1) * sizeof *served->edges);
    return served->tasks && served->edges;
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

/* May the caller change what becomes of this thread? */
static bool may_change(const struct rpc_call *call, uint32_t index)
{
    assert((uint32_t)call->badge < own->binding->place_count);
    const struct channel_place *place = &own->binding->places[(uint32_t)call->badge];
    return is_administrator(call) || (index < own->player->policy->shape.threads &&
                                      own->component[index] == place->peer_position);
}

static struct policy *begin(void)
{
    lock_take(&own->lock);
    return own->player->policy;
}

/* Something has changed. With graphs what was decided ahead is wrong now, since who has finished is
 * to get nothing more; otherwise the next look shows it. The first thread goes on as if somebody
 * ran. */
static void end(enum schedule_status status)
{
    if (status == SCHEDULE_OK && own->player->policy->schedule->rule->submit)
        player_look(own->player, true, ticks_now());
    bool idles = own->idles;
    lock_give(&own->lock);
    if (status == SCHEDULE_OK && idles)
        exo_event_signal(own->look);
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
    struct policy *policy = begin();
    if (params->index < policy->shape.threads && policy->threads[params->index].known)
        terms = policy->threads[params->index].terms;
    terms.weight = params->share;
    enum schedule_status status =
        may_change(call, params->index) ? policy_set(policy, params->index, &terms) : DENIED;
    end(status);
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
    };
    struct policy *policy = begin();
    enum schedule_status status =
        may_change(call, params->index) ? policy_set(policy, params->index, &terms) : DENIED;
    end(status);
    ANSWER(results, status);
    return EXO_STATUS_OK;
}

static enum exo_status handle_remove(struct rpc_call *call,
                                     const struct scheduler_remove_params *params,
                                     struct scheduler_remove_results *results)
{
    struct policy *policy = begin();
    enum schedule_status status =
        may_change(call, params->index) ? policy_remove(policy, params->index) : DENIED;
    end(status);
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
    policy_use(begin(), rule);
    player_look(own->player, true, ticks_now());
    end(SCHEDULE_OK);
    ANSWER(results, SCHEDULE_OK);
    return EXO_STATUS_OK;
}

/* --- Graphs ---------------------------------------------------------------------------------- */

/* Copy what the client may change meanwhile. The counts are within the room. */
static void copy_graph(const struct scheduler_submit_params *params)
{
    for (uint32_t i = 0; i < scheduler_task_list_count(params->tasks); i++) {
        struct scheduler_task_reader task = scheduler_task_list_at(params->tasks, i);
        own->tasks[i] = (struct schedule_task){.thread = scheduler_task_get_thread(task),
                                               .cost = scheduler_task_get_cost(task)};
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
        if (!may_change(call, graph->tasks[i].thread))
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
    struct policy *policy = begin();
    enum schedule_status status = SCHEDULE_GRAPH_LARGE; /* then it is not copied */
    if (graph.task_count <= policy->shape.tasks && graph.edge_count <= policy->shape.edges) {
        copy_graph(params);
        status = may_submit(call, &graph) ? policy_submit(policy, &graph) : DENIED;
    }
    end(status);
    ANSWER(results, status);
    return EXO_STATUS_OK;
}

static enum exo_status handle_finished(struct rpc_call *call,
                                       const struct scheduler_finished_params *params,
                                       struct scheduler_finished_results *results)
{
    struct policy *policy = begin();
    enum schedule_status status =
        may_change(call, params->index) ? policy_finished(policy, params->index) : DENIED;
    end(status);
    ANSWER(results, status);
    return EXO_STATUS_OK;
}

/* --- What there is --------------------------------------------------------------------------- */

static enum exo_status handle_state(struct rpc_call *call, struct scheduler_state_results *results)
{
    const struct policy *policy = begin();
    const char *name = policy->schedule->rule->name;
    (void)call;
    *results = (struct scheduler_state_results){
        .rule = {name, (uint32_t)strlen(name)},
        .threads = policy->count,
        .slots = policy->weights_all,
        .refills = own->player->refills,
        .now = policy->now + 1,
        .slice_ticks = own->player->slot_ticks,
        .idle = own->idles,
        .late = own->player->late,
    };
    lock_give(&own->lock);
    return EXO_STATUS_OK;
}

static void describe(const struct policy *policy, uint32_t index,
                     struct scheduler_thread_builder builder)
{
    const struct policy_thread *thread = &policy->threads[index];
    scheduler_thread_set_index(builder, index);
    scheduler_thread_set_component(builder, own->component[index]);
    scheduler_thread_set_result(builder, (enum scheduler_result)thread->refused);
    scheduler_thread_set_ready(builder, thread->ready);
    scheduler_thread_set_task(builder, thread->task);
    scheduler_thread_set_priority(builder, thread->terms.priority);
    scheduler_thread_set_weight(builder, thread->terms.weight);
    scheduler_thread_set_slots(builder, thread->slots);
    scheduler_thread_set_lag(builder, policy_lag(policy, index));
    scheduler_thread_set_played(builder, own->player->given[index]);
    scheduler_thread_set_ticks(builder, own->player->consumed[index]);
}

static enum exo_status handle_list(struct rpc_call *call,
                                   const struct scheduler_list_params *params,
                                   struct scheduler_list_results *results)
{
    struct scheduler_list_results_builder reply;
    struct scheduler_thread_builder_list list;
    uint32_t chosen[LISTED_THREADS], count = 0, index = params->from;
    (void)results;
    /* Without the lock, for which the first thread would wait: a list is long, and its reader may
     * be on another core. What changes meanwhile is told as it was or as it is. */
    const struct policy *policy = own->player->policy;
    scheduler_list_reply(call, &reply);
    for (; index < policy->shape.threads && count < LISTED_THREADS; index++)
        if (policy->threads[index].known)
            chosen[count++] = index;
    scheduler_list_results_set_played(reply, own->player->given_all);
    scheduler_list_results_set_next(reply, count == LISTED_THREADS ? index : 0);
    bool fits = scheduler_list_results_init_threads(reply, count, &list) == CAPNP_OK;
    for (uint32_t i = 0; fits && i < count; i++)
        describe(policy, chosen[i], scheduler_thread_builder_list_at(list, i));
    return fits ? EXO_STATUS_OK : EXO_STATUS_FULL;
}

void serve(void *served)
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
    };
    own = served;
    scheduler_serve(&methods, NULL, own->binding);
}
