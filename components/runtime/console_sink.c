/* SPDX-License-Identifier: MIT */
#include "console_sink.h"

#include "console.capnp.h"
#include "lock.h"
#include "print.h"

static struct console_client client;
static struct lock lock;

/* Write all of it; text is dropped when the console is gone and cannot be reached again. */
static void write_console(const char *text, size_t bytes)
{
    lock_take(&lock);
    bool retried = false;
    while (bytes > 0) {
        struct console_write_params params = {.text = {(const uint8_t *)text, (uint32_t)bytes}};
        struct console_write_results results = {0};
        enum exo_status status = console_write(&client, &params, &results);
        if (status == EXO_STATUS_DISCONNECTED && !retried) {
            retried = true;
            console_reconnect(&client);
            continue;
        }
        if (status != EXO_STATUS_OK || results.written == 0 || results.written > bytes)
            break;
        text += results.written;
        bytes -= results.written;
    }
    lock_give(&lock);
}

void console_sink_start(const struct binding *binding)
{
    if (console_client_open(&client, binding) == EXO_STATUS_OK)
        print_to(write_console);
}
