/* SPDX-License-Identifier: MIT */
#include "programs.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "elf_file.h"
#include "host.h"
#include "kernel_calls.h"

/* Where the build puts a program. */
static const char *program_path(const struct program_source *source, const char *name,
                                struct arena *arena)
{
    return arena_text(arena, "%s/%s.elf", source->folder, name);
}

/* Whether no two segments have the same rights, and each has one of the three usual sets. */
static bool init_segments_good(const struct program *init, struct report *report)
{
    uint32_t seen = 0;

    for (unsigned i = 0; i < init->segment_count; i++) {
        uint32_t rights = init->segments[i].rights;
        bool known = rights == EXO_RIGHT_READ || rights == (EXO_RIGHT_READ | EXO_RIGHT_WRITE)
                     || rights == (EXO_RIGHT_READ | EXO_RIGHT_EXECUTE);

        if (!known || (seen & (1u << rights)) != 0) {
            report_file(report, init->path,
                        "the kernel starts init from one read-execute, one "
                        "read-only and one read-write segment; link it with the linker script of "
                        "components/runtime");
            return false;
        }
        seen |= 1u << rights;
    }
    return true;
}

bool programs_read_init(const struct program_source *source, struct program *init,
                        struct arena *arena, struct report *report)
{
    struct host_bytes bytes;

    init->name = INIT_NAME;
    init->path = strchr(source->init, '/') != NULL ? source->init
                                                   : program_path(source, source->init, arena);
    if (!host_read(arena, init->path, &bytes)) {
        report_file(report, init->path,
                    "cannot be read (%s); it is the first program that the "
                    "kernel starts: build it, or name another with --init",
                    strerror(errno));
        return false;
    }
    return elf_file_read(init, bytes.bytes, bytes.size, arena, report)
           && init_segments_good(init, report);
}

/* The index of a program that was read already, or -1. */
static int program_find(const struct system *system, const char *name)
{
    for (unsigned i = 0; i < system->program_count; i++) {
        if (strcmp(system->programs[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* Reads the program of one component; a program that is there but unusable is reported once. */
static void program_add(const struct program_source *source, struct system *system, unsigned index,
                        const struct program *init, struct arena *arena, struct report *report)
{
    struct component *component = &system->components[index];
    const char *path = program_path(source, component->program_name, arena);
    struct host_bytes bytes;

    if (!host_read(arena, path, &bytes)) {
        struct place place = place_component(index, "program");

        report_error(report, &place,
                     "there is no program \"%s\" (%s); write components/%s/main.c, "
                     "or correct the name",
                     component->program_name, path, component->program_name);
        return;
    }
    /* It is counted even when it turns out unusable, so that its message comes once. */
    struct program *program = &system->programs[system->program_count++];

    program->name = component->program_name;
    program->path = path;
    if (elf_file_read(program, bytes.bytes, bytes.size, arena, report)
        && program->machine != init->machine) {
        report_file(report, path,
                    "is built for another machine than init; build both with the same "
                    "./configure --arch");
    }
}

void programs_read(const struct program_source *source, struct system *system,
                   const struct program *init, struct arena *arena, struct report *report)
{
    assert(system->program_count == 0);
    system->programs = arena_take(arena, system->component_count * sizeof *system->programs);
    for (unsigned i = 0; i < system->component_count; i++) {
        struct component *component = &system->components[i];

        if (component->program_name[0] == '\0') {
            continue; /* has no name at all, which was reported */
        }
        if (program_find(system, component->program_name) < 0) {
            program_add(source, system, i, init, arena, report);
        }
        component->program = program_find(system, component->program_name);
    }
}
