/* SPDX-License-Identifier: MIT */
/*
 * A worker on each core claims tasks of a graph, and does them. How long a graph takes is counted
 * in steps, which its costs are: a task that begins at step s and costs c ends at step s + c. To
 * end, it waits until none that has begun ends before it, and until no worker is free for which
 * the graph has a task; so the steps are what they would be on cores that are all equally fast,
 * whatever the machine below does. If no worker comes for a task in a long time, that is not
 * waited for any more, and the graph takes the steps that it deserves.
 *
 * A task checks that those before it have ended. At the end the steps are compared with what no
 * schedule can undercut, the dearest way and the work divided by the cores; and no task may have
 * begun while one waited from which the way to the end is dearer.
 */
#include "ck.h"
#include "kernel_stubs.h"
#include "scenario.h"
#include "scheduler.capnp.h"
#include "text.h"
#include "ticks.h"

enum {
    WORKERS_MAX = 4,
    GRAPHS = 3,
    TASKS = 40,
    EDGES = 60,
    COST_MAX = 20,
    PATIENCE_MICROSECONDS = 10000000,
    PAUSE_MICROSECONDS = 1000,
    TURNS = 2000, /* of work, before a task looks whether it may end */
    PERCENT = 100,
    OVER_MAX = 5, /* percent that a graph may take longer than the bound */
    NONE = UINT32_MAX,
};

enum task_state { TASK_WAITS, TASK_BEGUN, TASK_ENDED };

struct task {
    uint32_t cost, way; /* way: of the dearest way from here to the end, this one included */
    enum task_state state;
    uint32_t free; /* the step at which all before it had ended */
    uint32_t start, end;
    uint32_t worker;
};

static struct edge {
    uint32_t before, after;
} edges[EDGES];

/* Under the lock. */
static struct board {
    ck_spinlock_fas_t lock;
    struct task tasks[TASKS];
    uint32_t step, busy;
    uint32_t early;    /* tasks that began before one that they wait for had ended */
    uint32_t foreign;  /* ended by another worker than began them, or begun twice */
    uint64_t waits;    /* since when a worker and a task are free, in ticks; 0: there are none */
    bool is_impatient;
} board;

static struct worker {
    struct scheduler_client scheduler;
    uint32_t index;  /* in its core's table */
    uint32_t number;
    uint32_t done;   /* tasks */
} workers[WORKERS_MAX];
static uint32_t worker_count;
static uint32_t finished; /* tasks of which the scheduler knows that they have ended */
static uint32_t refused;  /* calls of workers; these cannot print it, for want of a console there */
static struct scheduler_client scheduler;

/* --- The board ------------------------------------------------------------------------------- */

static void board_take(void)
{
    while (!ck_spinlock_fas_trylock(&board.lock))
        processor_pause();
}

static void board_give(void)
{
    ck_spinlock_fas_unlock(&board.lock);
}

static bool is_free(uint32_t task)
{
    for (uint32_t i = 0; i < EDGES; i++)
        if (edges[i].after == task && board.tasks[edges[i].before].state != TASK_ENDED)
            return false;
    return board.tasks[task].state == TASK_WAITS;
}

/* Is there a task that a worker should have claimed by now, and is it worth waiting for? */
static bool waits_for_worker(void)
{
    bool has_task = false;
    for (uint32_t i = 0; i < TASKS && !has_task; i++)
        has_task = is_free(i);
    if (!has_task || board.busy == worker_count) {
        board.waits = 0;
        return false;
    }
    if (board.waits == 0)
        board.waits = ticks_deadline(PATIENCE_MICROSECONDS);
    board.is_impatient = board.is_impatient || ticks_now() > board.waits;
    return !board.is_impatient;
}

static void begin(const struct worker *worker, uint32_t number)
{
    struct task *task = &board.tasks[number];
    board_take();
    if (task->state != TASK_WAITS)
        board.foreign++;
    else if (!is_free(number))
        board.early++;
    task->state = TASK_BEGUN;
    task->worker = worker->number;
    task->start = board.step;
    task->end = board.step + task->cost;
    board.busy++;
    board.waits = 0;
    board_give();
}

/* Of those that end at the same step the first one goes first, so each run has the same steps. */
static bool may_end(uint32_t number)
{
    for (uint32_t i = 0; i < TASKS; i++) {
        const struct task *other = &board.tasks[i];
        if (other->state == TASK_BEGUN && other->end + (i > number) <= board.tasks[number].end &&
            i != number)
            return false;
    }
    return !waits_for_worker();
}

