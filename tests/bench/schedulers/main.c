/* SPDX-License-Identifier: MIT */
/*
 * What a decision costs with 64 threads, by each rule, and the release of tasks of a graph. Loops
 * are measured empty, too, and that is taken off. The worst decision is that of the dearest single
 * call, and the dearest weights of several kinds are taken for the mean.
 */
#include <stddef.h>

#include "first.h"
#include "measure.h"
#include "processor.h"
#include "random.h"
#include "schedule.h"
#include "text.h"

FIRST_PROGRAM

enum {
    THREADS = 64,
    SLOTS = 20000,
    KINDS = 8,
    PASSES = 3,
    TASKS = 1000,
    AFTER = 4, /* tasks that wait for each */
    EDGES = TASKS * AFTER,
    MEMORY_BYTES = 512 * 1024,
};

static _Alignas(16) unsigned char memory[MEMORY_BYTES];
static struct random numbers = {1};
static uint64_t overhead_call; /* of reading the counter twice */

static struct schedule *start(const char *name, uint32_t tasks, uint32_t edges)
{
    struct schedule_shape shape = {.threads = tasks > THREADS ? tasks : THREADS, .cores = 1,
                                   .tasks = tasks, .edges = edges};
    const struct schedule_rule *rule = schedule_rule_find(name);
    size_t bytes = rule ? schedule_bytes(rule, &shape) : 0;
    measure_check(bytes > 0 && bytes <= MEMORY_BYTES ? EXO_STATUS_OK : EXO_STATUS_FULL, name);
    return schedule_start(rule, &shape, memory);
}

static uint64_t empty_loop(uint64_t turns)
{
    struct measure measure;
    measure_begin(&measure);
    for (uint64_t i = 0; i < turns; i++)
        measure_barrier();
    measure_end(&measure);
    return measure.instructions;
}

/* Instructions of SLOTS decisions. */
static uint64_t decide(struct schedule *schedule, uint64_t from)
{
    struct measure measure;
    uint32_t (*next)(struct schedule *, uint32_t, uint64_t) = schedule->rule->next;
    uint64_t loop = empty_loop(SLOTS);
    measure_begin(&measure);
    for (uint64_t slot = 0; slot < SLOTS; slot++) {
        next(schedule, 0, from + slot);
        measure_barrier();
    }
    measure_end(&measure);
    return measure.instructions - loop;
}

/* The least that one of many pieces of work has taken up to this pass. Our slice may end in one of
 * them, which costs more; so all are done in several passes, in which that is elsewhere. */
static uint64_t cheapest(uint64_t piece, uint32_t pass, uint64_t instructions)
{
    static uint64_t costs[SLOTS];
    if (pass == 0 || instructions < costs[piece])
        costs[piece] = instructions;
    return costs[piece];
}

/* The instructions of the dearest of SLOTS decisions. */
static uint64_t worst(struct schedule *schedule, uint64_t from, uint32_t pass)
{
    uint32_t (*next)(struct schedule *, uint32_t, uint64_t) = schedule->rule->next;
    uint64_t most = 0;
    empty_loop(1000 * pass);
    for (uint64_t slot = 0; slot < SLOTS; slot++) {
        uint64_t before = processor_instructions();
        next(schedule, 0, from + slot);
        uint64_t cost = cheapest(slot, pass, processor_instructions() - before - overhead_call);
        most = cost > most ? cost : most;
    }
    return most;
}

static uint64_t mean(uint64_t sum)
{
    return (sum + SLOTS / 2) / SLOTS;
}

static void add(struct schedule *schedule, uint32_t index, const struct schedule_terms *terms)
{
    enum schedule_status status = schedule_add(schedule, index, terms, 0);
    measure_check(status == SCHEDULE_OK ? EXO_STATUS_OK : EXO_STATUS_BUSY,
                  schedule_status_text(status));
}

static void measure_levels(const char *rule, const char *figure)
{
    struct schedule *schedule = start(rule, 0, 0);
    for (uint32_t i = 0; i < THREADS; i++)
        add(schedule, i, &(struct schedule_terms){.priority = i / 8});
    measure_print_value(figure, mean(decide(schedule, 0)), "instructions");
}

/* Equal, at random, one heavy, two sorts, squares, nearly equal, powers, half of it one's. */
static int64_t weight(uint32_t kind, uint32_t i)
{
    int64_t random = (int64_t)(random_next(&numbers) % 1000);
    int64_t weights[KINDS] = {1, 1 + random, 1 + (i == 0) * 1000000, i % 2 ? 9000 + i : 100 + i,
                              1 + random * random, 100 + i, INT64_C(1) << i / 4,
                              1 + (i == 0) * (THREADS - 2)};
    return weights[kind];
}

