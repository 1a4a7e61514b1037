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

static bool is_directory(const struct ext4_node *node)
{
    return (node->mode & TYPE_MASK) == TYPE_DIRECTORY;
}

/* Opens the path of a command; false: it was said why. */
static bool open_path(struct ext4 *fs, const char *path, bool follows_last,
                      struct ext4_node *node)
{
    const char *message;
    if (tree_find(fs, path, follows_last, node, &message))
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

static void print_identifier(const uint8_t identifier[16])
{
    for (int i = 0; i < 16; i++)
        printf("%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", identifier[i]);
}

static void print_features(const struct ext4_facts *facts)
{
    bool is_any = false;
    for (unsigned word = 0; word < 3; word++)
        for (unsigned bit = 0; bit < 32; bit++) {
            const char *name = ext4_feature_name(word, bit);
            if (!(facts->features[word] >> bit & 1))
                continue;
            if (name)
                printf(" %s", name);
            else
                printf(" compatible_%u", bit); /* of others none would have been opened */
            is_any = true;
        }
    puts(is_any ? "" : " none");
}

int show_info(struct ext4 *fs, const char *path)
{
    struct ext4_facts facts;
    (void)path;
    ext4_facts(fs, &facts);
    double mebibytes = (double)facts.blocks * facts.block_bytes / (1 << 20);
    printf("label            %s\nidentifier       ", facts.label[0] ? facts.label : "none");
    print_identifier(facts.identifier);
    printf("\nlast mounted on  %s\nrevision         %u\nfeatures        ",
           facts.mounted[0] ? facts.mounted : "nothing known", facts.revision);
    print_features(&facts);
    printf("size             %.1f MiB\n", mebibytes);
    printf("blocks           %llu of %u bytes, %llu free, %llu reserved\n",
           (unsigned long long)facts.blocks, facts.block_bytes,
           (unsigned long long)facts.free_blocks, (unsigned long long)facts.reserved_blocks);
    if (facts.cluster_bytes != facts.block_bytes)
        printf("clusters         of %u bytes\n", facts.cluster_bytes);
    printf("inodes           %u of %u bytes, %u free\n", facts.inodes, facts.inode_bytes,
           facts.free_inodes);
    printf("groups           %u of %u blocks and %u inodes\n", facts.groups,
           facts.blocks_per_group, facts.inodes_per_group);
    if (facts.replayed_transactions)
        printf("journal          replayed in memory: %llu transactions, %llu blocks\n",
               (unsigned long long)facts.replayed_transactions,
               (unsigned long long)facts.replayed_blocks);
    return 0;
}

static void time_text(const struct ext4_time *time, bool is_long, char *text, size_t room)
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

static void print_target(struct ext4 *fs, const struct ext4_node *node)
{
    static char target[EXT4_BLOCK_BYTES_MAX + 1];
    size_t bytes;
    if ((node->mode & TYPE_MASK) != TYPE_LINK)
        return;
    if (ext4_read_link(fs, node, target, sizeof target - 1, &bytes) != EXT4_OK) {
        say_ext4_error(fs, "symbolic link");
        return;
    }
    target[bytes] = '\0';
    fputs(" -> ", stdout);
    print_name(stdout, target);
}

static bool print_line(void *context, const struct tree_entry *entry)
{
    char mode[11], modified[64], size[32];
    const struct ext4_node *node = &entry->node;
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

int show_list(struct ext4 *fs, const char *path)
{
    struct tree_visitor visitor = {.fs = fs, .context = fs, .visit = print_line, .fail = say_error};
    struct tree_entry entry = {.name = path};
    if (!open_path(fs, path, true, &entry.node))
        return EXIT_WRONG;
    if (is_directory(&entry.node))
        return tree_visit(&visitor, &entry.node) ? EXIT_WRONG : 0;
    print_line(fs, &entry);
    return 0;
}

/* Prints an attribute's value in hexadecimal digits, and as text if it is one. */
static bool print_attribute(struct ext4 *fs, const struct ext4_node *node, const char *name)
{
    static uint8_t value[2 * EXT4_ATTRIBUTE_BYTES_MAX + 4];
    size_t bytes, printable = 0;
    if (ext4_attribute(fs, node, name, strlen(name), value, sizeof value, &bytes) != EXT4_OK) {
        say_ext4_error(fs, name);
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

static int print_attributes(struct ext4 *fs, const struct ext4_node *node)
{
    static char names[NAMES_BYTES];
    size_t bytes;
    int status = 0;
    if (ext4_list_attributes(fs, node, names, sizeof names, &bytes) != EXT4_OK) {
        say_ext4_error(fs, "attributes");
        return EXIT_WRONG;
    }
    for (size_t at = 0; at < bytes; at += strlen(names + at) + 1)
        if (!print_attribute(fs, node, names + at))
            status = EXIT_WRONG;
    return status;
}

int show_node(struct ext4 *fs, const char *path)
{
    static const char *const labels[] = {"accessed", "modified", "changed", "created"};
    struct ext4_node node;
    char mode[11], text[64];
    if (!open_path(fs, path, false, &node))
        return EXIT_WRONG;
    mode_text(node.mode, mode);
    printf("path       ");
    print_name(stdout, path);
    print_target(fs, &node);
    printf("\ninode      %u, generation %u, flags 0x%x\n", node.number, node.generation,
           node.flags);
    printf("mode       %s (%04o), %u links\n", mode, node.mode & 07777, node.links);
    printf("owner      user %u, group %u, project %u\n", node.user, node.group, node.project);
    printf("size       %llu bytes, %llu sectors\n", (unsigned long long)node.size,
           (unsigned long long)node.sectors);
    if (mode[0] == 'c' || mode[0] == 'b')
        printf("device     %u, %u\n", node.device_major, node.device_minor);
    const struct ext4_time *times[] = {&node.accessed, &node.modified, &node.changed,
                                       &node.created};
    for (int i = 0; i < 4; i++) {
        time_text(times[i], true, text, sizeof text);
        printf("%-10s %s\n", labels[i], text);
    }
    return print_attributes(fs, &node);
}

/* --- tree ------------------------------------------------------------------------------------- */

struct branches {
    struct ext4 *fs;
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
    print_target(tree->fs, &entry->node);
    putchar('\n');
    if (is_directory(&entry->node))
        tree->directories++;
    else
        tree->files++;
    return true;
}

int show_tree(struct ext4 *fs, const char *path)
{
    struct branches tree = {.fs = fs};
    struct tree_visitor visitor = {.fs = fs, .context = &tree, .visit = print_branch,
                                   .fail = say_error};
    struct ext4_node node;
    if (!open_path(fs, path, true, &node))
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

bool copy_file(struct ext4 *fs, const struct ext4_node *node, const char *path, int to,
               bool is_sparse, void (*done)(uint64_t bytes))
{
    static uint8_t buffer[READ_BYTES];
    for (uint64_t at = 0; at < node->size;) {
        struct ext4_run run = {.kind = EXT4_DATA, .bytes = READ_BYTES};
        size_t got;
        if (is_sparse && ext4_run(fs, node, at, &run) != EXT4_OK) {
            say_ext4_error(fs, path);
            return false;
        }
        if (run.kind != EXT4_DATA) {
            at += run.bytes;
            continue;
        }
        size_t bytes = run.bytes < READ_BYTES ? (size_t)run.bytes : READ_BYTES;
        enum ext4_status status = ext4_read(fs, node, at, buffer, bytes, &got);
        if ((is_sparse && lseek(to, (off_t)at, SEEK_SET) < 0) || !write_all(to, buffer, got)) {
            say_error(NULL, path, strerror(errno));
            return false;
        }
        if (status != EXT4_OK) {
            say_ext4_error(fs, path);
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

int write_file(struct ext4 *fs, const char *path)
{
    struct ext4_node node;
    size_t got;
    if (!open_path(fs, path, true, &node))
        return EXIT_WRONG;
    /* Also an empty file must be one. */
    if (ext4_read(fs, &node, 0, NULL, 0, &got) != EXT4_OK) {
        say_ext4_error(fs, path);
        return EXIT_WRONG;
    }
    return copy_file(fs, &node, path, STDOUT_FILENO, false, NULL) ? 0 : EXIT_WRONG;
}
