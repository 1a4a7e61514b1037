/* SPDX-License-Identifier: MIT */
/*
 * Checks of names, numbers and labels: what one component alone can have wrong.
 *
 * Each check looks at what the composition says, not at what an earlier check thought of it, so
 * that their order does not matter but for the order of messages. Where one mistake would be seen
 * by several checks, the later ones say where they leave it to the first.
 */
#include "check.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* Lower-case letters, digits and underscores, a letter first: a folder, a C name, a word in a
 * message. */
static bool name_legal(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

    return name[0] >= 'a' && name[0] <= 'z' && name[length] == '\0' && length <= NAME_BYTES_MAX;
}

/* As a name, but capitals may follow the first letter: ports, devices ("gasRoot"). */
static bool port_name_legal(const char *name)
{
    static const char letters[]
        = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t length = strspn(name, letters);

    return name[0] >= 'a' && name[0] <= 'z' && name[length] == '\0' && length <= NAME_BYTES_MAX;
}

/*
 * A component's name: there, legal, unlike the names before it; and the program's, when it is
 * another. The first of two equal names is right, the second is reported.
 */
static void check_component_name(const struct system *system, unsigned index,
                                 struct report *report)
{
    const struct component *component = &system->components[index];
    struct place place = place_component(index, "name");

    if (component->name[0] == '\0') {
        place.field = NULL;
        report_error(report, &place, "has no name; give it one, as in (name = \"clock\")");
        return;
    }
    if (strcmp(component->name, INIT_NAME) == 0) {
        report_error(report, &place,
                     "is the name of the component that starts the others; "
                     "choose another name");
    } else if (!name_legal(component->name)) {
        report_error(report, &place,
                     "is no legal name; use at most %d lower-case letters, digits "
                     "and underscores, a letter first",
                     NAME_BYTES_MAX);
    }
    int first = system_find(system, component->name);

    if (first >= 0 && (unsigned)first < index) {
        report_error(report, &place,
                     "is also the name of components[%d]; give each component a "
                     "name of its own (several may have the same `program`)",
                     first);
    }
    if (strcmp(component->program_name, component->name) != 0
        && !name_legal(component->program_name)) {
        place.field = "program";
        report_error(report, &place,
                     "\"%s\" is no legal name of a program; write the name of a "
                     "folder under components/",
                     component->program_name);
    }
}

/* The name of item `index` of one of the four lists, with what else the list's message needs. */
static const char *item_name(const struct component *component, const char *list, unsigned index)
{
    if (strcmp(list, "exports") == 0) {
        return component->exports[index].name;
    }
    if (strcmp(list, "imports") == 0) {
        return component->imports[index].name;
    }
    if (strcmp(list, "devices") == 0) {
        return component->devices[index].name;
    }
    assert(strcmp(list, "settings") == 0);
    return component->settings[index].key;
}

/* Which item of the list in the composition it is; imports of all interfaces have many copies. */
static unsigned written_item(const struct component *component, const char *list, unsigned index)
{
    return strcmp(list, "imports") == 0 ? component->imports[index].written : index;
}

/*
 * The names in one list of a component: legal, and no two equal. Settings have keys instead, which
 * may be any text but none at all: the program says which it knows.
 */
static void check_list_names(const struct component *component, unsigned index, const char *list,
                             unsigned count, struct report *report)
{
    /* What the program looks a thing up by. */
    bool settings = strcmp(list, "settings") == 0;
    const char *field = settings ? "key" : "name";

    if (count > ITEMS_MAX) {
        struct place place = place_component(index, list);

        report_error(report, &place,
                     "has %u items; at most %d are allowed: make two components of "
                     "it",
                     count, ITEMS_MAX);
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        const char *name = item_name(component, list, i);
        struct place place = place_item(index, list, written_item(component, list, i), field);

        if (settings && name[0] == '\0') {
            report_error(report, &place,
                         "a setting needs a key; the program's README says which it "
                         "knows");
            continue;
        }
        /* A port without any name has no interface either, which is reported there. */
        if (!settings && name[0] != '\0' && name[0] != INTERFACE_ANY[0]
            && !port_name_legal(name)) {
            report_error(report, &place,
                         "\"%s\" is no legal name; use at most %d letters, digits "
                         "and underscores, a lower-case letter first",
                         name, NAME_BYTES_MAX);
        }
        for (unsigned j = 0; j < i && name[0] != '\0'; j++) {
            if (strcmp(item_name(component, list, j), name) == 0) {
                report_error(report, &place,
                             "\"%s\" is also the %s of %s[%u]; give each a %s of "
                             "its own",
                             name, field, list, written_item(component, list, j), field);
                break;
            }
        }
    }
}

void check_names(const struct system *system, struct report *report)
{
    if (system->component_count == 0) {
        struct place place = place_system("components");

        report_error(report, &place,
                     "no component is listed; write at least one, as in "
                     "components = [(name = \"console\")]");
    }
    /* The plan counts components in 16 bits, and init keeps its tables in fixed arrays. */
    if (system->component_count > EXO_PLAN_COMPONENTS_MAX) {
        struct place place = place_system("components");

        report_error(report, &place, "%u components are listed; at most %d are allowed",
                     system->component_count, EXO_PLAN_COMPONENTS_MAX);
    }
    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *component = &system->components[i];

        check_component_name(system, i, report);
        check_list_names(component, i, "exports", component->export_count, report);
        check_list_names(component, i, "imports", component->import_count, report);
        check_list_names(component, i, "devices", component->device_count, report);
        check_list_names(component, i, "settings", component->setting_count, report);
    }
}

