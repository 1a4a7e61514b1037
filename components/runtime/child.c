/* SPDX-License-Identifier: MIT */
#include "child.h"

#include <assert.h>
#include <stddef.h>

#include "entries.h"
#include "kernel_stubs.h"

#include "text.h"

enum {
    OBJECTS_PER_FRAME = 2, /* Threads, Portals */
    REGION_PAGES = 512,    /* of one page table */
    TABLES_ABOVE = 3,      /* levels above the last, all addresses being in one of each */
    REGISTERS = EXO_THREAD_REGISTER_UPCALL_STACK_HIGH + 1,
    MAP_PAGES_MAX = 1024,  /* of one kernel call */
};

#define ALL_MEMORY_RIGHTS (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXECUTE | EXO_RIGHT_RETYPE)
#define READ_WRITE (EXO_RIGHT_READ | EXO_RIGHT_WRITE)

/* Go on only while the calls succeed. */
#define TRY(call)                          \
    do {                                   \
        enum exo_status try_status = call; \
        if (try_status != EXO_STATUS_OK)   \
            return try_status;             \
    } while (0)

static uint64_t object_frames(uint64_t number)
{
    return (number + OBJECTS_PER_FRAME - 1) / OBJECTS_PER_FRAME;
}

/* Pages from the front's start to the end of the last stack, guards included. */
static uint64_t upper_pages(const struct child_plan *plan)
{
    return plan->front_pages + plan->thread_count * (plan->stack_pages + CHILD_UPCALL_PAGES + 2) +
           plan->extra_pages;
}

static uint64_t copied_pages(const struct child_plan *plan)
{
    uint64_t pages = 0;
    for (uint32_t i = 0; i < plan->segment_count; i++)
        if (plan->segments[i].slot == 0)
            pages += plan->segments[i].pages;
    return pages;
}

/* Page tables for an address range. */
static uint64_t tables_for(uint64_t address, uint64_t pages)
{
    uint64_t first = address / CHILD_PAGE_BYTES / REGION_PAGES;
    uint64_t last = (address / CHILD_PAGE_BYTES + pages - 1) / REGION_PAGES;
    return last - first + 1;
}

static uint64_t table_frames(const struct child_plan *plan)
{
    uint64_t low = UINT64_MAX, high = 0;
    for (uint32_t i = 0; i < plan->segment_count; i++) {
        const struct child_segment *segment = &plan->segments[i];
        uint64_t end = segment->address + segment->pages * CHILD_PAGE_BYTES;
        low = segment->address < low ? segment->address : low;
        high = end > high ? end : high;
    }
    uint64_t program = high > low ? tables_for(low, (high - low) / CHILD_PAGE_BYTES) : 0;
    return TABLES_ABOVE + program + tables_for(CHILD_FRONT_ADDRESS, upper_pages(plan)) +
           CHILD_TABLES_SPARE;
}

uint32_t child_slots(const struct child_plan *plan)
{
    return 3 + plan->thread_count + plan->portal_count;
}

uint64_t child_window(const struct child_plan *plan)
{
    return copied_pages(plan) + plan->front_pages;
}

uint64_t child_frames(const struct child_plan *plan)
{
    return plan->domain_frames + object_frames(plan->thread_count) +
           object_frames(plan->portal_count) + 1 + table_frames(plan) + child_window(plan) +
           plan->thread_count * (plan->stack_pages + CHILD_UPCALL_PAGES);
}

uint64_t child_extra_address(const struct child_plan *plan)
{
    return CHILD_FRONT_ADDRESS +
           (upper_pages(plan) - plan->extra_pages + 1) * CHILD_PAGE_BYTES;
}

/* Map more pages than one call takes. */
static enum exo_status map(uint32_t domain, uint32_t slot, uint64_t address, uint64_t offset,
                           uint64_t pages, uint64_t rights)
{
    while (pages > 0) {
        uint64_t done, part = pages < MAP_PAGES_MAX ? pages : MAP_PAGES_MAX;
        TRY(exo_memory_map(domain, slot, address, offset, part, rights, &done));
        address += part * CHILD_PAGE_BYTES;
        offset += part;
        pages -= part;
    }
    return EXO_STATUS_OK;
}

