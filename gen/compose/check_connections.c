/* SPDX-License-Identifier: MIT */
/*
 * Checks of the connections between components: who serves whom, labels, cycles.
 *
 * An import says what it wants (an interface) and from whom ("component.export", or "component").
 * The rules compare type ids where the schemas are known, and written names where they are not, so
 * that a missing schema, which is reported, does not hide a wrong connection.
 */
#include <assert.h>
#include <string.h>

#include "check.h"

/* How well an export answers an import. */
enum fit {
    FIT_NOT,
    FIT_INHERITS, /* its interface inherits the import's */
    FIT_SAME,
};

/* Unknown interfaces are compared by their written names. */
static enum fit interfaces_fit(const struct import_port *import, const struct export_port *port)
{
    if (import->interface_id == 0 || port->interface_id == 0) {
        return strcmp(import->interface, port->interface) == 0 ? FIT_SAME : FIT_NOT;
    }
    for (unsigned i = 0; i < port->base_count; i++) {
        if (port->bases[i] == import->interface_id) {
            return FIT_INHERITS;
        }
    }
    return import->interface_id == port->interface_id ? FIT_SAME : FIT_NOT;
}

/* Writes down which export an import leads to. */
static void connect_to(struct import_port *import, const struct component *component, int server,
                       unsigned export)
{
    import->server = server;
    import->export_index = export;
    import->channel_id = component->exports[export].interface_id;
}

/* Connects an import to init, which exports one thing. */
static void connect_init(struct import_port *import, struct place place, const char *wanted,
                         struct report *report)
{
    if (wanted[0] != '\0' && strcmp(wanted, INIT_EXPORT_NAME) != 0) {
        report_error(report, &place, "\"%s\" exports no \"%s\"; it exports only \"%s\"", INIT_NAME,
                     wanted, INIT_EXPORT_NAME);
    } else if (strcmp(import->interface, INIT_EXPORT_INTERFACE) != 0) {
        report_error(report, &place,
                     "the import is of interface %s, but \"%s.%s\" is of %s; correct "
                     "`from` or `interface`",
                     import->interface, INIT_NAME, INIT_EXPORT_NAME, INIT_EXPORT_INTERFACE);
    } else {
        import->server = SERVER_INIT;
        import->export_index = 0;
        import->channel_id = import->interface_id;
    }
}

/* Says that a component has no export of this name, and which it has. */
static void report_no_export(const struct component *server, struct place place,
                             const char *wanted, struct report *report)
{
    const char *names[ITEMS_MAX];
    unsigned count = server->export_count < ITEMS_MAX ? server->export_count : ITEMS_MAX;

    for (unsigned i = 0; i < count; i++) {
        names[i] = server->exports[i].name;
    }
    const char *nearest = report_nearest(wanted, names, count);

    /* A slip of the finger is more likely than a forgotten export. */
    if (nearest != NULL) {
        report_error(report, &place, "\"%s\" has no export \"%s\"; did you mean \"%s.%s\"?",
                     server->name, wanted, server->name, nearest);
    } else {
        report_error(report, &place,
                     "\"%s\" has no export \"%s\"; add it to its `exports`, or "
                     "correct `from`",
                     server->name, wanted);
    }
}

/* "component.export": the export by its name, which then must be of the import's interface or of
 * one that inherits it. */
static void connect_named(struct system *system, struct import_port *import, struct place place,
                          int server, const char *wanted, struct report *report)
{
    const struct component *component = &system->components[server];

    for (unsigned i = 0; i < component->export_count; i++) {
        const struct export_port *port = &component->exports[i];

        if (strcmp(port->name, wanted) != 0) {
            continue;
        }
        /* Names are unique in a component, so no other export can be meant. */
        if (interfaces_fit(import, port) == FIT_NOT) {
            report_error(report, &place,
                         "the import is of interface %s, but \"%s.%s\" is of %s; "
                         "correct `from` or `interface`",
                         import->interface, component->name, wanted, port->interface);
            return;
        }
        connect_to(import, component, server, i);
        return;
    }
    report_no_export(component, place, wanted, report);
}

/* "component" alone: its one export of the import's interface, or, if it has none, the one of an
 * interface that inherits it. */
static void connect_unnamed(struct system *system, struct import_port *import, struct place place,
                            int server, struct report *report)
{
    const struct component *component = &system->components[server];
    enum fit best = FIT_INHERITS;
    unsigned found = 0, last = 0;

    for (unsigned i = 0; i < component->export_count; i++) {
        enum fit fit = interfaces_fit(import, &component->exports[i]);

        if (fit > best) {
            best = fit;
            found = 0;
        }
        if (fit == best) {
            last = i;
            found++;
        }
    }
    /* Of two exports of an interface nobody can say which is meant. */
    if (found == 1) {
        connect_to(import, component, server, last);
    } else if (found == 0) {
        report_error(report, &place,
                     "\"%s\" exports no interface %s; add (interface = \"%s\") to its "
                     "`exports`, or correct `from`",
                     component->name, import->interface, import->interface);
    } else {
        report_error(report, &place,
                     "\"%s\" has %u exports of interface %s; write which, as in "
                     "\"%s.%s\"",
                     component->name, found, import->interface, component->name,
                     component->exports[last].name);
    }
}

