/* SPDX-License-Identifier: MIT */
/* Writing interfaces: typed clients. Their servers are written by output_service.c. */
#include "interface.h"
#include "output.h"

#include "name.h"

#include <inttypes.h>
#include <string.h>

#define STREAM_RESULT UINT64_C(0x995f9a3377c0b16e) /* of capnp/stream.capnp */

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
        out.has_capability |= !field.is_group && field.type.kind == TYPE_CAPABILITY;
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
                                           "methods", "service", "interface", "complete", NULL};
    static const char *const tails[] = {"send",  "post",   "wait",   "begin", "finish",
                                        "reply", "params", "results", "method", "missing", "once",
                                        "send_once", NULL};
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
    out.snake = unique_name(methods, index);
    out.c = name_format("%s_%s", request_c_name(interface), out.snake);
    out.name = name_member(out.snake);
    out.path = name_format("%s.%s", request_path(interface), name);
    out.comment = request_comment(schema_node_get_id(interface), (int)index);
    out.retry = retry_policy_of(method);
    schema_method_get_param_brand(method, &use);
    out.params = payload_of(schema_method_get_param_struct_type(method), use,
                            name_format("%s_params", out.c));
    schema_method_get_result_brand(method, &use);
    out.is_stream = schema_method_get_result_struct_type(method) == STREAM_RESULT;
    out.results = payload_of(schema_method_get_result_struct_type(method), use,
                             name_format("%s_results", out.c));
    return out;
}

char *interface_arguments(const struct method *method, bool with_params, bool with_results)
{
    return name_format("%s%s", !with_params || method->params.is_empty ? "" :
                           name_format(", const struct %s *params", method->params.c),
                       !with_results || method->results.is_empty ? "" :
                           name_format(", struct %s *results", method->results.c));
}

/* Write the prototypes of a method's client functions. */
static void write_prototypes(FILE *out, const char *c, const struct method *method)
{
    fprintf(out, "extern const struct rpc_method %s_method;\n"
                 "enum exo_status %s(struct %s_client *client%s);\n", method->c, method->c, c,
            interface_arguments(method, true, true));
    if (method->is_stream) {
        fputc('\n', out);
        return;
    }
    fprintf(out, "enum exo_status %s_send(struct %s_client *client%s,\n    uint32_t *question);\n",
            method->c, c, interface_arguments(method, true, false));
    fprintf(out, "enum exo_status %s_post(struct %s_client *client%s);\n", method->c, c,
            interface_arguments(method, true, false));
    fprintf(out, "enum exo_status %s_wait(struct %s_client *client, uint32_t question,\n"
                 "    uint64_t deadline%s);\n", method->c, c,
            interface_arguments(method, false, true));
    if (!method->params.is_empty)
        fprintf(out, "enum exo_status %s_begin(struct %s_client *client,\n"
                     "    struct %s_builder *params);\n"
                     "enum exo_status %s_finish(struct %s_client *client%s);\n",
                method->c, c, method->params.structure.c, method->c, c,
                interface_arguments(method, false, true));
    if (!method->results.is_empty)
        fprintf(out, "enum exo_status %s_reply(struct rpc_call *call, struct %s_builder *results);"
                     "\n", method->c, method->results.structure.c);
    fputc('\n', out);
}

/* Add what an interface inherits, each interface once, the nearest first. */
static void add_ancestors(struct ancestors *to, struct schema_node_reader node)
{
    struct schema_superclass_list supers;
    schema_node_interface_get_superclasses(schema_node_get_interface(node), &supers);
    for (uint32_t i = 0; i < schema_superclass_list_count(supers); i++) {
        struct schema_node_reader super;
        uint64_t id = schema_superclass_get_id(schema_superclass_list_at(supers, i));
        bool is_new = request_node(id, &super);
        for (uint32_t j = 0; j < to->count; j++)
            is_new &= schema_node_get_id(to->items[j]) != id;
        if (!is_new)
            continue;
        if (to->count == ANCESTORS_MAX)
            request_fatal("%s inherits more than %u interfaces", request_path(node), ANCESTORS_MAX);
        to->items[to->count++] = super;
        add_ancestors(to, super);
    }
}

struct ancestors interface_ancestors(struct schema_node_reader interface)
{
    struct ancestors out = {.count = 0};
    add_ancestors(&out, interface);
    return out;
}

