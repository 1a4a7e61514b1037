/* SPDX-License-Identifier: MIT */
/*
 * The generator: the input is a request as `capnp compile` sends it, framed. Whatever it says, the
 * generator writes its files or says what is wrong, and ends. It runs in this process: see
 * generator.h for how its sources are compiled.
 */
#define FUZZ_HARNESS
#include "generator.h"

#include <setjmp.h>
#include <stdbool.h>
#include <sys/mman.h>

int generator_main(int count, char **arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The generator's variables, those that start as zero and the others; the linker sets the ends, to
 * null where there are none. */
#define WEAK __attribute__((weak))
extern WEAK uint8_t __start_generator_zeros[], __stop_generator_zeros[];
extern WEAK uint8_t __start_generator_values[], __stop_generator_values[];

FILE *fuzz_input, *fuzz_output;

static uint8_t *initial_values;
static jmp_buf end;

/* All memory that the generator holds: it gives back nothing before it ends. */
static struct block {
    struct block *next, *previous;
} blocks = {&blocks, &blocks};

void *fuzz_realloc(void *memory, size_t size)
{
    struct block *block = memory ? (struct block *)memory - 1 : NULL;
    if (block) {
        block->previous->next = block->next;
        block->next->previous = block->previous;
    }
    block = realloc(block, sizeof *block + size);
    if (!block)
        abort();
    *block = (struct block){blocks.next, &blocks};
    block->next->previous = blocks.next = block;
    return block + 1;
}

void *fuzz_calloc(size_t count, size_t size)
{
    return memset(fuzz_realloc(NULL, count * size), 0, count * size);
}

void fuzz_free(void *memory)
{
    if (!memory)
        return;
    struct block *block = (struct block *)memory - 1;
    block->previous->next = block->next;
    block->next->previous = block->previous;
    free(block);
}

_Noreturn void fuzz_exit(int status)
{
    if (status != 1)
        abort();
    longjmp(end, 1);
}

/* Nothing of the machine is read, and what is written goes nowhere. */
FILE *fuzz_open(const char *name, const char *mode)
{
    if (strlen(name) == 0 && *mode == 'w')
        abort();
    return *mode == 'w' ? fuzz_output : NULL;
}

int fuzz_close(FILE *file)
{
    return fflush(file);
}

int fuzz_mkdir(const char *name, mode_t mode)
{
    (void)mode;
    return *name ? 0 : -1;
}

/* Copy the generator's variables that do not start as zero: `is_back` to what they were at first.
 * Not instrumented, as below, since between variables lie bytes that belong to nobody. */
__attribute__((no_sanitize("address"))) static void copy_values(bool is_back)
{
    uint8_t *kept = initial_values;
    for (uint8_t *at = __start_generator_values; at < __stop_generator_values; at++, kept++)
        *(is_back ? at : kept) = *(is_back ? kept : at);
}

/* Make the others zero: they are megabytes, so whole pages are given back to the system. */
__attribute__((no_sanitize("address"))) static void clear_zeros(void)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), end = (uintptr_t)__stop_generator_zeros;
    uint8_t *at = __start_generator_zeros;
    while (at < __stop_generator_zeros)
        if ((uintptr_t)at % page == 0 && (uintptr_t)at + page <= end) {
            size_t size = (end - (uintptr_t)at) / page * page;
            if (madvise(at, size, MADV_DONTNEED) != 0)
                abort();
            at += size;
        } else
            *at++ = 0;
}

/* The first time: keep the values, and open what all output goes to. */
static void prepare(void)
{
    initial_values = malloc((size_t)(__stop_generator_values - __start_generator_values) + 1);
    fuzz_output = fopen("/dev/null", "w");
    if (!initial_values || !fuzz_output)
        abort();
    copy_values(false);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!initial_values)
        prepare();
    if (size == 0)
        return 0;
    static char name[] = "capnpc-c", *arguments[] = {name, NULL};
    copy_values(true);
    clear_zeros();
    fuzz_input = fmemopen((void *)bytes, size, "r");
    if (setjmp(end) == 0 && generator_main(1, arguments) > 1)
        abort();
    fclose(fuzz_input);
    while (blocks.next != &blocks)
        fuzz_free(blocks.next + 1);
    return 0;
}
