/* SPDX-License-Identifier: MIT */
#include "speech.h"

#include <stdarg.h>
#include <stdio.h>

#include "failure.capnp.h"
#include "kernel_names.h"
#include "text_print.h"

#define SEGMENTS_MAX 16u
#define NANOSECONDS UINT64_C(1000000000)
#define SHORT_BYTES 64

/* What a message is of. */
struct subject {
    uint64_t interface_id;
    uint32_t method;
    uint16_t flags; /* of the request */
    bool is_answer;
};

const char *speech_open(struct speech *speech, const struct recording *recording,
                        struct host_bytes request, struct arena *arena)
{
    static struct capnp_message message;
    static struct capnp_segment segments[SEGMENTS_MAX];
    *speech = (struct speech){.recording = recording};
    enum capnp_error error = capnp_message_framed(&message, request.bytes, request.size, segments,
                                                  SEGMENTS_MAX, NULL);
    uint32_t count = error == CAPNP_OK ? schema_set_count(&message) : 0;
    struct schema_entry *entries = arena_take(arena, (count + 1) * sizeof *entries);
    if (error == CAPNP_OK && count > 0)
        error = schema_set_open(&speech->set, &message, entries, count);
    if (error == CAPNP_OK && count == 0)
        return "it has no types";
    return error == CAPNP_OK ? NULL : capnp_error_text(error);
}

