/* SPDX-License-Identifier: MIT */
/*
 * Each check of a composition: silent on a right one, and firing on the same one with one thing
 * made wrong. What the messages say word for word is tested by tests/reject/; here it is that
 * exactly one comes, about the right place.
 */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "graph.h"
#include "kernel_calls.h"
#include "locate.h"
#include "plan.h"

enum { CONSOLE, LOG, DEMO, COMPONENTS };

/* A right composition of three components, in memory of its own, so that cases can spoil it. */
struct fixture {
    struct arena arena;
    struct system system;
    struct component components[COMPONENTS];
    struct export_port exports[COMPONENTS][2];
    struct import_port imports[COMPONENTS][2];
    struct device devices[COMPONENTS][2];
    struct setting settings[COMPONENTS][2];
    struct program programs[1];
    struct report report;
    char *text;
    size_t size;
};

/* A component with one export, or none; everything else as a composition's defaults have it. */
static void fixture_component(struct fixture *fixture, unsigned index, const char *name,
                              const char *interface, uint64_t interface_id)
{
    struct component *component = &fixture->components[index];

    *component = (struct component) {
        .name = name,
        .program_name = name,
        .pages = 64,
        .stack_pages = 4,
        .share = 1,
        .exports = fixture->exports[index],
        .imports = fixture->imports[index],
        .devices = fixture->devices[index],
        .settings = fixture->settings[index],
        .export_count = interface == NULL ? 0 : 1,
    };
    fixture->exports[index][0] = (struct export_port) {
        .name = "", .interface = interface, .interface_id = interface_id, .threads = 1
    };
}

/* Connects a component to another; the same interface and id as the export's make it right. */
static void fixture_import(struct fixture *fixture, unsigned client, const char *from,
                           const char *interface, uint64_t interface_id)
{
    struct component *component = &fixture->components[client];

    component->imports[component->import_count++] = (struct import_port) {
        .name = "", .interface = interface, .interface_id = interface_id, .from = from, .pages = 8
    };
}

static struct device device_of(const char *name, enum device_kind kind, bool shared,
                               uint64_t first, uint64_t count)
{
    return (struct device) { .name = name, .kind = kind, .shared = shared, .first = first,
                             .count = count };
}

/* console <- log <- demo -> console; the console has devices, demo settings and the machine's end.
 */
static void fixture_begin(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    fixture->system = (struct system) { .component_count = COMPONENTS,
                                        .components = fixture->components,
                                        .memory_mib = 512,
                                        .cores = 1,
                                        .slice_us = 1000,
                                        .programs = fixture->programs,
                                        .program_count = 1 };
    fixture_component(fixture, CONSOLE, "console", "console.Console", 1);
    fixture_component(fixture, LOG, "log", "log.Log", 2);
    fixture_component(fixture, DEMO, "demo", NULL, 0);
    fixture_import(fixture, LOG, "console", "console.Console", 1);
    fixture_import(fixture, DEMO, "console.console", "console.Console", 1);
    fixture_import(fixture, DEMO, "log", "log.Log", 2);
    fixture->components[CONSOLE].device_count = 2;
    fixture->devices[CONSOLE][0] = device_of("", DEVICE_PORTS, false, 0x3f8, 8);
    fixture->devices[CONSOLE][1] = device_of("", DEVICE_IRQ, false, 4, 1);
    fixture->components[DEMO].setting_count = 2;
    fixture->settings[DEMO][0] = (struct setting) { "first", "1" };
    fixture->settings[DEMO][1] = (struct setting) { "second", "2" };
    fixture->components[DEMO].ends = true;
    fixture->programs[0] = (struct program) { .name = "all", .segment_count = 1 };
    fixture->programs[0].segments[0]
        = (struct segment) { .address = 0x400000,
                             .pages = 4,
                             .file_pages = 1,
                             .rights = EXO_RIGHT_READ | EXO_RIGHT_WRITE };
    system_complete(&fixture->system, &fixture->arena);
    fixture->report = (struct report) { .file = "system.capnp",
                                        .system = &fixture->system,
                                        .out = open_memstream(&fixture->text, &fixture->size) };
}

/* Frees everything that the case made. */
static void fixture_end(struct fixture *fixture)
{
    fclose(fixture->report.out);
    free(fixture->text);
    arena_free(&fixture->arena);
}

