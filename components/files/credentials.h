/* SPDX-License-Identifier: MIT */
/* credentials: who asks, and what of a node its mode lets them do (POSIX.1-2024, 4.7). */
#ifndef FILES_CREDENTIALS_H
#define FILES_CREDENTIALS_H

#include "core.h"

struct files_credentials {
    uint32_t user, group;
    uint32_t group_count; /* of the supplementary groups */
    uint32_t groups[NODE_GROUPS_MAX];
    uint16_t mask;        /* bits that new nodes do not get */
};

enum { FILES_SUPERUSER = 0 };

/* Is a group one of theirs. */
bool files_in_group(const struct files_credentials *who, uint32_t group);

/* files_may for who is not the superuser. */
bool files_may_by_mode(const struct files_credentials *who, const struct files_node *node,
                       uint32_t permissions);

/* May they do all of `permissions`, NODE_PERMISSION_READ and so on, to a node. The superuser may,
 * but for executing a file that nobody may execute. */
static inline bool files_may(const struct files_credentials *who, const struct files_node *node,
                             uint32_t permissions)
{
    if (who->user == FILES_SUPERUSER)
        return !(permissions & NODE_PERMISSION_EXECUTE) || node->kind == NODE_KIND_DIRECTORY ||
               (node->mode & 0111) != 0;
    return files_may_by_mode(who, node, permissions);
}

/* May they do what only a node's owner may. */
static inline bool files_owns(const struct files_credentials *who, const struct files_node *node)
{
    return who->user == FILES_SUPERUSER || who->user == node->user;
}

/* May they take the name of a node out of a directory, or put another node in its place: in a
 * sticky directory only what is theirs, or if that is theirs. The right to write it is asked
 * besides. */
static inline bool files_may_unlink(const struct files_credentials *who,
                                    const struct files_node *directory,
                                    const struct files_node *node)
{
    return !(directory->mode & NODE_MODE_STICKY) || files_owns(who, node) ||
           who->user == directory->user;
}

#endif
