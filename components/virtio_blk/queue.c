/* SPDX-License-Identifier: MIT */
#include "queue.h"

#include <assert.h>

#include "kernel_stubs.h"
#include "startup.h"
#include "ticks.h"

enum { FLAG_NEXT = 1, FLAG_WRITE = 2, FLAG_INDIRECT = 4 };

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
};

struct header {
    uint32_t type, reserved;
    uint64_t sector;
};

struct discard {
    uint64_t sector;
    uint32_t sectors, flags;
};

/* The first page of the queue's memory. */
struct ring {
    struct descriptor descriptors[QUEUE_ENTRIES];
    uint16_t available_flags, available_index, available[QUEUE_ENTRIES], available_event;
    _Alignas(2048) uint16_t used_flags;
    uint16_t used_index;
    struct {
        uint32_t id, length;
    } used[QUEUE_ENTRIES];
};

/* One page for each request. */
struct place {
    struct descriptor table[BLOCK_RANGES_MAX + 2];
    _Alignas(16) struct header header;
    struct discard discard;
    uint8_t status;
};

_Static_assert(sizeof(struct ring) <= CHILD_PAGE_BYTES, "a ring is a page");
_Static_assert(sizeof(struct place) <= CHILD_PAGE_BYTES, "a place is a page");

static struct transport *transport;
static struct lock lock;     /* of the ring's available half and `free_places` */
static uint32_t free_places; /* as bits */
static uint16_t used_seen;   /* of the Thread that takes */
static volatile struct ring *ring;
static uint8_t *pages;       /* of the ring and the places */
static uint64_t address;     /* of these, as the device has it */
static uint32_t events;      /* slot of the first place's Event */
static bool is_done[QUEUE_ENTRIES];

static struct place *place_at(uint32_t index)
{
    return (struct place *)(pages + (1 + index) * (uint64_t)CHILD_PAGE_BYTES);
}

static uint64_t place_address(uint32_t index)
{
    return address + (1 + index) * (uint64_t)CHILD_PAGE_BYTES;
}

bool queue_start(struct transport *of)
{
    uint64_t offset, frame;
    uint32_t number, memory = slots_take(slots_own(), 1);
    transport = of;
    pages = pages_take(1 + QUEUE_ENTRIES, &offset);
    events = slots_take(slots_own(), QUEUE_ENTRIES);
    if (!pages || memory == SLOTS_NONE || events == SLOTS_NONE ||
        !space_take(frames_own(), 1, 1, &frame) ||
        exo_memory_retype(CHILD_SLOT_MEMORY, frame, 1, EXO_OBJECT_KIND_EVENT, events,
                          QUEUE_ENTRIES, 0) != EXO_STATUS_OK ||
        exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, memory, offset, 1 + QUEUE_ENTRIES,
                              EXO_RIGHT_READ | EXO_RIGHT_WRITE, 0) != EXO_STATUS_OK ||
        !transport_pin(transport, memory, &number, &address))
        return false;
    ring = (volatile struct ring *)pages;
    free_places = (UINT32_C(1) << QUEUE_ENTRIES) - 1;
    for (uint32_t i = 0; i < QUEUE_ENTRIES; i++)
        ring->descriptors[i] = (struct descriptor){.address = place_address(i),
                                                   .flags = FLAG_INDIRECT};
    const struct transport_queue queue = {
        .entries = QUEUE_ENTRIES,
        .descriptors = address,
        .available = address + offsetof(struct ring, available_flags),
        .used = address + offsetof(struct ring, used_flags),
    };
    return transport_start(transport, &queue);
}

static uint32_t place_take(void)
{
    for (;;) {
        lock_take(&lock);
        uint32_t index = free_places == 0 ? 0 : (uint32_t)__builtin_ctz(free_places);
        bool found = free_places != 0;
        free_places &= free_places - 1;
        lock_give(&lock);
        if (found)
            return index;
        uint64_t bits; /* more Threads than places: look again later */
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(LOCK_LOOK_MICROSECONDS), &bits);
    }
}

static void place_give(uint32_t index)
{
    lock_take(&lock);
    free_places |= UINT32_C(1) << index;
    lock_give(&lock);
}

/* Write the table of a request: header, data, status. Returns how many descriptors it has. */
static uint32_t fill(struct place *place, uint64_t at, enum queue_type type,
                     const struct queue_part *parts, uint32_t part_count)
{
    uint32_t count = 0;
    uint16_t data = FLAG_NEXT | (type == QUEUE_READ ? FLAG_WRITE : 0);
    place->table[count] = (struct descriptor){at + offsetof(struct place, header),
                                              sizeof(struct header), FLAG_NEXT, 1};
    for (count = 1; count <= part_count; count++)
        place->table[count] = (struct descriptor){parts[count - 1].address,
                                                  parts[count - 1].length, data,
                                                  (uint16_t)(count + 1)};
    place->table[count] = (struct descriptor){at + offsetof(struct place, status), 1, FLAG_WRITE,
                                              0};
    return count + 1;
}

/* Put a filled place on the ring. */
static void submit(uint32_t index, uint32_t descriptors)
{
    lock_take(&lock);
    uint16_t next = ring->available_index;
    ring->descriptors[index].length = descriptors * (uint32_t)sizeof(struct descriptor);
    ring->available[next % QUEUE_ENTRIES] = (uint16_t)index;
    __atomic_thread_fence(__ATOMIC_RELEASE); /* the entry before the index */
    ring->available_index = (uint16_t)(next + 1);
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* and that before the notification */
    transport_notify(transport);
    lock_give(&lock);
}

enum queue_status queue_request(enum queue_type type, uint64_t sector, uint32_t sectors,
                                const struct queue_part *parts, uint32_t part_count)
{
    uint32_t index = place_take();
    struct place *place = place_at(index);
    uint64_t at = place_address(index), bits;
    struct queue_part discard = {at + offsetof(struct place, discard), sizeof(struct discard)};
    assert(part_count <= BLOCK_RANGES_MAX);
    place->header = (struct header){.type = type, .sector = type == QUEUE_DISCARD ? 0 : sector};
    place->discard = (struct discard){sector, sectors, 0};
    *(volatile uint8_t *)&place->status = QUEUE_FAILED;
    __atomic_store_n(&is_done[index], false, __ATOMIC_RELAXED);
    submit(index, type == QUEUE_DISCARD ? fill(place, at, type, &discard, 1)
                                        : fill(place, at, type, parts, part_count));
    while (!__atomic_load_n(&is_done[index], __ATOMIC_ACQUIRE))
        exo_event_wait(events + index, TICKS_NEVER, &bits);
    uint8_t status = *(volatile uint8_t *)&place->status;
    place_give(index);
    return status <= QUEUE_UNSUPPORTED ? (enum queue_status)status : QUEUE_FAILED;
}

void queue_take(void)
{
    while (__atomic_load_n(&ring->used_index, __ATOMIC_ACQUIRE) != used_seen) {
        uint32_t index = ring->used[used_seen++ % QUEUE_ENTRIES].id;
        if (index >= QUEUE_ENTRIES)
            continue; /* no request of ours */
        __atomic_store_n(&is_done[index], true, __ATOMIC_RELEASE);
        exo_event_signal(events + index);
    }
}
