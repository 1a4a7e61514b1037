/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include <assert.h>

#include "entries.h"
#include "first.h"
#include "print.h"
#include "text.h"
#include "ticks.h"

enum {
    DOMAIN_HEADER_BYTES = 512,
    SLOT_BYTES = 128,
    SLOTS_PER_CHANNEL = 3,
};

struct plan plan;

static struct capnp_message message;
static struct capnp_segment segments[1];

static bool open_message(const uint8_t *image)
{
    const uint64_t *words = (const uint64_t *)image;
    uint64_t offset = words[EXO_BOOT_IMAGE_PLAN_OFFSET_OFFSET / 8];
    uint64_t bytes = words[EXO_BOOT_IMAGE_PLAN_BYTES_OFFSET / 8], used;
    if (bytes == 0 || capnp_message_framed(&message, image + offset, bytes, segments, 1, &used))
        return false;
    message.traversal_words = CAPNP_UNLIMITED; /* read in place again and again, and trusted */
    return exo_plan_read_root(&message, &plan.reader) == CAPNP_OK;
}

/* How many slots the handlers of a list of ports post for capabilities. */
static uint32_t receive_slots(struct exo_planned_port_list ports, bool exports)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < exo_planned_port_list_count(ports); i++) {
        struct exo_planned_port_reader port = exo_planned_port_list_at(ports, i);
        uint32_t threads = exports ? exo_planned_port_get_threads(port) : 1;
        sum += threads * exo_planned_port_get_receive(port);
    }
    return sum;
}

static void read_component(struct component *component)
{
    struct capnp_text name;
    exo_planned_component_get_name(component->plan, &name);
    text_copy(component->name, sizeof component->name, name.bytes, name.length);
    exo_planned_component_get_imports(component->plan, &component->imports);
    exo_planned_component_get_exports(component->plan, &component->exports);
    exo_planned_component_get_devices(component->plan, &component->devices);
    component->import_count = exo_planned_port_list_count(component->imports);
    component->export_count = exo_planned_port_list_count(component->exports);
    for (uint32_t i = 0; i < component->export_count; i++) {
        struct exo_planned_port_reader port = exo_planned_port_list_at(component->exports, i);
        component->thread_count += exo_planned_port_get_threads(port);
    }
    if (component->thread_count == 0)
        component->thread_count = 1; /* a program without exports still has its main thread */
    component->restart = (struct restart_state){
        .rule = (enum restart_rule)exo_planned_component_get_restart(component->plan),
        .ends = exo_planned_component_get_ends(component->plan),
        .limit = exo_planned_component_get_restart_limit(component->plan),
    };
}

static bool read_components(void)
{
    struct exo_planned_component_list list;
    plan.core_count = exo_plan_get_cores(plan.reader);
    uint32_t cpu_index = 1 + plan.core_count; /* behind init's main thread and its handlers */
    exo_plan_get_components(plan.reader, &list);
    plan.component_count = exo_planned_component_list_count(list);
    if (plan.component_count > PLAN_COMPONENTS_MAX)
        return false;
    for (uint32_t i = 0; i < plan.component_count; i++) {
        struct component *component = &plan.component[i];
        component->plan = exo_planned_component_list_at(list, i);
        read_component(component);
        component->cpu_index = cpu_index;
        cpu_index += component->thread_count;
        if (component->thread_count > CHILD_THREADS_MAX ||
            component->export_count > CHILD_PORTALS_MAX)
            return false;
    }
    plan.thread_count = cpu_index;
    return true;
}

static void read_connection(struct connection *connection, struct exo_planned_channel_reader reader)
{
    connection->client.component = exo_planned_channel_get_client(reader);
    connection->client.port = exo_planned_channel_get_import_index(reader);
    connection->server.component = exo_planned_channel_get_server(reader);
    connection->server.port = exo_planned_channel_get_export_index(reader);
    connection->client_shown = exo_planned_channel_get_client_shown(reader);
    connection->server_shown = exo_planned_channel_get_server_shown(reader);
    connection->pool_pages = exo_planned_channel_get_pool_pages(reader);
    connection->pages = exo_planned_channel_get_pages(reader) + connection->pool_pages;
    connection->asynchronous = exo_planned_channel_get_asynchronous(reader);
    connection->one_way = exo_planned_channel_get_one_way(reader);
    connection->labels[0] = exo_planned_channel_get_label_low(reader);
    connection->labels[1] = exo_planned_channel_get_label_high(reader);
}

