/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include <assert.h>
#include <stddef.h>

struct walk walk_begin(struct print_options options, struct output *output)
{
    return (struct walk){.output = output, .pretty = options.pretty,
                         .depth = options.depth_max ? options.depth_max : DYNAMIC_DEPTH_MAX,
                         .work = options.work_max ? options.work_max : DYNAMIC_WORK_MAX,
                         .capability = options.capability};
}

void walk_fail(struct walk *walk, enum dynamic_error error)
{
    if (walk->error == DYNAMIC_OK)
        walk->error = error;
}

bool walk_stops(struct walk *walk)
{
    return walk->error != DYNAMIC_OK || output_is_over(walk->output);
}

bool walk_pay(struct walk *walk)
{
    if (walk->work == 0)
        walk_fail(walk, DYNAMIC_WORK);
    else
        walk->work--;
    return !walk_stops(walk);
}

bool walk_enter(struct walk *walk)
{
    if (walk->depth == 0) {
        walk_fail(walk, DYNAMIC_DEPTH);
        return false;
    }
    walk->depth--;
    return walk_pay(walk) || (walk_leave(walk), false);
}

void walk_leave(struct walk *walk)
{
    walk->depth++;
}

struct walk_members walk_members_begin(const struct dynamic_struct *from, bool is_json)
{
    struct walk_members members = {from, 0, UINT32_MAX, is_json};
    struct dynamic_field field;
    if (dynamic_which(from, &field) &&
        (is_json || field.discriminant != 0 || dynamic_has(from, &field)))
        members.active = field.index;
    return members;
}

bool walk_members_next(struct walk *walk, struct walk_members *members, struct dynamic_field *out)
{
    uint32_t count = dynamic_field_count(&members->from->shape);
    while (walk_pay(walk) && members->next <= count) {
        uint32_t index = members->next++;
        bool is_end = index == count;
        if (is_end && members->active_last && members->active != UINT32_MAX)
            index = members->active;
        if (!dynamic_field_at(&members->from->shape, index, out))
            return false;
        if (index == members->active) {
            if (is_end == members->active_last)
                return true;
        } else if (out->discriminant == DYNAMIC_NO_UNION && dynamic_has(members->from, out)) {
            return true;
        }
    }
    return false;
}

struct walk_mark walk_measure(struct walk *walk, const struct capnp_message *message,
                              struct output *count, uint64_t limit)
{
    struct walk_mark mark = {walk->output, message ? message->traversal_words : 0};
    output_begin_count(count, limit);
    walk->output = count;
    return mark;
}

bool walk_measured(struct walk *walk, struct capnp_message *message, struct walk_mark mark)
{
    bool fits = !output_is_over(walk->output);
    assert(!walk->output->write);
    walk->output = mark.output;
    if (message)
        message->traversal_words = mark.traversal_words;
    return fits;
}
