/* SPDX-License-Identifier: MIT */
/* Source of the layouts: System V ABI, chapter 4, "Section Header". */
#include "program_schema.h"

#include <elf.h>
#include <string.h>

#include "compare.h"

/* The head of a record; the request follows. Records are aligned, so zeros may lie between. */
struct record {
    uint64_t mark;
    uint64_t interface_id;
    uint64_t hash;
    uint64_t word_count;
};

static const uint64_t record_mark = UINT64_C(0x616d656863732e65); /* "e.schema" */
static const char section_name[] = ".exo_schema";

/* Copies section header `index` out; false when it does not lie in the file. */
static bool section_at(const Elf64_Ehdr *header, const uint8_t *bytes, size_t size, unsigned index,
                       Elf64_Shdr *section)
{
    if (index >= header->e_shnum || header->e_shentsize != sizeof *section
        || header->e_shoff > size
        || (size - header->e_shoff) / sizeof *section < header->e_shnum) {
        return false;
    }
    memcpy(section, bytes + header->e_shoff + index * sizeof *section, sizeof *section);
    return section->sh_type != SHT_NOBITS && section->sh_offset <= size
           && section->sh_size <= size - section->sh_offset;
}

void program_schema_find(struct program *program, const uint8_t *bytes, size_t size)
{
    Elf64_Ehdr header;
    Elf64_Shdr names;
    Elf64_Shdr section;

    memcpy(&header, bytes, sizeof header);
    if (!section_at(&header, bytes, size, header.e_shstrndx, &names)) {
        return;
    }
    for (unsigned i = 0; i < header.e_shnum; i++) {
        if (section_at(&header, bytes, size, i, &section) && section.sh_name < names.sh_size
            && names.sh_size - section.sh_name >= sizeof section_name
            && memcmp(bytes + names.sh_offset + section.sh_name, section_name, sizeof section_name)
                   == 0
            && section.sh_offset % sizeof(uint64_t) == 0) {
            program->schemas = (const uint64_t *)(const void *)(bytes + section.sh_offset);
            program->schema_words = section.sh_size / sizeof(uint64_t);
        }
    }
}

/* Finds the record of an interface; the request's words follow it, and lie in the section. */
static const struct record *record_find(const struct program *program, uint64_t interface_id)
{
    const size_t head = sizeof(struct record) / sizeof(uint64_t);

    for (size_t at = 0; program->schema_words - at >= head && at < program->schema_words; at++) {
        const struct record *record = (const struct record *)(program->schemas + at);

        if (record->mark == record_mark && record->interface_id == interface_id
            && record->word_count <= program->schema_words - at - head) {
            return record;
        }
    }
    return NULL;
}

uint64_t program_schema_hash(const struct program *program, uint64_t interface_id)
{
    const struct record *record = record_find(program, interface_id);

    return record == NULL ? 0 : record->hash;
}

/*
 * Whether old and new programs understand each other in what the client imports: the interface that
 * the server was built with, or one that it inherits. What cannot be read is not compared.
 */
static bool compatible(const struct record *client, const struct record *server,
                       struct arena *arena)
{
    struct comparison *comparison = arena_take(arena, sizeof *comparison);

    if (side_open(&comparison->before, client + 1, client->word_count * sizeof(uint64_t))
            != NULL
        || side_open(&comparison->after, server + 1, server->word_count * sizeof(uint64_t))
               != NULL) {
        return false;
    }
    if (!side_extends(&comparison->after, server->interface_id, client->interface_id)) {
        return false;
    }
    comparison->is_silent = true;
    compare_ids(comparison, "", client->interface_id, client->interface_id);
    return comparison->counts[BREAKS_READERS] + comparison->counts[BREAKS_WRITERS]
               + comparison->counts[BREAKS_BOTH]
           == 0;
}

/* Compares the two ends of one import. */
static void check_import(struct system *system, unsigned index, unsigned item,
                         struct arena *arena, struct report *report)
{
    const struct component *client = &system->components[index];
    const struct import_port *import = &client->imports[item];

    if (import->server < 0 || client->program < 0
        || system->components[import->server].program < 0) {
        return;
    }
    const struct component *server = &system->components[import->server];
    const struct record *own
        = record_find(&system->programs[client->program], import->interface_id);
    const struct record *other
        = record_find(&system->programs[server->program], import->channel_id);

    if (own == NULL || other == NULL || own->hash == other->hash
        || compatible(own, other, arena)) {
        return;
    }
    struct place place = place_item(index, "imports", item, NULL);

    report_error(report, &place,
                 "\"%s\" and \"%s\" were built from versions of %s that do not understand each "
                 "other; build both again (gen/compat says of a change whom it breaks)",
                 client->name, server->name, import->interface);
}

void program_schema_check(struct system *system, struct arena *arena, struct report *report)
{
    for (unsigned i = 0; i < system->component_count; i++) {
        struct component *component = &system->components[i];

        for (unsigned j = 0; j < component->import_count; j++) {
            check_import(system, i, j, arena, report);
        }
        if (component->program < 0) {
            continue;
        }
        const struct program *program = &system->programs[component->program];

        for (unsigned j = 0; j < component->import_count; j++) {
            component->imports[j].schema
                = program_schema_hash(program, component->imports[j].interface_id);
        }
        for (unsigned j = 0; j < component->export_count; j++) {
            component->exports[j].schema
                = program_schema_hash(program, component->exports[j].interface_id);
        }
    }
}
