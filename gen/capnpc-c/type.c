/* SPDX-License-Identifier: MIT */
#include "type.h"

#include "name.h"

#include <stdlib.h>
#include <string.h>

#define SCALAR(kind_, bits_, c_, access_, size_)                                                   \
    {                                                                                              \
        .kind = kind_, .bits = bits_, .c_type = c_, .access = access_, .size = size_,              \
        .element = size_                                                                           \
    }

/* The scalars, by enum schema_type_which from bool to float64. */
static const struct type scalars[] = {
    SCALAR(TYPE_BOOL, 1, "bool", "bool", "CAPNP_BIT"),
    SCALAR(TYPE_INTEGER, 8, "int8_t", "uint8", "CAPNP_BYTE"),
    SCALAR(TYPE_INTEGER, 16, "int16_t", "uint16", "CAPNP_TWO_BYTES"),
    SCALAR(TYPE_INTEGER, 32, "int32_t", "uint32", "CAPNP_FOUR_BYTES"),
    SCALAR(TYPE_INTEGER, 64, "int64_t", "uint64", "CAPNP_EIGHT_BYTES"),
    SCALAR(TYPE_INTEGER, 8, "uint8_t", "uint8", "CAPNP_BYTE"),
    SCALAR(TYPE_INTEGER, 16, "uint16_t", "uint16", "CAPNP_TWO_BYTES"),
    SCALAR(TYPE_INTEGER, 32, "uint32_t", "uint32", "CAPNP_FOUR_BYTES"),
    SCALAR(TYPE_INTEGER, 64, "uint64_t", "uint64", "CAPNP_EIGHT_BYTES"),
    SCALAR(TYPE_FLOAT, 32, "float", "uint32", "CAPNP_FOUR_BYTES"),
    SCALAR(TYPE_FLOAT, 64, "double", "uint64", "CAPNP_EIGHT_BYTES"),
};

/* The type of a list of `item`. */
static struct type list_of(struct type item)
{
    struct type list = {.kind = TYPE_LIST, .size = "CAPNP_POINTER", .element = item.size};
    struct type *kept = name_room(sizeof *kept);
    *kept = item;
    list.item = kept;
    if (item.kind == TYPE_STRUCT) {
        list.kind = TYPE_STRUCTS;
        list.node = item.node;
        list.layout = item.layout;
        list.brand = item.brand;
        list.id = item.id;
    }
    return list;
}

/* The type of an AnyPointer or of its relatives; parameters have been resolved. */
static struct type any_type(struct schema_type_reader reader)
{
    struct type type = {.kind = TYPE_ANY, .size = "CAPNP_POINTER"};
    struct schema_type_any_pointer_reader any = schema_type_get_any_pointer(reader);
    if (schema_type_any_pointer_which(any) != SCHEMA_TYPE_ANY_POINTER_WHICH_UNCONSTRAINED)
        return type;
    switch (schema_type_any_pointer_unconstrained_which(
        schema_type_any_pointer_get_unconstrained(any))) {
    case SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_STRUCT:
        type.kind = TYPE_ANY_STRUCT;
        type.c_type = "struct capnp_struct";
        type.size = "CAPNP_COMPOSITE";
        break;
    case SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_LIST:
        type.kind = TYPE_LIST;
        type.element = "CAPNP_VOID"; /* what every list can be read as */
        break;
    case SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_CAPABILITY: type.kind = TYPE_CAPABILITY; break;
    default: break;
    }
    return type;
}

