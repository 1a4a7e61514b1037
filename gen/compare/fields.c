/* SPDX-License-Identifier: MIT */
/*
 * Structs. On the wire a field is its place, and its number decides the place; names and groups are
 * for people. So both structs are laid flat, groups and all, and fields compared by number.
 */
#include "compare.h"

#include <inttypes.h>
#include <string.h>

enum { FIELDS_MAX = 65536, UNIONS_MAX = 16 };

/* A field with everything that says where and when it is there. */
struct flat {
    bool is_there;
    struct side_name name; /* with the groups that it lies in */
    struct schema_field_slot_reader slot;
    struct schema_annotation_list annotations;
    unsigned depth; /* of groups */
    uint32_t union_count; /* the unions that it is a member of, the outermost first */
    struct {
        uint32_t offset; /* of the tag */
        uint16_t value;
    } unions[UNIONS_MAX];
};

/* The fields of one struct by number. */
struct layout {
    struct flat *fields;
    uint32_t count; /* the highest number, and one */
};

static void flatten(const struct side *side, struct layout *layout, struct schema_node_reader node,
                    const struct flat *outer);

/* Lay one field of `node` flat; groups go deeper. */
static void flatten_field(const struct side *side, struct layout *layout,
                          struct schema_node_struct_reader info, struct schema_field_reader field,
                          const struct flat *outer)
{
    struct capnp_text text = {"", 0};
    struct flat flat = *outer;
    schema_field_get_name(field, &text);
    flat.name = side_join(outer->name.text, side_text(text).text);
    uint16_t value = schema_field_get_discriminant_value(field);
    if (value != UINT16_MAX && flat.union_count < UNIONS_MAX) {
        flat.unions[flat.union_count].offset = schema_node_struct_get_discriminant_offset(info);
        flat.unions[flat.union_count++].value = value;
    }
    if (schema_field_which(field) == SCHEMA_FIELD_WHICH_GROUP) {
        struct schema_node_reader group;
        uint64_t id = schema_field_group_get_type_id(schema_field_get_group(field));
        if (flat.depth++ < GROUPS_DEEP && side_node(side, id, &group))
            flatten(side, layout, group, &flat);
        return;
    }
    uint16_t number = schema_field_ordinal_get_explicit(schema_field_get_ordinal(field));
    flat.slot = schema_field_get_slot(field);
    schema_field_get_annotations(field, &flat.annotations);
    flat.is_there = true;
    layout->fields[number] = flat;
    if (number >= layout->count)
        layout->count = number + UINT32_C(1);
}

static void flatten(const struct side *side, struct layout *layout, struct schema_node_reader node,
                    const struct flat *outer)
{
    struct schema_node_struct_reader info = schema_node_get_struct(node);
    struct schema_field_list fields;
    schema_node_struct_get_fields(info, &fields);
    for (uint32_t i = 0; i < schema_field_list_count(fields); i++)
        flatten_field(side, layout, info, schema_field_list_at(fields, i), outer);
}

/* Is the field there under the same conditions. A field may get into a new union as its first
 * member, since the tag is zero in old messages; in no other way may a field enter or leave one. */
static bool same_unions(const struct flat *before, const struct flat *after)
{
    uint32_t matched = 0;
    for (uint32_t i = 0; i < after->union_count; i++) {
        if (matched < before->union_count &&
            before->unions[matched].offset == after->unions[i].offset &&
            before->unions[matched].value == after->unions[i].value)
            matched++;
        else if (after->unions[i].value != 0)
            return false;
    }
    return matched == before->union_count;
}

/* The number of a name; the count if there is none. */
static uint32_t find(const struct layout *layout, const char *name)
{
    uint32_t i = 0;
    while (i < layout->count &&
           !(layout->fields[i].is_there && strcmp(layout->fields[i].name.text, name) == 0))
        i++;
    return i;
}

