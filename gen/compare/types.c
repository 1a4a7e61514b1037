/* SPDX-License-Identifier: MIT */
/* Types: which may take each other's place, by the rules of the encoding. */
#include "compare.h"

/* Is a value of the type a pointer. */
static bool is_pointer(unsigned which)
{
    return which == SCHEMA_TYPE_WHICH_TEXT || which == SCHEMA_TYPE_WHICH_DATA ||
           which == SCHEMA_TYPE_WHICH_LIST || which == SCHEMA_TYPE_WHICH_STRUCT ||
           which == SCHEMA_TYPE_WHICH_INTERFACE || which == SCHEMA_TYPE_WHICH_ANY_POINTER;
}

/* Is the type a list of bytes, which has the form of Data. */
static bool is_bytes(struct schema_type_reader type)
{
    struct schema_type_reader element;
    if (schema_type_which(type) != SCHEMA_TYPE_WHICH_LIST)
        return false;
    schema_type_list_get_element_type(schema_type_get_list(type), &element);
    return schema_type_which(element) == SCHEMA_TYPE_WHICH_UINT8 ||
           schema_type_which(element) == SCHEMA_TYPE_WHICH_INT8;
}

/* Find the type of field @0 of a struct, or of the group `id` in it, if it lies where an element of
 * a plain list would. In a union it is the first member: that is what a tag says that is not there.
 * At most `depth` groups are in each other. */
static bool first_field(const struct side *side, uint64_t id, unsigned depth,
                        struct schema_type_reader *out)
{
    struct schema_node_reader node;
    struct schema_field_list fields;
    if (depth == 0 || !side_node(side, id, &node))
        return false;
    schema_node_struct_get_fields(schema_node_get_struct(node), &fields);
    for (uint32_t i = 0; i < schema_field_list_count(fields); i++) {
        struct schema_field_reader field = schema_field_list_at(fields, i);
        struct schema_field_slot_reader slot = schema_field_get_slot(field);
        uint16_t value = schema_field_get_discriminant_value(field);
        if (value != UINT16_MAX && value != 0)
            continue;
        if (schema_field_which(field) == SCHEMA_FIELD_WHICH_GROUP) {
            if (first_field(side, schema_field_group_get_type_id(schema_field_get_group(field)),
                            depth - 1, out))
                return true;
        } else if (schema_field_ordinal_get_explicit(schema_field_get_ordinal(field)) == 0 &&
                   schema_field_slot_get_offset(slot) == 0) {
            schema_field_slot_get_type(slot, out);
            return true;
        }
    }
    return false;
}

/* The id of a struct type. */
static uint64_t struct_id(struct schema_type_reader type)
{
    return schema_type_struct_get_type_id(schema_type_get_struct(type));
}

/* What a pointer of any type may lead to; a parameter may be bound to anything. */
static unsigned any_kind(struct schema_type_reader type)
{
    struct schema_type_any_pointer_reader any = schema_type_get_any_pointer(type);
    if (schema_type_any_pointer_which(any) != SCHEMA_TYPE_ANY_POINTER_WHICH_UNCONSTRAINED)
        return SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_ANY_KIND;
    return (unsigned)schema_type_any_pointer_unconstrained_which(
        schema_type_any_pointer_get_unconstrained(any));
}

/* Does a pointer of any type, as `any` restricts it, take values of a type of kind `which`. */
static bool takes(struct schema_type_reader any, unsigned which)
{
    switch (any_kind(any)) {
    case SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_ANY_KIND: return is_pointer(which);
    case SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_STRUCT:
        return which == SCHEMA_TYPE_WHICH_STRUCT;
    case SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_CAPABILITY:
        return which == SCHEMA_TYPE_WHICH_INTERFACE;
    default:
        return which == SCHEMA_TYPE_WHICH_TEXT || which == SCHEMA_TYPE_WHICH_DATA ||
               which == SCHEMA_TYPE_WHICH_LIST;
    }
}

