/* SPDX-License-Identifier: MIT */
/* exofs: reads images of file systems and archives. See README.md. */
#include "exofs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: exofs COMMAND [OPTION...] IMAGE [PATH]\n"
    "Reads an ext2, ext3 or ext4 file system, or an archive of cpio (newc) or tar, in a file or\n"
    "on a device, which is never written.\n"
    "  info IMAGE                  what it is\n"
    "  ls IMAGE [PATH]             list a directory, or a file\n"
    "  cat IMAGE PATH              write a file to the standard output\n"
    "  stat IMAGE [PATH]           all that is known of a file, with its attributes\n"
    "  tree IMAGE [PATH]           list all below a directory; also a check of it\n"
    "  extract IMAGE [PATH] FOLDER copy a directory into a new or empty folder, or a file into it\n"
    "Options:\n"
    "  --ignore-checksums  read what checksums say is damaged\n"
    "  --ignore-journal    show what lies in place, without what the journal would replay\n"
    "  --help              print this text\n"
    "Symbolic links on the way to PATH are followed, inside of the image; the last one by ls and\n"
    "cat. A PATH begins at the root.\n"
    "Exit status: 0; 1 when something could not be read or written; 2 for a wrong command line.\n";

struct command {
    const char *name;
    int (*run)(struct store *store, const char *path);
    int words_min, words_max; /* IMAGE included */
};

static const struct command commands[] = {
    {"info", show_info, 1, 1}, {"ls", show_list, 1, 2},   {"cat", write_file, 2, 2},
    {"stat", show_node, 1, 2}, {"tree", show_tree, 1, 2}, {"extract", NULL, 2, 3},
};

void print_name(FILE *to, const char *name)
{
    for (; *name; name++)
        if ((unsigned char)*name < 0x20 || *name == 0x7f)
            fprintf(to, "\\%03o", (unsigned char)*name);
        else
            putc(*name, to);
}

void say_error(void *context, const char *path, const char *message)
{
    (void)context;
    fflush(stdout);
    fputs("exofs: ", stderr);
    print_name(stderr, path[0] ? path : "/");
    fputs(": ", stderr);
    print_name(stderr, message);
    putc('\n', stderr);
}

void say_store_error(struct store *store, const char *path)
{
    char text[256];
    store->calls->error_text(store, text, sizeof text);
    say_error(NULL, path, text);
}

static _Noreturn void fail_usage(const char *which, const char *what)
{
    fprintf(stderr, "exofs: %s%s; see --help\n", which, what);
    exit(EXIT_USAGE);
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    fail_usage(name, ": there is no such command");
}

int main(int count, char **arguments)
{
    const char *words[4];
    const struct command *command = NULL;
    uint32_t options = 0;
    int word_count = 0;
    struct image image;
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--help") == 0) {
            fputs(help, stdout);
            return 0;
        } else if (strcmp(arguments[i], "--ignore-checksums") == 0) {
            options |= EXT4_IGNORE_CHECKSUMS;
        } else if (strcmp(arguments[i], "--ignore-journal") == 0) {
            options |= EXT4_IGNORE_JOURNAL;
        } else if (arguments[i][0] == '-' && arguments[i][1]) {
            fail_usage(arguments[i], ": there is no such option");
        } else if (!command) {
            command = find_command(arguments[i]);
        } else if (word_count < command->words_max) {
            words[word_count++] = arguments[i];
        } else {
            fail_usage(arguments[i], ": one argument too many");
        }
    }
    if (!command)
        fail_usage("", "name a command");
    if (word_count < command->words_min)
        fail_usage(command->name, word_count ? ": a path or a folder is missing"
                                             : ": an image is missing");
    if (!image_open(&image, words[0], options)) {
        say_error(NULL, words[0], image.message);
        image_close(&image);
        return EXIT_WRONG;
    }
    const char *path = word_count > 1 ? words[1] : "/";
    int status;
    if (command->run)
        status = command->run(&image.store, path);
    else
        status = extract_tree(&image.store, word_count > 2 ? path : "/", words[word_count - 1]);
    image_close(&image);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say_error(NULL, "standard output", strerror(errno));
        status = EXIT_WRONG;
    }
    return status;
}
