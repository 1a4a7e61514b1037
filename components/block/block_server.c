/* SPDX-License-Identifier: MIT */
#include "block_server.h"

#include <assert.h>

#include "kernel_stubs.h"
#include "lock.h"
#include "print.h"
#include "startup.h"
#include "text.h"

enum { BAD_EXPORT = 1, BAD_EXTENT = 2, KEY_BYTES = 64 };

/* An extent that a client made, or that the composition gave it. */
struct extent {
    bool is_used;
    uint32_t client; /* whose: the index of its channel */
    struct block_extent blocks;
};

static const struct block_driver *driver;
static const struct binding *binding;
static uint64_t fault_after;   /* see block_server.h; 0: never */
static uint64_t request_count;
static struct lock lock; /* of the tables below */
static struct block_pin pins[BLOCK_PINS_MAX];
static struct extent extents[BLOCK_EXTENTS_MAX];
static struct extent roots[BLOCK_CLIENTS_MAX]; /* by channel; written at the start only */
static struct block_methods extent_methods;
static struct block_pin_methods pin_methods;

/* The extent that a call is about: the object's, or the channel's. */
static const struct block_extent *extent_of(const struct rpc_call *call)
{
    const struct extent *extent = call->context ? call->context : &roots[(uint32_t)call->badge];
    assert(block_extent_check(&extent->blocks, driver->blocks));
    return &extent->blocks;
}

/* ---- pins ---- */

/* One user fewer; the last one lets the Memory go. */
static void pin_leave(void *context)
{
    struct block_pin *pin = context;
    lock_take(&lock);
    assert(pin->users > 0);
    bool is_last = pin->users == 1;
    if (!is_last)
        pin->users--;
    lock_give(&lock);
    if (!is_last)
        return;
    driver->unpin(pin); /* while it counts as used, so that nobody takes the place */
    exo_capability_delete(pin->slot);
    slots_give(slots_own(), pin->slot, 1);
    __atomic_store_n(&pin->users, 0, __ATOMIC_RELEASE);
}

/* A free place, if the client has not its share of them already. */
static struct block_pin *pin_take(uint32_t client)
{
    struct block_pin *pin = NULL;
    uint32_t held = 0;
    lock_take(&lock);
    for (uint32_t i = 0; i < BLOCK_PINS_MAX; i++) {
        if (__atomic_load_n(&pins[i].users, __ATOMIC_ACQUIRE) == 0)
            pin = &pins[i];
        else
            held += pins[i].client == client;
    }
    if (held >= BLOCK_PINS_MAX / binding->place_count)
        pin = NULL;
    if (pin)
        *pin = (struct block_pin){.users = 1, .client = client};
    lock_give(&lock);
    return pin;
}

/* The pin that a parameter names, with one user more. Null when it is no pin of this client. */
static struct block_pin *pin_enter(const struct rpc_call *call, uint32_t object)
{
    struct block_pin *pin = rpc_object_context(call, object, &block_pin_service);
    if (!pin)
        return NULL;
    lock_take(&lock);
    pin->users++;
    lock_give(&lock);
    return pin;
}

/* Move the Memory here and learn what it is; false when it is none that can be used. */
static bool pin_fill(struct block_pin *pin, uint32_t received)
{
    uint64_t kind, rights, frames, low, high;
    if (exo_capability_info(EXO_SELF, received, &kind, &rights, &pin->physical, &frames, &low,
                            &high) != EXO_STATUS_OK ||
        (kind & 0xff) != EXO_OBJECT_KIND_MEMORY || !(rights & EXO_RIGHT_READ) || frames == 0)
        return false;
    pin->bytes = frames * CHILD_PAGE_BYTES;
    pin->writable = (rights & EXO_RIGHT_WRITE) != 0;
    pin->slot = slots_take(slots_own(), 1);
    if (pin->slot == SLOTS_NONE)
        return false;
    if (rpc_take(received, pin->slot) == EXO_STATUS_OK) {
        if (driver->pin(pin))
            return true;
        exo_capability_delete(pin->slot);
    }
    slots_give(slots_own(), pin->slot, 1);
    return false;
}

static enum exo_status handle_pin(struct rpc_call *call, const struct block_pin_params *params,
                                  struct block_pin_results *results)
{
    struct block_pin *pin = pin_take((uint32_t)call->badge);
    results->pin = EXO_NONE;
    if (!pin)
        return EXO_STATUS_FULL;
    if (!pin_fill(pin, params->memory)) {
        __atomic_store_n(&pin->users, 0, __ATOMIC_RELEASE);
        results->failure = BLOCK_FAILURE_BAD_PIN;
        return EXO_STATUS_OK;
    }
    results->pin = block_pin_object(call, &pin_methods, pin, pin_leave);
    if (results->pin != EXO_NONE)
        return EXO_STATUS_OK;
    pin_leave(pin);
    return EXO_STATUS_FULL;
}

