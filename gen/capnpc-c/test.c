/* SPDX-License-Identifier: MIT */
/*
 * The generator as a whole: its own reader of schema.capnp comes out again, and what it writes
 * compiles without a warning with GCC and clang, hosted and freestanding without vector registers.
 */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REFERENCE "../shared/data/capnp/v0.9.2"
#define INCLUDES "-I components/runtime -I components/runtime/host "
#define WARNINGS "-std=c17 -Wall -Wextra -Wconversion -Werror -c -o /dev/null "

static char folder[64];

/* Run a command with %s as the folder for output and the generator's path as second argument. */
static int run(const char *format)
{
    char command[1024];
    const char *out = getenv("EXO_OUT");
    char plugin[256];
    snprintf(plugin, sizeof plugin, "%s/host/capnpc-c", out ? out : "build");
    snprintf(command, sizeof command, format, plugin, folder, folder, folder);
    return system(command);
}

static void test_bootstrap(void)
{
    static const char *const names[] = {"schema.capnp.h", "schema.capnp.c", "schema_layout.h"};
    CU_ASSERT_EQUAL_FATAL(run("capnp compile --no-standard-import -o %s:%s "
                              "gen/capnpc-c/bootstrap/schema.capnp"), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char command[256];
        snprintf(command, sizeof command, "cmp %s/%s gen/capnpc-c/bootstrap/%s", folder, names[i],
                 names[i]);
        CU_ASSERT_EQUAL(system(command), 0);
    }
}

/* Compile what was generated for a schema in each way. */
static void compile_all(const char *name)
{
    static const char *const compilers[] = {
        "gcc", "clang", "gcc -O2 -ffreestanding -mgeneral-regs-only",
        "clang -O2 -ffreestanding -mgeneral-regs-only"};
    for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++) {
        char command[512];
        snprintf(command, sizeof command, "%s " WARNINGS INCLUDES "-I %s %s/%s.capnp.c",
                 compilers[i], folder, folder, name);
        if (i % 2 && system("clang --version >/dev/null 2>&1") != 0)
            printf("skipped: there is no clang ... ");
        else
            CU_ASSERT_EQUAL(system(command), 0);
    }
    for (size_t i = 0; i < 2; i++) {
        char command[512];
        snprintf(command, sizeof command, "echo '#include \"%s.capnp.h\"' | %s -x c++ "
                 "-Wall -Wextra -Wconversion -Werror -c -o /dev/null " INCLUDES "-I %s -",
                 name, i ? "clang++" : "g++", folder);
        if (i && system("clang++ --version >/dev/null 2>&1") != 0)
            printf("skipped: there is no clang++ ... ");
        else
            CU_ASSERT_EQUAL(system(command), 0);
    }
}

static void test_sample(void)
{
    CU_ASSERT_EQUAL_FATAL(run("capnp compile -o %s:%s idl/sample.capnp idl/channel.capnp "
                              "idl/kernel.capnp idl/status.capnp"), 0);
    compile_all("sample");
}

static void test_reference(void)
{
    if (access(REFERENCE "/capnp/test.capnp", R_OK) != 0) {
        printf("skipped: there is no " REFERENCE " ... ");
        return;
    }
    CU_ASSERT_EQUAL_FATAL(run("capnp compile -I " REFERENCE " -o %s:%s " REFERENCE
                              "/capnp/test.capnp " REFERENCE "/capnp/test-import.capnp " REFERENCE
                              "/capnp/test-import2.capnp 2>%s/warnings"), 0);
    compile_all("test");
    compile_all("test-import");
}

/* A program that reads a TestAllTypes message with the generated reader, and prints some of it. */
static const char reader[] =
    "#include \"test.capnp.h\"\n#include <stdio.h>\n"
    "int main(void)\n{\n"
    "    static uint64_t words[4096];\n    struct capnp_segment segments[512];\n"
    "    struct capnp_message message;\n    struct test_test_all_types_reader all, inner;\n"
    "    struct test_test_all_types_list list;\n    struct capnp_text text;\n"
    "    size_t length = fread(words, 1, sizeof words, stdin);\n"
    "    if (capnp_message_framed(&message, words, length, segments, 512, NULL) ||\n"
    "        test_test_all_types_read_root(&message, &all) ||\n"
    "        test_test_all_types_get_struct_field(all, &inner) ||\n"
    "        test_test_all_types_get_text_field(inner, &text) ||\n"
    "        test_test_all_types_get_struct_list(all, &list))\n        return 1;\n"
    "    printf(\"%d %u %g %.*s %u\\n\", test_test_all_types_get_int16_field(all),\n"
    "           test_test_all_types_get_uint32_field(all),\n"
    "           test_test_all_types_get_float32_field(all), (int)text.length, text.bytes,\n"
    "           test_test_all_types_list_count(list));\n    return 0;\n}\n";

static void test_reading(void)
{
    char name[128];
    if (access(REFERENCE "/capnp/testdata/binary", R_OK) != 0) {
        printf("skipped: there is no " REFERENCE " ... ");
        return;
    }
    snprintf(name, sizeof name, "%s/reader.c", folder);
    FILE *file = fopen(name, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(reader, file);
    fclose(file);
    CU_ASSERT_EQUAL(run("true %s; gcc -std=c17 " INCLUDES "-I %s -o %s/reader %s/reader.c "
                        "components/runtime/capnp.c components/runtime/capnp_build.c"), 0);
    CU_ASSERT_EQUAL(run("true %s; for form in binary segmented; do %s/reader <" REFERENCE
                        "/capnp/testdata/$form | grep -qx -e '-12345 3456789012 1234.5 baz 3' || "
                        "exit 1; done"), 0);
}

int main(void)
{
    snprintf(folder, sizeof folder, "/tmp/capnpc-c-test.%d", (int)getpid());
    if (mkdir(folder, 0700) != 0)
        return EXIT_FAILURE;
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("capnpc-c", NULL, NULL);
    CU_add_test(suite, "its own reader of schema.capnp", test_bootstrap);
    CU_add_test(suite, "one of everything, compiled in each way", test_sample);
    CU_add_test(suite, "the reference schemas", test_reference);
    CU_add_test(suite, "the reference messages, read by the generated code", test_reading);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) == 0 && failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
