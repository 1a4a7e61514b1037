/* SPDX-License-Identifier: MIT */
/*
 * The rules of the source tree that a program can check. Use: tidy ROOT SOURCES ARCH, where SOURCES
 * is a file that names each source that the build for ARCH compiles, one a line. A broken rule
 * prints one line FILE:LINE: MESSAGE; the last line counts the rules that hold and those that do
 * not. With a fourth argument `figures` it prints what bench.json holds of the tree instead.
 */
#include "tidy_tree.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_COLUMNS_MAX 100
#define FILE_LINES_MAX 600
#define FUNCTION_LINES_MAX 70
#define KERNEL_LINES_MAX 6500
#define ASSEMBLY_PERCENT_MAX 5
#define PATH_BYTES 1024
/* What libfdt includes, which is no part of the tree, and no part of the kernel's size. */
#define LIBFDT_FOLDER "kernel/libfdt/"

enum rule {
    RULE_LICENCE,
    RULE_LINE,
    RULE_FILE,
    RULE_FUNCTION,
    RULE_ARCHITECTURE,
    RULE_TWINS,
    RULE_README,
    RULE_BUILT,
    RULE_INCLUDED,
    RULE_UNFINISHED,
    RULE_KERNEL,
    RULE_ASSEMBLY,
    RULE_COUNT
};

static const char *built; /* the text of SOURCES */
static const char *built_architecture;
static unsigned broken[RULE_COUNT];

/* In two halves, so that this file may hold them. */
static const char *const unfinished_words[] = {"TO" "DO", "FIX" "ME", "XX" "X"};
static const char *const architectures[] = {"x86_64", "riscv64", "riscv", "aarch64", "i386",
                                            "amd64", "x86", "arm", "ARM", "arm64"};

