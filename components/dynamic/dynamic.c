/* SPDX-License-Identifier: MIT */
/* Types come first: shapes, fields, parameters. Then values. */
#include "dynamic.h"

#include <assert.h>
#include <stddef.h>

/* How often a parameter may lead to another one; a real schema needs one step for each level. */
enum { RESOLVE_STEPS_MAX = 64 };

const char *dynamic_error_text(enum dynamic_error error)
{
    static const char *const text[DYNAMIC_ERROR_COUNT] = {
        "no error",
        "the message breaks a rule of the encoding",
        "the schema lacks a type or contradicts itself",
        "nested too deeply",
        "too much to be printed or read",
        "a pointer of unknown type or a capability cannot be said in JSON",
    };
    return (unsigned)error < DYNAMIC_ERROR_COUNT ? text[error] : "unknown error";
}

bool dynamic_shape_open(struct dynamic_shape *shape, const struct schema_set *set, uint64_t id,
                        const struct schema_brand_reader *brand, const struct dynamic_brand *outer)
{
    struct schema_node_reader node;
    if (!schema_set_find(set, id, &node) || schema_node_which(node) != SCHEMA_NODE_WHICH_STRUCT)
        return false;
    struct schema_node_struct_reader body = schema_node_get_struct(node);
    shape->set = set;
    shape->node = node;
    shape->brand = (struct dynamic_brand){.outer = outer};
    if (brand)
        shape->brand.brand = *brand;
    shape->data_words = schema_node_struct_get_data_word_count(body);
    shape->pointer_count = schema_node_struct_get_pointer_count(body);
    shape->discriminant_count = schema_node_struct_get_discriminant_count(body);
    shape->discriminant_offset = schema_node_struct_get_discriminant_offset(body);
    return schema_node_struct_get_fields(body, &shape->fields) == CAPNP_OK;
}

bool dynamic_shape_check(const struct dynamic_shape *shape)
{
    return shape->set != NULL && schema_node_which(shape->node) == SCHEMA_NODE_WHICH_STRUCT &&
           shape->data_words <= UINT16_MAX && shape->pointer_count <= UINT16_MAX;
}

uint32_t dynamic_field_count(const struct dynamic_shape *shape)
{
    return schema_field_list_count(shape->fields);
}

/* What `scope` of a brand binds parameter `index` to. False: nothing. `*inherits`: the brand says
 * that the place where it was written knows. */
static bool find_binding(const struct dynamic_brand *brand, uint64_t scope_id, uint32_t index,
                         bool *inherits, struct schema_type_reader *out)
{
    struct schema_brand_scope_list scopes;
    struct schema_brand_binding_list bindings;
    *inherits = false;
    if (schema_brand_get_scopes(brand->brand, &scopes) != CAPNP_OK)
        return false;
    for (uint32_t i = 0; i < schema_brand_scope_list_count(scopes); i++) {
        struct schema_brand_scope_reader scope = schema_brand_scope_list_at(scopes, i);
        if (schema_brand_scope_get_scope_id(scope) != scope_id)
            continue;
        *inherits = schema_brand_scope_which(scope) == SCHEMA_BRAND_SCOPE_WHICH_INHERIT;
        if (*inherits || schema_brand_scope_get_bind(scope, &bindings) != CAPNP_OK ||
            index >= schema_brand_binding_list_count(bindings))
            return false;
        struct schema_brand_binding_reader binding = schema_brand_binding_list_at(bindings, index);
        return schema_brand_binding_which(binding) == SCHEMA_BRAND_BINDING_WHICH_TYPE &&
               schema_brand_binding_get_type(binding, out) == CAPNP_OK;
    }
    return false;
}

