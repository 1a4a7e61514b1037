/* SPDX-License-Identifier: MIT */
#include "startup.h"

#include <assert.h>
#include <stddef.h>

#include "channel_guard.h"
#include "console_sink.h"
#include "kernel_stubs.h"
#include "print.h"
#include "rpc.h"
#include "startup.capnp.h"
#include "text.h"
#include "ticks.h"
#include "upcall.h"

enum {
    BINDINGS_MAX = 72, /* imports and exports together: as many as init and compose allow */
    PLACES_MAX = 64,   /* channels of all bindings; each has a bit of one Event */
    DEVICES_MAX = 16,
    SETTINGS_MAX = 32,
    NAME_BYTES_MAX = 32,
    VALUE_BYTES_MAX = 128,
    CRASH_STATUS = 139,
};

struct device {
    struct capnp_text name;
    struct startup_device device;
};

struct setting {
    struct capnp_text key;
    char value[VALUE_BYTES_MAX];
};

/* Filled once by read_startup, then only read. The texts stay in init's message. */
static struct capnp_message message;
static struct exo_startup_reader startup;
static char name[NAME_BYTES_MAX];
static struct binding bindings[BINDINGS_MAX];
static uint32_t import_count, binding_count; /* exports follow the imports */
static struct channel_place places[PLACES_MAX];
static uint32_t place_count;
static struct device devices[DEVICES_MAX];
static uint32_t device_count;
static struct setting settings[SETTINGS_MAX];
static uint32_t setting_count;
static uint64_t *status_words;

static struct slots slots;
static struct space space, frames;
static struct heap heap;
static bool heap_started;

static void read_binding(struct exo_startup_binding_reader reader)
{
    struct exo_startup_place_list list;
    struct capnp_text text;
    assert(binding_count < BINDINGS_MAX);
    exo_startup_binding_get_name(reader, &text);
    exo_startup_binding_get_places(reader, &list);
    uint32_t count = exo_startup_place_list_count(list);
    assert(count <= PLACES_MAX - place_count);
    bindings[binding_count++] = (struct binding){
        .name = text.bytes,
        .name_bytes = text.length,
        .interface_id = exo_startup_binding_get_interface_id(reader),
        .portal = exo_startup_binding_get_portal(reader),
        .place_count = count,
        .places = &places[place_count],
        .thread = exo_startup_binding_get_thread(reader),
        .thread_count = exo_startup_binding_get_thread_count(reader),
        .receive_first = exo_startup_binding_get_receive_first(reader),
        .receive_count = exo_startup_binding_get_receive_count(reader),
        .generation = startup_generation(),
    };
    for (uint32_t i = 0; i < count; i++) {
        struct exo_startup_place_reader place = exo_startup_place_list_at(list, i);
        exo_startup_place_get_peer(place, &text);
        places[place_count++] = (struct channel_place){
            .address = exo_startup_place_get_address(place),
            .bytes = exo_startup_place_get_bytes(place),
            .badge = exo_startup_place_get_badge(place),
            .doorbell = exo_startup_place_get_doorbell(place),
            .wake = exo_startup_place_get_wake(place),
            .wake_bits = exo_startup_place_get_wake_bits(place),
            .peer = text.bytes,
            .peer_bytes = text.length,
            .peer_position = exo_startup_place_get_peer_position(place),
            .pool_bytes = exo_startup_place_get_pool_bytes(place),
            .schema = exo_startup_place_get_schema(place),
            .is_one_way = exo_startup_place_get_one_way(place),
        };
    }
}

static void read_bindings(void)
{
    struct exo_startup_binding_list list;
    exo_startup_get_imports(startup, &list);
    for (uint32_t i = 0; i < exo_startup_binding_list_count(list); i++)
        read_binding(exo_startup_binding_list_at(list, i));
    import_count = binding_count;
    exo_startup_get_exports(startup, &list);
    for (uint32_t i = 0; i < exo_startup_binding_list_count(list); i++)
        read_binding(exo_startup_binding_list_at(list, i));
}

static void read_devices(void)
{
    struct exo_startup_device_list list;
    exo_startup_get_devices(startup, &list);
    device_count = exo_startup_device_list_count(list);
    assert(device_count <= DEVICES_MAX);
    for (uint32_t i = 0; i < device_count; i++) {
        struct exo_startup_device_reader reader = exo_startup_device_list_at(list, i);
        exo_startup_device_get_name(reader, &devices[i].name);
        devices[i].device = (struct startup_device){
            .slot = exo_startup_device_get_slot(reader),
            .first = exo_startup_device_get_first(reader),
            .count = exo_startup_device_get_count(reader),
        };
    }
}

