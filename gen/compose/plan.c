/* SPDX-License-Identifier: MIT */
/*
 * Building the Plan never fails but for lack of room, and the room is taken generously; the one
 * assert at the end says so.
 */
#include "plan.h"

#include <assert.h>
#include <string.h>

#include "boot.capnp.h"
#include "system.capnp.h"

enum { PLAN_SEGMENTS_MAX = 64 };

/* Whether the component makes no call by this import that it could wait in. */
static bool waits_for_nobody(const struct system *system, const struct component *component,
                             unsigned import)
{
    return component->imports[import].asynchronous
           || import_is_one_way(system, component, &component->imports[import]);
}

/* Starts `index` after everything that it calls; as deep as there are components. */
static void order_from(const struct system *system, unsigned index, bool *seen, unsigned *order,
                       unsigned *count)
{
    const struct component *component = &system->components[index];

    if (seen[index]) {
        return; /* started already, or it waits for itself through a ring */
    }
    seen[index] = true;
    for (unsigned i = 0; i < component->import_count; i++) {
        if (component->imports[i].server >= 0 && !waits_for_nobody(system, component, i)) {
            order_from(system, (unsigned)component->imports[i].server, seen, order, count);
        }
    }
    for (unsigned i = 0; i < component->import_count; i++) {
        if (component->imports[i].server >= 0 && waits_for_nobody(system, component, i)) {
            order_from(system, (unsigned)component->imports[i].server, seen, order, count);
        }
    }
    order[(*count)++] = index;
}

void plan_order(const struct system *system, unsigned *order, struct arena *arena)
{
    bool *seen = arena_take(arena, system->component_count * sizeof *seen);
    unsigned count = 0;

    for (unsigned i = 0; i < system->component_count; i++) {
        order_from(system, i, seen, order, &count);
    }
    assert(count == system->component_count);
}

/* A C string as a text to be copied into the message. */
static struct capnp_text text_of(const char *text)
{
    return (struct capnp_text) { text, (uint32_t)strlen(text) };
}

/* Where a program's pages lie in the image, and where they go. */
static void plan_program(struct exo_planned_program_builder out, const struct program *program)
{
    struct exo_planned_segment_builder_list list;

    exo_planned_program_set_name(out, text_of(program->name));
    exo_planned_program_set_entry(out, program->entry);
    exo_planned_program_init_segments(out, program->segment_count, &list);
    for (unsigned i = 0; i < program->segment_count; i++) {
        struct exo_planned_segment_builder item = exo_planned_segment_builder_list_at(list, i);
        const struct segment *segment = &program->segments[i];

        exo_planned_segment_set_page(item, segment->image_page);
        exo_planned_segment_set_file_pages(item, segment->file_pages);
        exo_planned_segment_set_pages(item, segment->pages);
        exo_planned_segment_set_rights(item, (uint16_t)segment->rights);
        exo_planned_segment_set_address(item, segment->address);
    }
}

/* Names and types of the ports; which channel leads where stands in the channels. */
static void plan_ports(struct exo_planned_component_builder out, const struct system *system,
                       const struct component *component)
{
    struct exo_planned_port_builder_list list;
    uint16_t cores[EXO_COMPONENT_THREADS_MAX];

    exo_planned_component_init_imports(out, component->import_count, &list);
    for (unsigned i = 0; i < component->import_count; i++) {
        struct exo_planned_port_builder item = exo_planned_port_builder_list_at(list, i);

        exo_planned_port_set_name(item, text_of(component->imports[i].name));
        exo_planned_port_set_interface_id(item, component->imports[i].channel_id);
        exo_planned_port_set_receive(item, (uint16_t)component->imports[i].receive);
        exo_planned_port_set_schema(item, component->imports[i].schema);
    }
    exo_planned_component_init_exports(out, component->export_count, &list);
    for (unsigned i = 0; i < component->export_count; i++) {
        struct exo_planned_port_builder item = exo_planned_port_builder_list_at(list, i);

        exo_planned_port_set_name(item, text_of(component->exports[i].name));
        exo_planned_port_set_interface_id(item, component->exports[i].interface_id);
        unsigned count = system_handler_cores(system, component, i, cores,
                                              EXO_COMPONENT_THREADS_MAX);
        struct capnp_list_builder threads;

        exo_planned_port_set_threads(item, (uint16_t)count);
        exo_planned_port_init_cores(item, count, &threads);
        for (unsigned j = 0; j < count; j++) {
            capnp_list_set_uint16(&threads, j, cores[j]);
        }
        exo_planned_port_set_receive(item, (uint16_t)component->exports[i].receive);
        exo_planned_port_set_schema(item, component->exports[i].schema);
    }
}

/* Lines, ports, or bytes of physical memory. */
static void plan_run(struct exo_device_run_builder out, const struct device *device)
{
    exo_device_run_set_first(out, device->first);
    exo_device_run_set_count(out, device->count);
}

