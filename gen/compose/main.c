/* SPDX-License-Identifier: MIT */
/*
 * compose: checks a composition and makes the boot image of it.
 *
 * The way of a composition: capnp reads the source (schemas.c) and hands over a System message,
 * which becomes structs (load.c). The checks (check*.c) look at names, numbers, labels and
 * devices, then find the server of each import, then look at what follows from the connections.
 * The programs are read (programs.c, elf_file.c), their pages get places (image.c), everything is
 * written down for init in the order of starting (plan.c), and the image is put together. Nothing
 * is written after an error.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "any.h"
#include "check.h"
#include "graph.h"
#include "host.h"
#include "image.h"
#include "load.h"
#include "plan.h"
#include "program_schema.h"
#include "programs.h"
#include "record.h"
#include "schemas.h"

static const char help[]
    = "Usage: compose [OPTIONS] COMPOSITION\n"
      "       compose --init-only PROGRAM -o IMAGE\n"
      "Checks a composition (a file system.capnp, see idl/system.capnp) and makes a boot image of "
      "it.\n"
      "  -o IMAGE           write the boot image\n"
      "  --check            only check; without --programs the programs are not looked at\n"
      "  --graph FILE       write a drawing of the composition, in graphviz's language\n"
      "  --programs FOLDER  where the programs are, as NAME.elf\n"
      "  --init NAME|PATH   the first program (a name in FOLDER, or a path); init unless given\n"
      "  --init-only PATH   an image with this first program and no components\n"
      "  --record NAME      lead all connections of a component through a recorder\n"
      "  -I FOLDER          look for schemas here too; as often as needed\n"
      "  --depfile FILE     write what was read, for ninja\n"
      "  --limit BYTES      refuse an image that is larger\n"
      "  --help             this text\n";

struct options {
    const char *composition;
    const char *image;
    const char *graph;
    const char *depfile;
    const char *init_only;
    const char *record;
    bool check;
    uint64_t limit_bytes;
    struct program_source programs;
    struct schema_folders schemas;
};

/* Everything that one run builds up. */
struct run {
    struct options options;
    struct arena arena;
    struct report report;
    struct system system;
    struct program init;
    struct host_bytes message; /* the System message, as capnp wrote it */
    uint64_t program_page_end; /* the first page of the image behind the programs */
};

/* Says what is wrong with the command line and ends the program; nothing was written then. */
static _Noreturn void usage_error(const char *what, const char *which)
{
    fprintf(stderr, "compose: %s%s; `compose --help` explains the options\n", what, which);
    exit(EXIT_FAILURE);
}

/* A number in decimal, octal or hexadecimal, as C writes it, and nothing behind it. */
static uint64_t parse_number(const char *option, const char *text)
{
    char *end = NULL;

    errno = 0;
    uint64_t value = strtoull(text, &end, 0);

    if (errno != 0 || end == text || *end != '\0' || text[0] == '-') {
        usage_error("a number must follow ", option);
    }
    return value;
}

/* Takes one option that has a value; false when there is none of this name. */
static bool parse_value(struct options *options, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **place;
    } texts[] = {
        { "-o", &options->image },
        { "--graph", &options->graph },
        { "--programs", &options->programs.folder },
        { "--init", &options->programs.init },
        { "--init-only", &options->init_only },
        { "--depfile", &options->depfile },
        { "--record", &options->record },
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(name, texts[i].name) == 0) {
            *texts[i].place = value;
            return true;
        }
    }
    if (strcmp(name, "--limit") == 0) {
        options->limit_bytes = parse_number(name, value);
    } else if (strcmp(name, "-I") == 0) {
        if (options->schemas.count == SCHEMA_FOLDERS_MAX) {
            usage_error("too many -I", "");
        }
        options->schemas.paths[options->schemas.count++] = value;
    } else {
        return false;
    }
    return true;
}

