/* SPDX-License-Identifier: MIT */
/*
 * Writing NAME_mock.h and NAME_mock.c: what stands in for the services of a schema in tests on the
 * host. All that does not depend on types is in components/runtime/host/mock.c.
 */
#include "interface.h"
#include "output.h"

#include "name.h"

#include <stdlib.h>
#include <string.h>

/* Interface `index` of those that the mock of one serves: itself, then what it inherits. */
static struct schema_node_reader served(struct schema_node_reader node,
                                        const struct ancestors *ancestors, uint32_t index)
{
    return index == 0 ? node : ancestors->items[index - 1];
}

/* Has one of the first `count` of these a method with this name. */
static bool has_name(struct schema_node_reader node, const struct ancestors *ancestors,
                     uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++) {
        struct schema_node_reader interface = served(node, ancestors, i);
        for (uint32_t k = 0; k < interface_method_count(interface); k++)
            if (strcmp(interface_method(interface, k).snake, name) == 0)
                return true;
    }
    return false;
}

/* What the functions of an inherited method are called by whose name is taken: by its interface. */
static char *long_name(struct schema_node_reader node, const struct ancestors *ancestors,
                       struct method method)
{
    char *name = name_format("%s", method.c);
    while (has_name(node, ancestors, ancestors->count + 1, name))
        name = name_format("%s_2", name);
    return name;
}

/* Do something with each method that the mock of an interface serves. Its number there counts on
 * over what is inherited. */
static void each_method(FILE *out, struct schema_node_reader node,
                        void (*write)(FILE *out, const char *c, struct method method))
{
    struct ancestors ancestors = interface_ancestors(node);
    uint32_t number = 0;
    for (uint32_t i = 0; i <= ancestors.count; i++) {
        struct schema_node_reader interface = served(node, &ancestors, i);
        for (uint32_t k = 0; k < interface_method_count(interface); k++) {
            struct method method = interface_method(interface, k);
            method.number = number++;
            if (has_name(node, &ancestors, i, method.snake))
                method.snake = long_name(node, &ancestors, method);
            write(out, request_c_name(node), method);
        }
    }
}

/* How many methods the mock of an interface serves. */
static uint32_t count_methods(struct schema_node_reader node)
{
    struct ancestors ancestors = interface_ancestors(node);
    uint32_t count = 0;
    for (uint32_t i = 0; i <= ancestors.count; i++)
        count += interface_method_count(served(node, &ancestors, i));
    return count;
}

/* Can messages of an interface go one way: nothing comes back, and no capabilities go along. */
static bool is_one_way(struct schema_node_reader node)
{
    struct ancestors ancestors = interface_ancestors(node);
    bool is = true;
    for (uint32_t i = 0; i <= ancestors.count; i++) {
        struct schema_node_reader interface = served(node, &ancestors, i);
        for (uint32_t k = 0; k < interface_method_count(interface); k++) {
            struct method method = interface_method(interface, k);
            is &= method.results.is_empty && !method.params.has_capability;
        }
    }
    return is;
}

/* Write the functions of one method. Results that have no fields are no parameter. */
static void write_method_header(FILE *out, const char *c, struct method served_method)
{
    const struct method *method = &served_method;
    const char *name = method->snake;
    const char *results = method->results.is_empty ? "" :
                          name_format(",\n    const struct %s *results", method->results.c);
    const char *argument = method->results.is_empty ? "0" : "results";
    fprintf(out, "/* %s: what its next calls get, in turn: results or nothing but ok, a status, a "
                 "fault (see mock.h).\n * Then what all others get. Results are copied. */\n",
            method->path);
    fprintf(out, "static inline void %s_mock_%s_answer(struct %s_mock *mock%s)\n{\n"
                 "    mock_answer(&mock->base, %u, EXO_STATUS_OK, %s, MOCK_NOTHING, 0);\n}\n\n",
            c, name, c, results, method->number, argument);
    fprintf(out, "static inline void %s_mock_%s_fail(struct %s_mock *mock,\n"
                 "    enum exo_status status)\n{\n"
                 "    mock_answer(&mock->base, %u, status, 0, MOCK_NOTHING, 0);\n}\n\n",
            c, name, c, method->number);
    fprintf(out, "static inline void %s_mock_%s_fail_with(struct %s_mock *mock,\n"
                 "    enum failure_exception_type type, struct capnp_text reason)\n{\n"
                 "    mock_answer_failure(&mock->base, %u, type, reason);\n}\n\n", c, name, c,
            method->number);
    fprintf(out, "static inline void %s_mock_%s_fault(struct %s_mock *mock,\n"
                 "    enum mock_fault fault, uint32_t number)\n{\n"
                 "    mock_answer(&mock->base, %u, EXO_STATUS_OK, 0, fault, number);\n}\n\n", c,
            name, c, method->number);
    fprintf(out, "static inline void %s_mock_%s_otherwise(struct %s_mock *mock,\n"
                 "    enum exo_status status%s)\n{\n"
                 "    mock_otherwise(&mock->base, %u, status, %s);\n}\n\n", c, name, c, results,
            method->number, argument);
    fprintf(out, "/* How often it was called%s. */\n"
                 "static inline uint32_t %s_mock_%s_count(const struct %s_mock *mock)\n{\n"
                 "    return mock->methods[%u].request_count;\n}\n\n",
            method->params.is_empty ? "" : "; the parameters of a call, by index; null: there was "
            "none", c, name, c, method->number);
    if (!method->params.is_empty)
        fprintf(out, "static inline const struct %s *%s_mock_%s_request(\n"
                     "    const struct %s_mock *mock, uint32_t index)\n{\n"
                     "    return (const struct %s *)mock_request(&mock->base, %u, index);\n}\n\n",
                method->params.c, c, name, c, method->params.c, method->number);
}

