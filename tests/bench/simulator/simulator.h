/* SPDX-License-Identifier: MIT */
/*
 * simulator: the same loads under each rule of scheduling, in slots, on the host. As the kernel
 * does, it asks for another thread when the one that a rule names is blocked.
 */
#ifndef SIMULATOR_H
#define SIMULATOR_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "loads.h"

enum { TRACE_SLOTS = 400, RESPONSES_MAX = 65536, PERCENTS = 3 };

/* What happened. Lags are those of the threads that always want to run, in slots. */
struct result {
    bool exists;
    double lag_max, lag_mean;
    double trace[TRACE_SLOTS]; /* the largest lag after each of the first slots */
    uint32_t responses[RESPONSES_MAX]; /* slots from the wake-up to the end of the job, sorted */
    uint32_t response_count;
    uint32_t misses; /* jobs that were not done by their deadlines */
    uint64_t switches, decisions, slots;
    uint64_t slots_least; /* graph: no rule needs fewer */
};

/* Rules for comparison: by weight, as the scheduler of Waldspurger and Weihl did, 1994 and 1995,
   and as that of Stoica and Abdel-Wahab, 1995. Each decision looks at all threads. */
extern const struct schedule_rule reference_lottery, reference_stride, reference_eevdf;

/* Run a load under a rule on so many cores, at most 4. */
void simulate(enum load_kind kind, uint32_t core_count, const struct schedule_rule *rule,
              struct result *result);

/* The response time that so many of a hundred jobs do not exceed; 0 without jobs. */
uint32_t percentile(const struct result *result, unsigned percent);

/* Results of the booted system, from its console, for the first of schedule_rules. What is not told
   stays as it is. Returns whether the file could be read. */
enum { BOOTED_RULES = 8 };
bool booted_read(const char *path, struct result results[LOADS][BOOTED_RULES]);

/* Lines in a plot: `count` values of each of `lines`, named, drawn up to `top`. */
struct plot_line {
    const char *name;
    const double *values;
};
bool plot(const char *path, const char *title, const struct plot_line *lines, unsigned line_count,
          unsigned count, double top);

#endif
