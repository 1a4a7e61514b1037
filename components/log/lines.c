/* SPDX-License-Identifier: MIT */
#include "lines.h"

#include <assert.h>

void lines_start(struct lines *lines)
{
    lines->next = 0;
    for (uint32_t i = 0; i < LINES_COMPONENTS_MAX; i++)
        lines->level_max[i] = LINES_LEVELS - 1;
}

bool lines_write(struct lines *lines, uint16_t component, uint16_t level, const char *text,
                 size_t bytes, uint64_t ticks)
{
    if (component >= LINES_COMPONENTS_MAX || level >= LINES_LEVELS ||
        level > lines->level_max[component])
        return false;
    struct line *line = &lines->line[lines->next % LINES_MAX];
    *line = (struct line){.number = lines->next, .ticks = ticks, .level = level,
                          .component = component};
    line->bytes = (uint16_t)(bytes < LINE_TEXT_BYTES ? bytes : LINE_TEXT_BYTES);
    for (uint16_t i = 0; i < line->bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        line->text[i] = c < ' ' || c == 127 ? ' ' : (char)c;
    }
    lines->next++;
    return true;
}

const struct line *lines_at(const struct lines *lines, uint64_t number)
{
    uint64_t oldest = lines->next > LINES_MAX ? lines->next - LINES_MAX : 0;
    if (number < oldest)
        number = oldest;
    if (number >= lines->next)
        return NULL;
    const struct line *line = &lines->line[number % LINES_MAX];
    assert(line->number == number);
    return line;
}

bool lines_set_level(struct lines *lines, uint16_t component, uint16_t level)
{
    if (component >= LINES_COMPONENTS_MAX || level >= LINES_LEVELS)
        return false;
    lines->level_max[component] = (uint8_t)level;
    return true;
}