static void read_settings(void)
{
    struct exo_startup_setting_list list;
    struct capnp_text value;
    exo_startup_get_settings(startup, &list);
    setting_count = exo_startup_setting_list_count(list);
    assert(setting_count <= SETTINGS_MAX);
    for (uint32_t i = 0; i < setting_count; i++) {
        struct exo_startup_setting_reader reader = exo_startup_setting_list_at(list, i);
        exo_startup_setting_get_key(reader, &settings[i].key);
        exo_startup_setting_get_value(reader, &value);
        text_copy(settings[i].value, sizeof settings[i].value, value.bytes, value.length);
    }
}

static void read_startup(const uint64_t *words, uint64_t word_count)
{
    struct capnp_text text;
    capnp_message_single(&message, words, (uint32_t)word_count);
    exo_startup_read_root(&message, &startup);
    exo_startup_get_name(startup, &text);
    text_copy(name, sizeof name, text.bytes, text.length);
    ticks_start(exo_startup_get_ticks_per_second(startup));
    status_words = (uint64_t *)exo_startup_get_status_address(startup);
    slots_start(&slots, exo_startup_get_slot_first(startup), exo_startup_get_slot_count(startup));
    rpc_given_use(&slots);
    space_start(&space, exo_startup_get_space_address(startup) / CHILD_PAGE_BYTES,
                exo_startup_get_space_bytes(startup) / CHILD_PAGE_BYTES);
    space_start(&frames, exo_startup_get_frames_first(startup),
                exo_startup_get_frames_count(startup));
    read_bindings();
    read_devices();
    read_settings();
    assert(message.error == CAPNP_OK);
}

/* What init then prints about the crash: the frame, in the words behind the status. */
static void tell_crash(const struct upcall_frame *frame)
{
    if (!status_words)
        return;
    status_words[1] = CRASH_STATUS;
    status_words[2] = frame->error;
    status_words[3] = frame->address;
    status_words[4] = frame->instruction_pointer;
    status_words[0] = EXO_PROGRAM_CRASHED;
}

_Noreturn void component_exit(uint32_t status)
{
    status_words[1] = status;
    status_words[0] = EXO_PROGRAM_ENDED;
    exo_event_signal(CHILD_SLOT_EXIT);
    upcall_stop();
}

void startup_alive(void)
{
    uint64_t *word = &status_words[EXO_PROGRAM_ALIVE];
    __atomic_store_n(word, *word + 1, __ATOMIC_RELAXED);
}

void startup_marks(bool wanted)
{
    __atomic_store_n(&status_words[EXO_PROGRAM_MARKS], wanted, __ATOMIC_RELAXED);
    exo_event_signal(CHILD_SLOT_EXIT); /* init looks */
}

/* Called by the entry code with the address and the length in words of init's message. */
_Noreturn void runtime_start(const uint64_t *words, uint64_t word_count);

void runtime_start(const uint64_t *words, uint64_t word_count)
{
    uint64_t spare;
    upcall_on_crash(tell_crash);
    read_startup(words, word_count);
    if (binding_count > 0 && pages_take(1, &spare))
        channel_guard_spare(CHILD_SLOT_MEMORY, spare);
    const struct binding *console = binding_import("console");
    if (console)
        console_sink_start(console);
    component_exit((uint32_t)component_main());
}

static const struct binding *find_binding(const char *wanted, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (text_is(bindings[i].name, bindings[i].name_bytes, wanted))
            return &bindings[i];
    return NULL;
}

const struct binding *binding_import(const char *wanted)
{
    return find_binding(wanted, 0, import_count);
}

const struct binding *binding_import_at(uint32_t index)
{
    return index < import_count ? &bindings[index] : NULL;
}

const struct binding *binding_export(const char *wanted)
{
    return find_binding(wanted, import_count, binding_count);
}

bool startup_device(const char *wanted, struct startup_device *device)
{
    for (uint32_t i = 0; i < device_count; i++) {
        if (!text_is(devices[i].name.bytes, devices[i].name.length, wanted))
            continue;
        *device = devices[i].device;
        return device->count > 0;
    }
    return false;
}

bool startup_registers(const char *wanted, struct registers *registers)
{
    struct startup_device device;
    uint64_t kind = 0, rights, base, count, low, high;
    if (!startup_device(wanted, &device) ||
        exo_capability_info(EXO_SELF, device.slot, &kind, &rights, &base, &count, &low, &high) !=
            EXO_STATUS_OK)
        return false;
    if ((kind & 0xff) == EXO_OBJECT_KIND_MEMORY)
        return registers_in_memory(registers, device.slot, 0, count, space_own());
    registers_at_ports(registers, device.slot, device.first);
    return true;
}

const char *startup_setting(const char *key, const char *otherwise)
{
    for (uint32_t i = 0; i < setting_count; i++)
        if (text_is(settings[i].key.bytes, settings[i].key.length, key))
            return settings[i].value;
    return otherwise;
}

