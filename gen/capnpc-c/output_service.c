/* SPDX-License-Identifier: MIT */
/* Writing the server of an interface: its handlers, dispatcher and loops; and what it inherits. */
#include "interface.h"
#include "output.h"

#include "name.h"

#include <inttypes.h>

/* Write a method's case of the dispatcher. */
static void write_case(FILE *out, const struct method *method)
{
    const struct payload *params = &method->params, *results = &method->results;
    fprintf(out, "    case %u: {\n", method->number);
    if (!params->is_empty) {
        fprintf(out, "        struct %s params;\n", params->c);
        if (!params->has_slow)
            fprintf(out, "        if (__builtin_expect(!%s_expected(words, length, call->received, "
                         "&params), 0))\n    ", params->c);
        fprintf(out, "        status = %s_serve(call, words, (uint32_t)length, &params);\n"
                     "        if (__builtin_expect(status != EXO_STATUS_OK, 0))\n"
                     "            return RPC_OUTCOME(status);\n", params->c);
    }
    if (!results->is_empty)
        fprintf(out, "        struct %s results = {0};\n        struct capnp_builder builder;\n"
                     "%s", results->c, results->has_capability ?
                "        struct rpc_given given;\n        given.count = 0;\n" : "");
    for (uint32_t i = 0; i < results->structure.field_count && !results->is_complex; i++) {
        struct field field = structure_field(&results->structure, i);
        if (field.type.kind == TYPE_CAPABILITY)
            fprintf(out, "        results.%s = EXO_NONE;\n", codec_member_name(&field));
    }
    fprintf(out, "        status = methods->%s(call%s%s);\n", method->name,
            params->is_empty ? "" : ", &params", results->is_empty ? "" : ", &results");
    if (results->is_empty) {
        fputs("        return RPC_OUTCOME(status);\n    }\n", out);
        return;
    }
    fprintf(out, "        status |= call->built;\n"
                 "        if (__builtin_expect(status != 0, 0))\n"
                 "            return rpc_server_built(call, status);\n"
                 "        rpc_server_begin(channel, &builder);\n"
                 "        status = %s_encode(&builder, &results, %s);\n",
            results->c, results->has_capability ? "&given" : "0");
    if (results->has_capability)
        fputs("        return rpc_server_give(call, status, builder.word_count, &given);\n"
              "    }\n", out);
    else
        fputs("        return RPC_OUTCOME(status) | builder.word_count;\n    }\n", out);
}

/* Write the functions that stand for handlers which the program has not. */
static void write_complete(FILE *out, struct schema_node_reader node, const char *c)
{
    uint32_t count = interface_method_count(node);
    for (uint32_t i = 0; i < count; i++) {
        struct method method = interface_method(node, i);
        fprintf(out, "/* Stands for a handler that is null. */\n"
                     "static enum exo_status %s_missing(struct rpc_call *call%s)\n{\n"
                     "    (void)call%s%s;\n    return EXO_STATUS_BAD_CALL;\n}\n\n", method.c,
                interface_arguments(&method, true, true),
                method.params.is_empty ? "" : ", (void)params",
                method.results.is_empty ? "" : ", (void)results");
    }
    fprintf(out, "void %s_complete(struct %s_methods *to, const struct %s_methods *from)\n{\n"
                 "    *to = from ? *from : (struct %s_methods){0};\n", c, c, c, c);
    for (uint32_t i = 0; i < count; i++) {
        struct method method = interface_method(node, i);
        fprintf(out, "    if (!to->%s)\n        to->%s = %s_missing;\n", method.name,
                method.name, method.c);
    }
    fputs("}\n\n", out);
}

/* Write the dispatcher. */
static void write_dispatch(FILE *out, struct schema_node_reader node, const char *c)
{
    fprintf(out, "RPC_INLINE uint64_t %s_dispatch_inline(struct rpc_call *call,\n"
                 "    struct rpc_channel *channel, const void *server, uint64_t method,\n"
                 "    const uint64_t *words, uint64_t length)\n{\n"
                 "    const struct %s_methods *methods = server;\n"
                 "    uint32_t status = EXO_STATUS_OK;\n"
                 "    (void)methods, (void)words, (void)status, (void)channel;\n"
                 "    switch (method) {\n", c, c);
    for (uint32_t i = 0; i < interface_method_count(node); i++) {
        struct method method = interface_method(node, i);
        write_case(out, &method);
    }
    fputs("    default: return rpc_server_other(call, method, length);\n    }\n}\n\n", out);
    fprintf(out, "/* See rpc_dispatch. */\n"
                 "static uint64_t %s_dispatch(struct rpc_call *call, struct rpc_channel *channel,\n"
                 "    const void *methods, uint64_t method, const uint64_t *words,\n"
                 "    uint64_t length)\n{\n"
                 "    return %s_dispatch_inline(call, channel, methods, method, words, length);\n"
                 "}\n\n", c, c);
    fprintf(out, "/* See rpc_drain. */\n"
                 "static void %s_drain(struct rpc_call *call, const uint64_t *ring,\n"
                 "    uint32_t mask, uint32_t head, uint32_t count)\n{\n"
                 "    rpc_server_drain(call, ring, mask, head, count, %s_dispatch_inline);\n}\n\n",
            c, c);
}

