/* SPDX-License-Identifier: MIT */
/* Writing interfaces: typed clients, and server skeletons with their dispatch loop. */
#include "interface.h"
#include "output.h"

#include "name.h"

#include <inttypes.h>
#include <string.h>

struct payload interface_payload(struct structure structure, const char *c)
{
    struct payload out = {.c = c, .is_empty = true};
    out.structure = structure;
    out.is_complex = out.structure.union_count > 0;
    for (uint32_t i = 0; i < out.structure.field_count; i++) {
        struct field field = structure_field(&out.structure, i);
        if (field.is_group || field.type.kind != TYPE_VOID)
            out.is_empty = false;
        out.is_complex |= field.is_group;
        out.has_slow |= !field.is_group && field.type.kind >= TYPE_LIST &&
                        field.type.kind != TYPE_CAPABILITY;
    }
    out.has_slow |= out.is_complex;
    return out;
}

/* Read the payload that the struct with this id makes. */
static struct payload payload_of(uint64_t id, struct schema_brand_reader use, const char *c)
{
    return interface_payload(structure_in(request_node_must(id, c), brand_of(id, use, NULL)), c);
}

uint32_t interface_method_count(struct schema_node_reader interface)
{
    struct schema_method_list methods;
    schema_node_interface_get_methods(schema_node_get_interface(interface), &methods);
    return schema_method_list_count(methods);
}

/* The name of a method as the schema writes it. */
static char *method_name(const void *list, uint32_t index)
{
    struct capnp_text text;
    schema_method_get_name(
        schema_method_list_at(*(const struct schema_method_list *)list, index), &text);
    return name_text(text);
}

/* The name of a method in snake case, and with a number if its functions would be called like those
 * of a method before it, of the interface, or of another method: `fooSend` beside `foo`. */
static char *unique_name(struct schema_method_list methods, uint32_t index)
{
    static const char *const reserved[] = {"client", "serve",        "serve_events", "reconnect",
                                           "drain",  "dispatch",     "dispatch_inline",
                                           "methods", NULL};
    static const char *const tails[] = {"send",  "post",   "wait",   "begin", "finish",
                                        "reply", "params", "results", NULL};
    char *name = request_member_name(index, method_name, &methods, reserved);
    for (uint32_t i = 0; i < schema_method_list_count(methods); i++)
        for (int k = 0; tails[k]; k++)
            if (strcmp(name, name_format("%s_%s", name_snake(method_name(&methods, i)),
                                         tails[k])) == 0)
                return name_format("%s_2", name);
    return name;
}

struct method interface_method(struct schema_node_reader interface, uint32_t index)
{
    struct method out = {.number = index};
    struct schema_method_list methods;
    struct schema_brand_reader use;
    struct capnp_text text;
    schema_node_interface_get_methods(schema_node_get_interface(interface), &methods);
    struct schema_method_reader method = schema_method_list_at(methods, index);
    schema_method_get_name(method, &text);
    char *name = name_text(text);
    char *unique = unique_name(methods, index);
    out.c = name_format("%s_%s", request_c_name(interface), unique);
    out.name = name_member(unique);
    out.path = name_format("%s.%s", request_path(interface), name);
    out.comment = request_comment(schema_node_get_id(interface), (int)index);
    schema_method_get_param_brand(method, &use);
    out.params = payload_of(schema_method_get_param_struct_type(method), use,
                            name_format("%s_params", out.c));
    schema_method_get_result_brand(method, &use);
    out.results = payload_of(schema_method_get_result_struct_type(method), use,
                             name_format("%s_results", out.c));
    return out;
}

/* The parameters `params` and `results` of a function, each only if something travels. */
static char *arguments(const struct method *method, bool with_params, bool with_results)
{
    return name_format("%s%s", !with_params || method->params.is_empty ? "" :
                           name_format(", const struct %s *params", method->params.c),
                       !with_results || method->results.is_empty ? "" :
                           name_format(", struct %s *results", method->results.c));
}

