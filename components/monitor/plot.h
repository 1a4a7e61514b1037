/* SPDX-License-Identifier: MIT */
/* plot: values over time as columns of text. */
#ifndef MONITOR_PLOT_H
#define MONITOR_PLOT_H

#include <stdint.h>

enum { PLOT_VALUES_MAX = 64, PLOT_ROWS = 8, PLOT_LINE_BYTES = 96 };

/*
 * Write row `row` of the plot, 0 the uppermost and PLOT_ROWS the axis, as text that ends in NUL:
 * the value that the row stands for, and a mark for each of at most PLOT_VALUES_MAX values that
 * reaches it. The uppermost row is the largest value's; a value of 0 has no mark.
 */
void plot_row(const uint64_t *values, uint32_t count, uint32_t row, char line[PLOT_LINE_BYTES]);

#endif
