/* SPDX-License-Identifier: MIT */
/*
 * exocapnp: converts messages between binary, text and JSON, by a schema that it learns from a
 * file. The work is done by components/dynamic; here are files, options and messages for people.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capnp_pack.h"
#include "describe.h"
#include "host.h"
#include "json_parse.h"
#include "json_print.h"
#include "text_parse.h"
#include "text_print.h"

enum { EXIT_WRONG = 1, EXIT_USAGE = 2, FOLDERS_MAX = 32, SEGMENTS_MAX = 4096 };

#define MESSAGE_WORDS_MAX (UINT32_C(8) << 20) /* 64 MiB */

static const char help[] =
    "Usage: exocapnp convert FROM:TO [--short] [-I FOLDER] SCHEMA TYPE <INPUT >OUTPUT\n"
    "       exocapnp describe [-I FOLDER] SCHEMA [TYPE]\n"
    "Converts messages of a struct type, or prints what a type has.\n"
    "  FROM, TO   binary  a table of segments, then the segments; one message after the other\n"
    "             packed  the same, packed\n"
    "             flat    one segment, without a table; one message\n"
    "             flat-packed\n"
    "                     the same, packed\n"
    "             text    Cap'n Proto's text, as `capnp encode` reads it\n"
    "             json    JSON, with the annotations of json.capnp\n"
    "  SCHEMA     a source NAME.capnp, or what `capnp compile -o-` wrote\n"
    "  TYPE       \"file.Type\", or the type alone where one file has it\n"
    "  --short    print text and JSON on one line\n"
    "  -I FOLDER  look here for imports with a leading slash; as often as needed\n"
    "  --help     print this text\n"
    "Exit status: 0; 1 when a message or schema is wrong; 2 for a wrong command line.\n";

enum form {
    FORM_BINARY,
    FORM_PACKED,
    FORM_FLAT,
    FORM_FLAT_PACKED,
    FORM_TEXT,
    FORM_JSON,
    FORM_COUNT
};

static const char *const form_names[FORM_COUNT] = {"binary", "packed", "flat", "flat-packed",
                                                   "text", "json"};

struct run {
    struct arena arena;
    enum form from, to;
    bool is_short;
    const char *folders[FOLDERS_MAX];
    unsigned folder_count;
    const char *schema, *type;
    struct schema_set set;
    struct schema_node_reader node;
    uint64_t *words; /* of the message that is written, then of its copy */
};

static _Noreturn void fail(int status, const char *what, const char *which)
{
    fprintf(stderr, "exocapnp: %s%s\n", what, which);
    exit(status);
}

static void write_file(void *context, const char *bytes, uint32_t count)
{
    fwrite(bytes, 1, count, context);
}

/* Compile a source, or read a request; make a set of it. */
static void open_schema(struct run *run)
{
    static struct capnp_segment segments[SEGMENTS_MAX];
    static struct capnp_message message;
    const char *end = strrchr(run->schema, '.');
    struct host_bytes bytes;
    if (end && strcmp(end, ".capnp") == 0) {
        const char *arguments[FOLDERS_MAX + 8] = {"capnp", "compile", "-o-"};
        unsigned count = 3;
        for (unsigned i = 0; i < run->folder_count; i++)
            arguments[count++] = arena_text(&run->arena, "-I%s", run->folders[i]);
        arguments[count++] = run->schema;
        if (host_run(&run->arena, arguments, &bytes) != 0)
            fail(EXIT_WRONG, run->schema, ": capnp cannot compile it");
    } else if (!host_read(&run->arena, run->schema, &bytes)) {
        fprintf(stderr, "exocapnp: %s: %s\n", run->schema, strerror(errno));
        exit(EXIT_WRONG);
    }
    enum capnp_error error = capnp_message_framed(&message, bytes.bytes, bytes.size, segments,
                                                  SEGMENTS_MAX, NULL);
    uint32_t count = error == CAPNP_OK ? schema_set_count(&message) : 0;
    struct schema_entry *entries = arena_take(&run->arena, (count + 1) * sizeof *entries);
    if (error == CAPNP_OK)
        error = schema_set_open(&run->set, &message, entries, count);
    if (error != CAPNP_OK || count == 0) {
        fprintf(stderr, "exocapnp: %s: it is no compiled schema: %s\n", run->schema,
                error == CAPNP_OK ? "it has no types" : capnp_error_text(error));
        exit(EXIT_WRONG);
    }
}

