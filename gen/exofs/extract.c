/* SPDX-License-Identifier: MIT */
/*
 * extract: copies a tree to the host. Nothing that exists is replaced, and only directories are
 * entered that were made here, so that no symbolic link of an image leads out of the target.
 */
#include "exofs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

enum { NAMES_BYTES = 1 << 18, REDRAW_MS = 200 };

/* The first place of a file that has more names. */
struct first_place {
    uint32_t inode;
    char *path;
};

static struct {
    struct store *store;
    const char *target;
    void *places; /* struct first_place, a tree of tsearch() */
    uint64_t failures, files, attributes_refused, owners_refused;
    /* Progress, on a terminal alone: bytes of files. */
    bool is_shown;
    uint64_t bytes_done, bytes_all;
    struct timespec drawn;
} extract;

static void fail(const char *path, const char *message)
{
    if (extract.is_shown)
        fputs("\r\033[K", stderr);
    extract.failures++;
    say_error(NULL, path, message);
}

static void fail_store(const char *path)
{
    char text[256];
    extract.store->calls->error_text(extract.store, text, sizeof text);
    fail(path, text);
}

static void fail_visitor(void *context, const char *path, const char *message)
{
    (void)context;
    fail(path, message);
}

static void show_progress(uint64_t bytes)
{
    struct timespec now;
    extract.bytes_done += bytes;
    if (!extract.is_shown || clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return;
    int64_t since = (now.tv_sec - extract.drawn.tv_sec) * 1000 +
                    (now.tv_nsec - extract.drawn.tv_nsec) / 1000000;
    if (since < REDRAW_MS)
        return;
    extract.drawn = now;
    double share = extract.bytes_all ? (double)extract.bytes_done / (double)extract.bytes_all : 1;
    char bar[41];
    int filled = share < 1 ? (int)(share * 40) : 40;
    memset(bar, ' ', 40);
    memset(bar, '#', (size_t)filled);
    bar[40] = '\0';
    fprintf(stderr, "\r[%s] %3d %%  %llu files", bar, (int)(100 * (share < 1 ? share : 1)),
            (unsigned long long)extract.files);
}

/* The bytes of data of a file, which holes are none of: at most those that its sectors say. */
static uint64_t data_bytes(const struct store_node *node)
{
    uint64_t sectors = node->sectors * 512;
    return node->size < sectors || node->sectors == 0 ? node->size : sectors;
}

static bool count_entry(void *context, const struct tree_entry *entry)
{
    (void)context;
    if ((entry->node.mode & S_IFMT) == S_IFREG)
        extract.bytes_all += data_bytes(&entry->node);
    return true;
}

static void fail_silently(void *context, const char *path, const char *message)
{
    (void)context, (void)path, (void)message;
}

static char *host_path(const char *path)
{
    char *made = malloc(strlen(extract.target) + strlen(path) + 2);
    if (!made)
        abort();
    sprintf(made, "%s%s%s", extract.target, path[0] ? "/" : "", path);
    return made;
}

/* --- What a file has beside its bytes --------------------------------------------------------- */

static void set_attributes(const struct store_node *node, const char *path, const char *to)
{
    static char names[NAMES_BYTES];
    static uint8_t value[STORE_ATTRIBUTE_BYTES_MAX];
    size_t bytes, value_bytes;
    if (!extract.store->calls->list_attributes(extract.store, node, names, sizeof names, &bytes)) {
        fail_store(path);
        return;
    }
    for (size_t at = 0; at < bytes; at += strlen(names + at) + 1) {
        if (!extract.store->calls->attribute(extract.store, node, names + at, strlen(names + at),
                                             value, sizeof value, &value_bytes)) {
            fail_store(path);
        } else if (lsetxattr(to, names + at, value, value_bytes, 0) < 0) {
            extract.attributes_refused++;
        }
    }
}

/* Owner, attributes, permissions and times, in an order in which none undoes another. */
static void finish(const struct store_node *node, const char *path, const char *to)
{
    struct timespec times[2] = {{(time_t)node->accessed.seconds, node->accessed.nanoseconds},
                                {(time_t)node->modified.seconds, node->modified.nanoseconds}};
    if (lchown(to, node->user, node->group) < 0)
        extract.owners_refused++;
    set_attributes(node, path, to);
    if ((node->mode & S_IFMT) != S_IFLNK && chmod(to, node->mode & 07777) < 0)
        fail(path, strerror(errno));
    for (int i = 0; i < 2; i++)
        if (times[i].tv_nsec > 999999999)
            times[i].tv_nsec = 0;
    if (utimensat(AT_FDCWD, to, times, AT_SYMLINK_NOFOLLOW) < 0)
        fail(path, strerror(errno));
}

/* --- Files ------------------------------------------------------------------------------------ */

static int compare_places(const void *left, const void *right)
{
    const struct first_place *a = left, *b = right;
    return (a->inode > b->inode) - (a->inode < b->inode);
}

static void free_place(void *place)
{
    free(((struct first_place *)place)->path);
    free(place);
}

/* Links to the first name of the same file; false: this is the first, and is remembered. */
static bool link_to_first(const struct store_node *node, const char *path, const char *to)
{
    struct first_place wanted = {.inode = node->number}, **found;
    if (node->links < 2)
        return false;
    found = tfind(&wanted, &extract.places, compare_places);
    if (found) {
        if (link((*found)->path, to) < 0)
            fail(path, strerror(errno));
        return true;
    }
    struct first_place *place = malloc(sizeof *place);
    if (!place)
        abort();
    *place = (struct first_place){node->number, strdup(to)};
    if (!place->path || !tsearch(place, &extract.places, compare_places))
        abort();
    return false;
}

static void make_file(const struct store_node *node, const char *path, const char *to)
{
    int file = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        fail(path, strerror(errno));
        return;
    }
    if (!copy_file(extract.store, node, path, file, true, show_progress))
        extract.failures++;
    if (close(file) < 0)
        fail(path, strerror(errno));
    finish(node, path, to);
}