/* Whom a change between two types of different kinds breaks. */
static enum breaks kinds(struct schema_type_reader before, struct schema_type_reader after)
{
    unsigned from = (unsigned)schema_type_which(before), to = (unsigned)schema_type_which(after);
    if (to == SCHEMA_TYPE_WHICH_ANY_POINTER && takes(after, from))
        return BREAKS_WRITERS; /* the new program may put in anything */
    if (from == SCHEMA_TYPE_WHICH_ANY_POINTER && takes(before, to))
        return BREAKS_READERS;
    if (from == SCHEMA_TYPE_WHICH_TEXT && (to == SCHEMA_TYPE_WHICH_DATA || is_bytes(after)))
        return BREAKS_WRITERS; /* no zero byte at the end */
    if (to == SCHEMA_TYPE_WHICH_TEXT && (from == SCHEMA_TYPE_WHICH_DATA || is_bytes(before)))
        return BREAKS_READERS;
    if ((from == SCHEMA_TYPE_WHICH_DATA && is_bytes(after)) ||
        (to == SCHEMA_TYPE_WHICH_DATA && is_bytes(before)))
        return BREAKS_NEITHER;
    return BREAKS_BOTH;
}

/* Compare two pointers of any type: what they may lead to, and parameters of generics, whose names
 * say which is meant. */
static void compare_any(struct comparison *comparison, const char *path,
                        struct schema_type_reader before, struct schema_type_reader after)
{
    const unsigned anything = SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_ANY_KIND;
    struct schema_type_any_pointer_reader old_any = schema_type_get_any_pointer(before);
    struct schema_type_any_pointer_reader new_any = schema_type_get_any_pointer(after);
    unsigned from = any_kind(before), to = any_kind(after);
    enum breaks breaks = to == anything     ? BREAKS_WRITERS
                         : from == anything ? BREAKS_READERS
                                            : BREAKS_BOTH;
    if (from == to) {
        unsigned was = (unsigned)schema_type_any_pointer_which(old_any);
        unsigned is = (unsigned)schema_type_any_pointer_which(new_any);
        breaks = was == is ? BREAKS_BOTH
                 : is == SCHEMA_TYPE_ANY_POINTER_WHICH_UNCONSTRAINED ? BREAKS_WRITERS
                                                                     : BREAKS_READERS;
        if (is == SCHEMA_TYPE_ANY_POINTER_WHICH_PARAMETER &&
            !side_has_parameter(&comparison->before, after))
            breaks = BREAKS_NEITHER; /* nobody bound it; who binds it now is told of its own */
        if (was == is && side_same_parameter(&comparison->before, before, &comparison->after,
                                             after))
            return;
    }
    change(comparison, path, breaks, "its type changes from %s to %s",
           side_type_name(&comparison->before, before).text,
           side_type_name(&comparison->after, after).text);
}

/* Compare the element types of two lists. A list of T may become one of structs that begin with a
 * T, and the reverse; not so for Bool, whose elements have no bytes of their own. */
static void compare_elements(struct comparison *comparison, const char *path,
                             struct schema_type_reader before, struct schema_type_reader after)
{
    struct schema_type_reader first;
    bool was_struct = schema_type_which(before) == SCHEMA_TYPE_WHICH_STRUCT;
    bool is_struct = schema_type_which(after) == SCHEMA_TYPE_WHICH_STRUCT;
    bool upgraded =
        was_struct != is_struct &&
        (is_struct ? first_field(&comparison->after, struct_id(after), GROUPS_DEEP, &first)
                   : first_field(&comparison->before, struct_id(before), GROUPS_DEEP, &first)) &&
        schema_type_which(first) != SCHEMA_TYPE_WHICH_BOOL;
    if (!upgraded) {
        compare_types(comparison, path, before, after);
        return;
    }
    unsigned breaking = comparison->counts[1] + comparison->counts[2] + comparison->counts[3];
    compare_types(comparison, path, is_struct ? before : first, is_struct ? first : after);
    if (breaking == comparison->counts[1] + comparison->counts[2] + comparison->counts[3])
        change(comparison, path, BREAKS_NEITHER, "the elements of the list become %s",
               side_type_name(&comparison->after, after).text);
}