static enum exo_status handle_size(struct rpc_call *call, struct block_pin_size_results *results)
{
    const struct block_pin *pin = call->context;
    results->bytes = pin->bytes;
    results->writable = pin->writable;
    return EXO_STATUS_OK;
}

/* ---- requests ---- */

static enum block_failure failure_of(enum block_bounds bounds)
{
    static const enum block_failure failures[] = {
        [BLOCK_BOUNDS_OK] = BLOCK_FAILURE_NONE,
        [BLOCK_BOUNDS_OUT_OF_RANGE] = BLOCK_FAILURE_OUT_OF_RANGE,
        [BLOCK_BOUNDS_BAD_RANGE] = BLOCK_FAILURE_BAD_RANGE,
        [BLOCK_BOUNDS_TOO_LARGE] = BLOCK_FAILURE_TOO_LARGE,
    };
    return failures[bounds];
}

/* Check a request whose pin is entered, and have it done. `*block` counts from the extent. */
static enum block_failure serve(const struct block_extent *extent, struct block_request *request,
                                struct block_range_list ranges, uint64_t first, uint64_t *block)
{
    uint32_t count = block_range_list_count(ranges);
    *block = first;
    if (request->is_write ? extent->read_only : !request->pin->writable)
        return request->is_write ? BLOCK_FAILURE_READ_ONLY : BLOCK_FAILURE_BAD_PIN;
    if (count > driver->ranges_max || count > BLOCK_RANGES_MAX)
        return BLOCK_FAILURE_TOO_LARGE;
    /* Each number of the client's is fetched once. */
    for (uint32_t i = 0; i < count; i++) {
        struct block_range_reader range = block_range_list_at(ranges, i);
        request->ranges[i] = (struct block_range){block_range_get_offset(range),
                                                  block_range_get_length(range)};
    }
    enum block_bounds bounds = block_ranges_check(extent, first, request->ranges, count,
                                                  request->pin->bytes, driver->block_bytes,
                                                  driver->bytes_max, &request->blocks, block);
    if (bounds != BLOCK_BOUNDS_OK)
        return failure_of(bounds);
    request->range_count = count;
    request->first = request->failed = extent->first + first;
    enum block_failure failure = driver->transfer(request);
    *block = request->failed - extent->first;
    return failure;
}

/* Crash, if a test wants it now. */
static void count_request(void)
{
    static volatile uintptr_t nowhere = 8;
    if (__atomic_add_fetch(&request_count, 1, __ATOMIC_RELAXED) == fault_after)
        *(volatile uint64_t *)nowhere = 0;
}

static enum block_failure transfer(struct rpc_call *call, bool is_write, uint32_t object,
                                   uint64_t first, struct block_range_list ranges,
                                   uint64_t *block)
{
    struct block_pin *pin = pin_enter(call, object);
    struct block_request request;
    *block = first;
    count_request();
    if (!pin)
        return BLOCK_FAILURE_BAD_PIN;
    request.is_write = is_write;
    request.pin = pin;
    enum block_failure failure = serve(extent_of(call), &request, ranges, first, block);
    pin_leave(pin);
    if (failure == BLOCK_FAILURE_NONE)
        *block = 0;
    return failure;
}

static enum exo_status handle_read(struct rpc_call *call, const struct block_read_params *params,
                                   struct block_read_results *results)
{
    results->failure = transfer(call, false, params->pin, params->first, params->ranges,
                                &results->block);
    return EXO_STATUS_OK;
}

static enum exo_status handle_write(struct rpc_call *call, const struct block_write_params *params,
                                    struct block_write_results *results)
{
    results->failure = transfer(call, true, params->pin, params->first, params->ranges,
                                &results->block);
    return EXO_STATUS_OK;
}

static enum exo_status handle_flush(struct rpc_call *call, struct block_flush_results *results)
{
    (void)call;
    results->failure = driver->flush();
    return EXO_STATUS_OK;
}

static enum exo_status handle_discard(struct rpc_call *call,
                                      const struct block_discard_params *params,
                                      struct block_discard_results *results)
{
    const struct block_extent *extent = extent_of(call);
    uint64_t failed = extent->first + params->first;
    if (extent->read_only)
        results->failure = BLOCK_FAILURE_READ_ONLY;
    else if (!driver->discards)
        results->failure = BLOCK_FAILURE_UNSUPPORTED;
    else if (!block_extent_holds(extent, params->first, params->count))
        results->failure = BLOCK_FAILURE_OUT_OF_RANGE;
    else
        results->failure = driver->discard(extent->first + params->first, params->count, &failed);
    results->block = results->failure == BLOCK_FAILURE_NONE ? 0 : failed - extent->first;
    return EXO_STATUS_OK;
}

