/* SPDX-License-Identifier: MIT */
/*
 * virtio_blk: a disk behind virtio (Virtio 1.2, 5.2). The first Thread has the device's line; the
 * others serve calls, and each waits for its own request. A call stays on its caller's core, where
 * the bus need not have a handler: so the first Thread runs the others' errands there.
 *
 * The device says of a request only that it failed. Which block it was is found by halving the
 * request: what comes before that block is done then.
 */
#include "block_server.h"
#include "kernel_stubs.h"
#include "print.h"
#include "queue.h"
#include "startup.h"
#include "ticks.h"

enum {
    KIND_DISK = 2,
    SECTOR_BYTES = 512,
    BLOCK_BYTES_MAX = 4096,
    REQUEST_BYTES_MAX = 1 << 20,
    THREADS_MIN = 3, /* the line's, one for calls, one for the rings */
    NO_DEVICE = 3,
    BAD_DEVICE = 4,
};

/* Features (5.2.3, 6). */
#define SIZE_MAX_KNOWN (UINT64_C(1) << 1)
#define PARTS_MAX_KNOWN (UINT64_C(1) << 2)
#define READ_ONLY (UINT64_C(1) << 5)
#define BLOCK_SIZE_KNOWN (UINT64_C(1) << 6)
#define FLUSH (UINT64_C(1) << 9)
#define DISCARD (UINT64_C(1) << 13)
#define INDIRECT (UINT64_C(1) << 28)

/* The device's configuration (5.2.4). */
enum {
    CAPACITY = 0, PART_BYTES_MAX = 8, PARTS_MAX = 12, BLOCK_SIZE = 20, DISCARD_SECTORS_MAX = 36,
};

static struct transport transport;
static struct block_driver driver;
static uint64_t features;
static uint64_t sectors_of_block;
static uint32_t discard_sectors_max;

/* One at a time: who has the lock says what is wanted, and waits until that is ERRAND_NONE. */
static struct {
    struct lock lock;
    enum errand { ERRAND_NONE, ERRAND_PIN, ERRAND_UNPIN } wanted;
    struct block_pin *pin;
    bool is_done; /* and well */
} errand;

static uint32_t event;  /* the first Thread waits for it: the line, or an errand */
static uint32_t answer; /* another: the errand is over */

static bool send(enum errand wanted, struct block_pin *pin)
{
    uint64_t bits;
    lock_take(&errand.lock);
    errand.pin = pin;
    __atomic_store_n(&errand.wanted, wanted, __ATOMIC_RELEASE);
    exo_event_signal(event);
    while (__atomic_load_n(&errand.wanted, __ATOMIC_ACQUIRE) != ERRAND_NONE)
        exo_event_wait(answer, TICKS_NEVER, &bits);
    bool is_done = errand.is_done;
    lock_give(&errand.lock);
    return is_done;
}

/* The first Thread: see to it, if there is one. */
static void run_errand(void)
{
    enum errand wanted = __atomic_load_n(&errand.wanted, __ATOMIC_ACQUIRE);
    uint32_t number;
    if (wanted == ERRAND_NONE)
        return;
    if (wanted == ERRAND_UNPIN) {
        transport_unpin(&transport, (uint32_t)errand.pin->number);
    } else {
        errand.is_done = transport_pin(&transport, errand.pin->slot, &number,
                                       &errand.pin->physical);
        errand.pin->number = number; /* at the bus */
    }
    __atomic_store_n(&errand.wanted, ERRAND_NONE, __ATOMIC_RELEASE);
    exo_event_signal(answer);
}

static bool pin(struct block_pin *pin)
{
    return send(ERRAND_PIN, pin);
}

static void unpin(struct block_pin *pin)
{
    send(ERRAND_UNPIN, pin);
}

static enum block_failure failure_of(enum queue_status status)
{
    return status == QUEUE_OK            ? BLOCK_FAILURE_NONE
           : status == QUEUE_UNSUPPORTED ? BLOCK_FAILURE_UNSUPPORTED
                                         : BLOCK_FAILURE_DEVICE;
}

/* Make a part of a request, `count` blocks from number `skip` of it on. */
static enum queue_status transfer_part(const struct block_request *request, uint64_t skip,
                                       uint64_t count)
{
    struct queue_part parts[BLOCK_RANGES_MAX];
    uint32_t part_count = 0;
    uint64_t from = skip * driver.block_bytes, left = count * driver.block_bytes;
    for (uint32_t i = 0; i < request->range_count && left > 0; i++) {
        const struct block_range *range = &request->ranges[i];
        uint64_t before = from < range->length ? from : range->length;
        uint64_t length = range->length - before < left ? range->length - before : left;
        from -= before;
        left -= length;
        if (length > 0)
            parts[part_count++] = (struct queue_part){
                request->pin->physical + range->offset + before, (uint32_t)length};
    }
    return queue_request(request->is_write ? QUEUE_WRITE : QUEUE_READ,
                         (request->first + skip) * sectors_of_block, 0, parts, part_count);
}