/* Write an interface's part of the header. */
static void write_header(FILE *out, struct schema_node_reader node)
{
    const char *c = request_c_name(node);
    uint32_t count = count_methods(node);
    fprintf(out, "/* A mock of %s; its memory must be static. */\n"
                 "struct %s_mock {\n    struct mock base;\n    struct mock_method methods[%u];\n"
                 "};\n\n", request_path(node), c, count ? count : 1);
    fprintf(out, "/* Open it, or empty its script and its record and connect it anew. */\n"
                 "void %s_mock_open(struct %s_mock *mock);\n\n", c, c);
    if (is_one_way(node))
        fprintf(out, "/* The same over a channel that goes one way: it serves what was posted "
                     "at each flush. */\n"
                     "void %s_mock_open_one_way(struct %s_mock *mock);\n\n", c, c);
    fprintf(out, "/* What a client of it opens. */\n"
                 "static inline const struct binding *%s_mock_binding(struct %s_mock *mock)\n{\n"
                 "    return &mock->base.client;\n}\n\n", c, c);
    each_method(out, node, write_method_header);
}

/* Write the codec of parameters or results, in functions that are the same for all types. */
static void write_codec(FILE *out, const struct payload *payload)
{
    if (payload->is_empty)
        return;
    codec_encode(out, payload);
    codec_decode(out, payload);
    fprintf(out, "static enum exo_status build_%s(struct capnp_builder *builder,\n"
                 "    const void *from, struct rpc_given *given)\n{\n"
                 "    return %s_encode(builder, from, given);\n}\n\n",
            payload->c, payload->c);
    fprintf(out, "static enum exo_status read_%s(struct capnp_message *message,\n"
                 "    const uint64_t *words, uint32_t length, struct rpc_received received, "
                 "void *to)\n{\n", payload->c);
    if (!payload->has_slow)
        fprintf(out, "    if (%s_expected(words, length, received, to))\n"
                     "        return EXO_STATUS_OK;\n", payload->c);
    fprintf(out, "    return %s_decode(message, words, length, received, to);\n}\n\n", payload->c);
}

void mock_codecs(FILE *out, struct schema_node_reader interface)
{
    for (uint32_t i = 0; i < interface_method_count(interface); i++) {
        struct method method = interface_method(interface, i);
        write_codec(out, &method.params);
        write_codec(out, &method.results);
    }
}

/* Write the codecs of an interface, and how its replies are begun. */
static void write_codecs(FILE *out, struct schema_node_reader interface)
{
    mock_codecs(out, interface);
    for (uint32_t i = 0; i < interface_method_count(interface); i++) {
        struct method method = interface_method(interface, i);
        const struct payload *results = &method.results;
        if (!results->is_empty)
            fprintf(out, "static enum exo_status begin_%s(struct rpc_call *call)\n{\n"
                         "    struct %s_builder unused;\n    return %s_reply(call, &unused);\n"
                         "}\n\n", method.c, results->structure.c, method.c);
    }
}

/* Write a method's handler in the mock of interface `c`. */
static void write_handler(FILE *out, const char *c, struct method method)
{
    fprintf(out, "static enum exo_status %s_handles_%s(struct rpc_call *call%s)\n{\n"
                 "    return mock_serve(call, %u, %s, %s);\n}\n\n", c, method.c,
            interface_arguments(&method, true, true), method.number,
            method.params.is_empty ? "0" : "params", method.results.is_empty ? "0" : "results");
}

void mock_payload(FILE *out, const struct payload *payload)
{
    if (payload->is_empty)
        fputs("{0, 0, 0}", out);
    else
        fprintf(out, "{build_%s, read_%s, sizeof(struct %s)}", payload->c, payload->c, payload->c);
}

/* Write the value that describes a method. */
static void write_shape(FILE *out, const char *c, struct method method)
{
    (void)c;
    fprintf(out, "    {\"%s\",\n     ", method.path);
    mock_payload(out, &method.params);
    fputs(",\n     ", out);
    mock_payload(out, &method.results);
    fprintf(out, ",\n     %s%s},\n", method.results.is_empty ? "0" : "begin_",
            method.results.is_empty ? "" : method.c);
}

/* Write the handlers of one interface, `c`'s own or one that it inherits. */
static void write_methods(FILE *out, const char *c, struct schema_node_reader interface)
{
    for (uint32_t i = 0; i < interface_method_count(interface); i++) {
        struct method method = interface_method(interface, i);
        fprintf(out, "    .%s = %s_handles_%s,\n", method.name, c, method.c);
    }
}