/* Retype the kernel objects from the front of the pool; `next` becomes the first frame behind. */
static enum exo_status make_objects(const struct child_plan *plan, struct child *child,
                                    uint64_t *next)
{
    uint64_t at = 0, frames = plan->domain_frames;
    uint64_t account = plan->gas | (plan->trusted_dma ? UINT64_C(1) << 32 : 0);
    TRY(exo_memory_retype(child->pool, at, frames, EXO_OBJECT_KIND_DOMAIN, child->domain, 1,
                          account));
    at += frames;
    frames = object_frames(plan->thread_count);
    TRY(exo_memory_retype(child->pool, at, frames, EXO_OBJECT_KIND_THREAD, child->thread,
                          plan->thread_count, child->domain));
    at += frames;
    frames = object_frames(plan->portal_count);
    if (frames > 0)
        TRY(exo_memory_retype(child->pool, at, frames, EXO_OBJECT_KIND_PORTAL, child->portal,
                              plan->portal_count, child->domain));
    at += frames;
    TRY(exo_memory_retype(child->pool, at, 1, EXO_OBJECT_KIND_EVENT, child->event, 1, 0));
    at += 1;
    frames = table_frames(plan);
    TRY(exo_domain_feed(child->domain, child->pool, at, frames, CHILD_SLOT_FEED));
    *next = at + frames;
    return EXO_STATUS_OK;
}

/* Copied segments and front pages: into the maker's window, filled there, and into the child. */
static enum exo_status make_private(const struct child_plan *plan, struct child *child)
{
    uint64_t pages = child_window(plan), at = 0;
    uint8_t *window = (uint8_t *)plan->window;
    if (pages > 0)
        TRY(map(EXO_SELF, child->pool, plan->window, child->private_offset, pages, READ_WRITE));
    for (uint32_t i = 0; i < plan->segment_count; i++) {
        const struct child_segment *segment = &plan->segments[i];
        if (segment->slot != 0)
            continue;
        uint64_t copied = segment->source_pages * CHILD_PAGE_BYTES;
        uint8_t *target = window + at * CHILD_PAGE_BYTES;
        memcpy(target, segment->source, copied);
        memset(target + copied, 0, segment->pages * CHILD_PAGE_BYTES - copied);
        TRY(map(child->domain, CHILD_SLOT_MEMORY, segment->address, at, segment->pages,
                segment->rights));
        at += segment->pages;
    }
    child->front_offset = at;
    if (plan->front_pages > 0) {
        memset(window + at * CHILD_PAGE_BYTES, 0, plan->front_pages * CHILD_PAGE_BYTES);
        TRY(map(child->domain, CHILD_SLOT_MEMORY, CHILD_FRONT_ADDRESS, at, plan->front_pages,
                READ_WRITE));
    }
    child->heap_offset = at + plan->front_pages;
    return EXO_STATUS_OK;
}

static enum exo_status make_segments(const struct child_plan *plan, const struct child *child)
{
    uint32_t slot = CHILD_SLOT_SEGMENT;
    for (uint32_t i = 0; i < plan->segment_count; i++) {
        const struct child_segment *segment = &plan->segments[i];
        if (segment->slot == 0)
            continue;
        TRY(exo_capability_derive(segment->slot, child->domain, slot, segment->offset,
                                  segment->pages, segment->rights, 0));
        TRY(map(child->domain, slot, segment->address, 0, segment->pages, segment->rights));
        slot++;
    }
    return EXO_STATUS_OK;
}

/* A guard page, the stack, a guard page, the upcall stack; then the thread's registers. */
static enum exo_status make_thread(const struct child_plan *plan, struct child *child,
                                   uint32_t thread, uint64_t *address)
{
    uint64_t words[REGISTERS] = {0};
    uint64_t stack = *address + CHILD_PAGE_BYTES;
    uint64_t top = stack + plan->stack_pages * CHILD_PAGE_BYTES;
    uint64_t upcall = top + CHILD_PAGE_BYTES;
    uint64_t end = upcall + CHILD_UPCALL_PAGES * CHILD_PAGE_BYTES;
    TRY(map(child->domain, CHILD_SLOT_MEMORY, stack, child->heap_offset, plan->stack_pages,
            READ_WRITE));
    child->heap_offset += plan->stack_pages;
    TRY(map(child->domain, CHILD_SLOT_MEMORY, upcall, child->heap_offset, CHILD_UPCALL_PAGES,
            READ_WRITE));
    child->heap_offset += CHILD_UPCALL_PAGES;
    child->stack_top[thread] = top;
    words[EXO_THREAD_REGISTER_INSTRUCTION_POINTER] =
        thread == 0 ? plan->entry : plan->entry + ENTRY_THREAD;
    words[EXO_THREAD_REGISTER_STACK_POINTER] = top;
    words[EXO_THREAD_REGISTER_FAULT_ENTRY] = plan->entry + ENTRY_FAULT;
    words[EXO_THREAD_REGISTER_EVENT_ENTRY] = plan->entry + ENTRY_EVENT;
    words[EXO_THREAD_REGISTER_UPCALL_STACK_LOW] = upcall;
    words[EXO_THREAD_REGISTER_UPCALL_STACK_HIGH] = end;
    TRY(exo_thread_write(child->thread + thread, 0, REGISTERS, (uint64_t)(uintptr_t)words));
    uint64_t exit = plan->exit_event != 0 ? CHILD_SLOT_EXIT : EXO_NONE;
    TRY(exo_thread_write(child->thread + thread, EXO_THREAD_REGISTER_EXIT_EVENT, 1,
                         (uint64_t)(uintptr_t)&exit));
    *address = end;
    return EXO_STATUS_OK;
}

