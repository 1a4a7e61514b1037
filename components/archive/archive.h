/* SPDX-License-Identifier: MIT */
/*
 * archive: reads archives of cpio (newc) and tar (ustar, GNU, pax) as file systems.
 *
 * It knows no kernel, no channel and no allocator: the caller gives the archive as a function, and
 * memory. Opening reads every header once and makes an index in the memory; contents are read where
 * they lie. Nothing that the archive says is trusted: whatever does not fit is ARCHIVE_CORRUPT,
 * with the header's place and the entry's name. A name is found in a time that grows with the
 * logarithm of the count of entries, whatever the names are. A file that begins with zeros is an
 * empty archive of tar only if it is not longer than the 10 KiB that tar makes of none.
 *
 * One thread at a time uses an archive. Formats: POSIX.1-2024, pax; tar(5) and cpio(5) of
 * libarchive; Documentation/driver-api/early-userspace/buffer-format.rst of Linux for newc.
 */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum archive_status {
    ARCHIVE_OK,
    ARCHIVE_NO_ARCHIVE,    /* it begins like no archive of cpio or tar */
    ARCHIVE_CORRUPT,       /* the archive contradicts itself, or what a tree of files is */
    ARCHIVE_DEVICE,        /* it could not be read: archive_error.value is what the source said */
    ARCHIVE_UNSUPPORTED,   /* it may be right, but we cannot read it: archive_error.what names it */
    ARCHIVE_NO_MEMORY,     /* archive_open() needs at least archive_error.value bytes more */
    ARCHIVE_NOT_FOUND,     /* no such name, attribute or inode */
    ARCHIVE_NOT_DIRECTORY, /* a directory is needed, and this is none */
    ARCHIVE_WRONG_KIND,    /* this inode is of a kind that has no bytes to read, or no link */
    ARCHIVE_NAME_TOO_LONG, /* more than ARCHIVE_NAME_MAX bytes */
    ARCHIVE_NO_ROOM,       /* the caller's buffer is too small */
};

#define ARCHIVE_NAME_MAX 255   /* bytes of a name */
#define ARCHIVE_PATH_MAX 4095  /* bytes of an entry's path, and of a symbolic link's target */
#define ARCHIVE_ROOT 1         /* the inode of the root directory */
#define ARCHIVE_NO_PLACE UINT64_MAX        /* in an error: it is about no place */
#define ARCHIVE_ATTRIBUTE_BYTES_MAX 65536  /* of the value of an extended attribute */
#define ARCHIVE_MEMORY_BYTES (64u << 10)   /* enough for some hundred entries */

/*
 * Where the archive lies. read() fills the buffer with `bytes` bytes from `offset` on and answers
 * 0, or anything else, which becomes archive_error.value. It is asked for nothing outside of
 * `bytes`; offsets and sizes are any.
 */
struct archive_source {
    int (*read)(void *context, uint64_t offset, void *buffer, size_t bytes);
    void *context;
    uint64_t bytes;
};

/* What went wrong, and where. The texts live as long as the program. */
struct archive_error {
    enum archive_status status;
    const char *structure; /* "tar header", "record of a pax header" */
    const char *what;      /* "the checksum is wrong" */
    uint64_t place;        /* of the structure, in bytes, or ARCHIVE_NO_PLACE */
    uint64_t value;        /* see the status */
    char name[128];        /* of the entry, cut to fit; empty where it is not known */
};

struct archive; /* an open archive; it lies in the memory that archive_open() got */

struct archive_time {
    int64_t seconds; /* since 1970 */
    uint32_t nanoseconds;
};

/* An open file, whole: it holds no resources and needs not be closed. All fields are read-only. */
struct archive_node {
    uint32_t number;
    uint16_t mode; /* type and permissions, as POSIX has them */
    uint32_t user, group, links;
    uint64_t size; /* bytes; of a symbolic link, those of its target; of a directory 0 */
    uint64_t data; /* where they lie in the archive, in one piece */
    uint32_t device_major, device_minor; /* of a device file */
    struct archive_time accessed, changed, modified; /* what is not kept is as `modified` */
    uint64_t attributes;       /* where the pax header with its attributes lies */
    uint32_t attributes_bytes; /* 0: it has none */
};

struct archive_entry {
    uint32_t inode;
    uint16_t mode;    /* its type alone */
    const char *name; /* lives as long as the archive; no NUL at its end */
    uint32_t name_bytes;
    uint64_t cookie;  /* of the entry behind this one */
};

