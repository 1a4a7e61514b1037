/* SPDX-License-Identifier: MIT */
/* Reading and checking the declaration of the kernel's calls. */
#include "kernel.h"

#include "name.h"

#include <string.h>

bool kernel_nested(struct schema_node_reader scope, const char *name,
                   struct schema_node_reader *out)
{
    struct schema_node_nested_node_list nested;
    schema_node_get_nested_nodes(scope, &nested);
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(nested); i++) {
        struct schema_node_nested_node_reader one = schema_node_nested_node_list_at(nested, i);
        struct capnp_text text;
        schema_node_nested_node_get_name(one, &text);
        if (capnp_text_is(text, name))
            return request_node(schema_node_nested_node_get_id(one), out);
    }
    return false;
}

/* The number of the enumerant whose snake-case name is `name`, or -1. */
static int enumerant_number(struct schema_node_reader node, const char *name)
{
    struct schema_enumerant_list enumerants;
    schema_node_enum_get_enumerants(schema_node_get_enum(node), &enumerants);
    for (uint32_t i = 0; i < schema_enumerant_list_count(enumerants); i++) {
        struct capnp_text text;
        schema_enumerant_get_name(schema_enumerant_list_at(enumerants, i), &text);
        if (strcmp(name_snake(name_text(text)), name) == 0)
            return (int)i;
    }
    return -1;
}

/* All rights bits that the constants `rightNAME` of the file name. */
static unsigned known_rights(struct schema_node_reader file)
{
    struct schema_node_nested_node_list nested;
    unsigned rights = 0;
    schema_node_get_nested_nodes(file, &nested);
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(nested); i++) {
        struct schema_node_nested_node_reader one = schema_node_nested_node_list_at(nested, i);
        struct schema_node_reader node;
        struct schema_value_reader value;
        struct capnp_text text;
        schema_node_nested_node_get_name(one, &text);
        if (strncmp(name_text(text), "right", 5) != 0 ||
            !request_node(schema_node_nested_node_get_id(one), &node) ||
            schema_node_which(node) != SCHEMA_NODE_WHICH_CONST)
            continue;
        schema_node_const_get_value(schema_node_get_const(node), &value);
        rights |= schema_value_get_uint16(value);
    }
    return rights;
}

/* Does a type fit one register word; says whether it is signed. */
static bool fits_word(struct schema_type_reader type, bool *is_signed)
{
    enum schema_type_which which = schema_type_which(type);
    *is_signed = which >= SCHEMA_TYPE_WHICH_INT8 && which <= SCHEMA_TYPE_WHICH_INT64;
    return (which >= SCHEMA_TYPE_WHICH_BOOL && which <= SCHEMA_TYPE_WHICH_UINT64) ||
           which == SCHEMA_TYPE_WHICH_ENUM;
}

/* Read the parameters or results of a call from their struct. */
static unsigned read_words(const struct kernel_model *model, const char *path, uint64_t struct_id,
                           const char *what, struct kernel_word words[KERNEL_WORDS_MAX])
{
    struct schema_node_reader node = request_node_must(struct_id, path);
    struct schema_field_list fields;
    schema_node_struct_get_fields(schema_node_get_struct(node), &fields);
    unsigned count = schema_field_list_count(fields);
    if (count > KERNEL_WORDS_MAX) {
        request_error(model->file, path, "%u %s do not fit the %d register words; pass the address "
                      "and count of a list of words", count, what, KERNEL_WORDS_MAX);
        return 0;
    }
    for (unsigned i = 0; i < count; i++) {
        struct schema_field_reader field = schema_field_list_at(fields, i);
        struct schema_type_reader type;
        struct capnp_text text;
        schema_field_get_name(field, &text);
        words[i].name = name_snake(name_text(text));
        schema_field_slot_get_type(schema_field_get_slot(field), &type);
        if (schema_field_which(field) != SCHEMA_FIELD_WHICH_SLOT ||
            !fits_word(type, &words[i].is_signed))
            request_error(model->file, path, "\"%s\" does not fit a register word; "
                          "use an integer, Bool or enum", words[i].name);
    }
    return count;
}

/* Read $object, and find its kind. */
static void read_object(const struct kernel_model *model, struct kernel_call *call,
                        const char *path, struct schema_annotation_list annotations)
{
    struct schema_value_reader value;
    struct schema_node_reader kinds;
    struct capnp_text text;
    call->object = "none";
    call->kind = KERNEL_OBJECT_NONE;
    if (!request_annotation(annotations, "object", &value)) {
        request_error(model->file, path, "no $object says which object the call is for; "
                      "add $C.object(\"none\"), \"any\" or a value of ObjectKind");
        return;
    }
    schema_value_get_text(value, &text);
    call->object = name_text(text);
    if (strcmp(call->object, "none") == 0)
        return;
    call->kind = KERNEL_OBJECT_ANY;
    if (strcmp(call->object, "any") == 0)
        return;
    int kind = kernel_nested(model->file, "ObjectKind", &kinds)
                   ? enumerant_number(kinds, call->object)
                   : -1;
    if (kind < 0)
        request_error(model->file, path, "there is no object kind \"%s\"; use \"none\", \"any\" or "
                      "a value of ObjectKind", call->object);
    else
        call->kind = (unsigned)kind;
}

