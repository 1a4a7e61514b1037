/* SPDX-License-Identifier: MIT */
/*
 * Every default of the schema arrives here as a value already: the generated readers supply them.
 * What the schema cannot say (a name that follows from another) is filled in by system_complete().
 */
#include "load.h"

#include <string.h>

#include "boot.capnp.h"
#include "system.capnp.h"

enum { SYSTEM_SEGMENTS_MAX = 64 };

/* A NUL-ended copy: a text of a message has a length, and the rest of the composer wants C
 * strings. */
static const char *copy_text(struct arena *arena, struct capnp_text text)
{
    return arena_copy(arena, text.bytes, text.length);
}

/* Copies at most LABEL_DIMENSIONS levels; the count stays as it was written, for the check. */
static unsigned load_levels(struct capnp_list list, uint8_t *levels)
{
    for (uint32_t i = 0; i < list.count && i < LABEL_DIMENSIONS; i++) {
        levels[i] = capnp_list_uint8(list, i);
    }
    return list.count;
}

/* In all of these, a list that cannot be read comes out empty, and the message remembers its
 * error. */
static void load_exports(struct component *component, struct system_component_reader from,
                         struct arena *arena)
{
    struct system_export_list list;
    struct capnp_text text;

    system_component_get_exports(from, &list);
    component->export_count = system_export_list_count(list);
    component->exports = arena_take(arena, component->export_count * sizeof *component->exports);
    for (uint32_t i = 0; i < component->export_count; i++) {
        struct system_export_reader item = system_export_list_at(list, i);
        struct export_port *port = &component->exports[i];

        system_export_get_name(item, &text);
        port->name = copy_text(arena, text);
        system_export_get_interface(item, &text);
        port->interface = copy_text(arena, text);
        port->threads = system_export_get_threads(item);
        port->receive = system_export_get_receive(item);
        port->exclusive = system_export_get_exclusive(item);
    }
}

/* As load_exports(). The server is found later, by check_connections(). */
static void load_imports(struct component *component, struct system_component_reader from,
                         struct arena *arena)
{
    struct system_import_list list;
    struct capnp_text text;

    system_component_get_imports(from, &list);
    component->import_count = system_import_list_count(list);
    component->imports = arena_take(arena, component->import_count * sizeof *component->imports);
    for (uint32_t i = 0; i < component->import_count; i++) {
        struct system_import_reader item = system_import_list_at(list, i);
        struct import_port *port = &component->imports[i];

        system_import_get_name(item, &text);
        port->name = copy_text(arena, text);
        system_import_get_interface(item, &text);
        port->interface = copy_text(arena, text);
        system_import_get_from(item, &text);
        port->from = copy_text(arena, text);
        port->pages = system_import_get_pages(item);
        port->pool_pages = system_import_get_pool_pages(item);
        port->receive = system_import_get_receive(item);
        port->asynchronous = system_import_get_asynchronous(item);
    }
}

/* The first thing and how many there are, of the kinds that have both. */
static void load_run(struct device *device, enum device_kind kind,
                     struct exo_device_run_reader run)
{
    device->kind = kind;
    device->first = exo_device_run_get_first(run);
    device->count = exo_device_run_get_count(run);
}

/* The union's member is the kind. A kind that this composer does not know stays DEVICE_NONE. */
static void load_device(struct device *device, struct system_device_reader item,
                        struct arena *arena)
{
    struct exo_device_run_reader run;
    struct capnp_text text;

    system_device_get_name(item, &text);
    *device = (struct device) { .name = copy_text(arena, text),
                                .shared = system_device_get_shared(item),
                                .count = 1 };
    switch (system_device_which(item)) {
    case SYSTEM_DEVICE_WHICH_IRQ:
        system_device_get_irq(item, &run);
        load_run(device, DEVICE_IRQ, run);
        break;
    case SYSTEM_DEVICE_WHICH_PORTS:
        system_device_get_ports(item, &run);
        load_run(device, DEVICE_PORTS, run);
        break;
    case SYSTEM_DEVICE_WHICH_MEMORY:
        system_device_get_memory(item, &run);
        load_run(device, DEVICE_MEMORY, run);
        break;
    case SYSTEM_DEVICE_WHICH_CPU:
        device->kind = DEVICE_CPU;
        device->first = system_device_get_cpu(item);
        break;
    case SYSTEM_DEVICE_WHICH_GAS_ROOT:
        device->kind = DEVICE_GAS_ROOT;
        break;
    case SYSTEM_DEVICE_WHICH_IMAGE:
        device->kind = DEVICE_IMAGE;
        break;
    case SYSTEM_DEVICE_WHICH_INFORMATION:
        device->kind = DEVICE_INFORMATION;
        break;
    case SYSTEM_DEVICE_WHICH_SCHEMAS:
        device->kind = DEVICE_SCHEMAS;
        break;
    case SYSTEM_DEVICE_WHICH_REGISTERS:
        device->kind = DEVICE_REGISTERS;
        device->first = system_device_get_registers(item);
        break;
    case SYSTEM_DEVICE_WHICH_LINE:
        device->kind = DEVICE_LINE;
        device->first = system_device_get_line(item);
        break;
    case SYSTEM_DEVICE_WHICH_FILE:
        device->kind = DEVICE_FILE;
        system_device_get_file(item, &text);
        device->path = copy_text(arena, text);
        break;
    default:
        device->kind = DEVICE_NONE;
        break;
    }
}