/* Write the prototypes of a method's client functions. */
static void write_prototypes(FILE *out, const char *c, const struct method *method)
{
    fprintf(out, "enum exo_status %s(struct %s_client *client%s);\n", method->c, c,
            arguments(method, true, true));
    fprintf(out, "enum exo_status %s_send(struct %s_client *client%s,\n    uint32_t *question);\n",
            method->c, c, arguments(method, true, false));
    fprintf(out, "enum exo_status %s_post(struct %s_client *client%s);\n", method->c, c,
            arguments(method, true, false));
    fprintf(out, "enum exo_status %s_wait(struct %s_client *client, uint32_t question,\n"
                 "    uint64_t deadline%s);\n", method->c, c, arguments(method, false, true));
    if (!method->params.is_empty)
        fprintf(out, "enum exo_status %s_begin(struct %s_client *client,\n"
                     "    struct %s_builder *params);\n"
                     "enum exo_status %s_finish(struct %s_client *client%s);\n",
                method->c, c, method->params.structure.c, method->c, c,
                arguments(method, false, true));
    if (!method->results.is_empty)
        fprintf(out, "enum exo_status %s_reply(struct rpc_call *call, struct %s_builder *results);"
                     "\n", method->c, method->results.structure.c);
    fputc('\n', out);
}

/* Write the small functions that every client has. */
static void write_client_head(FILE *out, const char *c)
{
    fprintf(out, "/* A client of the interface; one for each Thread. */\n"
                 "struct %s_client {\n    struct rpc_client rpc;\n};\n\n", c);
    fprintf(out, "static inline enum exo_status %s_client_open(struct %s_client *client,\n"
                 "    const struct binding *binding)\n{\n"
                 "    return rpc_client_open(&client->rpc, binding);\n}\n\n", c, c);
    fprintf(out, "static inline enum exo_status %s_reconnect(struct %s_client *client)\n{\n"
                 "    return rpc_client_reconnect(&client->rpc);\n}\n\n", c, c);
    fprintf(out, "static inline enum exo_status %s_client_flush(struct %s_client *client)\n{\n"
                 "    return rpc_client_flush(&client->rpc);\n}\n\n", c, c);
    fprintf(out, "static inline enum exo_status %s_client_keep(struct %s_client *client,\n"
                 "    uint32_t *question)\n{\n"
                 "    return rpc_client_keep(&client->rpc, question);\n}\n\n", c, c);
    fprintf(out, "static inline enum exo_status %s_client_settle(struct %s_client *client,\n"
                 "    uint64_t deadline)\n{\n"
                 "    return rpc_client_settle(&client->rpc, deadline);\n}\n\n", c, c);
    fprintf(out, "static inline void %s_client_finish(struct %s_client *client, uint32_t question)"
                 "\n{\n    rpc_client_finish(&client->rpc, question);\n}\n\n", c, c);
    fprintf(out, "static inline void %s_client_timeout(struct %s_client *client, uint64_t ticks)"
                 "\n{\n    rpc_client_timeout(&client->rpc, ticks);\n}\n\n", c, c);
    fprintf(out, "static inline void %s_client_cancel(struct %s_client *client, uint32_t question)"
                 "\n{\n    rpc_client_cancel(&client->rpc, question);\n}\n\n", c, c);
}

void output_interface_header(FILE *out, struct schema_node_reader node)
{
    const char *c = request_c_name(node);
    uint32_t count = interface_method_count(node);
    write_comment(out, request_comment(schema_node_get_id(node), -1));
    fprintf(out, "#define %s_TYPE_ID UINT64_C(0x%016" PRIx64 ")\n\n", name_upper(c),
            schema_node_get_id(node));
    for (uint32_t i = 0; i < count; i++) {
        struct method method = interface_method(node, i);
        codec_struct(out, &method.params);
        codec_struct(out, &method.results);
    }
    write_client_head(out, c);
    for (uint32_t i = 0; i < count; i++) {
        struct method method = interface_method(node, i);
        write_comment(out, method.comment);
        write_prototypes(out, c, &method);
    }
    fprintf(out, "/* A server of the interface; what is null answers EXO_STATUS_BAD_CALL. */\n"
                 "struct %s_methods {\n", c);
    for (uint32_t i = 0; i < count; i++) {
        struct method method = interface_method(node, i);
        fprintf(out, "    enum exo_status (*%s)(struct rpc_call *call%s);\n", method.name,
                arguments(&method, true, true));
    }
    if (count == 0)
        fputs("    char nothing;\n", out);
    fprintf(out, "};\n\n/* A handler Thread's life: returns only when it cannot begin. */\n"
                 "enum exo_status %s_serve(const struct %s_methods *methods, void *context,\n"
                 "    const struct binding *binding);\n\n"
                 "/* The life of the Thread that serves asynchronous calls, as %s_serve. */\n"
                 "enum exo_status %s_serve_events(const struct %s_methods *methods,\n"
                 "    void *context, const struct binding *binding);\n\n", c, c, c, c, c);
    fprintf(out, "/* Serve one request that lies somewhere else than in a channel. */\n"
                 "enum exo_status %s_dispatch(struct rpc_call *call, uint16_t method,\n"
                 "    const uint64_t *words, uint32_t length, uint32_t *reply_length);\n\n", c);
}