/* Reports `value` at `place` unless it lies in [low, high]. */
static void check_range(struct place place, uint64_t value, uint64_t low, uint64_t high,
                        struct report *report)
{
    if (value < low || value > high) {
        report_error(report, &place, "is %" PRIu64 "; write a number from %" PRIu64 " to %" PRIu64,
                     value, low, high);
    }
}

/* What a port takes of its component: threads, slots, pages of a channel. */
static void check_ports_numbers(const struct component *component, unsigned index,
                                struct report *report)
{
    for (unsigned i = 0; i < component->export_count; i++) {
        const struct export_port *port = &component->exports[i];

        check_range(place_item(index, "exports", i, "threads"), port->threads, 1, THREADS_MAX,
                    report);
        check_range(place_item(index, "exports", i, "receive"), port->receive, 0, RECEIVE_MAX,
                    report);
    }
    for (unsigned i = 0; i < component->import_count; i++) {
        const struct import_port *port = &component->imports[i];
        struct place place = place_item(index, "imports", port->written, "pages");

        check_range(place, port->pages, CHANNEL_PAGES_MIN, CHANNEL_PAGES_MAX, report);
        place.field = "poolPages";
        check_range(place, port->pool_pages, 0, POOL_PAGES_MAX, report);
        place.field = "receive";
        check_range(place, port->receive, 0, RECEIVE_MAX, report);
    }
}

/*
 * Restart rules that contradict themselves: a limit or a delay of restarts that never come, and
 * the restart of a component whose end is the end of the machine.
 */
static void check_restart(const struct component *component, unsigned index, struct report *report)
{
    if (component->restart == RESTART_NEVER) {
        if (component->restart_limit != 0 || component->restart_delay_ms != 0) {
            struct place place = place_component(
                index, component->restart_limit != 0 ? "restartLimit" : "restartDelayMs");

            report_error(report, &place,
                         "has no effect, since the component is never restarted; "
                         "write restart = onCrash or restart = always, or leave this out");
        }
    } else if (component->ends) {
        struct place place = place_component(index, "ends");

        report_error(report, &place,
                     "the machine ends with this component, so it cannot be "
                     "restarted; leave out `ends` or `restart`");
    }
}

void check_numbers(const struct system *system, struct report *report)
{
    /* Less than 16 MiB does not hold the kernel, the image and one component. */
    check_range(place_system("memoryMib"), system->memory_mib, 16, MEMORY_MIB_MAX, report);
    check_range(place_system("cores"), system->cores, 1, CORES_MAX, report);
    check_range(place_system("sliceMicroseconds"), system->slice_us, 10, 1000000, report);
    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *component = &system->components[i];

        check_range(place_component(i, "stackPages"), component->stack_pages, 1, STACK_PAGES_MAX,
                    report);
        check_range(place_component(i, "slots"), component->slots, 0, SLOTS_MAX, report);
        check_range(place_component(i, "share"), component->share, 1, SHARE_MAX, report);
        if (system->cores > 0 && component->core >= system->cores) {
            struct place place = place_component(i, "core");

            report_error(report, &place, "there is no core %u; the machine has %u (`cores` of the "
                         "system)", component->core, system->cores);
        }
        check_ports_numbers(component, i, report);
        check_restart(component, i, report);
    }
}

/*
 * One label as it was written. More levels than dimensions were cut off when the message was read;
 * `count` still says how many there were.
 */
static void check_levels(struct place place, const uint8_t *levels, unsigned count,
                         struct report *report)
{
    if (count > LABEL_DIMENSIONS) {
        report_error(report, &place, "has %u dimensions; a label has at most %d", count,
                     LABEL_DIMENSIONS);
        return;
    }
    for (unsigned dimension = 0; dimension < count; dimension++) {
        if (levels[dimension] > LABEL_LEVEL_MAX) {
            report_error(report, &place,
                         "level %d of dimension %u is too high; levels go from 0 to "
                         "%d",
                         levels[dimension], dimension, LABEL_LEVEL_MAX);
        }
    }
}

void check_labels(const struct system *system, struct report *report)
{
    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *component = &system->components[i];
        struct place high = place_component(i, "labelHigh");

        check_levels(place_component(i, "label"), component->label_levels, component->label_count,
                     report);
        check_levels(high, component->label_high_levels, component->label_high_count, report);
        /* Without an upper end the range is one label, which needs no trust. */
        if (component->label_high_count == 0) {
            continue;
        }
        if (!label_dominates(component_label_high(component), component_label_low(component))) {
            report_error(report, &high,
                         "is not above `label` in every dimension; raise it, or "
                         "lower `label`");
        } else if (!component->trusted_label
                   && component_label_high(component) != component_label_low(component)) {
            report_error(
                report, &high,
                "only a component that is trusted to keep labels apart may "
                "have a range of them; add trustedLabel = true, or leave out `labelHigh`");
        }
    }
}
