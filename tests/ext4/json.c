/* SPDX-License-Identifier: MIT */
/* json: see json.h. */
#include "json.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_space(const char *at)
{
    return at + strspn(at, " \t\n,:");
}

static const char *skip_string(const char *at)
{
    for (at++; *at != '"'; at++)
        at += *at == '\\';
    return at + 1;
}

/* What is behind a value. Depth is counted, so that no list can be too deep for the stack. */
static const char *skip_value(const char *at)
{
    int depth = 0;
    do {
        if (*at == '"') {
            at = skip_string(at);
        } else if (*at == '{' || *at == '[') {
            depth++;
            at++;
        } else if (*at == '}' || *at == ']') {
            depth--;
            at++;
        } else {
            at += strcspn(at, " ,:]}\"[{\n");
        }
        if (depth > 0)
            at = skip_space(at);
    } while (depth > 0);
    return at;
}

const char *json_first(const char *value)
{
    value = skip_space(value + 1);
    return *value == ']' || *value == '}' ? NULL : value;
}

const char *json_next(const char *value)
{
    value = skip_space(skip_value(value));
    return *value == ']' || *value == '}' || *value == '\0' ? NULL : value;
}

const char *json_value(const char *name)
{
    return skip_space(skip_string(name));
}

const char *json_member(const char *object, const char *name)
{
    for (const char *at = json_first(object); at; at = json_next(json_value(at)))
        if (strncmp(at + 1, name, strlen(name)) == 0 && at[1 + strlen(name)] == '"')
            return json_value(at);
    return NULL;
}

/* Writes a character of up to 16 bits in UTF-8. */
static size_t put_character(unsigned character, char *to)
{
    if (character < 0x80) {
        to[0] = (char)character;
        return 1;
    }
    if (character < 0x800) {
        to[0] = (char)(0xc0 | character >> 6);
        to[1] = (char)(0x80 | (character & 0x3f));
        return 2;
    }
    to[0] = (char)(0xe0 | character >> 12);
    to[1] = (char)(0x80 | (character >> 6 & 0x3f));
    to[2] = (char)(0x80 | (character & 0x3f));
    return 3;
}

size_t json_string(const char *value, char *to, size_t room)
{
    static const char names[] = "nrtbf", characters[] = "\n\r\t\b\f";
    size_t bytes = 0;
    for (value++; *value != '"' && bytes + 4 < room; value++) {
        const char *name;
        unsigned character;
        if (*value != '\\') {
            to[bytes++] = *value;
            continue;
        }
        value++;
        if (*value == 'u' && sscanf(value + 1, "%4x", &character) == 1) {
            bytes += put_character(character, to + bytes);
            value += 4;
        } else if ((name = strchr(names, *value))) {
            to[bytes++] = characters[name - names];
        } else {
            to[bytes++] = *value;
        }
    }
    to[bytes] = '\0';
    return bytes;
}

uint64_t json_number(const char *value)
{
    value += *value == '"';
    if (value[0] == '0' && value[1] == 'o')
        return strtoull(value + 2, NULL, 8);
    return strtoull(value, NULL, 0);
}

void json_lines(const char *path, void (*each)(const char *object))
{
    char *line = NULL;
    size_t room = 0, lines = 0;
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (; getline(&line, &room, file) > 0; lines++)
        each(line);
    CU_ASSERT(lines > 0);
    free(line);
    fclose(file);
}