/* Write the expression and statements that take a reply apart; ends the function. */
static void write_take(FILE *out, const struct payload *results)
{
    if (results->is_empty)
        fputs("    return rpc_client_result(rpc, EXO_STATUS_OK);\n}\n\n", out);
    else if (results->has_slow)
        fprintf(out, "    status = %s_decode(&rpc->message, reply.words, reply.length,\n"
                     "        rpc->received, results);\n"
                     "    return rpc_client_result(rpc, status);\n}\n\n",
                results->c);
    else
        fprintf(out, "    if (__builtin_expect(!%s_expected(reply.words, reply.length,\n"
                     "            rpc->received, results), 0))\n"
                     "        status = %s_decode(&rpc->message, reply.words, reply.length,\n"
                     "            rpc->received, results);\n"
                     "    return rpc_client_result(rpc, status);\n}\n\n",
                results->c, results->c);
}

/* Write the synchronous call. */
static void write_call(FILE *out, const char *c, const struct method *method)
{
    fprintf(out, "enum exo_status %s(struct %s_client *client%s)\n{\n"
                 "    struct rpc_client *rpc = &client->rpc;\n    struct capnp_builder builder;\n"
                 "    struct rpc_reply reply;\n"
                 "    uint64_t transfer = 0;\n    enum exo_status status = EXO_STATUS_OK;\n"
                 "    rpc_client_begin(rpc, &builder);\n", method->c, c,
            arguments(method, true, true));
    if (!method->params.is_empty)
        fprintf(out, "    status = %s_encode(&builder, params, &transfer);\n"
                     "    if (__builtin_expect(status != EXO_STATUS_OK, 0)) {\n"
                     "        if (status == EXO_STATUS_FULL && rpc_client_make_room(rpc))\n"
                     "            return %s(client, params%s);\n        return status;\n    }\n",
                method->params.c, method->c, method->results.is_empty ? "" : ", results");
    fprintf(out, "    status = rpc_client_call(rpc, %u, builder.word_count, transfer, &reply);\n"
                 "    if (__builtin_expect(status != EXO_STATUS_OK, 0))\n        return status;\n",
            method->number);
    write_take(out, &method->results);
}

/* Write one of the functions that send: with a question to ask for, or without. */
static void write_send_one(FILE *out, const char *c, const struct method *method, bool is_asked)
{
    const char *state = is_asked ? "RPC_QUESTION_SENT" : "RPC_QUESTION_UNASKED";
    fprintf(out, "enum exo_status %s_%s(struct %s_client *client%s%s)\n{\n"
                 "    struct rpc_client *rpc = &client->rpc;\n    struct capnp_builder builder;\n"
                 "    uint64_t transfer = 0;\n"
                 "    enum exo_status status = rpc_client_send_begin(rpc, &builder);\n"
                 "    if (__builtin_expect(status != EXO_STATUS_OK, 0))\n        return status;\n",
            method->c, is_asked ? "send" : "post", c, arguments(method, true, false),
            is_asked ? ",\n    uint32_t *question" : "");
    if (!method->params.is_empty)
        fprintf(out, "    status = %s_encode(&builder, params, &transfer);\n"
                     "    if (__builtin_expect(status != EXO_STATUS_OK, 0)) {\n"
                     "        if (status == EXO_STATUS_FULL && rpc_client_make_room(rpc))\n"
                     "            return %s_%s(client, params%s);\n        return status;\n    }\n",
                method->params.c, method->c, is_asked ? "send" : "post",
                is_asked ? ", question" : "");
    fprintf(out, "    if (__builtin_expect(transfer != 0, 0))\n"
                 "        return rpc_client_send_now(rpc, %u, builder.word_count, transfer,\n"
                 "            %s, %s);\n"
                 "    %srpc_client_send(rpc, %u, builder.word_count, %s);\n%s"
                 "    return EXO_STATUS_OK;\n}\n\n", method->number, state,
            is_asked ? "question" : "0", is_asked ? "*question = " : "", method->number, state,
            is_asked ? "    rpc->has_asked = true;\n" : "");
}

