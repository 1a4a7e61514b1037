/* SPDX-License-Identifier: MIT */
/* The file system as its server sees it, and what its memory says after each step. */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "volume.h"

enum { MEMORY = 1 << 22, LARGE_MEMORY = 512 << 20, ENTRIES = 1000000, STEPS = 60000 };

static const struct files_core *const core = &tmpfs_core;
static struct tmpfs *fs;
static struct files_node root;
static void *memory;
static int64_t now_seconds;

static struct files_time now(void)
{
    return (struct files_time){++now_seconds, 7};
}

static void begin(uint64_t bytes, uint64_t nodes_max)
{
    const struct tmpfs_options options = {.now = now, .seed = 42, .mode = 0755,
                                          .nodes_max = nodes_max};
    free(memory);
    memory = aligned_alloc(POOL_PAGE, bytes);
    CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
    memset(memory, 0, bytes);
    fs = tmpfs_start(memory, bytes, &options);
    CU_ASSERT_PTR_NOT_NULL_FATAL(fs);
    core->root(fs, &root);
}

static struct files_name name_of(const char *text)
{
    return (struct files_name){text, (uint32_t)strlen(text)};
}

static enum node_result make(const struct files_node *in, const char *name, enum node_kind kind,
                             struct files_node *node)
{
    const struct files_new what = {.kind = kind, .mode = 0644, .target = "target",
                                   .target_bytes = 6};
    return core->make(fs, in, name_of(name), &what, node);
}

static enum node_result rename_to(const struct files_node *from, const char *name,
                                  const struct files_node *to, const char *to_name, uint32_t flags)
{
    return core->rename(fs, from, name_of(name), to, name_of(to_name), flags);
}

static enum node_result look(const struct files_node *in, const char *name, struct files_node *node)
{
    return core->look_up(fs, in, name_of(name), node);
}

static struct files_attributes attributes(const struct files_node *node)
{
    struct files_attributes out;
    core->attributes(fs, node, &out);
    return out;
}

