/* SPDX-License-Identifier: MIT */
#include "speech.h"

#include <stdarg.h>
#include <stdio.h>

#include "failure.capnp.h"
#include "kernel_names.h"
#include "rpc.h"
#include "text_print.h"

#define SEGMENTS_MAX 16u
#define NANOSECONDS UINT64_C(1000000000)
#define SHORT_BYTES 64

/* What a message is of. */
struct subject {
    struct speech_question asked;
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

/* Remember what a question asks. */
static void take_question(struct speech_channel *channel, uint32_t number,
                          struct speech_question question)
{
    struct speech_question *asked = &channel->asked[number % CHANNEL_ENTRIES_MAX];
    if (question.method == CHANNEL_NOTHING && asked->question == number &&
        asked->interface_id != 0)
        return; /* what the portal has said of it already */
    *asked = question;
    asked->question = number;
}

/* Has an entry an Address before its message. */
static bool is_addressed(const struct recording_item *item)
{
    return (item->flags & CHANNEL_FLAG_ADDRESSED) &&
           item->word_count >= CHANNEL_ADDRESS_DATA_WORDS;
}

/* Whose method a request is for. */
static enum channel_target target_of(const struct recording_item *item)
{
    return is_addressed(item) ? (enum channel_target)(item->words[1] >> 32 & UINT16_MAX)
                              : CHANNEL_TARGET_SELF;
}

void speech_take(struct speech *speech, const struct recording_item *item)
{
    if (item->kind != RECORDING_KIND_CALL && item->kind != RECORDING_KIND_REQUEST)
        return;
    struct speech_channel *channel = &speech->channels[item->channel];
    struct speech_question question = {
        item->question, item->method, item->flags,
        speech->recording->sides[item->side].interface_id,
        target_of(item) == CHANNEL_TARGET_RELEASE};
    if (is_addressed(item))
        question.interface_id = item->words[0];
    bool is_call = item->kind == RECORDING_KIND_CALL;
    if (!is_call || (item->flags & CHANNEL_FLAG_NOW))
        take_question(channel, item->question, question);
    else if (item->flags & CHANNEL_FLAG_KEEP)
        take_question(channel, item->question, channel->last);
    if (is_call)
        channel->last = question;
}

/* What an entry is about. False: about no method. */
static bool find_subject(const struct speech *speech, const struct recording_item *item,
                         struct subject *out)
{
    const struct speech_channel *channel = &speech->channels[item->channel];
    *out = (struct subject){channel->last, false};
    switch (item->kind) {
    case RECORDING_KIND_CALL: break;
    case RECORDING_KIND_ANSWER: out->is_answer = true; break;
    case RECORDING_KIND_REPLY:
    case RECORDING_KIND_REQUEST:
        out->asked = channel->asked[item->question % CHANNEL_ENTRIES_MAX];
        out->is_answer = item->kind == RECORDING_KIND_REPLY;
        return out->asked.question == item->question && out->asked.method != CHANNEL_NOTHING;
    }
    return !(out->asked.flags & (CHANNEL_FLAG_DRAIN | CHANNEL_FLAG_FETCH)) &&
           !(out->is_answer && (out->asked.flags & CHANNEL_FLAG_NOW));
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

/* Print a capability in a message: an object that the server keeps, or which of those that went. */
static void put_capability(struct output *output, uint32_t number)
{
    if (rpc_is_object(number))
        put(output, "<object %u>", number - RPC_OBJECT);
    else
        put(output, "<capability %u>", number);
}

/* Print a struct of a type. */
static void put_struct(const struct speech *speech, uint64_t type, const uint64_t *words,
                       uint32_t count, struct output *output)
{
    struct dynamic_struct value;
    struct capnp_message message;
    struct print_options options = {.pretty = false, .capability = put_capability};
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

/* Print the name of the field that a pointer of a struct is, and go on to its type. */
static void put_pointer(uint32_t index, bool is_last, struct dynamic_shape *shape,
                        struct output *output)
{
    struct dynamic_field field;
    for (uint32_t i = 0; shape->set && dynamic_field_at(shape, i, &field); i++) {
        bool fits = is_last ? field.type.which == SCHEMA_TYPE_WHICH_INTERFACE ||
                                  field.type.which == SCHEMA_TYPE_WHICH_ANY_POINTER
                            : field.type.which == SCHEMA_TYPE_WHICH_STRUCT;
        if (!fits || field.type.group_id != 0 || field.offset != index)
            continue;
        output_byte(output, '.');
        put_name(output, field.name);
        /* What a parameter of a generic is bound to is not followed: it stays in this shape. */
        if (is_last || !dynamic_shape_open(shape, shape->set,
                                           schema_type_struct_get_type_id(
                                               schema_type_get_struct(field.type.reader)),
                                           NULL, NULL))
            shape->set = NULL;
        return;
    }
    shape->set = NULL;
    put(output, ".(pointer %u)", index);
}

/* Print which object in the results of a question is meant, by the names of the fields. */
static void put_answer(const struct speech *speech, const struct speech_channel *channel,
                       const uint64_t *words, struct output *output)
{
    uint32_t question = (uint32_t)words[1], length = (uint32_t)(words[1] >> 48);
    const struct speech_question *asked = &channel->asked[question % CHANNEL_ENTRIES_MAX];
    struct schema_node_reader node;
    struct schema_set_method method;
    struct dynamic_shape shape = {.set = NULL};
    put(output, "#%u", question);
    if (asked->question != question ||
        !schema_set_find(&speech->set, asked->interface_id, &node) ||
        !schema_set_method(node, asked->method, &method) ||
        !dynamic_shape_open(&shape, &speech->set, method.result_id, NULL, NULL))
        shape.set = NULL;
    for (uint32_t i = 0; i < length && i < CHANNEL_PATH_MAX; i++)
        put_pointer((uint16_t)(words[2] >> 16 * i), i + 1 == length, &shape, output);
    if (length > CHANNEL_PATH_MAX)
        put(output, " (and %u pointers, which are too many)", length - CHANNEL_PATH_MAX);
}

/* Print whose method it is, if it is not the server's own. */
static void put_target(const struct speech *speech, const struct recording_item *item,
                       struct output *output)
{
    enum channel_target target = target_of(item);
    if (target == CHANNEL_TARGET_SELF || target == CHANNEL_TARGET_RELEASE)
        return;
    output_text(output, " of ");
    if (target == CHANNEL_TARGET_ANSWER)
        put_answer(speech, &speech->channels[item->channel], item->words, output);
    else if (target == CHANNEL_TARGET_OBJECT)
        put_capability(output, (uint32_t)item->words[1]);
    else
        output_text(output, "an unknown target");
}

/* Print a method's name and its values; `words` null: the name alone. */
static void put_method(const struct speech *speech, const struct subject *subject,
                       const uint64_t *words, uint32_t count, struct output *output)
{
    struct schema_node_reader node;
    struct schema_set_method method;
    struct capnp_text name;
    if (subject->asked.is_release) {
        output_text(output, "release");
        if (words && !subject->is_answer && count >= CHANNEL_ADDRESS_DATA_WORDS) {
            output_byte(output, ' ');
            put_capability(output, (uint32_t)words[1]);
        }
        return;
    }
    if (words && !subject->is_answer && (subject->asked.flags & CHANNEL_FLAG_ADDRESSED) &&
        count >= CHANNEL_ADDRESS_DATA_WORDS) {
        words += CHANNEL_ADDRESS_DATA_WORDS;
        count -= CHANNEL_ADDRESS_DATA_WORDS;
    }
    if (!schema_set_find(&speech->set, subject->asked.interface_id, &node) ||
        schema_node_which(node) != SCHEMA_NODE_WHICH_INTERFACE) {
        put(output, "(interface 0x%016llx).(method %u)",
            (unsigned long long)subject->asked.interface_id, subject->asked.method);
        put_words(output, words, count);
        return;
    }
    put_name(output, schema_set_name(node));
    if (!schema_set_method(node, subject->asked.method, &method)) {
        put(output, ".(method %u)", subject->asked.method);
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
    if (has_subject && subject.asked.interface_id == 0 && !subject.asked.is_release) {
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
    } else if (item->kind == RECORDING_KIND_REQUEST) {
        output_text(output, "asked by a call");
    } else {
        output_text(output, item->flags & CHANNEL_FLAG_FETCH ? "fetch what came with a reply"
                                                             : "serve the ring");
    }
    bool is_ring = item->kind == RECORDING_KIND_REQUEST || item->kind == RECORDING_KIND_REPLY;
    if (is_ring || (!is_answer && (item->flags & (CHANNEL_FLAG_NOW | CHANNEL_FLAG_FETCH))))
        put(output, " #%u", item->question);
    if (has_subject && !is_answer)
        put_target(speech, item, output);
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