/* Write the asynchronous call: send and wait. */
static void write_send(FILE *out, const char *c, const struct method *method)
{
    write_send_one(out, c, method, true);
    write_send_one(out, c, method, false);
    fprintf(out, "enum exo_status %s_wait(struct %s_client *client, uint32_t question,\n"
                 "    uint64_t deadline%s)\n{\n"
                 "    struct rpc_client *rpc = &client->rpc;\n    struct rpc_reply reply;\n"
                 "    enum exo_status status = rpc_client_reply(rpc, question, deadline, &reply);\n"
                 "    if (__builtin_expect(status != EXO_STATUS_OK, 0))\n        return status;\n",
            method->c, c, arguments(method, false, true));
    write_take(out, &method->results);
}

/* Write the functions for messages that the program builds itself. */
static void write_built(FILE *out, const char *c, const struct method *method)
{
    if (!method->params.is_empty) {
        fprintf(out, "enum exo_status %s_begin(struct %s_client *client,\n"
                     "    struct %s_builder *params)\n{\n"
                     "    rpc_client_build(&client->rpc);\n"
                     "    return rpc_status(%s_init_root(&client->rpc.builder, params));\n}\n\n",
                method->c, c, method->params.structure.c, method->params.structure.c);
        fprintf(out, "enum exo_status %s_finish(struct %s_client *client%s)\n{\n"
                     "    struct rpc_client *rpc = &client->rpc;\n    struct rpc_reply reply;\n"
                     "    enum exo_status status = rpc_status(rpc->builder.error);\n"
                     "    if (status == EXO_STATUS_OK)\n"
                     "        status = rpc_client_call(rpc, %u, rpc->builder.word_count, "
                     "rpc->transfer,\n            &reply);\n"
                     "    if (status != EXO_STATUS_OK)\n        return status;\n",
                method->c, c, arguments(method, false, true), method->number);
        write_take(out, &method->results);
    }
    if (!method->results.is_empty)
        fprintf(out, "enum exo_status %s_reply(struct rpc_call *call, struct %s_builder *results)\n"
                     "{\n    rpc_server_build(call);\n"
                     "    return rpc_status(%s_init_root(&call->builder, results));\n}\n\n",
                method->c, method->results.structure.c, method->results.structure.c);
}

