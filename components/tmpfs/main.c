/* SPDX-License-Identifier: MIT */
/*
 * tmpfs: serves a file system in memory. All of its memory but some for page tables is taken at the
 * start.
 */
#include "clock.capnp.h"
#include "component.h"
#include "print.h"
#include "startup.h"
#include "text.h"
#include "ticks.h"
#include "tmpfs.h"

enum { PAGE_BYTES = 4096, SPARE_PAGES = 24 };

static uint64_t start_seconds; /* the time of day when the ticks were 0 */

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

/* All that is left, but for open files, for the file system. Null: it is not enough. */
static struct tmpfs *begin(void)
{
    struct tmpfs_options settings = {.now = now, .system = startup_position() + 1u,
                                     .mode = (uint16_t)startup_number("mode", 0755),
                                     .seed = ticks_now(),
                                     .nodes_max = startup_number("nodes", 0)};
    uint64_t spare = space_free(frames_own()) / 64 + SPARE_PAGES + files_component_pages();
    if (space_free(frames_own()) <= spare)
        return NULL;
    uint64_t pages = startup_number("pages", space_free(frames_own()) - spare);
    void *memory = pages_take(pages, NULL);
    return memory ? tmpfs_start(memory, pages * PAGE_BYTES, &settings) : NULL;
}

int component_main(void)
{
    ask_clock();
    struct files_options options = {.core = &tmpfs_core, .now = now, .state = begin()};
    if (!options.state) {
        print("%s: its memory is too small for a file system; give it more pages\n",
              startup_name());
        return FILES_NO_MEMORY;
    }
    return files_component_serve(&options);
}
