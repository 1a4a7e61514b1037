/* SPDX-License-Identifier: MIT */
/* Writing comments and string literals. */
#include "output.h"

/* How many bytes at `text` are one character that may stand in a comment: of valid UTF-8, but none
 * that turns the direction of writing. Zero if there is none. */
static unsigned character_bytes(const uint8_t *text)
{
    unsigned more = text[0] >= 0xf0 ? 3 : text[0] >= 0xe0 ? 2 : 1;
    if (text[0] < 0x80)
        return text[0] >= ' ' || text[0] == '\t' || text[0] == '\n';
    if (text[0] < 0xc2 || text[0] > 0xf4)
        return 0;
    for (unsigned i = 1; i <= more; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
        (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
        return 0;
    if (text[0] == 0xe2 && text[1] == 0x80 && (text[2] >= 0xaa && text[2] <= 0xae))
        return 0;
    return text[0] == 0xe2 && text[1] == 0x81 && text[2] >= 0xa6 ? 0 : more + 1;
}

void write_comment_in(FILE *out, const char *indent, const char *comment)
{
    if (!*comment)
        return;
    fprintf(out, "%s/* ", indent);
    char last = ' ';
    for (const char *at = comment; *at;) {
        unsigned bytes = character_bytes((const uint8_t *)at);
        /* A comment must not end or begin another one in the middle, nor hold a trigraph. */
        if ((last == '*' && *at == '/') || (last == '/' && *at == '*') ||
            (last == '?' && *at == '?'))
            fputc(' ', out);
        fwrite(at, 1, bytes, out);
        last = bytes ? *at : last;
        if (*at == '\n')
            fprintf(out, "%s *%s", indent, at[1] == '\n' ? "" : " ");
        at += bytes ? bytes : 1;
    }
    fputs(" */\n", out);
}

void write_comment(FILE *out, const char *comment)
{
    write_comment_in(out, "", comment);
}

void write_escaped(FILE *out, const uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        if (bytes[i] == '"' || bytes[i] == '\\')
            fprintf(out, "\\%c", bytes[i]);
        else if (bytes[i] >= 32 && bytes[i] < 127 && bytes[i] != '?')
            fputc(bytes[i], out);
        else
            fprintf(out, "\\%03o", bytes[i]);
    }
}