/* Write a method's case of the dispatcher. */
static void write_case(FILE *out, const struct method *method)
{
    const struct payload *params = &method->params, *results = &method->results;
    fprintf(out, "    case %u: {\n        if (!methods->%s)\n"
                 "            return EXO_STATUS_BAD_CALL;\n", method->number, method->name);
    if (!params->is_empty) {
        fprintf(out, "        struct %s params;\n", params->c);
        if (!params->has_slow)
            fprintf(out, "        if (__builtin_expect(!%s_expected(words, length, call->received, "
                         "&params), 0))", params->c);
        fprintf(out, "\n            status = %s_decode(&call->message, words, length,\n"
                     "                call->received, &params);\n"
                     "        if (status != EXO_STATUS_OK)\n            return status;\n",
                         params->c);
    }
    if (!results->is_empty)
        fprintf(out, "        struct %s results = {0};\n        struct capnp_builder builder;\n"
                     "        uint64_t transfer = 0;\n", results->c);
    for (uint32_t i = 0; i < results->structure.field_count && !results->is_complex; i++) {
        struct field field = structure_field(&results->structure, i);
        if (field.type.kind == TYPE_CAPABILITY)
            fprintf(out, "        results.%s = EXO_NONE;\n", codec_member_name(&field));
    }
    fprintf(out, "        status = methods->%s(call%s%s);\n", method->name,
            params->is_empty ? "" : ", &params", results->is_empty ? "" : ", &results");
    if (results->is_empty) {
        fputs("        return status;\n    }\n", out);
        return;
    }
    fprintf(out, "        if (__builtin_expect((status | call->is_built) != 0, 0))\n"
                 "            return rpc_server_built(call, status, reply_length);\n"
                 "        rpc_server_begin(channel, &builder);\n"
                 "        status = %s_encode(&builder, &results, &transfer);\n"
                 "        *reply_length = builder.word_count;\n"
                 "        if (transfer != 0) {\n            call->transfer = transfer;\n"
                 "            call->has_capabilities = true;\n        }\n"
                 "        return status;\n    }\n", results->c);
}

/* Write the server: dispatcher and loops. */
static void write_server(FILE *out, struct schema_node_reader node, const char *c)
{
    fprintf(out, "RPC_INLINE enum exo_status %s_dispatch_inline(struct rpc_call *call,\n"
                 "    struct rpc_channel *channel, uint64_t method, const uint64_t *words,\n"
                 "    uint32_t length, uint32_t *reply_length)\n{\n"
                 "    const struct %s_methods *methods = call->methods;\n"
                 "    enum exo_status status = EXO_STATUS_OK;\n"
                 "    (void)methods, (void)words, (void)length, (void)status, (void)reply_length;\n"
                 "    (void)channel;\n"
                 "    switch (method) {\n", c, c);
    for (uint32_t i = 0; i < interface_method_count(node); i++) {
        struct method method = interface_method(node, i);
        write_case(out, &method);
    }
    fputs("    default: return EXO_STATUS_BAD_CALL;\n    }\n}\n\n", out);
    fprintf(out, "enum exo_status %s_dispatch(struct rpc_call *call, uint16_t method,\n"
                 "    const uint64_t *words, uint32_t length, uint32_t *reply_length)\n{\n"
                 "    return %s_dispatch_inline(call, call->channel, method, words, length,\n"
                 "        reply_length);\n}\n\n", c, c);
    fprintf(out, "/* See rpc_drain. */\n"
                 "static void %s_drain(struct rpc_call *call, const uint64_t *ring,\n"
                 "    uint32_t mask, uint32_t head, uint32_t count)\n{\n"
                 "    rpc_server_drain(call, ring, mask, head, count, %s_dispatch_inline);\n}\n\n",
            c, c);
    for (int is_events = 0; is_events < 2; is_events++) {
        fprintf(out, "enum exo_status %s_serve%s(const struct %s_methods *methods, void *context,\n"
                     "    const struct binding *binding)\n{\n"
                     "    struct rpc_call call = {.context = context, .methods = methods};\n"
                     "    struct rpc_server *server = rpc_server_join(binding, &call, %s);\n"
                     "    if (!server)\n        return EXO_STATUS_FULL;\n",
                c, is_events ? "_events" : "", c, is_events ? "true" : "false");
        if (is_events)
            fprintf(out, "    rpc_server_events(server, &call, %s_drain, %s_dispatch);\n}\n\n",
                    c, c);
        else
            fprintf(out, "    rpc_server_loop(server, &call, %s_drain, %s_dispatch_inline);\n"
                         "    return EXO_STATUS_OK;\n}\n\n", c, c);
    }
}

void output_interface_code(FILE *out, struct schema_node_reader node)
{
    const char *c = request_c_name(node);
    for (uint32_t i = 0; i < interface_method_count(node); i++) {
        struct method method = interface_method(node, i);
        codec_encode(out, &method.params);
        codec_decode(out, &method.params);
        codec_encode(out, &method.results);
        codec_decode(out, &method.results);
        write_call(out, c, &method);
        write_send(out, c, &method);
        write_built(out, c, &method);
    }
    write_server(out, node, c);
}
