/* SPDX-License-Identifier: MIT */
/*
 * names: what the files of archive share. An open archive, and its tree of names.
 *
 * The memory behind the state is filled from both ends: names from the bottom, inodes from the top.
 * Nothing of it moves and nothing is given back; both are named by numbers of 32 bits. All names
 * are in one balanced tree (AVL), ordered by their directory, their length and their bytes.
 */
#ifndef ARCHIVE_NAMES_H
#define ARCHIVE_NAMES_H

#include "archive.h"
#include "text.h"

enum mode_type {
    MODE_TYPE = 0xf000, MODE_FIFO = 0x1000, MODE_CHARACTER = 0x2000, MODE_DIRECTORY = 0x4000,
    MODE_BLOCK = 0x6000, MODE_FILE = 0x8000, MODE_LINK = 0xa000, MODE_SOCKET = 0xc000,
    MODE_REST = 0x0fff,
};

enum { WINDOW_BYTES = 4096, TREE_HEIGHT_MAX = 48, PLACE_BYTES = 8, IDENTITY_BYTES = 12 };

/* A name in a directory. Its number is its offset in the memory in units of PLACE_BYTES. */
struct name_place {
    uint32_t directory;   /* the inode; IDENTITIES: `name` is an identity of cpio */
    uint32_t left, right; /* in the tree; 0: nothing */
    uint32_t next;        /* in the directory; 0: it is the last */
    uint32_t inode;
    uint8_t height, name_bytes;
    char name[];
};

#define IDENTITIES 0u /* no directory has this number */

struct inode {
    uint64_t size, data; /* of files and links: bytes, and where they lie */
    int64_t seconds;     /* when it was modified */
    uint64_t attributes; /* where its pax header lies */
    uint32_t attributes_bytes, nanoseconds;
    uint32_t user, group, links; /* links 0: no name leads to it any more */
    uint32_t device_major, device_minor;
    uint32_t first, last, parent; /* of directories: names, and the inode that ".." is */
    uint16_t mode;
};

/* A header's entry on its way into the tree. Name and target are in the archive's buffers. */
struct member {
    const char *structure; /* what the header is called in errors, and where it lies */
    uint64_t place;
    struct inode inode;
    size_t name_bytes, target_bytes;
    bool is_hard_link; /* another name of `target` */
    bool has_identity; /* and may be another name of an earlier one of the same */
    uint8_t identity[IDENTITY_BYTES];
};

struct archive {
    struct archive_source source;
    struct archive_error error;
    struct archive_facts facts;
    uint8_t *memory;       /* of names; the place 0 is never used */
    struct inode *inodes;  /* the end: inode n lies n before it */
    uint32_t places, inode_count, root;
    uint64_t window_place; /* the bytes of the archive that are in the window */
    size_t window_bytes;
    uint8_t window[WINDOW_BYTES];
    char name[ARCHIVE_PATH_MAX + 1], target[ARCHIVE_PATH_MAX + 1];
};

static inline struct inode *inode_at(const struct archive *archive, uint32_t number)
{
    return archive->inodes - number;
}

static inline struct name_place *name_at(const struct archive *archive, uint32_t number)
{
    return (struct name_place *)(void *)(archive->memory + (size_t)number * PLACE_BYTES);
}

/* The first byte of a value; NULL: there is none. */
static inline const char *find_byte(const char *bytes, char value, size_t count)
{
    for (size_t at = 0; at < count; at++)
        if (bytes[at] == value)
            return bytes + at;
    return NULL;
}

static inline bool mode_is(uint16_t mode, enum mode_type type)
{
    return (mode & MODE_TYPE) == type;
}

/* Keeps what went wrong and answers `status`. */
enum archive_status archive_fail(struct archive *archive, enum archive_status status,
                                 const char *structure, uint64_t place, const char *what);
/* The same with the name of the entry that is being read, and its header. */
enum archive_status member_fail(struct archive *archive, const struct member *member,
                                enum archive_status status, const char *what);
/* Reads bytes of the archive, past the window; they must lie in it. */
enum archive_status archive_fetch(struct archive *archive, uint64_t place, void *buffer,
                                  size_t bytes);
/* Copies bytes of the archive through the window: for headers, which lie near each other. */
enum archive_status archive_peek(struct archive *archive, uint64_t place, void *buffer,
                                 size_t bytes);

/* --- names.c ---------------------------------------------------------------------------------- */

/* Begins an index with a root alone. ARCHIVE_NO_MEMORY. */
enum archive_status names_start(struct archive *archive);
/* The number of a name; 0: there is none. */
uint32_t names_find(const struct archive *archive, uint32_t directory, const char *name,
                    size_t name_bytes);
/* Makes a name that is not there yet; a directory gets it as its last. ARCHIVE_NO_MEMORY. */
enum archive_status names_add(struct archive *archive, uint32_t directory, const char *name,
                              size_t name_bytes, uint32_t inode);
/* Makes an inode with no links. ARCHIVE_NO_MEMORY. */
enum archive_status names_add_inode(struct archive *archive, const struct inode *inode,
                                    uint32_t *number);
/* Is this the number of a name in the directory? For numbers that somebody else has kept. */
bool names_has(const struct archive *archive, uint32_t directory, uint64_t number);

/* --- member.c --------------------------------------------------------------------------------- */

/* Puts an entry into the tree, with the directories that its path implies. */
enum archive_status member_place(struct archive *archive, struct member *member);

/* --- cpio.c, tar.c ---------------------------------------------------------------------------- */

enum archive_status cpio_read(struct archive *archive);
enum archive_status tar_read(struct archive *archive);
/* Is this block of 512 bytes a header of tar, by its checksum? */
bool tar_is_header(const uint8_t *bytes);

/* --- pax.c ------------------------------------------------------------------------------------ */

enum { PAX_KEY_BYTES = 288, PAX_RECORDS_MAX = 1024 };

/* A record of an extended header. The key has a NUL; the value lies in the archive. */
struct pax_record {
    char key[PAX_KEY_BYTES];
    size_t key_bytes;
    uint64_t value, value_bytes;
};

/* Reads the record at *place and steps behind it. */
enum archive_status pax_next(struct archive *archive, uint64_t *place, uint64_t end,
                             struct pax_record *record);
/* Is this an extended attribute's record? Its name is then at *name, in the record. */
bool pax_is_attribute(const struct pax_record *record, const char **name);
/* The time that a record holds; ARCHIVE_CORRUPT when it holds none. */
enum archive_status pax_time(struct archive *archive, const struct pax_record *record,
                             struct archive_time *time);

#endif
