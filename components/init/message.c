/* SPDX-License-Identifier: MIT */
#include "message.h"

#include <assert.h>

#include "device.h"
#include "entries.h"
#include "schedule.h"
#include "startup.capnp.h"
#include "ticks.h"

enum { SLOTS_PER_CHANNEL = 3 };

#define SPACE_END UINT64_C(0x40000000) /* all of a component lies below, see child.h */

/* What the functions below pass on. */
struct building {
    const struct component *component;
    uint32_t port;       /* index of the import or export */
    bool imports;
    uint32_t place;      /* places written */
    struct exo_startup_place_builder_list places;
};

uint32_t message_doorbell_slot(const struct component *component, uint32_t number)
{
    return component->layout.channels + number * SLOTS_PER_CHANNEL;
}

uint32_t message_wake_slot(const struct component *component, uint32_t number)
{
    return component->layout.channels + number * SLOTS_PER_CHANNEL + 1;
}

uint32_t message_memory_slot(const struct component *component, uint32_t number)
{
    return component->layout.channels + number * SLOTS_PER_CHANNEL + 2;
}

static void count_place(struct connection *connection, struct connection_end *end, bool is_client,
                        void *context)
{
    struct building *building = context;
    (void)connection;
    if (is_client == building->imports && end->port == building->port)
        building->place++;
}

/* The name of a component that stands in the plan, or init's. */
static struct capnp_text name_of(uint32_t component)
{
    struct capnp_text name = CAPNP_TEXT_LITERAL("init");
    if (component != EXO_SERVER_INIT)
        exo_planned_component_get_name(plan.component[component].plan, &name);
    return name;
}

/* The hash of the schema that the component at one end of a channel was built from. */
static uint64_t schema_of(const struct connection_end *end, bool is_client)
{
    if (end->component == EXO_SERVER_INIT)
        return SUPERVISOR_SCHEMA_HASH;
    const struct component *component = &plan.component[end->component];
    return exo_planned_port_get_schema(exo_planned_port_list_at(
        is_client ? component->imports : component->exports, end->port));
}

static void write_place(struct connection *connection, struct connection_end *end, bool is_client,
                        void *context)
{
    struct building *building = context;
    const struct component *component = building->component;
    if (is_client != building->imports || end->port != building->port)
        return;
    struct exo_startup_place_builder place =
        exo_startup_place_builder_list_at(building->places, building->place++);
    uint64_t generation = plan.component[connection->client.component].generation;
    exo_startup_place_set_address(place, end->address);
    exo_startup_place_set_bytes(place, (connection->pages - connection->pool_pages) *
                                           CHILD_PAGE_BYTES);
    exo_startup_place_set_pool_bytes(place,
                                      (uint32_t)connection->pool_pages * CHILD_PAGE_BYTES);
    exo_startup_place_set_one_way(place, connection->one_way);
    exo_startup_place_set_badge(place, connection->place | generation << 32);
    exo_startup_place_set_doorbell(place, message_doorbell_slot(component, end->number));
    exo_startup_place_set_wake(place, message_wake_slot(component, end->number));
    exo_startup_place_set_wake_bits(place, UINT64_C(1) << end->number);
    const struct connection_end *peer = is_client ? &connection->server : &connection->client;
    uint32_t shown = is_client ? connection->server_shown : connection->client_shown;
    exo_startup_place_set_peer(place, name_of(shown));
    exo_startup_place_set_peer_position(place, (uint16_t)shown);
    exo_startup_place_set_schema(place, schema_of(peer, !is_client));
}

static void write_port(struct exo_startup_binding_builder builder, uint32_t component,
                       struct building *building, struct exo_planned_port_reader port)
{
    struct capnp_text name;
    exo_planned_port_get_name(port, &name);
    exo_startup_binding_set_name(builder, name);
    exo_startup_binding_set_interface_id(builder, exo_planned_port_get_interface_id(port));
    building->place = 0;
    plan_each_connection(component, count_place, building);
    exo_startup_binding_init_places(builder, building->place, &building->places);
    building->place = 0;
    plan_each_connection(component, write_place, building);
}

