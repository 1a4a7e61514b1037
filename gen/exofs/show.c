/* SPDX-License-Identifier: MIT */
/* show: the commands that print. */
#include "exofs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TYPE_MASK = 0xf000, TYPE_DIRECTORY = 0x4000, TYPE_LINK = 0xa000, NAMES_BYTES = 1 << 18 };

static bool is_directory(const struct store_node *node)
{
    return (node->mode & TYPE_MASK) == TYPE_DIRECTORY;
}

/* Opens the path of a command; false: it was said why. */
static bool open_path(struct store *store, const char *path, bool follows_last,
                      struct store_node *node)
{
    const char *message;
    if (tree_find(store, path, follows_last, node, &message))
        return true;
    say_error(NULL, path, message);
    return false;
}

void mode_text(uint16_t mode, char text[11])
{
    static const char types[16] = "?pc?d?b?-?l?s???";
    static const char letters[] = "rwxrwxrwx";
    text[0] = types[mode >> 12];
    for (int i = 0; i < 9; i++)
        text[1 + i] = mode >> (8 - i) & 1 ? letters[i] : '-';
    for (int i = 0; i < 3; i++)
        if (mode >> (11 - i) & 1)
            text[3 + 3 * i] = text[3 + 3 * i] == 'x' ? "sst"[i] : "SST"[i];
    text[10] = '\0';
}

int show_info(struct store *store, const char *path)
{
    (void)path;
    store->calls->print_facts(store);
    return 0;
}

