/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "name.h"
#include "request.h"

#include <stdlib.h>
#include <string.h>

#define PREFIXES_MAX 64

/* A prefix for a file. */
struct prefix {
    const char *file;
    const char *prefix;
};

static struct prefix prefixes[PREFIXES_MAX];
static unsigned prefix_count;

static const char help[] =
    "Usage: capnp compile -o capnpc-c[:FOLDER] SCHEMA...\n"
    "       capnp compile -o- SCHEMA... | capnpc-c [OPTIONS]\n"
    "Writes NAME.capnp.h, NAME.capnp.c and NAME_layout.h for each SCHEMA NAME.capnp.\n"
    "\n"
    "  --output=FOLDER        write into FOLDER, which is made if it is not there (default: .)\n"
    "  --prefix=FILE=PREFIX   begin the C names of what the schema FILE declares with PREFIX, of\n"
    "                         small letters, digits and _; to be given in the same way wherever\n"
    "                         FILE is imported. FILE is its name with or without folders.\n"
    "  --help                 print this text\n"
    "\n"
    "A schema that imports annotations.capnp as C chooses for itself:\n"
    "  $C.prefix(\"weather\")   its prefix, otherwise its own name\n"
    "  $C.folder(\"weather\")   a folder in the output folder, made if it is not there\n"
    "  $C.name(\"sky\")         behind a declaration: its part of C names\n";

/* Take FILE=PREFIX apart and keep it. */
static void add_prefix(const char *argument)
{
    static const char tail[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    const char *equals = strrchr(argument, '=');
    if (!equals || equals == argument)
        request_fatal("--prefix=%s names no file or no prefix; write --prefix=FILE=PREFIX",
                      argument);
    const char *prefix = equals + 1;
    if (*prefix < 'a' || *prefix > 'z' || prefix[strspn(prefix, tail)])
        request_fatal("--prefix=%s: \"%s\" cannot begin a C name; write a small letter and behind "
                      "it small letters, digits and underscores", argument, prefix);
    if (prefix_count == PREFIXES_MAX)
        request_fatal("there are more than %d options --prefix", PREFIXES_MAX);
    prefixes[prefix_count++] =
        (struct prefix){name_format("%.*s", (int)(equals - argument), argument), prefix};
}

void options_read(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        const char *option = arguments[i];
        if (strcmp(option, "--help") == 0) {
            fputs(help, stdout);
            exit(0);
        }
        if (strncmp(option, "--output=", 9) == 0 && option[9])
            request_output_into(option + 9);
        else if (strncmp(option, "--prefix=", 9) == 0)
            add_prefix(option + 9);
        else
            request_fatal("no option \"%s\"; --help lists them", option);
    }
}

/* Does an option's file mean the one with this name. */
static bool is_meant(const char *option, const char *file)
{
    return strcmp(option, file) == 0 || strcmp(option, name_base(file, "")) == 0;
}

const char *options_prefix(const char *file)
{
    for (unsigned i = 0; i < prefix_count; i++)
        if (is_meant(prefixes[i].file, file))
            return prefixes[i].prefix;
    return NULL;
}

void options_check(void)
{
    struct schema_node_list nodes;
    schema_code_generator_request_get_nodes(request_root(), &nodes);
    for (unsigned i = 0; i < prefix_count; i++) {
        bool is_there = false;
        for (uint32_t k = 0; k < schema_node_list_count(nodes) && !is_there; k++) {
            struct schema_node_reader node = schema_node_list_at(nodes, k);
            is_there = schema_node_which(node) == SCHEMA_NODE_WHICH_FILE &&
                       is_meant(prefixes[i].file, request_file_name(node));
        }
        if (!is_there)
            request_fatal("--prefix=%s=%s: the request has no such file; name a schema that is "
                          "compiled or imported", prefixes[i].file, prefixes[i].prefix);
    }
}
