/* SPDX-License-Identifier: MIT */
/* Host tests of the library. The schema is compiled by capnp, as a user's would be. */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "describe.h"
#include "json_parse.h"
#include "json_print.h"
#include "text_parse.h"
#include "text_print.h"

enum { SEGMENTS_MAX = 64, ENTRIES_MAX = 256, WORDS_MAX = 4096, TEXT_MAX = 16384 };

static const char schema_text[] =
    "@0xb2c5d6f1a3e49786;\n"
    "enum Sky { clear @0; rain @1; }\n"
    "struct Day {\n"
    "  # What a day is like.\n"
    "  name @0 :Text; celsius @1 :Int16 = -3; sky @2 :Sky = rain; wind @3 :Float32 = 1.5;\n"
    "  hours @4 :List(Hour); raw @5 :Data; flags @6 :List(Bool); next @7 :Day;\n"
    "  place :group { north @8 :Float64;\n"
    "    union { city @9 :Text; code @10 :UInt64; none @11 :Void; } }\n"
    "  far @12 :Int64; small @13 :UInt8; box @14 :Box(Text); deep @15 :List(List(UInt16));\n"
    "  default @16 :Hour = (at = 7); any @17 :AnyPointer; skies @18 :List(Sky);\n"
    "}\n"
    "struct Hour { at @0 :UInt8; }\n"
    "struct Box(T) { inside @0 :T; pair @1 :Pair(T); }\n"
    "struct Pair(T) { left @0 :T; right @1 :List(Text); }\n"
    "interface Weather extends(Base) {\n"
    "  forecast @0 (city :Text, days :UInt32 = 3) -> (day :Day);\n"
    "  # Say what comes.\n"
    "}\n"
    "interface Base { ping @0 () -> (); }\n"
    "struct Map(Key, Value) {\n"
    "  entries @0 :List(Entry); value @1 :Value;\n"
    "  struct Entry { key @0 :Key; value @1 :Value; }\n"
    "  struct Own(T) { key @0 :Key; own @1 :T; }\n"
    "}\n"
    "struct Use(T) {\n"
    "  box @0 :Map(Text, Map(T, List(Sky))); bare @1 :Map; entry @2 :Map(Text, Data).Entry;\n"
    "  own @3 :Map(T, Data).Own(Hour); structure @4 :AnyStruct; list @5 :AnyList;\n"
    "  capability @6 :Capability; store @7 :Store(Text); any @8 :AnyPointer;\n"
    "}\n"
    "interface Store(T) {\n"
    "  get @0 (key :T) -> (value :Box(T));\n"
    "  put @1 [U, V] (key :U) -> (value :Map(U, V));\n"
    "}\n";

static uint64_t *request;
static size_t request_bytes;
static struct capnp_segment segments[SEGMENTS_MAX];
static struct capnp_message schema_message;
static struct schema_entry entries[ENTRIES_MAX];
static struct schema_set set;
static uint64_t day_id;

static struct capnp_text text_of(const char *text)
{
    return (struct capnp_text){text, (uint32_t)strlen(text)};
}

static int prepare(void)
{
    char folder[] = "/tmp/exov6-dynamic-XXXXXX", command[200];
    if (!mkdtemp(folder))
        return 1;
    snprintf(command, sizeof command, "%s/weather.capnp", folder);
    FILE *file = fopen(command, "w");
    fputs(schema_text, file);
    fclose(file);
    snprintf(command, sizeof command, "cd %s && capnp compile -o- weather.capnp", folder);
    file = popen(command, "r");
    request = malloc(1 << 18);
    request_bytes = fread(request, 1, 1 << 18, file);
    int status = pclose(file);
    snprintf(command, sizeof command, "rm -r %s", folder);
    if (status != 0 || system(command) != 0)
        return 1;
    if (capnp_message_framed(&schema_message, request, request_bytes, segments, SEGMENTS_MAX, NULL))
        return 1;
    struct schema_node_reader node;
    if (schema_set_open(&set, &schema_message, entries, ENTRIES_MAX) != CAPNP_OK ||
        schema_set_find_name(&set, text_of("weather.Day"), &node) != SCHEMA_SET_FOUND)
        return 1;
    day_id = schema_node_get_id(node);
    return 0;
}