struct archive_facts {
    const char *format;        /* "cpio newc", "tar" */
    uint64_t bytes;            /* up to the end that the archive itself says */
    uint64_t headers;          /* of entries */
    uint32_t inodes;           /* that are reached by a name, the root included */
    uint32_t implied;          /* directories that only a path names */
    uint32_t replaced;         /* entries in whose place a later one came */
    uint32_t stripped;         /* names of which slashes at the beginning were taken away */
    uint64_t content_bytes;    /* of all regular files */
    size_t memory_used, memory_bytes;
};

/*
 * Opens the archive on `source`, whose description is copied. `memory` is aligned for any type and
 * belongs to the archive from now on. On an error *error says what is wrong, and *archive is NULL.
 *
 * Later entries replace earlier ones of the same name, as tar does; a directory keeps what is in
 * it, and only an empty one can be replaced by something else. Directories that are only implied by
 * a path belong to user 0 and have mode 0755. A slash at the beginning of a name is taken away;
 * ".." in a name, and a name below what is no directory (a symbolic link, too), are refused.
 *
 * Errors: ARCHIVE_NO_ARCHIVE, ARCHIVE_CORRUPT, ARCHIVE_DEVICE, ARCHIVE_UNSUPPORTED,
 * ARCHIVE_NO_MEMORY.
 */
enum archive_status archive_open(const struct archive_source *source, void *memory, size_t bytes,
                                 struct archive **archive, struct archive_error *error);

/* What the last function that failed on `archive` had to say. */
const struct archive_error *archive_error(const struct archive *archive);

/* Writes an error as a line without its end, as format() does: "tar header at byte 512, entry
 * ../x: ...". Returns the bytes of the whole text. */
size_t archive_error_text(const struct archive_error *error, char *to, size_t room);

/* Sizes and counts: what statfs() wants, and what people want to know. */
void archive_facts(const struct archive *archive, struct archive_facts *facts);

/* Asserts what must always hold of an open archive; for tests: it walks through all of it. */
void archive_check(const struct archive *archive);

/*
 * Opens an inode by its number: ARCHIVE_ROOT, or one that an entry or a handle names.
 * Errors: ARCHIVE_NOT_FOUND when nothing has this number; ARCHIVE_DEVICE, ARCHIVE_CORRUPT.
 */
enum archive_status archive_node(struct archive *archive, uint32_t number,
                                 struct archive_node *node);

/*
 * Opens what `name` is in a directory, "." and ".." included; links are not followed.
 * Errors: ARCHIVE_NOT_FOUND, ARCHIVE_NOT_DIRECTORY, ARCHIVE_NAME_TOO_LONG and those of
 * archive_node().
 */
enum archive_status archive_lookup(struct archive *archive, const struct archive_node *directory,
                                   const char *name, size_t name_bytes,
                                   struct archive_node *node);

/*
 * Calls `each` for the entries of a directory, "." and ".." included, until it answers false or
 * there are no more, in the order of the archive. *cookie is 0 for the beginning, or what this
 * function or an entry said before; afterwards it is the place of the entry that `each` refused, or
 * of the end. Errors: ARCHIVE_NOT_DIRECTORY; ARCHIVE_NOT_FOUND for a cookie of no entry.
 */
enum archive_status archive_list(struct archive *archive, const struct archive_node *directory,
                                 uint64_t *cookie,
                                 bool (*each)(void *context, const struct archive_entry *entry),
                                 void *context);

/*
 * Reads up to `bytes` bytes of a regular file from `offset` on; *got is less only at the end.
 * Errors: ARCHIVE_WRONG_KIND, ARCHIVE_DEVICE.
 */
enum archive_status archive_read(struct archive *archive, const struct archive_node *node,
                                 uint64_t offset, void *buffer, size_t bytes, size_t *got);

/*
 * Reads the target of a symbolic link, without a NUL. *bytes is its length, also when it fails by
 * ARCHIVE_NO_ROOM. Errors: ARCHIVE_WRONG_KIND, ARCHIVE_NO_ROOM, ARCHIVE_DEVICE.
 */
enum archive_status archive_read_link(struct archive *archive, const struct archive_node *node,
                                      char *buffer, size_t room, size_t *bytes);

/*
 * Writes the names of all extended attributes, each with a NUL, as listxattr() does. *bytes is the
 * length of all, also when it fails by ARCHIVE_NO_ROOM; with no room it is only said.
 */
enum archive_status archive_list_attributes(struct archive *archive,
                                            const struct archive_node *node, char *buffer,
                                            size_t room, size_t *bytes);

/* Reads an attribute's value by its full name. *bytes and room as above. ARCHIVE_NOT_FOUND too. */
enum archive_status archive_attribute(struct archive *archive, const struct archive_node *node,
                                      const char *name, size_t name_bytes, void *buffer,
                                      size_t room, size_t *bytes);

#endif