/* The types that scope `index` of a brand binds; none if it has no such scope. False if the
 * scope's parameters are those of where it is used. */
static bool bindings_of(struct schema_brand_reader brand, uint32_t index,
                        struct schema_brand_binding_list *out)
{
    struct schema_brand_scope_list scopes;
    schema_brand_get_scopes(brand, &scopes);
    *out = (struct schema_brand_binding_list){0};
    if (index >= schema_brand_scope_list_count(scopes))
        return true;
    struct schema_brand_scope_reader scope = schema_brand_scope_list_at(scopes, index);
    if (schema_brand_scope_which(scope) != SCHEMA_BRAND_SCOPE_WHICH_BIND)
        return false;
    schema_brand_scope_get_bind(scope, out);
    return true;
}

/* The type that parameter `index` is bound to; false if to none, which is any pointer. */
static bool bound(struct schema_brand_binding_list bindings, uint32_t index,
                  struct schema_type_reader *out)
{
    if (index >= schema_brand_binding_list_count(bindings))
        return false;
    struct schema_brand_binding_reader binding = schema_brand_binding_list_at(bindings, index);
    if (schema_brand_binding_which(binding) != SCHEMA_BRAND_BINDING_WHICH_TYPE)
        return false;
    schema_brand_binding_get_type(binding, out);
    return true;
}

/* May a type be anything, and is it no parameter. */
static bool is_anything(struct schema_type_reader type)
{
    return schema_type_which(type) == SCHEMA_TYPE_WHICH_ANY_POINTER &&
           schema_type_any_pointer_which(schema_type_get_any_pointer(type)) ==
               SCHEMA_TYPE_ANY_POINTER_WHICH_UNCONSTRAINED &&
           any_kind(type) == SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_ANY_KIND;
}

/* Compare what parameter `index` is bound to. */
static void compare_bound(struct comparison *comparison, const char *path,
                          struct schema_brand_binding_list before,
                          struct schema_brand_binding_list after, uint32_t index)
{
    static const char any[] = "AnyPointer";
    struct schema_type_reader old_type, new_type;
    bool was_bound = bound(before, index, &old_type), is_bound = bound(after, index, &new_type);
    if (was_bound && is_bound)
        compare_types(comparison, path, old_type, new_type);
    else if (was_bound && !is_anything(old_type))
        change(comparison, path, BREAKS_WRITERS, "its type changes from %s to %s",
               side_type_name(&comparison->before, old_type).text, any);
    else if (is_bound && !was_bound && !is_anything(new_type))
        change(comparison, path, BREAKS_READERS, "its type changes from %s to %s", any,
               side_type_name(&comparison->after, new_type).text);
}

void compare_brands(struct comparison *comparison, const char *path,
                    struct schema_brand_reader before, struct schema_brand_reader after)
{
    struct schema_brand_scope_list old_scopes, new_scopes;
    schema_brand_get_scopes(before, &old_scopes);
    schema_brand_get_scopes(after, &new_scopes);
    for (uint32_t i = 0; i < schema_brand_scope_list_count(old_scopes) ||
                         i < schema_brand_scope_list_count(new_scopes); i++) {
        struct schema_brand_binding_list old_list, new_list;
        if (!bindings_of(before, i, &old_list) || !bindings_of(after, i, &new_list))
            continue;
        for (uint32_t j = 0; j < schema_brand_binding_list_count(old_list) ||
                             j < schema_brand_binding_list_count(new_list); j++)
            compare_bound(comparison, path, old_list, new_list, j);
    }
}

