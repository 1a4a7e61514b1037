/* SPDX-License-Identifier: MIT */
/*
 * Every message about a composition goes through here, and each has one form:
 *
 *     FILE:LINE: components[2] "demo".imports[0]: what is wrong; what to do
 */
#ifndef COMPOSE_REPORT_H
#define COMPOSE_REPORT_H

#include <stdio.h>

#include "system.h"

enum { REPORT_ERRORS_MAX = 20 }; /* what comes after is only counted */

/* A thing in a composition. */
struct place {
    int component;     /* index, or -1: the system itself */
    const char *list;  /* "imports", "exports", "devices", "settings", or NULL */
    unsigned item;     /* index into the list */
    const char *field; /* the field that is wrong, or NULL */
};

struct report {
    const char *file;            /* the composition, as the user named it */
    const char *text;            /* its source, or NULL: the messages carry no line then */
    const struct system *system; /* for the components' names; NULL until it was read */
    FILE *out;
    unsigned errors;
};

/* Writes one message about `place`; `format` is "what is wrong; what to do". */
void report_error(struct report *report, const struct place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Writes one message about a whole file that is not the composition. */
void report_file(struct report *report, const char *file, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * The name among `count` names that is so near to `name` that it was probably meant (at most two
 * letters differ), or NULL.
 */
const char *report_nearest(const char *name, const char *const *names, unsigned count);

/* A place for the system itself: `field` of it. */
struct place place_system(const char *field);

/* A place for `field` of a component, or for the component when `field` is NULL. */
struct place place_component(unsigned component, const char *field);

/* A place for `field` of an item of one of the component's lists. */
struct place place_item(unsigned component, const char *list, unsigned item, const char *field);

#endif
