/* SPDX-License-Identifier: MIT */
#include "component.h"

#include "print.h"
#include "rpc_object.h"
#include "startup.h"
#include "text.h"

enum { OPEN_FILES = 1024, KEY_BYTES = 64 };

static const struct binding *binding;

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

/* Pages for so many open files' records, and for their objects. */
static uint64_t pages_of(uint64_t bytes)
{
    return startup_number("open_files", OPEN_FILES) * bytes / CHILD_PAGE_BYTES;
}

uint64_t files_component_pages(void)
{
    return pages_of(FILES_OPEN_BYTES) + pages_of(RPC_OBJECT_BYTES);
}

void *files_component_memory(const char *key, uint64_t kib, uint64_t *bytes)
{
    *bytes = startup_number(key, kib) << 10;
    void *memory = pages_take((*bytes + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES, NULL);
    if (!memory)
        print("%s: no memory for \"%s\" of %lu; give it more `pages`\n", startup_name(), key,
              *bytes >> 10);
    return memory;
}

int files_component_serve(struct files_options *options)
{
    uint64_t pages = pages_of(FILES_OPEN_BYTES), object_pages = pages_of(RPC_OBJECT_BYTES);
    binding = binding_export("directory");
    if (!binding)
        return FILES_NO_EXPORT;
    options->memory = pages > 0 ? pages_take(pages, NULL) : NULL;
    options->memory_bytes = pages * CHILD_PAGE_BYTES;
    options->credentials = credentials_of;
    void *objects = object_pages > 0 ? pages_take(object_pages, NULL) : NULL;
    if (!options->memory || !objects) {
        print("%s: no memory for its open files; give it more `pages`\n", startup_name());
        return FILES_NO_MEMORY;
    }
    rpc_object_room(objects, object_pages * CHILD_PAGE_BYTES);
    files_server_start(options);
    for (uint32_t i = 1; i < binding->thread_count; i++)
        thread_run(binding->thread + i, i == 1 ? serve_events : serve, NULL);
    serve(NULL);
    return FILES_NO_EXPORT;
}
