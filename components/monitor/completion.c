/* SPDX-License-Identifier: MIT */
#include "completion.h"

#include <assert.h>

#include "text.h"

bool completion_begin(struct completion *completion, const char *line, uint32_t cursor)
{
    uint32_t at = 0;
    completion->index = completion->count = completion->start_bytes = 0;
    completion->start[0] = '\0';
    for (;;) {
        while (at < cursor && line[at] == ' ')
            at++;
        uint32_t first = at;
        while (at < cursor && line[at] != ' ')
            at++;
        if (at == cursor) {
            if (at - first >= COMPLETION_NAME_BYTES)
                return false;
            completion->start_bytes = (uint32_t)text_copy(
                completion->start, sizeof completion->start, line + first, at - first);
            return true;
        }
        if (completion->index < COMPLETION_WORDS_MAX)
            text_copy(completion->words[completion->index], COMPLETION_NAME_BYTES, line + first,
                      at - first);
        completion->index++;
    }
}

void completion_offer(struct completion *completion, const char *name, uint32_t bytes)
{
    if (bytes < completion->start_bytes || bytes >= COMPLETION_NAME_BYTES ||
        !text_equal(name, completion->start_bytes, completion->start, completion->start_bytes))
        return;
    for (uint32_t i = 0; i < completion->count && i < COMPLETION_NAMES_MAX; i++)
        if (text_is(name, bytes, completion->names[i]))
            return;
    if (completion->count < COMPLETION_NAMES_MAX)
        text_copy(completion->names[completion->count], COMPLETION_NAME_BYTES, name, bytes);
    completion->count++;
}

uint32_t completion_result(const struct completion *completion, char *to)
{
    uint32_t kept = completion->count < COMPLETION_NAMES_MAX ? completion->count
                                                             : COMPLETION_NAMES_MAX;
    if (kept == 0)
        return 0;
    const char *first = completion->names[0];
    uint32_t common = (uint32_t)strlen(first);
    for (uint32_t i = 1; i < kept; i++) {
        uint32_t same = 0;
        while (same < common && completion->names[i][same] == first[same])
            same++;
        common = same;
    }
    assert(common >= completion->start_bytes);
    uint32_t added = common - completion->start_bytes;
    memcpy(to, first + completion->start_bytes, added);
    if (completion->count == 1)
        to[added++] = ' ';
    return added;
}