/* What the bindings around a type say of a parameter; `*where` is where that was written. */
static bool find_bound(const struct dynamic_brand *brand,
                       struct schema_type_any_pointer_parameter_reader parameter,
                       struct schema_type_reader *out, const struct dynamic_brand **where)
{
    uint64_t scope_id = schema_type_any_pointer_parameter_get_scope_id(parameter);
    uint32_t index = schema_type_any_pointer_parameter_get_parameter_index(parameter);
    bool inherits = true;
    for (; brand && inherits; brand = brand->outer) {
        if (find_binding(brand, scope_id, index, &inherits, out)) {
            *where = brand->outer;
            return true;
        }
    }
    return false;
}

/* Follow a type that is a parameter to what it is bound to; unbound it stays an AnyPointer. */
static void resolve(struct dynamic_type *type)
{
    for (uint32_t step = 0; step < RESOLVE_STEPS_MAX; step++) {
        type->which = schema_type_which(type->reader);
        if (type->which != SCHEMA_TYPE_WHICH_ANY_POINTER)
            return;
        struct schema_type_any_pointer_reader any = schema_type_get_any_pointer(type->reader);
        if (schema_type_any_pointer_which(any) != SCHEMA_TYPE_ANY_POINTER_WHICH_PARAMETER)
            return;
        if (!find_bound(type->brand, schema_type_any_pointer_get_parameter(any), &type->reader,
                        &type->brand))
            return;
    }
}

struct dynamic_type dynamic_type_of(const struct schema_set *set, struct schema_type_reader reader,
                                    const struct dynamic_brand *brand)
{
    struct dynamic_type type = {.set = set, .reader = reader, .brand = brand};
    resolve(&type);
    return type;
}

bool dynamic_field_at(const struct dynamic_shape *shape, uint32_t index,
                      struct dynamic_field *out)
{
    if (index >= schema_field_list_count(shape->fields))
        return false;
    *out = (struct dynamic_field){.index = index};
    out->reader = schema_field_list_at(shape->fields, index);
    out->discriminant = schema_field_get_discriminant_value(out->reader);
    schema_field_get_name(out->reader, &out->name);
    if (schema_field_which(out->reader) == SCHEMA_FIELD_WHICH_GROUP) {
        struct schema_field_group_reader group = schema_field_get_group(out->reader);
        out->type = (struct dynamic_type){.set = shape->set, .brand = &shape->brand,
                                          .which = SCHEMA_TYPE_WHICH_STRUCT};
        out->type.group_id = schema_field_group_get_type_id(group);
        return true;
    }
    struct schema_field_slot_reader slot = schema_field_get_slot(out->reader);
    struct schema_type_reader type;
    out->offset = schema_field_slot_get_offset(slot);
    schema_field_slot_get_type(slot, &type);
    schema_field_slot_get_default_value(slot, &out->fallback);
    out->type = dynamic_type_of(shape->set, type, &shape->brand);
    return true;
}

bool dynamic_field_find(const struct dynamic_shape *shape, struct capnp_text name,
                        struct dynamic_field *out)
{
    for (uint32_t i = 0; i < schema_field_list_count(shape->fields); i++) {
        struct capnp_text own;
        schema_field_get_name(schema_field_list_at(shape->fields, i), &own);
        if (schema_set_same(own, name))
            return dynamic_field_at(shape, i, out);
    }
    return false;
}

bool dynamic_type_shape(const struct dynamic_type *type, struct dynamic_shape *out)
{
    struct schema_brand_reader brand;
    if (type->which != SCHEMA_TYPE_WHICH_STRUCT)
        return false;
    if (type->group_id != 0) /* a group is a part of its parent and has its bindings */
        return dynamic_shape_open(out, type->set, type->group_id,
                                  type->brand ? &type->brand->brand : NULL,
                                  type->brand ? type->brand->outer : NULL);
    struct schema_type_struct_reader body = schema_type_get_struct(type->reader);
    schema_type_struct_get_brand(body, &brand);
    return dynamic_shape_open(out, type->set, schema_type_struct_get_type_id(body), &brand,
                              type->brand);
}

