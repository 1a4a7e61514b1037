/* SPDX-License-Identifier: MIT */
/*
 * What init can hold of a composition: the limits of idl/boot.capnp, and what a component needs to
 * start with. The sums follow what init does (components/init/plan.c, components/runtime/child.c)
 * and are rounded up where it depends on addresses: a composition that passes always starts.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "check.h"
#include "kernel_calls.h"

enum {
    /* The capability table: slots that every component has, that each channel takes, to spare. */
    OWN_SLOTS = 12,
    CHANNEL_SLOTS = 3,
    SPARE_SLOTS = 32,
    DOMAIN_BYTES = 512, /* of the kernel's Domain, before its table */
    SLOT_BYTES = 128,
    OBJECTS_IN_PAGE = 2,    /* Threads, Portals */
    UPCALL_STACK_PAGES = 2, /* of each thread */
    GUARD_PAGES = 2,        /* of each thread: addresses without memory */
    TABLE_PAGES = 512,      /* that one page table maps */
    OTHER_TABLES = 5,       /* levels above the last, and what the component maps itself */
    HEAP_PAGES_MIN = 4,
    /* The start message, in words: itself, and each entry of its lists, with its name. */
    START_WORDS = 64,
    PORT_WORDS = 16,
    PLACE_WORDS = 9,
    DEVICE_WORDS = 12,
    SETTING_WORDS = 4,
};

/* Connections that end at component `index`, or at init for SERVER_INIT, as server. */
static unsigned client_count(const struct system *system, int index)
{
    unsigned count = 0;

    for (unsigned i = 0; i < system->component_count; i++) {
        for (unsigned j = 0; j < system->components[i].import_count; j++) {
            count += system->components[i].imports[j].server == index;
        }
    }
    return count;
}

/* Connections of a component, as client and as server; each has a bit of its Event. */
static unsigned channel_count(const struct system *system, unsigned index)
{
    return system->components[index].import_count + client_count(system, (int)index);
}

/* Threads that init makes for a component: a handler for each that an export asks for, or one. */
static unsigned thread_count(const struct system *system, const struct component *component)
{
    unsigned count = 0;

    for (unsigned i = 0; i < component->export_count; i++) {
        count += system_handler_cores(system, component, i, NULL, 0);
    }
    return count == 0 ? 1 : count;
}

/* Slots that init fills or posts in the component's capability table. */
static unsigned slot_count(const struct system *system, unsigned index)
{
    const struct component *component = &system->components[index];
    unsigned count = OWN_SLOTS + thread_count(system, component) + component->import_count
                     + component->export_count + component->device_count
                     + channel_count(system, index) * CHANNEL_SLOTS;

    for (unsigned i = 0; i < component->import_count; i++) {
        count += component->imports[i].receive;
    }
    for (unsigned i = 0; i < component->export_count; i++) {
        count += component->exports[i].receive
                 * system_handler_cores(system, component, i, NULL, 0);
    }
    return count;
}

/* Slots of the table that init makes: what the composition says, if that is enough. */
static unsigned table_slots(const struct system *system, unsigned index)
{
    unsigned needed = slot_count(system, index);
    unsigned wanted = system->components[index].slots;

    /* What is more than the kernel can make is reported elsewhere. */
    wanted = wanted >= needed ? wanted : needed + SPARE_SLOTS;
    return wanted < SLOTS_MAX ? wanted : SLOTS_MAX;
}

/* Threads of the whole system: init has one and a handler for each core. */
static unsigned all_threads(const struct system *system)
{
    unsigned count = 1 + system->cores;

    for (unsigned i = 0; i < system->component_count; i++) {
        count += thread_count(system, &system->components[i]);
    }
    return count;
}

/* Words of a text in a message, with its end. */
static size_t text_words(const char *text)
{
    return strlen(text) / 8 + 1;
}

/* At most so many words does the message have that init gives the component at its start. */
static size_t start_words(const struct system *system, unsigned index)
{
    const struct component *component = &system->components[index];
    size_t words = START_WORDS + (component->import_count + component->export_count) * PORT_WORDS
                   + channel_count(system, index) * PLACE_WORDS
                   + component->device_count * DEVICE_WORDS;

    /* Who says what a core plays is told its threads, a word for each: all of them at most. */
    for (unsigned i = 0; i < component->device_count; i++) {
        if (component->devices[i].kind == DEVICE_CPU) {
            words += all_threads(system);
            break;
        }
    }
    for (unsigned i = 0; i < component->setting_count; i++) {
        words += SETTING_WORDS + text_words(component->settings[i].key)
                 + text_words(component->settings[i].value);
    }
    return words;
}

/*
 * What one component has too much of. The messages name the component itself where no single field
 * is to blame: connections and slots come from both its own lists and those of its clients.
 */
static void check_component_limits(const struct system *system, unsigned index,
                                   struct report *report)
{
    const struct component *component = &system->components[index];
    struct place place = place_component(index, NULL);
    unsigned channels = channel_count(system, index);
    unsigned slots = slot_count(system, index) + SPARE_SLOTS;
    size_t words = start_words(system, index);

