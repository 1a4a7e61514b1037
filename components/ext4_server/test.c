/* SPDX-License-Identifier: MIT */
/* Sound file systems as their server sees them, and devices that fail. */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "volume.h"

enum { ROOM = 32 << 20, MEMORY = 1 << 20, PIECE = 1000, DEVICE_ERROR = 5,
       FILES = 2010 };

static const struct files_core *const core = &volume_core;
static uint8_t *image;
static size_t image_bytes;
static uint64_t bad_offset; /* a read of this byte fails */
static void *memory;
static struct volume volume;
static struct files_node root;
static uint32_t reports;

static int read_image(void *context, uint64_t offset, void *buffer, size_t bytes)
{
    (void)context;
    if (offset > image_bytes || bytes > image_bytes - offset ||
        (bad_offset >= offset && bad_offset - offset < bytes))
        return DEVICE_ERROR;
    memcpy(buffer, image + offset, bytes);
    return 0;
}

static void report(const struct ext4_error *error)
{
    reports += error->status != EXT4_OK;
}

/* Use the image that a command prints. */
static void begin_with(const char *command)
{
    struct ext4 *fs;
    struct ext4_error error;
    FILE *from = popen(command, "r");
    image = image ? image : malloc(ROOM);
    memory = memory ? memory : malloc(MEMORY);
    CU_ASSERT_FATAL(from && image && memory);
    image_bytes = fread(image, 1, ROOM, from);
    CU_ASSERT_EQUAL_FATAL(pclose(from), 0);
    bad_offset = UINT64_MAX;
    struct ext4_source source = {read_image, NULL, image_bytes};
    CU_ASSERT_EQUAL_FATAL(ext4_open(&source, memory, MEMORY, 0, &fs, &error), EXT4_OK);
    volume = (struct volume){.system = 7, .report = report};
    reports = 0;
    volume_start(&volume, fs);
    CU_ASSERT_EQUAL_FATAL(core->root(&volume, &root), NODE_RESULT_DONE);
}

static void begin(const char *name)
{
    char command[256];
    snprintf(command, sizeof command, "gzip -dc tests/data/ext4/good/%s.img.gz", name);
    begin_with(command);
}

static struct files_name name_of(const char *text)
{
    return (struct files_name){text, (uint32_t)strlen(text)};
}

static struct files_node find(const struct files_node *in, const char *name)
{
    struct files_node node = {0};
    CU_ASSERT_EQUAL(core->look_up(&volume, in, name_of(name), &node), NODE_RESULT_DONE);
    return node;
}

static bool note_name(void *context, const struct files_entry *entry)
{
    char *names = context;
    snprintf(names + strlen(names), 400, "%.*s/", (int)entry->name_bytes, entry->name);
    return true;
}

static bool refuse(void *context, const struct files_entry *entry)
{
    return (*(uint32_t *)context)++ < 2 && entry->name_bytes > 0;
}