/* All checks in the order of compose itself, with a program for everybody. */
static void fixture_check(struct fixture *fixture)
{
    for (unsigned i = 0; i < COMPONENTS; i++) {
        fixture->components[i].program = 0;
    }
    check_names(&fixture->system, &fixture->report);
    check_numbers(&fixture->system, &fixture->report);
    check_labels(&fixture->system, &fixture->report);
    check_devices(&fixture->system, &fixture->report);
    check_connections(&fixture->system, &fixture->report);
    check_limits(&fixture->system, &fixture->report);
    check_flow(&fixture->system, &fixture->report);
    check_cycles(&fixture->system, &fixture->arena, &fixture->report);
    check_gas(&fixture->system, &fixture->report);
    check_memory(&fixture->system, 100, &fixture->report);
    fflush(fixture->report.out);
}

/* One wrong thing: what spoils the fixture, and how its one message must begin and go on. */
struct wrong {
    const char *name;
    void (*spoil)(struct fixture *fixture);
    const char *place;
    const char *part;
};

#define SPOIL(name, statement)                        \
    static void spoil_##name(struct fixture *fixture) \
    {                                                 \
        statement;                                    \
    }

SPOIL(none, fixture->system.component_count = 0)
SPOIL(no_name, fixture->components[DEMO].name = "")
SPOIL(capital, fixture->components[DEMO].name = "Demo")
SPOIL(digit, fixture->components[DEMO].name = "3d")
SPOIL(long_name, fixture->components[DEMO].name = "a123456789012345678901234567890x")
SPOIL(init, fixture->components[DEMO].name = "init")
SPOIL(twice, fixture->components[DEMO].name = "log")
SPOIL(program, fixture->components[DEMO].program_name = "../demo")
SPOIL(import_twice, fixture->imports[DEMO][1].name = "console")
SPOIL(import_name, fixture->imports[DEMO][1].name = "a-b")
SPOIL(device_twice, fixture->devices[CONSOLE][1].name = "ports")
SPOIL(key_empty, fixture->settings[DEMO][1].key = "")
SPOIL(key_twice, fixture->settings[DEMO][1].key = "first")
/* More settings than a component may have, each with a key of its own. */
static void spoil_items(struct fixture *fixture)
{
    struct component *component = &fixture->components[DEMO];

    component->setting_count = ITEMS_MAX + 1;
    component->settings
        = arena_take(&fixture->arena, component->setting_count * sizeof *component->settings);
    for (unsigned i = 0; i < component->setting_count; i++) {
        component->settings[i].key = arena_text(&fixture->arena, "key%u", i);
        component->settings[i].value = "";
    }
}

/* `count` imports of the log by demo, each with a name of its own. */
static void many_imports(struct fixture *fixture, unsigned count)
{
    struct component *component = &fixture->components[DEMO];
    const struct import_port *import = &fixture->imports[DEMO][1];

    component->import_count = count;
    component->imports = arena_take(&fixture->arena, count * sizeof *component->imports);
    for (unsigned i = 0; i < count; i++) {
        component->imports[i] = *import;
        component->imports[i].name = arena_text(&fixture->arena, "log%u", i);
    }
    component->pages = 1000;
}

/* `count` exports of the log, each with a name of its own. */
static void many_exports(struct fixture *fixture, unsigned count)
{
    struct component *component = &fixture->components[LOG];

    component->export_count = count;
    component->exports = arena_take(&fixture->arena, count * sizeof *component->exports);
    for (unsigned i = 0; i < count; i++) {
        component->exports[i] = fixture->exports[LOG][0];
        component->exports[i].interface = i == 0 ? "log.Log" : "log.Other";
        component->exports[i].interface_id = i == 0 ? 2 : 3;
        component->exports[i].name = arena_text(&fixture->arena, "log%u", i);
    }
    component->exports[0].name = "log";
    component->pages = 1000;
}

SPOIL(threads_sum, many_exports(fixture, 2);
      fixture->components[LOG].exports[1].threads = EXO_COMPONENT_THREADS_MAX)
SPOIL(exports, many_exports(fixture, EXO_COMPONENT_EXPORTS_MAX + 1))
SPOIL(connections, many_imports(fixture, EXO_COMPONENT_CHANNELS_MAX - 1);
      fixture->components[LOG].import_count = 2;
      fixture->imports[LOG][1] = fixture->imports[LOG][0];
      fixture->imports[LOG][1].name = "second"; fixture->components[LOG].pages = 1000)
