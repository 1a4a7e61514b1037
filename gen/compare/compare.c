/* SPDX-License-Identifier: MIT */
/* Files, enums and interfaces. Structs are in fields.c, types in types.c. */
#include "compare.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define STREAM_RESULT UINT64_C(0x995f9a3377c0b16e) /* what a method with `-> stream` answers */

void change(struct comparison *comparison, const char *path, enum breaks breaks,
            const char *format, ...)
{
    static const char *const whom[] = {"breaks neither", "breaks readers", "breaks writers",
                                       "breaks readers and writers"};
    va_list arguments;
    comparison->counts[breaks]++;
    if (comparison->is_silent)
        return;
    printf("%s: %s%s", comparison->name, path, *path ? ": " : "");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf(": %s\n", whom[breaks]);
}

/* Find the annotation with an id; the count if there is none. */
static uint32_t find_annotation(struct schema_annotation_list list, uint64_t id)
{
    uint32_t index = 0;
    while (index < schema_annotation_list_count(list) &&
           schema_annotation_get_id(schema_annotation_list_at(list, index)) != id)
        index++;
    return index;
}

/* Print the annotations of `from` that `others` lacks; of what is old, also those with another
 * value. */
static void compare_annotations_of(struct comparison *comparison, const char *path, bool is_gone,
                                   struct schema_annotation_list from,
                                   struct schema_annotation_list others)
{
    const struct side *side = is_gone ? &comparison->before : &comparison->after;
    for (uint32_t i = 0; i < schema_annotation_list_count(from); i++) {
        struct schema_annotation_reader annotation = schema_annotation_list_at(from, i);
        struct schema_node_reader node;
        struct schema_value_reader value, other;
        struct side_name name = {"another annotation"};
        uint64_t id = schema_annotation_get_id(annotation);
        uint32_t index = find_annotation(others, id);
        if (side_node(side, id, &node))
            name = side_node_name(node);
        if (index == schema_annotation_list_count(others)) {
            change(comparison, path, BREAKS_NEITHER, is_gone ? "is no longer $%s" : "is $%s now",
                   name.text);
        } else if (is_gone) {
            schema_annotation_get_value(annotation, &value);
            schema_annotation_get_value(schema_annotation_list_at(others, index), &other);
            if (!side_value_equal(value, other))
                change(comparison, path, BREAKS_NEITHER, "its $%s has another value", name.text);
        }
    }
}

void compare_annotations(struct comparison *comparison, const char *path,
                         struct schema_annotation_list before, struct schema_annotation_list after)
{
    compare_annotations_of(comparison, path, true, before, after);
    compare_annotations_of(comparison, path, false, after, before);
}

/* The members of an enum or the methods of an interface: both are numbered by their place. */
struct members {
    const struct side *side;
    struct schema_enumerant_list enumerants;
    struct schema_method_list methods;
    bool is_interface;
    uint32_t count;
};

static struct members members_of(const struct side *side, struct schema_node_reader node)
{
    struct members members = {.side = side};
    members.is_interface = schema_node_which(node) == SCHEMA_NODE_WHICH_INTERFACE;
    if (members.is_interface) {
        schema_node_interface_get_methods(schema_node_get_interface(node), &members.methods);
        members.count = schema_method_list_count(members.methods);
    } else {
        schema_node_enum_get_enumerants(schema_node_get_enum(node), &members.enumerants);
        members.count = schema_enumerant_list_count(members.enumerants);
    }
    return members;
}

static struct side_name member_name(const struct members *members, uint32_t index)
{
    struct capnp_text text = {"", 0};
    if (members->is_interface)
        schema_method_get_name(schema_method_list_at(members->methods, index), &text);
    else
        schema_enumerant_get_name(schema_enumerant_list_at(members->enumerants, index), &text);
    return side_text(text);
}

/* The number of a name; the count if there is none. */
static uint32_t member_find(const struct members *members, const char *name)
{
    uint32_t index = 0;
    while (index < members->count && strcmp(member_name(members, index).text, name) != 0)
        index++;
    return index;
}

