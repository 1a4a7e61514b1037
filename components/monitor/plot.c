/* SPDX-License-Identifier: MIT */
#include "plot.h"

#include <assert.h>

#include "format.h"

/* That part of the largest value that a row stands for, rounded down, and without overflow. */
static uint64_t level_of(uint64_t largest, uint32_t row)
{
    uint64_t rows = PLOT_ROWS - row;
    return largest / PLOT_ROWS * rows + largest % PLOT_ROWS * rows / PLOT_ROWS;
}

void plot_row(const uint64_t *values, uint32_t count, uint32_t row, char line[PLOT_LINE_BYTES])
{
    uint64_t largest = 0;
    assert(count <= PLOT_VALUES_MAX);
    assert(row <= PLOT_ROWS);
    for (uint32_t i = 0; i < count; i++)
        largest = values[i] > largest ? values[i] : largest;
    uint64_t level = level_of(largest, row);
    uint32_t at = (uint32_t)format(line, PLOT_LINE_BYTES, "%20lu %s", level,
                                   row == PLOT_ROWS ? "+" : "|");
    for (uint32_t i = 0; i < count; i++)
        line[at++] = row == PLOT_ROWS ? '-' : values[i] > 0 && values[i] >= level ? '#' : ' ';
    line[at] = 0;
}
