/* SPDX-License-Identifier: MIT */
/*
 * The recorder has one export for each import of the recorded component, called as its port number,
 * "p0", "p1" ..., and behind it one import, "p0_0", of the server. Then it has one export for each
 * export of the component that has clients, with a handler thread for each client, and behind it
 * one import for each of them: "p3_0", "p3_1" ... So no call through it waits for another one.
 */
#include "record.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum {
    RECORDER_PAGES = 256,      /* besides room for a message of each channel, and one more */
    RUNTIME_SETTINGS_MAX = 32, /* what the runtime has room for, and the bytes of one value */
    RUNTIME_VALUE_BYTES = 127,
};

static const char RECORDER_NAME[] = "recorder";

struct insertion {
    struct system *system; /* with the recorder as its last component */
    struct component *recorder;
    struct arena *arena;
    unsigned target; /* index of the component that is recorded */
    unsigned ports, pages;
};

/* Does an import lead to an export of the target. */
static bool leads_to(const struct import_port *import, unsigned target)
{
    return import->server == (int)target;
}

/* Reports what stands in the way of recording one connection. */
static void check_import(const struct system *system, unsigned client, unsigned item,
                         struct report *report)
{
    const struct component *component = &system->components[client];
    const struct import_port *import = &component->imports[item];
    struct place place = place_item(client, "imports", import->written, NULL);

    if (import_is_one_way(system, component, import)) {
        report_error(report, &place, "goes one way, to a server above; such a connection cannot be "
                                     "recorded: record another component");
    } else if (import->pool_pages > 0) {
        report_error(report, &place, "has a pool, whose content no recorder sees; set poolPages = "
                                     "0, or record another component");
    }
}

/* Reports what stands in the way of recording the component `target`. */
static void check_target(const struct system *system, unsigned target, struct report *report)
{
    const struct component *component = &system->components[target];
    struct place place = place_component(target, NULL);
    unsigned threads = component->import_count; /* of the recorder, but for the first */
    unsigned ports = component->import_count + component->export_count;
    unsigned settings = 4 + ports + component->setting_count;

    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *client = &system->components[i];

        for (unsigned j = 0; j < client->import_count; j++) {
            if (i == target || leads_to(&client->imports[j], target)) {
                check_import(system, i, j, report);
            }
            if (leads_to(&client->imports[j], target)) {
                threads++;
                settings++;
            }
        }
    }
    if (threads == 0) {
        report_error(report, &place, "has no connections; there is nothing to record");
    }
    if (ports > EXO_COMPONENT_EXPORTS_MAX || threads >= EXO_COMPONENT_THREADS_MAX) {
        report_error(report, &place,
                     "has %u imports and exports with %u connections; at most %d with %d can be "
                     "recorded: leave out some",
                     ports, threads, EXO_COMPONENT_EXPORTS_MAX, EXO_COMPONENT_THREADS_MAX - 1);
    }
    if (settings > RUNTIME_SETTINGS_MAX) {
        report_error(report, &place,
                     "has too many settings and clients to be recorded: %u, and at most %d are "
                     "allowed",
                     settings, RUNTIME_SETTINGS_MAX);
    }
    for (unsigned i = 0; i < component->setting_count; i++) {
        const struct setting *setting = &component->settings[i];

        place = place_item(target, "settings", i, "value");
        if (strlen(setting->key) + 1 + strlen(setting->value) > RUNTIME_VALUE_BYTES) {
            report_error(report, &place,
                         "is too long to be recorded; the key and it have at most %d bytes",
                         RUNTIME_VALUE_BYTES - 1);
        }
    }
}

static void add_setting(struct insertion *insertion, const char *key, const char *value)
{
    struct component *recorder = insertion->recorder;

    recorder->settings[recorder->setting_count++] = (struct setting) { key, value };
}

/* Puts an import in the place of `import`, which is `client`'s and then leads to the recorder's
 * last export. Both sides take each other for whom they were connected with before. */
static void divert(struct insertion *insertion, const struct component *client,
                   struct import_port *import)
{
    struct component *recorder = insertion->recorder;
    unsigned export = recorder->export_count - 1;
    struct import_port *onward = &recorder->imports[recorder->import_count++];
    struct export_port *port = &recorder->exports[export];

    *onward = *import;
    onward->name = arena_text(insertion->arena, "%s_%u", port->name, port->threads++);
    onward->written = recorder->import_count - 1;
    onward->client_shown = client->name;
    import->server_shown = import->server == SERVER_INIT
                               ? INIT_NAME
                               : insertion->system->components[import->server].name;
    import->server = (int)insertion->system->component_count - 1;
    import->export_index = export;
    insertion->pages += import->pages;
}

/* Adds an export for port number insertion->ports, as the one that `like` is or wants. */
static void add_export(struct insertion *insertion, const struct export_port *like)
{
    struct component *recorder = insertion->recorder;
    struct export_port *port = &recorder->exports[recorder->export_count++];

    *port = *like;
    port->name = arena_text(insertion->arena, "p%u", insertion->ports);
    port->threads = 0;
    port->exclusive = false;
}

/* Says which port of the component the next number is. */
static void add_port(struct insertion *insertion, const char *kind, const char *name,
                     uint64_t interface_id, unsigned threads)
{
    add_setting(insertion, arena_text(insertion->arena, "p%u", insertion->ports),
                arena_text(insertion->arena, "%s %s %" PRIu64 " %u", kind, name, interface_id,
                           threads));
}

