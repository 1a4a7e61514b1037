/* SPDX-License-Identifier: MIT */
/*
 * Takes a kernel's line counters out of the memory of the machines that it ran on. Use: counters
 * KERNEL ADDRESS RAM..., where KERNEL was compiled with -fprofile-info-section and each RAM is what
 * a machine's memory, which begins at the physical ADDRESS, held at its end. The counts of all are
 * added, and written as the .gcda files that the compiler named, for gcov. The kernel itself needs
 * no code for this.
 *
 * The layouts are those of GCC 12: gcc/libgcc/libgcov.h (struct gcov_info) and gcc/gcov-io.h.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNTER_KINDS 8
#define VERSION 0x4232322au /* "B22*", GCC 12.2 */
#define VERSION_MASK 0xffff00ffu /* without the minor number */
#define TAG_FILE 0x67636461u
#define TAG_SUMMARY 0xa1000000u
#define TAG_FUNCTION 0x01000000u
#define TAG_ARCS 0x01a10000u

/* As the compiler writes them; an address is one of the kernel. */
struct gcov_info {
    uint32_t version, padding;
    uint64_t next;
    uint32_t stamp, checksum;
    uint64_t file_name;
    uint64_t merge[COUNTER_KINDS]; /* only the first, for arcs, is in use */
    uint32_t function_count, padding2;
    uint64_t functions;
};

struct gcov_function {
    uint64_t key;
    uint32_t ident, line_checksum, graph_checksum, padding;
    uint32_t count, padding2;
    uint64_t counters;
};

struct mapping {
    const uint8_t *bytes;
    size_t size;
};

static struct mapping kernel;
static uint64_t memory_address;
static struct mapping *machines;
static int machine_count;

static void fail(const char *what) {
    fprintf(stderr, "counters: %s\n", what);
    exit(1);
}

static struct mapping map_file(const char *path) {
    struct stat status;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &status) != 0) {
        perror(path);
        exit(1);
    }
    size_t size = (size_t)status.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0);
    if (bytes == MAP_FAILED) {
        perror(path);
        exit(1);
    }
    close(file);
    return (struct mapping){bytes, size};
}

/* Where the bytes of a kernel address lie in a machine's memory: by the kernel's load segments. */
static const void *at(const struct mapping *machine, uint64_t address, size_t bytes) {
    const Elf64_Ehdr *header = (const void *)kernel.bytes;
    const Elf64_Phdr *segments = (const void *)(kernel.bytes + header->e_phoff);
    for (int index = 0; index < header->e_phnum; index++) {
        const Elf64_Phdr *segment = &segments[index];
        if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
            address - segment->p_vaddr + bytes <= segment->p_memsz) {
            uint64_t offset = segment->p_paddr + (address - segment->p_vaddr) - memory_address;
            if (offset <= machine->size && bytes <= machine->size - offset) {
                return machine->bytes + offset;
            }
        }
    }
    fail("the kernel's counters point outside of it");
    return NULL;
}

/* The section that lists one address for each object file; its bounds in *count addresses. */
static uint64_t list_of_files(size_t *count) {
    const Elf64_Ehdr *header = (const void *)kernel.bytes;
    const Elf64_Shdr *sections = (const void *)(kernel.bytes + header->e_shoff);
    const char *names = (const char *)kernel.bytes + sections[header->e_shstrndx].sh_offset;
    for (int index = 0; index < header->e_shnum; index++) {
        const char *name = names + sections[index].sh_name;
        if (strcmp(name, ".coverage") == 0 || strcmp(name, ".gcov_info") == 0) {
            *count = sections[index].sh_size / sizeof(uint64_t);
            return sections[index].sh_addr;
        }
    }
    fail("the kernel was not configured with --coverage");
    return 0;
}

static void write_word(FILE *output, uint32_t word) {
    fwrite(&word, sizeof word, 1, output);
}

static void write_function(FILE *output, uint64_t address) {
    const struct gcov_function *function = at(&machines[0], address, sizeof *function);
    write_word(output, TAG_FUNCTION);
    write_word(output, 3 * sizeof(uint32_t));
    write_word(output, function->ident);
    write_word(output, function->line_checksum);
    write_word(output, function->graph_checksum);
    write_word(output, TAG_ARCS);
    write_word(output, (uint32_t)(function->count * sizeof(uint64_t)));
    for (uint32_t index = 0; index < function->count; index++) {
        uint64_t sum = 0;
        for (int machine = 0; machine < machine_count; machine++) {
            uint64_t count;
            uint64_t place = function->counters + index * sizeof count;
            memcpy(&count, at(&machines[machine], place, sizeof count), sizeof count);
            sum += count;
        }
        fwrite(&sum, sizeof sum, 1, output);
    }
}

static void write_file(uint64_t address) {
    const struct gcov_info *info = at(&machines[0], address, sizeof *info);
    if ((info->version & VERSION_MASK) != (VERSION & VERSION_MASK)) {
        fail("this kernel was not compiled by GCC 12");
    }
    const char *name = at(&machines[0], info->file_name, 1);
    FILE *output = fopen(name, "wb");
    if (output == NULL) {
        perror(name);
        exit(1);
    }
    write_word(output, TAG_FILE);
    write_word(output, info->version);
    write_word(output, info->stamp);
    write_word(output, info->checksum);
    write_word(output, TAG_SUMMARY);
    write_word(output, 2 * sizeof(uint32_t));
    write_word(output, (uint32_t)machine_count);
    write_word(output, 0);
    const uint64_t *functions =
        at(&machines[0], info->functions, info->function_count * sizeof *functions);
    for (uint32_t index = 0; index < info->function_count; index++) {
        write_function(output, functions[index]);
    }
    write_word(output, 0);
    fclose(output);
}

int main(int argument_count, char **arguments) {
    if (argument_count < 4) {
        fprintf(stderr, "Usage: counters KERNEL ADDRESS RAM...\n");
        return 2;
    }
    kernel = map_file(arguments[1]);
    memory_address = strtoull(arguments[2], NULL, 0);
    machine_count = argument_count - 3;
    machines = calloc((size_t)machine_count, sizeof *machines);
    if (machines == NULL) {
        fail("no memory");
    }
    for (int index = 0; index < machine_count; index++) {
        machines[index] = map_file(arguments[index + 3]);
    }
    size_t count;
    uint64_t list = list_of_files(&count);
    for (size_t index = 0; index < count; index++) {
        uint64_t address;
        memcpy(&address, at(&machines[0], list + index * sizeof address, sizeof address),
               sizeof address);
        write_file(address);
    }
    return 0;
}