uint64_t startup_number(const char *key, uint64_t otherwise)
{
    uint64_t number = otherwise;
    const char *value = startup_setting(key, NULL);
    if (value)
        text_number(value, strlen(value), &number);
    return number;
}

const char *startup_name(void)
{
    return name;
}

uint32_t startup_position(void)
{
    return exo_startup_get_position(startup);
}

bool startup_thread(uint32_t index, struct startup_thread *thread)
{
    struct exo_startup_thread_list list;
    exo_startup_get_threads(startup, &list);
    if (index >= exo_startup_thread_list_count(list))
        return false;
    struct exo_startup_thread_reader reader = exo_startup_thread_list_at(list, index);
    *thread = (struct startup_thread){
        .index = exo_startup_thread_get_index(reader),
        .core = exo_startup_thread_get_core(reader),
        .share = exo_startup_thread_get_share(reader),
        .component = exo_startup_thread_get_component(reader),
    };
    return true;
}

uint64_t startup_slice_ticks(void)
{
    return exo_startup_get_slice_ticks(startup);
}

uint32_t startup_generation(void)
{
    return exo_startup_get_generation(startup);
}

uint32_t startup_gas(void)
{
    return exo_startup_get_gas(startup);
}

struct slots *slots_own(void)
{
    return &slots;
}

struct space *space_own(void)
{
    return &space;
}

struct space *frames_own(void)
{
    return &frames;
}

struct heap *heap_own(void)
{
    if (!heap_started) {
        uint64_t pages = space_free(&frames) / 2;
        void *memory = pages > 0 ? pages_take(pages, NULL) : NULL;
        heap_start(&heap, memory, memory ? pages * CHILD_PAGE_BYTES : 0);
        heap_started = true;
    }
    return &heap;
}

static bool map_pages(uint64_t page, uint64_t frame, uint64_t pages)
{
    uint64_t done;
    while (pages > 0) {
        uint64_t part = pages < 512 ? pages : 512;
        if (exo_memory_map(EXO_SELF, CHILD_SLOT_MEMORY, page * CHILD_PAGE_BYTES, frame, part,
                           EXO_RIGHT_READ | EXO_RIGHT_WRITE, &done) != EXO_STATUS_OK)
            return false;
        page += part;
        frame += part;
        pages -= part;
    }
    return true;
}

void *pages_take(uint64_t pages, uint64_t *offset)
{
    uint64_t page, frame;
    if (!space_take(&frames, pages, 1, &frame))
        return NULL;
    if (!space_take(&space, pages, 1, &page)) {
        space_give(&frames, frame, pages);
        return NULL;
    }
    void *address = (void *)(page * CHILD_PAGE_BYTES);
    if (!map_pages(page, frame, pages)) {
        pages_give(address, pages, frame);
        return NULL;
    }
    memset(address, 0, pages * CHILD_PAGE_BYTES);
    if (offset)
        *offset = frame;
    return address;
}

void pages_give(void *address, uint64_t pages, uint64_t offset)
{
    uint64_t page = (uintptr_t)address / CHILD_PAGE_BYTES;
    for (uint64_t done = 0; done < pages; done += 512) {
        uint64_t part = pages - done < 512 ? pages - done : 512;
        exo_memory_unmap(EXO_SELF, (page + done) * CHILD_PAGE_BYTES, part);
    }
    space_give(&space, page, pages);
    space_give(&frames, offset, pages);
}

void startup_child_plan(struct child_plan *plan)
{
    struct exo_startup_segment_list list;
    exo_startup_get_segments(startup, &list);
    plan->memory = CHILD_SLOT_MEMORY;
    plan->gas = startup_gas();
    plan->entry = exo_startup_get_entry(startup);
    plan->segment_count = exo_startup_segment_list_count(list);
    assert(plan->segment_count <= CHILD_SEGMENTS_MAX);
    for (uint32_t i = 0; i < plan->segment_count; i++) {
        struct exo_startup_segment_reader segment = exo_startup_segment_list_at(list, i);
        uint64_t address = exo_startup_segment_get_address(segment);
        plan->segments[i] = (struct child_segment){
            .slot = exo_startup_segment_get_slot(segment),
            .address = address,
            .pages = exo_startup_segment_get_pages(segment),
            .source_pages = exo_startup_segment_get_pages(segment),
            .source = (const void *)address,
            .rights = exo_startup_segment_get_rights(segment),
        };
    }
}

bool thread_run(uint32_t slot, void (*function)(void *), void *argument)
{
    uint64_t arguments[2] = {(uintptr_t)function, (uintptr_t)argument};
    return exo_thread_write(slot, EXO_THREAD_REGISTER_ARG0, 2, (uintptr_t)arguments) ==
               EXO_STATUS_OK &&
           exo_thread_start(slot) == EXO_STATUS_OK;
}
