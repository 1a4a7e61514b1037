/* SPDX-License-Identifier: MIT */
/*
 * A client of a file system in memory: makes, writes, reads, lists, renames and removes, and asks
 * for what must be refused. Meanwhile the stranger tries what its credentials do not allow.
 */
#include "directory.capnp.h"
#include "file.capnp.h"
#include "scenario.h"
#include "text.h"
#include "ticks.h"
#include "transfer.h"

enum { MANY = 300, TERABYTE_BITS = 40, USER = 1000, WAIT_MICROSECONDS = 20000000 };
enum { RELEASED_AT_ONCE = 16, OPEN_FILES = 1024,
       CLOSE_TO_ALL = 8 /* are open besides: roots, and the stranger's */ };

#define OPEN(path, how) open_at(root, EXO_NONE, path, how)
#define REFUSED(call, result) (CHECK((call) == (result)), refused++)

static struct directory_service_client client;
static struct directory_service_ref root;
static uint32_t refused;
static uint64_t ticket; /* of the last lock_at() */

static struct capnp_text text_of(const char *text)
{
    return (struct capnp_text){text, (uint32_t)strlen(text)};
}

/* What the last successful open_at opened. */
static struct file_service_ref file;
static struct directory_service_ref directory;

static enum node_result open_text(struct directory_service_ref at, uint32_t top,
                                  struct capnp_text path, uint32_t how)
{
    struct directory_service_open_params params = {.root = top, .path = path, .how = how,
                                                   .mode = 0666};
    struct directory_service_open_results results;
    EXPECT(directory_service_open_at(at, &params, &results), EXO_STATUS_OK);
    file = file_service_ref_of(&client.rpc, results.file);
    directory = directory_service_ref_of(&client.rpc, results.directory);
    return results.result;
}

static enum node_result open_at(struct directory_service_ref at, uint32_t top, const char *path,
                                uint32_t how)
{
    return open_text(at, top, text_of(path), how);
}

static enum node_result make_at(struct directory_service_ref at, const char *path,
                                enum node_kind kind, const char *target)
{
    struct directory_service_make_params params = {.root = EXO_NONE, .path = text_of(path),
                                                   .kind = kind, .mode = 0777,
                                                   .target = text_of(target)};
    struct directory_service_make_results results;
    EXPECT(directory_service_make_at(at, &params, &results), EXO_STATUS_OK);
    return results.result;
}

static enum node_result remove_at(struct directory_service_ref at, const char *path, bool is_dir)
{
    struct directory_service_remove_params params = {.root = EXO_NONE, .path = text_of(path),
                                                     .directory = is_dir};
    struct directory_service_remove_results results;
    EXPECT(directory_service_remove_at(at, &params, &results), EXO_STATUS_OK);
    return results.result;
}

static enum node_result rename_to(const char *from, const char *to, uint32_t flags)
{
    struct directory_service_rename_params params = {.root = EXO_NONE, .path = text_of(from),
                                                     .to = EXO_NONE, .to_path = text_of(to),
                                                     .flags = flags};
    struct directory_service_rename_results results;
    EXPECT(directory_service_rename(&client, &params, &results), EXO_STATUS_OK);
    return results.result;
}

static struct directory_service_look_results look(const char *path, uint32_t how)
{
    struct directory_service_look_params params = {.root = EXO_NONE, .path = text_of(path),
                                                   .how = how};
    struct directory_service_look_results results;
    EXPECT(directory_service_look(&client, &params, &results), EXO_STATUS_OK);
    return results;
}

static enum node_result write_at(struct file_service_ref to, uint64_t offset, const char *text)
{
    struct file_service_write_params params = {
        .offset = offset, .data = {(const uint8_t *)text, (uint32_t)strlen(text)}};
    struct file_service_write_results results;
    EXPECT(file_service_write_at(to, &params, &results), EXO_STATUS_OK);
    CHECK(results.result != NODE_RESULT_DONE || results.length == strlen(text));
    return results.result;
}