/* Says that no component has this name, and which may have been meant. */
static void report_no_component(const struct system *system, struct place place,
                                const char *wanted, struct report *report)
{
    const char *names[EXO_PLAN_COMPONENTS_MAX];
    unsigned count = 0;

    for (unsigned i = 0; i < system->component_count && i < EXO_PLAN_COMPONENTS_MAX; i++) {
        names[count++] = system->components[i].name;
    }
    const char *nearest = report_nearest(wanted, names, count);

    if (nearest != NULL) {
        report_error(report, &place, "there is no component \"%s\"; did you mean \"%s\"?", wanted,
                     nearest);
    } else {
        report_error(report, &place,
                     "there is no component \"%s\"; add it to `components`, or "
                     "correct `from`",
                     wanted);
    }
}

/*
 * Connects one import, or says why it cannot be. The server stays SERVER_UNKNOWN after a message,
 * and the later checks pass over it: nothing follows from a connection that is not there.
 */
static void connect(struct system *system, unsigned index, unsigned item, struct report *report)
{
    struct import_port *import = &system->components[index].imports[item];
    struct place place = place_item(index, "imports", import->written, "from");
    char name[2 * NAME_BYTES_MAX + 2];
    const char *dot = strchr(import->from, '.');
    size_t length = strcspn(import->from, ".");

    if (import->from[0] == '\0') {
        place.field = NULL;
        report_error(report, &place,
                     "is not connected; add from = \"COMPONENT\", the name of a "
                     "component that exports %s",
                     import->interface[0] == '\0' ? "the interface" : import->interface);
        return;
    }
    /* No legal name is longer, so a name that is cut off here is found nowhere. */
    length = length < sizeof name ? length : sizeof name - 1;
    memcpy(name, import->from, length);
    name[length] = '\0';
    if (strcmp(name, INIT_NAME) == 0) {
        connect_init(import, place, dot == NULL ? "" : dot + 1, report);
        return;
    }
    int server = system_find(system, name);

    if (server < 0) {
        report_no_component(system, place, name, report);
    } else if (import->interface[0] == '\0') {
        return; /* reported with the interfaces; nothing to compare here */
    } else if (dot == NULL) {
        connect_unnamed(system, import, place, server, report);
    } else {
        connect_named(system, import, place, server, dot + 1, report);
    }
}

/* Looks for an earlier import of the same exclusive export. */
static void check_exclusive(const struct system *system, unsigned index, unsigned item,
                            struct report *report)
{
    const struct import_port *import = &system->components[index].imports[item];

    if (import->server < 0
        || !system->components[import->server].exports[import->export_index].exclusive) {
        return;
    }
    const struct component *server = &system->components[import->server];

    /* Only those before this one, so that each pair is seen once, from its second half. */
    for (unsigned i = 0; i <= index; i++) {
        const struct component *other = &system->components[i];
        unsigned count = i == index ? item : other->import_count;

        for (unsigned j = 0; j < count; j++) {
            if (other->imports[j].server == import->server
                && other->imports[j].export_index == import->export_index) {
                struct place place = place_item(index, "imports", import->written, "from");

                report_error(
                    report, &place,
                    "\"%s.%s\" is exclusive and already serves "
                    "components[%u] \"%s\"; drop one of the two imports, or `exclusive` at "
                    "the export",
                    server->name, server->exports[import->export_index].name, i, other->name);
                return;
            }
        }
    }
}

/* Whoever has a device of the bus component's reaches all memory by it. */
static void check_trust(const struct system *system, unsigned index, unsigned item,
                        struct report *report)
{
    const struct component *client = &system->components[index];
    const struct import_port *import = &client->imports[item];

    if (import->server < 0 || client->trusted_dma
        || strcmp(system->components[import->server].exports[import->export_index].interface,
                  INTERFACE_BUS)
               != 0) {
        return;
    }
    struct place place = place_item(index, "imports", import->written, "from");

    report_error(report, &place,
                 "\"%s\" gives out devices, by which \"%s\" reaches all memory; write "
                 "trustedDma = true there, or leave the import out",
                 system->components[import->server].name, client->name);
}

/* First all servers, then the exclusive ones: that check compares imports that are connected. */
void check_connections(struct system *system, struct report *report)
{
    for (unsigned i = 0; i < system->component_count; i++) {
        for (unsigned j = 0; j < system->components[i].import_count; j++) {
            connect(system, i, j, report);
        }
    }
    for (unsigned i = 0; i < system->component_count; i++) {
        for (unsigned j = 0; j < system->components[i].import_count; j++) {
            check_exclusive(system, i, j, report);
            check_trust(system, i, j, report);
        }
    }
}

