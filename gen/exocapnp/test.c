/* SPDX-License-Identifier: MIT */
/*
 * exocapnp against `capnp convert`: the same input must give the same bytes. The inputs are the
 * reference implementation's test data where it lies beside the tree, and random values of a schema
 * of our own.
 */
#include <CUnit/Basic.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DATA "../shared/data/capnp/v0.9.2"

enum { COMMAND_MAX = 8192, MESSAGES = 40 };

static char folder[] = "/tmp/exov6-exocapnp-XXXXXX";
static char tool[PATH_MAX]; /* of the configuration that is tested */

static const char schema_text[] =
    "@0xb2c5d6f1a3e49787;\n"
    "struct All {\n"
    "  f @0 :Float64; g @1 :Float32; i @2 :Int64; u @3 :UInt64; b @4 :Int8; t @5 :Text;\n"
    "  d @6 :Data; l @7 :List(Float32); next @8 :All; many @9 :List(All);\n"
    "  union { x @10 :Text; y @11 :Group; z @12 :Void; }\n"
    "}\n"
    "struct Group { v @0 :List(List(Int16)); w @1 :Bool = true; }\n";

static const char flat_text[] =
    "@0xb2c5d6f1a3e49788;\n"
    "using Json = import \"/capnp/compat/json.capnp\";\n"
    "struct Outer {\n"
    "  a @0 :UInt8; in @1 :Inner $Json.flatten();\n"
    "  un :union $Json.flatten() $Json.discriminator(name = \"kind\") {\n"
    "    p @2 :Deep $Json.flatten(prefix = \"p.\"); q @3 :UInt8; r @4 :Void; }\n"
    "}\n"
    "struct Inner { b @0 :UInt8; deep @1 :Deep $Json.flatten(prefix = \"d.\"); }\n"
    "struct Deep { c @0 :Text; d @1 :Int16; }\n";

static bool write_file(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    return file && fputs(text, file) >= 0 && fclose(file) == 0;
}

static int prepare(void)
{
    const char *out = getenv("EXO_OUT");
    char path[128];
    snprintf(path, sizeof path, "%s/host/exocapnp", out ? out : "build");
    if (!realpath(path, tool) || !mkdtemp(folder))
        return 1;
    return !write_file("all.capnp", schema_text) || !write_file("flat.capnp", flat_text);
}

static int finish(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

/* Convert by both, in folder `at`; the outputs must be equal, and not empty. */
static void compare(const char *at, const char *forms, const char *schema, const char *type,
                    const char *input)
{
    char command[COMMAND_MAX];
    snprintf(command, sizeof command,
             "cd %s && %s convert %s -I . %s %s <%s >%s/ours && "
             "capnp convert %s -I. %s %s <%s >%s/theirs && test -s %s/ours && "
             "cmp %s/ours %s/theirs",
             at, tool, forms, schema, type, input, folder, forms, schema, type, input, folder,
             folder, folder, folder);
    int status = system(command);
    if (status != 0)
        printf("\n  %s\n", command);
    CU_ASSERT_EQUAL(status, 0);
}

static void test_reference(void)
{
    static const struct { const char *form, *schema, *type, *file; } inputs[] = {
        {"binary", "test.capnp", "TestAllTypes", "binary"},
        {"flat", "test.capnp", "TestAllTypes", "flat"},
        {"packed", "test.capnp", "TestAllTypes", "packed"},
        {"flat-packed", "test.capnp", "TestAllTypes", "packedflat"},
        {"packed", "test.capnp", "TestAllTypes", "segmented-packed"},
        {"binary", "test.capnp", "TestAllTypes", "segmented"},
        {"text", "test.capnp", "TestAllTypes", "pretty.txt"},
        {"text", "test.capnp", "TestAllTypes", "short.txt"},
        {"json", "test.capnp", "TestAllTypes", "pretty.json"},
        {"json", "test.capnp", "TestAllTypes", "short.json"},
        {"binary", "test.capnp", "TestLists", "lists.binary"},
        {"binary", "compat/json-test.capnp", "TestJsonAnnotations", "annotated-json.binary"},
        {"json", "compat/json-test.capnp", "TestJsonAnnotations", "annotated.json"},
    };
    static const char *const to[] = {"binary", "packed", "flat", "flat-packed",
                                     "text", "json", "text --short", "json --short"};
    if (access(DATA "/capnp/test.capnp", R_OK) != 0) {
        printf("skipped: there is no " DATA "\n");
        return;
    }
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        for (size_t j = 0; j < sizeof to / sizeof *to; j++) {
            char forms[64], schema[128], input[128];
            snprintf(forms, sizeof forms, "%s:%s", inputs[i].form, to[j]);
            snprintf(schema, sizeof schema, "capnp/%s", inputs[i].schema);
            snprintf(input, sizeof input, "capnp/testdata/%s", inputs[i].file);
            compare(DATA, forms, schema, inputs[i].type, input);
        }
    }
}

