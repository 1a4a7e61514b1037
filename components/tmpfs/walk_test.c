/* SPDX-License-Identifier: MIT */
/* Paths through a file system that has everything that is odd about paths. */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tmpfs.h"
#include "walk.h"

enum { MEMORY = 1 << 20, MOUNT = 7, OWNER = 1000, OTHER = 2000, MEMBERS = 50 };

static struct tmpfs *fs;
static void *memory;
static struct files_node root, deep;
static struct files_node top; /* the root of who asks */
static struct files_mounts mounts;
static struct files_credentials who;
static struct files_walk walk;

static struct files_time now(void)
{
    return (struct files_time){0, 0};
}

static struct files_node make(const struct files_node *in, const char *name, enum node_kind kind,
                              uint16_t mode, const char *target)
{
    struct files_node out = {0};
    const struct files_new what = {kind, mode, OWNER, MEMBERS, 0, target,
                                   target ? (uint32_t)strlen(target) : 0};
    CU_ASSERT_EQUAL_FATAL(tmpfs_core.make(fs, in, (struct files_name){name,
                                          (uint32_t)strlen(name)}, &what, &out),
                          NODE_RESULT_DONE);
    return out;
}

static void begin(void)
{
    const struct tmpfs_options options = {.now = now, .mode = 0755};
    memory = aligned_alloc(4096, MEMORY);
    CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
    memset(memory, 0, MEMORY);
    fs = tmpfs_start(memory, MEMORY, &options);
    tmpfs_core.root(fs, &root);
    top = root;
    struct files_node home = make(&root, "home", NODE_KIND_DIRECTORY, 0755, NULL);
    deep = make(&home, "deep", NODE_KIND_DIRECTORY, 0711, NULL);
    make(&deep, "file", NODE_KIND_FILE, 0640, NULL);
    make(&root, "absolute", NODE_KIND_LINK, 0777, "/home/deep");
    make(&home, "relative", NODE_KIND_LINK, 0777, "deep/../deep/file");
    make(&deep, "up", NODE_KIND_LINK, 0777, "../../../../..");
    make(&home, "loop", NODE_KIND_LINK, 0777, "loop2/x");
    make(&home, "loop2", NODE_KIND_LINK, 0777, "loop");
    make(&home, "new", NODE_KIND_LINK, 0777, "deep/made");
    make(&home, "slashed", NODE_KIND_LINK, 0777, "deep/");
    make(&root, "closed", NODE_KIND_DIRECTORY, 0600, NULL);
    mounts = (struct files_mounts){.count = 1};
    mounts.item[0].node = make(&home, "mounted", NODE_KIND_DIRECTORY, 0755, NULL);
    mounts.item[0].mount = MOUNT;
    who = (struct files_credentials){.user = OTHER, .group = 1};
}

static enum node_result go_bytes(const struct files_node *from, const char *path, uint32_t length,
                                 uint32_t follow)
{
    walk.core = &tmpfs_core;
    walk.state = fs;
    walk.who = &who;
    walk.mounts = &mounts;
    walk.root = top;
    walk.parent = *from;
    walk.follow = follow;
    return files_walk(&walk, path, length);
}

static enum node_result go(const char *path, uint32_t follow)
{
    return go_bytes(&root, path, (uint32_t)strlen(path), follow);
}

/* Does a path lead to a name in the file system, and is that name what is wanted. */
static bool leads(const char *path, uint32_t follow, const char *name, bool exists)
{
    return go(path, follow) == NODE_RESULT_DONE && walk.exists == exists &&
           walk.name.length == strlen(name) &&
           memcmp(walk.name.bytes, name, walk.name.length) == 0;
}

/* Did the walk end with this left, at this mount. */
static bool left(enum node_result result, uint32_t mount, const char *rest)
{
    return result == NODE_RESULT_OUTWARD && walk.mount == mount &&
           walk.rest.length == strlen(rest) &&
           memcmp(walk.rest.bytes, rest, walk.rest.length) == 0;
}

