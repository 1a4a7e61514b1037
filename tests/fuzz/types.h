/* SPDX-License-Identifier: MIT */
/* What the harnesses of components/dynamic share: a type, messages of it, and their text. */
#ifndef FUZZ_TYPES_H
#define FUZZ_TYPES_H
#include "json_parse.h"
#include "json_print.h"
#include "text_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TYPES_ENTRIES = 512,
    TYPES_SEGMENTS = 16,
    TYPES_WORDS = 8192,
    TYPES_TEXT = 1 << 16,
    TYPES_DEPTH = 40
};

/* End the program with what is wrong. */
static inline void require(bool is_right, const char *what)
{
    if (is_right)
        return;
    fprintf(stderr, "fuzz: %s\n", what);
    abort();
}

/* The types of idl/sample.capnp, compiled: the build puts the file beside the harnesses. Called by
 * LLVMFuzzerInitialize. `id` gets the type `Everything`. */
static inline void types_read(const char *program, struct schema_set *set, uint64_t *id)
{
    static uint64_t words[1 << 14];
    static struct capnp_segment segments[TYPES_SEGMENTS];
    static struct capnp_message message;
    static struct schema_entry entries[TYPES_ENTRIES];
    struct schema_node_reader node;
    char path[512];
    const char *end = strrchr(program, '/');
    snprintf(path, sizeof path, "%.*s/sample.schema", end ? (int)(end - program) : 1,
             end ? program : ".");
    FILE *file = fopen(path, "rb");
    require(file != NULL, path);
    size_t length = fread(words, 1, sizeof words, file);
    fclose(file);
    require(capnp_message_framed(&message, words, length, segments, TYPES_SEGMENTS, NULL) ==
                CAPNP_OK, path);
    require(schema_set_open(set, &message, entries, TYPES_ENTRIES) == CAPNP_OK, path);
    require(schema_set_find_name(set, CAPNP_TEXT_LITERAL("sample.Everything"), &node) ==
                SCHEMA_SET_FOUND, "sample.Everything");
    *id = schema_node_get_id(node);
}

/* A way to write values: as Cap'n Proto text or as JSON, on one line or several. */
struct types_form {
    bool is_json, is_pretty;
};

/* Print a message of the type into TYPES_TEXT bytes; ends them with NUL. Returns what went wrong;
 * DYNAMIC_WORK if it is too long. */
static inline enum dynamic_error types_print(const struct schema_set *set, uint64_t id,
                                             struct capnp_message *message,
                                             struct types_form form, char *text)
{
    struct dynamic_struct value;
    struct output output;
    struct output_buffer buffer = {text, TYPES_TEXT - 1, 0};
    struct print_options options = {form.is_pretty, TYPES_DEPTH, 1 << 16, 0};
    require(dynamic_shape_open(&value.shape, set, id, NULL, NULL), "no shape");
    enum capnp_error bad = capnp_read_root(message, &value.data);
    output_begin_buffer(&output, &buffer);
    enum dynamic_error error = (form.is_json ? json_print : text_print)(&value, options, &output);
    text[buffer.used] = '\0';
    if (bad != CAPNP_OK)
        return DYNAMIC_MESSAGE;
    return error == DYNAMIC_OK && output.count > buffer.used ? DYNAMIC_WORK : error;
}

/* Parse a text into words; the message is prepared to be read. */
static inline bool types_parse(const struct schema_set *set, uint64_t id, const char *text,
                               size_t length, bool is_json, uint64_t *words,
                               struct capnp_message *message)
{
    struct capnp_builder builder;
    struct dynamic_builder root;
    struct parse_error error = {0, 0, ""};
    struct parse_options options = {TYPES_DEPTH, 1 << 20};
    capnp_builder_begin(&builder, words, TYPES_WORDS);
    require(dynamic_init_root(&builder, set, id, &root) == CAPNP_OK, "no root");
    bool is_good = (is_json ? json_parse : text_parse)(&root, text, (uint32_t)length, options, NULL,
                                                       &error);
    require(is_good || (error.line > 0 && error.column > 0 && error.text[0]), "no place of error");
    capnp_message_single(message, words, builder.word_count);
    return is_good;
}

/* Can what was printed be parsed: some pointers have no form. */
static inline bool types_is_parsable(const char *text)
{
    return !strstr(text, "<opaque pointer>") && !strstr(text, "<external capability>");
}

/* Take the sign from each zero: text is read as the C++ implementation does, to which -0 is an
 * integer, though both print it. */
static inline void types_unsign(char *text)
{
    char *to = text;
    for (const char *at = text; *at != '\0'; at++)
        if (at[0] != '-' || at[1] != '0' || !strchr(",)] ", at[2]))
            *to++ = *at;
    *to = '\0';
}

/* What was parsed must print and be parsed to the same again. */
static inline void types_round_trip(const struct schema_set *set, uint64_t id,
                                    struct capnp_message *message, bool is_json)
{
    static char first[TYPES_TEXT], second[TYPES_TEXT];
    static uint64_t words[TYPES_WORDS];
    struct types_form form = {is_json, false};
    struct capnp_message again;
    if (types_print(set, id, message, form, first) != DYNAMIC_OK)
        return;
    if (!is_json && !types_is_parsable(first))
        return;
    if (!types_parse(set, id, first, strlen(first), is_json, words, &again))
        require(strlen(first) > TYPES_WORDS, first); /* what is long may not fit */
    else {
        require(types_print(set, id, &again, form, second) == DYNAMIC_OK, "printed only once");
        if (!is_json) {
            types_unsign(first);
            types_unsign(second);
        }
        if (strcmp(first, second) != 0)
            fprintf(stderr, "first:  %s\nsecond: %s\n", first, second);
        require(strcmp(first, second) == 0, "printed something else again");
    }
}

/* A text is parsed as a struct of the type. What is taken becomes a legal message, which prints and
 * is parsed to the same again; what is not has a place and a reason. */
static inline void types_take(const struct schema_set *set, uint64_t id, const uint8_t *bytes,
                              size_t size, bool is_json)
{
    static uint64_t words[TYPES_WORDS];
    struct capnp_message message;
    char *text = malloc(size ? size : 1); /* exact, for the sanitizer */
    memcpy(text, bytes, size);
    bool is_good = types_parse(set, id, text, size, is_json, words, &message);
    free(text);
    if (is_good) {
        types_round_trip(set, id, &message, is_json);
        require(message.error == CAPNP_OK, "an illegal message was made");
    }
}
#endif
