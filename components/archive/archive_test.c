/* SPDX-License-Identifier: MIT */
/*
 * How entries of an archive replace each other, and all that can fail: archives that end anywhere,
 * sources that cannot be read, little memory. Archives of real programs are in tests/archives.
 */
#include "make_archive.h"

/* Opens a path of plain names; false: it is not there. */
static bool find(const char *path, struct archive_node *node)
{
    if (archive_node(archive, ARCHIVE_ROOT, node) != ARCHIVE_OK)
        return false;
    while (*path) {
        size_t count = strcspn(path, "/");
        struct archive_node directory = *node;
        if (archive_lookup(archive, &directory, path, count, node) != ARCHIVE_OK)
            return false;
        path += count + (path[count] == '/');
    }
    return true;
}

static bool has_content(const char *path, const char *content)
{
    struct archive_node node;
    char buffer[64];
    size_t got;
    return find(path, &node) &&
           archive_read(archive, &node, 0, buffer, sizeof buffer, &got) == ARCHIVE_OK &&
           got == strlen(content) && memcmp(buffer, content, got) == 0;
}

/* --- What comes in the place of what ---------------------------------------------------------- */

static void test_replace(void)
{
    struct archive_node node, other;
    begin();
    add('0', "a", NULL, "first");
    add('1', "b", "a", NULL);
    add('0', "a", NULL, "second");
    add('5', "empty", NULL, NULL);
    add('0', "empty", NULL, "now a file");
    add('0', "c", NULL, "a file");
    add('0', "c/", NULL, "");
    add('0', "c/inside", NULL, "kept");
    add('5', "c", NULL, NULL);
    add('1', "b", "b", NULL);
    end();
    CU_ASSERT_FATAL(open_made(MEMORY_BYTES) == ARCHIVE_OK);
    CU_ASSERT(has_content("a", "second") && has_content("b", "first"));
    CU_ASSERT(has_content("empty", "now a file") && has_content("c/inside", "kept"));
    CU_ASSERT(find("a", &node) && node.links == 1 && node.user == 1 && node.group == 2);
    CU_ASSERT(find("b", &node) && node.links == 1 && node.modified.seconds == 7);
    CU_ASSERT(find("c", &node) && node.links == 2 && node.mode == 040644);
    CU_ASSERT(find("", &node) && node.links == 3);
    CU_ASSERT(find("c/..", &other) && other.number == node.number);
    CU_ASSERT(find("..", &other) && other.number == node.number);
    struct archive_facts facts;
    archive_facts(archive, &facts);
    CU_ASSERT(facts.headers == 10 && facts.replaced == 5 && facts.inodes == 6);
}

static void test_names(void)
{
    static char name[260];
    struct archive_node node;
    begin();
    add('0', "/absolute//file", NULL, "1");
    add('0', "./dots/./file/.", NULL, "2");
    add('5', "./", NULL, NULL);
    memset(name, 'n', 255);
    add_bytes('L', "././@LongLink", NULL, name, 256); /* with its NUL */
    add('0', "short", NULL, "3");
    add('0', "\x01\xff\\", NULL, "4");
    end();
    CU_ASSERT(open_made(MEMORY_BYTES) == ARCHIVE_OK);
    CU_ASSERT(has_content("absolute/file", "1") && has_content("dots/file", "2"));
    CU_ASSERT(has_content(name, "3") && has_content("\x01\xff\\", "4"));
    CU_ASSERT(find("", &node) && node.mode == 040644);
    name[255] = 'n';
    CU_ASSERT(archive_lookup(archive, &node, name, 256, &node) == ARCHIVE_NAME_TOO_LONG);
    CU_ASSERT(archive_lookup(archive, &node, "", 0, &node) == ARCHIVE_NOT_FOUND);
}

/* Names of one file in cpio: one has the bytes, and it is the last in what GNU cpio writes. */
static void test_cpio_links(void)
{
    struct archive_node node, other;
    begin();
    add_cpio(0100644, 5, 3, "a", "");
    add_cpio(0100600, 6, 1, "own", "x");
    add_cpio(0100644, 5, 3, "d/b", "");
    add_cpio(0100640, 5, 3, "c", "bytes");
    add_cpio(0020644, 7, 1, "device", "");
    add_cpio(0120777, 8, 1, "link", "d/b");
    end_cpio();
    CU_ASSERT_FATAL(open_made(MEMORY_BYTES) == ARCHIVE_OK);
    CU_ASSERT(has_content("a", "bytes") && has_content("d/b", "bytes"));
    CU_ASSERT(has_content("c", "bytes"));
    CU_ASSERT(find("a", &node) && find("d/b", &other) && node.number == other.number);
    CU_ASSERT(node.links == 3 && node.mode == 0100640 && node.user == 1);
    CU_ASSERT(find("device", &node) && node.device_major == 1 && node.device_minor == 3);
    char target[4];
    size_t count;
    CU_ASSERT(find("link", &node));
    CU_ASSERT(archive_read_link(archive, &node, target, 2, &count) == ARCHIVE_NO_ROOM);
    CU_ASSERT(archive_read_link(archive, &node, target, 3, &count) == ARCHIVE_OK && count == 3);
    CU_ASSERT(memcmp(target, "d/b", 3) == 0);
    size_t got;
    CU_ASSERT(archive_read(archive, &node, 0, target, 1, &got) == ARCHIVE_WRONG_KIND);
}