/* Compare the names of two lists of members, and what only one of them has. */
static void compare_members(struct comparison *comparison, const char *path,
                            const struct members *before, const struct members *after)
{
    for (uint32_t i = 0; i < before->count || i < after->count; i++) {
        struct side_name old_name = {""}, new_name = {""};
        if (i < before->count)
            old_name = member_name(before, i);
        if (i < after->count)
            new_name = member_name(after, i);
        struct side_name at = side_join(path, i < before->count ? old_name.text : new_name.text);
        uint32_t moved = i < before->count ? member_find(after, old_name.text) : after->count;
        if (i >= before->count && member_find(before, new_name.text) < before->count)
            continue; /* it moved, which was said of its old number */
        if (i >= before->count)
            change(comparison, at.text, BREAKS_NEITHER, "is new, as @%" PRIu32, i);
        else if (moved < after->count && moved != i)
            change(comparison, at.text, BREAKS_BOTH, "changes its number from @%" PRIu32
                   " to @%" PRIu32, i, moved);
        else if (i >= after->count || (strcmp(old_name.text, new_name.text) != 0 &&
                                       member_find(before, new_name.text) < before->count))
            change(comparison, at.text, BREAKS_READERS, "@%" PRIu32 " is gone", i);
        else if (strcmp(old_name.text, new_name.text) != 0)
            change(comparison, at.text, BREAKS_NEITHER, "is called %s now; only sources, text and "
                   "JSON notice", new_name.text);
    }
}

/* Does the list of an interface's bases have `id`. */
static bool has_base(struct schema_superclass_list list, uint64_t id)
{
    for (uint32_t i = 0; i < schema_superclass_list_count(list); i++) {
        if (schema_superclass_get_id(schema_superclass_list_at(list, i)) == id)
            return true;
    }
    return false;
}

/* Print the bases that `from`, of interface `id`, has and `others` has not. One that others of its
 * bases have above them is still there. */
static void compare_bases(struct comparison *comparison, const char *path, bool is_gone,
                          struct schema_superclass_list from, uint64_t id,
                          struct schema_superclass_list others)
{
    const struct side *side = is_gone ? &comparison->before : &comparison->after;
    const struct side *other_side = is_gone ? &comparison->after : &comparison->before;
    for (uint32_t i = 0; i < schema_superclass_list_count(from); i++) {
        struct schema_node_reader node;
        struct side_name name = {"another interface"};
        uint64_t base = schema_superclass_get_id(schema_superclass_list_at(from, i));
        if (has_base(others, base))
            continue;
        if (side_node(side, base, &node))
            name = side_node_name(node);
        if (side_extends(other_side, id, base))
            change(comparison, path, BREAKS_NEITHER, is_gone ? "extends %s through others now"
                                                             : "extends %s itself now", name.text);
        else
            change(comparison, path, is_gone ? BREAKS_READERS : BREAKS_NEITHER, "%s %s",
                   is_gone ? "no longer extends" : "extends now", name.text);
    }
}

/* Compare what the bases that both versions have are made of. */
static void compare_base_brands(struct comparison *comparison, const char *path,
                                struct schema_superclass_list before,
                                struct schema_superclass_list after)
{
    for (uint32_t i = 0; i < schema_superclass_list_count(before); i++) {
        struct schema_superclass_reader old_base = schema_superclass_list_at(before, i);
        for (uint32_t j = 0; j < schema_superclass_list_count(after); j++) {
            struct schema_superclass_reader new_base = schema_superclass_list_at(after, j);
            struct schema_brand_reader old_brand, new_brand;
            if (schema_superclass_get_id(old_base) != schema_superclass_get_id(new_base))
                continue;
            schema_superclass_get_brand(old_base, &old_brand);
            schema_superclass_get_brand(new_base, &new_brand);
            compare_brands(comparison, path, old_brand, new_brand);
        }
    }
}