static void test_bytes(void)
{
    struct files_node file;
    char buffer[10000], pattern[10000];
    size_t got;
    uint64_t offset = 0;
    begin(MEMORY, 0);
    for (size_t i = 0; i < sizeof pattern; i++)
        pattern[i] = (char)(i * 7 + i / 256);
    uint32_t before = fs->pool.used;
    CU_ASSERT_EQUAL(make(&root, "file", NODE_KIND_FILE, &file), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(core->write(fs, &file, 4000, pattern, 10000, &got), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(got, 10000);
    CU_ASSERT_EQUAL(attributes(&file).size, 14000);
    CU_ASSERT_EQUAL(core->read(fs, &file, 3990, buffer, 10000, &got), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(got, 10000);
    CU_ASSERT(memcmp(buffer, "\0\0\0\0\0\0\0\0\0\0", 10) == 0);
    CU_ASSERT(memcmp(buffer + 10, pattern, 9990) == 0);
    core->read(fs, &file, 13999, buffer, 100, &got);
    CU_ASSERT_EQUAL(got, 1);
    core->read(fs, &file, 14000, buffer, 100, &got);
    CU_ASSERT_EQUAL(got, 0);
    /* What is behind the end is zero, also when the file grows again. */
    CU_ASSERT_EQUAL(core->truncate(fs, &file, 4100), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(core->truncate(fs, &file, INT64_C(1) << 40), NODE_RESULT_DONE);
    core->read(fs, &file, 4099, buffer, 100, &got);
    CU_ASSERT(got == 100 && buffer[0] == pattern[99]);
    for (int i = 1; i < 100; i++)
        CU_ASSERT_EQUAL(buffer[i], 0);
    CU_ASSERT_EQUAL(core->write(fs, &file, (INT64_C(1) << 40) - 3, "abc", 3, &got),
                    NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(attributes(&file).stored, 3 * POOL_PAGE);
    CU_ASSERT_EQUAL(core->seek(fs, &file, true, &offset), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(offset, 8192);
    CU_ASSERT_EQUAL(core->seek(fs, &file, false, &offset), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(offset, (UINT64_C(1) << 40) - POOL_PAGE);
    CU_ASSERT_EQUAL(core->seek(fs, &file, true, &offset), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(offset, UINT64_C(1) << 40);
    CU_ASSERT_EQUAL(core->write(fs, &file, TMPFS_SIZE_MAX, "a", 1, &got), NODE_RESULT_TOO_LARGE);
    CU_ASSERT_EQUAL(core->write(fs, &file, TMPFS_SIZE_MAX - 1, "ab", 2, &got), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(got, 1);
    CU_ASSERT_EQUAL(core->truncate(fs, &file, UINT64_C(1) << 63), NODE_RESULT_TOO_LARGE);
    CU_ASSERT(tmpfs_check(fs));
    CU_ASSERT_EQUAL(core->remove(fs, &root, name_of("file")), NODE_RESULT_DONE);
    CU_ASSERT(tmpfs_check(fs));
    CU_ASSERT_EQUAL(fs->pool.used, before);
}

static void test_allocate(void)
{
    struct files_node file;
    char buffer[3 * POOL_PAGE], wanted[3 * POOL_PAGE];
    size_t got;
    begin(MEMORY, 0);
    make(&root, "file", NODE_KIND_FILE, &file);
    memset(buffer, 'x', sizeof buffer);
    core->write(fs, &file, 0, buffer, sizeof buffer, &got);
    CU_ASSERT_EQUAL(core->allocate(fs, &file, FILES_KEEP_SIZE, 0, 5 * POOL_PAGE),
                    NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(attributes(&file).stored, 5 * POOL_PAGE);
    CU_ASSERT_EQUAL(attributes(&file).size, 3 * POOL_PAGE);
    CU_ASSERT_EQUAL(core->allocate(fs, &file, FILES_PUNCH | FILES_KEEP_SIZE, 100, POOL_PAGE),
                    NODE_RESULT_DONE);
    core->read(fs, &file, 0, buffer, sizeof buffer, &got);
    memset(wanted, 'x', sizeof wanted);
    memset(wanted + 100, 0, POOL_PAGE);
    CU_ASSERT(memcmp(buffer, wanted, sizeof wanted) == 0);
    CU_ASSERT_EQUAL(core->allocate(fs, &file, FILES_PUNCH, 0, 1), NODE_RESULT_INVALID);
    CU_ASSERT_EQUAL(core->allocate(fs, &file, 0, 0, 0), NODE_RESULT_INVALID);
    CU_ASSERT_EQUAL(core->allocate(fs, &file, 0, 1, UINT64_MAX), NODE_RESULT_TOO_LARGE);
    CU_ASSERT_EQUAL(core->allocate(fs, &file, 0, 0, INT64_C(1) << 40), NODE_RESULT_NO_SPACE);
    CU_ASSERT_EQUAL(core->allocate(fs, &file, FILES_INSERT, POOL_PAGE, 2 * POOL_PAGE),
                    NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(attributes(&file).size, 5 * POOL_PAGE);
    core->read(fs, &file, 3 * POOL_PAGE, buffer, POOL_PAGE, &got);
    CU_ASSERT(memcmp(buffer, wanted + POOL_PAGE, POOL_PAGE) == 0);
    core->read(fs, &file, POOL_PAGE, buffer, 2 * POOL_PAGE, &got);
    for (int i = 0; i < 2 * POOL_PAGE; i++)
        CU_ASSERT_FATAL(buffer[i] == 0);
    CU_ASSERT_EQUAL(core->allocate(fs, &file, FILES_COLLAPSE, POOL_PAGE, 2 * POOL_PAGE),
                    NODE_RESULT_DONE);
    core->read(fs, &file, 0, buffer, sizeof buffer, &got);
    CU_ASSERT(got == sizeof wanted && memcmp(buffer, wanted, sizeof wanted) == 0);
    CU_ASSERT_EQUAL(core->allocate(fs, &file, FILES_COLLAPSE, 0, 3 * POOL_PAGE),
                    NODE_RESULT_INVALID);
    CU_ASSERT(tmpfs_check(fs));
}

static void test_rename(void)
{
    struct files_node a, b, inner, file, other, found;
    begin(MEMORY, 0);
    make(&root, "a", NODE_KIND_DIRECTORY, &a);
    make(&root, "b", NODE_KIND_DIRECTORY, &b);
    make(&a, "inner", NODE_KIND_DIRECTORY, &inner);
    make(&root, "file", NODE_KIND_FILE, &file);
    make(&root, "other", NODE_KIND_FILE, &other);
    CU_ASSERT_EQUAL(rename_to(&root, "a", &inner, "x", 0), NODE_RESULT_INVALID);
    CU_ASSERT_EQUAL(rename_to(&root, "a", &a, "x", 0), NODE_RESULT_INVALID);
    CU_ASSERT_EQUAL(rename_to(&root, "none", &a, "x", 0), NODE_RESULT_NOT_FOUND);
    CU_ASSERT_EQUAL(rename_to(&root, "file", &root, "b", 0), NODE_RESULT_IS_DIRECTORY);
    CU_ASSERT_EQUAL(rename_to(&root, "b", &root, "file", 0), NODE_RESULT_NOT_DIRECTORY);
    CU_ASSERT_EQUAL(rename_to(&root, "b", &root, "a", 0), NODE_RESULT_NOT_EMPTY);
    CU_ASSERT_EQUAL(rename_to(&root, "file", &root, "other", FILES_NO_REPLACE),
                    NODE_RESULT_EXISTS);
    CU_ASSERT_EQUAL(rename_to(&root, "file", &root, "none", FILES_EXCHANGE),
                    NODE_RESULT_NOT_FOUND);
    CU_ASSERT_EQUAL(rename_to(&root, "a", &inner, "x", FILES_EXCHANGE), NODE_RESULT_NOT_FOUND);
    CU_ASSERT_EQUAL(rename_to(&root, "a", &a, "inner", FILES_EXCHANGE), NODE_RESULT_INVALID);
    CU_ASSERT_EQUAL(rename_to(&a, "inner", &b, "moved", 0), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(attributes(&a).links, 2);
    CU_ASSERT_EQUAL(attributes(&b).links, 3);
    look(&inner, "..", &found);
    CU_ASSERT_EQUAL(found.handle, b.handle);
    CU_ASSERT_EQUAL(rename_to(&root, "b", &root, "a", 0), NODE_RESULT_DONE); /* a was empty */
    CU_ASSERT_EQUAL(look(&root, "b", &found), NODE_RESULT_NOT_FOUND);
    CU_ASSERT_EQUAL(attributes(&root).links, 3);
    /* Two names of one node. */
    CU_ASSERT_EQUAL(core->link(fs, &file, &root, name_of("second")), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(rename_to(&root, "file", &root, "second", 0), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(look(&root, "file", &found), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(attributes(&file).links, 2);
    CU_ASSERT_EQUAL(core->link(fs, &a, &root, name_of("x")), NODE_RESULT_NOT_PERMITTED);
    /* What is replaced lives while it is open. */
    core->hold(fs, &other);
    CU_ASSERT_EQUAL(rename_to(&root, "file", &root, "other", 0), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(attributes(&other).links, 0);
    CU_ASSERT(tmpfs_check(fs));
    uint64_t count = fs->node_count;
    core->release(fs, other.handle);
    CU_ASSERT_EQUAL(fs->node_count, count - 1);
    CU_ASSERT_EQUAL(rename_to(&root, "other", &root, "a", FILES_EXCHANGE), NODE_RESULT_DONE);
    look(&root, "other", &found);
    CU_ASSERT_EQUAL(found.kind, NODE_KIND_DIRECTORY);
    CU_ASSERT(tmpfs_check(fs));
    /* Nothing is made in a directory that was removed and is open. */
    make(&root, "gone", NODE_KIND_DIRECTORY, &a);
    core->hold(fs, &a);
    CU_ASSERT_EQUAL(core->remove(fs, &root, name_of("gone")), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(make(&a, "x", NODE_KIND_FILE, &b), NODE_RESULT_NOT_FOUND);
    CU_ASSERT_EQUAL(rename_to(&root, "a", &a, "x", 0), NODE_RESULT_NOT_FOUND);
    core->release(fs, a.handle);
    CU_ASSERT(tmpfs_check(fs));
}

static void test_values(void)
{
    struct files_node file;
    char buffer[NODE_VALUE_MAX], names[64];
    size_t bytes;
    begin(MEMORY, 0);
    uint32_t before = fs->pool.used;
    make(&root, "file", NODE_KIND_FILE, &file);
    const struct files_name one = name_of("user.one"), two = name_of("user.two");
    CU_ASSERT_EQUAL(core->value(fs, &file, one, buffer, 9, &bytes), NODE_RESULT_NO_ATTRIBUTE);
    CU_ASSERT_EQUAL(core->set_value(fs, &file, one, "x", 1, FILES_VALUE_REPLACE),
                    NODE_RESULT_NO_ATTRIBUTE);
    CU_ASSERT_EQUAL(core->set_value(fs, &file, one, "first", 5, 0), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(core->set_value(fs, &file, one, "x", 1, FILES_VALUE_CREATE),
                    NODE_RESULT_EXISTS);
    memset(buffer, 'v', sizeof buffer);
    CU_ASSERT_EQUAL(core->set_value(fs, &file, two, buffer, sizeof buffer, 0), NODE_RESULT_DONE);
    memset(buffer, 0, sizeof buffer);
    CU_ASSERT_EQUAL(core->value(fs, &file, two, buffer, sizeof buffer, &bytes), NODE_RESULT_DONE);
    CU_ASSERT(bytes == sizeof buffer && buffer[0] == 'v' && buffer[sizeof buffer - 1] == 'v');
    CU_ASSERT_EQUAL(core->value(fs, &file, one, buffer, 4, &bytes), NODE_RESULT_OUT_OF_RANGE);
    CU_ASSERT_EQUAL(core->value(fs, &file, one, buffer, 0, &bytes), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(bytes, 5);
    CU_ASSERT_EQUAL(core->values(fs, &file, names, sizeof names, &bytes), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(bytes, 18);
    CU_ASSERT_EQUAL(core->values(fs, &file, names, 17, &bytes), NODE_RESULT_OUT_OF_RANGE);
    CU_ASSERT_EQUAL(core->set_value(fs, &file, two, "short", 5, FILES_VALUE_REPLACE),
                    NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(core->remove_value(fs, &file, one), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(core->remove_value(fs, &file, one), NODE_RESULT_NO_ATTRIBUTE);
    CU_ASSERT_EQUAL(core->value(fs, &file, two, buffer, 9, &bytes), NODE_RESULT_DONE);
    CU_ASSERT(bytes == 5 && memcmp(buffer, "short", 5) == 0);
    core->remove(fs, &root, name_of("file"));
    CU_ASSERT_EQUAL(fs->pool.used, before);
    CU_ASSERT(tmpfs_check(fs));
}

/* What a listing has seen. */
struct seen {
    uint32_t count, limit;
    uint8_t *marks; /* by the number in the name */
};

static bool mark(void *context, const struct files_entry *entry)
{
    struct seen *seen = context;
    if (seen->limit == 0)
        return false;
    seen->limit--;
    seen->count++;
    if (entry->name[0] == 'n')
        seen->marks[strtoul(entry->name + 1, NULL, 10)]++;
    return true;
}

/* A million entries, removed from under a listing; each that stays comes once. */
static void test_many(void)
{
    static uint8_t marks[ENTRIES];
    struct seen seen = {.marks = marks};
    struct files_node file, again;
    char name[16];
    uint64_t cookie = 0;
    bool end = false;
    begin(LARGE_MEMORY, 0);
    uint32_t before = fs->pool.used;
    make(&root, "first", NODE_KIND_FILE, &file);
    for (uint32_t i = 0; i < ENTRIES; i++) {
        snprintf(name, sizeof name, "n%u", i);
        CU_ASSERT_EQUAL_FATAL(core->link(fs, &file, &root, name_of(name)), NODE_RESULT_DONE);
    }
    CU_ASSERT_EQUAL(attributes(&file).links, ENTRIES + 1);
    for (uint32_t i = 0; i < ENTRIES; i += 997) {
        snprintf(name, sizeof name, "n%u", i);
        CU_ASSERT_EQUAL_FATAL(look(&root, name, &again), NODE_RESULT_DONE);
    }
    for (uint32_t turn = 0; !end; turn++) {
        seen.limit = 1000;
        CU_ASSERT_EQUAL_FATAL(core->list(fs, &root, &cookie, mark, &seen, &end),
                              NODE_RESULT_DONE);
        /* Two that were seen, one that was not, and the one that would be next. */
        for (uint32_t k = 0; k < 4 && turn < 400; k++) {
            const uint32_t which[] = {turn * 1000, turn * 1000 + 1, ENTRIES - 1 - turn,
                                      (turn + 1) * 1000 - 3};
            snprintf(name, sizeof name, "n%u", which[k]);
            core->remove(fs, &root, name_of(name));
        }
    }
    for (uint32_t i = 0; i < ENTRIES - 400; i++)
        CU_ASSERT_FATAL(marks[i] == 1 ||
                        (marks[i] == 0 && look(&root, (snprintf(name, sizeof name, "n%u", i), name),
                                               &again) == NODE_RESULT_NOT_FOUND));
    CU_ASSERT(tmpfs_check(fs));
    for (uint32_t i = 0; i < ENTRIES; i++) {
        snprintf(name, sizeof name, "n%u", i);
        core->remove(fs, &root, name_of(name));
    }
    core->remove(fs, &root, name_of("first"));
    CU_ASSERT_EQUAL(fs->entry_count, 0);
    CU_ASSERT_EQUAL(fs->pool.used, before);
    CU_ASSERT(tmpfs_check(fs));
}

static uint32_t random_below(uint32_t limit)
{
    static uint64_t state = 88172645463325252u; /* Marsaglia 2003, xorshift64 */
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16) % limit;
}

/* Any operation, by names of a few in a few directories. */
static enum node_result step(void)
{
    const char *const names[] = {"a", "b", "c", "a long name of more than thirty-two bytes", "e"};
    struct files_node in = root, to = root, node, made;
    char bytes[9000] = {1};
    size_t got;
    const char *name = names[random_below(5)], *second = names[random_below(5)];
    for (uint32_t depth = random_below(3); depth > 0; depth--)
        if (look(&in, names[random_below(5)], &node) == NODE_RESULT_DONE &&
            node.kind == NODE_KIND_DIRECTORY)
            in = node;
    if (look(&root, names[random_below(5)], &node) == NODE_RESULT_DONE &&
        node.kind == NODE_KIND_DIRECTORY)
        to = node;
    bool is_there = look(&in, name, &node) == NODE_RESULT_DONE;
    bool is_file = is_there && node.kind == NODE_KIND_FILE;
    switch (random_below(11)) {
    case 0: return make(&in, name, NODE_KIND_DIRECTORY, &made);
    case 1: return make(&in, name, NODE_KIND_FILE, &made);
    case 2: return make(&in, name, NODE_KIND_LINK, &made);
    case 3: return core->remove(fs, &in, name_of(name));
    case 4: return rename_to(&in, name, &to, second, random_below(3));
    case 5: return is_there ? core->link(fs, &node, &to, name_of(second)) : NODE_RESULT_DONE;
    case 6: return is_file ? core->truncate(fs, &node, random_below(20000)) : NODE_RESULT_DONE;
    case 7:
        return is_there ? core->set_value(fs, &node, name_of(second), bytes, random_below(9000), 0)
                        : NODE_RESULT_DONE;
    case 8: return is_there ? core->remove_value(fs, &node, name_of(second)) : NODE_RESULT_DONE;
    case 9: return is_file ? core->allocate(fs, &node, random_below(2) * FILES_INSERT,
                                            random_below(4) * POOL_PAGE, POOL_PAGE)
                           : NODE_RESULT_DONE;
    default: return is_file ? core->write(fs, &node, random_below(50000), bytes,
                                          random_below(9000), &got)
                            : NODE_RESULT_DONE;
    }
}

/* Random steps in little memory, which runs out again and again. */
static void test_random(void)
{
    uint32_t full = 0, done = 0;
    begin(40 * POOL_PAGE, 30);
    for (uint32_t i = 0; i < STEPS; i++) {
        enum node_result result = step();
        full += result == NODE_RESULT_NO_SPACE;
        done += result == NODE_RESULT_DONE;
        CU_ASSERT_FATAL(tmpfs_check(fs));
    }
    CU_ASSERT(full > STEPS / 1000 && done > STEPS / 10);
}

/* The indexes of a tree against those of an array. */
static void test_tree(void)
{
    enum { PLACES = 300, FAR = 200 };
    static uint32_t model[PLACES];
    struct tree tree = {0, 0};
    begin(MEMORY, 0);
    uint32_t before = fs->pool.used;
    for (uint32_t i = 0; i < STEPS; i++) {
        uint32_t place = random_below(PLACES), from = random_below(PLACES), at = from;
        uint64_t index = place < FAR ? place : UINT64_MAX - (PLACES - 1 - place), next;
        uint32_t value = random_below(3);
        if (value == 0) {
            CU_ASSERT_EQUAL(tree_clear(&fs->pool, &tree, index), model[place]);
        } else {
            CU_ASSERT(tree_set(&fs->pool, &tree, index, value));
        }
        model[place] = value;
        CU_ASSERT_EQUAL(tree_get(&fs->pool, &tree, index), value);
        while (at < PLACES && model[at] == 0)
            at++;
        next = from < FAR ? from : UINT64_MAX - (PLACES - 1 - from);
        uint32_t found = tree_next(&fs->pool, &tree, &next);
        CU_ASSERT_FATAL(found == (at < PLACES ? model[at] : 0));
        CU_ASSERT_FATAL(found == 0 || next == (at < FAR ? at : UINT64_MAX - (PLACES - 1 - at)));
    }
    for (uint32_t place = 0; place < PLACES; place++)
        tree_clear(&fs->pool, &tree, place < FAR ? place : UINT64_MAX - (PLACES - 1 - place));
    CU_ASSERT_EQUAL(fs->pool.used, before);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("tmpfs", NULL, NULL);
    CU_add_test(suite, "trees", test_tree);
    CU_add_test(suite, "bytes", test_bytes);
    CU_add_test(suite, "allocation", test_allocate);
    CU_add_test(suite, "renaming", test_rename);
    CU_add_test(suite, "extended attributes", test_values);
    CU_add_test(suite, "a million entries", test_many);
    CU_add_test(suite, "random steps without memory", test_random);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    free(memory);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