SPOIL(slots_sum, many_imports(fixture, 32);
      for (unsigned i = 0; i < 32; i++) fixture->components[DEMO].imports[i].receive = RECEIVE_MAX)
SPOIL(settings_text, fixture->settings[DEMO][1].value = arena_text(&fixture->arena, "%032000d", 7);
      fixture->components[DEMO].pages = 1000)
SPOIL(memory_small, fixture->system.memory_mib = 15)
SPOIL(cores, fixture->system.cores = 0)
SPOIL(slice, fixture->system.slice_us = 1)
SPOIL(stack, fixture->components[LOG].stack_pages = 0)
SPOIL(share, fixture->components[LOG].share = 0)
SPOIL(slots, fixture->components[LOG].slots = SLOTS_MAX + 1; fixture->components[LOG].pages = 100)
SPOIL(threads, fixture->exports[LOG][0].threads = 0)
SPOIL(channel, fixture->imports[LOG][0].pages = 1)
SPOIL(pool, fixture->imports[LOG][0].pool_pages = POOL_PAGES_MAX + 1)
SPOIL(pool_sum, fixture->system.memory_mib = 16;
      fixture->imports[LOG][0].pool_pages = POOL_PAGES_MAX;
      fixture->imports[DEMO][0].pool_pages = POOL_PAGES_MAX)
SPOIL(receive, fixture->imports[LOG][0].receive = RECEIVE_MAX + 1)
SPOIL(restart_limit, fixture->components[LOG].restart_limit = 3)
SPOIL(restart_delay, fixture->components[LOG].restart_delay_ms = 3)
SPOIL(restart_end, fixture->components[DEMO].restart = RESTART_ALWAYS)
SPOIL(dimensions, fixture->components[LOG].label_count = 9)
SPOIL(trust, fixture->components[CONSOLE].label_high_count = 1;
      fixture->components[CONSOLE].label_high_levels[0] = 1)
SPOIL(not_above, fixture->components[CONSOLE].label_high_count = 2;
      fixture->components[CONSOLE].trusted_label = true;
      fixture->components[CONSOLE].label_high_levels[1] = 3;
      for (unsigned i = 0; i < COMPONENTS; i++) fixture->components[i].label_levels[0] = 1)
SPOIL(device_none, fixture->devices[CONSOLE][1].kind = DEVICE_NONE)
SPOIL(device_zero, fixture->devices[CONSOLE][1].count = 0)
SPOIL(irq, fixture->devices[CONSOLE][1].first = 256)
SPOIL(ports, fixture->devices[CONSOLE][0].first = 65530)
SPOIL(ram, fixture->devices[CONSOLE][1]
           = device_of("x", DEVICE_MEMORY, false, 0x100000, 4096))
SPOIL(unaligned, fixture->devices[CONSOLE][1]
                 = device_of("x", DEVICE_MEMORY, false, 0xfee00010, 4096))
SPOIL(beyond, fixture->devices[CONSOLE][1]
              = device_of("x", DEVICE_MEMORY, false, UINT64_C(1) << 46, 4096))
SPOIL(core, fixture->devices[CONSOLE][1] = device_of("x", DEVICE_CPU, false, 1, 1))
SPOIL(owners, fixture->components[LOG].device_count = 1;
      fixture->devices[LOG][0] = device_of("x", DEVICE_PORTS, true, 0x3ff, 1))
SPOIL(machine_owners, fixture->components[LOG].device_count = 1;
      fixture->devices[CONSOLE][0] = device_of("x", DEVICE_LINE, false, 1, 1);
      fixture->devices[LOG][0] = device_of("x", DEVICE_LINE, true, 1, 1))
SPOIL(unconnected, fixture->imports[LOG][0].from = "")
SPOIL(component, fixture->imports[LOG][0].from = "consul")
SPOIL(stranger, fixture->imports[LOG][0].from = "weather")
SPOIL(export, fixture->imports[LOG][0].from = "console.konsole")
SPOIL(no_export, fixture->imports[LOG][0].from = "console.weather")
SPOIL(interface, fixture->imports[DEMO][0].interface_id = 2;
      fixture->imports[DEMO][0].interface = "log.Log")