static bool read_connections(void)
{
    struct exo_planned_channel_list list;
    uint32_t init_channels = 0;
    exo_plan_get_channels(plan.reader, &list);
    plan.connection_count = exo_planned_channel_list_count(list);
    if (plan.connection_count > PLAN_CONNECTIONS_MAX)
        return false;
    for (uint32_t i = 0; i < plan.connection_count; i++) {
        struct connection *connection = &plan.connection[i];
        read_connection(connection, exo_planned_channel_list_at(list, i));
        connection->client.number = plan.component[connection->client.component].channel_count++;
        connection->server.number = connection->server.component == EXO_SERVER_INIT
                                     ? init_channels++
                                     : plan.component[connection->server.component].channel_count++;
        for (uint32_t j = 0; j < i; j++)
            if (plan.connection[j].server.component == connection->server.component &&
                plan.connection[j].server.port == connection->server.port)
                connection->place++;
    }
    return true;
}

/* Decide which slot of its table holds what. */
static void lay_out(struct component *component)
{
    struct layout *layout = &component->layout;
    uint32_t slot = CHILD_SLOT_FREE, wanted = exo_planned_component_get_slots(component->plan);
    layout->gas = slot++;
    layout->threads = slot;
    slot += component->thread_count;
    layout->imports = slot;
    slot += component->import_count;
    layout->exports = slot;
    slot += component->export_count;
    layout->channels = slot;
    slot += component->channel_count * SLOTS_PER_CHANNEL;
    layout->devices = slot;
    slot += exo_planned_device_list_count(component->devices);
    layout->receive = slot;
    slot += receive_slots(component->imports, false) + receive_slots(component->exports, true);
    layout->free = slot;
    if (wanted < slot)
        wanted = slot + PLAN_SPARE_SLOTS;
    uint64_t bytes = DOMAIN_HEADER_BYTES + (uint64_t)wanted * SLOT_BYTES;
    component->make.domain_frames = (uint32_t)((bytes + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES);
    layout->count =
        (component->make.domain_frames * CHILD_PAGE_BYTES - DOMAIN_HEADER_BYTES) / SLOT_BYTES;
}

bool plan_read(const uint8_t *image)
{
    if (!open_message(image) || !read_components() || !read_connections()) {
        print("init: the boot image holds no plan that can be read\n");
        return false;
    }
    plan.slice_ticks = ticks_from_microseconds(exo_plan_get_slice_microseconds(plan.reader));
    for (uint32_t i = 0; i < plan.component_count; i++)
        lay_out(&plan.component[i]);
    return true;
}

void plan_each_connection(uint32_t component, connection_visit *visit, void *context)
{
    for (uint32_t i = 0; i < plan.connection_count; i++) {
        struct connection *connection = &plan.connection[i];
        if (connection->client.component == component)
            visit(connection, &connection->client, true, context);
        else if (connection->server.component == component)
            visit(connection, &connection->server, false, context);
    }
}

uint32_t plan_thread_core(const struct component *component, uint32_t thread)
{
    for (uint32_t i = 0; i < component->export_count; i++) {
        struct exo_planned_port_reader port = exo_planned_port_list_at(component->exports, i);
        struct capnp_list cores;
        exo_planned_port_get_cores(port, &cores);
        if (thread < exo_planned_port_get_threads(port))
            return capnp_list_uint16(cores, thread);
        thread -= exo_planned_port_get_threads(port);
    }
    return exo_planned_component_get_core(component->plan);
}

bool plan_owns_core(const struct component *component, uint32_t core)
{
    for (uint32_t i = 0; i < exo_planned_device_list_count(component->devices); i++) {
        struct exo_planned_device_reader device = exo_planned_device_list_at(component->devices, i);
        if (exo_planned_device_which(device) == EXO_PLANNED_DEVICE_WHICH_CPU &&
            exo_planned_device_get_cpu(device) == core)
            return true;
    }
    return false;
}

uint32_t plan_find(const char *name, uint32_t bytes)
{
    uint32_t i = 0;
    while (i < plan.component_count && !text_is(name, bytes, plan.component[i].name))
        i++;
    return i;
}

bool plan_needs(uint32_t component, uint32_t import, uint32_t other)
{
    uint64_t needed = 1ull << component, before = 0;
    _Static_assert(PLAN_COMPONENTS_MAX <= 64, "a bit for each");
    assert(component < plan.component_count && other < plan.component_count);
    /* Each round adds what those of the one before import, the component by this import only. */
    while (needed != before) {
        before = needed;
        for (uint32_t i = 0; i < plan.connection_count; i++) {
            const struct connection *connection = &plan.connection[i];
            uint32_t client = connection->client.component, server = connection->server.component;
            bool counts = client != component || connection->client.port == import;
            if (counts && (before >> client & 1) && server != EXO_SERVER_INIT)
                needed |= 1ull << server;
        }
    }
    return needed >> other & 1;
}
