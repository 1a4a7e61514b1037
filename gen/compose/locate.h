/* SPDX-License-Identifier: MIT */
/* Finds in the source of a composition the line of the thing that a message is about. */
#ifndef COMPOSE_LOCATE_H
#define COMPOSE_LOCATE_H

struct place;

/*
 * The line, from 1, of `place` in `text`: the line of the innermost part of its path that is
 * written out there. A part may be missing (a default) or be named by another constant; then it is
 * the line of what holds it, in the end that of the constant `system`.
 */
unsigned locate_line(const char *text, const struct place *place);

#endif