SPOIL(no_interface, fixture->imports[DEMO][1].from = "console")
SPOIL(several, fixture->components[CONSOLE].export_count = 2;
      fixture->exports[CONSOLE][1] = fixture->exports[CONSOLE][0];
      fixture->exports[CONSOLE][1].name = "second")
SPOIL(init_export, fixture->imports[LOG][0].from = "init.console")
SPOIL(init_interface, fixture->imports[LOG][0].from = "init.supervisor")
SPOIL(exclusive, fixture->exports[CONSOLE][0].exclusive = true)
SPOIL(flow, fixture->components[DEMO].import_count = 1;
      fixture->components[DEMO].label_levels[3] = 1)
SPOIL(results, fixture->components[CONSOLE].label_levels[1] = 1;
      fixture->imports[LOG][0].two_way = "method write of console.Console has results")
SPOIL(pool_upward, fixture->components[CONSOLE].label_levels[1] = 1;
      fixture->imports[LOG][0].pool_pages = 1)
SPOIL(incomparable, fixture->components[LOG].label_levels[0] = 1;
      fixture->components[CONSOLE].label_levels[1] = 1)
SPOIL(cycle, fixture->components[CONSOLE].import_count = 1;
      fixture->imports[CONSOLE][0] = fixture->imports[DEMO][1])
SPOIL(itself, fixture->components[LOG].import_count = 2;
      fixture->imports[LOG][1] = fixture->imports[DEMO][1])
SPOIL(low_mark, fixture->components[LOG].gas_credit = 5; fixture->components[LOG].gas_low = 5)
SPOIL(no_credit, fixture->components[LOG].gas_refill = 5)
SPOIL(credit, fixture->system.gas = 9; fixture->components[LOG].gas_credit = 10)
SPOIL(refill, fixture->system.gas_refill = 9; fixture->components[LOG].gas_credit = 10;
      fixture->components[LOG].gas_refill = UINT64_MAX; fixture->components[DEMO].gas_credit = 10;
      fixture->components[DEMO].gas_refill = 10)
SPOIL(few_pages, fixture->components[LOG].pages = 17)
SPOIL(many_pages, fixture->components[LOG].pages = 512 * 256)

