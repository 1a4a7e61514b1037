/* SPDX-License-Identifier: MIT */
#include "line.h"

#include <assert.h>

#include "format.h"
#include "text.h"

/* Bytes that the control key makes of a letter. */
#define CONTROL(letter) ((letter) - 'A' + 1)

enum { ESCAPE = 27, RUBOUT = 127, ESCAPE_NUMBER_MAX = 100 };

static void show(struct line *line, const char *text, uint32_t bytes)
{
    uint32_t room = LINE_OUTPUT_MAX - line->output_bytes;
    if (bytes > room)
        bytes = room;
    if (bytes > 0)
        memcpy(line->output + line->output_bytes, text, bytes);
    line->output_bytes += bytes;
}

static void show_text(struct line *line, const char *text)
{
    show(line, text, (uint32_t)strlen(text));
}

/* Is a byte one of UTF-8 behind the first of its character. */
static bool is_inner(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The place one character before `at`. */
static uint32_t before(const struct line *line, uint32_t at)
{
    do
        at--;
    while (at > 0 && is_inner(line->text[at]));
    return at;
}

/* The place one character behind `at`. */
static uint32_t behind(const struct line *line, uint32_t at)
{
    do
        at++;
    while (at < line->length && is_inner(line->text[at]));
    return at;
}

/* The columns that the line takes from the cursor on: one for each character. */
static uint32_t columns_behind(const struct line *line)
{
    uint32_t columns = 0;
    for (uint32_t i = line->cursor; i < line->length; i++)
        columns += is_inner(line->text[i]) ? 0 : 1;
    return columns;
}

/* Draw prompt and line anew, and put the terminal's cursor where ours is. */
static void redraw(struct line *line)
{
    char move[24];
    show_text(line, "\r");
    show_text(line, line->prompt);
    show(line, line->text, line->length);
    show_text(line, "\033[K");
    uint32_t columns = columns_behind(line);
    if (columns > 0) {
        format(move, sizeof move, "\033[%uD", columns);
        show_text(line, move);
    }
}

static void set_text(struct line *line, const char *text)
{
    line->length = (uint32_t)text_copy(line->text, sizeof line->text, text, strlen(text));
    line->cursor = line->length;
}

/* Remove the bytes [from, to) of the line. */
static void cut(struct line *line, uint32_t from, uint32_t to)
{
    assert(from <= to);
    assert(to <= line->length);
    memmove(line->text + from, line->text + to, line->length - to + 1);
    line->length -= to - from;
    line->cursor = from;
    redraw(line);
}

static void insert(struct line *line, char c)
{
    if (line->length == LINE_BYTES_MAX) {
        show_text(line, "\a");
        return;
    }
    memmove(line->text + line->cursor + 1, line->text + line->cursor,
            line->length - line->cursor + 1);
    line->text[line->cursor++] = c;
    line->length++;
    if (line->cursor == line->length)
        show(line, &c, 1);
    else
        redraw(line);
}

void line_add(struct line *line, const char *text, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        if (text[i] >= ' ' && text[i] < RUBOUT)
            insert(line, text[i]);
}

void line_show(struct line *line)
{
    redraw(line);
}

static void move(struct line *line, uint32_t cursor)
{
    line->cursor = cursor;
    redraw(line);
}

static uint32_t word_start(const struct line *line)
{
    uint32_t at = line->cursor;
    while (at > 0 && line->text[at - 1] == ' ')
        at--;
    while (at > 0 && line->text[at - 1] != ' ')
        at--;
    return at;
}

/* Show the line `back` lines back in the history, 0 being the new line. */
static void recall(struct line *line, uint32_t back)
{
    uint32_t kept = line->history_count < LINE_HISTORY_MAX ? line->history_count : LINE_HISTORY_MAX;
    if (back > kept)
        return;
    if (line->history_back == 0)
        text_copy(line->saved, sizeof line->saved, line->text, line->length);
    line->history_back = back;
    if (back == 0)
        set_text(line, line->saved);
    else
        set_text(line, line->history[(line->history_count - back) % LINE_HISTORY_MAX]);
    redraw(line);
}

static void remember(struct line *line)
{
    const char *last = line->history[(line->history_count - 1) % LINE_HISTORY_MAX];
    if (line->length == 0)
        return;
    if (line->history_count > 0 && text_is(line->text, line->length, last))
        return;
    char *place = line->history[line->history_count % LINE_HISTORY_MAX];
    text_copy(place, LINE_BYTES_MAX + 1, line->text, line->length);
    line->history_count++;
}

void line_start(struct line *line, const char *prompt)
{
    memset(line, 0, sizeof *line);
    line->prompt = prompt;
}

void line_begin(struct line *line)
{
    line->length = 0;
    line->cursor = 0;
    line->text[0] = 0;
    line->history_back = 0;
    line->escape = 0;
    show_text(line, line->prompt);
}

/* The last byte of an escape sequence: an arrow, or '~' after the number of a key. */
static void take_escape_end(struct line *line, unsigned char byte)
{
    uint32_t number = line->escape_number;
    line->escape = 0;
    if (byte == 'A')
        recall(line, line->history_back + 1);
    else if (byte == 'B' && line->history_back > 0)
        recall(line, line->history_back - 1);
    else if (byte == 'C' && line->cursor < line->length)
        move(line, behind(line, line->cursor));
    else if (byte == 'D' && line->cursor > 0)
        move(line, before(line, line->cursor));
    else if (byte == 'H' || (byte == '~' && (number == 1 || number == 7)))
        move(line, 0);
    else if (byte == 'F' || (byte == '~' && (number == 4 || number == 8)))
        move(line, line->length);
    else if (byte == '~' && number == 3 && line->cursor < line->length)
        cut(line, line->cursor, behind(line, line->cursor));
}

static void take_escape(struct line *line, unsigned char byte)
{
    if (line->escape == 1) {
        line->escape = byte == '[' || byte == 'O' ? 2 : 0;
        line->escape_number = 0;
    } else if (byte >= '0' && byte <= '9') {
        if (line->escape_number < ESCAPE_NUMBER_MAX)
            line->escape_number = line->escape_number * 10 + (byte - '0');
    } else if (byte != ';') {
        take_escape_end(line, byte);
    }
}

/* Control keys that move or cut. */
static void take_control(struct line *line, unsigned char byte)
{
    uint32_t cursor = line->cursor;
    if (byte == CONTROL('A'))
        move(line, 0);
    else if (byte == CONTROL('E'))
        move(line, line->length);
    else if (byte == CONTROL('B') && cursor > 0)
        move(line, before(line, cursor));
    else if (byte == CONTROL('F') && cursor < line->length)
        move(line, behind(line, cursor));
    else if ((byte == CONTROL('H') || byte == RUBOUT) && cursor > 0)
        cut(line, before(line, cursor), cursor);
    else if (byte == CONTROL('D') && cursor < line->length)
        cut(line, cursor, behind(line, cursor));
    else if (byte == CONTROL('K'))
        cut(line, cursor, line->length);
    else if (byte == CONTROL('U'))
        cut(line, 0, cursor);
    else if (byte == CONTROL('W'))
        cut(line, word_start(line), cursor);
    else if (byte == CONTROL('P'))
        recall(line, line->history_back + 1);
    else if (byte == CONTROL('N') && line->history_back > 0)
        recall(line, line->history_back - 1);
    else if (byte == CONTROL('L'))
        redraw(line);
}

enum line_result line_take(struct line *line, unsigned char byte)
{
    assert(line->cursor <= line->length);
    assert(line->text[line->length] == 0);
    if (line->escape > 0) {
        take_escape(line, byte);
    } else if (byte == ESCAPE) {
        line->escape = 1;
    } else if (byte == '\r' || byte == '\n') {
        show_text(line, "\r\n");
        remember(line);
        return LINE_DONE;
    } else if (byte == CONTROL('C')) {
        show_text(line, "^C\r\n");
        line->length = 0;
        line->text[0] = 0;
        return LINE_GIVEN_UP;
    } else if (byte == CONTROL('D') && line->length == 0) {
        show_text(line, "\r\n");
        return LINE_CLOSED;
    } else if (byte == '\t') {
        return LINE_COMPLETE;
    } else if (byte < ' ' || byte == RUBOUT) {
        take_control(line, byte);
    } else {
        insert(line, (char)byte);
    }
    return LINE_MORE;
}
