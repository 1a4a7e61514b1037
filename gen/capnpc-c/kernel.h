/* SPDX-License-Identifier: MIT */
/*
 * The kernel's calls: what idl/kernel.capnp and idl/status.capnp say, checked, and the files that
 * come from it. Errors are reported with request_error; nothing is written when there was one.
 */
#ifndef KERNEL_H
#define KERNEL_H
#include "request.h"

#define KERNEL_WORDS_MAX 6
#define KERNEL_CALL_MAX 256
#define KERNEL_OBJECT_NONE 0xfffeu
#define KERNEL_OBJECT_ANY 0xffffu

/* A parameter or result: one register word. */
struct kernel_word {
    char *name; /* in snake case */
    bool is_signed;
};

/* One kernel call. */
struct kernel_call {
    char *name;  /* in snake case: `memory_map` */
    char *upper; /* `MEMORY_MAP` */
    char *object;
    unsigned kind; /* a value of ObjectKind, or KERNEL_OBJECT_NONE or _ANY */
    unsigned rights;
    unsigned gas;
    uint32_t statuses; /* bit i: can answer status i */
    bool steps;
    bool local;
    unsigned parameter_count, result_count;
    struct kernel_word parameters[KERNEL_WORDS_MAX], results[KERNEL_WORDS_MAX];
    char *comment;
};

/* All of it. */
struct kernel_model {
    struct schema_node_reader file, status_file, interface, status;
    unsigned call_count;
    struct kernel_call calls[KERNEL_CALL_MAX];
};

/* Read and check the interface of the kernel's file. */
void kernel_model_read(struct kernel_model *model, struct schema_node_reader file);

/* Write kernel_calls.h: constants, enums and call numbers, shared by kernel and user. */
void kernel_write_calls(const struct kernel_model *model);

/* Write kernel_handlers.h and kernel_table.c: the kernel's side. */
void kernel_write_handlers(const struct kernel_model *model);

/* Write kernel_stubs.h: the user's side. */
void kernel_write_stubs(const struct kernel_model *model);

/* Write kernel_names.h, kernel_names.c and kernel.md: for tracer, monitor and manual. */
void kernel_write_names(const struct kernel_model *model);

/* The node with a number of an enum's or interface's file that is nested in it by name. */
bool kernel_nested(struct schema_node_reader scope, const char *name,
                   struct schema_node_reader *out);
#endif
