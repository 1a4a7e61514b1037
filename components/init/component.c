/* SPDX-License-Identifier: MIT */
#include "component.h"

#include <assert.h>

#include "connection.h"
#include "copy.h"
#include "device.h"
#include "first.h"
#include "gas.h"
#include "kernel_stubs.h"
#include "message.h"
#include "node.h"
#include "own.h"
#include "print.h"
#include "schedule.h"
#include "startup.capnp.h"
#include "text.h"
#include "ticks.h"

enum {
    THREAD_STATE_STOPPED = 0,
    STATUS_WORDS = EXO_PROGRAM_MARKS + 1,
    PINNED_LOOKS_MAX = 2000, /* then its memory stays with whoever has pinned it */
    PINNED_MICROSECONDS = 1000,
};

#define TRY(call)                          \
    do {                                   \
        enum exo_status try_status = call; \
        if (try_status != EXO_STATUS_OK)   \
            return try_status;             \
    } while (0)

static uint64_t words[MESSAGE_WORDS_MAX];

/* The segments of its program, as the image holds them. */
static void read_segments(struct component *component)
{
    struct exo_planned_program_list programs;
    struct exo_planned_segment_list segments;
    uint64_t bytes;
    const uint8_t *image = first_image(&bytes);
    exo_plan_get_programs(plan.reader, &programs);
    struct exo_planned_program_reader program =
        exo_planned_program_list_at(programs, exo_planned_component_get_program(component->plan));
    exo_planned_program_get_segments(program, &segments);
    component->make.entry = exo_planned_program_get_entry(program);
    component->make.segment_count = exo_planned_segment_list_count(segments);
    assert(component->make.segment_count <= CHILD_SEGMENTS_MAX);
    for (uint32_t i = 0; i < component->make.segment_count; i++) {
        struct exo_planned_segment_reader segment = exo_planned_segment_list_at(segments, i);
        uint64_t page = exo_planned_segment_get_page(segment);
        bool writable = exo_planned_segment_get_rights(segment) & EXO_RIGHT_WRITE;
        component->make.segments[i] = (struct child_segment){
            .slot = writable ? 0 : FIRST_SLOT_IMAGE,
            .offset = page,
            .address = exo_planned_segment_get_address(segment),
            .pages = exo_planned_segment_get_pages(segment),
            .source_pages = exo_planned_segment_get_file_pages(segment),
            .source = image + page * CHILD_PAGE_BYTES,
            .rights = exo_planned_segment_get_rights(segment),
        };
    }
}

static void place_channel(struct connection *connection, struct connection_end *end, bool is_client,
                          void *context)
{
    (void)is_client;
    uint64_t *pages = context;
    end->address = *pages; /* relative; component_place adds the start */
    *pages += connection->pages + 1;
}

static void move_channel(struct connection *connection, struct connection_end *end, bool is_client,
                         void *context)
{
    (void)connection;
    (void)is_client;
    end->address = *(uint64_t *)context + end->address * CHILD_PAGE_BYTES;
}

/* Its pool: on the node that the plan names and on no other, or, when it names none, if possible
 * on that of its core. */
static bool place_pool(struct component *component)
{
    struct node_run run;
    uint32_t wanted = exo_planned_component_get_node(component->plan);
    uint32_t core = exo_planned_component_get_core(component->plan);
    if (!node_take(component->make.frames, wanted != NODE_ANY ? wanted : node_of_core(core),
                   wanted == NODE_ANY, &run))
        return false;
    component->make.memory = run.memory;
    component->make.offset = run.offset;
    component->node = run.node;
    return true;
}