static void find_type(struct run *run)
{
    struct capnp_text name = {run->type, (uint32_t)strlen(run->type)};
    switch (schema_set_find_name(&run->set, name, &run->node)) {
    case SCHEMA_SET_FOUND: return;
    case SCHEMA_SET_SEVERAL:
        fail(EXIT_WRONG, "several files have this type; write it as \"file.Type\": ", run->type);
    default: fprintf(stderr, "exocapnp: %s: it has no type ", run->schema);
    }
    fprintf(stderr, "%s\n", run->type);
    exit(EXIT_WRONG);
}

/* All of standard input, aligned to words and followed by a zero byte. Of a text, the parsers count
 * in 32 bits; a file's length is known before it is read. */
static struct host_bytes read_input(struct run *run, bool is_text)
{
    struct host_bytes bytes;
    struct stat file;
    bool is_long = fstat(STDIN_FILENO, &file) == 0 && file.st_size > UINT32_MAX;
    if (!(is_text && is_long) && !host_read_stream(&run->arena, stdin, &bytes))
        fail(EXIT_WRONG, "standard input: ", strerror(errno));
    if (is_text && (is_long || bytes.size > UINT32_MAX))
        fail(EXIT_WRONG, "the text is longer than 4 GiB", "");
    return bytes;
}

/* Write a message of one segment, which was begun with room for its table. */
static void write_copy(struct run *run, struct capnp_builder *copy)
{
    uint64_t room = capnp_pack_max((uint64_t)copy->word_count + 1), used, packed_words;
    bool is_packed = run->to == FORM_PACKED || run->to == FORM_FLAT_PACKED;
    uint8_t *packed = is_packed ? arena_take(&run->arena, room) : NULL;
    if (run->to == FORM_PACKED) {
        capnp_pack_message(copy, packed, room, &used);
        fwrite(packed, 1, used, stdout);
    } else if (run->to == FORM_FLAT_PACKED) {
        used = capnp_pack(copy->words, copy->word_count, packed, room, &packed_words);
        fwrite(packed, 1, used, stdout);
    } else if (run->to == FORM_FLAT) {
        fwrite(copy->words, sizeof *copy->words, copy->word_count, stdout);
    } else {
        uint32_t count = capnp_builder_framed(copy);
        fwrite(copy->words - 1, sizeof *copy->words, count, stdout);
    }
}

/* Write a struct in the wanted form. */
static void write_message(struct run *run, struct capnp_struct root)
{
    struct dynamic_struct value = {.data = root};
    struct output output = {.write = write_file, .context = stdout};
    struct print_options options = {.pretty = !run->is_short};
    enum dynamic_error error = DYNAMIC_OK;
    dynamic_shape_open(&value.shape, &run->set, schema_node_get_id(run->node), NULL, NULL);
    if (run->to == FORM_TEXT || run->to == FORM_JSON) {
        error = run->to == FORM_TEXT ? text_print(&value, options, &output)
                                     : json_print(&value, options, &output);
        putchar('\n');
        if (error == DYNAMIC_MESSAGE)
            fail(EXIT_WRONG, "the message is wrong: ", capnp_error_text(root.message->error));
        if (error != DYNAMIC_OK)
            fail(EXIT_WRONG, "the message cannot be printed: ", dynamic_error_text(error));
        return;
    }
    /* A copy has each object once, in the order of the pointers, in one segment. */
    struct capnp_builder copy;
    uint64_t *words = run->words + MESSAGE_WORDS_MAX;
    capnp_builder_begin_framed(&copy, words, MESSAGE_WORDS_MAX);
    enum capnp_error copied = capnp_copy_struct(&copy, copy.words, &root);
    if (copied != CAPNP_OK)
        fail(EXIT_WRONG, "the message is wrong: ", capnp_error_text(copied));
    write_copy(run, &copy);
}

