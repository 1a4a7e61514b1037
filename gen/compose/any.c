/* SPDX-License-Identifier: MIT */
#include "any.h"

#include <assert.h>
#include <string.h>

#include "check.h"

/* The list of imports that takes the place of a component's. */
struct expansion {
    struct system *system;
    struct arena *arena;
    struct report *report;
    unsigned client;
    struct import_port *imports;
    unsigned count;
};

static bool is_any(const struct import_port *import)
{
    return strcmp(import->interface, INTERFACE_ANY) == 0;
}

/* Adds an import of one export, with what else was written. */
static void add_import(struct expansion *expansion, const struct import_port *written,
                       const char *server, const char *export, const char *interface)
{
    struct import_port *port = &expansion->imports[expansion->count++];

    *port = *written;
    port->interface = interface;
    port->from = arena_text(expansion->arena, "%s.%s", server, export);
    port->name = arena_text(expansion->arena, "%s%s", INTERFACE_ANY, port->from);
}

/* Adds imports of a component's exports; with `all` only of those that everybody may have. */
static void add_exports(struct expansion *expansion, const struct import_port *written,
                        const struct component *server, bool all)
{
    bool trusted = expansion->system->components[expansion->client].trusted_dma;

    for (unsigned i = 0; i < server->export_count; i++) {
        const struct export_port *port = &server->exports[i];
        bool forbidden = strcmp(port->interface, INTERFACE_BUS) == 0 && !trusted;

        /* What has no name has no interface either, and that is reported there. */
        if (port->name[0] != '\0' && !(all && (port->exclusive || forbidden))) {
            add_import(expansion, written, server->name, port->name, port->interface);
        }
    }
}

/* Puts in what one import of all interfaces stands for. */
static void expand(struct expansion *expansion, const struct import_port *written)
{
    struct system *system = expansion->system;
    struct place place = place_item(expansion->client, "imports", written->written, "name");
    bool all = written->from[0] == '\0';
    int named = system_find(system, written->from);

    if (written->name[0] != '\0') {
        report_error(expansion->report, &place,
                     "an import of all interfaces has no name of its own; leave it out: each of "
                     "them is called \"*COMPONENT.EXPORT\"");
        return;
    }
    place.field = "from";
    if (!all && named < 0 && strcmp(written->from, INIT_NAME) != 0) {
        report_error(expansion->report, &place,
                     "there is no component \"%s\"; correct `from`, or leave it out for all "
                     "components",
                     written->from);
        return;
    }
    if (all || strcmp(written->from, INIT_NAME) == 0) {
        add_import(expansion, written, INIT_NAME, INIT_EXPORT_NAME, INIT_EXPORT_INTERFACE);
    }
    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *server = &system->components[i];
        const struct component *client = &system->components[expansion->client];

        if (all ? i != expansion->client && component_flow(client, server) == FLOW_BOTH
                : named == (int)i) {
            add_exports(expansion, written, server, all);
        }
    }
}

void any_expand(struct system *system, struct arena *arena, struct report *report)
{
    unsigned exports = 1; /* init's, and everybody's */

    for (unsigned i = 0; i < system->component_count; i++) {
        exports += system->components[i].export_count;
    }
    for (unsigned i = 0; i < system->component_count; i++) {
        struct component *component = &system->components[i];
        struct expansion expansion = { system, arena, report, i, NULL, 0 };
        unsigned room = component->import_count * exports;

        expansion.imports = arena_take(arena, (room + 1) * sizeof *expansion.imports);
        for (unsigned j = 0; j < component->import_count; j++) {
            if (is_any(&component->imports[j])) {
                expand(&expansion, &component->imports[j]);
            } else {
                expansion.imports[expansion.count++] = component->imports[j];
            }
        }
        assert(expansion.count <= room);
        component->imports = expansion.imports;
        component->import_count = expansion.count;
    }
}
