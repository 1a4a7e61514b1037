/* SPDX-License-Identifier: MIT */
/*
 * The compiler's request: a message of schema.capnp's CodeGeneratorRequest with all nodes of the
 * compiled files and of what they import. This file finds things in it and speaks to the user.
 */
#ifndef REQUEST_H
#define REQUEST_H
#include "schema.capnp.h"

#include <stdio.h>

/* The files whose content this generator knows by id. */
#define REQUEST_FILE_ANNOTATIONS UINT64_C(0xe6a0c1b5d2f34a01)
#define REQUEST_FILE_STATUS UINT64_C(0xe6a0c1b5d2f34a02)
#define REQUEST_FILE_KERNEL UINT64_C(0xe6a0c1b5d2f34a03)

#define REQUEST_DEPTH_MAX 64 /* scopes in scopes that are followed */

/* Read the request from a stream; ends the program with a message if it is none. */
void request_read(FILE *from);

/* The request itself. */
struct schema_code_generator_request_reader request_root(void);

/* Find a node by id; false if the compiler did not send it. */
bool request_node(uint64_t id, struct schema_node_reader *out);

/* As request_node; ends the program if there is no such node, which is that of `what`. */
struct schema_node_reader request_node_must(uint64_t id, const char *what);

/* The node of the file that `node` comes from; false if the compiler did not send it. */
bool request_file(struct schema_node_reader node, struct schema_node_reader *out);

/* The display name behind the colon: `Kernel.memoryMap$Params`; empty for a file. */
char *request_path(struct schema_node_reader node);

/* The last part of the display name. */
char *request_short_name(struct schema_node_reader node);

/* The name that the compiler used for the file of a node. */
char *request_file_name(struct schema_node_reader node);

/* The C name of a node: the file's prefix and the snake-case path, with no underscore behind. What
 * would be called like something else in its scope gets a number: `_2`, `_3` ... (request_name.c).
 */
char *request_c_name(struct schema_node_reader node);

/* As request_c_name, by id; ends the program if there is no such node. */
char *request_c_name_of(uint64_t id);

/* Where request_c_name keeps what it found; null there before it did. */
char **request_c_name_place(struct schema_node_reader node);

/* A node's part of request_c_name: its own name in its scope. */
char *request_own_name(struct schema_node_reader node);

/* The node that a node is declared in; for the structs of a method, the interface. */
bool request_scope(struct schema_node_reader node, struct schema_node_reader *out);

/* The C prefix of the file that a node comes from: of the option, `$C.prefix`, or the file's own
 * base name. */
char *request_prefix(struct schema_node_reader node);

/* Report each `$C.prefix`, `$C.name` and `$C.folder` of the request that cannot be used. */
void request_check_names(void);

/* Member `index` of a list of members, whose names `name` answers: in snake case, and with a
 * number if a member before it is called like it, or if `reserved` (ends with NULL) has it. */
char *request_member_name(uint32_t index, char *(*name)(const void *list, uint32_t index),
                          const void *list, const char *const *reserved);

/* The base name of the file that a node comes from, without `.capnp`. */
char *request_file_base(struct schema_node_reader node);

/* As request_file_base, behind the folder of `$C.folder`: what output files are called by. */
char *request_stem(struct schema_node_reader node);

/* Find the value of the annotation called `name` in annotations.capnp; false if it is not there. */
bool request_annotation(struct schema_annotation_list list, const char *name,
                        struct schema_value_reader *out);

/* The comment behind a declaration (member < 0) or behind a member of it, by index in the node's
 * list; empty if there is none. Line breaks are kept. */
char *request_comment(uint64_t id, int member);

/* Say what is wrong with the thing at `path` of the file that `node` comes from, in the form
 * `file:line: path: what is wrong; what to do`. The program will end with status 1. */
void request_error(struct schema_node_reader node, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Say that the program cannot go on, and end it with status 1. */
_Noreturn void request_fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How many errors were reported. */
int request_error_count(void);

/* Write the output into `folder`, which is made if it is not there, and not where the program was
 * started. */
void request_output_into(const char *folder);

/* Open a file of the output for writing; `name` may begin with folders, which are made. Writes the
 * licence line and where the file comes from. */
FILE *request_output(const char *name, const char *source);

/* Close it; ends the program if something could not be written. */
void request_output_close(FILE *file, const char *name);
#endif
