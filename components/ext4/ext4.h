/* SPDX-License-Identifier: MIT */
/*
 * ext4: reads file systems of the kinds ext2, ext3 and ext4.
 *
 * It knows no kernel, no channel and no allocator: the caller gives the device as a function, and
 * memory. Nothing is ever written to the device; a journal that needs recovery is replayed into
 * memory. Nothing that the device says is trusted: whatever does not fit is EXT4_CORRUPT, with the
 * structure and its place. Stack and time of every function are bounded by the structure's size.
 *
 * One thread at a time uses a file system. Format: Documentation/filesystems/ext4 of Linux.
 */
#ifndef EXT4_H
#define EXT4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ext4_status {
    EXT4_OK,
    EXT4_CORRUPT,       /* what is on the device contradicts itself */
    EXT4_DEVICE,        /* the device could not read: ext4_error.value is what it said */
    EXT4_UNSUPPORTED,   /* it may be right, but we cannot read it: ext4_error.what names it */
    EXT4_NO_MEMORY,     /* ext4_open() needs ext4_error.value bytes more */
    EXT4_NOT_FOUND,     /* no such name, attribute or inode */
    EXT4_NOT_DIRECTORY, /* a directory is needed, and this is none */
    EXT4_WRONG_KIND,    /* this inode is of a kind that has no bytes to read, or no link */
    EXT4_NAME_TOO_LONG, /* more than EXT4_NAME_MAX bytes */
    EXT4_NO_ROOM,       /* the caller's buffer is too small */
};

#define EXT4_NAME_MAX 255             /* bytes of a name */
#define EXT4_ROOT 2                   /* the inode of the root directory */
#define EXT4_NO_BLOCK UINT64_MAX      /* in an error: it has no block */
#define EXT4_BLOCK_BYTES_MAX 65536    /* of a block of the file system */
#define EXT4_MEMORY_BYTES (1u << 20)  /* enough for blocks of up to 16 KiB and a usual journal */
#define EXT4_ATTRIBUTE_BYTES_MAX 65536 /* of the value of an extended attribute */

/*
 * Where the file system lies. read() fills the buffer with `bytes` bytes from `offset` on and
 * answers 0, or anything else, which becomes ext4_error.value. It is asked for nothing outside of
 * `bytes`; offset and size are multiples of 1024.
 */
struct ext4_source {
    int (*read)(void *context, uint64_t offset, void *buffer, size_t bytes);
    void *context;
    uint64_t bytes;
};

/* What went wrong, and where. The texts live as long as the program. */
struct ext4_error {
    enum ext4_status status;
    const char *structure; /* "superblock", "extent block" */
    const char *what;      /* "the checksum is wrong" */
    uint64_t block;        /* of the structure, or EXT4_NO_BLOCK */
    uint32_t inode;        /* that it belongs to, or 0 */
    uint64_t value;        /* see the status; the number of an unknown feature's bit */
};

struct ext4; /* an open file system; it lies in the memory that ext4_open() got */

/* Options of ext4_open(). */
enum {
    EXT4_IGNORE_CHECKSUMS = 1, /* to save what can be saved; everything else is checked as ever */
    EXT4_IGNORE_JOURNAL = 2,   /* show what lies on the device, as if the journal were clean */
};

struct ext4_time {
    int64_t seconds; /* since 1970 */
    uint32_t nanoseconds;
};

/* An open file, whole: it holds no resources and needs not be closed. All fields are read-only. */
struct ext4_node {
    uint32_t number;
    uint16_t mode;  /* type and permissions, as POSIX has them */
    uint16_t extra; /* bytes of the inode's second part, in which attributes follow */
    uint32_t user, group, links, generation;
    uint32_t flags;         /* as on the device */
    uint32_t project;
    uint64_t size;          /* bytes; of a symbolic link, those of its target */
    uint64_t sectors;       /* of 512 bytes that it takes on the device */
    uint64_t attributes;    /* the block of extended attributes, or 0 */
    uint64_t version;       /* of its content: NFS, statx */
    uint32_t device_major, device_minor; /* of a device file */
    uint32_t checksum_seed; /* of the structures that belong to it */
    uint8_t map[60];        /* where its blocks are, or a short symbolic link, or inline data */
    struct ext4_time accessed, changed, modified, created; /* created: 0 where it is not kept */
};

/* The types of directory entries; 0 where the file system does not keep them. */
enum ext4_type {
    EXT4_TYPE_UNKNOWN, EXT4_TYPE_FILE, EXT4_TYPE_DIRECTORY, EXT4_TYPE_CHARACTER, EXT4_TYPE_BLOCK,
    EXT4_TYPE_FIFO, EXT4_TYPE_SOCKET, EXT4_TYPE_LINK,
};

struct ext4_entry {
    uint32_t inode;
    enum ext4_type type;
    const char *name; /* lives until the callback returns; no NUL at its end */
    uint32_t name_bytes;
    uint64_t cookie;  /* of the entry behind this one */
};

enum ext4_run_kind { EXT4_HOLE, EXT4_UNWRITTEN, EXT4_DATA };

/* A part of a file that lies in one piece. Holes and unwritten parts read as zeros. */
struct ext4_run {
    enum ext4_run_kind kind;
    uint64_t bytes;  /* from the given offset on, at most to the end of the last block */
    uint64_t device; /* the offset on the device; of EXT4_DATA alone */
};