struct dynamic_type dynamic_type_element(const struct dynamic_type *type)
{
    struct schema_type_reader element;
    if (type->which != SCHEMA_TYPE_WHICH_LIST)
        return (struct dynamic_type){.set = type->set, .which = SCHEMA_TYPE_WHICH_ANY_POINTER};
    schema_type_list_get_element_type(schema_type_get_list(type->reader), &element);
    return dynamic_type_of(type->set, element, type->brand);
}

enum capnp_element dynamic_type_size(const struct dynamic_type *type)
{
    switch (type->which) {
    case SCHEMA_TYPE_WHICH_VOID: return CAPNP_VOID;
    case SCHEMA_TYPE_WHICH_BOOL: return CAPNP_BIT;
    case SCHEMA_TYPE_WHICH_INT8:
    case SCHEMA_TYPE_WHICH_UINT8: return CAPNP_BYTE;
    case SCHEMA_TYPE_WHICH_INT16:
    case SCHEMA_TYPE_WHICH_UINT16:
    case SCHEMA_TYPE_WHICH_ENUM: return CAPNP_TWO_BYTES;
    case SCHEMA_TYPE_WHICH_INT32:
    case SCHEMA_TYPE_WHICH_UINT32:
    case SCHEMA_TYPE_WHICH_FLOAT32: return CAPNP_FOUR_BYTES;
    case SCHEMA_TYPE_WHICH_INT64:
    case SCHEMA_TYPE_WHICH_UINT64:
    case SCHEMA_TYPE_WHICH_FLOAT64: return CAPNP_EIGHT_BYTES;
    case SCHEMA_TYPE_WHICH_STRUCT: return CAPNP_COMPOSITE;
    default: return CAPNP_POINTER;
    }
}

bool dynamic_type_is_pointer(const struct dynamic_type *type)
{
    enum capnp_element size = dynamic_type_size(type);
    return size == CAPNP_POINTER || (size == CAPNP_COMPOSITE && type->group_id == 0);
}

bool dynamic_enum_node(const struct dynamic_type *type, struct schema_node_reader *out)
{
    if (type->which != SCHEMA_TYPE_WHICH_ENUM)
        return false;
    uint64_t id = schema_type_enum_get_type_id(schema_type_get_enum(type->reader));
    return schema_set_find(type->set, id, out) && schema_node_which(*out) == SCHEMA_NODE_WHICH_ENUM;
}

bool dynamic_enum_at(const struct dynamic_type *type, uint32_t index,
                     struct schema_enumerant_reader *out)
{
    struct schema_node_reader node;
    struct schema_enumerant_list enumerants;
    if (!dynamic_enum_node(type, &node))
        return false;
    schema_node_enum_get_enumerants(schema_node_get_enum(node), &enumerants);
    if (index >= schema_enumerant_list_count(enumerants))
        return false;
    *out = schema_enumerant_list_at(enumerants, index);
    return true;
}

bool dynamic_enum_name(const struct dynamic_type *type, uint32_t value, struct capnp_text *name)
{
    struct schema_enumerant_reader enumerant;
    if (!dynamic_enum_at(type, value, &enumerant))
        return false;
    schema_enumerant_get_name(enumerant, name);
    return true;
}