/* Write the list of what the interface inherits, and what describes its server. */
static void write_service(FILE *out, struct schema_node_reader node, const char *c)
{
    struct ancestors ancestors = interface_ancestors(node);
    if (ancestors.count > 0)
        fprintf(out, "static const struct rpc_super %s_supers[] = {\n", c);
    for (uint32_t i = 0; i < ancestors.count; i++) {
        const char *super = request_c_name(ancestors.items[i]);
        fprintf(out, "    {&%s_service, offsetof(struct %s_methods, %s)},\n", super, c, super);
    }
    if (ancestors.count > 0)
        fputs("};\n\n", out);
    fprintf(out, "const struct rpc_service %s_service = {\n"
                 "    &%s_interface, %s_dispatch, %s_drain, %s%s, %u,\n"
                 "    sizeof(struct %s_methods), %u};\n\n", c, c, c, c,
            ancestors.count > 0 ? c : "0", ancestors.count > 0 ? "_supers" : "", ancestors.count, c,
            interface_method_count(node));
}

/* Write one of the loops. */
static void write_loop(FILE *out, struct schema_node_reader node, const char *c, bool is_events)
{
    struct ancestors ancestors = interface_ancestors(node);
    fprintf(out, "enum exo_status %s_serve%s(const struct %s_methods *methods, void *context,\n"
                 "    const struct binding *binding)\n{\n"
                 "    struct %s_methods complete;\n", c, is_events ? "_events" : "", c, c);
    for (uint32_t i = 0; i < ancestors.count; i++)
        fprintf(out, "    struct %s_methods super%u;\n", request_c_name(ancestors.items[i]), i);
    fprintf(out, "    %s_complete(&complete, methods);\n", c);
    for (uint32_t i = 0; i < ancestors.count; i++) {
        const char *super = request_c_name(ancestors.items[i]);
        fprintf(out, "    %s_complete(&super%u, complete.%s);\n    complete.%s = &super%u;\n",
                super, i, super, super, i);
    }
    fprintf(out, "    struct rpc_call call = {.context = context, .methods = &complete,\n"
                 "        .service = &%s_service};\n"
                 "    struct rpc_server *server = rpc_server_join(binding, &call, %s);\n"
                 "    if (!server)\n        return EXO_STATUS_FULL;\n", c,
            is_events ? "true" : "false");
    if (is_events)
        fputs("    rpc_server_events(server, &call);\n}\n\n", out);
    else
        fprintf(out, "    rpc_server_loop(server, &call, &complete, %s_dispatch_inline);\n"
                     "}\n\n", c);
}

void service_code(FILE *out, struct schema_node_reader node)
{
    const char *c = request_c_name(node);
    write_complete(out, node, c);
    for (uint32_t i = 0; i < interface_method_count(node); i++) {
        struct method method = interface_method(node, i);
        if (!method.params.is_empty)
            fprintf(out, "/* Read parameters of any layout. */\n"
                         "static __attribute__((noinline%s)) enum exo_status %s_serve(\n"
                         "    struct rpc_call *call, const uint64_t *words, uint32_t length,\n"
                         "    struct %s *to)\n{\n"
                         "    return %s_decode(&call->message, words, length, call->received, to);"
                         "\n}\n\n", method.params.has_slow ? "" : ", cold", method.params.c,
                    method.params.c, method.params.c);
    }
    write_dispatch(out, node, c);
    write_service(out, node, c);
    write_loop(out, node, c, false);
    write_loop(out, node, c, true);
}

void service_header(FILE *out, struct schema_node_reader node)
{
    const char *c = request_c_name(node);
    uint32_t count = interface_method_count(node);
    struct ancestors ancestors = interface_ancestors(node);
    for (uint32_t i = 0; i < ancestors.count; i++)
        fprintf(out, "struct %s_methods;\n", request_c_name(ancestors.items[i]));
    fprintf(out, "/* A server of the interface; what is null answers EXO_STATUS_BAD_CALL. */\n"
                 "struct %s_methods {\n", c);
    for (uint32_t i = 0; i < count; i++) {
        struct method method = interface_method(node, i);
        fprintf(out, "    enum exo_status (*%s)(struct rpc_call *call%s);\n", method.name,
                interface_arguments(&method, true, true));
    }
    if (ancestors.count > 0)
        fputs("    /* What is inherited, each interface once. */\n", out);
    for (uint32_t i = 0; i < ancestors.count; i++) {
        const char *super = request_c_name(ancestors.items[i]);
        fprintf(out, "    const struct %s_methods *%s;\n", super, super);
    }
    if (count == 0 && ancestors.count == 0)
        fputs("    char nothing;\n", out);
    fprintf(out, "};\n\n/* The same with handlers for what is null; `from` may be null, too. */\n"
                 "void %s_complete(struct %s_methods *to, const struct %s_methods *from);\n\n", c,
            c, c);
    fprintf(out, "/* A handler Thread's life: returns only when it cannot begin. */\n"
                 "enum exo_status %s_serve(const struct %s_methods *methods, void *context,\n"
                 "    const struct binding *binding);\n\n"
                 "/* The life of the Thread that serves asynchronous calls, as %s_serve. */\n"
                 "enum exo_status %s_serve_events(const struct %s_methods *methods,\n"
                 "    void *context, const struct binding *binding);\n\n", c, c, c, c, c);
}