static const struct wrong wrongs[] = {
    { "no component", spoil_none, "system.components", "no component" },
    { "no name", spoil_no_name, "components[2]", "has no name" },
    { "capital", spoil_capital, "components[2] \"Demo\".name", "no legal name" },
    { "digit first", spoil_digit, "components[2] \"3d\".name", "no legal name" },
    { "long name", spoil_long_name, "components[2] \"a1", "no legal name" },
    { "named init", spoil_init, "components[2] \"init\".name", "starts the others" },
    { "two of a name", spoil_twice, "components[2] \"log\".name", "components[1]" },
    { "program's name", spoil_program, "components[2] \"demo\".program", "no legal name" },
    { "two imports of a name", spoil_import_twice, "components[2] \"demo\".imports[1].name",
      "also" },
    { "import's name", spoil_import_name, "components[2] \"demo\".imports[1].name", "no legal" },
    { "two devices of a name", spoil_device_twice, "components[0] \"console\".devices[1].name",
      "also" },
    { "empty key", spoil_key_empty, "components[2] \"demo\".settings[1].key", "needs a key" },
    { "two keys", spoil_key_twice, "components[2] \"demo\".settings[1].key", "also" },
    { "many threads", spoil_threads_sum, "components[1] \"log\".exports", "17 threads" },
    { "many exports", spoil_exports, "components[1] \"log\".exports", "has 9" },
    { "many connections", spoil_connections, "components[1] \"log\"", "has 64 connections" },
    { "large capability table", spoil_slots_sum, "components[2] \"demo\"", "table of 22" },
    { "long settings", spoil_settings_text, "components[2] \"demo\".settings", "too much text" },
    { "many items", spoil_items, "components[2] \"demo\".settings", "at most" },
    { "no cores", spoil_cores, "system.cores", "is 0" },
    { "short slice", spoil_slice, "system.sliceMicroseconds", "is 1" },
    { "no share", spoil_share, "components[1] \"log\".share", "is 0" },
    { "no stack", spoil_stack, "components[1] \"log\".stackPages", "is 0" },
    { "large table", spoil_slots, "components[1] \"log\".slots", "is 2045" },
    { "no threads", spoil_threads, "components[1] \"log\".exports[0].threads", "is 0" },
    { "small channel", spoil_channel, "components[1] \"log\".imports[0].pages", "is 1" },
    { "large pool", spoil_pool, "components[1] \"log\".imports[0].poolPages", "is 1025" },
    { "sum of pools", spoil_pool_sum, "system.memoryMib", "need" },
    { "many slots", spoil_receive, "components[1] \"log\".imports[0].receive", "is 65" },
    { "limit of nothing", spoil_restart_limit, "components[1] \"log\".restartLimit", "no effect" },
    { "delay of nothing", spoil_restart_delay, "components[1] \"log\".restartDelayMs",
      "no effect" },
    { "restart at the end", spoil_restart_end, "components[2] \"demo\".ends", "the machine ends" },
    { "nine dimensions", spoil_dimensions, "components[1] \"log\".label", "9 dimensions" },
    { "range of an untrusted", spoil_trust, "components[0] \"console\".labelHigh", "trusted" },
    { "high not above low", spoil_not_above, "components[0] \"console\".labelHigh", "not above" },
    { "device of no kind", spoil_device_none, "components[0] \"console\".devices[1]", "no kind" },
    { "no lines", spoil_device_zero, "components[0] \"console\".devices[1].irq", "`count` is 0" },
    { "line", spoil_irq, "components[0] \"console\".devices[1].irq", "the last one is 255" },
    { "port", spoil_ports, "components[0] \"console\".devices[0].ports", "the last one is 65535" },
    { "device in RAM", spoil_ram, "components[0] \"console\".devices[1].memory", "RAM" },
    { "half a page", spoil_unaligned, "components[0] \"console\".devices[1].memory", "whole" },
    { "beyond memory", spoil_beyond, "components[0] \"console\".devices[1].memory", "beyond" },
    { "core", spoil_core, "components[0] \"console\".devices[1].cpu", "no core 1" },
    { "two owners", spoil_owners, "components[1] \"log\".devices[0]", "\"console\".devices[0]" },
    { "two owners of the machine's device", spoil_machine_owners,
      "components[1] \"log\".devices[0]", "\"console\".devices[0] (line)" },
    { "not connected", spoil_unconnected, "components[1] \"log\".imports[0]", "not connected" },
    { "component nearly", spoil_component, "components[1] \"log\".imports[0].from",
      "\"console\"?" },
    { "component", spoil_stranger, "components[1] \"log\".imports[0].from", "no component" },
    { "export nearly", spoil_export, "components[1] \"log\".imports[0].from",
      "\"console.console\"" },
    { "export", spoil_no_export, "components[1] \"log\".imports[0].from", "no export" },
    { "wrong interface", spoil_interface, "components[2] \"demo\".imports[0].from", "log.Log" },
    { "no such interface", spoil_no_interface, "components[2] \"demo\".imports[1].from",
      "exports no" },
    { "two of an interface", spoil_several, "components[1] \"log\".imports[0].from",
      "has 2 exports" },
    { "init's export", spoil_init_export, "components[1] \"log\".imports[0].from", "supervisor" },
    { "init's interface", spoil_init_interface, "components[1] \"log\".imports[0].from",
      "supervisor.Supervisor" },
    { "exclusive export", spoil_exclusive, "components[2] \"demo\".imports[0].from", "\"log\"" },
    { "downward", spoil_flow, "components[2] \"demo\".imports[0]", "leads upward only" },
    { "answers from above", spoil_results, "components[1] \"log\".imports[0]", "but method write" },
    { "pool upward", spoil_pool_upward, "components[1] \"log\".imports[0].poolPages", "no pool" },
    { "labels apart", spoil_incomparable, "components[1] \"log\".imports[0]", "forbid" },
    { "cycle", spoil_cycle, "components[1] \"log\".imports[0]",
      "\"console\" -> \"log\" -> \"console\"" },
    { "calls itself", spoil_itself, "components[1] \"log\".imports[1]", "\"log\" -> \"log\"" },
    { "low mark", spoil_low_mark, "components[1] \"log\".gas", "low mark" },
    { "no credit", spoil_no_credit, "components[1] \"log\".gas", "without a `credit`" },
    { "sum of credits", spoil_credit, "system.gas", "10 in all" },
    { "sum of refills", spoil_refill, "system.gasRefill", "in all" },
    { "pages of a component", spoil_few_pages, "components[1] \"log\".pages", "too few" },
    { "sum of pages", spoil_many_pages, "system.memoryMib", "need" },
};

