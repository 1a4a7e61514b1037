/* SPDX-License-Identifier: MIT */
#include "recording.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SEGMENTS_MAX 16u

bool recording_check(const struct recording *recording)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < recording->side_count; i++) {
        if (recording->sides[i].first != count)
            return false;
        count += recording->sides[i].count;
    }
    return count == recording->channel_count && recording->at <= recording->file.size;
}

/* Keep the first error. */
static bool wrong(struct recording *recording, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool wrong(struct recording *recording, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (recording->error[0] == 0)
        vsnprintf(recording->error, sizeof recording->error, format, arguments);
    va_end(arguments);
    return false;
}

/* Begin to read the next message of the file. */
static bool next_message(struct recording *recording, struct capnp_message *message,
                         struct capnp_segment *segments)
{
    uint64_t used;
    enum capnp_error error =
        capnp_message_framed(message, recording->file.bytes + recording->at,
                             recording->file.size - recording->at, segments, SEGMENTS_MAX, &used);
    if (error == CAPNP_FRAME)
        return wrong(recording, "it ends within a message, at byte %zu: the rest was not written",
                     recording->at);
    if (error != CAPNP_OK)
        return wrong(recording, "byte %zu: %s", recording->at, capnp_error_text(error));
    recording->at += used;
    return true;
}

static const char *copy_text(struct recording *recording, struct capnp_text text)
{
    /* It comes to terminals: what is no plain character goes. */
    char *copy = arena_take(recording->arena, text.length + 1);
    for (uint32_t i = 0; i < text.length; i++)
        copy[i] = text.bytes[i] >= ' ' && text.bytes[i] < 127 ? text.bytes[i] : '?';
    return copy;
}

static bool read_channels(struct recording *recording, struct recording_side *side,
                          struct recording_port_reader reader)
{
    struct recording_place_list list;
    struct capnp_text text;
    recording_port_get_places(reader, &list);
    uint32_t count = recording_place_list_count(list);
    if (count > RECORDING_PLACES_MAX - recording->channel_count)
        return wrong(recording, "it has more than %d channels", RECORDING_PLACES_MAX);
    if (!side->is_export && count != 1)
        return wrong(recording, "import \"%s\" has %u channels instead of one", side->name, count);
    side->first = recording->channel_count;
    side->count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct recording_place_reader place = recording_place_list_at(list, i);
        struct recording_channel *channel = &recording->channels[recording->channel_count++];
        recording_place_get_peer(place, &text);
        *channel = (struct recording_channel){copy_text(recording, text),
                                              recording_place_get_bytes(place),
                                              recording_place_get_schema(place)};
        if (channel->bytes < CHANNEL_BYTES_MIN || channel->bytes > CHANNEL_BYTES_MAX ||
            channel->bytes % CHANNEL_BYTES_MIN != 0)
            return wrong(recording, "\"%s\" has a channel of an impossible size", side->name);
    }
    return true;
}

static bool read_sides(struct recording *recording, struct recording_recording_reader root)
{
    struct recording_port_list list;
    struct capnp_text text;
    recording_recording_get_ports(root, &list);
    recording->side_count = recording_port_list_count(list);
    if (recording->side_count > RECORDING_PORTS_MAX) {
        recording->side_count = 0;
        return wrong(recording, "it has more than %d ports", RECORDING_PORTS_MAX);
    }
    for (uint32_t i = 0; i < recording->side_count; i++) {
        struct recording_port_reader reader = recording_port_list_at(list, i);
        struct recording_side *side = &recording->sides[i];
        recording_port_get_name(reader, &text);
        side->name = copy_text(recording, text);
        side->is_export = recording_port_get_is_export(reader);
        side->interface_id = recording_port_get_interface_id(reader);
        side->threads = recording_port_get_threads(reader);
        if (!read_channels(recording, side, reader))
            return false;
    }
    return true;
}

static bool read_settings(struct recording *recording, struct recording_recording_reader root)
{
    struct capnp_list list;
    struct capnp_text text;
    recording_recording_get_settings(root, &list);
    if (list.count > RECORDING_SETTINGS_MAX)
        return wrong(recording, "it has more than %d settings", RECORDING_SETTINGS_MAX);
    for (uint32_t i = 0; i < list.count; i++) {
        capnp_list_text(&list, i, &text);
        recording->settings[recording->setting_count++] = copy_text(recording, text);
    }
    return true;
}