static bool place(uint32_t index)
{
    struct component *component = &plan.component[index];
    struct child_plan *make = &component->make;
    static uint64_t labels[PLAN_COMPONENTS_MAX][2];
    uint64_t channel_pages = 0, page;
    read_segments(component);
    plan_each_connection(index, place_channel, &channel_pages);
    component->message_words = message_build(index, words);
    labels[index][0] = exo_planned_component_get_label_low(component->plan);
    labels[index][1] = exo_planned_component_get_label_high(component->plan);
    component->gas = own.accounts + index;
    make->gas = component->gas;
    make->trusted_dma = exo_planned_component_get_trusted_dma(component->plan);
    make->labels = labels[index];
    make->thread_count = component->thread_count;
    make->portal_count = component->export_count;
    make->front_pages =
        (component->message_words * 8 + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES + 1;
    make->stack_pages = exo_planned_component_get_stack_pages(component->plan);
    make->exit_event = own.event;
    make->exit_bits = UINT64_C(1) << index % OWN_COMPONENT_BITS;
    make->frames = exo_planned_component_get_frames(component->plan);
    make->extra_pages = channel_pages + make->frames;
    uint64_t least = child_frames(make);
    if (make->frames < least) {
        make->extra_pages = channel_pages + least;
        make->frames = least;
    }
    uint64_t start = child_extra_address(make);
    plan_each_connection(index, move_channel, &start);
    make->first_slot = slots_take(first_slots(), child_slots(make));
    if (component->message_words == 0 || make->first_slot == SLOTS_NONE ||
        !place_pool(component) ||
        !space_take(first_space(), child_window(make), 1, &page))
        return false;
    make->window = page * CHILD_PAGE_BYTES;
    return true;
}

bool component_place_all(void)
{
    for (uint32_t i = 0; i < plan.component_count; i++) {
        const struct component *component = &plan.component[i];
        uint32_t node = exo_planned_component_get_node(component->plan);
        if (node != NODE_ANY && !node_exists(node))
            print("init: the composition wants %s on node %u, and the machine has no memory "
                  "there; it has %u nodes\n", component->name, node, node_count());
        else if (place(i))
            continue;
        else if (node != NODE_ANY)
            print("init: there is not enough memory on node %u for %s\n", node, component->name);
        else
            print("init: there is not enough memory for %s\n", component->name);
        return false;
    }
    return true;
}

/* Its Threads: its own capabilities, places in the core's table, and its portals. */
static enum exo_status give_threads(const struct component *component)
{
    const struct child *child = &component->child;
    uint32_t thread = 0;
    for (uint32_t i = 0; i < component->thread_count; i++) {
        uint32_t core = plan_thread_core(component, i);
        TRY(exo_capability_derive(child->thread + i, child->domain, component->layout.threads + i,
                                  0,
                                  0, EXO_RIGHT_CONTROL | EXO_RIGHT_RUN, 0));
        TRY(exo_cpu_bind(own.core[core], child->thread + i, component->cpu_index + i,
                         schedule_marks(component, core)));
    }
    for (uint32_t i = 0; i < component->export_count; i++) {
        struct exo_planned_port_reader port = exo_planned_port_list_at(component->exports, i);
        TRY(exo_capability_derive(child->portal + i, child->domain, component->layout.exports + i,
                                  0,
                                  0, EXO_RIGHT_CALL | EXO_RIGHT_ATTACH | EXO_RIGHT_BADGE, 0));
        for (uint32_t j = 0; j < exo_planned_port_get_threads(port); j++)
            TRY(exo_portal_attach(child->portal + i, child->thread + thread++));
    }
    return EXO_STATUS_OK;
}

/* The account's capability, the devices, and the message that says where everything is. */
static enum exo_status give_rest(uint32_t index)
{
    struct component *component = &plan.component[index];
    uint64_t arguments[2] = {CHILD_FRONT_ADDRESS, component->message_words};
    /* What it gets once is its own: to divide, and to hear of. What init fills, init hears of. */
    TRY(exo_capability_derive(component->gas, component->child.domain, component->layout.gas, 0, 0,
                              gas_is_kept(component) ? EXO_RIGHT_PAY
                                                     : EXO_RIGHT_PAY | EXO_RIGHT_CONTROL, 0));
    for (uint32_t i = 0; i < exo_planned_device_list_count(component->devices); i++) {
        struct exo_planned_device_reader planned =
            exo_planned_device_list_at(component->devices, i);
        struct device device = device_find(planned);
        if (device_may_lack(&device, planned))
            continue; /* its driver is told so */
        TRY(device_give(&device, component->child.domain, component->layout.devices + i));
    }
    uint64_t length = message_build(index, words);
    assert(length == component->message_words);
    memcpy(child_front(&component->make), words, length * 8);
    return exo_thread_write(component->child.thread, EXO_THREAD_REGISTER_ARG0, 2,
                            (uint64_t)(uintptr_t)arguments);
}

static enum exo_status start(uint32_t index)
{
    struct component *component = &plan.component[index];
    TRY(child_make(&component->make, &component->child));
    copy_charge(component);
    TRY(give_threads(component));
    TRY(give_rest(index));
    TRY(connection_open(index));
    TRY(child_close(&component->make));
    return exo_thread_start(component->child.thread);
}

bool component_start(uint32_t index)
{
    struct component *component = &plan.component[index];
    assert(component->state != SUPERVISOR_STATE_RUNNING);
    component->generation = component->starts++;
    component->restart_at = 0;
    enum exo_status status = start(index);
    if (status == EXO_STATUS_OK) {
        component->state = SUPERVISOR_STATE_RUNNING;
        return true;
    }
    print("init: %s cannot be started: status %d\n", component->name, (int)status);
    child_close(&component->make);
    child_end(&component->child);
    component->state = SUPERVISOR_STATE_CRASHED;
    return false;
}

void component_consumption(uint32_t index, uint64_t *ticks, uint64_t *calls)
{
    const struct component *component = &plan.component[index];
    *ticks = component->consumed_before;
    *calls = component->calls_before;
    if (component->state != SUPERVISOR_STATE_RUNNING)
        return;
    for (uint32_t i = 0; i < component->thread_count; i++) {
        uint64_t kind, rights, consumed = 0, count = 0, low, high;
        exo_capability_info(EXO_SELF, component->child.thread + i, &kind, &rights, &consumed,
                            &count,
                            &low, &high);
        *ticks += consumed;
        *calls += count >> 16;
    }
}

/* What component_frames adds up. */
struct distances {
    uint32_t node; /* of the core */
    uint64_t local, remote;
};

static void add_frames(struct distances *distances, uint32_t node, uint64_t frames)
{
    if (node == distances->node)
        distances->local += frames;
    else
        distances->remote += frames;
}

static void add_channel(struct connection *connection, struct connection_end *end, bool is_client,
                        void *context)
{
    (void)end;
    (void)is_client;
    add_frames(context, connection->node, connection->pages);
}

void component_frames(uint32_t index, uint64_t *local, uint64_t *remote)
{
    const struct component *component = &plan.component[index];
    uint32_t core = exo_planned_component_get_core(component->plan);
    struct distances distances = {.node = node_of_core(core)};
    add_frames(&distances, component->node, component->make.frames);
    plan_each_connection(index, add_channel, &distances);
    *local = distances.local;
    *remote = distances.remote;
}

/* Its vectors went with its memory: a core plays init alone until somebody supplies another. */
static void play_again(const struct component *component)
{
    for (uint32_t i = 0; i < exo_planned_device_list_count(component->devices); i++) {
        struct exo_planned_device_reader device = exo_planned_device_list_at(component->devices, i);
        if (exo_planned_device_which(device) != EXO_PLANNED_DEVICE_WHICH_CPU)
            continue;
        schedule_mark(exo_planned_device_get_cpu(device), false);
        schedule_play(exo_planned_device_get_cpu(device));
    }
}

static void stop_threads(const struct component *component)
{
    for (uint32_t i = 0; i < component->thread_count; i++)
        exo_thread_stop(component->child.thread + i);
}

/*
 * Take its memory back. A part of it may be pinned for a device, its own or one of a server's: then
 * who pinned it hears that this component is gone, and lets go once the device does not reach it
 * any more. A driver is stopped before, so that it cannot start the device again.
 */
static enum exo_status take_back(const struct component *component)
{
    const struct child *child = &component->child;
    uint64_t bits;
    if (exo_planned_component_get_trusted_dma(component->plan))
        stop_threads(component);
    enum exo_status status = child_end(child);
    for (uint32_t i = 0; status == EXO_STATUS_BUSY && i < PINNED_LOOKS_MAX; i++) {
        if (i == 0) {
            stop_threads(component);
            exo_capability_revoke(child->event, 0); /* its peers hear of that */
        }
        exo_event_wait(own.pause, ticks_deadline(PINNED_MICROSECONDS), &bits);
        status = child_end(child);
    }
    return status;
}

void component_end(uint32_t index, enum supervisor_state state)
{
    struct component *component = &plan.component[index];
    assert(component->state == SUPERVISOR_STATE_RUNNING);
    component_consumption(index, &component->consumed_before, &component->calls_before);
    component->state = state;
    enum exo_status status = take_back(component);
    if (status != EXO_STATUS_OK)
        print("init: the memory of %s cannot be taken back: status %d\n", component->name,
              (int)status);
    play_again(component);
}

/* Copy the status page's first words while the component still has it. */
static void read_status(const struct component *component, uint64_t *status)
{
    const struct child *child = &component->child;
    uint64_t done, offset = child->private_offset + child->front_offset +
                            component->make.front_pages - 1;
    memset(status, 0, STATUS_WORDS * 8);
    if (exo_memory_map(EXO_SELF, child->pool, own.window, offset, 1, EXO_RIGHT_READ, &done) !=
        EXO_STATUS_OK)
        return;
    memcpy(status, (const void *)own.window, STATUS_WORDS * 8);
    exo_memory_unmap(EXO_SELF, own.window, 1);
}

uint64_t component_status(uint32_t index, uint32_t word)
{
    uint64_t status[STATUS_WORDS];
    assert(plan.component[index].state == SUPERVISOR_STATE_RUNNING && word < STATUS_WORDS);
    read_status(&plan.component[index], status);
    return status[word];
}

/* Has a thread stopped by itself? One that was never started has no reason. */
static bool thread_stopped(uint32_t slot)
{
    uint64_t kind, rights, consumed, count = 0, low, high;
    exo_capability_info(EXO_SELF, slot, &kind, &rights, &consumed, &count, &low, &high);
    uint64_t state = count & 0xff, reason = count >> 8 & 0xff;
    return state == THREAD_STATE_STOPPED && reason != EXO_STOP_REASON_NONE &&
           reason != EXO_STOP_REASON_REQUESTED;
}

enum component_look component_look(uint32_t index)
{
    struct component *component = &plan.component[index];
    uint64_t status[STATUS_WORDS];
    bool stopped = false;
    read_status(component, status);
    for (uint32_t i = 0; i < component->thread_count; i++)
        stopped = stopped || thread_stopped(component->child.thread + i);
    component->exit_status = (uint32_t)status[1];
    if (status[0] == EXO_PROGRAM_ENDED)
        return COMPONENT_RETURNED;
    if (!stopped)
        return COMPONENT_RUNS;
    print("init: %s crashed: error %lx at address %lx, instruction %lx\n", component->name,
          status[2], status[3], status[4]);
    return COMPONENT_CRASHED;
}
