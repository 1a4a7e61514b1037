/* SPDX-License-Identifier: MIT */
/*
 * Included before each source of the generator when it is built for its harness (generator.c): the
 * program becomes a function that can be called again. Its state lies in sections of their own, and
 * what it does outside (memory, files, its end) goes through the harness.
 */
#ifndef FUZZ_GENERATOR_H
#define FUZZ_GENERATOR_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void *fuzz_realloc(void *memory, size_t size);
void *fuzz_calloc(size_t count, size_t size);
void fuzz_free(void *memory);
_Noreturn void fuzz_exit(int status);
FILE *fuzz_open(const char *name, const char *mode);
int fuzz_mkdir(const char *name, mode_t mode);
int fuzz_close(FILE *file);
extern FILE *fuzz_input, *fuzz_output;

#ifndef FUZZ_HARNESS
#define malloc(size) fuzz_realloc(NULL, size)
#define calloc fuzz_calloc
#define realloc fuzz_realloc
#define free fuzz_free
#define exit fuzz_exit
#define fopen fuzz_open
#define fclose fuzz_close
#define mkdir fuzz_mkdir
#define main generator_main
#undef stdin
#undef stdout
#undef stderr
#define stdin fuzz_input
#define stdout fuzz_output
#define stderr fuzz_output
#pragma clang section bss = "generator_zeros" data = "generator_values"
#endif
#endif
