/* SPDX-License-Identifier: MIT */
#include "story.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

enum { TEXT_BYTES = 4096 };

struct story {
    struct recording *recording;
    struct speech *speech;
    struct recording_item *items;
    uint32_t count;
    uint64_t agreed;
    const struct recording_item *last; /* that was given or compared */
};

static void write_error(void *context, const char *bytes, uint32_t count)
{
    (void)context;
    fwrite(bytes, 1, count, stderr);
}

/* Print one side of a difference. */
static void print_item(struct speech *speech, const char *label, const struct recording_item *item)
{
    struct output output = {.write = write_error};
    speech_take(speech, item);
    output_text(&output, label);
    speech_print_way(speech, item, &output);
    output_text(&output, "  ");
    speech_print_message(speech, item, &output);
    output_byte(&output, '\n');
}

/* Say what differs, with what was recorded and what was sent now, either of which may be null. */
static bool differs(struct story *story, const char *what, const struct recording_item *recorded,
                    const struct recording_item *sent)
{
    fprintf(stderr, "replay: after %llu messages: %s\n", (unsigned long long)story->agreed, what);
    if (recorded)
        print_item(story->speech, "  recorded: ", recorded);
    if (sent)
        print_item(story->speech, "  replayed: ", sent);
    return false;
}

/* Read all entries, so that one can look ahead. */
static bool read_all(struct story *story)
{
    struct recording_item item;
    uint32_t room = 0;
    enum recording_result result;
    while ((result = recording_next(story->recording, &item)) == RECORDING_ENTRY) {
        if (story->count == room) {
            room = room == 0 ? 256 : room * 2;
            story->items = realloc(story->items, room * sizeof item);
            assert(story->items);
        }
        story->items[story->count++] = item;
    }
    if (result == RECORDING_WRONG)
        fprintf(stderr, "replay: the recording is wrong: %s\n", story->recording->error);
    return result == RECORDING_END;
}

/* Was this sent by the component. */
static bool is_own(const struct recording *recording, const struct recording_item *item)
{
    bool is_answer = item->kind == RECORDING_KIND_ANSWER || item->kind == RECORDING_KIND_REPLY;
    return recording->sides[item->side].is_export == is_answer;
}

/* A server that the component flushed to by a call heard no doorbell then. */
static void set_attention(struct story *story, uint32_t from)
{
    bool is_set[RECORDING_PLACES_MAX] = {false};
    uint32_t left = story->recording->channel_count;
    for (uint32_t i = from; i < story->count && left > 0; i++) {
        const struct recording_item *item = &story->items[i];
        if (item->kind != RECORDING_KIND_CALL || is_set[item->channel])
            continue;
        world_hears(item->channel, !(item->flags & CHANNEL_FLAG_DRAIN));
        is_set[item->channel] = true;
        left--;
    }
}

/* The text of a message. */
static void print_text(struct speech *speech, const struct recording_item *item, char *text)
{
    struct output_buffer buffer = {text, TEXT_BYTES - 1, 0};
    struct output output;
    output_begin_buffer(&output, &buffer);
    speech_print_message(speech, item, &output);
    text[buffer.used] = 0;
    /* What is cut off is not the same as anything. */
    if (output.count > buffer.used)
        text[0] = 0;
}

/* Do two messages say the same: in their words, or else as they are printed. */
static bool says_same(struct speech *speech, const struct recording_item *recorded,
                      const struct recording_item *sent)
{
    char left[TEXT_BYTES], right[TEXT_BYTES];
    if (recorded->word_count == sent->word_count &&
        memcmp(recorded->words, sent->words, sent->word_count * sizeof *sent->words) == 0)
        return true;
    print_text(speech, recorded, left);
    print_text(speech, sent, right);
    return left[0] != 0 && strcmp(left, right) == 0;
}