bool recording_open(struct recording *recording, struct host_bytes file, struct arena *arena)
{
    static struct capnp_segment segments[SEGMENTS_MAX];
    struct capnp_message message;
    struct recording_recording_reader root;
    struct capnp_text text;
    *recording = (struct recording){.file = file, .arena = arena};
    if (file.size == 0)
        return wrong(recording, "it is empty: the machine ended before the recorder began");
    if (!next_message(recording, &message, segments))
        return false;
    if (recording_recording_read_root(&message, &root) != CAPNP_OK ||
        recording_recording_get_magic(root) != RECORDING_MAGIC)
        return wrong(recording, "it is no recording");
    if (recording_recording_get_version(root) != RECORDING_VERSION)
        return wrong(recording, "it is of version %u, and this program reads version %d",
                     recording_recording_get_version(root), RECORDING_VERSION);
    recording_recording_get_component(root, &text);
    recording->component = copy_text(recording, text);
    recording_recording_get_program(root, &text);
    recording->program = copy_text(recording, text);
    recording->pages = recording_recording_get_pages(root);
    recording->devices = recording_recording_get_devices(root);
    recording->ticks_per_second = recording_recording_get_ticks_per_second(root);
    recording->ticks = recording_recording_get_ticks(root);
    if (!read_sides(recording, root) || !read_settings(recording, root))
        return false;
    if (message.error != CAPNP_OK)
        return wrong(recording, "its first message is wrong: %s", capnp_error_text(message.error));
    assert(recording_check(recording));
    return true;
}

/* Take a list of 32-bit words of at most `max`. */
static uint32_t *take_words(struct recording *recording, struct capnp_list list, uint32_t max,
                            uint32_t *count)
{
    *count = list.count;
    if (list.count > max)
        wrong(recording, "entry %u has a list that is too long", recording->entry_count);
    if (list.count == 0 || list.count > max)
        return NULL;
    uint32_t *words = arena_take(recording->arena, list.count * sizeof *words);
    for (uint32_t i = 0; i < list.count; i++)
        words[i] = capnp_list_uint32(list, i);
    return words;
}

/* Take the lists of an entry. */
static void take_lists(struct recording *recording, struct recording_entry_reader reader,
                       struct recording_item *item)
{
    struct capnp_list list;
    uint32_t count;
    recording_entry_get_line(reader, &list);
    item->line = take_words(recording, list, RECORDING_LINE_WORDS, &count);
    if (count != 0 && count != RECORDING_LINE_WORDS)
        wrong(recording, "entry %u has a line of %u words", recording->entry_count, count);
    recording_entry_get_finished(reader, &list);
    item->finished = take_words(recording, list, CHANNEL_ENTRIES_MAX, &item->finished_count);
    recording_entry_get_words(reader, &list);
    uint64_t bytes = recording->channels[item->channel].bytes;
    if ((uint64_t)item->offset + list.count > bytes / 16) {
        wrong(recording, "entry %u has a message that lies outside of its channel",
              recording->entry_count);
        return;
    }
    item->word_count = list.count;
    item->words = arena_take(recording->arena, (list.count + 1) * sizeof *item->words);
    for (uint32_t i = 0; i < list.count; i++)
        item->words[i] = capnp_list_uint64(list, i);
}

enum recording_result recording_next(struct recording *recording, struct recording_item *item)
{
    static struct capnp_segment segments[SEGMENTS_MAX];
    struct capnp_message message;
    struct recording_entry_reader reader;
    if (recording->error[0] != 0)
        return RECORDING_WRONG;
    if (recording->at == recording->file.size)
        return RECORDING_END;
    if (!next_message(recording, &message, segments))
        return RECORDING_WRONG;
    uint32_t number = ++recording->entry_count;
    recording_entry_read_root(&message, &reader);
    uint32_t side = recording_entry_get_port(reader), place = recording_entry_get_place(reader);
    if (message.error != CAPNP_OK)
        wrong(recording, "entry %u is wrong: %s", number, capnp_error_text(message.error));
    else if (side >= recording->side_count || place >= recording->sides[side].count)
        wrong(recording, "entry %u is of a port that the recording does not have", number);
    else if ((unsigned)recording_entry_get_kind(reader) > RECORDING_KIND_REPLY)
        wrong(recording, "entry %u is of an unknown kind", number);
    else if (recording_entry_get_range(reader) > CHANNEL_ENTRIES_MAX)
        wrong(recording, "entry %u answers more questions than a channel has", number);
    if (recording->error[0] != 0)
        return RECORDING_WRONG;
    *item = (struct recording_item){
        .kind = recording_entry_get_kind(reader), .number = number, .side = side,
        .channel = recording->sides[side].first + place,
        .capabilities = recording_entry_get_capabilities(reader),
        .status = recording_entry_get_status(reader), .method = recording_entry_get_method(reader),
        .flags = recording_entry_get_flags(reader),
        .question = recording_entry_get_question(reader),
        .offset = recording_entry_get_offset(reader), .range = recording_entry_get_range(reader),
        .ticks = recording_entry_get_ticks(reader), .word3 = recording_entry_get_word3(reader)};
    take_lists(recording, reader, item);
    if (message.error != CAPNP_OK)
        wrong(recording, "entry %u is wrong: %s", number, capnp_error_text(message.error));
    return recording->error[0] != 0 ? RECORDING_WRONG : RECORDING_ENTRY;
}