/* The union's member is set last or first, as its setter does it; the name is outside of it. */
static void plan_device(struct exo_planned_device_builder out, const struct device *device)
{
    struct exo_device_run_builder run;

    exo_planned_device_set_name(out, text_of(device->name));
    switch (device->kind) {
    case DEVICE_IRQ:
        exo_planned_device_init_irq(out, &run);
        plan_run(run, device);
        break;
    case DEVICE_PORTS:
        exo_planned_device_init_ports(out, &run);
        plan_run(run, device);
        break;
    case DEVICE_MEMORY:
        exo_planned_device_init_memory(out, &run);
        plan_run(run, device);
        break;
    case DEVICE_CPU:
        exo_planned_device_set_cpu(out, (uint16_t)device->first);
        break;
    case DEVICE_GAS_ROOT:
        exo_planned_device_set_gas_root(out);
        break;
    case DEVICE_IMAGE:
        exo_planned_device_set_image(out);
        break;
    case DEVICE_INFORMATION:
        exo_planned_device_set_information(out);
        break;
    case DEVICE_SCHEMAS:
    case DEVICE_FILE:
        exo_planned_device_init_schemas(out, &run);
        plan_run(run, device);
        break;
    case DEVICE_REGISTERS:
        exo_planned_device_set_registers(out, (enum exo_machine_device)device->first);
        break;
    case DEVICE_LINE:
        exo_planned_device_set_line(out, (enum exo_machine_device)device->first);
        break;
    case DEVICE_NONE:
        assert(!"a device of no kind is refused before");
        break;
    }
}

/* Devices and settings, as they were written. */
static void plan_lists(struct exo_planned_component_builder out, const struct component *component)
{
    struct exo_planned_device_builder_list devices;
    struct exo_setting_builder_list settings;

    exo_planned_component_init_devices(out, component->device_count, &devices);
    for (unsigned i = 0; i < component->device_count; i++) {
        plan_device(exo_planned_device_builder_list_at(devices, i), &component->devices[i]);
    }
    exo_planned_component_init_settings(out, component->setting_count, &settings);
    for (unsigned i = 0; i < component->setting_count; i++) {
        struct exo_setting_builder item = exo_setting_builder_list_at(settings, i);

        exo_setting_set_key(item, text_of(component->settings[i].key));
        exo_setting_set_value(item, text_of(component->settings[i].value));
    }
}

/* One component but for its connections. */
static void plan_component(struct exo_planned_component_builder out, const struct system *system,
                           const struct component *component)
{
    assert(component->program >= 0);
    exo_planned_component_set_name(out, text_of(component->name));
    exo_planned_component_set_program(out, (uint16_t)component->program);
    exo_planned_component_set_share(out, (uint16_t)component->share);
    exo_planned_component_set_core(out, (uint16_t)component->core);
    exo_planned_component_set_node(out, (uint16_t)component->node);
    exo_planned_component_set_frames(out, component->pages);
    exo_planned_component_set_stack_pages(out, (uint16_t)component->stack_pages);
    exo_planned_component_set_slots(out, (uint16_t)component->slots);
    exo_planned_component_set_label_low(out, component_label_low(component));
    exo_planned_component_set_label_high(out, component_label_high(component));
    exo_planned_component_set_gas(out, component->gas_credit);
    exo_planned_component_set_gas_refill(out, component->gas_refill);
    exo_planned_component_set_gas_low(out, component->gas_low);
    exo_planned_component_set_restart(out, (enum exo_restart_rule)component->restart);
    exo_planned_component_set_restart_limit(out, (uint16_t)component->restart_limit);
    exo_planned_component_set_restart_delay_ms(out, component->restart_delay_ms);
    exo_planned_component_set_trusted_dma(out, component->trusted_dma);
    exo_planned_component_set_ends(out, component->ends);
    plan_ports(out, system, component);
    plan_lists(out, component);
}

/*
 * The channel's memory has the narrower of the two ranges, which the wider one holds. When it goes
 * one way it has the client's, so that the kernel lets the server do nothing but read.
 */
static void plan_label(struct exo_planned_channel_builder out, const struct component *client,
                       const struct component *server)
{
    uint64_t low = component_label_low(client);
    uint64_t high = component_label_high(client);

    if (server != NULL && label_dominates(component_label_low(server), low)
        && label_dominates(high, component_label_high(server))) {
        low = component_label_low(server);
        high = component_label_high(server);
    }
    exo_planned_channel_set_label_low(out, low);
    exo_planned_channel_set_label_high(out, high);
}

/* The index in the plan of a component that is shown in the place of `index`. */
static uint16_t plan_shown(const struct system *system, const char *shown, const unsigned *ranks,
                           uint16_t index)
{
    int found = shown != NULL ? system_find(system, shown) : -1;

    if (shown != NULL && strcmp(shown, INIT_NAME) == 0) {
        return EXO_SERVER_INIT;
    }
    return found >= 0 ? (uint16_t)ranks[found] : index;
}