static void report(enum rule rule, const char *path, size_t line, const char *format, ...) {
    va_list arguments;
    broken[rule]++;
    printf("%s:", path);
    if (line != 0) {
        printf("%zu:", line);
    }
    printf(" ");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

/* The number of characters of a line of UTF-8. */
static size_t columns(const char *line, size_t bytes) {
    size_t count = 0;
    for (size_t at = 0; at < bytes; at++) {
        count += ((unsigned char)line[at] & 0xc0) != 0x80;
    }
    return count;
}

static void check_licence(const struct file *file) {
    const char *line = file->text;
    const char *expected = "# SPDX-License-Identifier: MIT\n";
    if (ends_with(file->path, ".md") || is_generated(file->path)) {
        return;
    }
    if (is_c(file->path) || is_assembly(file->path) || ends_with(file->path, ".ld")) {
        expected = "/* SPDX-License-Identifier: MIT */\n";
    }
    if (starts_with(line, "#!")) {
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    if (!starts_with(line, expected)) {
        report(RULE_LICENCE, file->path, 1, "the first line is not \"%.*s\"",
               (int)strlen(expected) - 1, expected);
    }
}

static void check_lines(const struct file *file) {
    size_t number = 1;
    if (ends_with(file->path, ".md") || ends_with(file->path, ".capnp") ||
        is_generated(file->path)) {
        return;
    }
    for (const char *line = file->text; *line != '\0'; number++) {
        size_t bytes = strcspn(line, "\n");
        size_t width = columns(line, bytes);
        if (width > LINE_COLUMNS_MAX) {
            report(RULE_LINE, file->path, number, "%zu columns; at most %d", width,
                   LINE_COLUMNS_MAX);
        }
        if (bytes > 0 && (line[bytes - 1] == ' ' || line[bytes - 1] == '\t')) {
            report(RULE_LINE, file->path, number, "the line ends with a space");
        }
        line += bytes + (line[bytes] == '\n');
    }
    if (file->lines > FILE_LINES_MAX) {
        report(RULE_FILE, file->path, 0, "%zu lines; at most %d", file->lines, FILE_LINES_MAX);
    }
}

/* What stands between two places at depth 0: does it begin a function's body? It ends with `)`. */
static bool is_function_head(const char *code, size_t start, size_t brace) {
    while (brace > start && isspace((unsigned char)code[brace - 1])) {
        brace--;
    }
    return brace > start && code[brace - 1] == ')';
}

static void check_functions(const struct file *file) {
    size_t line = 1, head_line = 0, depth = 0, head = 0;
    bool in_function = false;
    if (!is_c(file->path) || is_generated(file->path)) {
        return;
    }
    for (size_t at = 0; at < file->bytes; at++) {
        char c = file->code[at];
        if (c == '#' && (at == 0 || file->code[at - 1] == '\n')) {
            /* A directive, with its continued lines, is not part of the structure. */
            while (at < file->bytes && (file->code[at] != '\n' || file->code[at - 1] == '\\')) {
                line += file->code[at++] == '\n';
            }
            line++;
            head_line = depth == 0 ? 0 : head_line;
            head = depth == 0 ? at + 1 : head;
            continue;
        }
        if (depth == 0 && head_line == 0 && !isspace((unsigned char)c)) {
            head_line = line;
        }
        if (c == '{') {
            if (depth++ == 0) {
                in_function = is_function_head(file->code, head, at);
            }
        } else if (c == '}' && depth > 0) {
            depth--;
            if (depth == 0 && in_function && line - head_line + 1 > FUNCTION_LINES_MAX) {
                report(RULE_FUNCTION, file->path, head_line, "a function of %zu lines; at most %d",
                       line - head_line + 1, FUNCTION_LINES_MAX);
            }
        }
        if (depth == 0 && (c == ';' || c == '}')) {
            head = at + 1;
            head_line = 0;
        }
        line += c == '\n';
    }
}

static bool is_word_byte(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

/* Calls `check` for each word of the view, with its line. */
static void each_word(const struct file *file, const char *view,
                      void (*check)(const struct file *, size_t line, const char *word,
                                    size_t bytes)) {
    size_t line = 1;
    for (size_t at = 0; at < file->bytes;) {
        size_t end = at;
        while (is_word_byte(view[end])) {
            end++;
        }
        if (end > at) {
            check(file, line, view + at, end - at);
        } else {
            line += view[end++] == '\n';
        }
        at = end;
    }
}

static void check_architecture_word(const struct file *file, size_t line, const char *word,
                                    size_t bytes) {
    const char *whole = word;
    size_t whole_bytes = bytes;
    while (bytes > 0 && *word == '_') {
        word++;
        bytes--;
    }
    for (size_t index = 0; index < sizeof architectures / sizeof *architectures; index++) {
        size_t name = strlen(architectures[index]);
        if (bytes >= name && strncmp(word, architectures[index], name) == 0 &&
            (bytes == name || word[name] == '_')) {
            report(RULE_ARCHITECTURE, file->path, line,
                   "\"%.*s\" names an architecture; such code belongs under an arch/ folder",
                   (int)whole_bytes, whole);
            return;
        }
    }
}

static void check_unfinished_word(const struct file *file, size_t line, const char *word,
                                  size_t bytes) {
    for (size_t index = 0; index < sizeof unfinished_words / sizeof *unfinished_words; index++) {
        if (strlen(unfinished_words[index]) == bytes &&
            memcmp(word, unfinished_words[index], bytes) == 0) {
            report(RULE_UNFINISHED, file->path, line, "%.*s: finish it or take it out", (int)bytes,
                   word);
        }
    }
}

/* Is `name` a whole line of the list of what the build compiles? */
static bool is_built(const char *name) {
    size_t bytes = strlen(name);
    for (const char *at = built; (at = strstr(at, name)) != NULL; at++) {
        if ((at == built || at[-1] == '\n') && (at[bytes] == '\n' || at[bytes] == '\0')) {
            return true;
        }
    }
    return false;
}

/* The folder under arch/ that a path lies in, and its length; NULL outside. */
static const char *architecture_of(const char *path, size_t *bytes) {
    const char *at = strstr(path, "/arch/");
    if (at == NULL || strchr(at + 6, '/') == NULL) {
        return NULL;
    }
    *bytes = strcspn(at + 6, "/");
    return at + 6;
}

/* Does a path lie in the arch/ folder of another architecture than `name`? */
static bool is_other_architecture(const char *path, const char *name) {
    size_t bytes;
    const char *folder = architecture_of(path, &bytes);
    return folder != NULL && (strlen(name) != bytes || strncmp(folder, name, bytes) != 0);
}

static void check_built(const struct file *file) {
    bool source = ends_with(file->path, ".c") || is_assembly(file->path);
    /* The sources of another architecture are its own build's matter. */
    if (source && !is_built(file->path) &&
        !is_other_architecture(file->path, built_architecture)) {
        report(RULE_BUILT, file->path, 0, "the build does not compile it");
    }
}

static void check_included(const struct file *header) {
    char quoted[PATH_BYTES];
    if (!ends_with(header->path, ".h") || starts_with(header->path, LIBFDT_FOLDER)) {
        return;
    }
    snprintf(quoted, sizeof quoted, "#include \"%s\"", base_name(header->path));
    for (size_t index = 0; index < tree_file_count; index++) {
        if (strstr(tree_files[index].text, quoted) != NULL) {
            return;
        }
    }
    /* A generated source may be the only one that needs it: see the generator's own texts. */
    snprintf(quoted, sizeof quoted, "#include \\\"%s\\\"", base_name(header->path));
    for (size_t index = 0; index < tree_file_count; index++) {
        if (strstr(tree_files[index].text, quoted) != NULL) {
            return;
        }
    }
    report(RULE_INCLUDED, header->path, 0, "no source includes it");
}


/* Under one arch/ folder each architecture has the same file names as every other. */
static void check_twins(const struct file *file) {
    size_t bytes;
    const char *name = architecture_of(file->path, &bytes);
    if (name == NULL) {
        return;
    }
    size_t parent = (size_t)(name - file->path);
    for (size_t index = 0; index < tree_file_count; index++) {
        size_t other_bytes;
        char twin[PATH_BYTES];
        const char *other = architecture_of(tree_files[index].path, &other_bytes);
        if (other == NULL || (size_t)(other - tree_files[index].path) != parent ||
            strncmp(tree_files[index].path, file->path, parent) != 0 ||
            (other_bytes == bytes && strncmp(other, name, bytes) == 0)) {
            continue;
        }
        snprintf(twin, sizeof twin, "%.*s%.*s%s", (int)parent, file->path, (int)other_bytes, other,
                 name + bytes);
        if (tree_find(twin) == NULL) {
            report(RULE_TWINS, file->path, 0, "its twin %s is missing", twin);
            return;
        }
    }
}

static bool has_word(const char *text, const char *word) {
    size_t bytes = strlen(word);
    for (; *text != '\0'; text++) {
        size_t at = 0;
        while (at < bytes && tolower((unsigned char)text[at]) == word[at]) {
            at++;
        }
        if (at == bytes) {
            return true;
        }
    }
    return false;
}

/* Each folder of a component answers three questions; called for each file, acts on the first. */
static void check_readme(size_t index) {
    static const char *const answers[] = {"provides", "needs", "configuration"};
    char folder[PATH_BYTES];
    char path[PATH_BYTES];
    const char *file = tree_files[index].path;
    if (!starts_with(file, "components/") && !starts_with(file, "servers/")) {
        return;
    }
    size_t bytes = strcspn(file, "/") + 1;
    bytes += strcspn(file + bytes, "/");
    if (file[bytes] == '\0') {
        return;
    }
    snprintf(folder, sizeof folder, "%.*s/", (int)bytes, file);
    if (index > 0 && starts_with(tree_files[index - 1].path, folder)) {
        return;
    }
    snprintf(path, sizeof path, "%.*s/README.md", (int)bytes, file);
    const struct file *readme = tree_find(path);
    if (readme == NULL) {
        report(RULE_README, path, 0, "missing: it says what the component provides, needs, and how "
               "it is configured");
        return;
    }
    for (size_t answer = 0; answer < 3; answer++) {
        if (!has_word(readme->text, answers[answer])) {
            report(RULE_README, path, 0, "no answer to \"%s\"", answers[answer]);
        }
    }
}

/* The kernel's lines for one architecture: the shared ones and its own. */
static size_t kernel_lines(const char *architecture) {
    size_t lines = 0;
    for (size_t index = 0; index < tree_file_count; index++) {
        const char *path = tree_files[index].path;
        if (starts_with(path, "kernel/") && !starts_with(path, LIBFDT_FOLDER) && !is_test(path) &&
            !is_other_architecture(path, architecture) && (is_c(path) || is_assembly(path))) {
            lines += tree_files[index].lines;
        }
    }
    return lines;
}

/* The kernel's size for each architecture that it has; called for each file, acts on the first of
 * an architecture's folder. */
static void check_kernel(size_t index) {
    static const char folder[] = "kernel/arch/";
    char name[PATH_BYTES];
    size_t bytes;
    const char *path = tree_files[index].path;
    if (!starts_with(path, folder) || architecture_of(path, &bytes) == NULL) {
        return;
    }
    bytes += strlen(folder) + 1;
    if (index > 0 && strncmp(tree_files[index - 1].path, path, bytes) == 0) {
        return;
    }
    snprintf(name, sizeof name, "%.*s", (int)(bytes - strlen(folder) - 1), path + strlen(folder));
    size_t lines = kernel_lines(name);
    if (lines > KERNEL_LINES_MAX) {
        report(RULE_KERNEL, "kernel/", 0, "%zu lines with arch/%s; at most %d", lines, name,
               KERNEL_LINES_MAX);
    }
}

/* How many lines the statement takes that begins with the word `asm` at `at`. */
static size_t assembly_lines(const char *code, size_t at) {
    size_t lines = 1, depth = 0;
    for (; code[at] != '\0' && code[at] != ';'; at++) {
        lines += code[at] == '\n';
        depth += code[at] == '(';
        if (code[at] == ')' && --depth == 0) {
            break;
        }
    }
    return lines;
}

/* Adds to `*all` the lines that hold code, and to `*assembly` those that hold assembly. */
static void count_assembly(const struct file *file, size_t *all, size_t *assembly) {
    bool empty = true;
    for (size_t at = 0; at < file->bytes; at++) {
        const char *word = file->code + at;
        bool starts = at == 0 || !is_word_byte(file->code[at - 1]);
        if (starts && is_c(file->path) &&
            ((starts_with(word, "asm") && !is_word_byte(word[3])) ||
             starts_with(word, "__asm__"))) {
            *assembly += assembly_lines(file->code, at);
        }
        if (*word == '\n') {
            *all += !empty;
            *assembly += !empty && is_assembly(file->path);
            empty = true;
        } else if (!isspace((unsigned char)*word)) {
            empty = false;
        }
    }
}

/* The share of assembly, inline too, in what runs on the machine that the build is for: hundredths
 * of a percent. */
static size_t assembly_share(void) {
    static const char *const folders[] = {"kernel/", "components/", "servers/", "userland/"};
    size_t all = 0, assembly = 0;
    for (size_t index = 0; index < tree_file_count; index++) {
        const struct file *file = &tree_files[index];
        if (is_test(file->path) || !(is_c(file->path) || is_assembly(file->path)) ||
            is_other_architecture(file->path, built_architecture)) {
            continue;
        }
        for (size_t folder = 0; folder < sizeof folders / sizeof *folders; folder++) {
            if (starts_with(file->path, folders[folder])) {
                count_assembly(file, &all, &assembly);
            }
        }
    }
    return all == 0 ? 0 : assembly * 10000 / all;
}

static void check_tree(void) {
    for (size_t index = 0; index < tree_file_count; index++) {
        const struct file *file = &tree_files[index];
        check_licence(file);
        check_lines(file);
        check_functions(file);
        if (is_c(file->path) && strstr(file->path, "/arch/") == NULL) {
            each_word(file, file->code, check_architecture_word);
        }
        each_word(file, file->text, check_unfinished_word);
        check_twins(file);
        check_readme(index);
        check_built(file);
        check_included(file);
        check_kernel(index);
    }
    size_t share = assembly_share();
    if (share >= ASSEMBLY_PERCENT_MAX * 100) {
        report(RULE_ASSEMBLY, ".", 0, "%zu.%02zu %% assembly; less than %d %%", share / 100,
               share % 100, ASSEMBLY_PERCENT_MAX);
    }
}

int main(int argument_count, char **arguments) {
    size_t bytes;
    unsigned failed = 0;
    if (argument_count < 4) {
        fprintf(stderr, "Usage: tidy ROOT SOURCES ARCH [figures]\n");
        return 2;
    }
    built = tree_read_file(arguments[2], &bytes);
    built_architecture = arguments[3];
    tree_read(arguments[1]);
    if (argument_count > 4) {
        size_t share = assembly_share();
        printf("bench asm_percent %zu.%02zu percent\n", share / 100, share % 100);
        return 0;
    }
    check_tree();
    for (size_t rule = 0; rule < RULE_COUNT; rule++) {
        failed += broken[rule] != 0;
    }
    printf("%u passed, %u failed\n", RULE_COUNT - failed, failed);
    return failed == 0 ? 0 : 1;
}
