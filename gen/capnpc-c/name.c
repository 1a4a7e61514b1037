/* SPDX-License-Identifier: MIT */
#include "name.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Strings are kept in one list, so that leak checkers see who owns them. */
struct kept {
    struct kept *next;
    _Alignas(max_align_t) char bytes[];
};
static struct kept *kept_strings;

/* Room for a string of `length` characters and its end. */
static char *keep(size_t length)
{
    struct kept *kept = malloc(sizeof *kept + length + 1);
    if (!kept) {
        fprintf(stderr, "%s: the host has no memory left; close other programs and try again\n",
                program_invocation_short_name);
        exit(1);
    }
    kept->next = kept_strings;
    kept_strings = kept;
    kept->bytes[length] = '\0';
    return kept->bytes;
}

void *name_room(size_t size)
{
    return keep(size);
}

char *name_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = keep(length < 0 ? 0 : (size_t)length);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

char *name_text(struct capnp_text text)
{
    char *copy = keep(text.length);
    memcpy(copy, text.bytes, text.length);
    return copy;
}

/*
 * Does a new word begin at `at`: a capital after a small letter or digit, or before a small letter.
 */
static bool begins_word(const char *name, const char *at)
{
    if (at == name || !isupper((unsigned char)*at))
        return false;
    if (strncmp(at, "Int", 3) == 0 && (at[-1] == 'U' || at[-1] == 'u') &&
        (at == name + 1 || !islower((unsigned char)at[-2])))
        return false; /* `UInt` is one word */
    if (isupper((unsigned char)at[-1]))
        return islower((unsigned char)at[1]);
    return isalnum((unsigned char)at[-1]);
}

char *name_snake(const char *name)
{
    char *out = keep(strlen(name) * 2);
    char *to = out;
    for (const char *at = name; *at; at++) {
        if (begins_word(name, at))
            *to++ = '_';
        *to++ = isalnum((unsigned char)*at) ? (char)tolower((unsigned char)*at) : '_';
    }
    *to = '\0';
    return out;
}

char *name_upper(const char *name)
{
    char *out = name_snake(name);
    for (char *at = out; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    return out;
}

char *name_member(const char *name)
{
    static const char *const words[] = {
        "alignas", "alignof", "and", "asm", "auto", "bool", "break", "case", "catch", "char",
        "class", "concept", "const", "constexpr", "continue", "default", "delete", "do", "double",
        "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto",
        "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept", "not", "operator",
        "or", "private", "protected", "public", "register", "requires", "restrict", "return",
        "short", "signed", "sizeof", "static", "struct", "switch", "template", "this", "throw",
        "true", "try", "typedef", "typename", "typeof", "union", "unsigned", "using", "virtual",
        "void", "volatile", "while", "xor", NULL};
    char *out = name_snake(name);
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], out) == 0)
            return name_format("%s_", out);
    return out;
}

char *name_base(const char *path, const char *suffix)
{
    const char *slash = strrchr(path, '/');
    char *out = name_format("%s", slash ? slash + 1 : path);
    size_t length = strlen(out), end = strlen(suffix);
    if (length > end && strcmp(out + length - end, suffix) == 0)
        out[length - end] = '\0';
    return out;
}
