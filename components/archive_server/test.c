/* SPDX-License-Identifier: MIT */
/* An archive that Debian's tar makes here and now, as its server sees it. */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"

enum { ROOM = 1 << 20, MEMORY = 1 << 18, NUMBERS = 588895, PIECE = 777, DEVICE_ERROR = 5 };

static const struct files_core *const core = &store_core;
static uint8_t image[ROOM], memory[MEMORY];
static size_t image_bytes;
static bool is_broken;
static struct store store;
static struct files_node root;
static uint32_t reports;

static int read_image(void *context, uint64_t offset, void *buffer, size_t bytes)
{
    (void)context;
    if (is_broken || offset > image_bytes || bytes > image_bytes - offset)
        return DEVICE_ERROR;
    memcpy(buffer, image + offset, bytes);
    return 0;
}

static void report(const struct archive_error *error)
{
    reports += error->status != ARCHIVE_OK;
}

static void begin(void)
{
    struct archive_error error;
    FILE *from = popen("w=$(mktemp -d) && umask 022 && mkdir -p $w/sub && cd $w &&"
                       " seq 100000 > numbers && echo short > sub/file && ln sub/file second &&"
                       " ln -s numbers link && mkfifo pipe && chmod 640 sub/file &&"
                       " chmod 2755 sub && touch -d @1000000000 numbers &&"
                       " tar -c --format=posix --owner=7 --group=8 . && cd / && rm -r $w", "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(from);
    image_bytes = fread(image, 1, ROOM, from);
    CU_ASSERT_EQUAL_FATAL(pclose(from), 0);
    is_broken = false;
    struct archive_source source = {read_image, NULL, image_bytes};
    store = (struct store){.system = 9, .report = report};
    CU_ASSERT_EQUAL_FATAL(archive_open(&source, memory, MEMORY, &store.archive, &error),
                          ARCHIVE_OK);
    reports = 0;
    CU_ASSERT_EQUAL_FATAL(core->root(&store, &root), NODE_RESULT_DONE);
}

static struct files_name name_of(const char *text)
{
    return (struct files_name){text, (uint32_t)strlen(text)};
}

static struct files_node find(const struct files_node *in, const char *name)
{
    struct files_node node = {0};
    CU_ASSERT_EQUAL(core->look_up(&store, in, name_of(name), &node), NODE_RESULT_DONE);
    return node;
}

static void test_nodes(void)
{
    struct files_node node, same;
    struct files_attributes is;
    begin();
    CU_ASSERT(root.kind == NODE_KIND_DIRECTORY && find(&root, "..").handle == root.handle);
    node = find(&root, "sub");
    CU_ASSERT(node.kind == NODE_KIND_DIRECTORY && node.mode == (NODE_MODE_SET_GROUP | 0755));
    CU_ASSERT(node.user == 7 && node.group == 8);
    same = find(&node, "file");
    CU_ASSERT_EQUAL(same.handle, find(&root, "second").handle);
    CU_ASSERT_EQUAL(core->attributes(&store, &same, &is), NODE_RESULT_DONE);
    CU_ASSERT(is.size == 6 && is.links == 2 && same.mode == 0640 && same.size == 6);
    node = find(&root, "numbers");
    CU_ASSERT_EQUAL(core->attributes(&store, &node, &is), NODE_RESULT_DONE);
    CU_ASSERT(is.size == NUMBERS && is.modified.seconds == 1000000000);
    CU_ASSERT_EQUAL(find(&root, "pipe").kind, NODE_KIND_FIFO);
    CU_ASSERT_EQUAL(core->look_up(&store, &root, name_of("nothing"), &node),
                    NODE_RESULT_NOT_FOUND);
    CU_ASSERT_EQUAL(core->look_up(&store, &same, name_of("nothing"), &node),
                    NODE_RESULT_NOT_DIRECTORY);
    core->node(&store, same.handle, &node);
    CU_ASSERT(node.number == same.number && node.mode == 0640 && node.kind == NODE_KIND_FILE);
    CU_ASSERT_EQUAL(core->by_number(&store, same.number, 0, &node), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(core->by_number(&store, same.number, 1, &node), NODE_RESULT_STALE);
    CU_ASSERT_EQUAL(core->by_number(&store, UINT64_C(1) << 40, 0, &node), NODE_RESULT_STALE);
    CU_ASSERT_EQUAL(reports, 0);
}

static void test_bytes(void)
{
    static uint8_t whole[NUMBERS], piece[PIECE];
    char target[NODE_PATH_MAX];
    uint32_t length;
    size_t got = 0;
    uint64_t at = 5;
    begin();
    struct files_node node = find(&root, "numbers"), link = find(&root, "link");
    CU_ASSERT_EQUAL(core->read(&store, &node, 0, whole, NUMBERS, &got), NODE_RESULT_DONE);
    CU_ASSERT(got == NUMBERS && memcmp(whole, "1\n2\n3\n", 6) == 0);
    CU_ASSERT(memcmp(whole + NUMBERS - 7, "100000\n", 7) == 0);
    CU_ASSERT_EQUAL(core->read(&store, &node, 1000, piece, PIECE, &got), NODE_RESULT_DONE);
    CU_ASSERT(got == PIECE && memcmp(piece, whole + 1000, PIECE) == 0);
    CU_ASSERT_EQUAL(core->read_link(&store, &link, target, &length), NODE_RESULT_DONE);
    CU_ASSERT(length == 7 && memcmp(target, "numbers", 7) == 0);
    CU_ASSERT_EQUAL(core->read(&store, &root, 0, piece, PIECE, &got), NODE_RESULT_WRONG_KIND);
    CU_ASSERT_EQUAL(core->seek(&store, &node, false, &at), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(at, 5);
    CU_ASSERT_EQUAL(core->seek(&store, &node, true, &at), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(at, NUMBERS);
    CU_ASSERT_EQUAL(core->seek(&store, &node, true, &at), NODE_RESULT_NOT_FOUND);
    is_broken = true;
    CU_ASSERT_EQUAL(core->read(&store, &node, 0, piece, PIECE, &got), NODE_RESULT_DEVICE_ERROR);
    CU_ASSERT_EQUAL(reports, 1);
}

static bool take_two(void *context, const struct files_entry *entry)
{
    uint32_t *left = context;
    return entry->name_bytes > 0 && (*left)-- > 0;
}

static bool note_name(void *context, const struct files_entry *entry)
{
    char *names = context;
    snprintf(names + strlen(names), 300, "%.*s/", (int)entry->name_bytes, entry->name);
    return true;
}

static void test_list(void)
{
    char names[1000] = "";
    uint64_t cookie = 0;
    uint32_t left = 2;
    bool end = true;
    struct files_facts facts;
    begin();
    CU_ASSERT_EQUAL(core->list(&store, &root, &cookie, take_two, &left, &end), NODE_RESULT_DONE);
    CU_ASSERT_FALSE(end);
    CU_ASSERT_EQUAL(core->list(&store, &root, &cookie, note_name, names, &end),
                    NODE_RESULT_DONE);
    CU_ASSERT(end && strstr(names, "numbers/") && strstr(names, "sub/"));
    CU_ASSERT_PTR_NULL(strstr(names, "../"));
    core->facts(&store, &facts);
    CU_ASSERT(facts.system == 9 && facts.nodes == 6 && facts.blocks * 512 >= NUMBERS);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("an archive as a core", NULL, NULL);
    CU_add_test(suite, "nodes", test_nodes);
    CU_add_test(suite, "bytes", test_bytes);
    CU_add_test(suite, "directories", test_list);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    uint32_t failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