/* End a task, if it may; otherwise there is more work to do. */
static bool end(const struct worker *worker, uint32_t number)
{
    struct task *task = &board.tasks[number];
    board_take();
    bool ends = may_end(number);
    if (ends) {
        if (task->state != TASK_BEGUN || task->worker != worker->number)
            board.foreign++;
        task->state = TASK_ENDED;
        board.step = task->end;
        board.busy--;
        for (uint32_t i = 0; i < EDGES; i++)
            if (edges[i].before == number)
                board.tasks[edges[i].after].free = board.step;
    }
    board_give();
    return ends;
}

/* --- The workers ----------------------------------------------------------------------------- */

/* A worker whose call is refused goes no further, and the main thread says so. */
static void expect(bool holds)
{
    uint64_t bits;
    if (holds)
        return;
    __atomic_add_fetch(&refused, 1, __ATOMIC_RELAXED);
    for (;;)
        exo_event_wait(CHILD_SLOT_LOCK, UINT64_MAX, &bits);
}

static void work_on(struct worker *worker, uint32_t task)
{
    static volatile uint64_t turns[WORKERS_MAX];
    struct scheduler_finished_params params = {.index = worker->index};
    struct scheduler_finished_results results = {0};
    begin(worker, task);
    do {
        for (uint32_t i = 0; i < TURNS; i++)
            turns[worker->number]++;
    } while (!end(worker, task));
    worker->done++;
    enum exo_status status = scheduler_finished(&worker->scheduler, &params, &results);
    expect(status == EXO_STATUS_OK && results.result == SCHEDULER_RESULT_DONE);
    __atomic_add_fetch(&finished, 1, __ATOMIC_RELEASE);
}

static void work(void *argument)
{
    struct worker *worker = argument;
    struct scheduler_claim_params params = {.index = worker->index};
    for (;;) {
        struct scheduler_claim_results results = {0};
        enum exo_status status = scheduler_claim(&worker->scheduler, &params, &results);
        bool is_given = status == EXO_STATUS_OK && results.result == SCHEDULER_RESULT_DONE;
        expect(is_given && results.task < TASKS);
        work_on(worker, results.task);
    }
}

/* On each core the last of our threads is a worker. The main thread is none. */
static void start_workers(void)
{
    char name[] = "scheduler_0";
    struct startup_thread thread, first = {0};
    const struct binding *threads = binding_export("worker");
    uint32_t number[WORKERS_MAX] = {0}, count = 0;
    CHECK(threads);
    for (uint32_t i = 0; startup_thread(i, &thread); i++) {
        if (thread.component != startup_position())
            continue;
        first = count++ == 0 ? thread : first;
        CHECK(thread.core < WORKERS_MAX);
        worker_count = thread.core >= worker_count ? thread.core + 1 : worker_count;
        workers[thread.core].index = thread.index;
        number[thread.core] = thread.index - first.index;
    }
    CHECK(count == threads->thread_count && count == 2 * worker_count);
    for (uint32_t i = 0; i < worker_count; i++) {
        name[sizeof name - 2] = (char)('0' + i);
        workers[i].number = i;
        EXPECT(scheduler_client_open(&workers[i].scheduler, binding_import(name)), EXO_STATUS_OK);
        CHECK(number[i] > 0 && thread_run(threads->thread + number[i], work, &workers[i]));
    }
}

/* --- The graphs ------------------------------------------------------------------------------ */

/* Marsaglia's xorshift64 (2003). */
static uint32_t random_below(uint32_t limit)
{
    static uint64_t state = 1;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 16) % limit);
}

/* Tasks wait for some of those just before them. */
static void make_graph(void)
{
    for (uint32_t i = 0; i < TASKS; i++)
        board.tasks[i] = (struct task){.cost = 1 + random_below(COST_MAX)};
    for (uint32_t i = 0; i < EDGES; i++) {
        uint32_t after = 4 + random_below(TASKS - 4), back = 1 + random_below(12);
        edges[i] = (struct edge){after > back ? after - back : 0, after};
    }
    for (uint32_t i = TASKS; i-- > 0;) {
        uint32_t most = 0;
        for (uint32_t j = 0; j < EDGES; j++)
            if (edges[j].before == i && board.tasks[edges[j].after].way > most)
                most = board.tasks[edges[j].after].way;
        board.tasks[i].way = most + board.tasks[i].cost;
    }
    board.step = board.busy = finished = 0;
}

