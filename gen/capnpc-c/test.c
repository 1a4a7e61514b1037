/* SPDX-License-Identifier: MIT */
/*
 * The generator as a whole: its own reader of schema.capnp comes out again, and what it writes
 * compiles without a warning with GCC and clang, hosted and freestanding without vector registers.
 */
#include <CUnit/Basic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REFERENCE "../shared/data/capnp/v0.9.2"
#define INCLUDES "-I components/runtime -I components/runtime/host "
#define WARNINGS "-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -c -o /dev/null "
#define RUNTIME_FROM "$(cd $OLDPWD && ls components/runtime/capnp*.c | grep -v _test)"
#define RUNTIME "$(ls components/runtime/capnp*.c | grep -v _test)"

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

/* Is a command there; says that it is not. */
static bool is_there(const char *command)
{
    char line[64];
    snprintf(line, sizeof line, "%s --version >/dev/null 2>&1", command);
    if (system(line) == 0)
        return true;
    printf("skipped: there is no %s ... ", command);
    return false;
}

/* Compile what was generated for a schema, by one compiler with its options. */
static void compile(const char *compiler, const char *name, bool is_header)
{
    char command[768];
    if (is_header)
        snprintf(command, sizeof command, "printf '#include \"%s.capnp.h\"\\n' | "
                 "%s -std=c++17 -x c++ " WARNINGS INCLUDES "-I %s -", name, compiler, folder);
    else
        snprintf(command, sizeof command, "%s -std=c17 " WARNINGS INCLUDES "-I %s %s/%s.capnp.c",
                 compiler, folder, folder, name);
    CU_ASSERT_EQUAL(system(command), 0);
}

/* Compile what was generated for schemas as C17, and their headers as C++. */
static void compile_all(const char *const *names, size_t count)
{
    bool has_clang = is_there("clang"), has_clang_plus = is_there("clang++");
    for (size_t i = 0; i < count; i++) {
        compile("gcc -O2", names[i], false);
        compile("g++ -O1", names[i], true);
        if (has_clang)
            compile("clang", names[i], false);
        if (has_clang_plus)
            compile("clang++", names[i], true);
    }
}

static void test_sample(void)
{
    static const char *const names[] = {"sample"};
    CU_ASSERT_EQUAL_FATAL(run("capnp compile -o %s:%s idl/sample.capnp idl/channel.capnp "
                              "idl/failure.capnp idl/kernel.capnp idl/status.capnp"), 0);
    compile_all(names, 1);
    compile("gcc -O2 -ffreestanding -mgeneral-regs-only", names[0], false);
    if (is_there("clang"))
        compile("clang -O2 -ffreestanding -mgeneral-regs-only", names[0], false);
}

/* The headers of our own schemas, mocks with them, can be read as C++ all at once. */
static void test_idl(void)
{
    static const char *const compilers[] = {"g++", "clang++"};
    char command[768];
    CU_ASSERT_EQUAL_FATAL(run("capnp compile -I idl -o %s:%s idl/*.capnp"), 0);
    for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++) {
        snprintf(command, sizeof command,
                 "(cd %s && printf '#include \"%%s\"\\n' *.capnp.h *_mock.h) | "
                 "%s -std=c++17 -x c++ "
                 WARNINGS INCLUDES "-I components/runtime/arch/x86_64 -I %s -", folder,
                 compilers[i], folder);
        if (is_there(compilers[i]))
            CU_ASSERT_EQUAL(system(command), 0);
    }
}

static void test_shapes(void)
{
    static const char *const names[] = {"shapes",    "names", "cycle_one", "old", "new"};
    CU_ASSERT_EQUAL_FATAL(run("capnp compile -I idl -o %s:%s gen/capnpc-c/shapes/*.capnp"), 0);
    compile_all(names, sizeof names / sizeof *names);
}

/* Are the reference schemas absent; they must not be where all tests are demanded. */
static bool lacks_reference(void)
{
    const char *ci = getenv("CI");
    if (access(REFERENCE "/capnp/test.capnp", R_OK) == 0)
        return false;
    CU_ASSERT_FALSE(ci && strcmp(ci, "true") == 0);
    printf("skipped: there is no " REFERENCE " ... ");
    return true;
}

static void test_reference(void)
{
    static const char *const names[] = {"c++",    "json",   "json-test", "persistent",
                                        "rpc",    "schema", "stream",    "rpc-twoparty",
                                        "test",   "test-import", "test-import2"};
    if (lacks_reference())
        return;
    CU_ASSERT_EQUAL_FATAL(run("capnp compile -I " REFERENCE " --src-prefix=" REFERENCE
                              " -o %s:%s $(find " REFERENCE "/capnp -name '*.capnp') "
                              "2>%s/warnings"), 0);
    compile_all(names, sizeof names / sizeof *names);
}