/* Unpack all of the input as one segment. */
static enum capnp_error open_flat_packed(struct run *run, struct host_bytes input,
                                         struct capnp_message *message)
{
    struct capnp_unpacker unpacker;
    uint64_t used;
    capnp_unpacker_begin(&unpacker);
    uint64_t count = capnp_unpack_some(&unpacker, input.bytes, input.size, run->words,
                                       MESSAGE_WORDS_MAX, &used);
    capnp_message_single(message, run->words, (uint32_t)count);
    if (used < input.size)
        return CAPNP_FULL;
    return capnp_unpacker_is_done(&unpacker) ? CAPNP_OK : CAPNP_FRAME;
}

/* Convert messages that are not text. */
static void convert_binary(struct run *run, struct host_bytes input)
{
    static struct capnp_segment segments[SEGMENTS_MAX];
    struct capnp_message message;
    struct capnp_struct root;
    uint64_t used = input.size;
    for (size_t at = 0; at < input.size; at += used) {
        enum capnp_error error = CAPNP_OK;
        if (run->from == FORM_FLAT)
            capnp_message_single(&message, (const uint64_t *)(const void *)input.bytes,
                                 (uint32_t)(input.size / sizeof(uint64_t)));
        else if (run->from == FORM_FLAT_PACKED)
            error = open_flat_packed(run, input, &message);
        else if (run->from == FORM_PACKED)
            error = capnp_unpack_message(&message, input.bytes + at, input.size - at, run->words,
                                         MESSAGE_WORDS_MAX, segments, SEGMENTS_MAX, &used);
        else
            error = capnp_message_framed(&message, input.bytes + at, input.size - at, segments,
                                         SEGMENTS_MAX, &used);
        if (error == CAPNP_OK)
            error = capnp_read_root(&message, &root);
        if (error != CAPNP_OK)
            fail(EXIT_WRONG, "the message is wrong: ", capnp_error_text(error));
        write_message(run, root);
    }
}

/* Is there something but blanks and comments. */
static bool has_more(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '#')
            while (i + 1 < length && text[i + 1] != '\n')
                i++;
        else if (!strchr(" \t\r\n", text[i]))
            return true;
    }
    return false;
}

/* Where a text ends that is at `start` of another one, with a line's number before it. */
static _Noreturn void fail_parse(const char *text, size_t start, const struct parse_error *error)
{
    uint32_t line = error->line, column = error->column;
    size_t line_start = start;
    while (line_start > 0 && text[line_start - 1] != '\n')
        line_start--;
    if (line == 1)
        column += (uint32_t)(start - line_start);
    for (size_t i = 0; i < start; i++)
        line += text[i] == '\n';
    fprintf(stderr, "exocapnp: line %u, column %u: %s\n", line, column, error->text);
    exit(EXIT_WRONG);
}

/* Convert messages that are parsed. */
static void convert_text(struct run *run, struct host_bytes input)
{
    const char *text = (const char *)input.bytes;
    struct parse_options options = {.work_max = UINT64_C(1) << 32};
    for (size_t at = 0; has_more(text + at, input.size - at);) {
        struct capnp_builder builder;
        struct dynamic_builder root;
        struct parse_error error;
        struct capnp_message message;
        struct capnp_struct reader;
        uint32_t used, length = (uint32_t)(input.size - at);
        capnp_builder_begin(&builder, run->words, MESSAGE_WORDS_MAX);
        dynamic_init_root(&builder, &run->set, schema_node_get_id(run->node), &root);
        bool done = run->from == FORM_TEXT
                        ? text_parse(&root, text + at, length, options, &used, &error)
                        : json_parse(&root, text + at, length, options, &used, &error);
        if (!done)
            fail_parse(text, at, &error);
        capnp_message_single(&message, builder.words, builder.word_count);
        message.traversal_words = CAPNP_UNLIMITED;
        capnp_read_root(&message, &reader);
        write_message(run, reader);
        at += used;
    }
}

