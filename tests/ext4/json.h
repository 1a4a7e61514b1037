/* SPDX-License-Identifier: MIT */
/*
 * json: enough of it to read the lists of images. A value is where it begins in the text, which is
 * right JSON: the lists are part of the tree.
 */
#ifndef TEST_JSON_H
#define TEST_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of a member of an object; NULL: it has none. */
const char *json_member(const char *object, const char *name);
/* The first element of an array, or the name of an object's first member; NULL: it is empty. */
const char *json_first(const char *value);
/* The element or the name behind an element or a value of a member; NULL: it was the last. */
const char *json_next(const char *value);
/* The value of a member by its name's place. */
const char *json_value(const char *name);
/* Writes a string without its escapes, in UTF-8; returns its bytes. It is cut to fit. */
size_t json_string(const char *value, char *to, size_t room);
/* A number, or a string that holds one in any base of C, or one that begins with 0o. */
uint64_t json_number(const char *value);
/* Calls `each` for each line of a file, with the context; fails the test when there is none. */
void json_lines(const char *path, void (*each)(const char *object));

#endif
