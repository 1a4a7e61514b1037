/* SPDX-License-Identifier: MIT */
/* traffic: prints a recording, one line for each message, by the names and types of the schemas. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "speech.h"

enum { EXIT_WRONG = 1, EXIT_USAGE = 2 };

static const char help[] =
    "Usage: traffic [--schemas REQUEST] FILE\n"
    "       traffic --program FILE\n"
    "Prints a recording of `tests/run NAME --record COMPONENT FILE`, one line a message:\n"
    "  SECONDS  CLIENT -> SERVER  Interface.method(parameters)     a call\n"
    "  SECONDS  CLIENT <- SERVER  Interface.method(results)        its answer\n"
    "  SECONDS  CLIENT ~> SERVER  Interface.method(parameters) #N  a request, asynchronous\n"
    "  SECONDS  CLIENT <~ SERVER  Interface.method(results) #N     its reply\n"
    "A method of an object says of which: of <object N>, which results named, or, before they\n"
    "came, of #N.FIELD in the results of request N.\n"
    "  --schemas REQUEST  the types, as `capnp compile -o-` writes them; unless given, those of\n"
    "                     idl/ as they were when this program was built\n"
    "  --program          print only the name of the program that was recorded\n"
    "  --help             print this text\n"
    "Exit status: 0; 1 when the recording is wrong or cut off; 2 for a wrong command line.\n";

static _Noreturn void fail(int status, const char *what, const char *which)
{
    fprintf(stderr, "traffic: %s%s\n", which, what);
    exit(status);
}

static void write_file(void *context, const char *bytes, uint32_t count)
{
    fwrite(bytes, 1, count, context);
}

static struct host_bytes read_file(struct arena *arena, const char *path)
{
    struct host_bytes bytes;
    if (!host_read(arena, path, &bytes)) {
        fprintf(stderr, "traffic: %s: %s\n", path, strerror(errno));
        exit(EXIT_WRONG);
    }
    return bytes;
}

/* idl.schema lies beside this program. */
static const char *default_schemas(struct arena *arena, const char *program)
{
    const char *slash = strrchr(program, '/');
    return slash ? arena_text(arena, "%.*s/idl.schema", (int)(slash - program), program)
                 : "idl.schema";
}

static void print_all(struct recording *recording, struct speech *speech)
{
    struct output output = {.write = write_file, .context = stdout};
    struct recording_item item;
    while (recording_next(recording, &item) == RECORDING_ENTRY) {
        speech_print(speech, &item, &output);
        output_byte(&output, '\n');
    }
}

int main(int count, char **arguments)
{
    static struct recording recording;
    static struct speech speech;
    struct arena arena = {NULL};
    const char *path = NULL, *schemas = NULL;
    bool only_program = false;
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--help") == 0) {
            fputs(help, stdout);
            return 0;
        } else if (strcmp(arguments[i], "--schemas") == 0) {
            schemas = arguments[++i];
            if (!schemas)
                fail(EXIT_USAGE, "a file must follow --schemas", "");
        } else if (strcmp(arguments[i], "--program") == 0) {
            only_program = true;
        } else if (arguments[i][0] == '-') {
            fail(EXIT_USAGE, ": there is no such option; --help lists them", arguments[i]);
        } else if (path) {
            fail(EXIT_USAGE, ": only one recording at a time", arguments[i]);
        } else {
            path = arguments[i];
        }
    }
    if (!path)
        fail(EXIT_USAGE, "name a recording; see --help", "");
    if (!recording_open(&recording, read_file(&arena, path), &arena))
        fail(EXIT_WRONG, recording.error, arena_text(&arena, "%s: ", path));
    if (only_program) {
        puts(recording.program);
        return 0;
    }
    schemas = schemas ? schemas : default_schemas(&arena, arguments[0]);
    const char *error = speech_open(&speech, &recording, read_file(&arena, schemas), &arena);
    if (error)
        fail(EXIT_WRONG, error, arena_text(&arena, "%s: it is no compiled schema: ", schemas));
    print_all(&recording, &speech);
    if (fflush(stdout) != 0)
        fail(EXIT_WRONG, strerror(errno), "standard output: ");
    if (recording.error[0] != 0)
        fail(EXIT_WRONG, recording.error, arena_text(&arena, "%s: ", path));
    arena_free(&arena);
    return 0;
}
