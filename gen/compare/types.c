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

/* Find the type of a struct's field @0, if it lies where an element of a plain list would. */
static bool first_field(const struct side *side, struct schema_type_reader type,
                        struct schema_type_reader *out)
{
    struct schema_node_reader node;
    struct schema_field_list fields;
    if (!side_node(side, schema_type_struct_get_type_id(schema_type_get_struct(type)), &node))
        return false;
    schema_node_struct_get_fields(schema_node_get_struct(node), &fields);
    for (uint32_t i = 0; i < schema_field_list_count(fields); i++) {
        struct schema_field_reader field = schema_field_list_at(fields, i);
        struct schema_field_slot_reader slot = schema_field_get_slot(field);
        if (schema_field_which(field) == SCHEMA_FIELD_WHICH_SLOT &&
            schema_field_get_discriminant_value(field) == UINT16_MAX &&
            schema_field_ordinal_get_explicit(schema_field_get_ordinal(field)) == 0 &&
            schema_field_slot_get_offset(slot) == 0) {
            schema_field_slot_get_type(slot, out);
            return true;
        }
    }
    return false;
}

/* Whom a change between two types of different kinds breaks. */
static enum breaks kinds(struct schema_type_reader before, struct schema_type_reader after)
{
    unsigned from = (unsigned)schema_type_which(before), to = (unsigned)schema_type_which(after);
    if (to == SCHEMA_TYPE_WHICH_ANY_POINTER && is_pointer(from))
        return BREAKS_WRITERS; /* the new program may put in anything */
    if (from == SCHEMA_TYPE_WHICH_ANY_POINTER && is_pointer(to))
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
        (is_struct ? first_field(&comparison->after, after, &first)
                   : first_field(&comparison->before, before, &first)) &&
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

/* Compare what two uses of a generic declaration are made of. */
static void compare_brands(struct comparison *comparison, const char *path,
                           struct schema_brand_reader before, struct schema_brand_reader after)
{
    struct schema_brand_scope_list old_scopes, new_scopes;
    schema_brand_get_scopes(before, &old_scopes);
    schema_brand_get_scopes(after, &new_scopes);
    uint32_t count = schema_brand_scope_list_count(old_scopes);
    for (uint32_t i = 0; i < count && i < schema_brand_scope_list_count(new_scopes); i++) {
        struct schema_brand_binding_list old_list, new_list;
        struct schema_brand_scope_reader old_scope = schema_brand_scope_list_at(old_scopes, i);
        struct schema_brand_scope_reader new_scope = schema_brand_scope_list_at(new_scopes, i);
        if (schema_brand_scope_which(old_scope) != SCHEMA_BRAND_SCOPE_WHICH_BIND ||
            schema_brand_scope_which(new_scope) != SCHEMA_BRAND_SCOPE_WHICH_BIND)
            continue;
        schema_brand_scope_get_bind(old_scope, &old_list);
        schema_brand_scope_get_bind(new_scope, &new_list);
        for (uint32_t j = 0; j < schema_brand_binding_list_count(old_list) &&
                             j < schema_brand_binding_list_count(new_list); j++) {
            struct schema_type_reader old_type, new_type;
            schema_brand_binding_get_type(schema_brand_binding_list_at(old_list, j), &old_type);
            schema_brand_binding_get_type(schema_brand_binding_list_at(new_list, j), &new_type);
            compare_types(comparison, path, old_type, new_type);
        }
    }
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
    }
}
