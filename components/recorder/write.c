/* SPDX-License-Identifier: MIT */
#include "write.h"

#include <assert.h>

#include "capnp_build.h"
#include "startup.h"
#include "text.h"
#include "ticks.h"

enum {
    ENTRY_WORDS = 128,      /* of an entry without its message */
    RECORDING_WORDS = 2048, /* of the first message: names and settings */
    SETTINGS_MAX = 32,
    BYTE = 1, /* width of an access */
};

static struct registers capture;
static struct lock lock; /* of the buffer and the device */
static uint64_t *buffer;
static uint32_t buffer_words;

bool write_start(const struct registers *registers, uint32_t words)
{
    capture = *registers;
    buffer_words = words + RECORDING_WORDS;
    uint64_t bytes = (uint64_t)buffer_words * sizeof *buffer;
    buffer = pages_take((bytes + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES, 0);
    return buffer != 0;
}

/* Put a message that was built behind its table into the file. */
static void put(struct capnp_builder *message)
{
    assert(message->error == CAPNP_OK);
    uint32_t count = capnp_builder_framed(message);
    const uint8_t *bytes = (const uint8_t *)buffer;
    for (uint64_t i = 0; i < (uint64_t)count * sizeof *buffer; i++)
        registers_write(&capture, 0, BYTE, bytes[i]);
}

static struct capnp_text text_of(const char *text)
{
    return (struct capnp_text){text, (uint32_t)strlen(text)};
}

/* Its channels, in the order of their places. */
static void put_places(struct recording_port_builder out, const struct port_description *port,
                       const struct wire *wires)
{
    struct recording_place_builder_list list;
    recording_port_init_places(out, port->wire_count, &list);
    for (uint32_t i = 0; i < port->wire_count; i++) {
        const struct wire *wire = &wires[port->wire_first + i];
        const struct channel_place *peer = port->is_export ? wire->near_place : wire->far_place;
        const struct channel_place *own = port->is_export ? wire->far_place : wire->near_place;
        struct recording_place_builder item =
            recording_place_builder_list_at(list, wire->place);
        recording_place_set_peer(item, (struct capnp_text){peer->peer, peer->peer_bytes});
        recording_place_set_bytes(item, own->bytes);
        recording_place_set_schema(item, own->schema);
    }
}

/* The settings of the component, "s0", "s1" ... of the recorder. */
static void put_settings(struct recording_recording_builder out, struct capnp_builder *message)
{
    struct capnp_list_builder list;
    const char *values[SETTINGS_MAX];
    uint32_t count = 0;
    for (; count < SETTINGS_MAX; count++) {
        const char key[] = {'s', (char)('0' + count / 10), (char)('0' + count % 10), 0};
        const char short_key[] = {'s', (char)('0' + count), 0};
        values[count] = startup_setting(count < 10 ? short_key : key, 0);
        if (!values[count])
            break;
    }
    recording_recording_init_settings(out, count, &list);
    for (uint32_t i = 0; i < count; i++)
        capnp_set_text(message, (uint64_t *)(void *)list.data + i, text_of(values[i]));
}

void write_recording(const struct port_description *ports, uint32_t count,
                     const struct wire *wires)
{
    struct capnp_builder message;
    struct recording_recording_builder recording;
    struct recording_port_builder_list list;
    lock_take(&lock);
    capnp_builder_begin_framed(&message, buffer, buffer_words);
    recording_recording_init_root(&message, &recording);
    recording_recording_set_magic(recording, RECORDING_MAGIC);
    recording_recording_set_version(recording, RECORDING_VERSION);
    recording_recording_set_component(recording, text_of(startup_setting("component", "")));
    recording_recording_set_program(recording, text_of(startup_setting("program", "")));
    recording_recording_set_pages(recording, (uint32_t)startup_number("pages", 0));
    recording_recording_set_devices(recording, (uint32_t)startup_number("devices", 0));
    recording_recording_set_ticks_per_second(recording, ticks_rate());
    recording_recording_set_ticks(recording, ticks_now());
    recording_recording_init_ports(recording, count, &list);
    for (uint32_t i = 0; i < count; i++) {
        struct recording_port_builder item = recording_port_builder_list_at(list, i);
        recording_port_set_name(item, (struct capnp_text){ports[i].name, ports[i].name_bytes});
        recording_port_set_is_export(item, ports[i].is_export);
        recording_port_set_interface_id(item, ports[i].interface_id);
        recording_port_set_threads(item, ports[i].threads);
        put_places(item, &ports[i], wires);
    }
    put_settings(recording, &message);
    put(&message);
    lock_give(&lock);
}

/* A list of 32-bit words as the builder wants it. */
static void fill(struct capnp_list_builder *list, const uint32_t *words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        capnp_list_set_uint32(list, i, words[i]);
}

void write_entry(const struct wire *wire, const struct entry *entry)
{
    struct capnp_builder message;
    struct recording_entry_builder out;
    struct capnp_list_builder list;
    lock_take(&lock);
    assert(entry->word_count + ENTRY_WORDS <= buffer_words);
    capnp_builder_begin_framed(&message, buffer, buffer_words);
    recording_entry_init_root(&message, &out);
    recording_entry_set_port(out, wire->port);
    recording_entry_set_place(out, wire->place);
    recording_entry_set_kind(out, entry->kind);
    recording_entry_set_capabilities(out, entry->capabilities);
    recording_entry_set_status(out, entry->status);
    recording_entry_set_method(out, entry->method);
    recording_entry_set_flags(out, entry->flags);
    recording_entry_set_question(out, entry->question);
    recording_entry_set_offset(out, entry->offset);
    recording_entry_set_range(out, entry->range);
    recording_entry_set_ticks(out, ticks_now());
    recording_entry_set_word3(out, entry->word3);
    if (entry->line && recording_entry_init_line(out, WIRE_LINE_WORDS, &list) == CAPNP_OK)
        fill(&list, entry->line, WIRE_LINE_WORDS);
    if (entry->finished &&
        recording_entry_init_finished(out, entry->finished_count, &list) == CAPNP_OK)
        fill(&list, entry->finished, entry->finished_count);
    if (entry->word_count > 0 &&
        recording_entry_init_words(out, entry->word_count, &list) == CAPNP_OK)
        for (uint32_t i = 0; i < entry->word_count; i++)
            capnp_list_set_uint64(&list, i, entry->words[i]);
    put(&message);
    lock_give(&lock);
}
