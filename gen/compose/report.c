/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "locate.h"

enum { NEAR_LETTERS = 2, NEAR_NAME_MAX = 63 };

struct place place_system(const char *field)
{
    return (struct place) { .component = -1, .field = field };
}

struct place place_component(unsigned component, const char *field)
{
    return (struct place) { .component = (int)component, .field = field };
}

struct place place_item(unsigned component, const char *list, unsigned item, const char *field)
{
    return (
        struct place) { .component = (int)component, .list = list, .item = item, .field = field };
}

/* components[2] "demo".imports[0].from, as far as the place goes. */
static void write_path(const struct report *report, const struct place *place)
{
    if (place->component < 0) {
        fprintf(report->out, "system");
    } else {
        const struct system *system = report->system;

        fprintf(report->out, "components[%d]", place->component);
        if (system != NULL && system->components[place->component].name[0] != '\0') {
            fprintf(report->out, " \"%s\"", system->components[place->component].name);
        }
    }
    if (place->list != NULL) {
        fprintf(report->out, ".%s[%u]", place->list, place->item);
    }
    if (place->field != NULL) {
        fprintf(report->out, ".%s", place->field);
    }
}

/* Counts an error; false when there were so many that this one stays silent. */
static bool report_begin(struct report *report)
{
    report->errors++;
    if (report->errors == REPORT_ERRORS_MAX + 1) {
        fprintf(report->out, "%s: more errors are not shown; correct these first\n", report->file);
    }
    return report->errors <= REPORT_ERRORS_MAX;
}

void report_error(struct report *report, const struct place *place, const char *format, ...)
{
    va_list arguments;

    assert(place != NULL);
    /* FILE:LINE: first, a form in which editors can jump to the line. */
    if (!report_begin(report)) {
        return;
    }
    fprintf(report->out, "%s:", report->file);
    if (report->text != NULL) {
        fprintf(report->out, "%u:", locate_line(report->text, place));
    }
    fputc(' ', report->out);
    write_path(report, place);
    fputs(": ", report->out);
    va_start(arguments, format);
    vfprintf(report->out, format, arguments);
    va_end(arguments);
    fputc('\n', report->out);
}

void report_file(struct report *report, const char *file, const char *format, ...)
{
    va_list arguments;

    assert(file != NULL);
    if (!report_begin(report)) {
        return;
    }
    fprintf(report->out, "%s: ", file);
    va_start(arguments, format);
    vfprintf(report->out, format, arguments);
    va_end(arguments);
    fputc('\n', report->out);
}

/* The Levenshtein distance of two names; names that are too long are infinitely far. */
static size_t name_distance(const char *left, const char *right)
{
    size_t row[NEAR_NAME_MAX + 1];
    size_t width = strlen(right);

    if (width > NEAR_NAME_MAX) {
        return SIZE_MAX;
    }
    /* One row of the table at a time: distances from the first i letters to each start of `right`.
     */
    for (size_t j = 0; j <= width; j++) {
        row[j] = j;
    }
    for (size_t i = 0; left[i] != '\0'; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < width; j++) {
            size_t best = diagonal + (left[i] != right[j]);

            diagonal = row[j + 1];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = diagonal + 1 < best ? diagonal + 1 : best;
            row[j + 1] = best;
        }
    }
    return row[width];
}

const char *report_nearest(const char *name, const char *const *names, unsigned count)
{
    const char *nearest = NULL;
    size_t best = NEAR_LETTERS + 1;

    for (unsigned i = 0; i < count; i++) {
        size_t distance = name_distance(name, names[i]);

        /* A name that shares no letter with the wrong one is no help, however short it is. */
        if (distance < best && distance < strlen(name)) {
            best = distance;
            nearest = names[i];
        }
    }
    return nearest;
}
