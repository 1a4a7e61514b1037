/* SPDX-License-Identifier: MIT */
/* member: where an entry goes in the tree, by its path and what is there already. */
#include "names.h"

/* A path's next part that says something: neither empty nor ".". */
struct part {
    const char *name;
    size_t bytes; /* 0: there is none */
};

static struct part next_part(const char **at, const char *end)
{
    struct part part = {*at, 0};
    while (part.bytes == 0 && *at < end) {
        const char *slash = find_byte(*at, '/', (size_t)(end - *at));
        part.name = *at;
        *at = slash ? slash + 1 : end;
        part.bytes = (size_t)((slash ? slash : end) - part.name);
        if (part.bytes == 1 && part.name[0] == '.')
            part.bytes = 0;
    }
    return part;
}

/* What is wrong with a name by itself; NULL: nothing. */
static const char *check_part(struct part part)
{
    if (part.bytes > ARCHIVE_NAME_MAX)
        return "a part of its name has more than 255 bytes";
    if (part.bytes == 2 && memcmp(part.name, "..", 2) == 0)
        return "\"..\" in its name";
    return find_byte(part.name, '\0', part.bytes) ? "a NUL in its name" : NULL;
}

/* A directory that nobody has described. It is as old as what it was made for. */
static enum archive_status imply(struct archive *archive, uint32_t parent, struct part part,
                                 const struct member *member, uint32_t *number)
{
    struct inode inode = {.mode = MODE_DIRECTORY | 0755, .links = 2, .parent = parent,
                          .seconds = member->inode.seconds,
                          .nanoseconds = member->inode.nanoseconds};
    enum archive_status status = names_add_inode(archive, &inode, number);
    if (status == ARCHIVE_OK)
        status = names_add(archive, parent, part.name, part.bytes, *number);
    if (status != ARCHIVE_OK)
        return status;
    inode_at(archive, parent)->links++;
    archive->facts.implied++;
    return ARCHIVE_OK;
}

/* Goes into a directory of a path. */
static enum archive_status go_in(struct archive *archive, const struct member *member,
                                 struct part part, uint32_t *directory)
{
    uint32_t found = names_find(archive, *directory, part.name, part.bytes);
    if (!found)
        return imply(archive, *directory, part, member, directory);
    uint32_t number = name_at(archive, found)->inode;
    uint16_t mode = inode_at(archive, number)->mode;
    if (mode_is(mode, MODE_LINK))
        return member_fail(archive, member, ARCHIVE_CORRUPT,
                           "its name leads through a symbolic link");
    if (!mode_is(mode, MODE_DIRECTORY))
        return member_fail(archive, member, ARCHIVE_CORRUPT,
                           "its name leads through what is no directory");
    *directory = number;
    return ARCHIVE_OK;
}

/* What only a directory has stays when another entry describes it. */
static void describe(struct archive *archive, uint32_t number, const struct inode *inode)
{
    struct inode *old = inode_at(archive, number), kept = *old;
    *old = *inode;
    old->links = kept.links;
    old->first = kept.first;
    old->last = kept.last;
    old->parent = kept.parent;
}

/* The inode of a member: a new one, or that of an earlier entry which is the same file. */
static enum archive_status find_inode(struct archive *archive, struct member *member,
                                      uint32_t parent, uint32_t *number)
{
    const char *identity = (const char *)member->identity;
    uint32_t found = 0;
    if (member->has_identity)
        found = names_find(archive, IDENTITIES, identity, IDENTITY_BYTES);
    if (found) {
        struct inode *old = inode_at(archive, name_at(archive, found)->inode);
        *number = name_at(archive, found)->inode;
        if ((old->mode & MODE_TYPE) != (member->inode.mode & MODE_TYPE))
            return member_fail(archive, member, ARCHIVE_CORRUPT,
                               "it is the same file as an earlier entry, but of another type");
        /* Of all names of a file, one has the bytes: in what GNU cpio writes, the last. */
        if (member->inode.size == 0) {
            member->inode.size = old->size;
            member->inode.data = old->data;
        }
        member->inode.links = old->links;
        *old = member->inode;
        return ARCHIVE_OK;
    }
    if (mode_is(member->inode.mode, MODE_DIRECTORY)) {
        member->inode.links = 2;
        member->inode.parent = parent;
    }
    enum archive_status status = names_add_inode(archive, &member->inode, number);
    if (status == ARCHIVE_OK && member->has_identity)
        status = names_add(archive, IDENTITIES, identity, IDENTITY_BYTES, *number);
    return status;
}

