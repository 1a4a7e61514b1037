/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <assert.h>
#include <string.h>

const char INIT_NAME[] = "init";
const char INIT_EXPORT_NAME[] = "supervisor";
const char INIT_EXPORT_INTERFACE[] = "supervisor.Supervisor";
const char INTERFACE_ANY[] = "*";
const char INTERFACE_BUS[] = "bus.Bus";

/* Eight levels in the kernel's form. */
static uint64_t label_word(const uint8_t *levels)
{
    uint64_t word = 0;

    for (unsigned dimension = 0; dimension < LABEL_DIMENSIONS; dimension++) {
        word |= (uint64_t)levels[dimension] << (8 * dimension);
    }
    return word;
}

uint64_t component_label_low(const struct component *component)
{
    return label_word(component->label_levels);
}

uint64_t component_label_high(const struct component *component)
{
    if (component->label_high_count == 0) {
        return component_label_low(component);
    }
    return label_word(component->label_high_levels);
}

bool label_dominates(uint64_t high, uint64_t low)
{
    for (unsigned dimension = 0; dimension < LABEL_DIMENSIONS; dimension++) {
        if ((uint8_t)(high >> (8 * dimension)) < (uint8_t)(low >> (8 * dimension))) {
            return false;
        }
    }
    return true;
}

enum flow component_flow(const struct component *client, const struct component *server)
{
    uint64_t client_low = component_label_low(client);
    uint64_t client_high = component_label_high(client);
    uint64_t server_low = component_label_low(server);
    uint64_t server_high = component_label_high(server);

    if (!label_dominates(client_high, client_low) || !label_dominates(server_high, server_low)) {
        return FLOW_BOTH;
    }
    if ((label_dominates(server_low, client_low) && label_dominates(client_high, server_high))
        || (label_dominates(client_low, server_low)
            && label_dominates(server_high, client_high))) {
        return FLOW_BOTH;
    }
    if (label_dominates(server_low, client_high)) {
        return FLOW_UP;
    }
    return label_dominates(client_low, server_high) ? FLOW_DOWN : FLOW_NONE;
}

bool import_is_one_way(const struct system *system, const struct component *client,
                       const struct import_port *import)
{
    /* init's range is the whole lattice, so it may serve everybody. */
    return import->server >= 0
           && component_flow(client, &system->components[import->server]) == FLOW_UP;
}

const char *device_kind_name(enum device_kind kind)
{
    static const char *const names[] = {
        [DEVICE_NONE] = "none",   [DEVICE_IRQ] = "irq",
        [DEVICE_PORTS] = "ports", [DEVICE_MEMORY] = "memory",
        [DEVICE_CPU] = "cpu",     [DEVICE_GAS_ROOT] = "gasRoot",
        [DEVICE_IMAGE] = "image", [DEVICE_INFORMATION] = "information",
        [DEVICE_SCHEMAS] = "schemas", [DEVICE_REGISTERS] = "registers",
        [DEVICE_LINE] = "line",   [DEVICE_FILE] = "file",
    };

    assert((size_t)kind < sizeof names / sizeof *names);
    return names[kind];
}

const char *machine_device_name(unsigned device)
{
    static const char *const names[] = {
        [EXO_MACHINE_DEVICE_SERIAL] = "serial",
        [EXO_MACHINE_DEVICE_CLOCK] = "clock",
        [EXO_MACHINE_DEVICE_CAPTURE] = "capture",
        [EXO_MACHINE_DEVICE_EXIT] = "exit",
        [EXO_MACHINE_DEVICE_VIRTIO] = "virtio",
        [EXO_MACHINE_DEVICE_PCI] = "pci",
        [EXO_MACHINE_DEVICE_PCI_MEMORY] = "pciMemory",
    };

    return device < sizeof names / sizeof *names ? names[device] : "unknown";
}

/* "weather" of "weather.Weather"; nothing of what has not this form, which is reported elsewhere.
 */
static const char *schema_name(struct arena *arena, const char *interface)
{
    return strchr(interface, '.') == NULL ? ""
                                          : arena_copy(arena, interface, strcspn(interface, "."));
}

/* Nothing is connected and no program is read yet; the checks fill that in. */
static void component_complete(struct component *component, struct arena *arena)
{
    if (component->program_name[0] == '\0') {
        component->program_name = component->name;
    }
    for (unsigned i = 0; i < component->export_count; i++) {
        struct export_port *port = &component->exports[i];

        if (port->name[0] == '\0') {
            port->name = schema_name(arena, port->interface);
        }
    }
    for (unsigned i = 0; i < component->import_count; i++) {
        struct import_port *port = &component->imports[i];

        if (port->name[0] == '\0') {
            port->name = schema_name(arena, port->interface);
        }
        port->server = SERVER_UNKNOWN;
        port->written = i;
    }
    for (unsigned i = 0; i < component->device_count; i++) {
        struct device *device = &component->devices[i];

        if (device->name[0] == '\0') {
            device->name = device_kind_name(device->kind);
        }
    }
    component->program = -1;
}

void system_complete(struct system *system, struct arena *arena)
{
    for (unsigned i = 0; i < system->component_count; i++) {
        component_complete(&system->components[i], arena);
    }
}

/* Does the component say what this core plays? */
static bool owns_core(const struct component *component, uint32_t core)
{
    for (unsigned i = 0; i < component->device_count; i++) {
        if (component->devices[i].kind == DEVICE_CPU && component->devices[i].first == core) {
            return true;
        }
    }
    return false;
}

/* Does a client of the export run on this core? */
static bool has_client_on(const struct system *system, int server, unsigned export_index,
                          uint32_t core)
{
    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *client = &system->components[i];

        for (unsigned j = 0; client->core == core && j < client->import_count; j++) {
            if (client->imports[j].server == server
                && client->imports[j].export_index == export_index) {
                return true;
            }
        }
    }
    return false;
}

unsigned system_handler_cores(const struct system *system, const struct component *component,
                              unsigned export_index, uint16_t *cores, unsigned room)
{
    int server = (int)(component - system->components);
    unsigned count = 0;

    for (uint32_t i = 0; i < system->cores; i++) {
        uint32_t core = i == 0 ? component->core : i - (i <= component->core);

        if (core != component->core && !owns_core(component, core)
            && !has_client_on(system, server, export_index, core)) {
            continue;
        }
        for (uint32_t j = 0; j < component->exports[export_index].threads; j++, count++) {
            if (count < room) {
                cores[count] = (uint16_t)core;
            }
        }
    }
    return count;
}

bool system_has_device(const struct system *system, enum device_kind kind)
{
    for (unsigned i = 0; i < system->component_count; i++) {
        for (unsigned j = 0; j < system->components[i].device_count; j++) {
            if (system->components[i].devices[j].kind == kind) {
                return true;
            }
        }
    }
    return false;
}

int system_find(const struct system *system, const char *name)
{
    assert(name != NULL);
    for (unsigned i = 0; i < system->component_count; i++) {
        if (strcmp(system->components[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}