static void test_names(void)
{
    CU_ASSERT(leads("home/deep/file", 0, "file", true));
    CU_ASSERT(leads("//home///deep//file", 0, "file", true));
    CU_ASSERT(leads("home/./deep/../deep/./file", 0, "file", true));
    CU_ASSERT(leads("home/deep/", 0, "deep", true) && walk.wants_directory);
    CU_ASSERT(leads("/", 0, "", true) && walk.is_dot && walk.node.handle == root.handle);
    CU_ASSERT(leads("home/..", 0, "", true) && walk.is_dot && walk.node.handle == root.handle);
    CU_ASSERT(leads("../../..", 0, "", true) && walk.node.handle == root.handle);
    CU_ASSERT(leads("/../home/deep/../../..", 0, "", true) && walk.node.handle == root.handle);
    CU_ASSERT_EQUAL(go("", 0), NODE_RESULT_NOT_FOUND);
    CU_ASSERT_EQUAL(go("home/none", 0), NODE_RESULT_NOT_FOUND);
    CU_ASSERT(leads("home/none", FILES_MAY_MISS, "none", false));
    CU_ASSERT(leads("home/none/", FILES_MAY_MISS, "none", false) && walk.wants_directory);
    CU_ASSERT_EQUAL(go("home/none/x", FILES_MAY_MISS), NODE_RESULT_NOT_FOUND);
    CU_ASSERT_EQUAL(go("home/deep/file/", 0), NODE_RESULT_NOT_DIRECTORY);
    CU_ASSERT_EQUAL(go("home/deep/file/x", FILES_MAY_MISS), NODE_RESULT_NOT_DIRECTORY);
    CU_ASSERT_EQUAL(go("home/deep/file/..", 0), NODE_RESULT_NOT_DIRECTORY);
    CU_ASSERT_EQUAL(go_bytes(&root, "home\0deep", 9, 0), NODE_RESULT_INVALID);
}

static void test_links(void)
{
    CU_ASSERT(leads("absolute/file", 0, "file", true));
    CU_ASSERT(leads("home/relative", FILES_FOLLOW, "file", true));
    CU_ASSERT(leads("home/relative", 0, "relative", true));
    CU_ASSERT_EQUAL(walk.node.kind, NODE_KIND_LINK);
    CU_ASSERT_EQUAL(go("home/relative/", 0), NODE_RESULT_NOT_DIRECTORY);
    CU_ASSERT(leads("home/slashed", FILES_FOLLOW, "deep", true) && walk.wants_directory);
    CU_ASSERT(leads("absolute/", 0, "deep", true)); /* the slash follows the link */
    CU_ASSERT(leads("home/deep/up/home/deep/file", 0, "file", true));
    CU_ASSERT(leads("home/deep/up", FILES_FOLLOW, "", true) && walk.node.handle == root.handle);
    CU_ASSERT(leads("home/new", FILES_FOLLOW | FILES_MAY_MISS, "made", false));
    CU_ASSERT_EQUAL(walk.parent.handle, deep.handle);
    CU_ASSERT_EQUAL(go("home/loop", FILES_FOLLOW), NODE_RESULT_LINK_LOOP);
    CU_ASSERT_EQUAL(go("home/loop/x", 0), NODE_RESULT_LINK_LOOP);
    CU_ASSERT_EQUAL(go("absolute/file", FILES_NO_LINKS), NODE_RESULT_LINK_LOOP);
}

static void test_ways_out(void)
{
    CU_ASSERT(left(go("home/mounted/a/b", 0), MOUNT, "/a/b"));
    CU_ASSERT(left(go("home/mounted", 0), MOUNT, ""));
    CU_ASSERT(leads("home/mounted", FILES_ON_MOUNT, "mounted", true));
    CU_ASSERT(left(go("home/mounted/x", FILES_ON_MOUNT), MOUNT, "/x"));
    CU_ASSERT(left(go("absolute/file", FILES_OUTWARD), 0, "/home/deep/file"));
    CU_ASSERT(left(go("home/../..//x/y", FILES_OUTWARD), 0, "..//x/y"));
    CU_ASSERT(left(go("/home", FILES_OUTWARD), 0, "/home"));
    CU_ASSERT_EQUAL(go_bytes(&deep, "../x", 4, FILES_BENEATH), NODE_RESULT_CROSSES_DEVICE);
    CU_ASSERT_EQUAL(go_bytes(&deep, "/x", 2, FILES_BENEATH), NODE_RESULT_CROSSES_DEVICE);
    CU_ASSERT_EQUAL(go_bytes(&deep, "up", 2, FILES_BENEATH | FILES_FOLLOW),
                    NODE_RESULT_CROSSES_DEVICE);
    CU_ASSERT_EQUAL(go_bytes(&deep, "./file", 6, FILES_BENEATH), NODE_RESULT_DONE);
}

