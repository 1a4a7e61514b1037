/* SPDX-License-Identifier: MIT */
#include "loads.h"

enum {
    CPU_THREADS = 16, CPU_WEIGHT_MAX = 20, CPU_PRIORITIES = 8,
    BOUND = 8, INTERACTIVE = 32, /* of the load `interactive`, and both together */
    BURST_MAX = 3, SLEEP_MIN = 20, SLEEP_MORE = 200,
    PERIODIC = 6, BESIDE = 4,
};

const char *const load_names[LOADS] = {"cpu", "interactive", "periodic", "graph"};

static struct load_thread *add(struct load *load, int64_t weight, uint32_t priority)
{
    struct load_thread *thread = &load->threads[load->count];
    *thread = (struct load_thread){.bound = true,
                                   .terms = {.weight = weight, .priority = priority},
                                   .numbers = {.state = load->count}};
    load->count++;
    return thread;
}

/* Threads that always want to run, of weights from 1 to 20. */
static void make_cpu(struct load *load)
{
    struct random numbers = {1};
    for (uint32_t i = 0; i < CPU_THREADS; i++) {
        int64_t weight = 1 + random_below(&numbers, CPU_WEIGHT_MAX);
        add(load, weight, random_below(&numbers, CPU_PRIORITIES));
    }
}

/* Eight that always want to run, and 24 that wake now and then for one to three slots. */
static void make_interactive(struct load *load)
{
    for (uint32_t i = 0; i < BOUND; i++)
        add(load, 10, 8);
    for (uint32_t i = BOUND; i < INTERACTIVE; i++)
        add(load, 10, 4)->bound = false;
}

/* Six with periods and four without; priorities by the rate, weights by what is needed. */
static void make_periodic(struct load *load)
{
    static const struct {
        uint32_t budget, period;
    } jobs[PERIODIC] = {{1, 8}, {2, 14}, {3, 25}, {4, 40}, {10, 70}, {25, 180}};
    for (uint32_t i = 0; i < PERIODIC; i++) {
        struct load_thread *thread =
            add(load, 1000 * (int64_t)jobs[i].budget / jobs[i].period, i);
        thread->terms.budget = thread->job = jobs[i].budget;
        thread->terms.period = thread->period = jobs[i].period;
        thread->bound = false;
    }
    for (uint32_t i = 0; i < BESIDE; i++)
        add(load, 40, 20);
}

/* Two families of tasks, one after a few others, each in a chain that is long for its cost. */
static void make_graph(struct load *load)
{
    struct random numbers = {1};
    struct schedule_edge *edge = load->edges;
    for (uint32_t i = 0; i < LOAD_THREADS; i++) {
        struct load_thread *thread = add(load, 1, 0);
        thread->bound = false;
        thread->job = 1 + random_below(&numbers, i % 10 ? 10 : 30);
        load->tasks[i] = (struct schedule_task){.thread = i, .cost = thread->job};
    }
    for (uint32_t base = 0; base < LOAD_THREADS; base += LOAD_TASKS)
        for (uint32_t i = 0; i < LOAD_EDGES; i++) {
            uint32_t after = 1 + random_below(&numbers, LOAD_TASKS - 1);
            uint32_t back = i % 8 == 0 && after >= 10
                                ? 10
                                : 1 + random_below(&numbers, i % 4 ? 20 : 60);
            *edge++ = (struct schedule_edge){base + (after > back ? after - back : 0),
                                             base + after};
        }
}

void load_make(struct load *load, enum load_kind kind)
{
    static void (*const makers[LOADS])(struct load *) = {make_cpu, make_interactive,
                                                         make_periodic, make_graph};
    load->kind = kind;
    load->count = 0;
    makers[kind](load);
}

uint32_t load_sleep_first(struct load_thread *thread)
{
    return random_below(&thread->numbers, SLEEP_MORE);
}

uint32_t load_sleep(struct load_thread *thread)
{
    return SLEEP_MIN + random_below(&thread->numbers, SLEEP_MORE);
}

uint32_t load_burst(struct load_thread *thread)
{
    return 1 + random_below(&thread->numbers, BURST_MAX);
}

struct schedule_graph load_graph(const struct load *load, uint32_t family,
                                 struct schedule_edge *edges)
{
    bool is_one = family < LOAD_FAMILIES;
    uint32_t base = is_one ? family * LOAD_TASKS : 0;
    uint32_t first = is_one ? family * LOAD_EDGES : 0;
    struct schedule_graph graph = {
        .tasks = load->tasks + base,
        .edges = edges,
        .task_count = is_one ? LOAD_TASKS : LOAD_THREADS,
        .edge_count = is_one ? LOAD_EDGES : LOAD_FAMILIES * LOAD_EDGES,
        .family = is_one ? family : 0,
        .weight = 1,
    };
    for (uint64_t i = 0; i < graph.edge_count; i++)
        edges[i] = (struct schedule_edge){load->edges[first + i].before - base,
                                          load->edges[first + i].after - base};
    return graph;
}

uint64_t load_graph_least(const struct load *load, uint32_t cores)
{
    uint64_t ways[LOAD_THREADS], all = 0, most = 0;
    /* Edges lead to later tasks, so what comes behind a task is known when it is looked at. */
    for (uint32_t i = LOAD_THREADS; i-- > 0;) {
        uint64_t behind = 0;
        for (uint32_t j = 0; j < LOAD_FAMILIES * LOAD_EDGES; j++)
            if (load->edges[j].before == i && ways[load->edges[j].after] > behind)
                behind = ways[load->edges[j].after];
        ways[i] = behind + load->threads[i].job;
        all += load->threads[i].job;
        most = ways[i] > most ? ways[i] : most;
    }
    all = (all + cores - 1) / cores;
    return most > all ? most : all;
}