/* Whether a value must follow an option; kept beside parse_value(), which takes all of these. */
static bool takes_value(const char *name)
{
    static const char *const names[]
        = { "-o", "--graph", "--programs", "--init", "--init-only", "--depfile", "--limit", "-I",
            "--record" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Fills in the options, or ends the program. */
static void parse_options(struct options *options, char **arguments)
{
    options->programs = (struct program_source) { .init = INIT_NAME };
    options->limit_bytes = UINT64_MAX;
    for (; *arguments != NULL; arguments++) {
        if (strcmp(*arguments, "--help") == 0) {
            fputs(help, stdout);
            exit(EXIT_SUCCESS);
        } else if (strcmp(*arguments, "--check") == 0) {
            options->check = true;
        } else if (strncmp(*arguments, "-I", 2) == 0 && (*arguments)[2] != '\0') {
            parse_value(options, "-I", *arguments + 2);
        } else if (takes_value(*arguments)) {
            if (arguments[1] == NULL) {
                usage_error("a value must follow ", *arguments);
            }
            bool known = parse_value(options, arguments[0], arguments[1]);

            assert(known);
            (void)known;
            arguments++;
        } else if (**arguments == '-') {
            usage_error("there is no option ", *arguments);
        } else if (options->composition != NULL) {
            usage_error("only one composition can be made at once, not also ", *arguments);
        } else {
            options->composition = *arguments;
        }
    }
    if ((options->composition == NULL) == (options->init_only == NULL)) {
        usage_error("name one composition, or a program with --init-only", "");
    }
    if (options->image != NULL && options->programs.folder == NULL && options->init_only == NULL) {
        usage_error("an image needs programs; add --programs FOLDER", "");
    }
    if (options->image == NULL && options->graph == NULL && !options->check) {
        usage_error("nothing to do; add -o IMAGE, --graph FILE or --check", "");
    }
}

/* Reads the composition and checks all that needs no programs. */
static bool read_composition(struct run *run)
{
    struct host_bytes source;
    struct options *options = &run->options;

    run->report.file = options->composition;
    if (!host_read(&run->arena, options->composition, &source)) {
        report_file(&run->report, options->composition,
                    "cannot be read (%s); write it, or correct "
                    "its path",
                    strerror(errno));
        return false;
    }
    run->report.text = (const char *)source.bytes;
    options->schemas.arena = &run->arena;
    if (!schemas_evaluate(&options->schemas, &run->report, &run->message)) {
        return false;
    }
    if (!load_system(&run->system, run->message, &run->arena)) {
        report_file(&run->report, options->composition,
                    "capnp wrote no System message that can be "
                    "read; make the composition smaller");
        return false;
    }
    run->report.system = &run->system;
    any_expand(&run->system, &run->arena, &run->report);
    check_names(&run->system, &run->report);
    /* The other checks have tables of EXO_PLAN_COMPONENTS_MAX. */
    if (run->system.component_count > EXO_PLAN_COMPONENTS_MAX) {
        return false;
    }
    check_numbers(&run->system, &run->report);
    check_labels(&run->system, &run->report);
    check_devices(&run->system, &run->report);
    schemas_resolve(&options->schemas, &run->system, &run->report);
    check_connections(&run->system, &run->report);
    check_limits(&run->system, &run->report);
    check_flow(&run->system, &run->report);
    check_cycles(&run->system, &run->arena, &run->report);
    check_gas(&run->system, &run->report);
    if (options->record != NULL && run->report.errors == 0) {
        record_insert(&run->system, options->record, &run->arena, &run->report);
        check_devices(&run->system, &run->report);
        check_limits(&run->system, &run->report);
    }
    return true;
}

/* Reads the files that devices show; one that is not there is an error of the composition. */
static void read_files(struct run *run)
{
    for (unsigned i = 0; i < run->system.component_count; i++) {
        struct component *component = &run->system.components[i];

        for (unsigned j = 0; j < component->device_count; j++) {
            struct device *device = &component->devices[j];
            struct place place = place_item(i, "devices", j, "file");

            if (device->kind != DEVICE_FILE) {
                continue;
            }
            if (!host_read(&run->arena, device->path, &device->bytes)) {
                report_error(&run->report, &place,
                             "%s cannot be read (%s); name a file, from the root of the tree",
                             device->path, strerror(errno));
            } else if (device->bytes.size == 0) {
                report_error(&run->report, &place, "%s is empty; leave the device out",
                             device->path);
            }
        }
    }
}

/* Reads the programs, when they were asked for, and checks that all of it fits. */
static void read_programs(struct run *run)
{
    struct options *options = &run->options;

    read_files(run);
    if (options->init_only != NULL) {
        options->programs.init = strchr(options->init_only, '/') != NULL
                                     ? options->init_only
                                     : arena_text(&run->arena, "./%s", options->init_only);
    }
    if (options->programs.folder != NULL || options->init_only != NULL) {
        if (!programs_read_init(&options->programs, &run->init, &run->arena, &run->report)) {
            return;
        }
        programs_read(&options->programs, &run->system, &run->init, &run->arena, &run->report);
        program_schema_check(&run->system, &run->arena, &run->report);
        run->program_page_end
            = image_place_schemas(&run->system,
                                  image_place_files(&run->system,
                                                    image_place(&run->init, &run->system)),
                                  options->schemas.embedded);
    }
    /* Init alone has no components, so there is nothing to sum up. */
    if (options->init_only == NULL) {
        check_memory(&run->system, run->program_page_end, &run->report);
    }
}

/* Builds and writes the image of a composition that has no error, or of init alone. */
static void write_image(struct run *run)
{
    struct host_bytes flat = { NULL, 0 };

    if (run->options.init_only == NULL) {
        flat = plan_flatten(run->message, &run->arena);
    }
    struct host_bytes plan = plan_build(&run->system, &run->arena);
    struct host_bytes image
        = image_build(&run->init, &run->system, run->program_page_end,
                      run->options.schemas.embedded, flat, plan, &run->arena);

    if (image.size > run->options.limit_bytes) {
        report_file(&run->report, run->options.image,
                    "the image would have %zu bytes, more than "
                    "%" PRIu64 "; leave out programs, or make them smaller",
                    image.size, run->options.limit_bytes);
    } else if (!host_write(&run->arena, run->options.image, image.bytes, image.size)) {
        report_file(&run->report, run->options.image, "cannot be written (%s)", strerror(errno));
    }
}

/* Writes the drawing; it needs connections but no programs. */
static void write_graph(struct run *run)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&bytes, &size);

    if (memory == NULL || !graph_write(&run->system, run->options.composition, memory)
        || fclose(memory) != 0 || !host_write(&run->arena, run->options.graph, bytes, size)) {
        report_file(&run->report, run->options.graph, "cannot be written (%s)", strerror(errno));
    }
    free(bytes);
}

