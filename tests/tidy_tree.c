/* SPDX-License-Identifier: MIT */
#include "tidy_tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_BYTES 1024

struct file tree_files[TREE_FILES_MAX];
size_t tree_file_count;

static void fail(const char *path) {
    fprintf(stderr, "tidy: %s: %s\n", path, strerror(errno));
    exit(2);
}

bool ends_with(const char *text, const char *end) {
    size_t bytes = strlen(text);
    size_t end_bytes = strlen(end);
    return bytes >= end_bytes && strcmp(text + bytes - end_bytes, end) == 0;
}

bool starts_with(const char *text, const char *start) {
    return strncmp(text, start, strlen(start)) == 0;
}

const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

bool is_c(const char *path) {
    return ends_with(path, ".c") || ends_with(path, ".h");
}

bool is_assembly(const char *path) {
    return ends_with(path, ".S");
}

/* The bootstrap copy of schema.capnp's own reader is the one generated file in the tree. */
bool is_generated(const char *path) {
    return strstr(path, "/bootstrap/") != NULL;
}

bool is_test(const char *path) {
    const char *name = base_name(path);
    return strcmp(name, "test.c") == 0 || ends_with(name, "_test.c") ||
           starts_with(path, "tests/") || strstr(path, "/test/") != NULL;
}

/* Reads a whole file into new memory with a NUL behind it. */
char *tree_read_file(const char *path, size_t *bytes) {
    FILE *stream = fopen(path, "rb");
    struct stat status;
    if (stream == NULL || fstat(fileno(stream), &status) != 0) {
        fail(path);
    }
    char *text = malloc((size_t)status.st_size + 1);
    if (text == NULL) {
        fail(path);
    }
    *bytes = fread(text, 1, (size_t)status.st_size, stream);
    text[*bytes] = '\0';
    fclose(stream);
    return text;
}

/* Blanks from `at` to before `end`, but keeps the ends of lines. */
static size_t blank(char *code, size_t at, size_t end) {
    for (; at < end; at++) {
        if (code[at] != '\n') {
            code[at] = ' ';
        }
    }
    return end;
}

/* Where a literal that begins at `at` with its quote ends: behind the second quote. */
static size_t literal_end(const char *text, size_t at) {
    char quote = text[at++];
    while (text[at] != '\0' && text[at] != quote && text[at] != '\n') {
        at += text[at] == '\\' && text[at + 1] != '\0' ? 2 : 1;
    }
    return text[at] == '\0' ? at : at + 1;
}

/* Makes the view without comments and without what literals hold. */
static char *code_view(const char *text, size_t bytes) {
    char *code = malloc(bytes + 1);
    if (code == NULL) {
        fail("memory");
    }
    memcpy(code, text, bytes + 1);
    for (size_t at = 0; at < bytes;) {
        if (text[at] == '/' && text[at + 1] == '*') {
            const char *end = strstr(text + at + 2, "*/");
            at = blank(code, at, end == NULL ? bytes : (size_t)(end - text) + 2);
        } else if (text[at] == '/' && text[at + 1] == '/') {
            at = blank(code, at, at + strcspn(text + at, "\n"));
        } else if (text[at] == '"' || text[at] == '\'') {
            size_t end = literal_end(text, at);
            blank(code, at + 1, end > at + 1 ? end - 1 : end);
            at = end;
        } else {
            at++;
        }
    }
    return code;
}

static bool is_text(const char *name) {
    static const char *const ends[] = {".c",  ".h",  ".S",  ".ld", ".capnp",
                                       ".sh", ".in", ".md", ".awk"};
    for (size_t index = 0; index < sizeof ends / sizeof *ends; index++) {
        if (ends_with(name, ends[index])) {
            return true;
        }
    }
    return false;
}

static void add_file(const char *root, const char *path) {
    char full[PATH_BYTES];
    struct file *file = &tree_files[tree_file_count++];
    if (tree_file_count == TREE_FILES_MAX) {
        errno = EFBIG;
        fail(path);
    }
    snprintf(full, sizeof full, "%s/%s", root, path);
    file->path = strdup(path);
    file->text = tree_read_file(full, &file->bytes);
    file->code = is_c(path) || is_assembly(path) ? code_view(file->text, file->bytes) : file->text;
    for (size_t at = 0; at < file->bytes; at++) {
        file->lines += file->text[at] == '\n';
    }
}

static bool is_script(const char *full) {
    FILE *stream = fopen(full, "rb");
    char start[2] = "";
    bool script = stream != NULL && fread(start, 1, 2, stream) == 2 && memcmp(start, "#!", 2) == 0;
    if (stream != NULL) {
        fclose(stream);
    }
    return script;
}

/* Output, history, and the inputs that are meant to be wrong are not looked at. */
static bool is_skipped(const char *path) {
    return strcmp(path, "build") == 0 || strcmp(path, "tests/reject") == 0 ||
           base_name(path)[0] == '.';
}

/* Reads the folder `path` below the root, and the folders in it, in the order of their names. */
static void walk(const char *root, const char *path) {
    char full[PATH_BYTES];
    struct dirent **entries;
    snprintf(full, sizeof full, "%s/%s", root, path);
    int count = scandir(full, &entries, NULL, alphasort);
    if (count < 0) {
        fail(full);
    }
    for (int index = 0; index < count; index++) {
        char below[PATH_BYTES];
        struct stat status;
        snprintf(below, sizeof below, "%s%s%s", path, *path == '\0' ? "" : "/",
                 entries[index]->d_name);
        free(entries[index]);
        if (snprintf(full, sizeof full, "%s/%s", root, below) >= (int)sizeof full) {
            errno = ENAMETOOLONG;
            fail(below);
        }
        if (is_skipped(below) || lstat(full, &status) != 0) {
            continue;
        }
        if (S_ISDIR(status.st_mode)) {
            walk(root, below);
        } else if (S_ISREG(status.st_mode) && (is_text(below) || is_script(full))) {
            add_file(root, below);
        }
    }
    free(entries);
}

void tree_read(const char *root) {
    walk(root, "");
}

const struct file *tree_find(const char *path) {
    for (size_t index = 0; index < tree_file_count; index++) {
        if (strcmp(tree_files[index].path, path) == 0) {
            return &tree_files[index];
        }
    }
    return NULL;
}