/* A schema's scalar Value as bits of the type's size, not extended. */
static uint64_t value_bits(struct schema_value_reader value, enum schema_type_which which)
{
    switch (which) {
    case SCHEMA_TYPE_WHICH_BOOL: return schema_value_get_bool(value);
    case SCHEMA_TYPE_WHICH_INT8: return (uint8_t)schema_value_get_int8(value);
    case SCHEMA_TYPE_WHICH_INT16: return (uint16_t)schema_value_get_int16(value);
    case SCHEMA_TYPE_WHICH_INT32: return (uint32_t)schema_value_get_int32(value);
    case SCHEMA_TYPE_WHICH_INT64: return (uint64_t)schema_value_get_int64(value);
    case SCHEMA_TYPE_WHICH_UINT8: return schema_value_get_uint8(value);
    case SCHEMA_TYPE_WHICH_UINT16: return schema_value_get_uint16(value);
    case SCHEMA_TYPE_WHICH_UINT32: return schema_value_get_uint32(value);
    case SCHEMA_TYPE_WHICH_UINT64: return schema_value_get_uint64(value);
    case SCHEMA_TYPE_WHICH_FLOAT32: return schema_value_get_float32_bits(value);
    case SCHEMA_TYPE_WHICH_FLOAT64: return schema_value_get_float64_bits(value);
    case SCHEMA_TYPE_WHICH_ENUM: return schema_value_get_enum(value);
    default: return 0;
    }
}

uint64_t dynamic_default_bits(const struct dynamic_field *field)
{
    return value_bits(field->fallback, field->type.which);
}

/* Extend the sign of an integer of the type's size. */
static uint64_t extend(uint64_t bits, enum schema_type_which which)
{
    switch (which) {
    case SCHEMA_TYPE_WHICH_INT8: return (uint64_t)(int64_t)(int8_t)bits;
    case SCHEMA_TYPE_WHICH_INT16: return (uint64_t)(int64_t)(int16_t)bits;
    case SCHEMA_TYPE_WHICH_INT32: return (uint64_t)(int64_t)(int32_t)bits;
    default: return bits;
    }
}

/* The scalar at `offset`, in units of its size, of a struct; 0 beyond its end. The offset is the
 * schema's and may be anything, so it is compared before it is multiplied. */
static uint64_t struct_bits(struct capnp_struct from, enum capnp_element size, uint32_t offset)
{
    switch (size) {
    case CAPNP_BIT: return offset / 8 < from.data_bytes && capnp_get_bool(from, offset);
    case CAPNP_BYTE: return offset < from.data_bytes ? capnp_get_uint8(from, offset) : 0;
    case CAPNP_TWO_BYTES:
        return offset < from.data_bytes / 2 ? capnp_get_uint16(from, offset * 2) : 0;
    case CAPNP_FOUR_BYTES:
        return offset < from.data_bytes / 4 ? capnp_get_uint32(from, offset * 4) : 0;
    case CAPNP_EIGHT_BYTES:
        return offset < from.data_bytes / 8 ? capnp_get_uint64(from, offset * 8) : 0;
    default: return 0;
    }
}

bool dynamic_which(const struct dynamic_struct *from, struct dynamic_field *out)
{
    if (from->shape.discriminant_count == 0)
        return false;
    uint64_t discriminant = struct_bits(from->data, CAPNP_TWO_BYTES,
                                        from->shape.discriminant_offset);
    uint32_t count = schema_field_list_count(from->shape.fields);
    for (uint32_t i = 0; i < count; i++) {
        struct schema_field_reader field = schema_field_list_at(from->shape.fields, i);
        uint16_t value = schema_field_get_discriminant_value(field);
        if (value == discriminant && value != DYNAMIC_NO_UNION)
            return dynamic_field_at(&from->shape, i, out);
    }
    return false;
}

bool dynamic_has(const struct dynamic_struct *from, const struct dynamic_field *field)
{
    return !dynamic_type_is_pointer(&field->type) || capnp_has(from->data, field->offset);
}

/* Put what a pointer leads to into a value. It must be a place in a struct; elements of lists are
 * read by the functions for lists. */