/* Everything that was read, as a rule of make that ninja understands. */
static void write_depfile(struct run *run)
{
    const struct options *options = &run->options;
    const char *target = options->image != NULL ? options->image : options->graph;
    const char *text = arena_text(&run->arena, "%s:", target != NULL ? target : "check");

    if (options->composition != NULL) {
        text = arena_text(&run->arena, "%s %s", text, options->composition);
    }
    if (run->init.path != NULL) {
        text = arena_text(&run->arena, "%s %s", text, run->init.path);
    }
    for (unsigned i = 0; i < run->system.program_count; i++) {
        text = arena_text(&run->arena, "%s %s", text, run->system.programs[i].path);
    }
    for (unsigned i = 0; i < run->system.component_count; i++) {
        const struct component *component = &run->system.components[i];

        for (unsigned j = 0; j < component->device_count; j++) {
            if (component->devices[j].kind == DEVICE_FILE) {
                text = arena_text(&run->arena, "%s %s", text, component->devices[j].path);
            }
        }
    }
    for (const char *path = options->schemas.used; path != NULL && *path != '\0';) {
        size_t length = strcspn(path, "\n");

        text = arena_text(&run->arena, "%s %.*s", text, (int)length, path);
        path += length + 1;
    }
    text = arena_text(&run->arena, "%s\n", text);
    if (!host_write(&run->arena, options->depfile, text, strlen(text))) {
        report_file(&run->report, options->depfile, "cannot be written (%s)", strerror(errno));
    }
}

int main(int argument_count, char **arguments)
{
    static struct run run;
    struct options *options = &run.options;

    assert(argument_count > 0);
    (void)argument_count;
    parse_options(options, arguments + 1);
    run.report = (struct report) { .file = "compose", .out = stderr };
    if (options->init_only != NULL || read_composition(&run)) {
        read_programs(&run);
    }
    /* After an error nothing is written, so an old image stays as it was, and ninja tries again.
     */
    if (run.report.errors == 0 && options->image != NULL) {
        write_image(&run);
    }
    if (run.report.errors == 0 && options->graph != NULL) {
        write_graph(&run);
    }
    if (run.report.errors == 0 && options->depfile != NULL) {
        write_depfile(&run);
    }
    arena_free(&run.arena);
    return run.report.errors == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
