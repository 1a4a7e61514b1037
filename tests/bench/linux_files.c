/* SPDX-License-Identifier: MIT */
/*
 * The first process of the Linux that `bench-peers` boots: measures what files cost there, on
 * tmpfs and on the ext4 of the disk, and ends the machine. A line is "linux NAME INSTRUCTIONS".
 *
 * Under -icount shift=0 a nanosecond is an instruction. While the core sleeps the clock jumps, so
 * of what waits for the disk the time is taken off in which the core was idle, as /proc/timer_list
 * has it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    TURNS = 2000,
    PAGE = 4096,
    PAGES = 256, /* of a file that is read again and again */
    BUFFER = 128 * 1024,
    MEBIBYTE = 1024 * 1024,
    PATH_BYTES = 4096,
};

static _Alignas(4096) char buffer[BUFFER];

static void fail(const char *what)
{
    perror(what);
    sync();
    reboot(RB_POWER_OFF);
    exit(1);
}

/* Nanoseconds: instructions, as the clock is that of the time stamp counter. */
static uint64_t ticks_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void must(bool holds, const char *what)
{
    if (!holds)
        fail(what);
}

/* --- Time ------------------------------------------------------------------------------------ */

static uint64_t number_of(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    must(at && (at = strchr(at, ':')), name);
    return strtoull(at + 1, NULL, 10);
}

/* Nanoseconds in which the core was idle, since the start. */
static uint64_t idle(void)
{
    static char text[65536];
    int file = open("/proc/timer_list", O_RDONLY);
    size_t length = 0;
    ssize_t got;
    must(file >= 0, "/proc/timer_list");
    while ((got = read(file, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(file);
    text[length] = 0;
    return number_of(text, ".idle_sleeptime") + number_of(text, ".iowait_sleeptime");
}

/* Instructions since `from` that were not idle. */
struct moment { uint64_t ticks, idle; };

static struct moment moment_now(void)
{
    struct moment now = {.idle = idle()};
    now.ticks = ticks_now();
    return now;
}

static uint64_t busy_since(struct moment from)
{
    uint64_t ticks = ticks_now() - from.ticks;
    return ticks - (idle() - from.idle);
}

static void print(const char *name, uint64_t instructions, uint64_t count)
{
    printf("linux %s %" PRIu64 "\n", name, (instructions + count / 2) / count);
}

/* --- Small operations ------------------------------------------------------------------------ */

static const char *file_name;

static void read_page(uint64_t i)
{
    static int file = -1;
    if (file < 0)
        file = open(file_name, O_RDONLY);
    if (pread(file, buffer, PAGE, (off_t)(i % PAGES * PAGE)) != PAGE)
        fail("pread");
}

static void open_close(uint64_t i)
{
    (void)i;
    close(open(file_name, O_RDONLY));
}

static void status(uint64_t i)
{
    struct stat answer;
    (void)i;
    if (stat(file_name, &answer) != 0)
        fail("stat");
}

static void create_unlink(uint64_t i)
{
    (void)i;
    close(open("/tmp/new", O_CREAT | O_EXCL | O_WRONLY, 0644));
    if (unlink("/tmp/new") != 0)
        fail("unlink");
}

static void nothing(uint64_t i)
{
    __asm__ volatile("" : : "r"(i));
}

static uint64_t turns(void (*act)(uint64_t))
{
    uint64_t before = ticks_now();
    for (uint64_t i = 0; i < TURNS; i++)
        act(i);
    return ticks_now() - before;
}

/* The second round, so that what is kept is there, without what the loop takes. */
static void measure(const char *name, const char *file, void (*act)(uint64_t))
{
    file_name = file;
    turns(act);
    uint64_t all = turns(act);
    print(name, all - turns(nothing), TURNS);
}

/* --- Large ones ------------------------------------------------------------------------------ */

static void drop_caches(void)
{
    int file = open("/proc/sys/vm/drop_caches", O_WRONLY);
    sync();
    must(file >= 0 && write(file, "3", 1) == 1, "drop_caches");
    close(file);
}

static void read_all(const char *name)
{
    uint64_t bytes = 0;
    ssize_t got;
    drop_caches();
    struct moment from = moment_now();
    int file = open(name, O_RDONLY);
    while ((got = read(file, buffer, BUFFER)) > 0)
        bytes += (uint64_t)got;
    must(got == 0 && bytes >= MEBIBYTE, name);
    print("fs_sequential_read_cold", busy_since(from), bytes / MEBIBYTE);
    close(file);
}

/* Look at everything below a folder, as `find -newer` does. Returns how much there was. */
static uint64_t walk(int folder)
{
    DIR *list = fdopendir(folder);
    uint64_t count = 0;
    must(list, "fdopendir");
    for (struct dirent *entry; (entry = readdir(list));) {
        struct stat answer;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        must(fstatat(folder, entry->d_name, &answer, AT_SYMLINK_NOFOLLOW) == 0, entry->d_name);
        count++;
        if (S_ISDIR(answer.st_mode))
            count += walk(openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY));
    }
    closedir(list);
    return count;
}

static void walk_tree(const char *name, const char *path)
{
    struct moment from = moment_now();
    uint64_t count = walk(open(path, O_RDONLY | O_DIRECTORY));
    print(name, busy_since(from), 1);
    printf("linux fs_tree_walk_files %" PRIu64 "\n", count);
}

/* --- The start ------------------------------------------------------------------------------- */

static void load(const char *module)
{
    int file = open(module, O_RDONLY | O_CLOEXEC);
    must(file >= 0 && syscall(SYS_finit_module, file, "", 0) == 0, module);
    close(file);
}

static void start(void)
{
    static const char *const modules[] = {
        "/virtio_ring.ko", "/virtio.ko", "/virtio_pci_modern_dev.ko",
        "/virtio_pci_legacy_dev.ko", "/virtio_pci.ko", "/virtio_blk.ko",
    };
    for (unsigned i = 0; i < sizeof modules / sizeof *modules; i++)
        load(modules[i]);
    mkdir("/proc", 0755);
    mkdir("/tmp", 0755);
    mkdir("/disk", 0755);
    must(mount("proc", "/proc", "proc", 0, "") == 0, "/proc");
    must(mount("dev", "/dev", "devtmpfs", 0, "") == 0, "/dev");
    must(mount("tmp", "/tmp", "tmpfs", 0, "") == 0, "/tmp");
    for (unsigned i = 0; i < 100 && access("/dev/vda", F_OK) != 0; i++)
        usleep(10000);
    must(mount("/dev/vda", "/disk", "ext4", MS_RDONLY, "") == 0, "/dev/vda");
}

int main(void)
{
    setbuf(stdout, NULL);
    start();
    int file = open("/tmp/file", O_CREAT | O_WRONLY, 0644);
    for (unsigned i = 0; i < PAGES; i++)
        must(write(file, buffer, PAGE) == PAGE, "/tmp/file");
    close(file);
    measure("fs_read_4k_cached", "/disk/large", read_page);
    measure("fs_open_close", "/tmp/file", open_close);
    measure("fs_stat", "/tmp/file", status);
    measure("fs_open_close_ext4", "/disk/tree/0/0", open_close);
    measure("fs_stat_ext4", "/disk/tree/0/0", status);
    measure("fs_create_unlink", "", create_unlink);
    read_all("/disk/large");
    drop_caches();
    walk_tree("fs_tree_walk_cold", "/disk/tree");
    walk_tree("fs_tree_walk_warm", "/disk/tree");
    printf("linux files measured\n");
    reboot(RB_POWER_OFF);
    return 0;
}
