/* SPDX-License-Identifier: MIT */
/*
 * Reading what was written: every C name must have one meaning. The compiler would see it, too, but
 * not which schema is to blame, and a macro may change what a function's name means without a word.
 */
#include "output.h"

#include "name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 8192 /* what is longer is a string or the value of a constant */

/* The names that were found; "tag " is in front of those of structs and enums, which C keeps apart
 * from the others. */
static char **names;
static size_t count;

/* Add a name of `length` characters. */
static void add(const char *kind, const char *name, size_t length)
{
    if ((count & (count - 1)) == 0)
        names = realloc(names, (count * 2 + 1) * sizeof *names);
    if (!names)
        request_fatal("the host has no memory left; close other programs and try again");
    names[count++] = name_format("%s%.*s", kind, (int)length, name);
}

/* How many characters at `text` are a name. */
static size_t name_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return length;
}

/* The parenthesis behind the name of a function that a line declares; NULL if there is none. */
static const char *function_parenthesis(const char *line)
{
    static const char attribute[] = "__attribute__((";
    const char *at = strstr(line, attribute), *end = at ? strstr(at, "))") : NULL;
    return strchr(end ? end + 2 : line, '(');
}

/* Add what a line of a header defines: lines have the forms in which this program writes them. */
static void read_line(const char *line)
{
    const char *parenthesis = function_parenthesis(line), *start = line;
    size_t length;
    if (strncmp(line, "#define ", 8) == 0)
        add("", line + 8, name_length(line + 8));
    else if (strncmp(line, "    ", 4) == 0 && isupper((unsigned char)line[4])) {
        length = name_length(line + 4);
        if (strncmp(line + 4 + length, " = ", 3) == 0)
            add("", line + 4, length);
    } else if (strncmp(line, "struct ", 7) == 0 && !parenthesis && strchr(line, '{'))
        add("tag ", line + 7, name_length(line + 7));
    else if (strncmp(line, "enum ", 5) == 0 && !parenthesis && strchr(line, '{'))
        add("tag ", line + 5, name_length(line + 5));
    else if (strncmp(line, "extern const struct capnp_message ", 34) == 0)
        add("", line + 34, name_length(line + 34));
    else if (name_length(line) > 0 && parenthesis) {
        for (const char *at = line; at < parenthesis; at++)
            if (name_length(at) == 0)
                start = at + 1;
        if (start < parenthesis)
            add("", start, (size_t)(parenthesis - start));
    }
}

void output_check_read(FILE *header)
{
    static char line[LINE_BYTES];
    bool is_start = true, in_comment = false;
    if (fflush(header) != 0)
        return; /* whoever closes the file says so; a full device can be read for ever */
    rewind(header);
    while (fgets(line, sizeof line, header)) {
        if (is_start) {
            in_comment |= strncmp(line, "/*", 2) == 0 || strncmp(line, "    /*", 6) == 0;
            if (!in_comment)
                read_line(line);
        }
        is_start = strchr(line, '\n') != NULL;
        if (in_comment && strstr(line, "*/"))
            in_comment = false;
    }
}

/* Order strings. */
static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void output_check(struct schema_node_reader file)
{
    qsort(names, count, sizeof *names, compare);
    for (size_t i = 1; i < count; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            request_error(file, strchr(names[i], ' ') ? names[i] + 4 : names[i],
                          "two declarations give this C name; rename one, or give it or what it is "
                          "in another name by $C.name");
    count = 0;
}
