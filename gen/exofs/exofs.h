/* SPDX-License-Identifier: MIT */
/* exofs: what the parts of the program share. */
#ifndef EXOFS_EXOFS_H
#define EXOFS_EXOFS_H

#include "image.h"
#include "tree.h"

#include <stdio.h>

enum { EXIT_WRONG = 1, EXIT_USAGE = 2, READ_BYTES = 1 << 20 };

/* Prints a name; control characters as \ooo, so that no image commands the terminal. */
void print_name(FILE *to, const char *name);
/* Prints "exofs: PATH: MESSAGE" to the standard error. Also the `fail` of a walk. */
void say_error(void *context, const char *path, const char *message);
/* The same with what the file system's last error says. */
void say_store_error(struct store *store, const char *path);

/* The ten characters of `ls -l`, with a NUL. */
void mode_text(uint16_t mode, char text[11]);

/* Writes a file's bytes to a descriptor; with `is_sparse` holes are left out, and the descriptor is
 * that of a new regular file. False: it was said why. `done` gets the bytes of the file. */
bool copy_file(struct store *store, const struct store_node *node, const char *path, int to,
               bool is_sparse, void (*done)(uint64_t bytes));

/* The commands on what was opened; each answers the exit status. */
int show_info(struct store *store, const char *path);
int show_list(struct store *store, const char *path);
int show_node(struct store *store, const char *path);
int show_tree(struct store *store, const char *path);
int write_file(struct store *store, const char *path);
int extract_tree(struct store *store, const char *path, const char *target);

#endif
