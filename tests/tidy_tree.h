/* SPDX-License-Identifier: MIT */
/*
 * The source tree as tests/tidy.c looks at it: every text file but output, history, and the inputs
 * that are meant to be wrong.
 *
 * Rules look at a file in two views of the same length: `text`, as it is, and `code`, where what
 * comments and literals hold is blank, so that neither can look like code.
 */
#ifndef TIDY_TREE_H
#define TIDY_TREE_H

#include <stdbool.h>
#include <stddef.h>

#define TREE_FILES_MAX 8192

struct file {
    char *path; /* below the root */
    char *text;
    char *code; /* the same as `text` where the file is no C */
    size_t bytes; /* of text and code; a NUL is behind each */
    size_t lines;
};

/* In the order of their paths. The program reads a tree once and exits: nothing is given back. */
extern struct file tree_files[TREE_FILES_MAX];
extern size_t tree_file_count;

/* Reads the tree below the folder `root`. Ends the program with a message where it cannot. */
void tree_read(const char *root);

/* The file of that path below the root, or NULL. */
const struct file *tree_find(const char *path);

/* Reads a file into new memory, a NUL behind its `*bytes`. Ends the program if it cannot. */
char *tree_read_file(const char *path, size_t *bytes);

/* What the name of a file says about it. */
bool is_c(const char *path);
bool is_assembly(const char *path);
bool is_test(const char *path);
bool is_generated(const char *path);

bool starts_with(const char *text, const char *start);
bool ends_with(const char *text, const char *end);
const char *base_name(const char *path);

#endif