static void put(struct output *output, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(struct output *output, const char *format, ...)
{
    char text[SHORT_BYTES * 4];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    output_text(output, text);
}

/* A name of a schema, which may be hostile. */
static void put_name(struct output *output, struct capnp_text name)
{
    text_print_escaped(output, name.bytes, name.length, false);
}

void speech_take(struct speech *speech, const struct recording_item *item)
{
    if (item->kind != RECORDING_KIND_CALL && item->kind != RECORDING_KIND_REQUEST)
        return;
    struct speech_channel *channel = &speech->channels[item->channel];
    uint64_t id = speech->recording->sides[item->side].interface_id;
    if ((item->flags & CHANNEL_FLAG_ADDRESSED) && item->word_count >= CHANNEL_ADDRESS_DATA_WORDS)
        id = item->words[0];
    if (item->kind == RECORDING_KIND_CALL) {
        channel->method = item->method;
        channel->flags = item->flags;
        channel->question = item->question;
        channel->interface_id = id;
    }
    if (item->kind == RECORDING_KIND_REQUEST || (item->flags & CHANNEL_FLAG_NOW)) {
        uint32_t at = item->question % CHANNEL_ENTRIES_MAX;
        channel->asked[at].question = item->question;
        channel->asked[at].method = item->method;
        channel->asked[at].flags = item->flags;
        channel->asked[at].interface_id = id;
    }
}

/* What an entry is about. False: about no method. */
static bool find_subject(const struct speech *speech, const struct recording_item *item,
                         struct subject *out)
{
    const struct speech_channel *channel = &speech->channels[item->channel];
    uint32_t at = item->question % CHANNEL_ENTRIES_MAX;
    *out = (struct subject){channel->interface_id, channel->method, channel->flags, false};
    switch (item->kind) {
    case RECORDING_KIND_CALL: break;
    case RECORDING_KIND_ANSWER: out->is_answer = true; break;
    case RECORDING_KIND_REPLY:
    case RECORDING_KIND_REQUEST:
        *out = (struct subject){channel->asked[at].interface_id, channel->asked[at].method,
                                channel->asked[at].flags, item->kind == RECORDING_KIND_REPLY};
        return channel->asked[at].question == item->question && out->method != CHANNEL_NOTHING;
    }
    return !(out->flags & (CHANNEL_FLAG_DRAIN | CHANNEL_FLAG_FETCH)) &&
           !(out->is_answer && (out->flags & CHANNEL_FLAG_NOW));
}

/* Print words that no schema knows. */
static void put_words(struct output *output, const uint64_t *words, uint32_t count)
{
    if (!words)
        return;
    put(output, "(%u words:", count);
    for (uint32_t i = 0; i < count && i < 4; i++)
        put(output, " %016llx", (unsigned long long)words[i]);
    output_text(output, count > 4 ? " ...)" : ")");
}

/* Print a struct of a type. */
static void put_struct(const struct speech *speech, uint64_t type, const uint64_t *words,
                       uint32_t count, struct output *output)
{
    struct dynamic_struct value;
    struct capnp_message message;
    struct print_options options = {.pretty = false};
    static const uint64_t nothing;
    capnp_message_single(&message, count > 0 ? words : &nothing, count > 0 ? count : 1);
    if (!dynamic_shape_open(&value.shape, &speech->set, type, NULL, NULL)) {
        put_words(output, words, count);
        return;
    }
    enum capnp_error error = capnp_read_root(&message, &value.data);
    enum dynamic_error printed = DYNAMIC_OK;
    if (error == CAPNP_OK)
        printed = text_print(&value, options, output);
    if (error != CAPNP_OK || printed == DYNAMIC_MESSAGE)
        put(output, " (the message is wrong: %s)",
            capnp_error_text(error != CAPNP_OK ? error : message.error));
    else if (printed != DYNAMIC_OK)
        put(output, " (it cannot be printed: %s)", dynamic_error_text(printed));
}

/* Print a method's name and its values; `words` null: the name alone. */
static void put_method(const struct speech *speech, const struct subject *subject,
                       const uint64_t *words, uint32_t count, struct output *output)
{
    struct schema_node_reader node;
    struct schema_set_method method;
    struct capnp_text name;
    if (words && !subject->is_answer && (subject->flags & CHANNEL_FLAG_ADDRESSED) &&
        count >= CHANNEL_ADDRESS_DATA_WORDS) {
        words += CHANNEL_ADDRESS_DATA_WORDS;
        count -= CHANNEL_ADDRESS_DATA_WORDS;
    }
    if (!schema_set_find(&speech->set, subject->interface_id, &node) ||
        schema_node_which(node) != SCHEMA_NODE_WHICH_INTERFACE) {
        put(output, "(interface 0x%016llx).(method %u)",
            (unsigned long long)subject->interface_id, subject->method);
        put_words(output, words, count);
        return;
    }
    put_name(output, schema_set_name(node));
    if (!schema_set_method(node, subject->method, &method)) {
        put(output, ".(method %u)", subject->method);
        put_words(output, words, count);
        return;
    }
    schema_method_get_name(method.reader, &name);
    output_byte(output, '.');
    put_name(output, name);
    if (words)
        put_struct(speech, subject->is_answer ? method.result_id : method.param_id, words,
                   count, output);
}

static const char *status_name(uint16_t status)
{
    return status < EXO_STATUS_COUNT ? exo_status_names[status] : "an unknown status";
}

/* Print why a call failed, as far as the server said so. */
static void put_failure(uint16_t status, const uint64_t *words, uint32_t count,
                        struct output *output)
{
    struct capnp_message message;
    struct failure_exception_reader exception;
    struct capnp_text reason;
    put(output, "fails: %s", status_name(status));
    capnp_message_single(&message, words, count);
    if (count == 0 || failure_exception_read_root(&message, &exception) != CAPNP_OK)
        return;
    failure_exception_get_reason(exception, &reason);
    if (reason.length == 0)
        return;
    output_text(output, ", \"");
    put_name(output, reason);
    output_text(output, "\"");
}

void speech_print_way(const struct speech *speech, const struct recording_item *item,
                      struct output *output)
{
    const struct recording *recording = speech->recording;
    const struct recording_side *side = &recording->sides[item->side];
    const char *peer = recording->channels[item->channel].peer;
    static const char *const arrows[] = {"->", "<-", "~>", "<~"};
    put(output, "%.*s %s %.*s", SHORT_BYTES, side->is_export ? peer : recording->component,
        arrows[item->kind], SHORT_BYTES, side->is_export ? recording->component : peer);
}

void speech_print_message(const struct speech *speech, const struct recording_item *item,
                          struct output *output)
{
    const uint64_t *words = item->words;
    uint32_t count = item->word_count;
    struct subject subject;
    bool has_subject = find_subject(speech, item, &subject);
    bool is_answer = item->kind == RECORDING_KIND_ANSWER || item->kind == RECORDING_KIND_REPLY;
    if (item->kind == RECORDING_KIND_REPLY && (item->flags & CHANNEL_FLAG_RANGE)) {
        put(output, "answers %u requests from #%u on with ok", item->range, item->question);
        return;
    }
    if (has_subject && subject.interface_id == 0) {
        output_text(output, "an answer to a call that is not there");
        return;
    }
    if (has_subject && (!is_answer || item->status == EXO_STATUS_OK)) {
        put_method(speech, &subject, words, count, output);
    } else if (has_subject) {
        put_method(speech, &subject, NULL, 0, output);
        output_byte(output, ' ');
        put_failure(item->status, words, count, output);
    } else if (is_answer) {
        output_text(output, "the ring was served");
        if (item->status != EXO_STATUS_OK)
            put(output, ", %s", status_name(item->status));
    } else {
        output_text(output, item->flags & CHANNEL_FLAG_FETCH ? "fetch what came with a reply"
                                                             : "serve the ring");
    }
    if (item->kind == RECORDING_KIND_REQUEST || item->kind == RECORDING_KIND_REPLY)
        put(output, " #%u", item->question);
    if (item->capabilities > 0)
        put(output, " + %u capabilities", item->capabilities);
}

void speech_print(struct speech *speech, const struct recording_item *item, struct output *output)
{
    uint64_t rate = speech->recording->ticks_per_second;
    if (speech->first_ticks == 0)
        speech->first_ticks = item->ticks;
    uint64_t ticks = item->ticks - speech->first_ticks;
    uint64_t seconds = rate > 0 ? ticks / rate : 0;
    /* The part of a second is below 2^64 / 10^6 for each rate that fits there. */
    uint64_t micro = rate > 0 && rate < UINT64_MAX / 1000000 ? ticks % rate * 1000000 / rate : 0;
    speech_take(speech, item);
    put(output, "%3llu.%06llu  ", (unsigned long long)seconds, (unsigned long long)micro);
    speech_print_way(speech, item, output);
    output_text(output, "  ");
    speech_print_message(speech, item, output);
}
