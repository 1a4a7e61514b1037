/* SPDX-License-Identifier: MIT */
/*
 * Which export an import gets when their interfaces are not the same: `client` imports interface 9,
 * and the exports of `server` are of others, which may inherit it.
 */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { SERVER, CLIENT, COMPONENTS, BASE = 9 };

static const uint64_t bases[] = { 8, BASE };
static struct export_port exports[2];
static struct import_port import;

/* Connects `from` with two exports of these interfaces; the first `heirs` of them inherit the base.
 * Answers how many messages that gives. */
static unsigned connect(const char *from, uint64_t first, uint64_t second, unsigned heirs)
{
    struct component components[COMPONENTS] = {
        { .name = "server", .exports = exports, .export_count = 2 },
        { .name = "client", .imports = &import, .import_count = 1 },
    };
    struct system system = { .component_count = COMPONENTS, .components = components };
    char *text = NULL;
    size_t size = 0;
    struct report report = { .file = "system.capnp",
                             .system = &system,
                             .out = open_memstream(&text, &size) };

    exports[0] = (struct export_port) { "one", "a.One", .interface_id = first };
    exports[1] = (struct export_port) { "two", "a.Two", .interface_id = second };
    for (unsigned i = 0; i < heirs; i++) {
        exports[i].bases = bases;
        exports[i].base_count = 2;
    }
    import = (struct import_port) { .interface = "a.Base",
                                    .interface_id = BASE,
                                    .from = from,
                                    .server = SERVER_UNKNOWN };
    check_connections(&system, &report);
    fclose(report.out);
    free(text);
    CU_ASSERT_EQUAL(import.server, report.errors == 0 ? SERVER : SERVER_UNKNOWN);
    return report.errors;
}

static void test_inherited(void)
{
    /* By its name, or the only one that inherits it; the channel is of the export's interface. */
    CU_ASSERT_EQUAL(connect("server.one", 1, 2, 1), 0);
    CU_ASSERT_EQUAL(import.export_index, 0);
    CU_ASSERT_EQUAL(import.channel_id, 1);
    CU_ASSERT_EQUAL(connect("server", 1, 2, 1), 0);
    CU_ASSERT_EQUAL(import.export_index, 0);
    CU_ASSERT_EQUAL(connect("server.two", 1, 2, 2), 0);
    CU_ASSERT_EQUAL(import.channel_id, 2);
    /* One of the interface itself is nearer. */
    CU_ASSERT_EQUAL(connect("server", 1, BASE, 1), 0);
    CU_ASSERT_EQUAL(import.export_index, 1);
    CU_ASSERT_EQUAL(import.channel_id, BASE);
}

static void test_refused(void)
{
    CU_ASSERT_EQUAL(connect("server", 1, 2, 2), 1);
    CU_ASSERT_EQUAL(connect("server", BASE, BASE, 0), 1);
    CU_ASSERT_EQUAL(connect("server", 1, 2, 0), 1);
    CU_ASSERT_EQUAL(connect("server.two", 1, 2, 1), 1);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("compose: inheritance", NULL, NULL);

    CU_add_test(suite, "what inherits the import's interface", test_inherited);
    CU_add_test(suite, "what does not, and what is not clear", test_refused);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();

    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