static void time_text(const struct store_time *time, bool is_long, char *text, size_t room)
{
    time_t seconds = (time_t)time->seconds;
    struct tm parts;
    if (!gmtime_r(&seconds, &parts)) {
        snprintf(text, room, "%lld", (long long)time->seconds);
        return;
    }
    size_t bytes = strftime(text, room, is_long ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M", &parts);
    if (is_long)
        snprintf(text + bytes, room - bytes, ".%09u UTC", time->nanoseconds);
}

static void print_target(struct store *store, const struct store_node *node)
{
    static char target[STORE_LINK_BYTES_MAX + 1];
    size_t bytes;
    if ((node->mode & TYPE_MASK) != TYPE_LINK)
        return;
    if (!store->calls->read_link(store, node, target, sizeof target - 1, &bytes)) {
        say_store_error(store, "symbolic link");
        return;
    }
    target[bytes] = '\0';
    fputs(" -> ", stdout);
    print_name(stdout, target);
}

static bool print_line(void *context, const struct tree_entry *entry)
{
    char mode[11], modified[64], size[32];
    const struct store_node *node = &entry->node;
    mode_text(node->mode, mode);
    time_text(&node->modified, false, modified, sizeof modified);
    if (mode[0] == 'c' || mode[0] == 'b')
        snprintf(size, sizeof size, "%u, %u", node->device_major, node->device_minor);
    else
        snprintf(size, sizeof size, "%llu", (unsigned long long)node->size);
    printf("%s %3u %5u %5u %10s %s ", mode, node->links, node->user, node->group, size, modified);
    print_name(stdout, entry->name);
    print_target(context, node);
    putchar('\n');
    return false; /* nobody asked for what is in it */
}

int show_list(struct store *store, const char *path)
{
    struct tree_visitor visitor = {.store = store, .context = store, .visit = print_line,
                                   .fail = say_error};
    struct tree_entry entry = {.name = path};
    if (!open_path(store, path, true, &entry.node))
        return EXIT_WRONG;
    if (is_directory(&entry.node))
        return tree_visit(&visitor, &entry.node) ? EXIT_WRONG : 0;
    print_line(store, &entry);
    return 0;
}

/* Prints an attribute's value in hexadecimal digits, and as text if it is one. */
static bool print_attribute(struct store *store, const struct store_node *node, const char *name)
{
    static uint8_t value[STORE_ATTRIBUTE_BYTES_MAX];
    size_t bytes, printable = 0;
    if (!store->calls->attribute(store, node, name, strlen(name), value, sizeof value, &bytes)) {
        say_store_error(store, name);
        return false;
    }
    printf("attribute  ");
    print_name(stdout, name);
    printf(" = ");
    while (printable < bytes && value[printable] >= 0x20 && value[printable] < 0x7f)
        printable++;
    if (printable == bytes)
        printf("\"%.*s\"", (int)bytes, (const char *)value);
    for (size_t i = 0; printable != bytes && i < bytes; i++)
        printf("%s%02x", i ? "" : "0x", value[i]);
    putchar('\n');
    return true;
}

static int print_attributes(struct store *store, const struct store_node *node)
{
    static char names[NAMES_BYTES];
    size_t bytes;
    int status = 0;
    if (!store->calls->list_attributes(store, node, names, sizeof names, &bytes)) {
        say_store_error(store, "attributes");
        return EXIT_WRONG;
    }
    for (size_t at = 0; at < bytes; at += strlen(names + at) + 1)
        if (!print_attribute(store, node, names + at))
            status = EXIT_WRONG;
    return status;
}

int show_node(struct store *store, const char *path)
{
    static const char *const labels[] = {"accessed", "modified", "changed", "created"};
    struct store_node node;
    char mode[11], text[64];
    if (!open_path(store, path, false, &node))
        return EXIT_WRONG;
    mode_text(node.mode, mode);
    printf("path       ");
    print_name(stdout, path);
    print_target(store, &node);
    printf("\ninode      %u", node.number);
    store->calls->print_node(&node);
    printf("mode       %s (%04o), %u links\n", mode, node.mode & 07777, node.links);
    printf("owner      user %u, group %u\n", node.user, node.group);
    printf("size       %llu bytes, %llu sectors\n", (unsigned long long)node.size,
           (unsigned long long)node.sectors);
    if (mode[0] == 'c' || mode[0] == 'b')
        printf("device     %u, %u\n", node.device_major, node.device_minor);
    const struct store_time *times[] = {&node.accessed, &node.modified, &node.changed,
                                        &node.created};
    for (int i = 0; i < (node.has_created ? 4 : 3); i++) {
        time_text(times[i], true, text, sizeof text);
        printf("%-10s %s\n", labels[i], text);
    }
    return print_attributes(store, &node);
}

/* --- tree ------------------------------------------------------------------------------------- */

struct branches {
    struct store *store;
    bool *is_last; /* by depth: no more lines of that directory follow */
    size_t room;
    uint64_t directories, files;
};

static bool print_branch(void *context, const struct tree_entry *entry)
{
    struct branches *tree = context;
    if (entry->depth >= tree->room) {
        tree->room = 2 * entry->depth + 64;
        tree->is_last = realloc(tree->is_last, tree->room * sizeof *tree->is_last);
        if (!tree->is_last)
            abort();
    }
    for (unsigned depth = 0; depth < entry->depth; depth++)
        fputs(tree->is_last[depth] ? "    " : "|   ", stdout);
    tree->is_last[entry->depth] = entry->is_last;
    fputs(entry->is_last ? "`-- " : "|-- ", stdout);
    print_name(stdout, entry->name);
    print_target(tree->store, &entry->node);
    putchar('\n');
    if (is_directory(&entry->node))
        tree->directories++;
    else
        tree->files++;
    return true;
}

int show_tree(struct store *store, const char *path)
{
    struct branches tree = {.store = store};
    struct tree_visitor visitor = {.store = store, .context = &tree, .visit = print_branch,
                                   .fail = say_error};
    struct store_node node;
    if (!open_path(store, path, true, &node))
        return EXIT_WRONG;
    print_name(stdout, path);
    putchar('\n');
    if (!is_directory(&node)) {
        say_error(NULL, path, "it is no directory");
        return EXIT_WRONG;
    }
    uint64_t failures = tree_visit(&visitor, &node);
    printf("%llu directories, %llu files\n", (unsigned long long)tree.directories,
           (unsigned long long)tree.files);
    free(tree.is_last);
    return failures ? EXIT_WRONG : 0;
}

/* --- cat -------------------------------------------------------------------------------------- */

static bool write_all(int to, const uint8_t *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(to, bytes, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

bool copy_file(struct store *store, const struct store_node *node, const char *path, int to,
               bool is_sparse, void (*done)(uint64_t bytes))
{
    static uint8_t buffer[READ_BYTES];
    for (uint64_t at = 0; at < node->size;) {
        struct store_run run = {.is_hole = false, .bytes = READ_BYTES};
        size_t got;
        if (is_sparse && !store->calls->run(store, node, at, &run)) {
            say_store_error(store, path);
            return false;
        }
        if (run.is_hole) {
            at += run.bytes;
            continue;
        }
        size_t bytes = run.bytes < READ_BYTES ? (size_t)run.bytes : READ_BYTES;
        bool is_read = store->calls->read(store, node, at, buffer, bytes, &got);
        if ((is_sparse && lseek(to, (off_t)at, SEEK_SET) < 0) || !write_all(to, buffer, got)) {
            say_error(NULL, path, strerror(errno));
            return false;
        }
        if (!is_read) {
            say_store_error(store, path);
            return false;
        }
        at += got;
        if (done)
            done(got);
    }
    if (is_sparse && ftruncate(to, (off_t)node->size) < 0) {
        say_error(NULL, path, strerror(errno));
        return false;
    }
    return true;
}

int write_file(struct store *store, const char *path)
{
    struct store_node node;
    size_t got;
    if (!open_path(store, path, true, &node))
        return EXIT_WRONG;
    /* Also an empty file must be one. */
    if (!store->calls->read(store, &node, 0, NULL, 0, &got)) {
        say_store_error(store, path);
        return EXIT_WRONG;
    }
    return copy_file(store, &node, path, STDOUT_FILENO, false, NULL) ? 0 : EXIT_WRONG;
}