/* Compare a field that both versions have. */
static void compare_field(struct comparison *comparison, const char *path,
                          const struct flat *before, const struct flat *after)
{
    struct schema_type_reader old_type, new_type;
    struct schema_value_reader old_value, new_value;
    if (strcmp(before->name.text, after->name.text) != 0)
        change(comparison, path, BREAKS_NEITHER, "is called %s now; only sources, text and JSON "
               "notice", after->name.text);
    compare_annotations(comparison, path, before->annotations, after->annotations);
    if (!same_unions(before, after))
        change(comparison, path, BREAKS_BOTH, "enters or leaves a union, or changes places in it");
    unsigned changes = comparison->counts[BREAKS_READERS] + comparison->counts[BREAKS_WRITERS] +
                       comparison->counts[BREAKS_BOTH];
    schema_field_slot_get_type(before->slot, &old_type);
    schema_field_slot_get_type(after->slot, &new_type);
    compare_types(comparison, path, old_type, new_type);
    if (schema_type_which(old_type) != schema_type_which(new_type) ||
        changes != comparison->counts[BREAKS_READERS] + comparison->counts[BREAKS_WRITERS] +
                       comparison->counts[BREAKS_BOTH])
        return; /* what follows is a consequence */
    if (schema_type_which(old_type) != SCHEMA_TYPE_WHICH_VOID &&
        schema_field_slot_get_offset(before->slot) != schema_field_slot_get_offset(after->slot))
        change(comparison, path, BREAKS_BOTH, "lies elsewhere, since a field before it changed");
    schema_field_slot_get_default_value(before->slot, &old_value);
    schema_field_slot_get_default_value(after->slot, &new_value);
    if (!side_value_equal(old_value, new_value))
        change(comparison, path, BREAKS_BOTH, "has another default, which is what messages are "
               "written relative to");
}

/* Compare the fields with number `i`, of which there is at least one. */
static void compare_number(struct comparison *comparison, const char *path,
                           const struct layout *before, const struct layout *after, uint32_t i)
{
    static const struct flat none;
    const struct flat *old_field = i < before->count ? &before->fields[i] : &none;
    const struct flat *new_field = i < after->count ? &after->fields[i] : &none;
    const struct flat *named = old_field->is_there ? old_field : new_field;
    struct side_name at = side_join(path, named->name.text);
    if (!named->is_there)
        return;
    if (!old_field->is_there) {
        if (find(before, new_field->name.text) == before->count)
            change(comparison, at.text, BREAKS_NEITHER, "is new, as @%" PRIu32, i);
        return; /* otherwise it moved, which is said of its old number */
    }
    uint32_t moved = find(after, old_field->name.text);
    if (moved < after->count && moved != i)
        change(comparison, at.text, BREAKS_BOTH,
               "changes its number from @%" PRIu32 " to @%" PRIu32, i, moved);
    else if (!new_field->is_there || (strcmp(old_field->name.text, new_field->name.text) != 0 &&
                                      find(before, new_field->name.text) < before->count))
        change(comparison, at.text, BREAKS_READERS, "@%" PRIu32 " is gone; call it obsolete "
               "instead, so that its number stays taken", i);
    else
        compare_field(comparison, at.text, old_field, new_field);
}

void compare_structs(struct comparison *comparison, const char *path,
                     struct schema_node_reader before, struct schema_node_reader after)
{
    static const struct flat outer;
    struct layout layouts[2] = {{0}};
    layouts[0].fields = side_take(FIELDS_MAX * sizeof(struct flat));
    layouts[1].fields = side_take(FIELDS_MAX * sizeof(struct flat));
    flatten(&comparison->before, &layouts[0], before, &outer);
    flatten(&comparison->after, &layouts[1], after, &outer);
    for (uint32_t i = 0; i < layouts[0].count || i < layouts[1].count; i++)
        compare_number(comparison, path, &layouts[0], &layouts[1], i);
    side_give(layouts[0].fields);
    side_give(layouts[1].fields);
}