/* As load_exports(). */
static void load_devices(struct component *component, struct system_component_reader from,
                         struct arena *arena)
{
    struct system_device_list list;

    system_component_get_devices(from, &list);
    component->device_count = system_device_list_count(list);
    component->devices = arena_take(arena, component->device_count * sizeof *component->devices);
    for (uint32_t i = 0; i < component->device_count; i++) {
        load_device(&component->devices[i], system_device_list_at(list, i), arena);
    }
}

/* As load_exports(); keys and values may be any text. */
static void load_settings(struct component *component, struct system_component_reader from,
                          struct arena *arena)
{
    struct exo_setting_list list;
    struct capnp_text text;

    system_component_get_settings(from, &list);
    component->setting_count = exo_setting_list_count(list);
    component->settings
        = arena_take(arena, component->setting_count * sizeof *component->settings);
    for (uint32_t i = 0; i < component->setting_count; i++) {
        struct exo_setting_reader item = exo_setting_list_at(list, i);

        exo_setting_get_key(item, &text);
        component->settings[i].key = copy_text(arena, text);
        exo_setting_get_value(item, &text);
        component->settings[i].value = copy_text(arena, text);
    }
}

/* The fields that are neither lists of things nor part of the gas. */
static void load_component(struct component *component, struct system_component_reader from,
                           struct arena *arena)
{
    struct capnp_text text;
    struct capnp_list list;
    struct system_gas_reader gas;

    system_component_get_name(from, &text);
    component->name = copy_text(arena, text);
    system_component_get_program(from, &text);
    component->program_name = copy_text(arena, text);
    component->pages = system_component_get_pages(from);
    component->stack_pages = system_component_get_stack_pages(from);
    component->slots = system_component_get_slots(from);
    system_component_get_label(from, &list);
    component->label_count = load_levels(list, component->label_levels);
    system_component_get_label_high(from, &list);
    component->label_high_count = load_levels(list, component->label_high_levels);
    component->trusted_label = system_component_get_trusted_label(from);
    component->trusted_dma = system_component_get_trusted_dma(from);
    component->ends = system_component_get_ends(from);
    component->share = system_component_get_share(from);
    component->core = system_component_get_core(from);
    component->node = system_component_get_node(from);
    /* Both enums have the order of the schema. */
    component->restart = (enum restart_rule)system_component_get_restart(from);
    component->restart_limit = system_component_get_restart_limit(from);
    component->restart_delay_ms = system_component_get_restart_delay_ms(from);
    system_component_get_gas(from, &gas);
    component->gas_credit = system_gas_get_credit(gas);
    component->gas_refill = system_gas_get_refill(gas);
    component->gas_low = system_gas_get_low(gas);
    load_exports(component, from, arena);
    load_imports(component, from, arena);
    load_devices(component, from, arena);
    load_settings(component, from, arena);
}

bool load_system(struct system *system, struct host_bytes message, struct arena *arena)
{
    struct capnp_segment segments[SYSTEM_SEGMENTS_MAX];
    struct capnp_message reader;
    struct system_system_reader root;
    struct system_component_list list;

    if (capnp_message_framed(&reader, message.bytes, message.size, segments, SYSTEM_SEGMENTS_MAX,
                             NULL)
            != CAPNP_OK
        || system_system_read_root(&reader, &root) != CAPNP_OK) {
        return false;
    }
    system_system_get_components(root, &list);
    system->component_count = system_component_list_count(list);
    system->components = arena_take(arena, system->component_count * sizeof *system->components);
    system->memory_mib = system_system_get_memory_mib(root);
    system->cores = system_system_get_cores(root);
    system->slice_us = system_system_get_slice_microseconds(root);
    system->gas = system_system_get_gas(root);
    system->gas_refill = system_system_get_gas_refill(root);
    for (uint32_t i = 0; i < system->component_count; i++) {
        load_component(&system->components[i], system_component_list_at(list, i), arena);
    }
    system_complete(system, arena);
    return reader.error == CAPNP_OK;
}