    if (channels > EXO_COMPONENT_CHANNELS_MAX) {
        report_error(
            report, &place,
            "has %u connections, its own imports and its clients; at most %d are allowed: "
            "make two components of it",
            channels, EXO_COMPONENT_CHANNELS_MAX);
    }
    if (slots > SLOTS_MAX) {
        report_error(report, &place,
                     "needs a capability table of %u slots; at most %d are allowed: lower "
                     "`receive` or `threads` of its ports",
                     slots, SLOTS_MAX);
    }
    if (words > EXO_STARTUP_WORDS_MAX) {
        place.field = "settings";
        report_error(report, &place,
                     "have too much text: what the component is told at its start would take %zu "
                     "bytes, and at most %d are allowed; shorten them",
                     words * 8, EXO_STARTUP_WORDS_MAX * 8);
    }
    place.field = "exports";
    if (component->export_count > EXO_COMPONENT_EXPORTS_MAX) {
        report_error(report, &place,
                     "has %u items; at most %d are allowed: make two components of it",
                     component->export_count, EXO_COMPONENT_EXPORTS_MAX);
    }
    if (thread_count(system, component) > EXO_COMPONENT_THREADS_MAX) {
        report_error(report, &place,
                     "want %u threads in all; at most %d are allowed: lower `threads`",
                     thread_count(system, component), EXO_COMPONENT_THREADS_MAX);
    }
}

void check_limits(const struct system *system, struct report *report)
{
    unsigned channels = 0;

    for (unsigned i = 0; i < system->component_count; i++) {
        channels += system->components[i].import_count;
        check_component_limits(system, i, report);
    }
    if (channels > EXO_PLAN_CHANNELS_MAX) {
        struct place place = place_system("components");

        report_error(report, &place, "have %u imports in all; at most %d are allowed", channels,
                     EXO_PLAN_CHANNELS_MAX);
    }
    if (client_count(system, SERVER_INIT) > EXO_COMPONENT_CHANNELS_MAX) {
        struct place place = place_system("components");

        report_error(report, &place, "have %u connections to \"%s\"; at most %d are allowed",
                     client_count(system, SERVER_INIT), INIT_NAME, EXO_COMPONENT_CHANNELS_MAX);
    }
}

/* Page tables for a run of pages at any address. */
static uint64_t table_count(uint64_t pages)
{
    return pages / TABLE_PAGES + 2;
}

/* Pages of the program that the component gets copies of, and page tables for all of it. */
static uint64_t program_pages(const struct system *system, const struct component *component)
{
    uint64_t pages = 0;
    uint64_t low = EXO_PROGRAM_END;
    uint64_t high = 0;

    if (component->program < 0) {
        return 0; /* no programs were read, or this one could not be */
    }
    const struct program *program = &system->programs[component->program];

    for (unsigned i = 0; i < program->segment_count; i++) {
        const struct segment *segment = &program->segments[i];
        uint64_t end = segment->address + (uint64_t)segment->pages * PAGE_BYTES;

        low = segment->address < low ? segment->address : low;
        high = end > high ? end : high;
        pages += (segment->rights & EXO_RIGHT_WRITE) != 0 ? segment->pages : 0;
    }
    return pages + (high > low ? table_count((high - low) / PAGE_BYTES) : 0);
}

uint64_t check_pages_needed(const struct system *system, unsigned index)
{
    const struct component *component = &system->components[index];
    /* Each term is a run of frames in the order in which init takes them from the component's
     * pool. */
    uint64_t threads = thread_count(system, component);
    uint64_t table_bytes = DOMAIN_BYTES + (uint64_t)table_slots(system, index) * SLOT_BYTES;
    uint64_t start_pages = start_words(system, index) * 8 / PAGE_BYTES + 2;
    uint64_t stack_pages = threads * (component->stack_pages + UPCALL_STACK_PAGES);
    /* Addresses that page tables must reach: start message, stacks, heap, channels, and guards. */
    uint64_t reach = start_pages + stack_pages + threads * GUARD_PAGES + component->pages;

    for (unsigned i = 0; i < system->component_count; i++) {
        for (unsigned j = 0; j < system->components[i].import_count; j++) {
            const struct import_port *import = &system->components[i].imports[j];

            if (i == index || import->server == (int)index) {
                reach += import->pages + import->pool_pages + 1;
            }
        }
    }
    return (table_bytes + PAGE_BYTES - 1) / PAGE_BYTES
           + (threads + OBJECTS_IN_PAGE - 1) / OBJECTS_IN_PAGE
           + (component->export_count + OBJECTS_IN_PAGE - 1) / OBJECTS_IN_PAGE + 1 + OTHER_TABLES
           + table_count(reach) + start_pages + stack_pages + program_pages(system, component)
           + HEAP_PAGES_MIN;
}
