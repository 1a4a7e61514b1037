/* SPDX-License-Identifier: MIT */
#include "request.h"

#include "capnp_build.h"
#include "host.h"
#include "name.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEGMENT_MAX 4096

static struct capnp_segment segments[SEGMENT_MAX];
static struct capnp_message message;
static struct schema_code_generator_request_reader root;
static struct schema_node_reader *sorted; /* all nodes, by id */
static char **c_names; /* of the sorted nodes, once they are known */
static uint32_t sorted_count;
static int error_count;
static const char *output_folder = ".";

/* Make a copy of the request and read from that. What the compiler writes holds each
 * object once, and so does a copy: it may be read many times without a limit. A request that leads
 * to more than it holds (a cycle, or millions of elements of no size) is refused. */
static enum capnp_error copy_request(size_t length)
{
    struct capnp_any any;
    struct capnp_builder builder;
    uint32_t room = (uint32_t)(length / 4) + 64;
    uint64_t *words = malloc((size_t)room * sizeof *words);
    if (!words)
        request_fatal("the host has no memory left; close other programs and try again");
    message.traversal_words = room;
    enum capnp_error error = capnp_read_root_any(&message, &any);
    capnp_builder_begin(&builder, words, room);
    if (error == CAPNP_OK)
        error = capnp_copy_any(&builder, builder.words, &any);
    capnp_message_single(&message, words, builder.word_count);
    message.traversal_words = CAPNP_UNLIMITED;
    return error;
}

struct schema_code_generator_request_reader request_root(void)
{
    return root;
}

/* Order nodes by id. */
static int compare_nodes(const void *a, const void *b)
{
    uint64_t x = schema_node_get_id(*(const struct schema_node_reader *)a);
    uint64_t y = schema_node_get_id(*(const struct schema_node_reader *)b);
    return x < y ? -1 : x > y;
}

/* Fill `sorted`: nodes are looked for all the time, and there may be thousands. */
static void sort_nodes(void)
{
    struct schema_node_list nodes;
    schema_code_generator_request_get_nodes(root, &nodes);
    sorted_count = schema_node_list_count(nodes);
    sorted = calloc(sorted_count + 1, sizeof *sorted);
    c_names = calloc(sorted_count + 1, sizeof *c_names);
    if (!sorted || !c_names)
        request_fatal("the host has no memory left; close other programs and try again");
    for (uint32_t i = 0; i < sorted_count; i++)
        sorted[i] = schema_node_list_at(nodes, i);
    qsort(sorted, sorted_count, sizeof *sorted, compare_nodes);
}

void request_read(FILE *from)
{
    struct arena arena = {NULL};
    struct host_bytes bytes;
    if (!host_read_stream(&arena, from, &bytes))
        request_fatal("the request cannot be read: %s", strerror(errno));
    enum capnp_error error =
        capnp_message_framed(&message, bytes.bytes, bytes.size, segments, SEGMENT_MAX, NULL);
    if (error == CAPNP_OK)
        error = copy_request(bytes.size);
    arena_free(&arena);
    if (error == CAPNP_OK)
        error = schema_code_generator_request_read_root(&message, &root);
    if (error != CAPNP_OK)
        request_fatal("this is no request of `capnp compile`: %s; "
                      "run it as `capnp compile -o PATH/capnpc-c SCHEMA`",
                      capnp_error_text(error));
    sort_nodes();
}

/* The index of a node in `sorted`; `sorted_count` if it is not there. */
static uint32_t find_node(uint64_t id)
{
    uint32_t low = 0, high = sorted_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint64_t found = schema_node_get_id(sorted[middle]);
        if (found == id)
            return middle;
        if (found < id)
            low = middle + 1;
        else
            high = middle;
    }
    return sorted_count;
}

bool request_node(uint64_t id, struct schema_node_reader *out)
{
    uint32_t index = find_node(id);
    if (index < sorted_count)
        *out = sorted[index];
    return index < sorted_count;
}

struct schema_node_reader request_node_must(uint64_t id, const char *what)
{
    struct schema_node_reader node;
    if (!request_node(id, &node))
        request_fatal("the compiler sent no node for %s; is `capnp --version` 0.9 or later?", what);
    return node;
}

char **request_c_name_place(struct schema_node_reader node)
{
    static char *nowhere;
    uint32_t index = find_node(schema_node_get_id(node));
    nowhere = NULL;
    return index < sorted_count ? &c_names[index] : &nowhere;
}

/* The display name of a node as a C string. */
static char *display_name(struct schema_node_reader node)
{
    struct capnp_text text;
    schema_node_get_display_name(node, &text);
    return name_text(text);
}

char *request_file_name(struct schema_node_reader node)
{
    char *name = display_name(node);
    char *colon = strchr(name, ':');
    if (colon)
        *colon = '\0';
    return name;
}

bool request_file(struct schema_node_reader node, struct schema_node_reader *out)
{
    /* The structs of a method's parameters have no scope; their file is known by its name. */
    *out = node;
    for (int i = 0; i < REQUEST_DEPTH_MAX && schema_node_which(*out) != SCHEMA_NODE_WHICH_FILE; i++)
        if (!request_node(schema_node_get_scope_id(*out), out))
            break;
    if (schema_node_which(*out) == SCHEMA_NODE_WHICH_FILE)
        return true;
    char *file = request_file_name(node);
    for (uint32_t i = 0; i < sorted_count; i++) {
        *out = sorted[i];
        if (schema_node_which(*out) == SCHEMA_NODE_WHICH_FILE &&
            strcmp(display_name(*out), file) == 0)
            return true;
    }
    return false;
}