struct type type_in(struct schema_type_reader reader, const struct brand *brand)
{
    struct type type = {.kind = TYPE_ANY, .size = "CAPNP_POINTER"};
    struct brand_argument found = brand_resolve(reader, brand);
    struct schema_type_reader element;
    struct schema_brand_reader use;
    struct schema_node_reader node;
    enum schema_type_which which = schema_type_which(found.type);
    if (found.is_any)
        return type;
    switch (which) {
    case SCHEMA_TYPE_WHICH_VOID:
        return (struct type){.kind = TYPE_VOID, .size = "CAPNP_VOID", .element = "CAPNP_VOID"};
    case SCHEMA_TYPE_WHICH_TEXT: type.kind = TYPE_TEXT; return type;
    case SCHEMA_TYPE_WHICH_DATA: type.kind = TYPE_DATA; return type;
    case SCHEMA_TYPE_WHICH_LIST:
        schema_type_list_get_element_type(schema_type_get_list(found.type), &element);
        return list_of(type_in(element, found.brand));
    case SCHEMA_TYPE_WHICH_ENUM:
        type = scalars[SCHEMA_TYPE_WHICH_UINT16 - SCHEMA_TYPE_WHICH_BOOL];
        type.kind = TYPE_ENUM;
        type.id = schema_type_enum_get_type_id(schema_type_get_enum(found.type));
        type.node = request_c_name_of(type.id);
        type.c_type = name_format("enum %s", type.node);
        return type;
    case SCHEMA_TYPE_WHICH_STRUCT:
        type.kind = TYPE_STRUCT;
        type.size = "CAPNP_COMPOSITE";
        type.id = schema_type_struct_get_type_id(schema_type_get_struct(found.type));
        schema_type_struct_get_brand(schema_type_get_struct(found.type), &use);
        type.brand = brand_of(type.id, use, found.brand);
        type.layout = request_c_name_of(type.id);
        type.node = request_node(type.id, &node) ? brand_c_name(node, type.brand) : type.layout;
        return type;
    case SCHEMA_TYPE_WHICH_INTERFACE:
        type.kind = TYPE_CAPABILITY;
        type.id = schema_type_interface_get_type_id(schema_type_get_interface(found.type));
        return type;
    case SCHEMA_TYPE_WHICH_ANY_POINTER: return any_type(found.type);
    default: break;
    }
    if (which >= SCHEMA_TYPE_WHICH_BOOL && which <= SCHEMA_TYPE_WHICH_FLOAT64)
        return scalars[which - SCHEMA_TYPE_WHICH_BOOL];
    request_fatal("the compiler sent a type that this generator does not know (number %d); "
                  "use a schema without it", which);
}

struct type type_of(struct schema_type_reader type)
{
    return type_in(type, NULL);
}

bool type_is_pointer(const struct type *type)
{
    return type->kind >= TYPE_TEXT;
}

uint64_t type_value_bits(struct schema_value_reader value)
{
    switch (schema_value_which(value)) {
    case SCHEMA_VALUE_WHICH_BOOL: return schema_value_get_bool(value);
    case SCHEMA_VALUE_WHICH_INT8: return (uint8_t)schema_value_get_int8(value);
    case SCHEMA_VALUE_WHICH_INT16: return (uint16_t)schema_value_get_int16(value);
    case SCHEMA_VALUE_WHICH_INT32: return (uint32_t)schema_value_get_int32(value);
    case SCHEMA_VALUE_WHICH_INT64: return (uint64_t)schema_value_get_int64(value);
    case SCHEMA_VALUE_WHICH_UINT8: return schema_value_get_uint8(value);
    case SCHEMA_VALUE_WHICH_UINT16: return schema_value_get_uint16(value);
    case SCHEMA_VALUE_WHICH_UINT32: return schema_value_get_uint32(value);
    case SCHEMA_VALUE_WHICH_UINT64: return schema_value_get_uint64(value);
    case SCHEMA_VALUE_WHICH_FLOAT32: return schema_value_get_float32_bits(value);
    case SCHEMA_VALUE_WHICH_FLOAT64: return schema_value_get_float64_bits(value);
    case SCHEMA_VALUE_WHICH_ENUM: return schema_value_get_enum(value);
    default: return 0;
    }
}

bool type_value_any(struct schema_value_reader value, struct capnp_any *out)
{
    /* All pointers of a value share one place. */
    *out = (struct capnp_any){.kind = CAPNP_NULL};
    if (schema_value_which(value) < SCHEMA_VALUE_WHICH_TEXT ||
        schema_value_which(value) == SCHEMA_VALUE_WHICH_ENUM)
        return false;
    schema_value_get_list(value, out);
    return out->kind != CAPNP_NULL;
}

struct structure structure_of(struct schema_node_reader node)
{
    return structure_in(node, NULL);
}

struct structure structure_in(struct schema_node_reader node, const struct brand *brand)
{
    struct structure out = {.node = node, .info = schema_node_get_struct(node), .brand = brand};
    out.plain = request_c_name(node);
    out.c = brand ? brand_c_name(node, brand) : out.plain;
    out.data_words = schema_node_struct_get_data_word_count(out.info);
    out.pointers = schema_node_struct_get_pointer_count(out.info);
    out.union_count = schema_node_struct_get_discriminant_count(out.info);
    out.union_offset = schema_node_struct_get_discriminant_offset(out.info) * 2;
    schema_node_struct_get_fields(out.info, &out.fields);
    out.field_count = schema_field_list_count(out.fields);
    out.known = calloc(out.field_count + 1, sizeof *out.known);
    if (!out.known)
        request_fatal("out of memory");
    return out;
}