/* Leads the imports of the target through the recorder. */
static void divert_imports(struct insertion *insertion)
{
    struct component *target = &insertion->system->components[insertion->target];

    for (unsigned i = 0; i < target->import_count; i++) {
        struct import_port *import = &target->imports[i];
        struct export_port like = { .interface = import->interface,
                                    .interface_id = import->channel_id,
                                    .receive = import->receive };

        add_export(insertion, &like);
        add_port(insertion, "import", import->name, import->channel_id, 1);
        divert(insertion, target, import);
        insertion->ports++;
    }
}

/* Leads the clients of one export of the target through the recorder. */
static void divert_clients(struct insertion *insertion, unsigned export)
{
    struct system *system = insertion->system;
    const struct export_port *port = &system->components[insertion->target].exports[export];
    unsigned clients = 0;

    add_port(insertion, "export", port->name, port->interface_id, port->threads);
    /* The recorder itself is the last one, and calls here for them. */
    for (unsigned i = 0; i < system->component_count - 1; i++) {
        struct component *client = &system->components[i];

        for (unsigned j = 0; j < client->import_count; j++) {
            struct import_port *import = &client->imports[j];

            if (!leads_to(import, insertion->target) || import->export_index != export) {
                continue;
            }
            if (clients == 0) {
                add_export(insertion, port);
            }
            add_setting(insertion,
                        arena_text(insertion->arena, "p%u_%u", insertion->ports, clients++),
                        client->name);
            divert(insertion, client, import);
        }
    }
    insertion->ports++;
}

/* Makes the recorder, which is not connected yet, the last component. */
static void add_recorder(struct insertion *insertion)
{
    struct system *system = insertion->system;
    struct arena *arena = insertion->arena;
    size_t bytes = system->component_count * sizeof *system->components;
    struct component *components = arena_take(arena, bytes + sizeof *components);
    struct component *recorder = &components[system->component_count];
    const struct component *target = &components[insertion->target];

    memcpy(components, system->components, bytes);
    system->components = components;
    system->component_count++;
    *recorder = *target; /* its labels */
    recorder->name = recorder->program_name = RECORDER_NAME;
    recorder->pages = RECORDER_PAGES;
    recorder->stack_pages = 4;
    recorder->slots = 0;
    recorder->trusted_dma = recorder->ends = false;
    recorder->gas_credit = recorder->gas_refill = recorder->gas_low = 0;
    recorder->restart = RESTART_NEVER;
    recorder->program = -1;
    recorder->export_count = recorder->import_count = recorder->setting_count = 0;
    recorder->exports = arena_take(arena, EXO_COMPONENT_EXPORTS_MAX * sizeof *recorder->exports);
    recorder->imports = arena_take(arena, EXO_COMPONENT_THREADS_MAX * sizeof *recorder->imports);
    recorder->settings = arena_take(arena, RUNTIME_SETTINGS_MAX * sizeof *recorder->settings);
    recorder->devices = arena_take(arena, sizeof *recorder->devices);
    recorder->devices[0] = (struct device) { .name = "capture",
                                             .kind = DEVICE_REGISTERS,
                                             .first = EXO_MACHINE_DEVICE_CAPTURE,
                                             .count = 1 };
    recorder->device_count = 1;
    insertion->recorder = recorder;
}

/* Says what the recording begins with. */
static void describe_target(struct insertion *insertion)
{
    const struct component *target = &insertion->system->components[insertion->target];
    struct arena *arena = insertion->arena;

    add_setting(insertion, "component", target->name);
    add_setting(insertion, "program", target->program_name);
    add_setting(insertion, "pages", arena_text(arena, "%u", target->pages));
    add_setting(insertion, "devices", arena_text(arena, "%u", target->device_count));
    for (unsigned i = 0; i < target->setting_count; i++) {
        add_setting(insertion, arena_text(arena, "s%u", i),
                    arena_text(arena, "%s=%s", target->settings[i].key, target->settings[i].value));
    }
}

void record_insert(struct system *system, const char *name, struct arena *arena,
                   struct report *report)
{
    int target = system_find(system, name);
    struct place whole = place_system(NULL);
    unsigned errors = report->errors;

    if (target < 0) {
        report_error(report, &whole, "there is no component \"%s\" to record; correct --record",
                     name);
    } else if (system_find(system, RECORDER_NAME) >= 0
               || system->component_count == EXO_PLAN_COMPONENTS_MAX) {
        report_error(report, &whole,
                     "there is no room for a component \"%s\", which --record adds; rename the one "
                     "that is there, or leave out a component",
                     RECORDER_NAME);
    } else {
        check_target(system, (unsigned)target, report);
    }
    if (report->errors != errors) {
        return;
    }
    struct insertion insertion = { system, NULL, arena, (unsigned)target, 0, 0 };

    add_recorder(&insertion);
    describe_target(&insertion);
    divert_imports(&insertion);
    for (unsigned i = 0; i < system->components[target].export_count; i++) {
        divert_clients(&insertion, i);
    }
    insertion.recorder->pages += insertion.pages;
    insertion.recorder->exports[0].threads++; /* the first one serves the rings */
    assert(insertion.recorder->setting_count <= RUNTIME_SETTINGS_MAX);
}
