/* SPDX-License-Identifier: MIT */
/* Writing what `$deadline` and `$idempotent` of a method make of its call; see rpc_retry.h. */
#include "interface.h"
#include "output.h"

#include "name.h"

/* The struct of results that the compiler gives to methods with `-> stream`. */
#define STREAM_RESULT_ID UINT64_C(0x995f9a3377c0b16e)

/* Read the annotations of a method. */
static struct retry_policy policy_of(struct schema_method_reader method, bool *has_deadline)
{
    struct schema_annotation_list annotations;
    struct schema_value_reader value;
    struct retry_policy out = {false, 0};
    schema_method_get_annotations(method, &annotations);
    out.is_idempotent = request_annotation(annotations, "idempotent", &value);
    *has_deadline = request_annotation(annotations, "deadline", &value);
    if (*has_deadline)
        out.deadline_ms = schema_value_get_uint32(value);
    return out;
}

struct retry_policy retry_policy_of(struct schema_method_reader method)
{
    bool has_deadline;
    return policy_of(method, &has_deadline);
}

void retry_check(struct schema_node_reader interface, bool is_kernel)
{
    struct schema_method_list methods;
    schema_node_interface_get_methods(schema_node_get_interface(interface), &methods);
    for (uint32_t i = 0; i < schema_method_list_count(methods); i++) {
        struct schema_method_reader method = schema_method_list_at(methods, i);
        struct capnp_text name;
        bool has_deadline;
        struct retry_policy policy = policy_of(method, &has_deadline);
        schema_method_get_name(method, &name);
        char *path = name_format("%s.%s", request_path(interface), name_text(name));
        if (is_kernel && (policy.is_idempotent || has_deadline))
            request_error(interface, path, "$%s is for methods of services, which clients call; "
                          "take it away from this kernel call",
                          has_deadline ? "deadline" : "idempotent");
        else if (has_deadline && policy.deadline_ms == 0)
            request_error(interface, path, "$deadline(0) would end every call before it is made; "
                          "write milliseconds, at least 1, or take it away");
        if (policy.is_idempotent &&
            schema_method_get_result_struct_type(method) == STREAM_RESULT_ID)
            request_error(interface, path, "$idempotent means nothing for a method that streams: "
                          "nobody waits for its answer, so it is never made again; take it away");
    }
}

bool retry_has(const struct method *method)
{
    return method->retry.is_idempotent || method->retry.deadline_ms > 0;
}

void retry_code(FILE *out, const char *c, const struct method *method)
{
    if (!retry_has(method))
        return;
    const char *params = method->params.is_empty ? "" : ", params";
    const char *results = method->results.is_empty ? "" : ", results";
    fprintf(out, "enum exo_status %s(struct %s_client *client%s)\n{\n"
                 "    struct rpc_retry retry;\n    enum exo_status status;\n"
                 "    rpc_retry_begin(&retry, &client->rpc, %u);\n", method->c, c,
            interface_arguments(method, true, true), method->retry.deadline_ms);
    if (method->retry.is_idempotent)
        fprintf(out, "    do\n        status = %s_once(client%s%s);\n"
                     "    while (rpc_retry_again(&retry, &status));\n", method->c, params, results);
    else
        fprintf(out, "    status = %s_once(client%s%s);\n", method->c, params, results);
    fputs("    return rpc_retry_end(&retry, status);\n}\n\n", out);
}

void retry_send(FILE *out, const char *c, const struct method *method)
{
    if (method->retry.deadline_ms == 0)
        return;
    fprintf(out, "enum exo_status %s_send(struct %s_client *client%s,\n    uint32_t *question)\n{\n"
                 "    enum exo_status status = %s_send_once(client%s, question);\n"
                 "    if (status == EXO_STATUS_OK)\n"
                 "        rpc_retry_sent(&client->rpc, *question, %u);\n"
                 "    return status;\n}\n\n", method->c, c,
            interface_arguments(method, true, false), method->c,
            method->params.is_empty ? "" : ", params", method->retry.deadline_ms);
}

void retry_wait(FILE *out, const struct method *method)
{
    if (method->retry.is_idempotent)
        fprintf(out, "rpc_retry_wait(rpc, &%s_method, question, deadline, status, %s)", method->c,
                method->results.is_empty ? "0" : "results");
    else
        fputs("status", out);
}

void retry_built(FILE *out, const struct method *method)
{
    const char *results = method->results.is_empty ? "0" : "results";
    if (retry_has(method))
        fprintf(out, "rpc_retry_built(&client->rpc, &%s_method, %u, %s, %s)", method->c,
                method->retry.deadline_ms, method->retry.is_idempotent ? "true" : "false", results);
    else
        fprintf(out, "rpc_client_call_built(&client->rpc, &%s_method, %s)", method->c, results);
}