/* Writes the channels, all of the first client, then of the next; `ranks` are indices in the plan.
 */
static void plan_channels(struct exo_plan_builder out, const struct system *system,
                          const unsigned *order, const unsigned *ranks)
{
    struct exo_planned_channel_builder_list list;
    uint32_t count = 0;

    for (unsigned i = 0; i < system->component_count; i++) {
        count += system->components[i].import_count;
    }
    exo_plan_init_channels(out, count, &list);
    count = 0;
    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *client = &system->components[order[i]];

        for (unsigned j = 0; j < client->import_count; j++) {
            struct exo_planned_channel_builder item
                = exo_planned_channel_builder_list_at(list, count++);
            const struct import_port *import = &client->imports[j];
            bool init = import->server == SERVER_INIT;

            assert(init || import->server >= 0);
            exo_planned_channel_set_client(item, (uint16_t)i);
            exo_planned_channel_set_import_index(item, (uint16_t)j);
            uint16_t server = init ? EXO_SERVER_INIT : (uint16_t)ranks[import->server];

            exo_planned_channel_set_server(item, server);
            exo_planned_channel_set_client_shown(
                item, plan_shown(system, import->client_shown, ranks, (uint16_t)i));
            exo_planned_channel_set_server_shown(
                item, plan_shown(system, import->server_shown, ranks, server));
            exo_planned_channel_set_export_index(item, (uint16_t)import->export_index);
            exo_planned_channel_set_pages(item, (uint16_t)import->pages);
            exo_planned_channel_set_pool_pages(item, (uint16_t)import->pool_pages);
            exo_planned_channel_set_asynchronous(item, import->asynchronous);
            exo_planned_channel_set_one_way(item, import_is_one_way(system, client, import));
            plan_label(item, client, init ? NULL : &system->components[import->server]);
        }
    }
}

/* Words that hold the plan in any case: names are short, settings are measured. */
static uint32_t plan_room(const struct system *system)
{
    size_t words = 1024 + system->program_count * (64 + EXO_PROGRAM_SEGMENTS_MAX * 8);

    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *component = &system->components[i];

        words += 64
                 + 32
                       * (component->import_count + component->export_count
                          + component->device_count + component->setting_count);
        for (unsigned j = 0; j < component->setting_count; j++) {
            words
                += (strlen(component->settings[j].key) + strlen(component->settings[j].value)) / 8;
        }
    }
    return (uint32_t)words;
}

struct host_bytes plan_build(const struct system *system, struct arena *arena)
{
    uint32_t room = plan_room(system);
    uint64_t *words = arena_take(arena, room * sizeof *words);
    unsigned *order = arena_take(arena, system->component_count * sizeof *order);
    unsigned *ranks = arena_take(arena, system->component_count * sizeof *ranks);
    struct capnp_builder message;
    struct exo_plan_builder plan;
    struct exo_planned_program_builder_list programs;
    struct exo_planned_component_builder_list components;

    plan_order(system, order, arena);
    capnp_builder_begin_framed(&message, words, room);
    exo_plan_init_root(&message, &plan);
    exo_plan_set_slice_microseconds(plan, system->slice_us);
    exo_plan_set_cores(plan, (uint16_t)system->cores);
    exo_plan_init_programs(plan, system->program_count, &programs);
    for (unsigned i = 0; i < system->program_count; i++) {
        plan_program(exo_planned_program_builder_list_at(programs, i), &system->programs[i]);
    }
    exo_plan_init_components(plan, system->component_count, &components);
    for (unsigned i = 0; i < system->component_count; i++) {
        ranks[order[i]] = i;
        plan_component(exo_planned_component_builder_list_at(components, i), system,
                       &system->components[order[i]]);
    }
    plan_channels(plan, system, order, ranks);
    assert(message.error == CAPNP_OK);
    return (struct host_bytes) { (const uint8_t *)words,
                                 capnp_builder_framed(&message) * sizeof *words };
}

struct host_bytes plan_flatten(struct host_bytes system_message, struct arena *arena)
{
    struct capnp_segment segments[PLAN_SEGMENTS_MAX];
    struct capnp_message reader;
    struct capnp_struct root;
    /* A copy is never longer: each object is copied once, and far pointers go. */
    uint32_t room = (uint32_t)(system_message.size / sizeof(uint64_t)) + 2;
    uint64_t *words = arena_take(arena, room * sizeof *words);
    struct capnp_builder message;

    capnp_message_framed(&reader, system_message.bytes, system_message.size, segments,
                         PLAN_SEGMENTS_MAX, NULL);
    capnp_builder_begin_framed(&message, words, room);
    capnp_read_root(&reader, &root);
    capnp_copy_struct(&message, message.words, &root);
    assert(reader.error == CAPNP_OK && message.error == CAPNP_OK);
    return (struct host_bytes) { (const uint8_t *)words,
                                 capnp_builder_framed(&message) * sizeof *words };
}
