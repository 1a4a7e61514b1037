/* SPDX-License-Identifier: MIT */
#include "supervisor.h"

#include "binding.h"
#include "component.h"
#include "copy.h"
#include "end.h"
#include "first.h"
#include "kernel_stubs.h"
#include "node.h"
#include "own.h"
#include "plan.h"
#include "schedule.h"
#include "supervisor.capnp.h"
#include "text.h"
#include "ticks.h"

enum { LISTED_COMPONENTS = 8, LISTED_THREADS = 32, FIRST_INDEX = 1 };

/* What is asked of the main thread. */
enum request_kind { REQUEST_NONE, REQUEST_STOP, REQUEST_RESTART, REQUEST_END };

/*
 * Written by the handler while kind is none, then read by the main thread until it is none again.
 */
static struct {
    volatile enum request_kind kind;
    uint32_t taken; /* 1: by the handler that asks */
    uint32_t component;
    uint32_t status;
    enum supervisor_result result;
} request;

static struct channel_place places[PLAN_COMPONENTS_MAX];
static struct binding binding;

/* Hand a request to the main thread and wait for its end. */
static enum supervisor_result ask(enum request_kind kind, uint32_t component, uint32_t status)
{
    uint64_t bits;
    /* One at a time, since the handlers of several cores may ask. */
    while (__atomic_exchange_n(&request.taken, 1, __ATOMIC_ACQUIRE))
        exo_event_wait(own.done, ticks_deadline(1000), &bits);
    request.component = component;
    request.status = status;
    __atomic_store_n(&request.kind, kind, __ATOMIC_RELEASE);
    exo_event_signal(own.event);
    while (__atomic_load_n(&request.kind, __ATOMIC_ACQUIRE) != REQUEST_NONE)
        exo_event_wait(own.done, ticks_deadline(1000), &bits);
    enum supervisor_result result = request.result;
    __atomic_store_n(&request.taken, 0, __ATOMIC_RELEASE);
    return result;
}

static enum supervisor_result restart(uint32_t index)
{
    struct component *component = &plan.component[index];
    if (component->state == SUPERVISOR_STATE_RUNNING)
        component_end(index, SUPERVISOR_STATE_STOPPED);
    return component_start(index) ? SUPERVISOR_RESULT_DONE : SUPERVISOR_RESULT_FAILED;
}

static enum supervisor_result stop(uint32_t index)
{
    if (plan.component[index].state != SUPERVISOR_STATE_RUNNING)
        return SUPERVISOR_RESULT_NOT_RUNNING;
    component_end(index, SUPERVISOR_STATE_STOPPED);
    plan.component[index].restart_at = 0;
    return SUPERVISOR_RESULT_DONE;
}

void supervisor_carry_out(void)
{
    switch (__atomic_load_n(&request.kind, __ATOMIC_ACQUIRE)) {
    case REQUEST_STOP:
        request.result = stop(request.component);
        break;
    case REQUEST_RESTART:
        request.result = restart(request.component);
        break;
    case REQUEST_END:
        end_machine(request.status);
        break;
    default:
        return;
    }
    __atomic_store_n(&request.kind, REQUEST_NONE, __ATOMIC_RELEASE);
    exo_event_signal(own.done);
}

static void describe(uint32_t index, struct supervisor_component_builder builder)
{
    const struct component *component = &plan.component[index];
    uint64_t kind, rights, value = 0, held = 0, low, high, ticks, calls, local, remote;
    struct capnp_text name;
    exo_planned_component_get_name(component->plan, &name);
    supervisor_component_set_name(builder, name);
    supervisor_component_set_state(builder, component->state);
    supervisor_component_set_restarts(builder, component->starts > 0 ? component->starts - 1 : 0);
    supervisor_component_set_frames(builder, component->make.frames);
    exo_capability_info(EXO_SELF, component->gas, &kind, &rights, &value, &held, &low, &high);
    supervisor_component_set_balance(builder, (int64_t)value);
    supervisor_component_set_held(builder, held);
    supervisor_component_set_share(builder, schedule_share(component->cpu_index));
    component_consumption(index, &ticks, &calls);
    supervisor_component_set_ticks(builder, ticks);
    supervisor_component_set_calls(builder, calls);
    supervisor_component_set_threads(builder, component->thread_count);
    supervisor_component_set_status(builder, component->exit_status);
    supervisor_component_set_core(builder, exo_planned_component_get_core(component->plan));
    supervisor_component_set_node(builder, component->node);
    component_frames(index, &local, &remote);
    supervisor_component_set_local(builder, local);
    supervisor_component_set_remote(builder, remote);
}