/* The name of field `index` of a struct in snake case. */
static char *field_snake(const struct structure *structure, uint32_t index)
{
    struct capnp_text text;
    schema_field_get_name(schema_field_list_at(structure->fields, index), &text);
    return name_snake(name_text(text));
}

/* What a field's type is; that of a group is a struct. */
static enum schema_type_which field_which(const struct structure *structure, uint32_t index)
{
    struct schema_field_reader reader = schema_field_list_at(structure->fields, index);
    struct schema_type_reader type;
    if (schema_field_which(reader) != SCHEMA_FIELD_WHICH_SLOT)
        return SCHEMA_TYPE_WHICH_STRUCT;
    schema_field_slot_get_type(schema_field_get_slot(reader), &type);
    return schema_type_which(type);
}

/* Is a field a floating-point number, whose accessors of bits end with `_bits`. */
static bool is_float(const struct structure *structure, uint32_t index)
{
    enum schema_type_which which = field_which(structure, index);
    return which == SCHEMA_TYPE_WHICH_FLOAT32 || which == SCHEMA_TYPE_WHICH_FLOAT64;
}

/* Has a field no function `init_FIELD`. */
static bool is_scalar(const struct structure *structure, uint32_t index)
{
    enum schema_type_which which = field_which(structure, index);
    return which <= SCHEMA_TYPE_WHICH_TEXT || which == SCHEMA_TYPE_WHICH_ENUM ||
           which == SCHEMA_TYPE_WHICH_INTERFACE;
}

/* The name of a field: with a number if one before it is called like it, or if a function of the
 * struct itself (`init_root`) or of another field (`get_weight_bits`) would have its name. */
static char *field_name(const struct structure *structure, uint32_t index)
{
    char *name = field_snake(structure, index);
    size_t length = strlen(name);
    unsigned number = strcmp(name, "root") == 0 && !is_scalar(structure, index) ? 2 : 1;
    bool is_bits = length > 5 && strcmp(name + length - 5, "_bits") == 0;
    for (uint32_t i = 0; i < structure->field_count; i++) {
        char *other = field_snake(structure, i);
        number += i < index && strcmp(other, name) == 0;
        number += is_bits && strncmp(other, name, length - 5) == 0 &&
                  strlen(other) == length - 5 && is_float(structure, i);
    }
    return number > 1 ? name_format("%s_%u", name, number) : name;
}

/* Read field `index` of a struct. */
static struct field read_field(const struct structure *structure, uint32_t index)
{
    struct field out = {.c = structure->c, .owner = structure->plain, .brand = structure->brand};
    struct schema_field_reader reader = schema_field_list_at(structure->fields, index);
    struct schema_field_slot_reader slot = schema_field_get_slot(reader);
    struct schema_type_reader type;
    out.name = field_name(structure, index);
    out.discriminant = schema_field_get_discriminant_value(reader);
    out.in_union = out.discriminant != UINT16_MAX;
    out.comment = request_comment(schema_node_get_id(structure->node), (int)index);
    if (schema_field_which(reader) == SCHEMA_FIELD_WHICH_GROUP) {
        out.is_group = true;
        out.group = request_node_must(
            schema_field_group_get_type_id(schema_field_get_group(reader)), out.name);
        out.group_c = brand_c_name(out.group, out.brand);
        return out;
    }
    schema_field_slot_get_type(slot, &type);
    out.type = type_in(type, out.brand);
    out.offset = schema_field_slot_get_offset(slot);
    schema_field_slot_get_default_value(slot, &out.value);
    out.bits = type_value_bits(out.value);
    struct capnp_any any;
    out.has_default = type_is_pointer(&out.type) && type_value_any(out.value, &any);
    return out;
}

struct field structure_field(const struct structure *structure, uint32_t index)
{
    if (!structure->known[index]) {
        /* As all that this program makes, it lives until the end. */
        structure->known[index] = malloc(sizeof **structure->known);
        if (!structure->known[index])
            request_fatal("out of memory");
        *structure->known[index] = read_field(structure, index);
    }
    return *structure->known[index];
}

/* The name of an enumerant as the schema writes it. */
static char *enumerant_name(const void *list, uint32_t index)
{
    struct capnp_text text;
    schema_enumerant_get_name(
        schema_enumerant_list_at(*(const struct schema_enumerant_list *)list, index), &text);
    return name_text(text);
}

char *type_enumerant(struct schema_enumerant_list list, uint32_t index)
{
    static const char *const reserved[] = {"count", NULL}; /* how many there are */
    return request_member_name(index, enumerant_name, &list, reserved);
}

char *field_default_name(const struct field *field)
{
    return name_format("%s_default_%s", field->owner, field->name);
}