struct ext4_facts {
    uint32_t block_bytes, cluster_bytes, inode_bytes, descriptor_bytes;
    uint64_t blocks, free_blocks, reserved_blocks;
    uint32_t inodes, free_inodes;
    uint32_t groups, blocks_per_group, inodes_per_group;
    uint32_t revision;
    uint32_t features[3];    /* compatible, incompatible, read-only compatible */
    uint8_t identifier[16];  /* the UUID */
    char label[17], mounted[65]; /* with a NUL */
    uint64_t replayed_blocks;    /* that are read from the journal instead of their places */
    uint64_t replayed_transactions;
    uint64_t linear_lookups; /* in indexed directories, since we do not know the index's hash */
};

/*
 * Opens the file system on `source`, whose description is copied. `memory` is aligned for any type
 * and belongs to the file system from now on; what is not needed for its state caches blocks of
 * metadata. On an error *error says what is wrong and *fs is NULL. The counts of free blocks and
 * inodes are those of the superblock.
 *
 * Errors: EXT4_CORRUPT, EXT4_DEVICE, EXT4_UNSUPPORTED, EXT4_NO_MEMORY.
 */
enum ext4_status ext4_open(const struct ext4_source *source, void *memory, size_t bytes,
                           uint32_t options, struct ext4 **fs, struct ext4_error *error);

/* What the last function that failed on `fs` had to say. */
const struct ext4_error *ext4_error(const struct ext4 *fs);

/* Writes an error as a line without its end, as format() does: "extent block 71 of inode 14: ...".
 * Returns the bytes of the whole text. */
size_t ext4_error_text(const struct ext4_error *error, char *to, size_t room);

/* Sizes, counts, names: what statfs() wants, and what people want to know. */
void ext4_facts(const struct ext4 *fs, struct ext4_facts *facts);

/* The name of a feature, by the index in ext4_facts.features and the bit; NULL: we know none. */
const char *ext4_feature_name(unsigned word, unsigned bit);

/*
 * Opens an inode by its number: EXT4_ROOT, or one that an entry or a handle names.
 * Errors: EXT4_NOT_FOUND when nothing has this number, EXT4_CORRUPT, EXT4_DEVICE.
 */
enum ext4_status ext4_node(struct ext4 *fs, uint32_t number, struct ext4_node *node);

/*
 * Opens what `name` is in a directory, "." and ".." included; links are not followed.
 * Errors: EXT4_NOT_FOUND, EXT4_NOT_DIRECTORY, EXT4_NAME_TOO_LONG, EXT4_CORRUPT, EXT4_DEVICE. An
 * entry that leads to no inode that is in use, or to one of another type, is corrupt.
 */
enum ext4_status ext4_lookup(struct ext4 *fs, const struct ext4_node *directory, const char *name,
                             size_t name_bytes, struct ext4_node *node);

/*
 * Calls `each` for the entries of a directory, "." and ".." included, until it answers false or
 * there are no more. *cookie is 0 for the beginning, or what this function or an entry said before;
 * afterwards it is the place of the entry that `each` refused, or of the end. `each` may not use
 * the file system. Errors: EXT4_NOT_DIRECTORY, EXT4_CORRUPT, EXT4_DEVICE.
 */
enum ext4_status ext4_list(struct ext4 *fs, const struct ext4_node *directory, uint64_t *cookie,
                           bool (*each)(void *context, const struct ext4_entry *entry),
                           void *context);

/*
 * Reads up to `bytes` bytes of a regular file from `offset` on; *got is less only at the end.
 * Errors, before which *got bytes came: EXT4_WRONG_KIND, EXT4_CORRUPT, EXT4_DEVICE.
 */
enum ext4_status ext4_read(struct ext4 *fs, const struct ext4_node *node, uint64_t offset,
                           void *buffer, size_t bytes, size_t *got);

/*
 * Where the bytes of a regular file from `offset` on lie. Inline data and what the journal replaces
 * is EXT4_DATA with device = EXT4_NO_BLOCK: it must be read. Behind the end `bytes` is 0.
 */
enum ext4_status ext4_run(struct ext4 *fs, const struct ext4_node *node, uint64_t offset,
                          struct ext4_run *run);

/*
 * Reads the target of a symbolic link, without a NUL. *bytes is its length, also when it fails by
 * EXT4_NO_ROOM. Errors: EXT4_WRONG_KIND, EXT4_NO_ROOM, EXT4_CORRUPT, EXT4_DEVICE.
 */
enum ext4_status ext4_read_link(struct ext4 *fs, const struct ext4_node *node, char *buffer,
                                size_t room, size_t *bytes);

/*
 * Writes the names of all extended attributes, each with its prefix and a NUL, as listxattr() does.
 * *bytes is the length of all, also when it fails by EXT4_NO_ROOM; with no room it is only said.
 */
enum ext4_status ext4_list_attributes(struct ext4 *fs, const struct ext4_node *node, char *buffer,
                                      size_t room, size_t *bytes);

/*
 * Reads an attribute's value by its full name, as getxattr() does: access control lists in the form
 * of that interface. *bytes and room as above. Errors: EXT4_NOT_FOUND too.
 */
enum ext4_status ext4_attribute(struct ext4 *fs, const struct ext4_node *node, const char *name,
                                size_t name_bytes, void *buffer, size_t room, size_t *bytes);

#endif