/* --- Everything that can fail ----------------------------------------------------------------- */

static void make_both(bool is_cpio)
{
    begin();
    if (is_cpio) {
        add_cpio(0040755, 4, 2, "deep/er", "");
        add_cpio(0100644, 5, 2, "deep/er/file", "content");
        add_cpio(0100644, 5, 2, "second", "");
        add_cpio(0120777, 6, 1, "link", "deep/er/file");
        end_cpio();
        return;
    }
    add('g', "global", NULL, "9 gid=77\n14 mtime=-1.5\n");
    static const char records[] = "21 path=deep/er/file\n26 SCHILY.xattr.user.a=1\0\n12 atime=75\n";
    add_bytes('x', "pax", NULL, records, sizeof records - 1);
    add('0', "short", NULL, "content");
    add_bytes('K', "long", NULL, "deep/er/file", 13);
    add('2', "link", NULL, NULL);
    add('1', "second", "deep/er/file", NULL);
    end();
}

static bool count_entry(void *context, const struct archive_entry *entry)
{
    (void)entry;
    ++*(unsigned *)context;
    return true;
}

/* All that there is to ask; answers how often an error came. */
static unsigned read_all(void)
{
    static const char *const paths[] = {"", "deep", "deep/er", "deep/er/file", "second", "link"};
    unsigned failures = 0, entries = 0;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct archive_node node;
        char buffer[64];
        size_t count;
        uint64_t cookie = 0;
        if (!find(paths[i], &node)) {
            failures++;
            continue;
        }
        if ((node.mode & 0170000) == 0100000)
            failures += archive_read(archive, &node, 0, buffer, 64, &count) != ARCHIVE_OK;
        else if ((node.mode & 0170000) == 0120000)
            failures += archive_read_link(archive, &node, buffer, 64, &count) != ARCHIVE_OK;
        else
            failures += archive_list(archive, &node, &cookie, count_entry, &entries) != ARCHIVE_OK;
        failures += archive_list_attributes(archive, &node, buffer, 64, &count) != ARCHIVE_OK;
        for (size_t at = 0; at < count; at += strlen(buffer + at) + 1)
            failures += archive_attribute(archive, &node, buffer + at, strlen(buffer + at), NULL,
                                          0, &count) != ARCHIVE_OK;
    }
    return failures;
}

static void test_sound(void)
{
    struct archive_node node;
    char value[8];
    size_t count;
    make_both(false);
    CU_ASSERT_FATAL(open_made(MEMORY_BYTES) == ARCHIVE_OK);
    CU_ASSERT(read_all() == 0);
    CU_ASSERT(find("second", &node) && node.links == 2 && node.group == 77 && node.user == 1);
    CU_ASSERT(node.modified.seconds == -2 && node.modified.nanoseconds == 500000000);
    CU_ASSERT(node.accessed.seconds == 75 && node.accessed.nanoseconds == 0);
    CU_ASSERT(archive_attribute(archive, &node, "user.a", 6, value, 8, &count) == ARCHIVE_OK);
    CU_ASSERT(count == 2 && memcmp(value, "1", 2) == 0);
    CU_ASSERT(archive_attribute(archive, &node, "user.a", 6, value, 1, &count) == ARCHIVE_NO_ROOM);
    CU_ASSERT(archive_attribute(archive, &node, "user.b", 6, value, 8, &count) ==
              ARCHIVE_NOT_FOUND);
    CU_ASSERT(archive_node(archive, 0, &node) == ARCHIVE_NOT_FOUND);
    CU_ASSERT(archive_node(archive, UINT32_MAX, &node) == ARCHIVE_NOT_FOUND);
    make_both(true);
    CU_ASSERT_FATAL(open_made(MEMORY_BYTES) == ARCHIVE_OK);
    CU_ASSERT(read_all() == 0);
}

static void test_cut(void)
{
    for (int kind = 0; kind < 2; kind++) {
        make_both(kind);
        size_t whole = size;
        /* The last bytes of cpio's trailer are only there to fill it up. */
        for (size = 0; size < whole - (kind ? 3 : 0); size++) {
            enum archive_status status = open_made(MEMORY_BYTES);
            CU_ASSERT(status == ARCHIVE_CORRUPT || (size < BLOCK_BYTES && status != ARCHIVE_OK));
            CU_ASSERT(!went_outside);
        }
    }
}