/* Read, and see that it is this. */
static bool reads(struct file_service_ref from, uint64_t offset, uint32_t length, const char *text)
{
    struct file_service_read_params params = {.offset = offset, .length = length};
    struct file_service_read_results results;
    EXPECT(file_service_read_at(from, &params, &results), EXO_STATUS_OK);
    return results.result == NODE_RESULT_DONE &&
           text_is((const char *)results.data.bytes, results.data.length, text);
}

static enum node_result read_result(struct file_service_ref from)
{
    struct file_service_read_params params = {.length = 1};
    struct file_service_read_results results;
    EXPECT(file_service_read_at(from, &params, &results), EXO_STATUS_OK);
    return results.result;
}

static void check_files(void)
{
    struct file_service_truncate_params size = {.size = UINT64_C(1) << TERABYTE_BITS};
    struct file_service_truncate_results truncated;
    struct file_node_attributes_results attributes;
    const uint32_t how = FILE_MODE_READ | FILE_MODE_WRITE | FILE_MODE_CREATE;
    CHECK(OPEN("first", how) == NODE_RESULT_DONE);
    struct file_service_ref first = file;
    CHECK(write_at(first, 0, "hello") == NODE_RESULT_DONE);
    CHECK(write_at(first, 4094, "over the edge") == NODE_RESULT_DONE);
    CHECK(reads(first, 0, 5, "hello") && reads(first, 4094, 100, "over the edge"));
    CHECK(reads(first, 5000, 100, ""));
    CHECK(write_at(first, FILE_POSITION, "HE") == NODE_RESULT_DONE);
    CHECK(reads(first, FILE_POSITION, 3, "llo") && reads(first, 0, 5, "HEllo"));
    EXPECT(file_service_truncate_at(first, &size, &truncated), EXO_STATUS_OK);
    CHECK(truncated.result == NODE_RESULT_DONE);
    CHECK(write_at(first, size.size - 3, "end") == NODE_RESULT_DONE);
    CHECK(reads(first, size.size - 3, 9, "end"));
    EXPECT(file_node_attributes_at(file_service_ref_as_file_node(first), &attributes),
           EXO_STATUS_OK);
    CHECK(attributes.size == size.size && attributes.stored == 3 * 4096 && attributes.links == 1);
    size.size = UINT64_MAX;
    EXPECT(file_service_truncate_at(first, &size, &truncated), EXO_STATUS_OK);
    REFUSED(truncated.result, NODE_RESULT_TOO_LARGE);
    REFUSED(write_at(first, UINT64_MAX - 2, "x"), NODE_RESULT_TOO_LARGE);
    REFUSED(OPEN("first", how | FILE_MODE_EXCLUSIVE), NODE_RESULT_EXISTS);
    REFUSED(OPEN("first", FILE_MODE_READ | FILE_MODE_DIRECTORY), NODE_RESULT_NOT_DIRECTORY);
    CHECK(OPEN("first", FILE_MODE_READ) == NODE_RESULT_DONE);
    REFUSED(write_at(file, 0, "x"), NODE_RESULT_NOT_OPEN);
    EXPECT(file_service_ref_release(file), EXO_STATUS_OK);
    CHECK(OPEN("first", FILE_MODE_WRITE | FILE_MODE_APPEND) == NODE_RESULT_DONE);
    REFUSED(read_result(file), NODE_RESULT_NOT_OPEN);
    EXPECT(file_service_ref_release(file), EXO_STATUS_OK);
    /* It goes on without its name, until it is released. */
    CHECK(remove_at(root, "first", false) == NODE_RESULT_DONE);
    CHECK(reads(first, 0, 5, "HEllo"));
    REFUSED(look("first", 0).result, NODE_RESULT_NOT_FOUND);
    EXPECT(file_service_ref_release(first), EXO_STATUS_OK);
    struct file_service_read_params params = {.length = 1};
    struct file_service_read_results results;
    EXPECT(file_service_read_at(first, &params, &results), EXO_STATUS_BAD_CAPABILITY);
    refused++;
}

