/* SPDX-License-Identifier: MIT */
/*
 * Use: driver FOLDER
 * Runs each load under each rule, prints the table, and writes plots into the folder. Fails when a
 * rule does not keep what it promises.
 */
#include <stdlib.h>
#include <string.h>

#include "simulator.h"
#include "tijdeman.h"

enum { RULES_MAX = 16, WORD_SLOTS = 89, HUNDRED = 100 };

static const struct schedule_rule *rules[RULES_MAX];
static unsigned rule_count;

/* The loads, and on how many cores. The graph comes twice, for the booted system has it on one. */
enum { RUNS = LOADS + 1, RUN_CORES = LOADS };
static const struct {
    enum load_kind kind;
    uint32_t cores;
} runs[RUNS] = {{LOAD_CPU, 1}, {LOAD_INTERACTIVE, 1}, {LOAD_PERIODIC, 1}, {LOAD_GRAPH, 1},
                {LOAD_GRAPH, 4}};
static struct result results[RUNS][RULES_MAX];

static void find_rules(void)
{
    static const struct schedule_rule *const references[] = {&reference_stride, &reference_lottery,
                                                             &reference_eevdf};
    for (unsigned i = 0; schedule_rules[i]; i++)
        rules[rule_count++] = schedule_rules[i];
    for (unsigned i = 0; i < 3; i++)
        rules[rule_count++] = references[i];
}

static void print_result(const char *rule, const struct result *result)
{
    if (!result->exists)
        return;
    printf("%-12s %8.2f %8.2f %5u %5u %5u %7u %8lu %9lu %7lu %7lu\n", rule, result->lag_max,
           result->lag_mean, percentile(result, 50), percentile(result, 95),
           percentile(result, 99), result->misses, (unsigned long)result->switches,
           (unsigned long)result->decisions, (unsigned long)result->slots,
           (unsigned long)result->slots_least);
}

static void print_run(unsigned run)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s", load_names[runs[run].kind],
             runs[run].cores > 1 ? ", 4 cores" : "");
    printf("\n%-12s %8s %8s %5s %5s %5s %7s %8s %9s %7s %7s\n", name, "lag max", "mean", "p50",
           "p95", "p99", "misses", "switches", "decisions", "slots", "least");
    for (unsigned i = 0; i < rule_count; i++)
        print_result(rules[i]->name, &results[run][i]);
}

static bool plot_lags(const char *folder)
{
    struct plot_line lines[RULES_MAX];
    char path[4096];
    for (unsigned i = 0; i < rule_count; i++)
        lines[i] = (struct plot_line){rules[i]->name, results[LOAD_CPU][i].trace};
    snprintf(path, sizeof path, "%s/lag.svg", folder);
    return plot(path, "largest lag of 16 CPU-bound threads, in slots, after each slot", lines,
                rule_count, TRACE_SLOTS, 4);
}

static bool plot_responses(const char *folder)
{
    static double values[RULES_MAX][HUNDRED];
    struct plot_line lines[RULES_MAX];
    char path[4096];
    for (unsigned i = 0; i < rule_count; i++) {
        for (unsigned percent = 0; percent < HUNDRED; percent++)
            values[i][percent] = percentile(&results[LOAD_INTERACTIVE][i], percent);
        lines[i] = (struct plot_line){rules[i]->name, values[i]};
    }
    snprintf(path, sizeof path, "%s/response.svg", folder);
    return plot(path, "response time of interactive threads, in slots, by percent of the jobs",
                lines, rule_count, HUNDRED, 100);
}

/* The Fibonacci word, and the lags of the heavier thread in it and in the centred word. */
static bool plot_word(const char *folder)
{
    static double word[WORD_SLOTS], lags[2][WORD_SLOTS];
    char path[4096];
    for (unsigned phase = 0; phase < 2; phase++) {
        struct schedule_memory memory = {0};
        tijdeman_take(&memory, 2);
        void *start = aligned_alloc(16, memory.bytes);
        memory = (struct schedule_memory){.next = start};
        struct tijdeman *set = tijdeman_take(&memory, 2);
        tijdeman_join(set, 0, INT64_C(28464754956276)); /* (1 + sqrt 5) / 2 * 2^44 */
        tijdeman_join(set, 1, INT64_C(1) << 44);
        tijdeman_set_phase(set, phase == 0 ? TIJDEMAN_BEATTY : TIJDEMAN_CENTRED);
        double had = 0;
        for (unsigned slot = 0; slot < WORD_SLOTS; slot++) {
            bool heavy = tijdeman_next(set) == 0;
            had += heavy;
            if (phase == 0)
                word[slot] = heavy ? -1 : -0.9;
            lags[phase][slot] = (slot + 1) / 1.6180339887498949 - had;
        }
        free(start);
    }
    struct plot_line lines[] = {
        {"Fibonacci word", word}, {"its lag", lags[0]}, {"centred", lags[1]}};
    snprintf(path, sizeof path, "%s/fibonacci.svg", folder);
    return plot(path, "weights 1 and the golden ratio: the word, and lags in slots", lines, 3,
                WORD_SLOTS, 1);
}

/* Say what is not as it should be. Returns whether all is. */
static bool judge(void)
{
    bool good = true;
    for (unsigned i = 0; i < rule_count; i++) {
        const char *name = rules[i]->name;
        /* 16 threads: the bound is 1 - 1/30. */
        if (strncmp(name, "beatty", 6) == 0 && results[LOAD_CPU][i].lag_max > 29.0 / 30 + 1e-6) {
            printf("%s: the lag is above 1 - 1/30\n", name);
            good = false;
        }
        if (strcmp(name, "edf") == 0 && results[LOAD_PERIODIC][i].misses > 0) {
            printf("%s: deadlines are missed\n", name);
            good = false;
        }
        if (strcmp(name, "dag") == 0 &&
            results[RUN_CORES][i].slots > 2 * results[RUN_CORES][i].slots_least) {
            printf("%s: the graph takes more than twice the least time\n", name);
            good = false;
        }
    }
    return good;
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "Usage: driver FOLDER\n");
        return 2;
    }
    find_rules();
    printf("Times are in slots: the largest lag of those that always want to run, response\n"
           "times by percent of the jobs, how long the graph takes, and takes at\n"
           "least.\n");
    for (unsigned run = 0; run < RUNS; run++) {
        for (unsigned i = 0; i < rule_count; i++)
            simulate(runs[run].kind, runs[run].cores, rules[i], &results[run][i]);
        print_run(run);
    }
    if (!plot_lags(arguments[1]) || !plot_responses(arguments[1]) || !plot_word(arguments[1])) {
        fprintf(stderr, "driver: cannot write the plots into %s\n", arguments[1]);
        return 1;
    }
    return judge() ? 0 : 1;
}