char *request_path(struct schema_node_reader node)
{
    char *name = display_name(node);
    char *colon = strchr(name, ':');
    return colon ? colon + 1 : name + strlen(name);
}

char *request_short_name(struct schema_node_reader node)
{
    char *name = display_name(node);
    uint32_t skip = schema_node_get_display_name_prefix_length(node);
    return skip < strlen(name) ? name + skip : name;
}

char *request_file_base(struct schema_node_reader node)
{
    return name_base(request_file_name(node), ".capnp");
}

bool request_annotation(struct schema_annotation_list list, const char *name,
                        struct schema_value_reader *out)
{
    for (uint32_t i = 0; i < schema_annotation_list_count(list); i++) {
        struct schema_node_reader node, file;
        struct schema_annotation_reader annotation = schema_annotation_list_at(list, i);
        if (!request_node(schema_annotation_get_id(annotation), &node))
            continue;
        if (strcmp(request_short_name(node), name) != 0 || !request_file(node, &file) ||
            schema_node_get_id(file) != REQUEST_FILE_ANNOTATIONS)
            continue;
        schema_annotation_get_value(annotation, out);
        return true;
    }
    return false;
}

char *request_comment(uint64_t id, int member)
{
    struct schema_node_source_info_list infos;
    struct capnp_text text = {"", 0};
    schema_code_generator_request_get_source_info(root, &infos);
    for (uint32_t i = 0; i < schema_node_source_info_list_count(infos); i++) {
        struct schema_node_source_info_reader info = schema_node_source_info_list_at(infos, i);
        struct schema_node_source_info_member_list members;
        if (schema_node_source_info_get_id(info) != id)
            continue;
        schema_node_source_info_get_members(info, &members);
        if (member < 0)
            schema_node_source_info_get_doc_comment(info, &text);
        else
            schema_node_source_info_member_get_doc_comment(
                schema_node_source_info_member_list_at(members, (uint32_t)member), &text);
    }
    char *comment = name_text(text);
    size_t length = strlen(comment);
    while (length > 0 && comment[length - 1] == '\n')
        comment[--length] = '\0';
    return comment;
}

/* Open a schema by the name that the compiler used. The compiler starts its plugins in the output
 * folder and changes PWD; its own folder is only known through its process, our parent. */
static FILE *open_source(const char *name)
{
    FILE *file = fopen(name, "r");
    return file ? file : fopen(name_format("/proc/%d/cwd/%s", (int)getppid(), name), "r");
}

/* Is there a word `word` in the line, outside comments. */
static bool line_has_word(const char *line, const char *word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t length = strlen(word);
    const char *comment = strchr(line, '#');
    for (const char *at = strstr(line, word); at; at = strstr(at + 1, word)) {
        if (comment && at > comment)
            return false;
        if ((at == line || !strchr(letters, at[-1])) &&
            (at[length] == '\0' || !strchr(letters, at[length])))
            return true;
    }
    return false;
}

/*
 * The line where the last part of a path is declared: each part is looked for behind the one
 * before.
 */
static int find_line(const char *file_name, const char *path)
{
    char line[1024];
    int number = 0, found = 1;
    FILE *file = open_source(file_name);
    char *rest = name_format("%s", path);
    char *part = strtok(rest, ".$[");
    while (file && part && fgets(line, sizeof line, file)) {
        number++;
        while (part && line_has_word(line, part)) {
            found = number;
            part = strtok(NULL, ".$[");
        }
    }
    if (file)
        fclose(file);
    return found;
}

void request_error(struct schema_node_reader node, const char *path, const char *format, ...)
{
    va_list arguments;
    char *file = request_file_name(node);
    fprintf(stderr, "%s:%d: %s: ", file, find_line(file, path), path);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    error_count++;
}

_Noreturn void request_fatal(const char *format, ...)
{
    va_list arguments;
    /* Not only the generator is made of this file. */
    fprintf(stderr, "%s: ", program_invocation_short_name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

int request_error_count(void)
{
    return error_count;
}

void request_output_into(const char *folder)
{
    output_folder = folder;
}

/* Where a file of the output lies; makes the folders that it lies in. */
static char *output_path(const char *name)
{
    char *path = name_format("%s/%s", output_folder, name);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            request_fatal("cannot make the output folder %s: %s", path, strerror(errno));
        *slash = '/';
    }
    return path;
}

FILE *request_output(const char *name, const char *source)
{
    FILE *file = fopen(output_path(name), "w+");
    if (!file)
        request_fatal("cannot write %s; does the output folder exist and may you write there?",
                      name);
    fprintf(file, "/* SPDX-License-Identifier: MIT */\n/* Generated from %s by capnpc-c. */\n",
            source);
    return file;
}

void request_output_close(FILE *file, const char *name)
{
    if (ferror(file) | fclose(file))
        request_fatal("cannot write %s; is the disk full?", name);
}