static double random_double(void)
{
    uint64_t bits = (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^ (uint64_t)rand();
    double number;
    memcpy(&number, &bits, 8);
    if (number != number || rand() % 3 == 0)
        return (rand() % 2000000 - 1000000) / 1000.0;
    return number;
}

/* The reference takes brackets in strings for the end of a JSON message. */
static bool has_letters_only;

static void write_string(FILE *file, bool is_data)
{
    fputc('"', file);
    for (int i = rand() % 40; i > 0; i--)
        fprintf(file, "\\x%02x", has_letters_only && !is_data ? 'a' + rand() % 26
                                                               : rand() % (is_data ? 256 : 127) +
                                                                     !is_data);
    fputc('"', file);
}

/* A random value of All, as text. */
static void write_value(FILE *file, int depth)
{
    double small = random_double();
    fprintf(file, "(f = %.17g, g = %.9g, i = %d, u = %u", random_double(),
            small > 3e38 || small < -3e38 ? 0.1 : small, rand() - rand(), (unsigned)rand());
    fprintf(file, ", b = %d, t = ", rand() % 256 - 128);
    write_string(file, false);
    fprintf(file, ", d = ");
    write_string(file, true);
    fprintf(file, ", l = [");
    for (int i = rand() % 5; i > 0; i--)
        fprintf(file, "%.3g%s", rand() / 7.0, i > 1 ? ", " : "");
    fprintf(file, "]");
    if (depth > 0 && rand() % 2) {
        fprintf(file, ", next = ");
        write_value(file, depth - 1);
    }
    if (depth > 0 && rand() % 2) {
        fprintf(file, ", many = [");
        write_value(file, depth - 1);
        fprintf(file, ", (), ");
        write_value(file, depth - 1);
        fprintf(file, "]");
    }
    switch (rand() % 4) {
    case 0: fprintf(file, ", z = void)"); break;
    case 1: fprintf(file, ", y = (v = [[1, %d], [], [3]], w = false))", rand() % 100); break;
    case 2: fprintf(file, ", x = \"\")"); break;
    default: fprintf(file, ")"); break;
    }
}

static void write_values(const char *path)
{
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (int i = 0; i < MESSAGES; i++) {
        write_value(file, 3);
        fputc('\n', file);
    }
    fclose(file);
}

static void test_random(void)
{
    static const char *const forms[] = {"text:binary", "text:packed", "text:text", "text:json",
                                        "text:text --short", "text:json --short"};
    char schema[64], text[64], json[64], command[COMMAND_MAX];
    snprintf(schema, sizeof schema, "%s/all.capnp", folder);
    snprintf(text, sizeof text, "%s/text", folder);
    snprintf(json, sizeof json, "%s/json", folder);
    write_values(text);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        compare(folder, forms[i], "all.capnp", "All", text);
    has_letters_only = true;
    write_values(text);
    snprintf(command, sizeof command, "printf %%s \"$(capnp convert text:json %s All <%s)\" >%s",
             schema, text, json);
    CU_ASSERT_EQUAL(system(command), 0);
    compare(folder, "json:binary", "all.capnp", "All", json);
}

/* Members of flattened structs and unions, in any order, known and not. */
static void test_flattened(void)
{
    static const char *const texts[] = {
        "{\"a\":1,\"x\":2}", "{\"b\":1}", "{\"d.c\":\"x\",\"kind\":\"p\",\"p.d\":3}",
        "{\"p.d\":3,\"kind\":\"p\",\"a\":5}", "{\"kind\":\"q\",\"q\":7,\"d.zz\":1}",
        "{\"q\":7}", "{\"p.c\":\"no tag\"}", "{\"kind\":\"none\"}", "{\"kind\":\"r\",\"r\":1}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char path[64];
        CU_ASSERT_TRUE(write_file("flat.json", texts[i]));
        snprintf(path, sizeof path, "%s/flat.json", folder);
        compare(folder, "json:binary", "flat.capnp", "Outer", path);
        compare(folder, "json:json", "flat.capnp", "Outer", path);
    }
}

/* What a wrong use says, and its exit status. */
static void test_errors(void)
{
    static const struct { const char *arguments, *input, *says; int status; } cases[] = {
        {"", "", "exocapnp: say convert or describe; see --help", 2},
        {"convert binary", "", "exocapnp: an argument is missing or too many; see --help", 2},
        {"convert binry:text $S All", "",
         "exocapnp: there is no such form; --help lists them: binry:text", 2},
        {"convert --shrt text:text $S All", "",
         "exocapnp: there is no such option; --help lists them: --shrt", 2},
        {"convert text:text $S Al", "", "exocapnp: $S: it has no type Al", 1},
        {"convert text:text /dev/null All", "",
         "exocapnp: /dev/null: it is no compiled schema: the segment table is cut off", 1},
        {"convert text:text $S.none All", "",
         "exocapnp: $S.none: No such file or directory", 1},
        {"convert text:text $S All", "(f = 1)\\n (f = x)",
         "exocapnp: line 2, column 7: expected a Float64, found 'x'", 1},
        {"convert json:text $S All", "{\\\"f\\\": }",
         "exocapnp: line 1, column 7: expected a number, found '}'", 1},
        {"convert binary:text $S All", "abc",
         "exocapnp: the message is wrong: the segment table is cut off", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char command[COMMAND_MAX];
        snprintf(command, sizeof command,
                 "S=%s/all.capnp; printf \"%s\" | %s %s >/dev/null 2>%s/errors; "
                 "test $? = %d && test \"$(cat %s/errors)\" = \"%s\"",
                 folder, cases[i].input, tool, cases[i].arguments, folder, cases[i].status, folder,
                 cases[i].says);
        int status = system(command);
        if (status != 0)
            printf("\n  %s\n", command);
        CU_ASSERT_EQUAL(status, 0);
    }
    char command[COMMAND_MAX];
    snprintf(command, sizeof command, "%s --help | grep -q '^Usage: exocapnp convert'", tool);
    CU_ASSERT_EQUAL(system(command), 0);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("exocapnp", prepare, finish);
    srand(11);
    CU_add_test(suite, "the reference data", test_reference);
    CU_add_test(suite, "random messages", test_random);
    CU_add_test(suite, "flattened members", test_flattened);
    CU_add_test(suite, "errors", test_errors);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
