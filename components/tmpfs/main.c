/* SPDX-License-Identifier: MIT */
/*
 * tmpfs: serves a file system in memory. All of its memory but some for page tables is taken at the
 * start. Of the export's Threads the second serves the rings, and so notices clients that end; all
 * others serve calls.
 */
#include "clock.capnp.h"
#include "print.h"
#include "server.h"
#include "startup.h"
#include "text.h"
#include "ticks.h"
#include "tmpfs.h"

enum { PAGE_BYTES = 4096, SPARE_PAGES = 24, OPEN_FILES = 1024, KEY_BYTES = 64 };
enum { MISSING_EXPORT = 1, NO_MEMORY = 2 };

static uint64_t start_seconds; /* the time of day when the ticks were 0 */
static const struct binding *binding;

static struct files_time now(void)
{
    uint64_t passed = ticks_to_microseconds(ticks_now());
    return (struct files_time){(int64_t)(start_seconds + passed / 1000000),
                               (uint32_t)(passed % 1000000) * 1000};
}

/* Ask the clock once, if the composition gave us one. */
static void ask_clock(void)
{
    static struct clock_client client;
    struct clock_now_results time;
    const struct binding *import = binding_import("clock");
    if (import && clock_client_open(&client, import) == EXO_STATUS_OK &&
        clock_now(&client, &time) == EXO_STATUS_OK)
        start_seconds = time.seconds - ticks_to_microseconds(time.ticks) / 1000000;
}

/* A number of the settings, for one client: the key is `what`, a dot, and the client's name. */
static uint32_t number_of(const char *what, const char *client, uint32_t bytes, uint32_t otherwise)
{
    char key[KEY_BYTES];
    size_t at = text_copy(key, sizeof key, what, strlen(what));
    if (at + 1 + bytes >= sizeof key)
        return otherwise;
    key[at] = '.';
    text_copy(key + at + 1, sizeof key - at - 1, client, bytes);
    return (uint32_t)startup_number(key, otherwise);
}

static void credentials_of(const char *client, uint32_t bytes, struct files_credentials *who)
{
    who->user = number_of("user", client, bytes, who->user);
    who->group = number_of("group", client, bytes, who->group);
}

/* Begin: memory for open files, and all that is left for the file system. */
static bool begin(void)
{
    struct files_options options = {.core = &tmpfs_core, .now = now,
                                    .credentials = credentials_of};
    struct tmpfs_options settings = {.now = now, .system = startup_position() + 1u,
                                     .mode = (uint16_t)startup_number("mode", 0755),
                                     .seed = ticks_now()};
    uint64_t open_pages = startup_number("open_files", OPEN_FILES) * FILES_OPEN_BYTES / PAGE_BYTES;
    uint64_t spare = space_free(frames_own()) / 64 + SPARE_PAGES + open_pages;
    if (open_pages == 0 || space_free(frames_own()) <= spare)
        return false;
    uint64_t pages = startup_number("pages", space_free(frames_own()) - spare);
    options.memory = pages_take(open_pages, NULL);
    options.memory_bytes = open_pages * PAGE_BYTES;
    settings.nodes_max = startup_number("nodes", 0);
    void *memory = pages_take(pages, NULL);
    options.state = memory ? tmpfs_start(memory, pages * PAGE_BYTES, &settings) : NULL;
    if (!options.memory || !options.state)
        return false;
    files_server_start(&options);
    return true;
}

static void serve(void *unused)
{
    (void)unused;
    files_serve(binding);
}

static void serve_events(void *unused)
{
    (void)unused;
    files_serve_events(binding);
}

int component_main(void)
{
    binding = binding_export("directory");
    if (!binding)
        return MISSING_EXPORT;
    ask_clock();
    if (!begin()) {
        print("%s: its memory is too small for a file system; give it more pages\n",
              startup_name());
        return NO_MEMORY;
    }
    for (uint32_t i = 1; i < binding->thread_count; i++)
        thread_run(binding->thread + i, i == 1 ? serve_events : serve, NULL);
    serve(NULL);
    return MISSING_EXPORT;
}