/* Compare two uses of different interfaces that both versions know. True if they are such. */
static bool compare_interface_uses(struct comparison *comparison, const char *path,
                                   struct schema_type_reader before,
                                   struct schema_type_reader after)
{
    uint64_t old_id = schema_type_interface_get_type_id(schema_type_get_interface(before));
    uint64_t new_id = schema_type_interface_get_type_id(schema_type_get_interface(after));
    struct schema_node_reader node;
    if (old_id == new_id || (!side_node(&comparison->after, old_id, &node) &&
                             !side_node(&comparison->before, new_id, &node)))
        return false;
    enum breaks breaks = BREAKS_BOTH;
    if (side_extends(&comparison->after, new_id, old_id))
        breaks = BREAKS_READERS; /* what the old program gives lacks methods */
    else if (side_extends(&comparison->before, old_id, new_id))
        breaks = BREAKS_WRITERS;
    change(comparison, path, breaks, "its type changes from %s to %s",
           side_type_name(&comparison->before, before).text,
           side_type_name(&comparison->after, after).text);
    return true;
}

/* Compare two uses of structs, enums or interfaces. */
static void compare_uses(struct comparison *comparison, const char *path,
                         struct schema_type_reader before, struct schema_type_reader after)
{
    struct schema_brand_reader old_brand, new_brand;
    uint64_t old_id, new_id;
    switch ((unsigned)schema_type_which(before)) {
    case SCHEMA_TYPE_WHICH_STRUCT:
        old_id = schema_type_struct_get_type_id(schema_type_get_struct(before));
        new_id = schema_type_struct_get_type_id(schema_type_get_struct(after));
        schema_type_struct_get_brand(schema_type_get_struct(before), &old_brand);
        schema_type_struct_get_brand(schema_type_get_struct(after), &new_brand);
        compare_brands(comparison, path, old_brand, new_brand);
        break;
    case SCHEMA_TYPE_WHICH_ENUM:
        old_id = schema_type_enum_get_type_id(schema_type_get_enum(before));
        new_id = schema_type_enum_get_type_id(schema_type_get_enum(after));
        break;
    default:
        if (compare_interface_uses(comparison, path, before, after))
            return;
        schema_type_interface_get_brand(schema_type_get_interface(before), &old_brand);
        schema_type_interface_get_brand(schema_type_get_interface(after), &new_brand);
        compare_brands(comparison, path, old_brand, new_brand);
        old_id = schema_type_interface_get_type_id(schema_type_get_interface(before));
        new_id = schema_type_interface_get_type_id(schema_type_get_interface(after));
    }
    struct schema_node_reader node;
    struct side_name name = {""};
    /* What is declared in the compared file is named by itself, not by who uses it. */
    if (side_node(&comparison->before, old_id, &node))
        name = side_node_name(node);
    compare_ids(comparison, name.text, old_id, new_id);
}

void compare_types(struct comparison *comparison, const char *path,
                   struct schema_type_reader before, struct schema_type_reader after)
{
    unsigned from = (unsigned)schema_type_which(before), to = (unsigned)schema_type_which(after);
    if (from != to) {
        struct side_name old_name = side_type_name(&comparison->before, before);
        struct side_name new_name = side_type_name(&comparison->after, after);
        change(comparison, path, kinds(before, after), "its type changes from %s to %s",
               old_name.text, new_name.text);
    } else if (from == SCHEMA_TYPE_WHICH_LIST) {
        struct schema_type_reader old_element, new_element;
        schema_type_list_get_element_type(schema_type_get_list(before), &old_element);
        schema_type_list_get_element_type(schema_type_get_list(after), &new_element);
        compare_elements(comparison, path, old_element, new_element);
    } else if (from == SCHEMA_TYPE_WHICH_STRUCT || from == SCHEMA_TYPE_WHICH_ENUM ||
               from == SCHEMA_TYPE_WHICH_INTERFACE) {
        compare_uses(comparison, path, before, after);
    } else if (from == SCHEMA_TYPE_WHICH_ANY_POINTER) {
        compare_any(comparison, path, before, after);
    }
}