static void test_device_errors(void)
{
    for (int kind = 0; kind < 2; kind++) {
        unsigned failed = 0;
        make_both(kind);
        for (size_t place = 0; place < size; place += 64) {
            bad_place = place;
            enum archive_status status = open_made(MEMORY_BYTES);
            CU_ASSERT(status == ARCHIVE_DEVICE ? error.value == CODE : status == ARCHIVE_OK);
            if (status != ARCHIVE_OK || read_all() > 0)
                failed++;
        }
        CU_ASSERT(failed > 0);
    }
    /* What fails behind the headers comes when it is read. */
    begin();
    add('0', "file", NULL, "content");
    size += 1 << 16;
    memset(bytes + 2 * BLOCK_BYTES, 0, 1 << 16);
    CU_ASSERT(open_made(MEMORY_BYTES) == ARCHIVE_OK);
    bad_place = BLOCK_BYTES;
    CU_ASSERT(!has_content("file", "content"));
    CU_ASSERT(archive_error(archive)->status == ARCHIVE_DEVICE);
    CU_ASSERT(archive_error(archive)->place == BLOCK_BYTES);
}

/* With every size of memory it opens or says that it needs more; then it holds as ever. */
static void test_memory(void)
{
    unsigned refused = 0;
    make_both(false);
    size_t needed = 0;
    for (size_t given = 0; given < 1 << 16; given += 8) {
        enum archive_status status = open_made(given);
        CU_ASSERT(status == ARCHIVE_OK || (status == ARCHIVE_NO_MEMORY && !needed));
        if (status == ARCHIVE_OK && !needed)
            needed = given;
        if (status == ARCHIVE_OK)
            CU_ASSERT(read_all() == 0);
        refused += status != ARCHIVE_OK;
    }
    CU_ASSERT(needed > 0 && refused > 100);
    printf("%zu bytes ", needed);
}

struct ordered {
    unsigned count, stop;
    uint64_t cookie;
};

static bool stop_at(void *context, const struct archive_entry *entry)
{
    struct ordered *ordered = context;
    if (ordered->count == ordered->stop)
        return false;
    ordered->count++;
    ordered->cookie = entry->cookie;
    return true;
}

/* A list can begin anew behind each entry; a number that is no entry's is refused. */
static void test_cookies(void)
{
    struct archive_node root, other;
    make_both(false);
    CU_ASSERT_FATAL(open_made(MEMORY_BYTES) == ARCHIVE_OK);
    CU_ASSERT(find("", &root) && find("deep", &other));
    uint64_t cookie = 0;
    for (unsigned i = 0; i < 6; i++) {
        struct ordered ordered = {.stop = 1};
        CU_ASSERT(archive_list(archive, &root, &cookie, stop_at, &ordered) == ARCHIVE_OK);
        CU_ASSERT(ordered.count == (i < 5) && (i == 5 || cookie == ordered.cookie));
    }
    unsigned found = 0;
    for (uint64_t number = 2; number < 3000; number++) {
        struct ordered ordered = {.stop = 1};
        uint64_t at = number;
        found += archive_list(archive, &root, &at, stop_at, &ordered) == ARCHIVE_OK;
    }
    CU_ASSERT(found == 3);
    cookie = 2; /* of the first name, which is none of this directory */
    struct ordered ordered = {.stop = 1};
    CU_ASSERT(archive_list(archive, &other, &cookie, stop_at, &ordered) == ARCHIVE_NOT_FOUND);
}

/* Names in an order that would make a plain tree a list: the steps must stay few. archive_check()
 * looks at the heights; here that all are found. */
static void test_many(void)
{
    struct archive_node root, node;
    unsigned missing = 0, entries = 1500;
    begin();
    for (unsigned i = 0; i < entries; i++) {
        char name[16];
        snprintf(name, sizeof name, "%06u", i);
        add('0', name, NULL, NULL);
    }
    end();
    CU_ASSERT_FATAL(open_made(MEMORY_BYTES) == ARCHIVE_OK);
    CU_ASSERT(find("", &root));
    for (unsigned i = 0; i < entries; i++) {
        char name[16];
        snprintf(name, sizeof name, "%06u", i);
        missing += archive_lookup(archive, &root, name, 6, &node) != ARCHIVE_OK;
    }
    CU_ASSERT(missing == 0);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("archive", NULL, NULL);
    CU_add_test(suite, "later entries", test_replace);
    CU_add_test(suite, "names", test_names);
    CU_add_test(suite, "hard links of cpio", test_cpio_links);
    CU_add_test(suite, "all of a sound one", test_sound);
    CU_add_test(suite, "cut anywhere", test_cut);
    CU_add_test(suite, "reads that fail", test_device_errors);
    CU_add_test(suite, "memory of every size", test_memory);
    CU_add_test(suite, "cookies", test_cookies);
    CU_add_test(suite, "many names in order", test_many);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    free(memory);
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
