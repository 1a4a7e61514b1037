/* SPDX-License-Identifier: MIT */
/*
 * Another client, whose user owns nothing: it may neither read the secret, nor use what the first
 * client has open by guessing what stands for it. When it has found that, it leaves a file.
 */
#include "directory.capnp.h"
#include "file.capnp.h"
#include "scenario.h"
#include "text.h"
#include "ticks.h"

enum { GUESSES = 4096, WAIT_MICROSECONDS = 20000000 };

static struct directory_service_client client;

static struct directory_service_open_results open(const char *path, uint32_t how)
{
    struct directory_service_open_params params = {
        .root = EXO_NONE, .path = {path, (uint32_t)strlen(path)}, .how = how, .mode = 0666};
    struct directory_service_open_results results;
    EXPECT(directory_service_open(&client, &params, &results), EXO_STATUS_OK);
    return results;
}

/* The superuser's open file has a number that nobody else can use, nor name in a request. */
static void guess(void)
{
    struct directory_service_link_params link = {.root = EXO_NONE, .path = {"drop/stolen", 11}};
    struct directory_service_link_results linked;
    struct file_service_read_params params = {.length = 6};
    struct file_service_read_results results;
    for (uint32_t i = 0; i < GUESSES; i++) {
        struct file_service_ref at = file_service_ref_of(&client.rpc, RPC_OBJECT | i);
        EXPECT(file_service_read_at(at, &params, &results), EXO_STATUS_BAD_CAPABILITY);
        link.from = RPC_OBJECT | i;
        EXPECT(directory_service_link(&client, &link, &linked), EXO_STATUS_OK);
        CHECK(linked.result == NODE_RESULT_NOT_OPEN);
    }
}

int component_main(void)
{
    EXPECT(directory_service_client_open(&client, binding_import("directory")), EXO_STATUS_OK);
    uint64_t deadline = ticks_deadline(WAIT_MICROSECONDS);
    struct directory_service_open_results made = {.result = NODE_RESULT_NOT_FOUND};
    while (made.result != NODE_RESULT_DONE) { /* until the first client lets us */
        made = open("drop/begun", FILE_MODE_CREATE | FILE_MODE_WRITE);
        CHECK(made.result == NODE_RESULT_DONE || made.result == NODE_RESULT_NOT_FOUND ||
              made.result == NODE_RESULT_DENIED);
        CHECK(ticks_now() < deadline);
    }
    EXPECT(file_service_ref_release(file_service_ref_of(&client.rpc, made.file)), EXO_STATUS_OK);
    CHECK(open("secret", FILE_MODE_READ).result == NODE_RESULT_DENIED);
    CHECK(open("secret", FILE_MODE_WRITE | FILE_MODE_TRUNCATE).result == NODE_RESULT_DENIED);
    guess();
    CHECK(open("drop/done", FILE_MODE_CREATE | FILE_MODE_WRITE).result == NODE_RESULT_DONE);
    return 0;
}