/* List a directory, and count what is there. */
static uint32_t count_entries(struct directory_service_ref at)
{
    struct directory_service_list_params params = {.cookie = DIRECTORY_COOKIE_START, .room = 2000};
    struct directory_service_list_results results;
    uint32_t count = 0;
    do {
        EXPECT(directory_service_list_at(at, &params, &results), EXO_STATUS_OK);
        CHECK(results.result == NODE_RESULT_DONE);
        count += directory_entry_list_count(results.entries);
        params.cookie = results.next;
    } while (!results.end);
    return count;
}

static void check_names(void)
{
    char name[NODE_NAME_MAX + 2];
    static char path[NODE_PATH_MAX + 2];
    memset(name, 'n', sizeof name);
    CHECK(make_at(root, "one", NODE_KIND_DIRECTORY, "") == NODE_RESULT_DONE);
    CHECK(make_at(root, "one/two", NODE_KIND_DIRECTORY, "") == NODE_RESULT_DONE);
    CHECK(OPEN("one", FILE_MODE_READ) == NODE_RESULT_DONE);
    struct directory_service_ref one = directory;
    for (uint32_t i = 0; i < MANY; i++) {
        struct directory_service_make_params params = {.root = EXO_NONE, .kind = NODE_KIND_FILE,
                                                       .path = {name, 1 + i % NODE_NAME_MAX}};
        struct directory_service_make_results results;
        EXPECT(directory_service_make_at(one, &params, &results), EXO_STATUS_OK);
        CHECK(results.result == (i < NODE_NAME_MAX ? NODE_RESULT_DONE : NODE_RESULT_EXISTS));
    }
    CHECK(count_entries(one) == NODE_NAME_MAX + 3);
    REFUSED(open_text(root, EXO_NONE, (struct capnp_text){name, NODE_NAME_MAX + 1},
                      FILE_MODE_READ | FILE_MODE_CREATE), NODE_RESULT_NAME_TOO_LONG);
    memset(path, '/', sizeof path);
    CHECK(open_text(root, EXO_NONE, (struct capnp_text){path, NODE_PATH_MAX}, FILE_MODE_READ) ==
          NODE_RESULT_DONE);
    EXPECT(directory_service_ref_release(directory), EXO_STATUS_OK);
    REFUSED(open_text(root, EXO_NONE, (struct capnp_text){path, NODE_PATH_MAX + 1},
                      FILE_MODE_READ), NODE_RESULT_NAME_TOO_LONG);
    REFUSED(open_text(root, EXO_NONE, (struct capnp_text){"one\0two", 7}, FILE_MODE_READ),
            NODE_RESULT_INVALID);
    REFUSED(OPEN("", FILE_MODE_READ), NODE_RESULT_NOT_FOUND);
    /* Who has a directory and nothing else gets no higher; with the root as root it does. */
    CHECK(open_at(one, EXO_NONE, "../../..", FILE_MODE_READ) == NODE_RESULT_DONE);
    CHECK(count_entries(directory) == NODE_NAME_MAX + 3);
    EXPECT(directory_service_ref_release(directory), EXO_STATUS_OK);
    REFUSED(open_at(one, EXO_NONE, "/one", FILE_MODE_READ), NODE_RESULT_NOT_FOUND);
    REFUSED(OPEN("one", FILE_MODE_READ | FILE_MODE_WRITE), NODE_RESULT_IS_DIRECTORY);
    REFUSED(remove_at(root, "one", true), NODE_RESULT_NOT_EMPTY);
    REFUSED(remove_at(root, "one", false), NODE_RESULT_IS_DIRECTORY);
    REFUSED(remove_at(root, "one/..", true), NODE_RESULT_INVALID);
    REFUSED(remove_at(root, "one/n", true), NODE_RESULT_NOT_DIRECTORY);
    REFUSED(rename_to("one", "one/two/three", 0), NODE_RESULT_INVALID);
    REFUSED(rename_to("one/n", "one/two", 0), NODE_RESULT_IS_DIRECTORY);
    REFUSED(rename_to("one/n", "one/nn", DIRECTORY_RENAME_NO_REPLACE), NODE_RESULT_EXISTS);
    REFUSED(rename_to("one/n", "one/nn", 4), NODE_RESULT_INVALID);
    REFUSED(rename_to("one/.", "x", 0), NODE_RESULT_BUSY);
    CHECK(rename_to("one/n", "one/nn", 0) == NODE_RESULT_DONE);
    CHECK(rename_to("one/two", "three", 0) == NODE_RESULT_DONE);
    CHECK(count_entries(one) == NODE_NAME_MAX + 1);
    EXPECT(directory_service_ref_release(one), EXO_STATUS_OK);
}

