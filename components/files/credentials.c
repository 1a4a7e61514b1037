/* SPDX-License-Identifier: MIT */
#include "credentials.h"

bool files_in_group(const struct files_credentials *who, uint32_t group)
{
    if (who->group == group)
        return true;
    for (uint32_t i = 0; i < who->group_count; i++)
        if (who->groups[i] == group)
            return true;
    return false;
}

bool files_may_by_mode(const struct files_credentials *who, const struct files_node *node,
                       uint32_t permissions)
{
    uint32_t shift = who->user == node->user ? 6 : files_in_group(who, node->group) ? 3 : 0;
    return (node->mode >> shift & permissions) == permissions;
}