/* Compare what a method's parameters and results are made of, and whether it is a stream. */
static void compare_method(struct comparison *comparison, const char *path, const char *results,
                           struct schema_method_reader before, struct schema_method_reader after)
{
    struct schema_brand_reader old_brand, new_brand;
    uint64_t old_result = schema_method_get_result_struct_type(before);
    uint64_t new_result = schema_method_get_result_struct_type(after);
    if ((old_result == STREAM_RESULT) != (new_result == STREAM_RESULT))
        change(comparison, path, BREAKS_NEITHER, new_result == STREAM_RESULT
                                                     ? "is a stream now"
                                                     : "is no stream any more");
    struct schema_annotation_list old_list, new_list;
    schema_method_get_annotations(before, &old_list);
    schema_method_get_annotations(after, &new_list);
    compare_annotations(comparison, path, old_list, new_list);
    schema_method_get_param_brand(before, &old_brand);
    schema_method_get_param_brand(after, &new_brand);
    compare_brands(comparison, path, old_brand, new_brand);
    compare_ids(comparison, path, schema_method_get_param_struct_type(before),
                schema_method_get_param_struct_type(after));
    schema_method_get_result_brand(before, &old_brand);
    schema_method_get_result_brand(after, &new_brand);
    compare_brands(comparison, results, old_brand, new_brand);
    compare_ids(comparison, results, old_result, new_result);
}

/* Compare the parameters and results of the methods that both versions have. */
static void compare_methods(struct comparison *comparison, const char *path,
                            const struct members *before, const struct members *after)
{
    for (uint32_t i = 0; i < before->count && i < after->count; i++) {
        struct side_name name = member_name(before, i), new_name = member_name(after, i);
        if (strcmp(name.text, new_name.text) != 0 &&
            (member_find(after, name.text) < after->count ||
             member_find(before, new_name.text) < before->count))
            continue; /* another method has this number now */
        struct schema_method_reader old_method = schema_method_list_at(before->methods, i);
        struct schema_method_reader new_method = schema_method_list_at(after->methods, i);
        struct side_name at = side_join(path, name.text);
        struct side_name results = side_join(at.text, "results");
        compare_method(comparison, at.text, results.text, old_method, new_method);
    }
}

static void compare_interfaces(struct comparison *comparison, const char *path,
                               struct schema_node_reader before, struct schema_node_reader after)
{
    struct members old_members = members_of(&comparison->before, before);
    struct members new_members = members_of(&comparison->after, after);
    struct schema_superclass_list old_bases, new_bases;
    uint64_t old_id = schema_node_get_id(before), new_id = schema_node_get_id(after);
    if (old_id != new_id)
        change(comparison, path, BREAKS_BOTH, "its id changes from @0x%" PRIx64 " to @0x%" PRIx64
               ", so clients and servers do not find each other; give it the old one", old_id,
               new_id);
    schema_node_interface_get_superclasses(schema_node_get_interface(before), &old_bases);
    schema_node_interface_get_superclasses(schema_node_get_interface(after), &new_bases);
    compare_bases(comparison, path, true, old_bases, new_id, new_bases);
    compare_bases(comparison, path, false, new_bases, old_id, old_bases);
    compare_base_brands(comparison, path, old_bases, new_bases);
    compare_members(comparison, path, &old_members, &new_members);
    compare_methods(comparison, path, &old_members, &new_members);
}

static const char *node_kind(struct schema_node_reader node)
{
    static const char *const kinds[] = {"file", "struct", "enum", "interface", "constant",
                                        "annotation"};
    unsigned which = (unsigned)schema_node_which(node);
    return which < sizeof kinds / sizeof *kinds ? kinds[which] : "declaration";
}

/* Compare what is declared inside two declarations. A name that is gone matters only to those who
 * still use it, so the loss of a type that messages are made of breaks readers. */
