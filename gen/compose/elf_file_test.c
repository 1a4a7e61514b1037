/* SPDX-License-Identifier: MIT */
/* A right program, and the same one with one thing made wrong; and every file that is cut off. */
#include "elf_file.h"

#include <CUnit/Basic.h>
#include <elf.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A program of two segments behind its headers, which the cases of test_programs() spoil. */
struct elf {
    Elf64_Ehdr header;
    Elf64_Phdr segments[2];
    uint8_t code[64];
};

/* The right program: text at 0x401000, and data that begins inside a page and ends in zeros. */
static void elf_begin(struct elf *elf)
{
    *elf = (struct elf){
        .header = { .e_type = ET_EXEC, .e_machine = 62, .e_entry = 0x401010,
                    .e_phoff = offsetof(struct elf, segments), .e_phnum = 2,
                    .e_phentsize = sizeof(Elf64_Phdr) },
        .segments = {
            { PT_LOAD, PF_R | PF_W, offsetof(struct elf, code), 0x403f00, 0, 0x40, 0x1200, 0 },
            { PT_LOAD, PF_R | PF_X, offsetof(struct elf, code), 0x401000, 0, 0x40, 0x40, 0 },
        },
        .code = { 0xc3 },
    };
    memcpy(elf->header.e_ident, ELFMAG, SELFMAG);
    elf->header.e_ident[EI_CLASS] = ELFCLASS64;
    elf->header.e_ident[EI_DATA] = ELFDATA2LSB;
}

/* Reads a program; `expected` is part of its one message, or NULL when it is right. */
static bool elf_read(const struct elf *elf, size_t size, const char *expected)
{
    struct program program = { .name = "demo", .path = "demo.elf" };
    struct arena arena = { NULL };
    char *text = NULL;
    size_t text_size = 0;
    struct report report = { .file = "demo.elf", .out = open_memstream(&text, &text_size) };
    bool good = elf_file_read(&program, (const uint8_t *)elf, size, &arena, &report);

    fclose(report.out);
    if (expected != NULL) {
        CU_ASSERT_EQUAL(report.errors, 1);
        CU_ASSERT_PTR_NOT_NULL(strstr(text, expected));
    } else if (good) {
        CU_ASSERT_EQUAL(program.segment_count, 2);
        CU_ASSERT_EQUAL(program.segments[0].address, 0x401000);
        CU_ASSERT_EQUAL(program.segments[0].bytes[0], 0xc3);
        CU_ASSERT_EQUAL(program.segments[1].address, 0x403000);
        CU_ASSERT_EQUAL(program.segments[1].file_pages, 1);
        CU_ASSERT_EQUAL(program.segments[1].pages, 3);
        CU_ASSERT_EQUAL(program.segments[1].bytes[0xf00], 0xc3);
    }
    free(text);
    arena_free(&arena);
    return good;
}

#define ELF_CASE(expected, statement)                          \
    do {                                                       \
        elf_begin(&elf);                                       \
        statement;                                             \
        CU_ASSERT_FALSE(elf_read(&elf, sizeof elf, expected)); \
    } while (0)

/* Every check once, and no byte beyond the end of a file that is cut off anywhere. */
static void test_programs(void)
{
    struct elf elf;

    elf_begin(&elf);
    CU_ASSERT(elf_read(&elf, sizeof elf, NULL));
    CU_ASSERT_FALSE(elf_read(&elf, 10, "no ELF file"));
    CU_ASSERT_FALSE(elf_read(&elf, sizeof elf.header, "program headers"));
    CU_ASSERT_FALSE(elf_read(&elf, sizeof elf - 1, "beyond the file's end"));
    ELF_CASE("no ELF file", elf.header.e_ident[0] = 0);
    ELF_CASE("no static", elf.header.e_type = ET_DYN);
    ELF_CASE("no static", elf.header.e_ident[EI_CLASS] = ELFCLASS32);
    ELF_CASE("program headers", elf.header.e_phnum = 1000);
    ELF_CASE("program headers", elf.header.e_phoff = UINT64_MAX);
    ELF_CASE("writable and executable", elf.segments[1].p_flags = PF_R | PF_W | PF_X);
    ELF_CASE("share the page", elf.segments[1].p_memsz = 0x2100);
    ELF_CASE("outside the addresses", elf.segments[1].p_vaddr = 0x10);
    ELF_CASE("outside the addresses", elf.segments[1].p_vaddr = UINT64_C(0xffffffff80000000));
    ELF_CASE("outside the addresses", elf.segments[1].p_vaddr = UINT64_C(0xffffff0));
    ELF_CASE("outside the addresses", elf.segments[0].p_memsz = UINT64_C(1) << 40);
    ELF_CASE("in no executable segment", elf.header.e_entry = 0x403f00);
    ELF_CASE("in no executable segment", elf.header.e_entry = 0);
    for (size_t size = 0; size < sizeof elf; size++) {
        elf_begin(&elf);
        uint8_t *part = malloc(size == 0 ? 1 : size); /* so that the sanitizer sees each byte */

        memcpy(part, &elf, size);
        CU_ASSERT_FALSE(elf_read((const struct elf *)(const void *)part, size, ""));
        free(part);
    }
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("compose: programs", NULL, NULL);

    CU_add_test(suite, "right and wrong programs", test_programs);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();

    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
