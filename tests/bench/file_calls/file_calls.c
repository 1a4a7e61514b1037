/* SPDX-License-Identifier: MIT */
/*
 * Files in memory, by the generated clients: a path of three names, of which two are directories.
 * Each is done once before, so that nothing is cold. What is read is copied to the caller.
 */
#include "directory.capnp.h"
#include "file.capnp.h"
#include "measure.h"
#include "startup.h"
#include "transfer.h"

enum { TURNS = 200, PAGE_BYTES = 4096 };

#define DIRECTORY_PATH CAPNP_TEXT_LITERAL("tmp/work")
#define FILE_PATH CAPNP_TEXT_LITERAL("tmp/work/file")
#define NEW_PATH CAPNP_TEXT_LITERAL("tmp/work/new")

static struct directory_service_client client;
static const struct channel_place *place; /* of its import */
static uint8_t page[PAGE_BYTES];

static void check(bool holds, const char *what)
{
    measure_check(holds ? EXO_STATUS_OK : EXO_STATUS_FAILED, what);
}

static struct file_service_ref open_file(struct capnp_text path, uint32_t how)
{
    struct directory_service_open_params params = {.root = EXO_NONE, .path = path, .how = how,
                                                   .mode = 0644};
    struct directory_service_open_results results;
    measure_check(directory_service_open(&client, &params, &results), "open");
    check(results.result == NODE_RESULT_DONE, "open a file");
    return file_service_ref_of(&client.rpc, results.file);
}

static void close_file(struct file_service_ref file)
{
    measure_check(file_service_ref_release(file), "release");
}

static void open_close(void)
{
    close_file(open_file(FILE_PATH, FILE_MODE_READ));
}

static void stat(void)
{
    struct directory_service_look_params params = {.root = EXO_NONE, .path = FILE_PATH};
    struct directory_service_look_results results;
    measure_check(directory_service_look(&client, &params, &results), "look");
    check(results.size == PAGE_BYTES, "the size");
}

static void create_unlink(void)
{
    struct directory_service_remove_params params = {.root = EXO_NONE, .path = NEW_PATH};
    struct directory_service_remove_results results;
    close_file(open_file(NEW_PATH, FILE_MODE_WRITE | FILE_MODE_CREATE | FILE_MODE_EXCLUSIVE));
    measure_check(directory_service_remove(&client, &params, &results), "remove");
    check(results.result == NODE_RESULT_DONE, "remove a file");
}

static struct file_service_ref opened;

static void read_page(void)
{
    enum node_result result;
    uint64_t got;
    measure_check(files_read(opened, place, 0, page, PAGE_BYTES, &got, &result), "read");
    check(result == NODE_RESULT_DONE && got == PAGE_BYTES, "a page");
}

static void write_page(void)
{
    enum node_result result;
    uint64_t got;
    measure_check(files_write(opened, place, 0, page, PAGE_BYTES, &got, &result), "write");
    check(result == NODE_RESULT_DONE && got == PAGE_BYTES, "write a page");
}

static void figure(const char *name, void (*function)(void))
{
    struct measure measure;
    for (uint32_t turn = 0; turn < 2; turn++) {
        measure_begin(&measure);
        for (uint32_t i = 0; i < TURNS; i++)
            function();
        measure_end(&measure);
    }
    measure_print(name, &measure, 0, TURNS);
}

static void make_directory(struct capnp_text path)
{
    struct directory_service_make_params params = {.root = EXO_NONE, .path = path, .mode = 0755,
                                                   .kind = NODE_KIND_DIRECTORY};
    struct directory_service_make_results results;
    measure_check(directory_service_make(&client, &params, &results), "make");
    check(results.result == NODE_RESULT_DONE, "make a directory");
}

int component_main(void)
{
    const struct binding *binding = binding_import("directory");
    measure_check(directory_service_client_open(&client, binding), "begin");
    place = binding->places;
    make_directory(CAPNP_TEXT_LITERAL("tmp"));
    make_directory(DIRECTORY_PATH);
    opened = open_file(FILE_PATH, FILE_MODE_READ | FILE_MODE_WRITE | FILE_MODE_CREATE);
    figure("fs_write_4k_copied", write_page);
    figure("fs_read_4k_cached", read_page);
    figure("fs_open_close", open_close);
    figure("fs_stat", stat);
    figure("fs_create_unlink", create_unlink);
    return 0;
}