/* A program that reads the message of the reference's tests by the names of its own schema. */
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

/* Write a program into the folder. */
static void write_program(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
}

static void test_reading(void)
{
    if (lacks_reference())
        return;
    write_program("reader.c", reader);
    CU_ASSERT_EQUAL(run("true %s; gcc -std=c17 " INCLUDES "-I %s -o %s/reader %s/reader.c "
                        RUNTIME), 0);
    CU_ASSERT_EQUAL(run("true %s; for form in binary segmented; do %s/reader <" REFERENCE
                        "/capnp/testdata/$form | grep -qx -e '-12345 3456789012 1234.5 baz 3' || "
                        "exit 1; done"), 0);
}

/* A C++ program that calls the runtime, which is C. */
static const char caller[] =
    "#include \"old.capnp.h\"\n"
    "int main()\n{\n"
    "    static uint64_t words[64];\n    capnp_builder builder;\n    capnp_message message;\n"
    "    old_record_builder record;\n    old_record_reader reader;\n    capnp_list list;\n"
    "    capnp_list_builder built;\n"
    "    capnp_builder_begin(&builder, words, 64);\n"
    "    old_record_init_root(&builder, &record);\n"
    "    old_record_init_numbers(record, 3, &built);\n"
    "    old_record_set_color(record, OLD_COLOR_GREEN);\n"
    "    capnp_message_single(&message, words, builder.word_count);\n"
    "    old_record_read_root(&message, &reader);\n"
    "    old_record_get_numbers(reader, &list);\n"
    "    return old_record_get_color(reader) == OLD_COLOR_GREEN && list.count == 3 ? 0 : 1;\n}\n";

static void test_cplusplus(void)
{
    write_program("caller.cpp", caller);
    CU_ASSERT_EQUAL(run("true %s; cd %s && for file in " RUNTIME_FROM "; do "
                        "gcc -std=c17 -c -I $OLDPWD/components/runtime $OLDPWD/$file || exit 1; "
                        "done"), 0);
    CU_ASSERT_EQUAL(run("true %s; cd %s && g++ -I $OLDPWD/components/runtime -I . -o caller "
                        "caller.cpp *.o && ./caller"), 0);
}

static void test_options(void)
{
    /* Folders are made, a schema without annotations gets a prefix, also where it is imported. */
    CU_ASSERT_EQUAL(run("capnp compile -o- gen/capnpc-c/shapes/cycle_one.capnp | "
                        "%s --output=%s/made/deeper --prefix=cycle_two.capnp=second "
                        "--prefix=gen/capnpc-c/shapes/cycle_one.capnp=first"), 0);
    CU_ASSERT_EQUAL(run("true %s; grep -q '^struct first_one_reader {' "
                        "%s/made/deeper/cycle_one.capnp.h"), 0);
    CU_ASSERT_EQUAL(run("true %s; grep -q 'struct second_two_reader \\*out' "
                        "%s/made/deeper/cycle_one.capnp.h"), 0);
    CU_ASSERT_EQUAL(run("%s --help | grep -q -- --prefix="), 0);
    /* A folder that the schema chooses, and a file that imports one there. */
    CU_ASSERT_EQUAL(run("true %s; cd %s && printf '@0xe6a0c1b5d2f3e120;\\nusing C = import "
                        "\"/annotations.capnp\";\\n$C.folder(\"a/b\");\\nstruct In {}' "
                        ">in.capnp && "
                        "printf '@0xe6a0c1b5d2f3e121;\\nusing I = import \"in.capnp\";\\n"
                        "struct Out { in @0 :I.In; }' >out.capnp"), 0);
    CU_ASSERT_EQUAL(run("p=$PWD/%s; i=$PWD/idl; cd %s && "
                        "capnp compile -I $i -o $p in.capnp out.capnp && test -e a/b/in_layout.h"),
                    0);
    compile("gcc", "a/b/in", false);
    compile("gcc", "out", false);
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
    CU_add_test(suite, "our own schemas as C++", test_idl);
    CU_add_test(suite, "its own test schemas", test_shapes);
    CU_add_test(suite, "the reference schemas", test_reference);
    CU_add_test(suite, "the reference messages, read by the generated code", test_reading);
    CU_add_test(suite, "a C++ program", test_cplusplus);
    CU_add_test(suite, "options and folders", test_options);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) == 0 && failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
