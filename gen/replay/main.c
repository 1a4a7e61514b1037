/* SPDX-License-Identifier: MIT */
/* replay: runs the component that it is linked with against a recording of it. See README.md. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "world.h"
#include "story.h"

enum { EXIT_DIFFERS = 1, EXIT_USAGE = 2, SIGNAL_STACK_BYTES = 65536 };
enum { SECONDS = 60, SECONDS_MAX = 86400 }; /* that a component may run without waiting */

static const char help[] =
    "Usage: replay/PROGRAM [--schemas REQUEST] FILE\n"
    "Runs this component against a recording of it (tests/run NAME --record COMPONENT FILE): what\n"
    "came to it comes again, and what it sends is compared with what it sent.\n"
    "  --schemas REQUEST  the types, as `capnp compile -o-` writes them; unless given, those of\n"
    "                     idl/ as they were when this program was built\n"
    "  --seconds N        end when the component has run for so long without waiting (60)\n"
    "  --help             print this text\n"
    "Exit status: 0 if all messages agree; 1 at the first difference, or when the recording is\n"
    "wrong; 2 for a wrong command line.\n";

static _Noreturn void fail(int status, const char *which, const char *what)
{
    fprintf(stderr, "replay: %s%s\n", which, what);
    exit(status);
}

static struct host_bytes read_file(struct arena *arena, const char *path)
{
    struct host_bytes bytes;
    if (!host_read(arena, path, &bytes)) {
        fprintf(stderr, "replay: %s: %s\n", path, strerror(errno));
        exit(EXIT_DIFFERS);
    }
    return bytes;
}

static char hangs[128]; /* what is said when the time is over */

/* The component did what ends a process. */
static void die(int signal)
{
    static const char crashed[] = "replay: the component crashed\n";
    const char *text = signal == SIGALRM ? hangs : crashed;
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        _exit(EXIT_DIFFERS);
    _exit(EXIT_DIFFERS);
}

/* On a stack of its own, since that of the component may be what broke. */
static void catch_signals(struct arena *arena, unsigned seconds)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM};
    stack_t stack = {.ss_sp = arena_take(arena, SIGNAL_STACK_BYTES), .ss_size = SIGNAL_STACK_BYTES};
    struct sigaction action = {.sa_handler = die, .sa_flags = SA_ONSTACK};
    sigaltstack(&stack, NULL);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
    snprintf(hangs, sizeof hangs, "replay: the component has run for %u s without waiting; give it "
             "more by --seconds\n", seconds);
    alarm(seconds);
}

/* idl.schema lies in the folder above this program's. */
static const char *default_schemas(struct arena *arena, const char *program)
{
    const char *slash = strrchr(program, '/');
    return arena_text(arena, "%.*s../idl.schema", slash ? (int)(slash - program) + 1 : 0, program);
}

int main(int count, char **arguments)
{
    static struct recording recording;
    static struct speech speech;
    static struct arena arena;
    const char *path = NULL, *schemas = NULL;
    uint64_t agreed;
    long seconds = SECONDS;
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--help") == 0) {
            fputs(help, stdout);
            return 0;
        } else if (strcmp(arguments[i], "--schemas") == 0) {
            schemas = arguments[++i];
            if (!schemas)
                fail(EXIT_USAGE, "", "a file must follow --schemas");
        } else if (strcmp(arguments[i], "--seconds") == 0) {
            char *end = "";
            seconds = arguments[++i] ? strtol(arguments[i], &end, 10) : 0;
            if (seconds < 1 || seconds > SECONDS_MAX || *end)
                fail(EXIT_USAGE, "", "a number of seconds up to 86400 must follow --seconds");
        } else if (arguments[i][0] == '-' || path) {
            fail(EXIT_USAGE, arguments[i], ": there is no such option, or one argument too many");
        } else {
            path = arguments[i];
        }
    }
    if (!path)
        fail(EXIT_USAGE, "", "name a recording; see --help");
    if (!recording_open(&recording, read_file(&arena, path), &arena))
        fail(EXIT_DIFFERS, arena_text(&arena, "%s: ", path), recording.error);
    schemas = schemas ? schemas : default_schemas(&arena, arguments[0]);
    const char *error = speech_open(&speech, &recording, read_file(&arena, schemas), &arena);
    if (error)
        fail(EXIT_DIFFERS, arena_text(&arena, "%s: it is no compiled schema: ", schemas), error);
    error = world_start(&recording, &arena);
    if (error)
        fail(EXIT_DIFFERS, arena_text(&arena, "%s: ", path), error);
    catch_signals(&arena, (unsigned)seconds);
    if (!story_tell(&recording, &speech, &agreed))
        return EXIT_DIFFERS;
    printf("replay: %s: %llu messages, all as recorded\n", recording.component,
           (unsigned long long)agreed);
    arena_free(&arena);
    return 0;
}