static void measure_beatty(void)
{
    uint64_t most_mean = 0, most = 0;
    for (uint32_t kind = 0; kind < KINDS; kind++) {
        uint64_t instructions = 0, one = 0, before = numbers.state;
        for (uint32_t pass = 0; pass < PASSES; pass++) {
            struct schedule *schedule = start("beatty", 0, 0);
            numbers.state = before; /* the same weights */
            for (uint32_t i = 0; i < THREADS; i++)
                add(schedule, i, &(struct schedule_terms){.weight = weight(kind, i)});
            schedule_next(schedule, 0, 0); /* makes the set */
            instructions = mean(decide(schedule, 0));
            one = worst(schedule, SLOTS, pass);
        }
        most_mean = instructions > most_mean ? instructions : most_mean;
        most = one > most ? one : most;
    }
    measure_print_value("scheduler_decision_beatty", most_mean, "instructions");
    measure_print_value("scheduler_decision_beatty_worst", most, "instructions");
}

/* A thread takes another weight, back and forth: what that adds to the decision after it. */
static void measure_change(void)
{
    enum { CHANGES = 100 };
    struct schedule *schedule = start("beatty", 0, 0);
    for (uint32_t i = 0; i < THREADS; i++)
        add(schedule, i, &(struct schedule_terms){.weight = weight(1, i)});
    uint64_t sum = 0;
    for (uint32_t i = 0; i < CHANGES; i++) {
        struct schedule_terms terms = {.weight = 1 + i % 50};
        uint64_t before = processor_instructions();
        schedule_change(schedule, i % THREADS, &terms, i);
        schedule_next(schedule, 0, i);
        sum += processor_instructions() - before - overhead_call;
    }
    measure_print_value("scheduler_change_beatty", sum / CHANGES, "instructions");
}

/* All threads reserve time, of all kinds of periods, nearly all that there is. */
static void measure_edf(void)
{
    uint64_t instructions = 0, one = 0, before = numbers.state;
    for (uint32_t pass = 0; pass < PASSES; pass++) {
        struct schedule *schedule = start("edf", 0, 0);
        numbers.state = before; /* the same periods */
        for (uint32_t i = 0; i < THREADS; i++) {
            uint32_t period = 64 + (uint32_t)(random_next(&numbers) % 200);
            add(schedule, i, &(struct schedule_terms){.budget = 2, .period = period});
        }
        instructions = mean(decide(schedule, 0));
        one = worst(schedule, SLOTS, pass);
    }
    measure_print_value("scheduler_decision_edf", instructions, "instructions");
    measure_print_value("scheduler_decision_edf_worst", one, "instructions");
}

/* The instructions of the dearest end of a task, of all of a graph. */
static uint64_t release_all(const struct schedule_graph *graph, uint32_t pass)
{
    uint64_t most = 0;
    struct schedule *schedule = start("dag", TASKS, EDGES);
    enum schedule_status status = schedule_submit(schedule, graph, 0);
    measure_check(status == SCHEDULE_OK ? EXO_STATUS_OK : EXO_STATUS_BUSY,
                  schedule_status_text(status));
    empty_loop(1000 * pass);
    for (uint32_t i = 0; i < TASKS; i++) {
        uint32_t index = schedule_next(schedule, 0, i);
        uint64_t before = processor_instructions();
        schedule_finished(schedule, index, i);
        uint64_t cost = cheapest(i, pass, processor_instructions() - before - overhead_call);
        most = cost > most ? cost : most;
    }
    measure_check(schedule_next(schedule, 0, 0) == SCHEDULE_NOBODY ? EXO_STATUS_OK
                                                                  : EXO_STATUS_BUSY, "the graph");
    return most;
}

/* Layers of AFTER tasks, each of which waits for all of the layer before it: the last one of a
   layer releases AFTER tasks. */
static void measure_dag(void)
{
    static struct schedule_task tasks[TASKS];
    static struct schedule_edge edges[EDGES];
    struct schedule_graph graph = {.tasks = tasks, .edges = edges, .task_count = TASKS};
    uint64_t most = 0;
    _Static_assert(TASKS <= SLOTS, "cheapest() has room for them");
    for (uint32_t i = 0; i < TASKS; i++) {
        tasks[i] = (struct schedule_task){.thread = i, .cost = 1 + random_next(&numbers) % 50};
        for (uint32_t j = 0; j < AFTER && i >= AFTER; j++)
            edges[graph.edge_count++] = (struct schedule_edge){i / AFTER * AFTER - AFTER + j, i};
    }
    for (uint32_t pass = 0; pass < PASSES; pass++)
        most = release_all(&graph, pass);
    measure_print_value("dag_release", most, "instructions");
}

uint32_t first_main(void)
{
    uint64_t before = processor_instructions();
    measure_barrier();
    overhead_call = processor_instructions() - before;
    measure_levels("round_robin", "scheduler_decision_round_robin");
    measure_levels("priority", "scheduler_decision_priority");
    measure_beatty();
    measure_change();
    measure_edf();
    measure_dag();
    return 0;
}