static enum capnp_error read_pointer(const struct capnp_struct *from, uint32_t index,
                                     struct dynamic_value *out)
{
    struct dynamic_type element;
    switch (out->type.which) {
    case SCHEMA_TYPE_WHICH_TEXT:
        return capnp_read_text(from, index, CAPNP_TEXT_LITERAL(""), &out->text);
    case SCHEMA_TYPE_WHICH_DATA:
        return capnp_read_data(from, index, (struct capnp_data){NULL, 0}, &out->data);
    case SCHEMA_TYPE_WHICH_LIST:
        element = dynamic_type_element(&out->type);
        return capnp_read_list(from, index, NULL, dynamic_type_size(&element), &out->list);
    case SCHEMA_TYPE_WHICH_STRUCT: return capnp_read_struct(from, index, NULL, &out->structure);
    default: return capnp_read_any(from, index, &out->any);
    }
}

enum capnp_error dynamic_from_schema(struct schema_value_reader value,
                                     const struct dynamic_type *type, struct dynamic_value *out)
{
    *out = (struct dynamic_value){.type = *type};
    out->structure.message = value.raw.message;
    if (!dynamic_type_is_pointer(type)) {
        out->bits = extend(value_bits(value, type->which), type->which);
        return CAPNP_OK;
    }
    /* All pointers of a Value are its pointer 0. */
    return read_pointer(&value.raw, 0, out);
}

enum capnp_error dynamic_get(const struct dynamic_struct *from, const struct dynamic_field *field,
                             struct dynamic_value *out)
{
    *out = (struct dynamic_value){.type = field->type};
    if (field->type.group_id != 0) {
        out->structure = from->data;
        return CAPNP_OK;
    }
    if (!dynamic_type_is_pointer(&field->type)) {
        uint64_t bits = struct_bits(from->data, dynamic_type_size(&field->type), field->offset);
        out->bits = extend(bits ^ dynamic_default_bits(field), field->type.which);
        return CAPNP_OK;
    }
    if (!capnp_has(from->data, field->offset))
        return dynamic_from_schema(field->fallback, &field->type, out);
    return read_pointer(&from->data, field->offset, out);
}

bool dynamic_open(const struct dynamic_value *value, struct dynamic_struct *out)
{
    out->data = value->structure;
    return dynamic_type_shape(&value->type, &out->shape);
}

/* A scalar element of a list; its element size was checked when the list was read. */
static uint64_t list_bits(struct capnp_list list, enum capnp_element size, uint32_t index)
{
    switch (size) {
    case CAPNP_BIT: return capnp_list_bool(list, index);
    case CAPNP_BYTE: return capnp_list_uint8(list, index);
    case CAPNP_TWO_BYTES: return capnp_list_uint16(list, index);
    case CAPNP_FOUR_BYTES: return capnp_list_uint32(list, index);
    case CAPNP_EIGHT_BYTES: return capnp_list_uint64(list, index);
    default: return 0;
    }
}

enum capnp_error dynamic_list_get(const struct dynamic_value *list,
                                  const struct dynamic_type *element, uint32_t index,
                                  struct dynamic_value *out)
{
    enum capnp_element size = dynamic_type_size(element);
    *out = (struct dynamic_value){.type = *element};
    out->structure.message = list->list.message;
    if (index >= list->list.count)
        return CAPNP_BOUNDS;
    switch (element->which) {
    case SCHEMA_TYPE_WHICH_TEXT: return capnp_list_text(&list->list, index, &out->text);
    case SCHEMA_TYPE_WHICH_DATA: return capnp_list_data(&list->list, index, &out->data);
    case SCHEMA_TYPE_WHICH_LIST: {
        struct dynamic_type inner = dynamic_type_element(element);
        return capnp_list_list(&list->list, index, dynamic_type_size(&inner), &out->list);
    }
    case SCHEMA_TYPE_WHICH_STRUCT:
        out->structure = capnp_list_struct(&list->list, index);
        return CAPNP_OK;
    case SCHEMA_TYPE_WHICH_INTERFACE:
    case SCHEMA_TYPE_WHICH_ANY_POINTER: return capnp_list_any(&list->list, index, &out->any);
    default:
        out->bits = extend(list_bits(list->list, size, index), element->which);
        return CAPNP_OK;
    }
}
