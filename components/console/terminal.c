/* SPDX-License-Identifier: MIT */
#include "terminal.h"

#include <assert.h>

size_t terminal_room(const struct terminal *terminal)
{
    assert(terminal->put - terminal->taken <= TERMINAL_INPUT_BYTES);
    return TERMINAL_INPUT_BYTES - (terminal->put - terminal->taken);
}

void terminal_put(struct terminal *terminal, const char *bytes, size_t count)
{
    assert(count <= terminal_room(terminal));
    for (size_t i = 0; i < count; i++)
        terminal->input[terminal->put++ % TERMINAL_INPUT_BYTES] = bytes[i];
}

size_t terminal_take(struct terminal *terminal, char *to, size_t room)
{
    size_t count = 0;
    assert(terminal->put - terminal->taken <= TERMINAL_INPUT_BYTES);
    while (count < room && terminal->taken != terminal->put)
        to[count++] = terminal->input[terminal->taken++ % TERMINAL_INPUT_BYTES];
    return count;
}

size_t terminal_translate(struct terminal *terminal, const char *from, size_t count, char *to,
                          size_t room, size_t *made)
{
    size_t used = 0;
    assert(room >= 2);
    *made = 0;
    for (; used < count; used++) {
        char c = from[used];
        size_t needed = c == '\n' && terminal->last != '\r' ? 2 : 1;
        if (*made + needed > room)
            break;
        if (needed == 2)
            to[(*made)++] = '\r';
        to[(*made)++] = c;
        terminal->last = c;
    }
    return used;
}