static void write_imports(struct exo_startup_builder startup, uint32_t index, uint32_t *receive)
{
    const struct component *component = &plan.component[index];
    struct exo_startup_binding_builder_list list;
    exo_startup_init_imports(startup, component->import_count, &list);
    for (uint32_t i = 0; i < component->import_count; i++) {
        struct building building = {.component = component, .port = i, .imports = true};
        struct exo_startup_binding_builder builder = exo_startup_binding_builder_list_at(list, i);
        struct exo_planned_port_reader port = exo_planned_port_list_at(component->imports, i);
        write_port(builder, index, &building, port);
        exo_startup_binding_set_portal(builder, component->layout.imports + i);
        exo_startup_binding_set_thread(builder, component->layout.threads);
        exo_startup_binding_set_thread_count(builder, 1);
        exo_startup_binding_set_receive_first(builder, *receive);
        exo_startup_binding_set_receive_count(builder, exo_planned_port_get_receive(port));
        *receive += exo_planned_port_get_receive(port);
    }
}

static void write_exports(struct exo_startup_builder startup, uint32_t index, uint32_t *receive)
{
    const struct component *component = &plan.component[index];
    struct exo_startup_binding_builder_list list;
    uint32_t thread = component->layout.threads;
    exo_startup_init_exports(startup, component->export_count, &list);
    for (uint32_t i = 0; i < component->export_count; i++) {
        struct building building = {.component = component, .port = i, .imports = false};
        struct exo_startup_binding_builder builder = exo_startup_binding_builder_list_at(list, i);
        struct exo_planned_port_reader port = exo_planned_port_list_at(component->exports, i);
        uint32_t threads = exo_planned_port_get_threads(port);
        uint32_t count = threads * exo_planned_port_get_receive(port);
        write_port(builder, index, &building, port);
        exo_startup_binding_set_portal(builder, component->layout.exports + i);
        exo_startup_binding_set_thread(builder, thread);
        exo_startup_binding_set_thread_count(builder, threads);
        exo_startup_binding_set_receive_first(builder, *receive);
        exo_startup_binding_set_receive_count(builder, count);
        thread += threads;
        *receive += count;
    }
}

static void write_device(struct exo_startup_device_builder builder,
                         struct exo_planned_device_reader planned, uint32_t slot)
{
    struct capnp_text name;
    struct device device = device_find(planned);
    exo_planned_device_get_name(planned, &name);
    exo_startup_device_set_name(builder, name);
    exo_startup_device_set_slot(builder, slot);
    exo_startup_device_set_first(builder, device.first);
    exo_startup_device_set_count(builder, device.count);
}

static void write_devices(struct exo_startup_builder startup, const struct component *component)
{
    struct exo_startup_device_builder_list list;
    uint32_t count = exo_planned_device_list_count(component->devices);
    exo_startup_init_devices(startup, count, &list);
    for (uint32_t i = 0; i < count; i++)
        write_device(exo_startup_device_builder_list_at(list, i),
                     exo_planned_device_list_at(component->devices, i),
                     component->layout.devices + i);
}

/* The core of a thread of the plan that this component is to know; plan.core_count for others. */
static uint32_t core_for(const struct component *component, uint32_t index)
{
    for (uint32_t core = 0; core < plan.core_count; core++)
        if (plan_owns_core(component, core) && schedule_is_on(index, core))
            return core;
    return plan.core_count;
}

static void write_threads(struct exo_startup_builder startup, const struct component *component)
{
    struct exo_startup_thread_builder_list list;
    uint32_t count = 0;
    for (uint32_t i = 0; i < plan.thread_count; i++)
        count += core_for(component, i) < plan.core_count;
    exo_startup_init_threads(startup, count, &list);
    count = 0;
    for (uint32_t i = 0; i < plan.thread_count; i++) {
        uint32_t core = core_for(component, i), owner = schedule_component(i);
        if (core == plan.core_count)
            continue;
        struct exo_startup_thread_builder thread =
            exo_startup_thread_builder_list_at(list, count++);
        exo_startup_thread_set_index(thread, (uint16_t)i);
        exo_startup_thread_set_core(thread, (uint16_t)core);
        exo_startup_thread_set_share(thread, (uint16_t)schedule_share(i));
        exo_startup_thread_set_component(
            thread, owner == plan.component_count ? EXO_SERVER_INIT : (uint16_t)owner);
    }
}

