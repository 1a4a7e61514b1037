/* SPDX-License-Identifier: MIT */
/*
 * booted: what the scenario rule_loads_all printed on its console, as results. Its lines, where
 * lags are in 1/1000 slot, and PERCENTILES stands for the response times of 0 to 100 % of the jobs:
 *
 *     rule_loads: run: LOAD RULE LAG_MAX LAG_MEAN MISSES SWITCHES DECISIONS SLOTS LEAST
 *     rule_loads: responses: LOAD RULE PERCENTILES
 *     rule_loads: trace: RULE FROM LAGS
 */
#include <stdlib.h>
#include <string.h>

#include "simulator.h"

enum { LINE_BYTES = 4096, NAME_BYTES = 32, MILLI = 1000, PERCENTILES = 101 };

static bool find_load(const char *name, enum load_kind *kind)
{
    for (*kind = 0; *kind < LOADS; (*kind)++)
        if (strcmp(load_names[*kind], name) == 0)
            return true;
    return false;
}

static bool find_rule(const char *name, unsigned *rule)
{
    for (*rule = 0; schedule_rules[*rule]; (*rule)++)
        if (strcmp(schedule_rules[*rule]->name, name) == 0)
            return true;
    return false;
}

/* The next number of a line; false at its end. */
static bool next_number(char **at, unsigned long *value)
{
    char *end;
    *value = strtoul(*at, &end, 10);
    bool is_one = end != *at;
    *at = end;
    return is_one;
}

static void read_run(char *at, struct result *result)
{
    unsigned long value[7] = {0};
    unsigned count = 0;
    while (count < 7 && next_number(&at, &value[count]))
        count++;
    result->exists = count == 7;
    result->lag_max = (double)value[0] / MILLI;
    result->lag_mean = (double)value[1] / MILLI;
    result->misses = (uint32_t)value[2];
    result->switches = value[3];
    result->decisions = value[4];
    result->slots = value[5];
    result->slots_least = value[6];
}

static void read_responses(char *at, struct result *result)
{
    unsigned long value;
    while (result->response_count < PERCENTILES && next_number(&at, &value))
        result->responses[result->response_count++] = (uint32_t)value;
}

static void read_trace(char *at, struct result *result)
{
    unsigned long value, slot = 0;
    next_number(&at, &slot);
    for (; slot < TRACE_SLOTS && next_number(&at, &value); slot++)
        result->trace[slot] = (double)value / MILLI;
}

bool booted_read(const char *path, struct result results[LOADS][BOOTED_RULES])
{
    static char line[LINE_BYTES];
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    while (fgets(line, sizeof line, file)) {
        char load[NAME_BYTES], rule[NAME_BYTES];
        enum load_kind kind;
        unsigned number;
        int end = 0;
        bool is_trace = sscanf(line, "rule_loads: trace: %31s %n", rule, &end) == 1;
        if (is_trace && find_rule(rule, &number)) {
            read_trace(line + end, &results[LOAD_CPU][number]);
        } else if (sscanf(line, "rule_loads: run: %31s %31s %n", load, rule, &end) == 2) {
            if (find_load(load, &kind) && find_rule(rule, &number))
                read_run(line + end, &results[kind][number]);
        } else if (sscanf(line, "rule_loads: responses: %31s %31s %n", load, rule, &end) == 2) {
            if (find_load(load, &kind) && find_rule(rule, &number))
                read_responses(line + end, &results[kind][number]);
        }
    }
    return fclose(file) == 0;
}