/* Has an interface a method with this C member name. */
static bool has_method(struct schema_node_reader node, const char *name)
{
    for (uint32_t i = 0; i < interface_method_count(node); i++)
        if (strcmp(interface_method(node, i).name, name) == 0)
            return true;
    return false;
}

/* Write the views of a client as one of what it inherits, and the inherited calls; a method that
 * two interfaces call the same is reached by the view only. */
static void write_inherited(FILE *out, struct schema_node_reader node, const char *c,
                            bool is_header)
{
    struct ancestors ancestors = interface_ancestors(node);
    for (uint32_t i = 0; i < ancestors.count; i++) {
        const char *super = request_c_name(ancestors.items[i]);
        if (is_header)
            fprintf(out, "/* The same client as one of what it inherits. */\n"
                         "struct %s_client;\n"
                         "static inline struct %s_client *%s_as_%s(struct %s_client *client)\n{\n"
                         "    return (struct %s_client *)(void *)&client->rpc;\n}\n\n",
                    super, super, c, super, c, super);
        for (uint32_t j = 0; j < interface_method_count(ancestors.items[i]); j++) {
            struct method method = interface_method(ancestors.items[i], j);
            bool is_taken = has_method(node, method.name);
            for (uint32_t k = 0; k < i; k++)
                is_taken |= has_method(ancestors.items[k], method.name);
            if (is_taken)
                continue;
            if (is_header && !method.params.is_empty)
                fprintf(out, "struct %s;\n", method.params.c);
            if (is_header && !method.results.is_empty)
                fprintf(out, "struct %s;\n", method.results.c);
            fprintf(out, "enum exo_status %s_%s(struct %s_client *client%s)", c,
                    method.snake, c, interface_arguments(&method, true, true));
            if (is_header)
                fputs(";\n\n", out);
            else
                fprintf(out, "\n{\n    return %s(%s_as_%s(client)%s%s);\n}\n\n", method.c, c, super,
                        method.params.is_empty ? "" : ", params",
                        method.results.is_empty ? "" : ", results");
        }
    }
}

