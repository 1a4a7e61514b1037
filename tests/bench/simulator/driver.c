/* SPDX-License-Identifier: MIT */
/*
 * Use: driver FOLDER CONSOLE
 * Runs each load under each rule, and reads from the console of the booted system what it was
 * there; prints the table, and writes plots into the folder. Fails when a rule does not keep what
 * it promises, or when the booted system does not tell of a load under a rule.
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
static struct result booted[LOADS][BOOTED_RULES];
static unsigned booted_count; /* rules that the booted system has: the first ones */

static void find_rules(void)
{
    static const struct schedule_rule *const references[] = {&reference_stride, &reference_lottery,
                                                             &reference_eevdf};
    for (unsigned i = 0; schedule_rules[i]; i++)
        rules[rule_count++] = schedule_rules[i];
    booted_count = rule_count < BOOTED_RULES ? rule_count : BOOTED_RULES;
    for (unsigned i = 0; i < 3; i++)
        rules[rule_count++] = references[i];
}

static void print_result(const char *rule, const char *where, const struct result *result)
{
    printf("%-12s %-6s %8.2f %8.2f %5u %5u %5u %7u %8lu %9lu %7lu %7lu\n", rule, where,
           result->lag_max, result->lag_mean, percentile(result, 50), percentile(result, 95),
           percentile(result, 99), result->misses, (unsigned long)result->switches,
           (unsigned long)result->decisions, (unsigned long)result->slots,
           (unsigned long)result->slots_least);
}

static void print_run(unsigned run)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s", load_names[runs[run].kind],
             runs[run].cores > 1 ? ", 4 cores" : "");
    printf("\n%-19s %8s %8s %5s %5s %5s %7s %8s %9s %7s %7s\n", name, "lag max", "mean", "p50",
           "p95", "p99", "misses", "switches", "decisions", "slots", "least");
    for (unsigned i = 0; i < rule_count; i++) {
        print_result(rules[i]->name, "", &results[run][i]);
        if (runs[run].cores == 1 && i < booted_count && booted[runs[run].kind][i].exists)
            print_result("", "booted", &booted[runs[run].kind][i]);
    }
}

/* A plot of some values of each rule: those of the simulator, or of the booted system. */
static bool plot_rules(const char *folder, const char *file, const char *title, bool is_booted,
                       void (*values)(const struct result *result, double *values),
                       enum load_kind kind, unsigned count, double top)
{
    static double value[RULES_MAX][TRACE_SLOTS];
    struct plot_line lines[RULES_MAX];
    char path[4096], text[128];
    unsigned line_count = is_booted ? booted_count : rule_count;
    for (unsigned i = 0; i < line_count; i++) {
        values(is_booted ? &booted[kind][i] : &results[kind][i], value[i]);
        lines[i] = (struct plot_line){rules[i]->name, value[i]};
    }
    snprintf(path, sizeof path, "%s/%s%s.svg", folder, file, is_booted ? "_booted" : "");
    snprintf(text, sizeof text, "%s%s", title, is_booted ? ", booted" : "");
    return plot(path, text, lines, line_count, count, top);
}

static void lags_of(const struct result *result, double *values)
{
    memcpy(values, result->trace, sizeof result->trace);
}

static void responses_of(const struct result *result, double *values)
{
    for (unsigned percent = 0; percent < HUNDRED; percent++)
        values[percent] = percentile(result, percent);
}

/* Of the simulator and of the booted system alike, with the same axes, to be looked at together. */
static bool plot_both(const char *folder)
{
    bool good = true;
    for (unsigned i = 0; i < 2; i++)
        good = plot_rules(folder, "lag", "largest lag of 16 CPU-bound threads, in slots, after "
                          "each slot", i == 1, lags_of, LOAD_CPU, TRACE_SLOTS, 4) &&
               plot_rules(folder, "response", "response time of interactive threads, in slots, by "
                          "percent of the jobs", i == 1, responses_of, LOAD_INTERACTIVE, HUNDRED,
                          100) && good;
    return good;
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
    for (unsigned load = 0; load < LOADS; load++)
        for (unsigned i = 0; i < booted_count; i++) {
            if (booted[load][i].exists)
                continue;
            printf("booted: nothing is told of the load %s under %s\n", load_names[load],
                   rules[i]->name);
            good = false;
        }
    return good;
}

int main(int count, char **arguments)
{
    if (count != 3) {
        fprintf(stderr, "Usage: driver FOLDER CONSOLE\n");
        return 2;
    }
    find_rules();
    if (!booted_read(arguments[2], booted)) {
        fprintf(stderr, "driver: cannot read the console of the booted system, %s\n",
                arguments[2]);
        return 1;
    }
    printf("Times are in slots: the largest lag of those that always want to run, response\n"
           "times by percent of the jobs, how long the graph takes, and takes at least. What\n"
           "was booted in QEMU is below the simulator's; a slot's work there is 15/16 of a\n"
           "slot, that of periodic jobs a half.\n");
    for (unsigned run = 0; run < RUNS; run++) {
        for (unsigned i = 0; i < rule_count; i++)
            simulate(runs[run].kind, runs[run].cores, rules[i], &results[run][i]);
        print_run(run);
    }
    if (!plot_both(arguments[1]) || !plot_word(arguments[1])) {
        fprintf(stderr, "driver: cannot write the plots into %s\n", arguments[1]);
        return 1;
    }
    return judge() ? 0 : 1;
}
