/* SPDX-License-Identifier: MIT */
/* Source of the layouts: System V ABI, chapters 4 and 5, "ELF-64". */
#include "elf_file.h"

#include <assert.h>
#include <elf.h>
#include <inttypes.h>
#include <string.h>

#include "boot.capnp.h"
#include "kernel_calls.h"
#include "program_schema.h"

/* A segment's place in the file and in memory, before it is rounded to pages. */
static bool segment_bounds_good(const struct program *program, const Elf64_Phdr *header,
                                size_t size, struct report *report)
{
    if (header->p_offset > size || header->p_filesz > size - header->p_offset
        || header->p_filesz > header->p_memsz) {
        report_file(report, program->path,
                    "a segment reaches beyond the file's end; "
                    "the file is cut off: delete it and build again");
        return false;
    }
    if (header->p_vaddr < PAGE_BYTES || header->p_vaddr >= EXO_PROGRAM_END
        || header->p_memsz > EXO_PROGRAM_END - header->p_vaddr) {
        report_file(report, program->path,
                    "the segment at 0x%" PRIx64 " lies outside the addresses "
                    "of a program (0x%x to 0x%" PRIx64 "); link it with the linker script of "
                    "components/runtime",
                    (uint64_t)header->p_vaddr, PAGE_BYTES, EXO_PROGRAM_END);
        return false;
    }
    return true;
}

/* The rights of a mapping from the flags of a program header. */
static uint32_t segment_rights(uint32_t flags)
{
    return ((flags & PF_R) != 0 ? EXO_RIGHT_READ : 0) | ((flags & PF_W) != 0 ? EXO_RIGHT_WRITE : 0)
           | ((flags & PF_X) != 0 ? EXO_RIGHT_EXECUTE : 0);
}

/* Adds one loadable segment, rounded to pages; bytes before and behind it in its pages are zero.
 */
static bool segment_add(struct program *program, const Elf64_Phdr *header, const uint8_t *bytes,
                        size_t size, struct arena *arena, struct report *report)
{
    if (!segment_bounds_good(program, header, size, report)) {
        return false;
    }
    if ((header->p_flags & PF_W) != 0 && (header->p_flags & PF_X) != 0) {
        report_file(
            report, program->path,
            "the segment at 0x%" PRIx64 " is writable and executable; "
            "link it with the linker script of components/runtime, and make no section both",
            (uint64_t)header->p_vaddr);
        return false;
    }
    if (program->segment_count == EXO_PROGRAM_SEGMENTS_MAX) {
        report_file(report, program->path,
                    "has more than %d loadable segments; link it with the "
                    "linker script of components/runtime",
                    EXO_PROGRAM_SEGMENTS_MAX);
        return false;
    }
    struct segment *segment = &program->segments[program->segment_count];
    /* A segment may begin inside a page; the zeros before it then belong to its first page. */
    uint64_t lead = header->p_vaddr % PAGE_BYTES;
    uint64_t pages = (lead + header->p_memsz + PAGE_BYTES - 1) / PAGE_BYTES;
    uint64_t file_pages
        = header->p_filesz == 0 ? 0 : (lead + header->p_filesz + PAGE_BYTES - 1) / PAGE_BYTES;

    /* What nobody writes is mapped from the image, zeros and all. */
    if ((header->p_flags & PF_W) == 0) {
        file_pages = pages;
    }
    uint8_t *copy = arena_take(arena, file_pages * PAGE_BYTES);

    memcpy(copy + (file_pages == 0 ? 0 : lead), bytes + header->p_offset, header->p_filesz);
    *segment = (struct segment) {
        .address = header->p_vaddr - lead,
        .pages = (uint32_t)pages,
        .file_pages = (uint32_t)file_pages,
        .rights = segment_rights(header->p_flags),
        .bytes = copy,
    };
    program->segment_count++;
    return true;
}

/* Sorts the segments by address and looks for two that share a page. */
static bool segments_apart(struct program *program, struct report *report)
{
    for (unsigned i = 1; i < program->segment_count; i++) {
        for (unsigned j = i; j > 0; j--) {
            struct segment *left = &program->segments[j - 1];
            struct segment *right = &program->segments[j];

            if (left->address <= right->address) {
                break;
            }
            struct segment swapped = *left;

            *left = *right;
            *right = swapped;
        }
    }
    for (unsigned i = 1; i < program->segment_count; i++) {
        const struct segment *left = &program->segments[i - 1];

        if (left->address + (uint64_t)left->pages * PAGE_BYTES > program->segments[i].address) {
            report_file(report, program->path,
                        "two segments share the page at 0x%" PRIx64 "; link "
                        "it with the linker script of components/runtime, which aligns them",
                        program->segments[i].address);
            return false;
        }
    }
    return true;
}

/* Whether the first instruction lies in bytes that the file holds and that may be executed. */
static bool entry_good(const struct program *program, struct report *report)
{
    for (unsigned i = 0; i < program->segment_count; i++) {
        const struct segment *segment = &program->segments[i];

        if ((segment->rights & EXO_RIGHT_EXECUTE) != 0 && program->entry >= segment->address
            && program->entry - segment->address < (uint64_t)segment->file_pages * PAGE_BYTES) {
            return true;
        }
    }
    report_file(report, program->path,
                "the entry 0x%" PRIx64 " is in no executable segment; link it "
                "with the runtime library, which has the entry",
                program->entry);
    return false;
}

/* What the file header alone can tell. */
static bool header_good(const struct program *program, const Elf64_Ehdr *header, size_t size,
                        struct report *report)
{
    if (size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        report_file(report, program->path, "is no ELF file; delete it and build again");
        return false;
    }
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB
        || header->e_type != ET_EXEC) {
        report_file(report, program->path,
                    "is no static 64-bit little-endian executable; "
                    "link it with -static and -no-pie");
        return false;
    }
    if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phoff > size
        || (size - header->e_phoff) / sizeof(Elf64_Phdr) < header->e_phnum) {
        report_file(report, program->path,
                    "its program headers reach beyond the file's end; "
                    "the file is cut off: delete it and build again");
        return false;
    }
    return true;
}

/* The header is copied out, since the file's bytes are aligned for nothing but words. */
bool elf_file_read(struct program *program, const uint8_t *bytes, size_t size, struct arena *arena,
                   struct report *report)
{
    Elf64_Ehdr header = { 0 };
    bool good = true;

    assert(program->path != NULL);
    memcpy(&header, bytes, size < sizeof header ? size : sizeof header);
    if (!header_good(program, &header, size, report)) {
        return false;
    }
    program->entry = header.e_entry;
    program->machine = header.e_machine;
    program->segment_count = 0;
    for (unsigned i = 0; i < header.e_phnum && good; i++) {
        Elf64_Phdr segment;

        memcpy(&segment, bytes + header.e_phoff + i * sizeof segment, sizeof segment);
        if (segment.p_type == PT_LOAD && segment.p_memsz > 0) {
            good = segment_add(program, &segment, bytes, size, arena, report);
        }
    }
    program_schema_find(program, bytes, size);
    return good && segments_apart(program, report) && entry_good(program, report);
}