/* Takes away what a name leads to, which something else comes in the place of. */
static enum archive_status take_away(struct archive *archive, const struct member *member,
                                     const struct name_place *place)
{
    struct inode *old = inode_at(archive, place->inode);
    if (!mode_is(old->mode, MODE_DIRECTORY)) {
        old->links--;
        return ARCHIVE_OK;
    }
    if (old->first)
        return member_fail(archive, member, ARCHIVE_CORRUPT,
                           "it would replace a directory that is not empty");
    old->links = 0;
    inode_at(archive, place->directory)->links--;
    return ARCHIVE_OK;
}

/* `number` is the inode of a hard link. */
static enum archive_status place_last(struct archive *archive, struct member *member,
                                      uint32_t directory, struct part part, uint32_t number)
{
    bool is_directory = mode_is(member->inode.mode, MODE_DIRECTORY);
    uint32_t found = names_find(archive, directory, part.name, part.bytes);
    enum archive_status status = ARCHIVE_OK;
    if (found) {
        uint32_t old = name_at(archive, found)->inode;
        archive->facts.replaced++;
        if (is_directory && mode_is(inode_at(archive, old)->mode, MODE_DIRECTORY)) {
            describe(archive, old, &member->inode);
            return ARCHIVE_OK;
        }
    }
    if (!member->is_hard_link)
        status = find_inode(archive, member, directory, &number);
    if (status != ARCHIVE_OK || (found && name_at(archive, found)->inode == number))
        return status;
    if (found) {
        status = take_away(archive, member, name_at(archive, found));
        if (status == ARCHIVE_OK)
            name_at(archive, found)->inode = number;
    } else {
        status = names_add(archive, directory, part.name, part.bytes, number);
    }
    if (status == ARCHIVE_OK)
        inode_at(archive, is_directory ? directory : number)->links++;
    return status;
}

/* Finds what an earlier entry has put at a path. */
static enum archive_status find_target(struct archive *archive, const struct member *member,
                                       uint32_t *number)
{
    const char *at = archive->target, *end = at + member->target_bytes;
    *number = ARCHIVE_ROOT;
    for (struct part part = next_part(&at, end); part.bytes; part = next_part(&at, end)) {
        uint32_t found = part.bytes > ARCHIVE_NAME_MAX
                             ? 0 : names_find(archive, *number, part.name, part.bytes);
        if (!found)
            return member_fail(archive, member, ARCHIVE_CORRUPT,
                               "it is a hard link to what is not in the archive before it");
        *number = name_at(archive, found)->inode;
    }
    if (mode_is(inode_at(archive, *number)->mode, MODE_DIRECTORY))
        return member_fail(archive, member, ARCHIVE_CORRUPT, "it is a hard link to a directory");
    return ARCHIVE_OK;
}

enum archive_status member_place(struct archive *archive, struct member *member)
{
    const char *at = archive->name, *end = at + member->name_bytes;
    uint32_t directory = ARCHIVE_ROOT, number = 0;
    enum archive_status status = ARCHIVE_OK;
    archive->facts.headers++;
    archive->facts.stripped += at < end && *at == '/';
    if (member->is_hard_link)
        status = find_target(archive, member, &number);
    struct part part = next_part(&at, end);
    while (status == ARCHIVE_OK && part.bytes) {
        struct part after = next_part(&at, end);
        const char *wrong = check_part(part);
        if (wrong)
            return member_fail(archive, member, ARCHIVE_CORRUPT, wrong);
        if (!after.bytes)
            return place_last(archive, member, directory, part, number);
        status = go_in(archive, member, part, &directory);
        part = after;
    }
    if (status != ARCHIVE_OK)
        return status;
    if (member->name_bytes == 0)
        return member_fail(archive, member, ARCHIVE_CORRUPT, "it has no name");
    if (!mode_is(member->inode.mode, MODE_DIRECTORY) || member->is_hard_link)
        return member_fail(archive, member, ARCHIVE_CORRUPT,
                           "it names the root, which is a directory");
    describe(archive, ARCHIVE_ROOT, &member->inode);
    return ARCHIVE_OK;
}