/* Compare an entry with the oldest that was sent on its channel. */
static bool compare(struct story *story, const struct recording_item *recorded)
{
    const struct world_sent *sent = world_sent(recorded->channel);
    uint64_t status;
    if (world_refused())
        return differs(story, world_refused(), NULL, NULL);
    if (!sent && world_has_ended(&status)) {
        char text[80];
        snprintf(text, sizeof text, "the component ended with status %llu and sends nothing",
                 (unsigned long long)status);
        return differs(story, text, recorded, NULL);
    }
    if (!sent)
        return differs(story, "the component waits and sends nothing", recorded, NULL);
    const struct recording_item *item = &sent->item;
    if (item->kind != recorded->kind)
        return differs(story, "the component sends something else", recorded, item);
    if (item->method != recorded->method || item->flags != recorded->flags)
        return differs(story, "the component calls another method", recorded, item);
    if (item->question != recorded->question)
        return differs(story, "the component speaks of another question", recorded, item);
    if (item->status != recorded->status)
        return differs(story, "the component answers with another status", recorded, item);
    if (item->capabilities != recorded->capabilities)
        return differs(story, "the component gives other capabilities", recorded, item);
    speech_take(story->speech, recorded);
    if (!says_same(story->speech, recorded, item))
        return differs(story, "the component sends other values", recorded, item);
    world_take(recorded->channel);
    return true;
}

/* Compare an entry that the component sent; an answer to many questions is one to each. */
static bool compare_all(struct story *story, const struct recording_item *recorded)
{
    struct recording_item each = *recorded;
    world_run();
    if (recorded->kind != RECORDING_KIND_REPLY || !(recorded->flags & CHANNEL_FLAG_RANGE))
        return compare(story, recorded);
    each.flags = 0;
    for (uint32_t i = 0; i < recorded->range; i++) {
        if (!compare(story, &each))
            return false;
        each.question++;
    }
    return true;
}

/* Is the next entry one that came by the same ring, so that the component sees both at once. */
static bool has_more(const struct story *story, uint32_t at)
{
    const struct recording_item *item = &story->items[at], *next = item + 1;
    return at + 1 < story->count && next->channel == item->channel && next->kind == item->kind &&
           (item->kind == RECORDING_KIND_REQUEST || item->kind == RECORDING_KIND_REPLY);
}

/* Give an entry to the component, which then goes on, unless more of the same batch follows. */
static bool give(struct story *story, uint32_t at)
{
    const struct recording_item *item = &story->items[at];
    const struct world_sent *sent = world_sent(item->channel);
    if (item->kind == RECORDING_KIND_ANSWER && sent && !world_refused())
        return differs(story, "the component has made another call", item, &sent->item);
    const char *error = world_refused() ? world_refused() : world_deliver(item);
    speech_take(story->speech, item);
    if (error)
        return differs(story, error, item, NULL);
    if (!has_more(story, at))
        world_run(); /* until it waits for the next one, at the time of this one */
    return true;
}

/* Nothing is recorded any more: what it sends now is more than then. What it pushed into a ring may
 * not have been looked at when the machine ended. */
static bool compare_end(struct story *story)
{
    world_run();
    if (world_refused())
        return differs(story, world_refused(), NULL, NULL);
    for (uint32_t i = 0; i < story->recording->channel_count; i++) {
        const struct world_sent *sent = world_sent(i);
        if (sent && (sent->item.kind == RECORDING_KIND_CALL ||
                     sent->item.kind == RECORDING_KIND_ANSWER))
            return differs(story, "the component sends more than was recorded", NULL, &sent->item);
    }
    return true;
}

bool story_tell(struct recording *recording, struct speech *speech, uint64_t *count)
{
    static struct story story;
    story = (struct story){.recording = recording, .speech = speech};
    bool same = read_all(&story);
    if (same) {
        set_attention(&story, 0);
        world_run();
    }
    for (uint32_t i = 0; same && i < story.count; i++) {
        const struct recording_item *item = &story.items[i];
        set_attention(&story, i);
        world_advance(item->ticks);
        same = is_own(recording, item) ? compare_all(&story, item) : give(&story, i);
        story.agreed += same;
    }
    if (same)
        same = compare_end(&story);
    *count = story.agreed;
    free(story.items);
    return same;
}