/* Read $errors. */
static void read_errors(const struct kernel_model *model, struct kernel_call *call,
                        const char *path, struct schema_annotation_list annotations)
{
    struct schema_value_reader value;
    struct capnp_any any;
    call->statuses = 1u << enumerant_number(model->status, "ok") |
                     1u << enumerant_number(model->status, "bad_call") |
                     1u << enumerant_number(model->status, "no_gas");
    if (call->kind != KERNEL_OBJECT_NONE)
        call->statuses |= 1u << enumerant_number(model->status, "bad_capability");
    if (!request_annotation(annotations, "errors", &value))
        return;
    schema_value_get_list(value, &any);
    for (uint32_t i = 0; i < any.list.count; i++) {
        struct capnp_text text;
        capnp_list_text(&any.list, i, &text);
        char *name = name_text(text);
        int status = enumerant_number(model->status, name);
        if (status <= 0)
            request_error(model->file, path, "there is no error \"%s\"; use a value of Status in "
                          "status.capnp, in lower case with underscores", name);
        else
            call->statuses |= 1u << status;
    }
}

/* Read $rights and $gas. */
static void read_price(const struct kernel_model *model, struct kernel_call *call,
                       const char *path, struct schema_annotation_list annotations)
{
    struct schema_value_reader value;
    unsigned known = known_rights(model->file);
    if (request_annotation(annotations, "rights", &value))
        call->rights = schema_value_get_uint16(value);
    if (call->rights & ~known)
        request_error(model->file, path, "rights 0x%x hold bits that no constant rightNAME has; "
                      "use bits of 0x%x", call->rights, known);
    if (call->rights && call->kind == KERNEL_OBJECT_NONE)
        request_error(model->file, path, "rights 0x%x are asked of no object; "
                      "name the object with $C.object or leave out $C.rights", call->rights);
    if (!request_annotation(annotations, "gas", &value))
        request_error(model->file, path, "no $gas says what the call costs; add $C.gas(UNITS)");
    else
        call->gas = schema_value_get_uint32(value);
}

/* Read one method. */
static void read_call(struct kernel_model *model, uint32_t number,
                      struct schema_method_reader method)
{
    struct kernel_call *call = &model->calls[number];
    struct schema_annotation_list annotations;
    struct schema_value_reader value;
    struct capnp_text text;
    schema_method_get_name(method, &text);
    char *path = name_format("%s.%s", request_path(model->interface), name_text(text));
    call->name = name_snake(name_text(text));
    call->upper = name_upper(name_text(text));
    call->comment = request_comment(schema_node_get_id(model->interface), (int)number);
    schema_method_get_annotations(method, &annotations);
    read_object(model, call, path, annotations);
    read_price(model, call, path, annotations);
    read_errors(model, call, path, annotations);
    call->steps = request_annotation(annotations, "steps", &value);
    call->local = request_annotation(annotations, "local", &value);
    call->parameter_count = read_words(model, path, schema_method_get_param_struct_type(method),
                                       "parameters", call->parameters);
    call->result_count = read_words(model, path, schema_method_get_result_struct_type(method),
                                    "results", call->results);
}

void kernel_model_read(struct kernel_model *model, struct schema_node_reader file)
{
    struct schema_method_list methods;
    model->file = file;
    if (!kernel_nested(file, "Kernel", &model->interface) ||
        schema_node_which(model->interface) != SCHEMA_NODE_WHICH_INTERFACE)
        request_fatal("kernel.capnp holds no interface Kernel; declare the calls in it");
    if (!request_node(REQUEST_FILE_STATUS, &model->status_file) ||
        !kernel_nested(model->status_file, "Status", &model->status))
        request_fatal("status.capnp is not in the request; "
                      "compile idl/kernel.capnp and idl/status.capnp in one command");
    schema_node_interface_get_methods(schema_node_get_interface(model->interface), &methods);
    model->call_count = schema_method_list_count(methods);
    if (model->call_count > KERNEL_CALL_MAX)
        request_fatal("kernel.capnp declares %u calls, and at most %d are allowed; take out calls, "
                      "or raise KERNEL_CALL_MAX in gen/capnpc-c/kernel.h",
                      model->call_count, KERNEL_CALL_MAX);
    for (uint32_t i = 0; i < model->call_count; i++)
        read_call(model, i, schema_method_list_at(methods, i));
}