/* The composition that the cases spoil has nothing wrong, so each message is the case's own. */
static void test_right(void)
{
    struct fixture fixture;

    fixture_begin(&fixture);
    fixture_check(&fixture);
    CU_ASSERT_EQUAL(fixture.report.errors, 0);
    CU_ASSERT_EQUAL(fixture.imports[DEMO][1].server, LOG);
    fixture_end(&fixture);
}

/* One message for each case, and nothing else: no check sees the ghost of another's mistake. */
static void test_wrong(void)
{
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        const struct wrong *wrong = &wrongs[i];
        struct fixture fixture;
        char start[128];

        fixture_begin(&fixture);
        wrong->spoil(&fixture);
        fixture_check(&fixture);
        snprintf(start, sizeof start, "system.capnp: %s", wrong->place);
        bool good = fixture.report.errors == 1 && strncmp(fixture.text, start, strlen(start)) == 0
                    && strstr(fixture.text, wrong->part) != NULL;

        if (!good) {
            printf("%s: %u messages:\n%s", wrong->name, fixture.report.errors, fixture.text);
        }
        CU_ASSERT(good);
        fixture_end(&fixture);
    }
}

/* What several messages or none may follow: the bounds of the two checks that others depend on. */
static void test_allowed(void)
{
    struct fixture fixture;

    fixture_begin(&fixture);
    spoil_memory_small(&fixture);
    fixture_check(&fixture);
    CU_ASSERT(fixture.report.errors >= 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(fixture.text, "is 15"));
    fixture_end(&fixture);

    /* An asynchronous import breaks the cycle; a shared device may have two owners. */
    fixture_begin(&fixture);
    spoil_cycle(&fixture);
    fixture.imports[CONSOLE][0].asynchronous = true;
    spoil_owners(&fixture);
    fixture.devices[CONSOLE][0].shared = true;
    fixture_check(&fixture);
    CU_ASSERT_EQUAL(fixture.report.errors, 0);
    fixture_end(&fixture);

    /*
     * To a server above it a client sends one way, and waits for nobody: log -> console -> demo ->
     * log, where demo is trusted with both levels, is no cycle.
     */
    fixture_begin(&fixture);
    fixture.components[CONSOLE].label_levels[1] = 1;
    fixture.components[DEMO].trusted_label = true;
    fixture.components[DEMO].label_high_count = 2;
    fixture.components[DEMO].label_high_levels[1] = 1;
    fixture.components[DEMO].export_count = 1;
    fixture.exports[DEMO][0] = (struct export_port) {
        .name = "demo", .interface = "demo.Demo", .interface_id = 3, .threads = 1
    };
    fixture.imports[DEMO][0] = fixture.imports[DEMO][1];
    fixture.components[DEMO].import_count = 1;
    fixture_import(&fixture, CONSOLE, "demo", "demo.Demo", 3);
    fixture.imports[CONSOLE][0].name = "demo";
    fixture_check(&fixture);
    CU_ASSERT_EQUAL(fixture.report.errors, 0);
    CU_ASSERT(import_is_one_way(&fixture.system, &fixture.components[LOG],
                                &fixture.imports[LOG][0]));
    CU_ASSERT(graph_write(&fixture.system, "test", fixture.report.out));
    fflush(fixture.report.out);
    CU_ASSERT_PTR_NOT_NULL(strstr(fixture.text, "style=bold, arrowhead=onormal];"));
    fixture_end(&fixture);

    /* A trusted component with a range may serve both sides of it, two plain ones may not meet. */
    fixture_begin(&fixture);
    fixture.components[CONSOLE].trusted_label = true;
    fixture.components[CONSOLE].label_high_count = 4;
    fixture.components[CONSOLE].label_high_levels[3] = 2;
    spoil_flow(&fixture);
    fixture_check(&fixture);
    CU_ASSERT_EQUAL(fixture.report.errors, 0);
    fixture_end(&fixture);
}