/* A connection to a server above its client: the interface must be one that needs no answer. */
static void check_one_way(const struct system *system, const struct component *client,
                          const struct import_port *import, struct place place,
                          struct report *report)
{
    const char *server = system->components[import->server].name;

    if (import->two_way != NULL) {
        report_error(report, &place,
                     "\"%s\" is labelled above \"%s\", so nothing may come back, but "
                     "%s; use an interface without results and capabilities, give both the same "
                     "`label`, or put a component with trustedLabel and a range that holds both "
                     "between them",
                     server, client->name, import->two_way);
    } else if (import->pool_pages > 0) {
        place.field = "poolPages";
        report_error(report, &place,
                     "\"%s\" is labelled above \"%s\", and a connection that goes one way has no "
                     "pool; leave `poolPages` out",
                     server, client->name);
    }
}

void check_flow(const struct system *system, struct report *report)
{
    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *client = &system->components[i];

        for (unsigned j = 0; j < client->import_count; j++) {
            const struct import_port *import = &client->imports[j];
            struct place place = place_item(i, "imports", import->written, NULL);

            if (import->server < 0) {
                continue; /* init's range is the whole lattice, so it may serve everybody */
            }
            const struct component *server = &system->components[import->server];
            enum flow flow = component_flow(client, server);

            if (flow == FLOW_UP) {
                check_one_way(system, client, import, place, report);
            } else if (flow == FLOW_DOWN) {
                report_error(
                    report, &place,
                    "\"%s\" is labelled above \"%s\", and a connection that goes one way "
                    "leads upward only; let \"%s\" import an interface of \"%s\" instead, give "
                    "both the same `label`, or put a component with trustedLabel and a range "
                    "that holds both between them",
                    client->name, server->name, server->name, client->name);
            } else if (flow == FLOW_NONE) {
                report_error(
                    report, &place,
                    "the labels of \"%s\" and \"%s\" forbid this connection; "
                    "give them the same `label`, or put a component with trustedLabel and a "
                    "range that holds both between them",
                    client->name, server->name);
            }
        }
    }
}

/* The walk of check_cycles(): the components on the way, and how far each has been looked at. */
struct walk {
    const struct system *system;
    struct arena *arena;
    struct report *report;
    enum { WALK_NEW, WALK_ON_THE_WAY, WALK_DONE } * states;
    unsigned *way;
    unsigned way_count;
};

/* Reports the cycle that import `item` of the last component on the way closes. */
static void report_cycle(struct walk *walk, unsigned item, unsigned closes)
{
    unsigned client = walk->way[walk->way_count - 1];
    const struct component *component = &walk->system->components[client];
    struct place place = place_item(client, "imports", component->imports[item].written, NULL);
    const char *names = "";
    unsigned start = walk->way_count;

    /* The cycle is the end of the way, from the component that is reached again. */
    while (walk->way[start - 1] != closes) {
        start--;
    }
    for (unsigned i = start - 1; i < walk->way_count; i++) {
        names = arena_text(walk->arena, "%s\"%s\" -> ", names,
                           walk->system->components[walk->way[i]].name);
    }
    report_error(
        walk->report, &place,
        "closes a cycle of calls that could wait for each other for "
        "ever: %s\"%s\"; mark one of these imports asynchronous = true, or turn one round",
        names, walk->system->components[closes].name);
}

/* Follows the synchronous imports of one component; as deep as there are components. */
static void walk_from(struct walk *walk, unsigned index)
{
    const struct component *component = &walk->system->components[index];

    assert(walk->states[index] == WALK_NEW);
    walk->states[index] = WALK_ON_THE_WAY;
    walk->way[walk->way_count++] = index;
    for (unsigned i = 0; i < component->import_count; i++) {
        const struct import_port *import = &component->imports[i];

        if (import->asynchronous || import->server < 0
            || import_is_one_way(walk->system, component, import)) {
            continue; /* init calls nobody, so it closes no cycle */
        }
        unsigned server = (unsigned)import->server;

        if (walk->states[server] == WALK_ON_THE_WAY) {
            report_cycle(walk, i, server);
        } else if (walk->states[server] == WALK_NEW) {
            walk_from(walk, server);
        }
    }
    /* Everything behind it was looked at: no other way into it can find a new cycle. */
    walk->way_count--;
    walk->states[index] = WALK_DONE;
}

void check_cycles(const struct system *system, struct arena *arena, struct report *report)
{
    unsigned count = system->component_count;
    struct walk walk = {
        .system = system,
        .arena = arena,
        .report = report,
        .states = arena_take(arena, count * sizeof *walk.states),
        .way = arena_take(arena, count * sizeof *walk.way),
    };

    for (unsigned i = 0; i < count; i++) {
        if (walk.states[i] == WALK_NEW) {
            walk_from(&walk, i);
        }
    }
}