static void check_links(void)
{
    CHECK(make_at(root, "loop", NODE_KIND_LINK, "loop/x") == NODE_RESULT_DONE);
    CHECK(make_at(root, "up", NODE_KIND_LINK, "../../three/..") == NODE_RESULT_DONE);
    REFUSED(look("loop", 0).result, NODE_RESULT_LINK_LOOP);
    REFUSED(OPEN("up", FILE_MODE_READ | FILE_MODE_NO_FOLLOW), NODE_RESULT_LINK_LOOP);
    REFUSED(OPEN("up/three", FILE_MODE_READ | FILE_MODE_NO_LINKS), NODE_RESULT_LINK_LOOP);
    REFUSED(OPEN("../three", FILE_MODE_READ | FILE_MODE_BENEATH), NODE_RESULT_CROSSES_DEVICE);
    REFUSED(make_at(root, "empty", NODE_KIND_LINK, ""), NODE_RESULT_INVALID);
    CHECK(look("up", FILE_MODE_NO_FOLLOW).kind == NODE_KIND_LINK);
    CHECK(look("up/three", 0).kind == NODE_KIND_DIRECTORY);
}

/* Names that lead out of the file system come back with what is left of the path. */
static void check_ways_out(void)
{
    struct directory_service_mount_params mount = {.root = EXO_NONE, .path = text_of("three"),
                                                   .mount = 9};
    struct directory_service_mount_results mounted;
    struct directory_service_again_params again = {.outward = true};
    struct directory_service_again_results outward;
    struct directory_service_look_params params = {.path = text_of("up/../x/y")};
    struct directory_service_look_results results;
    EXPECT(directory_service_mount(&client, &mount, &mounted), EXO_STATUS_OK);
    CHECK(mounted.result == NODE_RESULT_DONE);
    results = look("three/four/five", 0);
    CHECK(results.result == NODE_RESULT_OUTWARD && results.mount == 9);
    CHECK(capnp_text_is(results.rest, "/four/five"));
    REFUSED(remove_at(root, "three", true), NODE_RESULT_BUSY);
    mount.mount = 0;
    EXPECT(directory_service_mount(&client, &mount, &mounted), EXO_STATUS_OK);
    CHECK(mounted.result == NODE_RESULT_DONE);
    EXPECT(directory_service_again(&client, &again, &outward), EXO_STATUS_OK);
    CHECK(outward.result == NODE_RESULT_DONE);
    params.root = outward.directory;
    EXPECT(directory_service_look(&client, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == NODE_RESULT_OUTWARD && results.mount == 0);
    CHECK(capnp_text_is(results.rest, "../../three/../../x/y"));
    EXPECT(directory_service_ref_release(directory_service_ref_of(&client.rpc,
                                                                  outward.directory)),
           EXO_STATUS_OK);
}

/* The same client with the credentials of a user. */
/* The root for a user who is not the superuser. */
static struct directory_service_ref bind_user(void)
{
    struct directory_service_bind_params_builder params;
    struct directory_service_bind_results bound;
    struct node_credentials_builder who;
    EXPECT(directory_service_bind_begin(&client, &params), EXO_STATUS_OK);
    CHECK(directory_service_bind_params_init_credentials(params, &who) == CAPNP_OK);
    node_credentials_set_user(who, USER);
    node_credentials_set_group(who, USER);
    EXPECT(directory_service_bind_finish(&client, &bound), EXO_STATUS_OK);
    CHECK(bound.result == NODE_RESULT_DONE);
    return directory_service_ref_of(&client.rpc, bound.directory);
}

static void check_credentials(void)
{
    struct directory_service_bind_results bound;
    struct node_credentials_builder who;
    struct directory_service_ref user = bind_user();
    REFUSED(open_at(user, EXO_NONE, "mine", FILE_MODE_READ | FILE_MODE_CREATE),
            NODE_RESULT_DENIED);
    REFUSED(remove_at(user, "three", true), NODE_RESULT_DENIED);
    struct directory_service_bind_params_builder again;
    EXPECT(directory_service_bind_begin_at(user, &again), EXO_STATUS_OK);
    CHECK(directory_service_bind_params_init_credentials(again, &who) == CAPNP_OK);
    EXPECT(directory_service_bind_finish_at(user, &bound), EXO_STATUS_OK);
    REFUSED(bound.result, NODE_RESULT_NOT_PERMITTED); /* the superuser */
    EXPECT(directory_service_ref_release(user), EXO_STATUS_OK);
}

/* Let the stranger try, and see that it failed. */
static void check_stranger(void)
{
    struct file_node_change_params mode = {.which = FILE_SET_MODE, .mode = 0777};
    struct file_node_change_results changed;
    CHECK(OPEN("secret", FILE_MODE_WRITE | FILE_MODE_CREATE) == NODE_RESULT_DONE);
    struct file_service_ref secret = file;
    CHECK(write_at(secret, 0, "secret") == NODE_RESULT_DONE);
    mode.mode = 0600;
    EXPECT(file_node_change_at(file_service_ref_as_file_node(secret), &mode, &changed),
           EXO_STATUS_OK);
    CHECK(changed.result == NODE_RESULT_DONE);
    CHECK(make_at(root, "drop", NODE_KIND_DIRECTORY, "") == NODE_RESULT_DONE);
    CHECK(OPEN("drop", FILE_MODE_READ) == NODE_RESULT_DONE);
    mode.mode = 0777;
    EXPECT(file_node_change_at(directory_service_ref_as_file_node(directory), &mode, &changed),
           EXO_STATUS_OK);
    uint64_t deadline = ticks_deadline(WAIT_MICROSECONDS);
    while (look("drop/done", 0).result != NODE_RESULT_DONE)
        CHECK(ticks_now() < deadline);
    CHECK(look("drop/done", 0).user == USER);
    CHECK(look("secret", 0).size == 6);
    EXPECT(file_service_ref_release(secret), EXO_STATUS_OK);
}

/* As many open files as the composition says, and no more; each can be used, and is given back. */
static uint32_t open_many(void)
{
    static struct file_service_ref opened[OPEN_FILES];
    uint32_t count = 0, before = 0;
    while (count < OPEN_FILES && OPEN("one/nn", FILE_MODE_READ) == NODE_RESULT_DONE)
        opened[count++] = file;
    REFUSED(OPEN("one/nn", FILE_MODE_READ), NODE_RESULT_TOO_MANY_OPEN);
    CHECK(count > OPEN_FILES - CLOSE_TO_ALL);
    CHECK(reads(opened[0], 0, 1, "") && reads(opened[count - 1], 0, 1, ""));
    for (; before < count; before++) {
        if (before % RELEASED_AT_ONCE == 0) /* the first call serves the ring, the second takes */
            CHECK(look("one", 0).links == 2 && look("one", 0).links == 2);
        EXPECT(file_service_ref_release(opened[before]), EXO_STATUS_OK);
    }
    CHECK(look("one", 0).links == 2 && look("one", 0).links == 2);
    return count;
}

/* A read into the pool, of any range. */
static enum exo_status read_pool(struct file_service_ref from, uint64_t at, uint64_t length,
                                 enum node_result *result)
{
    struct file_service_read_into_params_builder params;
    struct file_service_read_into_results results = {0};
    struct bulk_buffer_builder range;
    EXPECT(file_service_read_into_begin_at(from, &params), EXO_STATUS_OK);
    CHECK(file_service_read_into_params_init_buffer(params, &range) == CAPNP_OK);
    bulk_buffer_set_offset(range, at);
    bulk_buffer_set_length(range, length);
    enum exo_status status = file_service_read_into_finish_at(from, &results);
    *result = results.result;
    return status;
}

/* By way of the pool, which is a page: in many pieces, the same as by messages; and ranges that
 * leave it. */
static void check_pool(const struct channel_place *place)
{
    enum { BYTES = 10000, FROM = 77 };
    static const struct { uint64_t at, length; } wrong[] = {
        {0, CHILD_PAGE_BYTES + 1}, {CHILD_PAGE_BYTES, 1}, {UINT64_MAX, 2}, {8, UINT64_MAX}};
    static uint8_t out[BYTES], in[BYTES + FROM];
    uint64_t got;
    enum node_result result;
    CHECK(place->pool_bytes == CHILD_PAGE_BYTES);
    for (uint32_t i = 0; i < BYTES; i++)
        out[i] = (uint8_t)(i * i >> 3 ^ i);
    CHECK(OPEN("pool", FILE_MODE_READ | FILE_MODE_WRITE | FILE_MODE_CREATE) == NODE_RESULT_DONE);
    EXPECT(files_write(file, place, FROM, out, BYTES, &got, &result), EXO_STATUS_OK);
    CHECK(result == NODE_RESULT_DONE && got == BYTES);
    EXPECT(files_read(file, place, 0, in, sizeof in, &got, &result), EXO_STATUS_OK);
    CHECK(result == NODE_RESULT_DONE && got == BYTES + FROM);
    CHECK(in[0] == 0 && in[FROM - 1] == 0 && memcmp(in + FROM, out, BYTES) == 0);
    EXPECT(files_read(file, place, BYTES, in, sizeof in, &got, &result), EXO_STATUS_OK);
    CHECK(got == FROM && memcmp(in, out + BYTES - FROM, FROM) == 0);
    struct file_service_read_params params = {.offset = FROM + 5000, .length = 100};
    struct file_service_read_results results;
    EXPECT(file_service_read_at(file, &params, &results), EXO_STATUS_OK);
    CHECK(results.data.length == 100 && memcmp(results.data.bytes, out + 5000, 100) == 0);
    for (uint32_t i = 0; i < sizeof wrong / sizeof *wrong; i++, refused++)
        EXPECT(read_pool(file, wrong[i].at, wrong[i].length, &result), EXO_STATUS_BAD_MESSAGE);
    uint8_t *pool = channel_pool(place);
    memset(pool, 0xff, CHILD_PAGE_BYTES);
    EXPECT(read_pool(file, 100, FROM + 50, &result), EXO_STATUS_OK);
    CHECK(result == NODE_RESULT_DONE && pool[99] == 0xff && pool[100] == 0);
    CHECK(memcmp(pool + 100 + FROM, out, 50) == 0 && pool[100 + FROM + 50] == 0xff);
    EXPECT(file_service_ref_release(file), EXO_STATUS_OK);
    CHECK(OPEN("pool", FILE_MODE_WRITE) == NODE_RESULT_DONE);
    EXPECT(read_pool(file, 0, 1, &result), EXO_STATUS_OK);
    CHECK(result == NODE_RESULT_NOT_OPEN);
    refused++;
    EXPECT(file_service_ref_release(file), EXO_STATUS_OK);
    CHECK(remove_at(root, "pool", false) == NODE_RESULT_DONE);
}

/* Open what has this number; `file` is it. */
static enum node_result open_handle(struct directory_service_ref at,
                                    const struct file_node_handle_results *handle, uint32_t how)
{
    struct directory_service_by_handle_params params = {
        .number = handle->number, .generation = handle->generation, .how = how};
    struct directory_service_by_handle_results results;
    EXPECT(directory_service_by_handle_at(at, &params, &results), EXO_STATUS_OK);
    file = file_service_ref_of(&client.rpc, results.file);
    return results.result;
}

/* A lock of a range; `ticket` is that of one that waits. */
static enum node_result lock_at(struct file_service_ref at, uint64_t owner,
                                enum file_lock_kind kind, uint64_t start, uint64_t length,
                                bool waits)
{
    struct file_service_lock_params_builder params;
    struct file_service_lock_results results;
    struct file_range_builder range;
    EXPECT(file_service_lock_begin_at(at, &params), EXO_STATUS_OK);
    CHECK(file_service_lock_params_init_range(params, &range) == CAPNP_OK);
    file_range_set_kind(range, kind);
    file_range_set_owner(range, owner);
    file_range_set_start(range, start);
    file_range_set_length(range, length);
    file_range_set_process(range, (uint32_t)owner + 100);
    file_service_lock_params_set_wait(params, waits);
    EXPECT(file_service_lock_finish_at(at, &results), EXO_STATUS_OK);
    ticket = results.ticket;
    return results.result;
}

/* Who is in the way of an exclusive lock of a whole file; 0: nobody. */
static uint32_t process_in_the_way(struct file_service_ref at)
{
    struct file_service_conflict_params_builder params;
    struct file_service_conflict_results results;
    struct file_range_builder range;
    EXPECT(file_service_conflict_begin_at(at, &params), EXO_STATUS_OK);
    CHECK(file_service_conflict_params_init_range(params, &range) == CAPNP_OK);
    file_range_set_kind(range, FILE_LOCK_KIND_EXCLUSIVE);
    file_range_set_owner(range, UINT64_MAX);
    EXPECT(file_service_conflict_finish_at(at, &results), EXO_STATUS_OK);
    CHECK(results.result == NODE_RESULT_DONE);
    return file_range_get_kind(results.range) == FILE_LOCK_KIND_NONE
               ? 0 : file_range_get_process(results.range);
}

static enum node_result ticket_at(struct file_service_ref at, uint64_t which)
{
    struct file_service_locked_params params = {.ticket = which};
    struct file_service_locked_results results;
    EXPECT(file_service_locked_at(at, &params, &results), EXO_STATUS_OK);
    return results.result;
}

/* Owners 1 and 2 of this client; the locks of one open file end with it. */
static void check_locks(void)
{
    const enum file_lock_kind shared = FILE_LOCK_KIND_SHARED,
                              exclusive = FILE_LOCK_KIND_EXCLUSIVE, none = FILE_LOCK_KIND_NONE;
    CHECK(OPEN("locked", FILE_MODE_READ | FILE_MODE_WRITE | FILE_MODE_CREATE) ==
          NODE_RESULT_DONE);
    struct file_service_ref both = file;
    CHECK(OPEN("locked", FILE_MODE_READ) == NODE_RESULT_DONE);
    struct file_service_ref reader = file;
    CHECK(lock_at(both, 1, exclusive, 10, 20, false) == NODE_RESULT_DONE);
    CHECK(lock_at(reader, 2, shared, 0, 10, false) == NODE_RESULT_DONE);
    REFUSED(lock_at(reader, 2, shared, 29, 0, false), NODE_RESULT_WOULD_BLOCK);
    CHECK(ticket == 0);
    REFUSED(lock_at(reader, 2, shared, 29, 0, true), NODE_RESULT_WOULD_BLOCK);
    uint64_t first = ticket;
    CHECK(first != 0 && ticket_at(reader, first) == NODE_RESULT_WOULD_BLOCK);
    REFUSED(lock_at(both, 1, exclusive, 5, 1, true), NODE_RESULT_DEADLOCK);
    CHECK(process_in_the_way(reader) >= 101 && process_in_the_way(reader) <= 102);
    CHECK(lock_at(both, 1, none, 20, 0, false) == NODE_RESULT_DONE);
    CHECK(ticket_at(reader, first) == NODE_RESULT_DONE);
    REFUSED(lock_at(both, 1, exclusive, UINT64_C(1) << 40, 1, false), NODE_RESULT_WOULD_BLOCK);
    REFUSED(lock_at(reader, 2, exclusive, 0, 1, false), NODE_RESULT_NOT_OPEN);
    REFUSED(lock_at(reader, 2, shared, UINT64_C(1) << 63, 1, false), NODE_RESULT_INVALID);
    REFUSED(lock_at(reader, 2, shared, 2, INT64_MAX, false), NODE_RESULT_INVALID);
    EXPECT(file_service_ref_release(reader), EXO_STATUS_OK);
    CHECK(lock_at(both, 1, exclusive, 0, 0, false) == NODE_RESULT_DONE);
    CHECK(process_in_the_way(both) == 101);
    EXPECT(file_service_ref_release(both), EXO_STATUS_OK);
    CHECK(OPEN("locked", FILE_MODE_READ) == NODE_RESULT_DONE && process_in_the_way(file) == 0);
    EXPECT(file_service_ref_release(file), EXO_STATUS_OK);
    CHECK(remove_at(root, "locked", false) == NODE_RESULT_DONE);
}

/* A file by its handle, also under another name, and not when it is gone. */
static void check_handles(void)
{
    struct file_node_handle_results handle, other;
    CHECK(OPEN("by_handle", FILE_MODE_WRITE | FILE_MODE_CREATE) == NODE_RESULT_DONE);
    CHECK(write_at(file, 0, "found") == NODE_RESULT_DONE);
    EXPECT(file_node_handle_at(file_service_ref_as_file_node(file), &handle), EXO_STATUS_OK);
    CHECK(handle.result == NODE_RESULT_DONE);
    EXPECT(file_service_ref_release(file), EXO_STATUS_OK);
    CHECK(open_handle(root, &handle, FILE_MODE_READ) == NODE_RESULT_DONE);
    CHECK(reads(file, 0, 10, "found"));
    EXPECT(file_service_ref_release(file), EXO_STATUS_OK);
    other = handle;
    other.generation++;
    REFUSED(open_handle(root, &other, FILE_MODE_READ), NODE_RESULT_STALE);
    REFUSED(open_handle(root, &handle, FILE_MODE_CREATE), NODE_RESULT_INVALID);
    REFUSED(open_handle(root, &handle, FILE_MODE_DIRECTORY), NODE_RESULT_NOT_DIRECTORY);
    struct directory_service_ref user = bind_user();
    REFUSED(open_handle(user, &handle, FILE_MODE_READ), NODE_RESULT_NOT_PERMITTED);
    EXPECT(directory_service_ref_release(user), EXO_STATUS_OK);
    CHECK(remove_at(root, "by_handle", false) == NODE_RESULT_DONE);
    REFUSED(open_handle(root, &handle, FILE_MODE_READ), NODE_RESULT_STALE);
}

int component_main(void)
{
    struct directory_service_again_params again = {.outward = false};
    struct directory_service_again_results own;
    EXPECT(directory_service_client_open(&client, binding_import("directory")), EXO_STATUS_OK);
    EXPECT(directory_service_again(&client, &again, &own), EXO_STATUS_OK);
    CHECK(own.result == NODE_RESULT_DONE);
    root = directory_service_ref_of(&client.rpc, own.directory);
    check_files();
    check_names();
    check_links();
    check_ways_out();
    check_credentials();
    check_locks();
    check_handles();
    check_pool(binding_import("directory")->places);
    CHECK(open_many() == open_many()); /* nothing of the first time is left */
    check_stranger();
    print("paths_and_files: all that can be done to files was done, and "
          "%u other things were refused\n", refused);
    return 0;
}