/* Write the function that opens a mock, and the one that its server runs. */
static void write_open(FILE *out, struct schema_node_reader node, uint32_t count, bool one_way)
{
    const char *c = request_c_name(node), *tail = one_way ? "_one_way" : "";
    fprintf(out, "static void serve_%s%s(struct mock *mock)\n{\n"
                 "    %s_serve%s(&%s_answers, mock, &mock->server);\n}\n\n",
            c, tail, c, one_way ? "_events" : "", c);
    fprintf(out, "void %s_mock_open%s(struct %s_mock *mock)\n{\n"
                 "    mock_open(&mock->base, \"%s\", %s_TYPE_ID, %s_shapes, mock->methods, %u,\n"
                 "              serve_%s%s, %s);\n}\n\n",
            c, tail, c, request_path(node), name_upper(c), c, count, c, tail,
            one_way ? "true" : "false");
}

/* Write an interface's part of the C file. */
static void write_code(FILE *out, struct schema_node_reader node)
{
    const char *c = request_c_name(node);
    struct ancestors ancestors = interface_ancestors(node);
    uint32_t count = count_methods(node);
    each_method(out, node, write_handler);
    fprintf(out, "static const struct mock_shape %s_shapes[] = {\n", c);
    each_method(out, node, write_shape);
    fprintf(out, "%s};\n\n", count ? "" : "    {0}\n");
    for (uint32_t i = 0; i < ancestors.count; i++) {
        struct schema_node_reader interface = ancestors.items[i];
        fprintf(out, "static const struct %s_methods %s_super%u = {\n", request_c_name(interface),
                c, i);
        write_methods(out, c, interface);
        fprintf(out, "%s};\n\n", interface_method_count(interface) ? "" : "    0\n");
    }
    fprintf(out, "static const struct %s_methods %s_answers = {\n", c, c);
    write_methods(out, c, node);
    for (uint32_t i = 0; i < ancestors.count; i++)
        fprintf(out, "    .%s = &%s_super%u,\n", request_c_name(ancestors.items[i]), c, i);
    fprintf(out, "%s};\n\n",
            interface_method_count(node) || ancestors.count ? "" : "    0\n");
    write_open(out, node, count, false);
    if (is_one_way(node))
        write_open(out, node, count, true);
}

/* Write the codecs of all interfaces that the mocks of a file serve, each once. */
static void write_all_codecs(FILE *out, const struct nodes *nodes)
{
    uint64_t *ids = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < nodes->count; i++) {
        struct schema_node_reader node = nodes->items[i];
        if (schema_node_which(node) != SCHEMA_NODE_WHICH_INTERFACE)
            continue;
        struct ancestors ancestors = interface_ancestors(node);
        for (uint32_t k = 0; k <= ancestors.count; k++) {
            struct schema_node_reader interface = served(node, &ancestors, k);
            uint64_t id = schema_node_get_id(interface);
            bool is_new = true;
            for (uint32_t at = 0; at < count; at++)
                is_new &= ids[at] != id;
            if (!is_new)
                continue;
            if ((count & (count - 1)) == 0) /* a power of two: twice as much is needed */
                ids = realloc(ids, (count * 2 + 1) * sizeof *ids);
            if (!ids)
                request_fatal("the host has no memory left; close other programs and try again");
            ids[count++] = id;
            write_codecs(out, interface);
        }
    }
    free(ids);
}

/* Write the part of each interface. */
static void each_interface(FILE *out, const struct nodes *nodes,
                           void (*write)(FILE *, struct schema_node_reader))
{
    for (uint32_t i = 0; i < nodes->count; i++)
        if (schema_node_which(nodes->items[i]) == SCHEMA_NODE_WHICH_INTERFACE)
            write(out, nodes->items[i]);
}

void output_mock(struct schema_node_reader file, const struct nodes *nodes)
{
    char *base = request_file_base(file), *stem = request_stem(file);
    char *header = name_format("%s_mock.h", stem), *code = name_format("%s_mock.c", stem);
    char *guard = name_format("%s_MOCK_H", name_upper(request_prefix(file)));
    bool has_interface = false;
    for (uint32_t i = 0; i < nodes->count; i++)
        has_interface |= schema_node_which(nodes->items[i]) == SCHEMA_NODE_WHICH_INTERFACE;
    if (!has_interface)
        return;
    FILE *out = request_output(header, name_format("%s.capnp", base));
    fprintf(out, "#ifndef %s\n#define %s\n#include \"%s.capnp.h\"\n#include \"mock.h\"\n", guard,
            guard, base);
    output_c_begin(out);
    each_interface(out, nodes, write_header);
    output_c_end(out);
    fputs("#endif\n", out);
    output_check_read(out);
    request_output_close(out, header);
    out = request_output(code, name_format("%s.capnp", base));
    fprintf(out, "#include \"%s_mock.h\"\n\n", base);
    write_all_codecs(out, nodes);
    each_interface(out, nodes, write_code);
    request_output_close(out, code);
}
