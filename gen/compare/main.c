/* SPDX-License-Identifier: MIT */
/* compare: says what changed between two versions of a schema, and whom that breaks. gen/compat
 * calls it with what `capnp compile -o-` makes of each. */
#include "compare.h"

#include "host.h"

#include <errno.h>
#include <string.h>

static struct comparison comparison;
static struct arena arena;

/* Open one version; says what is wrong on failure. */
static bool open_side(struct side *side, const char *path)
{
    struct host_bytes bytes;
    const char *problem = host_read(&arena, path, &bytes)
                              ? side_open(side, bytes.bytes, bytes.size)
                              : strerror(errno);
    if (problem)
        fprintf(stderr, "compare: %s: %s; make it by `capnp compile -o- SCHEMA`\n", path, problem);
    return !problem;
}

int main(int count, char **arguments)
{
    if (count != 4) {
        fputs("compare: use gen/compat OLD NEW; gen/compat --help explains it\n", stderr);
        return 2;
    }
    if (!open_side(&comparison.before, arguments[1]) || !open_side(&comparison.after, arguments[2]))
        return 2;
    comparison.name = arguments[3];
    compare_files(&comparison);
    const unsigned *counts = comparison.counts;
    unsigned readers = counts[BREAKS_READERS] + counts[BREAKS_BOTH];
    unsigned writers = counts[BREAKS_WRITERS] + counts[BREAKS_BOTH];
    printf("%u changes, %u break readers, %u break writers\n",
           counts[BREAKS_NEITHER] + counts[BREAKS_READERS] + writers, readers, writers);
    return readers + writers > 0;
}
