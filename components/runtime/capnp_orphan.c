/* SPDX-License-Identifier: MIT */
/* Cap'n Proto, orphans: see capnp_orphan.h. */
#include "capnp_orphan.h"

/* Where an object begins, as a word of its segment. */
static uint32_t index_of(const struct capnp_message *view, uint32_t segment, const void *data)
{
    return (uint32_t)((const uint64_t *)data - view->segments[segment].words);
}

/* The orphan of a list. A list of structs begins with its tag. */
static void take_list(const struct capnp_message *view, const struct capnp_list *list,
                      struct capnp_orphan *orphan)
{
    bool is_composite = list->element == CAPNP_COMPOSITE;
    uint64_t count = is_composite ? (uint64_t)list->count * (list->step_bytes / 8) : list->count;
    orphan->pointer = capnp_list_word((enum capnp_element)list->element, (uint32_t)count);
    orphan->segment = list->segment;
    orphan->index = index_of(view, list->segment, list->data) - (is_composite ? 1 : 0);
}

enum capnp_error capnp_disown(struct capnp_builder *builder, uint64_t *at,
                              struct capnp_orphan *orphan)
{
    struct capnp_message view;
    struct capnp_any any;
    *orphan = (struct capnp_orphan){builder, 0, 0, 0};
    capnp_builder_message(builder, &view);
    struct capnp_struct holder = capnp_builder_struct(&view, at, 0, 1);
    if (holder.pointer_count == 0)
        return CAPNP_BOUNDS;
    enum capnp_error error = capnp_read_any(&holder, 0, &any);
    if (error != CAPNP_OK)
        return error;
    if (any.kind == CAPNP_CAPABILITY)
        orphan->pointer = 3 | (uint64_t)any.capability << 32;
    else if (any.kind == CAPNP_LIST)
        take_list(&view, &any.list, orphan);
    else if (any.kind == CAPNP_STRUCT) {
        const struct capnp_struct *from = &any.structure;
        orphan->pointer = (uint64_t)(from->data_bytes / 8) << 32 |
                          (uint64_t)from->pointer_count << 48;
        if (orphan->pointer == 0)
            orphan->pointer = CAPNP_EMPTY_STRUCT;
        else
            orphan->index = index_of(&view, from->segment, from->data);
        orphan->segment = from->segment;
    }
    *at = 0;
    return CAPNP_OK;
}

enum capnp_error capnp_adopt(struct capnp_builder *builder, uint64_t *at,
                             struct capnp_orphan *orphan)
{
    enum capnp_error error = CAPNP_OK;
    if (orphan->message && orphan->message != builder)
        return capnp_builder_fail(builder, CAPNP_SEGMENT);
    if (orphan->pointer == 0 || orphan->pointer == CAPNP_EMPTY_STRUCT || (orphan->pointer & 3) == 3)
        *at = orphan->pointer;
    else
        error = capnp_point(builder, at, orphan->segment, orphan->index, orphan->pointer);
    if (error == CAPNP_OK)
        *orphan = (struct capnp_orphan){0};
    return error;
}

uint64_t *capnp_orphan_place(struct capnp_builder *builder)
{
    uint64_t *at = capnp_place_alone(builder);
    if (at)
        *at = 0;
    return at;
}
