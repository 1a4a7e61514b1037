/* SPDX-License-Identifier: MIT */
#include "watch.h"

#include "scenario.h"
#include "supervisor.capnp.h"
#include "text.h"

/* Look among the components from `*from` on, and move it behind them; false: not there. */
static bool find(struct supervisor_client *client, uint32_t *from, const char *name,
                 struct supervisor_component_reader *found)
{
    struct supervisor_list_params params = {.from = *from};
    struct supervisor_list_results results = {0};
    EXPECT(supervisor_list(client, &params, &results), EXO_STATUS_OK);
    uint32_t count = supervisor_component_list_count(results.components);
    CHECK(count > 0); /* else no component is called that */
    *from += count;
    for (uint32_t i = 0; i < count; i++) {
        struct capnp_text text;
        *found = supervisor_component_list_at(results.components, i);
        supervisor_component_get_name(*found, &text);
        if (text_is(text.bytes, text.length, name))
            return true;
    }
    return false;
}

static struct supervisor_component_reader component_called(const char *name)
{
    static struct supervisor_client client;
    static bool open;
    struct supervisor_component_reader component;
    uint32_t from = 0;
    if (!open)
        EXPECT(supervisor_client_open(&client, binding_import("supervisor")), EXO_STATUS_OK);
    open = true;
    while (!find(&client, &from, name, &component))
        ;
    return component;
}

int64_t watch_balance(const char *name)
{
    return supervisor_component_get_balance(component_called(name));
}

uint64_t watch_ticks(const char *name)
{
    return supervisor_component_get_ticks(component_called(name));
}

uint32_t watch_restarts(const char *name)
{
    struct supervisor_component_reader component = component_called(name);
    return supervisor_component_get_state(component) == SUPERVISOR_STATE_RUNNING
               ? supervisor_component_get_restarts(component)
               : 0;
}

bool watch_is_dry(const char *name)
{
    struct supervisor_component_reader component = component_called(name);
    return supervisor_component_get_state(component) == SUPERVISOR_STATE_RUNNING &&
           supervisor_component_get_balance(component) <= 0;
}

bool watch_has_ended(const char *name, uint32_t *status)
{
    struct supervisor_component_reader component = component_called(name);
    *status = supervisor_component_get_status(component);
    enum supervisor_state state = supervisor_component_get_state(component);
    CHECK(state != SUPERVISOR_STATE_CRASHED);
    return state == SUPERVISOR_STATE_ENDED;
}