static void write_settings(struct exo_startup_builder startup, const struct component *component)
{
    struct exo_setting_list from;
    struct exo_startup_setting_builder_list to;
    struct capnp_text text;
    exo_planned_component_get_settings(component->plan, &from);
    uint32_t count = exo_setting_list_count(from);
    exo_startup_init_settings(startup, count, &to);
    for (uint32_t i = 0; i < count; i++) {
        struct exo_setting_reader setting = exo_setting_list_at(from, i);
        struct exo_startup_setting_builder builder = exo_startup_setting_builder_list_at(to, i);
        exo_setting_get_key(setting, &text);
        exo_startup_setting_set_key(builder, text);
        exo_setting_get_value(setting, &text);
        exo_startup_setting_set_value(builder, text);
    }
}

static void write_segments(struct exo_startup_builder startup, const struct component *component)
{
    struct exo_startup_segment_builder_list list;
    uint32_t slot = CHILD_SLOT_SEGMENT;
    exo_startup_init_segments(startup, component->make.segment_count, &list);
    for (uint32_t i = 0; i < component->make.segment_count; i++) {
        const struct child_segment *segment = &component->make.segments[i];
        struct exo_startup_segment_builder builder = exo_startup_segment_builder_list_at(list, i);
        exo_startup_segment_set_slot(builder, segment->slot != 0 ? slot++ : 0);
        exo_startup_segment_set_rights(builder, (uint16_t)segment->rights);
        exo_startup_segment_set_address(builder, segment->address);
        exo_startup_segment_set_pages(builder, segment->pages);
    }
}

/* Where its own mappings may start: behind its channels. */
static uint64_t space_start_of(const struct component *component)
{
    return child_extra_address(&component->make) +
           (component->make.extra_pages - component->make.frames) * CHILD_PAGE_BYTES;
}

uint64_t message_build(uint32_t index, uint64_t *words)
{
    struct component *component = &plan.component[index];
    struct capnp_builder builder;
    struct exo_startup_builder startup;
    uint32_t receive = component->layout.receive;
    struct capnp_text name;
    capnp_builder_begin(&builder, words, MESSAGE_WORDS_MAX);
    exo_startup_init_root(&builder, &startup);
    exo_planned_component_get_name(component->plan, &name);
    exo_startup_set_name(startup, name);
    exo_startup_set_ticks_per_second(startup, ticks_rate());
    uint64_t status_page = component->make.front_pages - 1;
    exo_startup_set_status_address(startup,
                                   CHILD_FRONT_ADDRESS + status_page * CHILD_PAGE_BYTES);
    exo_startup_set_frames_first(startup, component->child.heap_offset);
    exo_startup_set_frames_count(startup,
                                 component->child.private_frames - component->child.heap_offset);
    exo_startup_set_slot_count(startup, component->layout.count);
    exo_startup_set_slot_first(startup, component->layout.free);
    exo_startup_set_space_address(startup, space_start_of(component));
    exo_startup_set_space_bytes(startup, SPACE_END - space_start_of(component));
    exo_startup_set_generation(startup, component->generation);
    exo_startup_set_gas(startup, component->layout.gas);
    exo_startup_set_entry(startup, component->make.entry);
    write_imports(startup, index, &receive);
    write_exports(startup, index, &receive);
    write_devices(startup, component);
    exo_startup_set_slice_ticks(startup, plan.slice_ticks);
    exo_startup_set_position(startup, (uint16_t)index);
    write_threads(startup, component);
    write_settings(startup, component);
    write_segments(startup, component);
    return builder.error == CAPNP_OK ? builder.word_count : 0;
}