static void test_nodes(void)
{
    struct files_node node, same;
    struct files_attributes is;
    begin("ext4-default-4k");
    CU_ASSERT(root.kind == NODE_KIND_DIRECTORY && root.number == EXT4_ROOT);
    CU_ASSERT_EQUAL(find(&root, "..").handle, root.handle);
    node = find(&root, "hello.txt");
    CU_ASSERT(node.kind == NODE_KIND_FILE && node.mode == 0640 && node.size == 13);
    CU_ASSERT_EQUAL(core->attributes(&volume, &node, &is), NODE_RESULT_DONE);
    CU_ASSERT(is.size == 13 && is.links == 2 && is.block_bytes == 4096 && is.stored == 4096);
    node = find(&root, "dir");
    CU_ASSERT(node.kind == NODE_KIND_DIRECTORY && node.mode == (NODE_MODE_SET_GROUP | 0755));
    same = find(&node, "hard-link");
    CU_ASSERT_EQUAL(same.handle, find(&root, "hello.txt").handle);
    CU_ASSERT_EQUAL(find(&root, "fifo").kind, NODE_KIND_FIFO);
    CU_ASSERT_EQUAL(core->look_up(&volume, &root, name_of("nothing"), &node),
                    NODE_RESULT_NOT_FOUND);
    core->node(&volume, same.handle, &node);
    CU_ASSERT(node.number == same.number && node.mode == 0640 && node.kind == NODE_KIND_FILE);
    CU_ASSERT_EQUAL(core->by_number(&volume, same.number, is.generation, &node),
                    NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(core->by_number(&volume, same.number, is.generation + 1, &node),
                    NODE_RESULT_STALE);
    CU_ASSERT_EQUAL(core->by_number(&volume, UINT64_C(1) << 40, 0, &node), NODE_RESULT_STALE);
    CU_ASSERT(volume_check(&volume) && reports == 0);
}

static void test_bytes(void)
{
    static uint8_t whole[300000], piece[PIECE];
    char target[NODE_PATH_MAX];
    uint32_t length;
    size_t got = 0;
    begin("ext4-default-4k");
    struct files_node node = find(&root, "big.bin"), link = find(&root, "fast-link");
    CU_ASSERT_EQUAL(core->read(&volume, &node, 0, whole, sizeof whole, &got), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(got, sizeof whole);
    for (size_t at = 0; at < sizeof whole; at += got) {
        CU_ASSERT_EQUAL_FATAL(core->read(&volume, &node, at, piece, PIECE, &got),
                              NODE_RESULT_DONE);
        CU_ASSERT_FATAL(got == PIECE && memcmp(piece, whole + at, got) == 0);
    }
    CU_ASSERT_EQUAL(core->read(&volume, &node, sizeof whole, piece, PIECE, &got),
                    NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(got, 0);
    CU_ASSERT_EQUAL(core->read(&volume, &root, 0, piece, PIECE, &got), NODE_RESULT_WRONG_KIND);
    CU_ASSERT_EQUAL(core->read_link(&volume, &link, target, &length), NODE_RESULT_DONE);
    CU_ASSERT(length == 9 && memcmp(target, "hello.txt", 9) == 0);
    CU_ASSERT_EQUAL(core->read_link(&volume, &node, target, &length), NODE_RESULT_WRONG_KIND);
}

static void test_list(void)
{
    char names[4000] = "";
    uint64_t cookie = 0;
    uint32_t taken = 0;
    bool end = false;
    begin("ext4-default-4k");
    CU_ASSERT_EQUAL(core->list(&volume, &root, &cookie, refuse, &taken, &end), NODE_RESULT_DONE);
    CU_ASSERT(!end && taken == 3);
    CU_ASSERT_EQUAL(core->list(&volume, &root, &cookie, note_name, names, &end),
                    NODE_RESULT_DONE);
    CU_ASSERT(end && strstr(names, "hello.txt/") && !strstr(names, "../"));
    struct files_node file = find(&root, "hello.txt");
    CU_ASSERT_EQUAL(core->list(&volume, &file, &cookie, note_name, names, &end),
                    NODE_RESULT_NOT_DIRECTORY);
}

static bool note_number(void *context, const struct files_entry *entry)
{
    uint32_t *count = context;
    count[1 + (*count)++] = (uint32_t)entry->number;
    return *count < FILES;
}

/* More inodes than are kept, each of another mode than its neighbours. */
static void test_many(void)
{
    static uint32_t numbers[1 + FILES];
    uint64_t cookie = 0;
    bool end;
    if (system("PATH=$PATH:/sbin:/usr/sbin command -v mke2fs >/dev/null") != 0) {
        printf("    (left out: mke2fs is missing; install the Debian package e2fsprogs) ");
        return;
    }
    begin_with("PATH=$PATH:/sbin:/usr/sbin; cd $(mktemp -d) && mkdir a && (cd a && "
               "seq 2000 | xargs touch && chmod 600 *[05]) && truncate -s 8M b && "
               "mke2fs -q -F -t ext4 -N 4096 -d a b && cat b; rm -r $PWD");
    numbers[0] = 0;
    CU_ASSERT_EQUAL(core->list(&volume, &root, &cookie, note_number, numbers, &end),
                    NODE_RESULT_DONE);
    CU_ASSERT(numbers[0] > FILES - 10);
    for (uint32_t turn = 0; turn < 2; turn++) {
        for (uint32_t i = 1; i <= numbers[0]; i++) {
            struct files_node node;
            core->node(&volume, numbers[i], &node);
            CU_ASSERT_EQUAL(node.number, numbers[i]);
            CU_ASSERT(node.kind != NODE_KIND_NONE);
        }
        CU_ASSERT(volume_check(&volume));
    }
    for (uint32_t i = 1; i <= 2000; i++) {
        char name[16];
        snprintf(name, sizeof name, "%u", i);
        CU_ASSERT_EQUAL(find(&root, name).mode, i % 5 == 0 ? 0600 : 0644);
    }
    CU_ASSERT(volume_check(&volume));
}

static void test_seek(void)
{
    static uint8_t byte;
    begin("ext4-sparse");
    struct files_node node = find(&root, "holes.bin");
    uint64_t at = 0, runs = 0;
    for (enum node_result result = NODE_RESULT_DONE; result == NODE_RESULT_DONE; runs++) {
        bool hole = runs % 2 == 0;
        uint64_t before = at;
        result = core->seek(&volume, &node, hole, &at);
        CU_ASSERT(at >= before && at <= 1098576);
        size_t got;
        if (result == NODE_RESULT_DONE && hole && at < 1098576) {
            CU_ASSERT_EQUAL(core->read(&volume, &node, at, &byte, 1, &got), NODE_RESULT_DONE);
            CU_ASSERT_EQUAL(byte, 0);
        }
    }
    CU_ASSERT(runs > 2);
    at = 0;
    node = find(&root, "allhole.bin");
    CU_ASSERT_EQUAL(core->seek(&volume, &node, false, &at), NODE_RESULT_NOT_FOUND);
    at = 5;
    CU_ASSERT_EQUAL(core->seek(&volume, &node, true, &at), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(at, 5);
    at = 123456789;
    CU_ASSERT_EQUAL(core->seek(&volume, &node, true, &at), NODE_RESULT_NOT_FOUND);
}

static void test_values(void)
{
    char names[NODE_VALUE_MAX], value[64];
    size_t bytes = 0, room;
    begin("ext4-xattr-acl");
    struct files_node node = find(&root, "small");
    CU_ASSERT_EQUAL(core->values(&volume, &node, NULL, 0, &room), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(core->values(&volume, &node, names, sizeof names, &bytes), NODE_RESULT_DONE);
    CU_ASSERT(bytes > 5 && bytes == room && memcmp(names, "user.", 5) == 0);
    CU_ASSERT_EQUAL(core->values(&volume, &node, names, room - 1, &bytes),
                    NODE_RESULT_OUT_OF_RANGE);
    CU_ASSERT_EQUAL(core->value(&volume, &node, name_of(names), value, sizeof value, &bytes),
                    NODE_RESULT_DONE);
    CU_ASSERT(bytes > 0);
    CU_ASSERT_EQUAL(core->value(&volume, &node, name_of("user.nothing"), value, sizeof value,
                                &bytes), NODE_RESULT_NO_ATTRIBUTE);
}

static void test_facts(void)
{
    struct files_facts is;
    begin("ext4-default-4k");
    core->facts(&volume, &is);
    CU_ASSERT(is.system == 7 && is.block_bytes == 4096 && is.blocks == 4096);
    CU_ASSERT(is.blocks_free > 0 && is.blocks_available <= is.blocks_free);
    CU_ASSERT(is.nodes > is.nodes_free && is.nodes_free > 0);
}

/* A device that fails is told of, and is not remembered as a sound one. */
static void test_device(void)
{
    static uint8_t byte;
    size_t got;
    struct ext4_run run;
    begin("ext4-default-4k");
    struct files_node node = find(&root, "big.bin");
    struct ext4_node inode;
    CU_ASSERT_EQUAL(ext4_node(volume.fs, (uint32_t)node.number, &inode), EXT4_OK);
    CU_ASSERT_EQUAL_FATAL(ext4_run(volume.fs, &inode, 8192, &run), EXT4_OK);
    bad_offset = run.device;
    CU_ASSERT_EQUAL(core->read(&volume, &node, 8192, &byte, 1, &got),
                    NODE_RESULT_DEVICE_ERROR);
    CU_ASSERT_EQUAL(reports, 1);
    bad_offset = UINT64_MAX;
    CU_ASSERT_EQUAL(core->read(&volume, &node, 8192, &byte, 1, &got), NODE_RESULT_DONE);
    CU_ASSERT(core->write == NULL && core->make == NULL && core->rename == NULL);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("ext4 as a core", NULL, NULL);
    CU_add_test(suite, "nodes", test_nodes);
    CU_add_test(suite, "bytes", test_bytes);
    CU_add_test(suite, "directories", test_list);
    CU_add_test(suite, "more inodes than are kept", test_many);
    CU_add_test(suite, "holes", test_seek);
    CU_add_test(suite, "extended attributes", test_values);
    CU_add_test(suite, "the file system", test_facts);
    CU_add_test(suite, "a device that fails", test_device);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    uint32_t failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    free(image);
    free(memory);
    return failures != 0;
}