static void compare_nested(struct comparison *comparison, const char *path,
                           struct schema_node_reader before, struct schema_node_reader after)
{
    struct schema_node_nested_node_list old_list, new_list;
    struct schema_node_reader old_node, new_node;
    struct capnp_text name;
    schema_node_get_nested_nodes(before, &old_list);
    schema_node_get_nested_nodes(after, &new_list);
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(old_list); i++) {
        schema_node_nested_node_get_name(schema_node_nested_node_list_at(old_list, i), &name);
        struct side_name at = side_join(path, side_text(name).text);
        if (!side_nested(&comparison->before, before, name, &old_node))
            continue;
        if (side_nested(&comparison->after, after, name, &new_node))
            compare_nodes(comparison, at.text, old_node, new_node);
        else if (side_node(&comparison->after, schema_node_get_id(old_node), &new_node)) {
            change(comparison, at.text, BREAKS_NEITHER, "is called %s now; only sources notice",
                   side_node_name(new_node).text);
            compare_nodes(comparison, at.text, old_node, new_node);
        } else
            change(comparison, at.text,
                   schema_node_which(old_node) >= SCHEMA_NODE_WHICH_CONST ? BREAKS_NEITHER
                                                                          : BREAKS_READERS,
                   "the %s is gone", node_kind(old_node));
    }
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(new_list); i++) {
        schema_node_nested_node_get_name(schema_node_nested_node_list_at(new_list, i), &name);
        struct side_name at = side_join(path, side_text(name).text);
        if (!side_nested(&comparison->before, before, name, &old_node) &&
            side_nested(&comparison->after, after, name, &new_node) &&
            !side_node(&comparison->before, schema_node_get_id(new_node), &old_node))
            change(comparison, at.text, BREAKS_NEITHER, "the %s is new", node_kind(new_node));
    }
}

/* Compare two constants. Programs take them over when they are compiled. */
static void compare_constants(struct comparison *comparison, const char *path,
                              struct schema_node_reader before, struct schema_node_reader after)
{
    struct schema_value_reader old_value, new_value;
    schema_node_const_get_value(schema_node_get_const(before), &old_value);
    schema_node_const_get_value(schema_node_get_const(after), &new_value);
    if (!side_value_equal(old_value, new_value))
        change(comparison, path, BREAKS_NEITHER, "the constant has another value; programs keep "
               "the one that they were built with");
}

/* Note a pair of nodes; false when it was noted before, or there is no room for more. */
static bool note_pair(struct comparison *comparison, uint64_t before, uint64_t after)
{
    for (unsigned i = 0; i < comparison->pair_count; i++) {
        if (comparison->pairs[i].before == before && comparison->pairs[i].after == after)
            return false;
    }
    if (comparison->pair_count == PAIRS_MAX) {
        if (!comparison->is_cut)
            change(comparison, "", BREAKS_BOTH, "it has more than %d declarations, and no more are "
                   "compared; what the others say is not known", PAIRS_MAX);
        comparison->is_cut = true;
        return false;
    }
    comparison->pairs[comparison->pair_count].before = before;
    comparison->pairs[comparison->pair_count++].after = after;
    return true;
}

void compare_nodes(struct comparison *comparison, const char *path,
                   struct schema_node_reader before, struct schema_node_reader after)
{
    if (!note_pair(comparison, schema_node_get_id(before), schema_node_get_id(after)))
        return;
    if (schema_node_which(before) != schema_node_which(after)) {
        change(comparison, path, BREAKS_BOTH, "the %s becomes %s %s", node_kind(before),
               strchr("aei", *node_kind(after)) ? "an" : "a", node_kind(after));
        return;
    }
    struct members old_members, new_members;
    struct schema_annotation_list old_list, new_list;
    schema_node_get_annotations(before, &old_list);
    schema_node_get_annotations(after, &new_list);
    compare_annotations(comparison, path, old_list, new_list);
    switch ((unsigned)schema_node_which(before)) {
    case SCHEMA_NODE_WHICH_STRUCT: compare_structs(comparison, path, before, after); break;
    case SCHEMA_NODE_WHICH_INTERFACE: compare_interfaces(comparison, path, before, after); break;
    case SCHEMA_NODE_WHICH_CONST: compare_constants(comparison, path, before, after); break;
    case SCHEMA_NODE_WHICH_ENUM:
        old_members = members_of(&comparison->before, before);
        new_members = members_of(&comparison->after, after);
        compare_members(comparison, path, &old_members, &new_members);
        break;
    default: break;
    }
    compare_nested(comparison, path, before, after);
}

void compare_ids(struct comparison *comparison, const char *path, uint64_t before, uint64_t after)
{
    struct schema_node_reader old_node, new_node;
    if (side_node(&comparison->before, before, &old_node) &&
        side_node(&comparison->after, after, &new_node))
        compare_nodes(comparison, path, old_node, new_node);
}

void compare_files(struct comparison *comparison)
{
    compare_nodes(comparison, "", comparison->before.file, comparison->after.file);
}