/* The capabilities that every child has. */
static enum exo_status make_slots(const struct child_plan *plan, const struct child *child)
{
    TRY(exo_capability_derive(child->thread, child->domain, CHILD_SLOT_THREAD, 0, 0,
                              EXO_RIGHT_CONTROL | EXO_RIGHT_RUN, 0));
    TRY(exo_capability_derive(child->event, child->domain, CHILD_SLOT_WAKE, 0, 0,
                              EXO_RIGHT_SIGNAL | EXO_RIGHT_WAIT, 0));
    TRY(exo_capability_derive(child->event, child->domain, CHILD_SLOT_LOCK, 0, 0,
                              EXO_RIGHT_SIGNAL | EXO_RIGHT_WAIT, CHILD_LOCK_BIT));
    if (plan->exit_event != 0)
        TRY(exo_capability_derive(plan->exit_event, child->domain, CHILD_SLOT_EXIT, 0, 0,
                                  EXO_RIGHT_SIGNAL, plan->exit_bits));
    return EXO_STATUS_OK;
}

enum exo_status child_make(const struct child_plan *plan, struct child *child)
{
    uint64_t next, address;
    assert(plan->thread_count > 0 && plan->thread_count <= CHILD_THREADS_MAX);
    assert(plan->portal_count <= CHILD_PORTALS_MAX);
    assert(plan->segment_count <= CHILD_SEGMENTS_MAX);
    memset(child, 0, sizeof *child);
    if (plan->frames < child_frames(plan))
        return EXO_STATUS_FULL;
    child->pool = (uint32_t)plan->first_slot;
    child->domain = child->pool + 1;
    child->event = child->pool + 2;
    child->thread = child->pool + 3;
    child->portal = child->thread + plan->thread_count;
    TRY(exo_capability_derive(plan->memory, EXO_SELF, child->pool, plan->offset, plan->frames,
                              ALL_MEMORY_RIGHTS | (uint64_t)plan->gas << 32,
                              (uint64_t)(uintptr_t)plan->labels));
    TRY(make_objects(plan, child, &next));
    child->private_offset = next;
    child->private_frames = plan->frames - next;
    TRY(exo_capability_derive(child->pool, child->domain, CHILD_SLOT_MEMORY, next,
                              child->private_frames, ALL_MEMORY_RIGHTS, 0));
    TRY(make_slots(plan, child));
    TRY(make_segments(plan, child));
    TRY(make_private(plan, child));
    address = CHILD_FRONT_ADDRESS + plan->front_pages * CHILD_PAGE_BYTES;
    for (uint32_t i = 0; i < plan->thread_count; i++)
        TRY(make_thread(plan, child, i, &address));
    assert(address + CHILD_PAGE_BYTES == child_extra_address(plan));
    return EXO_STATUS_OK;
}

void *child_front(const struct child_plan *plan)
{
    return (void *)(plan->window + copied_pages(plan) * CHILD_PAGE_BYTES);
}

enum exo_status child_close(const struct child_plan *plan)
{
    uint64_t pages = child_window(plan), address = plan->window;
    while (pages > 0) {
        uint64_t part = pages < MAP_PAGES_MAX ? pages : MAP_PAGES_MAX;
        TRY(exo_memory_unmap(EXO_SELF, address, part));
        address += part * CHILD_PAGE_BYTES;
        pages -= part;
    }
    return EXO_STATUS_OK;
}

enum exo_status child_call(const struct child_plan *plan, const struct child *child,
                           uint32_t thread,
                           uint64_t function, uint64_t argument)
{
    uint64_t arguments[2] = {function, argument};
    uint64_t entry = plan->entry + ENTRY_THREAD;
    assert(thread < plan->thread_count);
    TRY(exo_thread_write(child->thread + thread, EXO_THREAD_REGISTER_ARG0, 2,
                         (uint64_t)(uintptr_t)arguments));
    return exo_thread_write(child->thread + thread, EXO_THREAD_REGISTER_INSTRUCTION_POINTER, 1,
                            (uint64_t)(uintptr_t)&entry);
}

enum exo_status child_end(const struct child *child)
{
    TRY(exo_capability_revoke(child->pool, 0));
    return exo_capability_delete(child->pool);
}
