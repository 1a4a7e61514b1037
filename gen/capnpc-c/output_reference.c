/* SPDX-License-Identifier: MIT */
/* Writing typed references to objects, and to those in results that have not come. */
#include "interface.h"

#include "name.h"

void reference_type(FILE *out, struct schema_node_reader node)
{
    const char *c = request_c_name(node);
    fprintf(out, "/* A reference to an object that has the interface; see rpc_reference.h. */\n"
                 "struct %s_ref {\n    struct rpc_client *rpc;\n    struct rpc_target target;\n"
                 "};\n\n", c);
}

/* Write the calls of a method by reference. */
static void write_calls(FILE *out, const char *c, const struct method *method)
{
    const char *params = method->params.is_empty ? "0" : "params";
    const char *results = method->results.is_empty ? "0" : "results";
    fprintf(out, "static inline enum exo_status %s_at(struct %s_ref at%s)\n{\n"
                 "    return rpc_reference_call(at.rpc, at.target, &%s_method, %s, %s);\n}\n\n",
            method->c, c, interface_arguments(method, true, true), method->c, params, results);
    fprintf(out, "static inline enum exo_status %s_send_at(struct %s_ref at%s,\n"
                 "    uint32_t *question)\n{\n"
                 "    return rpc_reference_send(at.rpc, at.target, &%s_method, %s, question);\n"
                 "}\n\n", method->c, c, interface_arguments(method, true, false), method->c,
            params);
    fprintf(out, "static inline enum exo_status %s_wait_at(struct %s_ref at, uint32_t question,\n"
                 "    uint64_t deadline%s)\n{\n"
                 "    return rpc_reference_wait(at.rpc, &%s_method, question, deadline, %s);\n"
                 "}\n\n", method->c, c, interface_arguments(method, false, true), method->c,
            results);
    if (method->params.is_empty || method->is_stream)
        return;
    fprintf(out, "static inline enum exo_status %s_begin_at(struct %s_ref at,\n"
                 "    struct %s_builder *params)\n{\n"
                 "    rpc_reference_begin(at.rpc, at.target, &%s_method);\n"
                 "    return rpc_status(%s_init_root(&at.rpc->builder, params));\n}\n\n",
            method->c, c, method->params.structure.c, method->c, method->params.structure.c);
    fprintf(out, "static inline enum exo_status %s_finish_at(struct %s_ref at%s)\n{\n"
                 "    return rpc_reference_finish(at.rpc, at.target, &%s_method, %s);\n}\n\n",
            method->c, c, interface_arguments(method, false, true), method->c, results);
}

/* Write the references to what the results of a method will hold. */
static void write_promises(FILE *out, const struct method *method)
{
    const struct structure *structure = &method->results.structure;
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        struct schema_node_reader node;
        if (field.is_group || field.type.kind != TYPE_CAPABILITY || field.type.id == 0 ||
            !request_node(field.type.id, &node))
            continue;
        const char *c = request_c_name(node);
        fprintf(out, "static inline struct %s_ref %s_promise_%s(struct rpc_client *rpc,\n"
                     "    uint32_t question)\n{\n"
                     "    struct %s_ref out = {rpc, rpc_promise(question, %u)};\n"
                     "    return out;\n}\n\n", c, method->c, field.name, c, field.offset);
    }
}

void reference_calls(FILE *out, struct schema_node_reader node)
{
    const char *c = request_c_name(node);
    struct ancestors ancestors = interface_ancestors(node);
    fprintf(out, "static inline struct %s_ref %s_ref_of(struct rpc_client *rpc, uint32_t object)\n"
                 "{\n    struct %s_ref out = {rpc, rpc_reference(object)};\n    return out;\n"
                 "}\n\n", c, c, c);
    fprintf(out, "static inline enum exo_status %s_ref_release(struct %s_ref at)\n{\n"
                 "    return rpc_reference_release(at.rpc, at.target.object);\n}\n\n", c, c);
    fprintf(out, "/* Give the client of a call an object; see rpc_object_give. */"
                 "\nstatic inline uint32_t %s_object(struct rpc_call *call,\n"
                 "    const struct %s_methods *methods, void *context, rpc_released *released)\n"
                 "{\n    return rpc_object_give(call, &%s_service, methods, context, released);\n"
                 "}\n\n", c, c, c);
    for (uint32_t i = 0; i < ancestors.count; i++) {
        const char *super = request_c_name(ancestors.items[i]);
        fprintf(out, "static inline struct %s_ref %s_ref_as_%s(struct %s_ref at)\n{\n"
                     "    struct %s_ref out = {at.rpc, at.target};\n    return out;\n}\n\n",
                super, c, super, c, super);
    }
    for (uint32_t i = 0; i < interface_method_count(node); i++) {
        struct method method = interface_method(node, i);
        write_calls(out, c, &method);
        write_promises(out, &method);
    }
}
