/* SPDX-License-Identifier: MIT */
/*
 * The manual as a whole: what comes out for a small schema, word for word, and that every link on
 * every page leads somewhere.
 */
#include <CUnit/Basic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static const char schema[] =
    "@0xe6a0c1b5d2f3ff10;\n"
    "# Of <birds> & others. The rest.\n"
    "enum Size { small @0; large @1; # As `big`.\n}\n"
    "struct Bird(T) {\n  # A bird.\n  #\n  # Second paragraph.\n  #\n"
    "  #     const a_b :List(Int8) = [1];\n  #       # <more>\n"
    "  name @0 :Text = \"tit\"; # What it is called.\n"
    "  size @1 :Size = large;\n"
    "  nest :group { eggs @2 :T; union { here @3 :Void; there @4 :Float64 = 0.5; } }\n}\n"
    "interface Base { ping @0 (); }\n"
    "interface Cage extends(Base) {\n"
    "  put @0 (bird :Bird(Text), count :UInt32 = 3) -> (cage :Cage);\n"
    "  # Put it | in.\n  open @1 Bird(Data) -> stream;\n}\n"
    "const most :UInt64 = 0x123456789ab;\n";

static const char expected[] =
    "# birds.capnp\n\n"
    "[all schemas](index.md) - file id @0xe6a0c1b5d2f3ff10\n\n"
    "Of \\<birds\\> & others. The rest.\n\n"
    "<a id=\"Size\"></a>\n\n## Enum Size\n\n"
    "| value |  | meaning |\n| --- | --- | --- |\n"
    "| small| @0| |\n| large| @1| As `big`.|\n\n"
    "<a id=\"Bird\"></a>\n\n## Struct Bird\n\nA bird.\n\nSecond paragraph.\n\n"
    "    const a_b :List(Int8) = [1];\n      # <more>\n\n"
    "| field |  | type | default | meaning |\n| --- | --- | --- | --- | --- |\n"
    "| name| @0| Text| \"tit\"| What it is called.|\n"
    "| size| @1| [Size](birds.md#Size)| large| |\n"
    "| nest| | group| | |\n"
    "| nest.eggs| @2| T| | |\n"
    "| nest.here| @3| Void| | One of a union. |\n"
    "| nest.there| @4| Float64| 0.5| One of a union. |\n\n"
    "<a id=\"Base\"></a>\n\n## Interface Base\n\n"
    "<a id=\"Base.ping\"></a>\n\n### ping\n\nping @0 () -\\> ()\n\n"
    "<a id=\"Cage\"></a>\n\n## Interface Cage\n\n"
    "extends [Base](birds.md#Base)\n\n"
    "<a id=\"Cage.put\"></a>\n\n### put\n\n"
    "put @0 (bird :[Bird](birds.md#Bird)(Text), count :UInt32 = 3) -\\> "
    "(cage :[Cage](birds.md#Cage))\n\nPut it \\| in.\n\n"
    "<a id=\"Cage.open\"></a>\n\n### open\n\n"
    "open @1 [Bird](birds.md#Bird)(Data) -\\> stream\n\n"
    "<a id=\"most\"></a>\n\n## Constant most\n\n"
    "const most :UInt64 = 0x123456789ab\n";

/* Run the plugin on schemas. */
static int run(const char *options, const char *schemas)
{
    char command[1024];
    const char *out = getenv("EXO_OUT");
    snprintf(command, sizeof command, "capnp compile %s -o %s/host/manual:%s %s", options,
             out ? out : "build", folder, schemas);
    return system(command);
}

/* The content of a file in the folder; null if there is none. */
static char *content(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    char *text = calloc(1, 1 << 20);
    size_t length = fread(text, 1, (1 << 20) - 1, file);
    CU_ASSERT(length < (1 << 20) - 1);
    fclose(file);
    return text;
}

static void test_words(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/birds.capnp", folder);
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(schema, file);
    fclose(file);
    char prefix[128];
    snprintf(prefix, sizeof prefix, "--src-prefix=%s", folder);
    CU_ASSERT_EQUAL_FATAL(run(prefix, path), 0);
    char *text = content("birds.md");
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    if (strcmp(text, expected) != 0)
        printf("\n%s", text);
    CU_ASSERT_STRING_EQUAL(text, expected);
    free(text);
    text = content("birds.html");
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<p>Of &lt;birds&gt; &amp; others. The rest.</p>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<pre>const a_b :List(Int8) = [1];\n"
                                        "  # &lt;more&gt;</pre>\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<h1>birds.capnp</h1>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<td>As <code>big</code>.</td>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<a href=\"birds.html#Size\">Size</a>"));
    free(text);
    text = content("index.md");
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "| [birds](birds.md)| Of \\<birds\\> & others.|"));
    free(text);
}

/* Does the place that a link names exist. */
static bool leads_somewhere(const char *page, const char *link)
{
    char name[256], id[256];
    size_t length = strcspn(link, "\"");
    size_t path = strcspn(link, "#\"");
    snprintf(name, sizeof name, "%.*s", (int)path, link);
    char *text = content(name);
    bool good = text != NULL;
    if (good && path < length) {
        snprintf(id, sizeof id, "id=\"%.*s\"", (int)(length - path - 1), link + path + 1);
        good = strstr(text, id) != NULL;
    }
    if (!good)
        printf("%s: %.*s leads nowhere ... ", page, (int)length, link);
    free(text);
    return good;
}

static void test_links(void)
{
    static const char *const pages[] = {"index.html", "kernel.html", "relay.html", "sample.html",
                                        "supervisor.html", "system.html", "log.html"};
    unsigned links = 0;
    CU_ASSERT_EQUAL_FATAL(run("-I idl --src-prefix=idl", "idl/*.capnp"), 0);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        char *text = content(pages[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(text);
        for (char *at = strstr(text, "href=\""); at; at = strstr(at, "href=\"")) {
            at += strlen("href=\"");
            CU_ASSERT(leads_somewhere(pages[i], at));
            links++;
        }
        free(text);
    }
    CU_ASSERT(links > 50);
}

int main(void)
{
    snprintf(folder, sizeof folder, "/tmp/manual-test.%d", (int)getpid());
    if (mkdir(folder, 0700) != 0)
        return EXIT_FAILURE;
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("manual", NULL, NULL);
    CU_add_test(suite, "a small schema, word for word", test_words);
    CU_add_test(suite, "every link leads somewhere", test_links);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) == 0 && failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