static int finish(void)
{
    free(request);
    return 0;
}

/* Parse and print again; returns what was printed, or the error with its place. */
static const char *through(const char *text, bool from_json, bool to_json, bool pretty)
{
    static uint64_t words[WORDS_MAX];
    static char printed[TEXT_MAX];
    struct capnp_builder builder;
    struct dynamic_builder root;
    struct parse_error error;
    struct capnp_message message;
    struct dynamic_struct value;
    struct output output;
    struct output_buffer buffer = {printed, sizeof printed - 1, 0};
    struct print_options options = {.pretty = pretty};
    uint32_t length = (uint32_t)strlen(text);
    capnp_builder_begin(&builder, words, WORDS_MAX);
    CU_ASSERT_EQUAL_FATAL(dynamic_init_root(&builder, &set, day_id, &root), CAPNP_OK);
    if (!(from_json ? json_parse : text_parse)(&root, text, length, (struct parse_options){0}, NULL,
                                               &error)) {
        snprintf(printed, sizeof printed, "%u:%u: %s", error.line, error.column, error.text);
        return printed;
    }
    capnp_message_single(&message, words, builder.word_count);
    CU_ASSERT_EQUAL(capnp_read_root(&message, &value.data), CAPNP_OK);
    CU_ASSERT_TRUE(dynamic_shape_open(&value.shape, &set, day_id, NULL, NULL));
    output_begin_buffer(&output, &buffer);
    enum dynamic_error wrong = (to_json ? json_print : text_print)(&value, options, &output);
    printed[buffer.used] = '\0';
    if (wrong != DYNAMIC_OK)
        snprintf(printed, sizeof printed, "%s", dynamic_error_text(wrong));
    return printed;
}

#define REST "place = (north = 0, none = void), far = 0, small = 0)"

static void check_text(const char *from, const char *to)
{
    const char *printed = through(from, false, false, false);
    if (strcmp(printed, to) != 0)
        printf("\n%s\n  gives    %s\n  expected %s\n", from, printed, to);
    CU_ASSERT_STRING_EQUAL(printed, to);
}

static void test_text(void)
{
    check_text("(celsius = 0x10, sky = clear, wind = -inf, place = (none = void))",
               "(celsius = 16, sky = clear, wind = -inf, " REST);
    check_text("(celsius = -32768, sky = (9), wind = 1e10, place = (none = void))",
               "(celsius = -32768, sky = (9), wind = 1e10, " REST);
    check_text("( # comment )\n name = \"a\\x41\\101\\n\\\"\", place = (none = void),)",
               "(name = \"aAA\\n\\\"\", celsius = -3, sky = rain, wind = 1.5, " REST);
    check_text("(raw = 0x\"00 ff41\", hours = [(at = 1), (), ], place = (none = void))",
               "(celsius = -3, sky = rain, wind = 1.5, hours = [(at = 1), (at = 0)], "
               "raw = \"\\000\\377A\", " REST);
    check_text("(flags = [true, false], deep = [[1, 2], [], [65535]], far = -9223372036854775808, "
               "small = 255, place = (north = 0.1, code = 18446744073709551615))",
               "(celsius = -3, sky = rain, wind = 1.5, flags = [true, false], place = "
               "(north = 0.1, code = 18446744073709551615), far = -9223372036854775808, "
               "small = 255, deep = [[1, 2], [], [65535]])");
    check_text("(box = (inside = \"x\", pair = (left = \"l\", right = [\"y\", \"\"])), "
               "skies = [rain, clear], "
               "default = (), place = (city = \"\"))",
               "(celsius = -3, sky = rain, wind = 1.5, place = (north = 0, city = \"\"), far = 0, "
               "small = 0, box = (inside = \"x\", pair = (left = \"l\", right = [\"y\", \"\"])), "
               "default = (at = 0), skies = [rain, clear])");
}