static enum scheduler_result submit(uint32_t edge_count)
{
    struct scheduler_submit_params_builder params;
    struct scheduler_task_builder_list tasks;
    struct scheduler_edge_builder_list list;
    struct scheduler_submit_results results = {0};
    EXPECT(scheduler_submit_begin(&scheduler, &params), EXO_STATUS_OK);
    CHECK(scheduler_submit_params_init_tasks(params, TASKS, &tasks) == CAPNP_OK);
    CHECK(scheduler_submit_params_init_edges(params, edge_count, &list) == CAPNP_OK);
    for (uint32_t i = 0; i < TASKS; i++) {
        struct scheduler_task_builder task = scheduler_task_builder_list_at(tasks, i);
        scheduler_task_set_thread(task, SCHEDULER_ANYONE);
        scheduler_task_set_cost(task, board.tasks[i].cost);
    }
    for (uint32_t i = 0; i < edge_count; i++) {
        struct scheduler_edge_builder edge = scheduler_edge_builder_list_at(list, i);
        scheduler_edge_set_before(edge, i < EDGES ? edges[i].before : edges[0].after);
        scheduler_edge_set_after(edge, i < EDGES ? edges[i].after : edges[0].before);
    }
    EXPECT(scheduler_submit_finish(&scheduler, &results), EXO_STATUS_OK);
    return results.result;
}

/* Pairs of tasks of which the one began while the other, from which more is to come, waited. Tasks
 * that end at the same step do so one after the other, so what that step freed does not count. */
static uint32_t count_astray(void)
{
    uint32_t astray = 0;
    for (uint32_t i = 0; i < TASKS; i++)
        for (uint32_t j = 0; j < TASKS; j++)
            astray += board.tasks[j].free < board.tasks[i].start &&
                      board.tasks[j].start > board.tasks[i].start &&
                      board.tasks[j].way > board.tasks[i].way;
    return astray;
}

static void judge(uint32_t graph)
{
    uint32_t cost = 0, way = 0;
    for (uint32_t i = 0; i < TASKS; i++) {
        cost += board.tasks[i].cost;
        way = board.tasks[i].way > way ? board.tasks[i].way : way;
    }
    uint32_t share = (cost + worker_count - 1) / worker_count, least = share > way ? share : way;
    print("graph: number %u costs %u, of which %u in a row; %u steps on %u cores, at least %u\n",
          graph, cost, way, board.step, worker_count, least);
    CHECK(board.early == 0 && board.foreign == 0);
    CHECK(board.step >= least);
    CHECK(board.step * PERCENT <= least * (PERCENT + OVER_MAX));
    CHECK(count_astray() == 0);
}

/* A rule of one core takes no more than one. Whoever waits for a task under it is sent away. */
static void check_other_rule(void)
{
    static const struct scheduler_use_params params = {.rule = {"beatty", 6}};
    struct scheduler_use_results results = {0};
    uint64_t bits;
    CHECK(__atomic_load_n(&refused, __ATOMIC_RELAXED) == 0);
    EXPECT(scheduler_use(&scheduler, &params, &results), EXO_STATUS_OK);
    CHECK(results.result ==
          (worker_count > 1 ? SCHEDULER_RESULT_UNSUPPORTED : SCHEDULER_RESULT_DONE));
    while (worker_count == 1 && __atomic_load_n(&refused, __ATOMIC_RELAXED) == 0)
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
}

int component_main(void)
{
    uint64_t bits;
    EXPECT(scheduler_client_open(&scheduler, binding_import("scheduler")), EXO_STATUS_OK);
    start_workers();
    for (uint32_t graph = 0; graph < GRAPHS; graph++) {
        make_graph();
        CHECK(submit(EDGES + 1) == SCHEDULER_RESULT_GRAPH_CYCLE);
        CHECK(submit(EDGES) == SCHEDULER_RESULT_DONE);
        while (__atomic_load_n(&finished, __ATOMIC_ACQUIRE) < TASKS) {
            CHECK(__atomic_load_n(&refused, __ATOMIC_RELAXED) == 0);
            exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
        }
        judge(graph);
    }
    for (uint32_t i = 0; i < worker_count; i++)
        CHECK(workers[i].done > 0);
    check_other_rule();
    print("graph: %u graphs, no task before those that it waits for, and as fast as tasks and "
          "cores allow\n", GRAPHS);
    return 0;
}