static void convert(struct run *run)
{
    find_type(run);
    if (schema_node_which(run->node) != SCHEMA_NODE_WHICH_STRUCT)
        fail(EXIT_WRONG, "this type is no struct: ", run->type);
    run->words = malloc(2 * (size_t)MESSAGE_WORDS_MAX * sizeof *run->words);
    if (!run->words)
        fail(EXIT_WRONG, "there is not enough memory", "");
    bool is_text = run->from == FORM_TEXT || run->from == FORM_JSON;
    struct host_bytes input = read_input(run, is_text);
    if (is_text)
        convert_text(run, input);
    else
        convert_binary(run, input);
    if (fflush(stdout) != 0)
        fail(EXIT_WRONG, "standard output: ", strerror(errno));
    free(run->words);
}

/* Print one type, or the names of all. */
static void describe(struct run *run)
{
    struct output output = {.write = write_file, .context = stdout};
    if (run->type) {
        find_type(run);
        describe_node(&run->set, run->node, &output);
        return;
    }
    for (uint32_t i = 0; i < run->set.count; i++)
        describe_title(&run->set, run->set.entries[i].node, &output);
}

static enum form parse_form(const char *name, size_t length)
{
    for (unsigned i = 0; i < FORM_COUNT; i++)
        if (strlen(form_names[i]) == length && strncmp(form_names[i], name, length) == 0)
            return (enum form)i;
    fail(EXIT_USAGE, "there is no such form; --help lists them: ", name);
}

/* Take the command line apart; returns whether it is `convert`. */
static bool parse_arguments(struct run *run, int count, char **arguments)
{
    const char *plain[4] = {NULL};
    unsigned plain_count = 0;
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--short") == 0) {
            run->is_short = true;
        } else if (strncmp(arguments[i], "-I", 2) == 0) {
            const char *folder = arguments[i][2] || i + 1 == count ? arguments[i] + 2
                                                                   : arguments[++i];
            if (run->folder_count == FOLDERS_MAX)
                fail(EXIT_USAGE, "there are too many -I", "");
            run->folders[run->folder_count++] = folder;
        } else if (arguments[i][0] == '-') {
            fail(EXIT_USAGE, "there is no such option; --help lists them: ", arguments[i]);
        } else if (plain_count == 4) {
            fail(EXIT_USAGE, "there are too many arguments; see --help", "");
        } else {
            plain[plain_count++] = arguments[i];
        }
    }
    bool converts = plain[0] && strcmp(plain[0], "convert") == 0;
    if (!converts && (!plain[0] || strcmp(plain[0], "describe") != 0))
        fail(EXIT_USAGE, "say convert or describe; see --help", "");
    if (plain_count != 4 && (converts || plain_count < 2 || plain_count > 3))
        fail(EXIT_USAGE, "an argument is missing or too many; see --help", "");
    run->schema = plain[converts ? 2 : 1];
    run->type = plain[converts ? 3 : 2];
    const char *colon = converts ? strchr(plain[1], ':') : NULL;
    if (converts && !colon)
        fail(EXIT_USAGE, "forms are written FROM:TO, not ", plain[1]);
    if (converts) {
        run->from = parse_form(plain[1], (size_t)(colon - plain[1]));
        run->to = parse_form(colon + 1, strlen(colon + 1));
    }
    return converts;
}

int main(int count, char **arguments)
{
    static struct run run;
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--help") == 0) {
            fputs(help, stdout);
            return 0;
        }
    }
    bool converts = parse_arguments(&run, count, arguments);
    open_schema(&run);
    if (converts)
        convert(&run);
    else
        describe(&run);
    arena_free(&run.arena);
    return 0;
}