static void make_link(const struct store_node *node, const char *path, const char *to)
{
    static char target[STORE_LINK_BYTES_MAX + 1];
    size_t bytes;
    if (!extract.store->calls->read_link(extract.store, node, target, sizeof target - 1, &bytes)) {
        fail_store(path);
        return;
    }
    target[bytes] = '\0';
    if (symlink(target, to) < 0)
        fail(path, strerror(errno));
    else
        finish(node, path, to);
}

static bool make_entry(void *context, const struct tree_entry *entry)
{
    const struct store_node *node = &entry->node;
    char *to = host_path(entry->path);
    bool goes_in = false;
    (void)context;
    switch (node->mode & S_IFMT) {
    case S_IFDIR:
        goes_in = mkdir(to, 0700) == 0;
        if (!goes_in)
            fail(entry->path, strerror(errno));
        break;
    case S_IFREG:
        if (!link_to_first(node, entry->path, to))
            make_file(node, entry->path, to);
        break;
    case S_IFLNK:
        if (!link_to_first(node, entry->path, to))
            make_link(node, entry->path, to);
        break;
    default:
        if (link_to_first(node, entry->path, to))
            break;
        if (mknod(to, (node->mode & S_IFMT) | 0600,
                  makedev(node->device_major, node->device_minor)) < 0)
            fail(entry->path, strerror(errno));
        else
            finish(node, entry->path, to);
    }
    extract.files++;
    free(to);
    return goes_in;
}

static void leave_directory(void *context, const struct tree_entry *entry)
{
    char *to = host_path(entry->path);
    (void)context;
    finish(&entry->node, entry->path, to);
    free(to);
}

/* The target must be new, or an empty directory: what is in it is not ours. */
static bool make_target(const char *target)
{
    const struct dirent *entry;
    unsigned entries = 0;
    if (mkdir(target, 0777) == 0)
        return true;
    DIR *folder = errno == EEXIST ? opendir(target) : NULL;
    if (!folder) {
        say_error(NULL, target, strerror(errno));
        return false;
    }
    while ((entry = readdir(folder)) && entries <= 2)
        entries++;
    closedir(folder);
    if (entries > 2)
        say_error(NULL, target, "it is not empty; name a new folder");
    return entries <= 2;
}

int extract_tree(struct store *store, const char *path, const char *target)
{
    struct tree_entry top = {.path = ""};
    const char *message;
    extract.store = store;
    extract.target = target;
    extract.is_shown = isatty(STDERR_FILENO);
    if (!tree_find(store, path, false, &top.node, &message)) {
        say_error(NULL, path, message);
        return EXIT_WRONG;
    }
    if (!make_target(target))
        return EXIT_WRONG;
    if ((top.node.mode & S_IFMT) != S_IFDIR) {
        const char *slash = strrchr(path, '/');
        top.path = top.name = slash ? slash + 1 : path;
        extract.bytes_all = data_bytes(&top.node);
        make_entry(NULL, &top);
    } else {
        struct tree_visitor visitor = {.store = store, .visit = count_entry, .fail = fail_silently};
        if (extract.is_shown)
            tree_visit(&visitor, &top.node);
        visitor.visit = make_entry;
        visitor.leave = leave_directory;
        visitor.fail = fail_visitor;
        tree_visit(&visitor, &top.node);
        finish(&top.node, "/", target);
    }
    tdestroy(extract.places, free_place);
    if (extract.is_shown)
        fputs("\r\033[K", stderr);
    if (extract.owners_refused)
        fprintf(stderr, "exofs: %llu owners could not be set\n",
                (unsigned long long)extract.owners_refused);
    if (extract.attributes_refused)
        fprintf(stderr, "exofs: %llu attributes could not be set\n",
                (unsigned long long)extract.attributes_refused);
    return extract.failures ? EXIT_WRONG : 0;
}
