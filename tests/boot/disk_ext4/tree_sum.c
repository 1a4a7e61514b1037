/* SPDX-License-Identifier: MIT */
/*
 * tree_sum: walks a file system through its server, reads all of it, and tells how much there was
 * and a sum: that of the hashes (FNV-1a, 64 bits; G. Fowler, L. Noll, K. Vo) of each node's path,
 * its kind as a digit, and its bytes or its target. README.md says how the host counts the same.
 */
#include "directory.capnp.h"
#include "file.capnp.h"
#include "scenario.h"
#include "text.h"

enum { READ_BYTES = 1500, LIST_BYTES = 1000, DEPTH_MAX = 32, LEAST_BATCH = 1 };

#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

static struct directory_service_client client;
static struct directory_service_ref root;
static char path[NODE_PATH_MAX];
static uint64_t files, directories, links, others, bytes, sum;

static uint64_t hash(uint64_t value, const void *data, size_t length)
{
    const uint8_t *byte = data;
    for (size_t i = 0; i < length; i++)
        value = (value ^ byte[i]) * FNV_PRIME;
    return value;
}

static struct capnp_text path_of(size_t length)
{
    return (struct capnp_text){path, (uint32_t)length};
}

static uint64_t hash_file(uint64_t value, size_t length)
{
    struct directory_service_open_params params = {
        .root = EXO_NONE, .path = path_of(length), .how = FILE_MODE_READ};
    struct directory_service_open_results opened;
    struct file_service_read_params read = {.length = READ_BYTES};
    struct file_service_read_results results;
    EXPECT(directory_service_open_at(root, &params, &opened), EXO_STATUS_OK);
    CHECK(opened.result == NODE_RESULT_DONE && opened.kind == NODE_KIND_FILE);
    struct file_service_ref file = file_service_ref_of(&client.rpc, opened.file);
    do {
        EXPECT(file_service_read_at(file, &read, &results), EXO_STATUS_OK);
        CHECK(results.result == NODE_RESULT_DONE);
        value = hash(value, results.data.bytes, results.data.length);
        read.offset += results.data.length;
    } while (results.data.length > 0);
    CHECK(read.offset == opened.size);
    EXPECT(file_service_ref_release(file), EXO_STATUS_OK);
    bytes += read.offset;
    return value;
}

static uint64_t hash_target(uint64_t value, size_t length)
{
    struct directory_service_read_link_params params = {.root = EXO_NONE, .path = path_of(length)};
    struct directory_service_read_link_results results;
    EXPECT(directory_service_read_link_at(root, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == NODE_RESULT_DONE);
    return hash(value, results.target.bytes, results.target.length);
}

/* What a path leads to, but for a directory's entries. */
static void add(size_t length, enum node_kind kind)
{
    char digit = (char)('0' + kind);
    uint64_t value = hash(hash(FNV_START, path, length), &digit, 1);
    if (kind == NODE_KIND_FILE)
        value = hash_file(value, length);
    else if (kind == NODE_KIND_LINK)
        value = hash_target(value, length);
    files += kind == NODE_KIND_FILE;
    directories += kind == NODE_KIND_DIRECTORY;
    links += kind == NODE_KIND_LINK;
    others += kind > NODE_KIND_LINK;
    sum += value;
}

/* The kind is not what the list says, which may not know it, but the node's. */
static enum node_kind kind_of(size_t length)
{
    struct directory_service_look_params params = {
        .root = EXO_NONE, .path = path_of(length), .how = FILE_MODE_NO_FOLLOW | FILE_MODE_NODE};
    struct directory_service_look_results results;
    EXPECT(directory_service_look_at(root, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == NODE_RESULT_DONE);
    return results.kind;
}

/* The next entry of the directory at a path that is neither `.` nor `..`, behind its path. False at
 * the end. */
static bool next_entry(size_t length, uint64_t *cookie, size_t *longer)
{
    struct directory_service_open_params params = {
        .root = EXO_NONE, .path = path_of(length), .how = FILE_MODE_READ | FILE_MODE_DIRECTORY};
    struct directory_service_open_results opened;
    struct directory_service_list_params list = {.cookie = *cookie, .room = LIST_BYTES};
    struct directory_service_list_results results;
    if (length == 0)
        params.path = (struct capnp_text)CAPNP_TEXT_LITERAL(".");
    EXPECT(directory_service_open_at(root, &params, &opened), EXO_STATUS_OK);
    CHECK(opened.result == NODE_RESULT_DONE && opened.kind == NODE_KIND_DIRECTORY);
    struct directory_service_ref directory =
        directory_service_ref_of(&client.rpc, opened.directory);
    bool found = false;
    do {
        EXPECT(directory_service_list_at(directory, &list, &results), EXO_STATUS_OK);
        CHECK(results.result == NODE_RESULT_DONE);
        for (uint32_t i = 0; i < directory_entry_list_count(results.entries) && !found; i++) {
            struct directory_entry_reader entry = directory_entry_list_at(results.entries, i);
            struct capnp_text name;
            CHECK(directory_entry_get_name(entry, &name) == CAPNP_OK);
            *cookie = directory_entry_get_cookie(entry);
            if (text_is(name.bytes, name.length, ".") || text_is(name.bytes, name.length, ".."))
                continue;
            CHECK(length + 1 + name.length < sizeof path);
            path[length] = '/';
            size_t at = length + (length > 0);
            memcpy(path + at, name.bytes, name.length);
            *longer = at + name.length;
            found = true;
        }
        list.cookie = results.next;
    } while (!found && !results.end);
    EXPECT(directory_service_ref_release(directory), EXO_STATUS_OK);
    return found;
}

static void walk(void)
{
    static size_t lengths[DEPTH_MAX];
    static uint64_t cookies[DEPTH_MAX];
    uint32_t depth = 1;
    while (depth > 0) {
        size_t length;
        if (!next_entry(lengths[depth - 1], &cookies[depth - 1], &length)) {
            depth--;
            continue;
        }
        enum node_kind kind = kind_of(length);
        add(length, kind);
        if (kind != NODE_KIND_DIRECTORY)
            continue;
        CHECK(depth < DEPTH_MAX);
        lengths[depth] = length;
        cookies[depth++] = DIRECTORY_COOKIE_START;
    }
}

int component_main(void)
{
    struct directory_service_again_params params = {0};
    struct directory_service_again_results own;
    EXPECT(directory_service_client_open(&client, binding_import("directory")), EXO_STATUS_OK);
    EXPECT(directory_service_again(&client, &params, &own), EXO_STATUS_OK);
    root = directory_service_ref_of(&client.rpc, own.directory);
    walk();
    print("tree_sum: %lu files of %lu bytes, %lu directories, %lu links, %lu others; sum %lx\n",
          files, bytes, directories, links, others, sum);
    return 0;
}