/* ---- extents ---- */

static void extent_leave(void *context)
{
    struct extent *extent = context;
    lock_take(&lock);
    extent->is_used = false;
    lock_give(&lock);
}

/* As pin_take. */
static struct extent *extent_take(uint32_t client, const struct block_extent *part)
{
    struct extent *extent = NULL;
    uint32_t held = 0;
    lock_take(&lock);
    for (uint32_t i = 0; i < BLOCK_EXTENTS_MAX; i++) {
        if (!extents[i].is_used)
            extent = &extents[i];
        else
            held += extents[i].client == client;
    }
    if (held >= BLOCK_EXTENTS_MAX / binding->place_count)
        extent = NULL;
    if (extent)
        *extent = (struct extent){true, client, *part};
    lock_give(&lock);
    return extent;
}

static enum exo_status handle_extent(struct rpc_call *call,
                                     const struct block_extent_params *params,
                                     struct block_extent_results *results)
{
    struct extent *extent;
    struct block_extent part;
    results->block = EXO_NONE;
    if (!block_extent_part(extent_of(call), params->first, params->count, params->read_only,
                           &part)) {
        results->failure = BLOCK_FAILURE_OUT_OF_RANGE;
        return EXO_STATUS_OK;
    }
    extent = extent_take((uint32_t)call->badge, &part);
    if (!extent)
        return EXO_STATUS_FULL;
    results->block = block_object(call, &extent_methods, extent, extent_leave);
    if (results->block != EXO_NONE)
        return EXO_STATUS_OK;
    extent_leave(extent);
    return EXO_STATUS_FULL;
}

static enum exo_status handle_geometry(struct rpc_call *call,
                                       struct block_geometry_results *results)
{
    const struct block_extent *extent = extent_of(call);
    *results = (struct block_geometry_results){
        .block_bytes = driver->block_bytes,
        .blocks = extent->count,
        .writable = !extent->read_only,
        .discards = driver->discards,
        .ranges_max = driver->ranges_max,
        .bytes_max = driver->bytes_max,
    };
    return EXO_STATUS_OK;
}

/* ---- the start ---- */

static const struct block_methods methods = {
    .geometry = handle_geometry, .pin = handle_pin, .read = handle_read, .write = handle_write,
    .flush = handle_flush, .discard = handle_discard, .extent = handle_extent,
};

/* What the composition lets the client of a channel see. */
static bool root_make(uint32_t index)
{
    const struct channel_place *place = &binding->places[index];
    struct block_extent whole = {0, driver->blocks, driver->read_only};
    static const char prefix[] = "extent.";
    char key[KEY_BYTES];
    memcpy(key, prefix, sizeof prefix);
    text_copy(key + sizeof prefix - 1, KEY_BYTES - (sizeof prefix - 1), place->peer,
              place->peer ? place->peer_bytes : 0);
    const char *text = startup_setting(key, NULL);
    roots[index] = (struct extent){true, index, whole};
    if (!text || block_extent_parse(&whole, text, &roots[index].blocks))
        return true;
    print("%s: the setting \"%s\" is \"%s\"; write FIRST+COUNT, blocks among the disk's %lu\n",
          startup_name(), key, text, driver->blocks);
    return false;
}

void block_server_calls(void *unused)
{
    block_serve(&methods, unused, binding);
}

static void serve_rings(void *unused)
{
    block_serve_events(&methods, unused, binding);
}

int block_server_start(const struct block_driver *of, uint32_t threads)
{
    static const struct block_pin_methods size = {.size = handle_size};
    driver = of;
    fault_after = startup_number("fault_after", 0);
    assert(driver->blocks > 0 && driver->ranges_max <= BLOCK_RANGES_MAX);
    assert(driver->block_bytes >= BLOCK_BYTES_MIN && driver->bytes_max >= driver->block_bytes);
    binding = binding_export("block");
    if (!binding || binding->thread_count < threads || binding->place_count > BLOCK_CLIENTS_MAX)
        return BAD_EXPORT;
    for (uint32_t i = 0; i < binding->place_count; i++)
        if (!root_make(i))
            return BAD_EXTENT;
    block_complete(&extent_methods, &methods);
    block_pin_complete(&pin_methods, &size);
    for (uint32_t i = 1; i < binding->thread_count; i++)
        thread_run(binding->thread + i,
                   i + 1 < binding->thread_count ? block_server_calls : serve_rings, NULL);
    return 0;
}