static enum exo_status list(struct rpc_call *call, const struct supervisor_list_params *params,
                            struct supervisor_list_results *results)
{
    struct supervisor_list_results_builder reply;
    struct supervisor_component_builder_list components;
    (void)results;
    uint32_t from = params->from < plan.component_count ? params->from : plan.component_count;
    uint32_t count = plan.component_count - from;
    if (count > LISTED_COMPONENTS)
        count = LISTED_COMPONENTS;
    supervisor_list_reply(call, &reply);
    supervisor_list_results_set_count(reply, plan.component_count);
    supervisor_list_results_set_slice_ticks(reply, plan.slice_ticks);
    if (supervisor_list_results_init_components(reply, count, &components) != CAPNP_OK)
        return EXO_STATUS_FULL;
    for (uint32_t i = 0; i < count; i++)
        describe(from + i, supervisor_component_builder_list_at(components, i));
    return EXO_STATUS_OK;
}

static enum exo_status change(enum request_kind kind, struct capnp_text name,
                              enum supervisor_result *result)
{
    char copy[PLAN_NAME_BYTES];
    uint32_t bytes = capnp_text_copy(name, copy, sizeof copy);
    uint32_t index = plan_find(copy, bytes);
    *result = index == plan.component_count ? SUPERVISOR_RESULT_UNKNOWN_NAME : ask(kind, index, 0);
    return EXO_STATUS_OK;
}

static enum exo_status handle_stop(struct rpc_call *call,
                                   const struct supervisor_stop_params *params,
                                   struct supervisor_stop_results *results)
{
    (void)call;
    return change(REQUEST_STOP, params->name, &results->result);
}

static enum exo_status handle_restart(struct rpc_call *call,
                                      const struct supervisor_restart_params *params,
                                      struct supervisor_restart_results *results)
{
    (void)call;
    return change(REQUEST_RESTART, params->name, &results->result);
}

static enum exo_status handle_end(struct rpc_call *call, const struct supervisor_end_params *params)
{
    (void)call;
    ask(REQUEST_END, 0, params->status);
    return EXO_STATUS_OK;
}

static enum exo_status threads(struct rpc_call *call,
                               const struct supervisor_threads_params *params,
                               struct supervisor_threads_results *results)
{
    struct supervisor_threads_results_builder reply;
    struct supervisor_thread_builder_list list;
    (void)results;
    uint32_t from = params->from < plan.thread_count ? params->from : plan.thread_count;
    uint32_t count = plan.thread_count - from;
    if (count > LISTED_THREADS)
        count = LISTED_THREADS;
    supervisor_threads_reply(call, &reply);
    supervisor_threads_results_set_slice_ticks(reply, plan.slice_ticks);
    supervisor_threads_results_set_next(reply,
                                        from + count < plan.thread_count ? from + count : 0);
    if (supervisor_threads_results_init_threads(reply, count, &list) != CAPNP_OK)
        return EXO_STATUS_FULL;
    for (uint32_t i = 0; i < count; i++) {
        struct supervisor_thread_builder thread = supervisor_thread_builder_list_at(list, i);
        supervisor_thread_set_index(thread, from + i);
        supervisor_thread_set_share(thread, schedule_share(from + i));
        supervisor_thread_set_component(thread, schedule_component(from + i));
    }
    return EXO_STATUS_OK;
}

/* Who calls: the client of the channel that the badge names; component_count when it is none. */
static uint32_t caller_of(uint64_t badge)
{
    for (uint32_t i = 0; i < plan.connection_count; i++)
        if (plan.connection[i].server.component == EXO_SERVER_INIT &&
            plan.connection[i].place == (uint32_t)badge)
            return plan.connection[i].client.component;
    return plan.component_count;
}