/* Write the small functions that every client has. */
static void write_client_head(FILE *out, const char *c)
{
    fprintf(out, "/* A client of the interface; one for each Thread. */\n"
                 "struct %s_client {\n    struct rpc_client rpc;\n};\n\n", c);
    fprintf(out, "static inline enum exo_status %s_client_open(struct %s_client *client,\n"
                 "    const struct binding *binding)\n{\n"
                 "    return rpc_client_open(&client->rpc, binding, &%s_interface);\n}\n\n", c, c,
            c);
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
    fprintf(out, "static inline void %s_client_window(struct %s_client *client, uint32_t bytes)"
                 "\n{\n    rpc_stream_window(&client->rpc, bytes);\n}\n\n", c, c);
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
    fprintf(out, "extern const struct rpc_interface %s_interface;\n"
                 "extern const struct rpc_service %s_service;\n\n", c, c);
    write_client_head(out, c);
    for (uint32_t i = 0; i < count; i++) {
        struct method method = interface_method(node, i);
        write_comment(out, method.comment);
        write_prototypes(out, c, &method);
    }
    write_inherited(out, node, c, true);
    service_header(out, node);
    reference_calls(out, node);
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

/* Write what the slow paths of a client need to know of a method. */
static void write_method(FILE *out, const char *c, const struct method *method)
{
    const struct payload *params = &method->params, *results = &method->results;
    if (!params->is_empty)
        fprintf(out, "/* See rpc_encode. */\n"
                     "static enum exo_status %s_build(struct capnp_builder *builder,\n"
                     "    const void *from, struct rpc_given *given)\n{\n"
                     "    return %s_encode(builder, from, given);\n}\n\n", params->c, params->c);
    if (!results->is_empty)
        fprintf(out, "/* See rpc_decode. */\n"
                     "static enum exo_status %s_read(struct capnp_message *message,\n"
                     "    const uint64_t *words, uint32_t length, struct rpc_received received,\n"
                     "    void *to)\n{\n"
                     "    return %s_decode(message, words, length, received, to);\n}\n\n",
                results->c, results->c);
    fprintf(out, "const struct rpc_method %s_method = {\n"
                 "    &%s_interface, %s%s, %s%s, %u, %u};\n\n", method->c, c,
            params->is_empty ? "0" : params->c, params->is_empty ? "" : "_build",
            results->is_empty ? "0" : results->c, results->is_empty ? "" : "_read",
            method->number, method->retry.deadline_ms);
}

/* An address of this lets the compiler forget that nothing is given, so it is written only where
 * something may be. */
#define GIVEN_NOTHING "    struct rpc_given given;\n    given.count = 0;\n"

/* Write the synchronous call. */
static void write_call(FILE *out, const char *c, const struct method *method)
{
    const struct payload *params = &method->params, *results = &method->results;
    char *slowly = name_format("rpc_client_call(rpc, &%s_method, %s, %s)", method->c,
                               params->is_empty ? "0" : "params",
                               results->is_empty ? "0" : "results");
    fprintf(out, "%senum exo_status %s%s(struct %s_client *client%s)\n{\n"
                 "    struct rpc_client *rpc = &client->rpc;\n    struct capnp_builder builder;\n"
                 "    struct rpc_answer answer;\n"
                 "    if (__builtin_expect(rpc->quick != &%s_interface, 0))\n"
                 "        return %s;\n    rpc_client_begin(rpc, &builder);\n",
            retry_has(method) ? "static " : "", method->c, retry_has(method) ? "_once" : "", c,
            interface_arguments(method, true, true), c, slowly);
    if (!params->is_empty)
        fprintf(out, "%s    enum exo_status status = %s_encode(&builder, params, %s);\n"
                     "    if (__builtin_expect(%s != 0, 0))\n        return %s;\n",
                params->has_capability ? GIVEN_NOTHING : "", params->c,
                params->has_capability ? "&given" : "0",
                params->has_capability ? "(status | given.count)" : "status", slowly);
    const char *to = results->is_empty ? "0" : "results";
    fprintf(out, "    if (__builtin_expect(!rpc_client_call_quickly(rpc, %u, builder.word_count, "
                 "&answer), 0))\n        return rpc_client_odd(rpc, &%s_method,\n"
                 "            answer.status, answer.received << 1 | (answer.word3 == 1),\n"
                 "            answer.place, %s);\n",
            method->number, method->c, to);
    char *read = name_format("rpc_client_read(rpc, &%s_method, (uint32_t)answer.place, results)",
                             method->c);
    if (!results->is_empty && results->has_slow)
        fprintf(out, "    return %s;\n}\n\n", read);
    else {
        if (!results->is_empty)
            fprintf(out, "    if (__builtin_expect(!%s_expected(rpc->channel.receive_words,\n"
                         "            answer.place, rpc->received, results), 0))\n"
                         "        return %s;\n", results->c, read);
        fputs("    if (__builtin_expect(rpc->channel.broken, 0))\n"
              "        return rpc_client_broken(rpc);\n    return EXO_STATUS_OK;\n}\n\n", out);
    }
}

/* Write a streaming method. */
static void write_stream(FILE *out, const char *c, const struct method *method)
{
    fprintf(out, "%senum exo_status %s%s(struct %s_client *client%s)\n{\n"
                 "    return rpc_stream_send(&client->rpc, &%s_method, %s);\n}\n\n",
            retry_has(method) ? "static " : "", method->c, retry_has(method) ? "_once" : "", c,
            interface_arguments(method, true, true), method->c,
            method->params.is_empty ? "0" : "params");
}

/* Write one of the functions that send: with a question to ask for, or without. */
static void write_send_one(FILE *out, const char *c, const struct method *method, bool is_asked)
{
    const char *state = is_asked ? "RPC_QUESTION_SENT" : "RPC_QUESTION_UNASKED";
    bool is_part = is_asked && method->retry.deadline_ms > 0;
    const char *name = !is_asked ? "post" : is_part ? "send_once" : "send";
    fprintf(out, "%senum exo_status %s_%s(struct %s_client *client%s%s)\n{\n"
                 "    struct rpc_client *rpc = &client->rpc;\n    struct capnp_builder builder;\n"
                 "%s"
                 "    if (__builtin_expect(rpc->interface != &%s_interface, 0))\n"
                 "        return rpc_client_send_other(rpc, &%s_method, %s, %s, %s);\n"
                 "    enum exo_status status = rpc_client_send_begin(rpc, &builder);\n"
                 "    if (__builtin_expect(status != EXO_STATUS_OK, 0))\n        return status;\n",
            is_part ? "static " : "", method->c, name, c,
            interface_arguments(method, true, false),
            is_asked ? ",\n    uint32_t *question" : "",
            method->params.has_capability ? GIVEN_NOTHING : "", c, method->c,
            method->params.is_empty ? "0" : "params", state, is_asked ? "question" : "0");
    if (!method->params.is_empty)
        fprintf(out, "    status = %s_encode(&builder, params, %s);\n"
                     "    if (__builtin_expect(status != EXO_STATUS_OK, 0)) {\n"
                     "        if (status == EXO_STATUS_FULL && rpc_client_make_room(rpc))\n"
                     "            return %s_%s(client, params%s);\n        return status;\n    }\n",
                method->params.c, method->params.has_capability ? "&given" : "0", method->c, name,
                is_asked ? ", question" : "");
    if (method->params.has_capability)
        fprintf(out, "    if (__builtin_expect(given.count != 0, 0))\n"
                     "        return rpc_client_send_now(rpc, %u, builder.word_count, &given,\n"
                     "            %s, %s);\n", method->number, state,
                is_asked ? "question" : "0");
    fprintf(out, "    %srpc_client_send(rpc, %u, builder.word_count, %s);\n%s"
                 "    return EXO_STATUS_OK;\n}\n\n",
            is_asked ? "*question = " : "", method->number, state,
            is_asked ? "    rpc->has_asked = true;\n" : "");
}

/* Write the asynchronous call: send and wait. */
static void write_send(FILE *out, const char *c, const struct method *method)
{
    write_send_one(out, c, method, true);
    retry_send(out, c, method);
    write_send_one(out, c, method, false);
    fprintf(out, "enum exo_status %s_wait(struct %s_client *client, uint32_t question,\n"
                 "    uint64_t deadline%s)\n{\n"
                 "    struct rpc_client *rpc = &client->rpc;\n    struct rpc_reply reply;\n%s"
                 "    enum exo_status status = rpc_client_reply(rpc, question, deadline, &reply);\n"
                 "    if (__builtin_expect(status != EXO_STATUS_OK, 0))\n        return ",
            method->c, c, interface_arguments(method, false, true),
            method->retry.deadline_ms > 0
                ? "    deadline = rpc_retry_until(rpc, question, deadline);\n"
                : "");
    retry_wait(out, method);
    fputs(";\n", out);
    write_take(out, &method->results);
}

/* Write the functions for messages that the program builds itself. */
static void write_built(FILE *out, const char *c, const struct method *method)
{
    if (!method->params.is_empty) {
        fprintf(out, "enum exo_status %s_begin(struct %s_client *client,\n"
                     "    struct %s_builder *params)\n{\n"
                     "    rpc_client_build(&client->rpc, &%s_method);\n"
                     "    return rpc_status(%s_init_root(&client->rpc.builder, params));\n}\n\n",
                method->c, c, method->params.structure.c, method->c, method->params.structure.c);
        fprintf(out, "enum exo_status %s_finish(struct %s_client *client%s)\n{\n    return ",
                method->c, c, interface_arguments(method, false, true));
        retry_built(out, method);
        fputs(";\n}\n\n", out);
    }
    if (!method->results.is_empty)
        fprintf(out, "enum exo_status %s_reply(struct rpc_call *call, struct %s_builder *results)\n"
                     "{\n    rpc_server_build(call);\n"
                     "    return rpc_status(%s_init_root(&call->builder, results));\n}\n\n",
                method->c, method->results.structure.c, method->results.structure.c);
}

void output_interface_code(FILE *out, struct schema_node_reader node)
{
    const char *c = request_c_name(node);
    fprintf(out, "const struct rpc_interface %s_interface = {%s_TYPE_ID};\n\n", c, name_upper(c));
    for (uint32_t i = 0; i < interface_method_count(node); i++) {
        struct method method = interface_method(node, i);
        codec_encode(out, &method.params);
        codec_decode(out, &method.params);
        codec_encode(out, &method.results);
        codec_decode(out, &method.results);
        write_method(out, c, &method);
        if (method.is_stream) {
            write_stream(out, c, &method);
            retry_code(out, c, &method);
            continue;
        }
        write_call(out, c, &method);
        retry_code(out, c, &method);
        write_send(out, c, &method);
        write_built(out, c, &method);
    }
    write_inherited(out, node, c, false);
    service_code(out, node);
}