/* The flood of messages that one mistake in a long file can cause ends after twenty. */
static void test_many_errors(void)
{
    struct fixture fixture;

    fixture_begin(&fixture);
    for (unsigned i = 0; i < REPORT_ERRORS_MAX + 5; i++) {
        report_file(&fixture.report, "x", "error %u", i);
    }
    fflush(fixture.report.out);
    CU_ASSERT_EQUAL(fixture.report.errors, REPORT_ERRORS_MAX + 5);
    CU_ASSERT_PTR_NOT_NULL(strstr(fixture.text, "error 19"));
    CU_ASSERT_PTR_NULL(strstr(fixture.text, "error 20"));
    CU_ASSERT_PTR_NOT_NULL(strstr(fixture.text, "more errors are not shown"));
    fixture_end(&fixture);
}

static const char source[] = "@0x8000000000000000;\n" /* 1 */
                             "# const system (a comment)\n"
                             "const other :Text = \"const system = (\";\n"
                             "const system :System = (\n" /* 4 */
                             "  memoryMib = 64, components = [\n"
                             "    (name = \"a\"),\n" /* 6 */
                             "    (name = \"b, (\",\n"
                             "     imports = [(interface = \"x.X\"),\n" /* 8 */
                             "       (interface = \"y.Y\", # from = here\n"
                             "        from = \"a\")]),\n" /* 10 */
                             "    .third]);\n";

/* Every part of a path, written out or not, and a source that is cut off anywhere. */
static void test_lines(void)
{
    const struct {
        struct place place;
        unsigned line;
    } cases[] = {
        { { -1, NULL, 0, NULL }, 4 },        { { -1, NULL, 0, "memoryMib" }, 5 },
        { { -1, NULL, 0, "cores" }, 4 },     { { 0, NULL, 0, "name" }, 6 },
        { { 1, NULL, 0, NULL }, 7 },         { { 1, NULL, 0, "pages" }, 7 },
        { { 1, "imports", 0, NULL }, 8 },    { { 1, "imports", 0, "from" }, 8 },
        { { 1, "imports", 1, NULL }, 9 },    { { 1, "imports", 1, "from" }, 10 },
        { { 1, "imports", 2, "from" }, 8 },  { { 1, "exports", 0, "name" }, 7 },
        { { 2, "imports", 0, "name" }, 11 }, { { 3, NULL, 0, "name" }, 5 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CU_ASSERT_EQUAL(locate_line(source, &cases[i].place), cases[i].line);
    }
    CU_ASSERT_EQUAL(locate_line("", &cases[0].place), 1);
    for (size_t cut = 0; cut < sizeof source; cut++) {
        char part[sizeof source];

        memcpy(part, source, cut);
        part[cut] = '\0';
        CU_ASSERT(locate_line(part, &cases[9].place) <= 10);
    }
}

/* A server starts before its clients, though it was written behind them. */
static void test_order(void)
{
    struct fixture fixture;
    unsigned order[COMPONENTS];

    fixture_begin(&fixture);
    /* The console is made a client of demo, asynchronously: what waits for it still comes later.
     */
    fixture.components[DEMO].import_count = 1;
    fixture_check(&fixture);
    fixture.imports[LOG][0].server = DEMO;
    fixture.imports[DEMO][0].server = CONSOLE;
    plan_order(&fixture.system, order, &fixture.arena);
    CU_ASSERT_EQUAL(order[0], CONSOLE);
    CU_ASSERT_EQUAL(order[1], DEMO);
    CU_ASSERT_EQUAL(order[2], LOG);
    fixture_end(&fixture);
}

/* Boxes and arrows are there; what they look like is for people to judge. */
static void test_graph(void)
{
    struct fixture fixture;

    fixture_begin(&fixture);
    fixture_check(&fixture);
    CU_ASSERT(graph_write(&fixture.system, "test", fixture.report.out));
    fflush(fixture.report.out);
    CU_ASSERT_PTR_NOT_NULL(strstr(fixture.text, "\"log\" -> \"console\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(fixture.text, "console\\n256 KiB, label 0"));
    fixture_end(&fixture);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("compose", NULL, NULL);

    CU_add_test(suite, "a right composition", test_right);
    CU_add_test(suite, "each wrong thing has its message", test_wrong);
    CU_add_test(suite, "what is allowed", test_allowed);
    CU_add_test(suite, "many errors", test_many_errors);
    CU_add_test(suite, "lines in the source", test_lines);
    CU_add_test(suite, "order of start", test_order);
    CU_add_test(suite, "graph", test_graph);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();

    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