/* Each wrong text with its place and sentence. */
static void test_text_errors(void)
{
    static const struct { const char *text, *error; } cases[] = {
        {"", "1:1: expected '(', but the text ends here"},
        {"(", "1:2: expected a field's name or ')', but the text ends here"},
        {"(nam = \"\")", "1:2: there is no field nam here; there are: name, celsius, sky, wind, "
                         "hours, raw, flags, next, place, far, small, box, deep, default, any"},
        {"(celsius 1)", "1:10: expected '=' behind a field's name, found '1'"},
        {"(celsius = 32768)", "1:12: this number is out of the range of Int16"},
        {"(small = -1)", "1:10: this number is out of the range of UInt8"},
        {"(small = 0x100)", "1:10: this number is out of the range of UInt8"},
        {"(celsius = 1.5)", "1:12: expected an integer for Int16"},
        {"(celsius = hot)", "1:12: expected an Int16, found 'hot'"},
        {"(sky = snow)", "1:8: there is no such name; there are: clear, rain"},
        {"(name = \"abc\n\")", "1:9: this string does not end"},
        {"(name = \"\\q\")", "1:11: there is no such escape in a string"},
        {"(name = 5)", "1:9: expected \" for Text, found '5'"},
        {"(raw = 0x\"00 0\")", "1:14: expected two hexadecimal digits or \", found '0\"'"},
        {"(raw = 0x\"\")", "1:11: expected two hexadecimal digits, found '\"'"},
        {"(hours = [(at = 1)", "1:19: expected ',' or ']', but the text ends here"},
        {"(hours = [\n  (at = 1) (at = 2)])", "2:12: expected ',' or ']', found '(at'"},
        {"(flags = [1])", "1:11: expected true or false, found '1]'"},
        {"(hours = 5)", "1:10: expected '[' for a list, found '5'"},
        {"(next = 5)", "1:9: expected '(' for a struct, found '5'"},
        {"(any = 1)", "1:8: a pointer of unknown type cannot be written as text"},
        {"(small = (1, 2))", "1:14: expected ')', found '2'"},
        {"(small = 1) x", "1:13: expected nothing more, found 'x'"},
        {"(small = 1 far = 2)", "1:12: expected ',' or ')', found 'far'"},
        {"(far = 99999999999999999999999)", "1:8: this number is out of the range of Int64"},
        {"(name = \"\033\033[2J", "1:9: this string does not end"},
        {"(\033 = 1)", "1:2: expected a field's name or ')', found '?'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_text(cases[i].text, cases[i].error);
}

static void check_json(const char *from, const char *to)
{
    const char *printed = through(from, true, false, false);
    if (strcmp(printed, to) != 0)
        printf("\n%s\n  gives    %s\n  expected %s\n", from, printed, to);
    CU_ASSERT_STRING_EQUAL(printed, to);
}

static void test_json(void)
{
    check_json("{\"celsius\": 5.0, \"sky\": \"clear\", \"wind\": \"NaN\", "
               "\"place\": {\"none\": null}, \"x\": [1, {\"y\": null}]}",
               "(celsius = 5, sky = clear, wind = nan, " REST);
    check_json("{\"name\": \"\\u00e9\\ud83d\\ude00\\/\\n\", \"raw\": [0, 255], \"place\": "
               "{\"none\": null}}",
               "(name = \"\303\251\360\237\230\200/\\n\", celsius = -3, sky = rain, wind = 1.5, "
               "raw = \"\\000\\377\", " REST);
    check_json("{\"far\": \"-9223372036854775808\", \"small\": 2.55e2, \"deep\": [[1], []], "
               "\"place\": {\"none\": null}}",
               "(celsius = -3, sky = rain, wind = 1.5, place = (north = 0, none = void), "
               "far = -9223372036854775808, small = 255, deep = [[1], []])");
    CU_ASSERT_STRING_EQUAL( /* strings that follow each other are one */
        through("(name = \"a\" \"\"\n# and\n\"bc\", raw = \"A\"\"B\")", false, true, false),
        "{\"name\":\"abc\",\"celsius\":-3,\"sky\":\"rain\",\"wind\":1.5,"
        "\"raw\":[65,66],\"place\":{\"north\":0,\"city\":\"\"},"
        "\"far\":\"0\",\"small\":0}");
    CU_ASSERT_STRING_EQUAL(
        through("(name = \"a\\\"\\x1f\", far = 5, flags = [true], raw = \"A\", wind = inf)", false,
                true, false),
        "{\"name\":\"a\\\"\\u001f\",\"celsius\":-3,\"sky\":\"rain\",\"wind\":\"Infinity\","
        "\"raw\":[65],\"flags\":[true],\"place\":{\"north\":0,\"city\":\"\"},"
        "\"far\":\"5\",\"small\":0}");
}

static void test_json_errors(void)
{
    static const struct { const char *text, *error; } cases[] = {
        {"", "1:1: expected '{' for a struct, but the text ends here"},
        {"{\"small\": 256}", "1:11: this number is out of the range of UInt8"},
        {"{\"small\": 01}", "1:11: a number does not begin with 0"},
        {"{\"small\": 1.5}", "1:11: expected an integer for UInt8"},
        {"{\"small\": 1,}", "1:13: expected a string, found '}'"},
        {"{\"small\" 1}", "1:10: expected ':', found '1}'"},
        {"{\"name\": \"\\ud800x\"}", "1:13: half of a surrogate pair stands alone"},
        {"{\"name\": \"\\u12\"}", "1:15: expected four hexadecimal digits behind \\u, found '\"}'"},
        {"{\"name\": \"\n\"}", "1:11: a control character must be written as an escape"},
        {"{\"name\": \"x", "1:10: this string does not end"},
        {"{\"raw\": [256]}", "1:10: expected a byte, 0 to 255"},
        {"{\"sky\": \"snow\"}", "1:9: the enum has no such name"},
        {"{\"name\": null}", "1:10: expected a string, found 'null}'"},
        {"{\"flags\": [true false]}", "1:17: expected ',' or ']', found 'false]}'"},
        {"{\"x\": [1, 2}", "1:12: expected ',' or ']', found '}'"},
        {"{\"any\": 1}", "1:9: a pointer of unknown type cannot be written as JSON"},
        {"{} 1", "1:4: expected nothing more, found '1'"},
        {"{\"x\": nul}", "1:7: expected a value, found 'nul}'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_json(cases[i].text, cases[i].error);
}

/* The limits of depth and work hold. */
static void test_limits(void)
{
    char text[TEXT_MAX];
    size_t at = 0;
    for (int i = 0; i < 200; i++)
        at += (size_t)sprintf(text + at, "(next = ");
    text[at] = '\0';
    CU_ASSERT_STRING_EQUAL(through(text, false, false, false), "1:1033: this is nested too deeply");
    at = 0;
    for (int i = 0; i < 100; i++)
        at += (size_t)sprintf(text + at, "(next = ");
    for (int i = 0; i < 101; i++)
        at += (size_t)sprintf(text + at, i == 0 ? "()" : ")");
    /* More than the reader's 64 levels: the message is refused when it is printed. */
    CU_ASSERT_STRING_EQUAL(through(text, false, false, false),
                           "the message breaks a rule of the encoding");
    at = (size_t)sprintf(text, "{\"x\":");
    memset(text + at, '[', 1000);
    text[at + 1000] = '\0';
    CU_ASSERT_STRING_EQUAL(through(text, true, false, false), "1:134: this is nested too deeply");
}

/* The same for printers, which the message's own limits do not bound: groups may contain
 * themselves in a hostile schema, and structs may have many fields. */
static void test_print_limits(void)
{
    static const struct { struct print_options options; enum dynamic_error error; } cases[] = {
        {{false, 4, 0, 0}, DYNAMIC_OK}, {{false, 3, 0, 0}, DYNAMIC_DEPTH},
        {{true, 3, 0, 0}, DYNAMIC_DEPTH}, {{false, 0, 30, 0}, DYNAMIC_WORK},
        {{true, 0, 30, 0}, DYNAMIC_WORK},
    };
    uint64_t words[256];
    struct capnp_builder builder;
    struct dynamic_builder root;
    struct parse_error error;
    struct capnp_message message;
    struct dynamic_struct value;
    struct output output;
    const char *text = "(next = (next = (place = (code = 1))), place = (none = void))";
    capnp_builder_begin(&builder, words, 256);
    dynamic_init_root(&builder, &set, day_id, &root);
    CU_ASSERT_TRUE(text_parse(&root, text, (uint32_t)strlen(text), (struct parse_options){0}, NULL,
                              &error));
    capnp_message_single(&message, words, builder.word_count);
    capnp_read_root(&message, &value.data);
    CU_ASSERT_TRUE(dynamic_shape_open(&value.shape, &set, day_id, NULL, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        output_begin_count(&output, UINT64_MAX);
        CU_ASSERT_EQUAL(text_print(&value, cases[i].options, &output), cases[i].error);
        CU_ASSERT_EQUAL(json_print(&value, cases[i].options, &output), cases[i].error);
    }
}

/* A list that an older or newer writer made of other elements, where the schema has structs or
 * numbers: the encoding allows it, and what is missing reads as the default. */
static void test_upgrade(void)
{
    uint64_t words[64];
    struct capnp_builder builder;
    struct dynamic_builder root;
    struct dynamic_field hours, deep;
    struct capnp_list_builder list;
    struct capnp_message message;
    struct dynamic_struct value;
    struct dynamic_value read, element;
    struct dynamic_type type;
    capnp_builder_begin(&builder, words, 64);
    dynamic_init_root(&builder, &set, day_id, &root);
    CU_ASSERT_TRUE_FATAL(dynamic_field_find(&root.shape, text_of("hours"), &hours));
    CU_ASSERT_TRUE_FATAL(dynamic_field_find(&root.shape, text_of("deep"), &deep));
    struct dynamic_place place = dynamic_field_place(&root, &hours);
    capnp_init_list(&builder, dynamic_pointer_at(&place), CAPNP_BYTE, 3, &list);
    for (uint32_t i = 0; i < 3; i++)
        capnp_list_set_uint8(&list, i, (uint8_t)(i + 5));
    place = dynamic_field_place(&root, &deep); /* no lists, but bits */
    capnp_init_list(&builder, dynamic_pointer_at(&place), CAPNP_BIT, 3, &list);
    capnp_message_single(&message, words, builder.word_count);
    capnp_read_root(&message, &value.data);
    CU_ASSERT_TRUE(dynamic_shape_open(&value.shape, &set, day_id, NULL, NULL));
    CU_ASSERT_EQUAL(dynamic_get(&value, &hours, &read), CAPNP_OK);
    type = dynamic_type_element(&read.type);
    for (uint32_t i = 0; i < 3; i++) {
        struct dynamic_struct hour;
        struct dynamic_field at;
        CU_ASSERT_EQUAL(dynamic_list_get(&read, &type, i, &element), CAPNP_OK);
        CU_ASSERT_TRUE_FATAL(dynamic_open(&element, &hour));
        CU_ASSERT_TRUE_FATAL(dynamic_field_find(&hour.shape, text_of("at"), &at));
        CU_ASSERT_EQUAL(dynamic_get(&hour, &at, &element), CAPNP_OK);
        CU_ASSERT_EQUAL(element.bits, i + 5);
    }
    CU_ASSERT_EQUAL(dynamic_list_get(&read, &type, 3, &element), CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(dynamic_get(&value, &deep, &read), CAPNP_KIND);
}

static void test_describe(void)
{
    static char printed[TEXT_MAX];
    struct output output;
    struct output_buffer buffer = {printed, sizeof printed - 1, 0};
    struct schema_node_reader node;
    struct schema_set_method method;
    output_begin_buffer(&output, &buffer);
    CU_ASSERT_EQUAL(schema_set_find_name(&set, text_of("Weather"), &node), SCHEMA_SET_FOUND);
    describe_node(&set, node, &output);
    printed[buffer.used] = '\0';
    CU_ASSERT_STRING_EQUAL(printed,
                           "interface Weather\n"
                           "  forecast @0 (city :Text, days :UInt32 = 3) -> (day :Day)\n"
                           "    # Say what comes.\n"
                           "  ping @0 () -> ()\n");
    CU_ASSERT_TRUE(schema_set_find_method(&set, node, text_of("ping"), &method));
    CU_ASSERT_NOT_EQUAL(method.interface_id, schema_node_get_id(node));
    CU_ASSERT_FALSE(schema_set_find_method(&set, node, text_of("pong"), &method));
    CU_ASSERT_FALSE(schema_set_find_method(&set, node, text_of(""), &method));
    CU_ASSERT_TRUE(schema_set_any_method(&set, node, 0, &method));
    CU_ASSERT_EQUAL(method.interface_id, schema_node_get_id(node));
    CU_ASSERT_TRUE(schema_set_any_method(&set, node, 1, &method));
    CU_ASSERT_NOT_EQUAL(method.interface_id, schema_node_get_id(node));
    CU_ASSERT_EQUAL(method.ordinal, 0);
    CU_ASSERT_FALSE(schema_set_any_method(&set, node, 2, &method));
    CU_ASSERT_EQUAL(schema_set_find_name(&set, text_of("Wetter"), &node), SCHEMA_SET_NONE);
}

/* What describe says of a type. */
static const char *described(const char *name)
{
    static char printed[TEXT_MAX];
    struct output output;
    struct output_buffer buffer = {printed, sizeof printed - 1, 0};
    struct schema_node_reader node;
    output_begin_buffer(&output, &buffer);
    if (schema_set_find_name(&set, text_of(name), &node) == SCHEMA_SET_FOUND)
        describe_node(&set, node, &output);
    printed[buffer.used] = '\0';
    return printed;
}

/* Parameters of types have their names, brands what they bind. */
static void test_describe_generic(void)
{
    CU_ASSERT_STRING_EQUAL(described("Map"), "struct Map(Key, Value)\n"
                                             "  entries :List(Map.Entry)\n"
                                             "  value :Value\n");
    CU_ASSERT_STRING_EQUAL(described("Map.Own"), "struct Map.Own(T)\n"
                                                 "  key :Key\n"
                                                 "  own :T\n");
    CU_ASSERT_STRING_EQUAL(described("Use"), "struct Use(T)\n"
                                             "  box :Map(Text, Map(T, List(Sky)))\n"
                                             "  bare :Map\n"
                                             "  entry :Map(Text, Data).Entry\n"
                                             "  own :Map(T, Data).Own(Hour)\n"
                                             "  structure :AnyStruct\n"
                                             "  list :AnyList\n"
                                             "  capability :Capability\n"
                                             "  store :Store(Text)\n"
                                             "  any :AnyPointer\n");
    CU_ASSERT_STRING_EQUAL(described("Store"),
                           "interface Store(T)\n"
                           "  get @0 (key :T) -> (value :Box(T))\n"
                           "  put @1 [U, V] (key :U) -> (value :Map(U, V))\n");
}

static void test_decimal(void)
{
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^ (uint64_t)rand();
        char printed[DECIMAL_TEXT_MAX + 1], expected[64];
        double number, back;
        if (i % 3 == 0)
            bits &= UINT64_C(0x800fffffffffffff);
        memcpy(&number, &bits, 8);
        if (i % 5 == 0) {
            number = (rand() % 20000 - 10000) / 64.0;
            memcpy(&bits, &number, 8);
        }
        if (number != number)
            continue;
        printed[decimal_print(printed, bits, decimal_float64)] = '\0';
        back = strtod(printed, NULL);
        CU_ASSERT_EQUAL(memcmp(&back, &number, 8), 0);
        snprintf(expected, sizeof expected, "%.15g", number);
        if (strtod(expected, NULL) != number)
            snprintf(expected, sizeof expected, "%.17g", number);
        char *plus = strchr(expected, '+');
        if (plus)
            memmove(plus, plus + 1, strlen(plus));
        CU_ASSERT_STRING_EQUAL(printed, expected);
    }
}

/* Use everything there is on a message and a schema that may say anything. */
static void use(const struct schema_set *any, const uint64_t *words, uint32_t count, bool pretty)
{
    struct capnp_message message;
    struct dynamic_struct value;
    struct output output;
    struct print_options options = {.pretty = pretty, .depth_max = 40, .work_max = 20000};
    output_begin_count(&output, UINT64_MAX);
    capnp_message_single(&message, words, count);
    if (dynamic_shape_open(&value.shape, any, day_id, NULL, NULL)) {
        capnp_read_root(&message, &value.data);
        text_print(&value, options, &output);
        capnp_message_single(&message, words, count);
        capnp_read_root(&message, &value.data);
        json_print(&value, options, &output);
    }
    for (uint32_t i = 0; i < any->count; i++)
        describe_node(any, any->entries[i].node, &output);
}

static const char *const seeds[] = {
    "(name = \"a\", hours = [(at = 1), (at = 2)], next = (deep = [[1], [2, 3]], flags = [true]), "
    "box = (inside = \"x\", pair = (right = [\"y\"])), place = (city = \"z\"), raw = 0x\"41\")",
    "{\"name\": \"a\\u0041\", \"hours\": [{\"at\": 1}], \"next\": {\"deep\": [[1], [2]]}, \"far\": "
    "\"5\", \"place\": {\"code\": \"7\"}, \"wind\": 1.25e3}",
};

/* Parse a text, right or wrong, and print what came of it. */
static void use_text(const struct schema_set *any, const char *text, uint32_t length, bool is_json)
{
    static uint64_t words[WORDS_MAX];
    struct capnp_builder builder;
    struct dynamic_builder root;
    struct parse_error error;
    struct parse_options options = {.depth_max = 40, .work_max = 100000};
    capnp_builder_begin(&builder, words, rand() % 4 == 0 ? (uint32_t)rand() % 64 : WORDS_MAX);
    if (dynamic_init_root(&builder, any, day_id, &root) != CAPNP_OK)
        return;
    (is_json ? json_parse : text_parse)(&root, text, length, options, NULL, &error);
    use(any, words, builder.word_count, rand() % 2);
}

/* Schemas, messages and texts with bytes changed at random: the sanitizers watch. */
static void test_hostile(void)
{
    static struct capnp_segment places[SEGMENTS_MAX];
    static struct schema_entry own_entries[ENTRIES_MAX];
    uint8_t *copy = malloc(request_bytes);
    for (int i = 0; i < 3000; i++) {
        struct capnp_message message;
        struct schema_set hostile = set;
        char text[512];
        memcpy(copy, request, request_bytes);
        for (int j = rand() % 8; i % 2 == 0 && j > 0; j--)
            copy[16 + (size_t)rand() % (request_bytes - 16)] ^= (uint8_t)(1 << rand() % 8);
        if (i % 2 == 0 && (capnp_message_framed(&message, copy, request_bytes, places, SEGMENTS_MAX,
                                                NULL) != CAPNP_OK ||
                           schema_set_open(&hostile, &message, own_entries, ENTRIES_MAX) !=
                               CAPNP_OK))
            continue;
        uint32_t length = (uint32_t)strlen(seeds[i / 2 % 2]);
        memcpy(text, seeds[i / 2 % 2], length);
        for (int j = rand() % 4; j > 0; j--)
            text[(uint32_t)rand() % length] = "()[]{}\",:=0x9\\ue-#n"[rand() % 19];
        use_text(&hostile, text, (uint32_t)rand() % 8 ? length : (uint32_t)rand() % length,
                 i / 2 % 2 == 1);
        uint64_t noise[64] = {0};
        for (int j = 0; j < 64; j++)
            noise[j] = rand() % 3 ? (uint64_t)rand() % 64 << 2 | (uint64_t)(rand() % 2) |
                                        (uint64_t)rand() % 8 << 32 | (uint64_t)rand() % 8 << 35 |
                                        (uint64_t)rand() % 4 << 48
                                  : 0;
        use(&hostile, noise, 64, i % 3 == 0);
    }
    free(copy);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("dynamic", prepare, finish);
    srand(7);
    CU_add_test(suite, "numbers", test_decimal);
    CU_add_test(suite, "text", test_text);
    CU_add_test(suite, "wrong text", test_text_errors);
    CU_add_test(suite, "JSON", test_json);
    CU_add_test(suite, "wrong JSON", test_json_errors);
    CU_add_test(suite, "limits", test_limits);
    CU_add_test(suite, "limits of printing", test_print_limits);
    CU_add_test(suite, "upgraded lists", test_upgrade);
    CU_add_test(suite, "describe", test_describe);
    CU_add_test(suite, "describe generic types", test_describe_generic);
    CU_add_test(suite, "hostile", test_hostile);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