/* Whose root is a directory of the file system gets no higher. */
static void test_root(void)
{
    top = deep;
    CU_ASSERT_EQUAL(go_bytes(&deep, "../../home", 10, 0), NODE_RESULT_NOT_FOUND);
    CU_ASSERT_EQUAL(go_bytes(&deep, "up/file", 7, 0), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(go_bytes(&deep, "/file", 5, 0), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(go_bytes(&deep, "/home", 5, 0), NODE_RESULT_NOT_FOUND);
    CU_ASSERT_EQUAL(go_bytes(&root, "absolute", 8, FILES_FOLLOW), NODE_RESULT_NOT_FOUND);
    top = root;
}

static void test_lengths(void)
{
    static char path[NODE_PATH_MAX + 1], target[NODE_PATH_MAX + 1];
    struct files_node link;
    memset(path, 'n', NODE_NAME_MAX + 1);
    CU_ASSERT_EQUAL(go_bytes(&root, path, NODE_NAME_MAX, 0), NODE_RESULT_NOT_FOUND);
    CU_ASSERT_EQUAL(go_bytes(&root, path, NODE_NAME_MAX + 1, 0), NODE_RESULT_NAME_TOO_LONG);
    for (uint32_t i = 0; i < sizeof path; i += 2)
        path[i] = '.', path[i + (i + 1 < sizeof path)] = '/';
    CU_ASSERT_EQUAL(go_bytes(&root, path, NODE_PATH_MAX, 0), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(go_bytes(&root, path, NODE_PATH_MAX + 1, 0), NODE_RESULT_NAME_TOO_LONG);
    /* Targets of the greatest length, one behind the other, do not fit for ever. */
    memset(target, '/', NODE_PATH_MAX);
    memcpy(target, "/long", 5);
    link = make(&root, "long", NODE_KIND_LINK, 0777, target);
    CU_ASSERT_EQUAL(link.kind, NODE_KIND_LINK);
    CU_ASSERT_EQUAL(go("long/x", 0), NODE_RESULT_LINK_LOOP);
    memcpy(target, "long2/", 6);
    memset(target + 6, 'x', NODE_PATH_MAX - 6);
    for (uint32_t i = 300; i < NODE_PATH_MAX; i += 200)
        target[i] = '/';
    make(&root, "long2", NODE_KIND_LINK, 0777, target);
    CU_ASSERT_EQUAL(go("long2/x", 0), NODE_RESULT_NAME_TOO_LONG);
}

static void test_permissions(void)
{
    struct files_node file;
    CU_ASSERT_EQUAL(go("closed/x", 0), NODE_RESULT_DENIED);
    CU_ASSERT_EQUAL(go("closed/..", 0), NODE_RESULT_DENIED);
    who.user = OWNER;
    CU_ASSERT_EQUAL(go("closed/x", 0), NODE_RESULT_DENIED);
    who.user = FILES_SUPERUSER;
    CU_ASSERT_EQUAL(go("closed/x", 0), NODE_RESULT_NOT_FOUND);
    go("home/deep/file", 0);
    file = walk.node;
    CU_ASSERT(files_may(&who, &file, NODE_PERMISSION_READ | NODE_PERMISSION_WRITE));
    CU_ASSERT(!files_may(&who, &file, NODE_PERMISSION_EXECUTE));
    who.user = OTHER;
    CU_ASSERT(!files_may(&who, &file, NODE_PERMISSION_READ));
    who.groups[who.group_count++] = MEMBERS;
    CU_ASSERT(files_may(&who, &file, NODE_PERMISSION_READ));
    CU_ASSERT(!files_may(&who, &file, NODE_PERMISSION_WRITE));
    who.user = OWNER;
    file.mode = 0077; /* the owner's bits alone count for the owner */
    CU_ASSERT(!files_may(&who, &file, NODE_PERMISSION_READ));
    struct files_node directory = {.mode = 0777 | NODE_MODE_STICKY, .user = OTHER};
    file.user = 3;
    CU_ASSERT(!files_may_unlink(&who, &directory, &file));
    file.user = OWNER;
    CU_ASSERT(files_may_unlink(&who, &directory, &file));
    directory.user = OWNER;
    file.user = 3;
    CU_ASSERT(files_may_unlink(&who, &directory, &file));
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("walk", NULL, NULL);
    CU_add_test(suite, "begin", begin);
    CU_add_test(suite, "names", test_names);
    CU_add_test(suite, "links", test_links);
    CU_add_test(suite, "ways out", test_ways_out);
    CU_add_test(suite, "a root of one's own", test_root);
    CU_add_test(suite, "lengths", test_lengths);
    CU_add_test(suite, "permissions", test_permissions);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    free(memory);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