static enum exo_status needs(struct rpc_call *call, const struct supervisor_needs_params *params,
                             struct supervisor_needs_results *results)
{
    char copy[PLAN_NAME_BYTES];
    uint32_t caller = caller_of(call->badge);
    uint32_t other = plan_find(copy, capnp_text_copy(params->name, copy, sizeof copy));
    results->does = false;
    if (caller == plan.component_count || other == plan.component_count)
        return EXO_STATUS_OK;
    uint32_t bytes = capnp_text_copy(params->import, copy, sizeof copy);
    for (uint32_t i = 0; i < plan.component[caller].import_count; i++) {
        struct capnp_text name;
        exo_planned_port_get_name(exo_planned_port_list_at(plan.component[caller].imports, i),
                                  &name);
        if (text_equal(name.bytes, name.length, copy, bytes))
            results->does = plan_needs(caller, i, other);
    }
    return EXO_STATUS_OK;
}

static void describe_node(uint32_t place, struct supervisor_node_builder builder)
{
    struct node_state node = node_describe(place);
    struct copy_state copied = copy_of_node(node.number);
    uint32_t cores = 0;
    for (uint32_t i = 0; i < own.core_count; i++)
        cores += node_of_core(i) == node.number;
    supervisor_node_set_number(builder, node.number);
    supervisor_node_set_cores(builder, cores);
    supervisor_node_set_frames(builder, node.frames);
    supervisor_node_set_free(builder, node.free);
    supervisor_node_set_local_bytes(builder, copied.local_bytes);
    supervisor_node_set_remote_bytes(builder, copied.remote_bytes);
    supervisor_node_set_charged(builder, copied.charged);
    supervisor_node_set_refused(builder, copied.refused);
}

static enum exo_status nodes(struct rpc_call *call, struct supervisor_nodes_results *results)
{
    struct supervisor_nodes_results_builder reply;
    struct supervisor_node_builder_list list;
    (void)results;
    supervisor_nodes_reply(call, &reply);
    supervisor_nodes_results_set_local_price(reply, COPY_PRICE_LOCAL);
    supervisor_nodes_results_set_remote_price(reply, COPY_PRICE_REMOTE);
    if (supervisor_nodes_results_init_nodes(reply, node_count(), &list) != CAPNP_OK)
        return EXO_STATUS_FULL;
    for (uint32_t i = 0; i < node_count(); i++)
        describe_node(i, supervisor_node_builder_list_at(list, i));
    return EXO_STATUS_OK;
}

static void serve(void *unused)
{
    static const struct supervisor_methods methods = {
        .list = list,
        .stop = handle_stop,
        .restart = handle_restart,
        .end = handle_end,
        .threads = threads,
        .needs = needs,
        .nodes = nodes,
    };
    supervisor_serve(&methods, unused, &binding);
}

/* Map a client's channel into init and note its place. */
static bool add_place(struct connection *connection)
{
    uint64_t page, done, pages = connection->pages - connection->pool_pages; /* no pool for init */
    if (!space_take(first_space(), pages, 1, &page))
        return false;
    connection->server.address = page * CHILD_PAGE_BYTES;
    places[binding.place_count++] = (struct channel_place){
        .address = connection->server.address,
        .bytes = pages * CHILD_PAGE_BYTES,
        .badge = connection->place,
    };
    return exo_memory_map(EXO_SELF, connection->memory, connection->server.address, 0,
                          pages, EXO_RIGHT_READ | EXO_RIGHT_WRITE, &done) == EXO_STATUS_OK;
}

/* May a client of the supervisor run on this core? */
static bool has_client(uint32_t core)
{
    for (uint32_t i = 0; i < plan.connection_count; i++) {
        const struct connection *connection = &plan.connection[i];
        if (connection->server.component != EXO_SERVER_INIT)
            continue;
        const struct component *client = &plan.component[connection->client.component];
        for (uint32_t thread = 0; thread < client->thread_count; thread++)
            if (plan_thread_core(client, thread) == core)
                return true;
    }
    return false;
}

bool supervisor_start(void)
{
    binding = (struct binding){
        .name = "supervisor",
        .name_bytes = 10,
        .interface_id = SUPERVISOR_TYPE_ID,
        .portal = own.portal,
        .places = places,
        .thread = own.threads,
        .thread_count = own.core_count,
    };
    for (uint32_t i = 0; i < plan.connection_count; i++)
        if (plan.connection[i].server.component == EXO_SERVER_INIT &&
            !add_place(&plan.connection[i]))
            return false;
    for (uint32_t i = 0; i < own.core_count; i++)
        if (has_client(i) && !own_start_thread(i, FIRST_INDEX + i, serve, 0))
            return false;
    return true;
}
