/* SPDX-License-Identifier: MIT */
/*
 * A cursor walks over the words of Cap'n Proto's text form: names, strings, numbers and brackets.
 * It knows as much of the grammar as it needs to find `system`'s fields; capnp itself has read the
 * file before, so what stands here is well formed.
 */
#include "locate.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "report.h"

/* Steps over blanks and comments. */
static const char *skip_blanks(const char *at)
{
    for (;;) {
        if (isspace((unsigned char)*at)) {
            at++;
        } else if (*at == '#') {
            at += strcspn(at, "\n");
        } else {
            return at;
        }
    }
}

/* Whether a letter can be part of a name or a number. */
static bool is_word(char letter)
{
    return isalnum((unsigned char)letter) || letter == '_';
}

/* Steps over one word, string or other character, and over the blanks behind it. */
static const char *skip_token(const char *at)
{
    if (*at == '"') {
        at++;
        while (*at != '\0' && *at != '"') {
            at += *at == '\\' && at[1] != '\0' ? 2 : 1;
        }
        at += *at == '"';
    } else if (is_word(*at)) {
        while (is_word(*at)) {
            at++;
        }
    } else if (*at != '\0') {
        at++;
    }
    return skip_blanks(at);
}

/* Steps over a value with all that its brackets hold; stops at ',', ';' or the bracket that ends
 * it. */
static const char *skip_value(const char *at)
{
    unsigned depth = 0;

    while (*at != '\0') {
        bool opens = *at == '(' || *at == '[';
        bool closes = *at == ')' || *at == ']';

        if (depth == 0 && (closes || *at == ',' || *at == ';')) {
            return at;
        }
        depth += opens;
        depth -= closes;
        at = skip_token(at);
    }
    return at;
}

/* Whether the whole word at `at` is `word`. */
static bool word_is(const char *at, const char *word)
{
    size_t length = strlen(word);

    return strncmp(at, word, length) == 0 && !is_word(at[length]);
}

/*
 * Finds `field` in the struct value at `at`. Answers the field's name, or NULL; `value` becomes
 * the start of its value.
 */
static const char *find_field(const char *at, const char *field, const char **value)
{
    if (*at != '(') {
        return NULL;
    }
    at = skip_token(at);
    while (*at != '\0' && *at != ')') {
        const char *after = skip_token(at);

        if (word_is(at, field) && *after == '=') {
            *value = skip_token(after);
            return at;
        }
        at = skip_value(at);
        if (*at == ',') {
            at = skip_token(at);
        }
    }
    return NULL;
}

/* Finds item `index` of the list value at `at`, or answers NULL. */
static const char *find_item(const char *at, unsigned index)
{
    if (*at != '[') {
        return NULL;
    }
    at = skip_token(at);
    while (index > 0 && *at != '\0' && *at != ']') {
        at = skip_value(at);
        if (*at == ',') {
            at = skip_token(at);
        }
        index--;
    }
    return *at == '\0' || *at == ']' ? NULL : at;
}

/* Finds the constant `system`; `value` becomes the start of its value. */
static const char *find_system(const char *text, const char **value)
{
    for (const char *at = skip_blanks(text); *at != '\0'; at = skip_token(at)) {
        const char *name = skip_token(at);

        if (word_is(at, "const") && word_is(name, "system")) {
            while (*name != '\0' && *name != '=') {
                name = skip_token(name);
            }
            *value = *name == '=' ? skip_token(name) : name;
            return at;
        }
    }
    return NULL;
}

/* Enters item `index` of the field `list`, if both are written out; `found` then is the item. */
static bool enter_item(const char **value, const char *list, unsigned index, const char **found)
{
    const char *items = NULL;
    const char *field = find_field(*value, list, &items);

    if (field == NULL) {
        return false;
    }
    *found = field;
    const char *item = find_item(items, index);

    if (item == NULL) {
        return false;
    }
    *found = item;
    *value = item;
    return true;
}

/* Lines are counted from 1, as editors do. */
static unsigned line_of(const char *text, const char *at)
{
    unsigned line = 1;

    assert(at >= text);
    for (const char *byte = text; byte < at; byte++) {
        line += *byte == '\n';
    }
    return line;
}

unsigned locate_line(const char *text, const struct place *place)
{
    const char *value = NULL;
    const char *found = find_system(text, &value);

    if (found == NULL) {
        return 1;
    }
    /* Each step enters a part of the path; the first that is not written out ends the search. */
    bool entered = place->component < 0
                   || enter_item(&value, "components", (unsigned)place->component, &found);

    if (entered && place->list != NULL) {
        entered = enter_item(&value, place->list, place->item, &found);
    }
    if (entered && place->field != NULL) {
        const char *field = find_field(value, place->field, &value);

        found = field != NULL ? field : found;
    }
    return line_of(text, found);
}
