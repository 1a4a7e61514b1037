/* SPDX-License-Identifier: MIT */
/*
 * The names of a checked composition hold only letters, digits and underscores, so nothing has to
 * be escaped here.
 */
#include "graph.h"

#include <inttypes.h>
#include <string.h>

/* Pale colours for labels; two components of one label have one colour, as far as they reach. */
static const char *const colours[] = {
    "#eef3fb", "#fdf1d8", "#e6f4e6", "#fbe4e4", "#efe6f7", "#e0f3f3", "#f7f7d4", "#f0f0f0",
};

/* The colour of a component: by the first component that has its label. */
static const char *label_colour(const struct system *system, unsigned index)
{
    uint64_t label = component_label_low(&system->components[index]);
    unsigned different = 0;

    for (unsigned i = 0; i < system->component_count; i++) {
        uint64_t other = component_label_low(&system->components[i]);
        bool first = true;

        for (unsigned j = 0; j < i && first; j++) {
            first = component_label_low(&system->components[j]) != other;
        }
        /* Labels are numbered by their first component, so the drawing is the same at each run. */
        if (other == label) {
            break;
        }
        different += first;
    }
    return colours[different % (sizeof colours / sizeof *colours)];
}

/* "0", or "2.1" for level 2 in the first dimension and 1 in the second. */
static void write_label(const uint8_t *levels, FILE *out)
{
    unsigned count = LABEL_DIMENSIONS;

    while (count > 1 && levels[count - 1] == 0) {
        count--;
    }
    for (unsigned i = 0; i < count; i++) {
        fprintf(out, "%s%d", i == 0 ? "" : ".", levels[i]);
    }
}

/* One line for each device: its kind, and where it is if it has a place. */
static void write_devices(const struct component *component, FILE *out)
{
    for (unsigned i = 0; i < component->device_count; i++) {
        const struct device *device = &component->devices[i];

        fprintf(out, "\\n%s", device_kind_name(device->kind));
        if (device->kind == DEVICE_PORTS || device->kind == DEVICE_MEMORY) {
            fprintf(out, " 0x%" PRIx64 "+0x%" PRIx64, device->first, device->count);
        } else if (device->kind == DEVICE_IRQ || device->kind == DEVICE_CPU) {
            fprintf(out, " %" PRIu64, device->first);
        } else if (device->kind == DEVICE_REGISTERS || device->kind == DEVICE_LINE) {
            fprintf(out, " %s", machine_device_name((unsigned)device->first));
        } else if (device->kind == DEVICE_FILE) {
            fprintf(out, " %s", device->path);
        }
    }
}

/* A box: name, program if it is another, memory, label or range, gas if it is bounded, devices. */
static void write_component(const struct system *system, unsigned index, FILE *out)
{
    const struct component *component = &system->components[index];

    fprintf(out, "  \"%s\" [fillcolor=\"%s\", label=\"%s", component->name,
            label_colour(system, index), component->name);
    if (strcmp(component->name, component->program_name) != 0) {
        fprintf(out, " (%s)", component->program_name);
    }
    fprintf(out, "\\n%u KiB, label ", component->pages * (PAGE_BYTES / 1024));
    write_label(component->label_levels, out);
    if (component->label_high_count > 0) {
        fputs(" to ", out);
        write_label(component->label_high_levels, out);
    }
    if (component->gas_credit > 0) {
        fprintf(out, "\\ngas %" PRIu64 " + %" PRIu64 "/s", component->gas_credit,
                component->gas_refill);
    }
    write_devices(component, out);
    fprintf(out, "\"%s];\n", component->ends ? ", peripheries=2" : "");
}

/* Arrows from a client to its servers, with the interface and the memory of the channel. */
static void write_connections(const struct system *system, unsigned index, FILE *out)
{
    const struct component *client = &system->components[index];

    for (unsigned i = 0; i < client->import_count; i++) {
        const struct import_port *import = &client->imports[i];
        const char *server
            = import->server == SERVER_INIT ? INIT_NAME : system->components[import->server].name;

        size_t schema = strcspn(import->interface, ".");
        bool own_name = strlen(import->name) != schema
                        || strncmp(import->name, import->interface, schema) != 0;

        /* One of many that an import of all interfaces stands for: an arrow says enough. */
        if (import->name[0] == INTERFACE_ANY[0]) {
            fprintf(out, "  \"%s\" -> \"%s\" [style=dotted];\n", client->name, server);
            continue;
        }
        const char *style = import->asynchronous ? ", style=dashed" : "";

        if (import_is_one_way(system, client, import)) {
            style = ", style=bold, arrowhead=onormal";
        }
        fprintf(out, "  \"%s\" -> \"%s\" [label=\"%s%s%s\\n%u KiB\"%s];\n", client->name, server,
                own_name ? import->name : "", own_name ? ": " : "", import->interface,
                import->pages * (PAGE_BYTES / 1024), style);
    }
}

bool graph_write(const struct system *system, const char *title, FILE *out)
{
    fprintf(
        out,
        "// Arrows go from client to server; dashed ones are asynchronous, bold ones with an open\n"
        "// head go one way, dotted ones stand for an import of all interfaces. Colours are\n"
        "// labels; the machine ends with a component that has a double frame.\n"
        "digraph system {\n"
        "  label=\"%s\";\n  labelloc=t;\n  rankdir=LR;\n  fontname=\"sans-serif\";\n"
        "  node [shape=box, style=\"filled,rounded\", fontname=\"sans-serif\", fontsize=11];\n"
        "  edge [fontname=\"sans-serif\", fontsize=9];\n",
        title);
    for (unsigned i = 0; i < system->component_count; i++) {
        write_component(system, i, out);
    }
    for (unsigned i = 0; i < system->component_count; i++) {
        write_connections(system, i, out);
    }
    fputs("}\n", out);
    return ferror(out) == 0;
}