static enum block_failure transfer(struct block_request *request)
{
    uint64_t done = 0, end = request->blocks;
    enum queue_status status = transfer_part(request, 0, end);
    if (status == QUEUE_OK)
        return BLOCK_FAILURE_NONE;
    /* Before `done` all is done; among those before `end` is one that failed. */
    while (end - done > 1) {
        uint64_t half = (end - done) / 2;
        enum queue_status first = transfer_part(request, done, half);
        if (first == QUEUE_OK) {
            done += half;
        } else {
            end = done + half;
            status = first;
        }
    }
    request->failed = request->first + done;
    return failure_of(status);
}

static enum block_failure flush(void)
{
    /* A device that cannot flush has written when it answers (5.2.6.2). */
    return features & FLUSH ? failure_of(queue_request(QUEUE_FLUSH, 0, 0, NULL, 0))
                            : BLOCK_FAILURE_NONE;
}

static enum block_failure discard(uint64_t first, uint64_t count, uint64_t *failed)
{
    uint64_t most = discard_sectors_max / sectors_of_block;
    for (uint64_t done = 0; done < count;) {
        uint64_t part = count - done < most ? count - done : most;
        enum queue_status status = queue_request(QUEUE_DISCARD, (first + done) * sectors_of_block,
                                                 (uint32_t)(part * sectors_of_block), NULL, 0);
        *failed = first + done;
        if (status != QUEUE_OK)
            return failure_of(status);
        done += part;
    }
    return BLOCK_FAILURE_NONE;
}

/* What the device says of itself. */
static bool learn(void)
{
    uint32_t block_bytes = SECTOR_BYTES, parts_max = BLOCK_RANGES_MAX;
    uint64_t bytes_max = REQUEST_BYTES_MAX;
    if (features & BLOCK_SIZE_KNOWN)
        block_bytes = transport_read(&transport, BLOCK_SIZE, 4);
    if (block_bytes < SECTOR_BYTES || block_bytes > BLOCK_BYTES_MAX ||
        (block_bytes & (block_bytes - 1)) != 0)
        return false;
    if ((features & PARTS_MAX_KNOWN) && transport_read(&transport, PARTS_MAX, 4) < parts_max)
        parts_max = transport_read(&transport, PARTS_MAX, 4);
    if ((features & SIZE_MAX_KNOWN) && transport_read(&transport, PART_BYTES_MAX, 4) < bytes_max)
        bytes_max = transport_read(&transport, PART_BYTES_MAX, 4);
    sectors_of_block = block_bytes / SECTOR_BYTES;
    if (features & DISCARD)
        discard_sectors_max = transport_read(&transport, DISCARD_SECTORS_MAX, 4);
    driver = (struct block_driver){
        .blocks = transport_read64(&transport, CAPACITY) / sectors_of_block,
        .block_bytes = block_bytes,
        .bytes_max = bytes_max,
        .ranges_max = parts_max,
        .read_only = (features & READ_ONLY) != 0,
        .discards = discard_sectors_max >= sectors_of_block,
        .pin = pin, .unpin = unpin, .transfer = transfer, .flush = flush, .discard = discard,
    };
    return driver.blocks > 0 && parts_max > 0 && bytes_max >= block_bytes;
}

/* The life of the first Thread: an interrupt, and what it means; and errands. */
static _Noreturn void serve_line(void)
{
    for (;;) {
        uint64_t bits;
        /* Open the line before the ring is looked at, so that nothing is missed. */
        transport_interrupt(&transport);
        exo_irq_acknowledge(transport.line, 0);
        queue_take();
        run_errand();
        exo_event_wait(event, TICKS_NEVER, &bits);
    }
}

int component_main(void)
{
    const uint64_t wanted = SIZE_MAX_KNOWN | PARTS_MAX_KNOWN | READ_ONLY | BLOCK_SIZE_KNOWN |
                            FLUSH | DISCARD | INDIRECT;
    const struct binding *bus = binding_import("bus");
    uint64_t frame;
    event = slots_take(slots_own(), 2);
    answer = event + 1;
    uint32_t index = (uint32_t)startup_number("index", 0);
    if (!bus || !transport_open(&transport, bus, KIND_DISK, index)) {
        print("%s: the machine has no virtio disk number %u, or somebody has it\n",
              startup_name(), index);
        return NO_DEVICE;
    }
    if (event == SLOTS_NONE || !transport_negotiate(&transport, wanted, &features) ||
        !(features & INDIRECT) || !learn() ||
        !space_take(frames_own(), 1, 1, &frame) ||
        exo_memory_retype(CHILD_SLOT_MEMORY, frame, 1, EXO_OBJECT_KIND_EVENT, event, 2, 0) !=
            EXO_STATUS_OK ||
        exo_irq_bind(transport.line, 0, event) != EXO_STATUS_OK || !queue_start(&transport)) {
        print("%s: this virtio disk cannot be used\n", startup_name());
        return BAD_DEVICE;
    }
    int status = block_server_start(&driver, THREADS_MIN);
    if (status == 0)
        serve_line();
    return status;
}
