/* SPDX-License-Identifier: MIT */
/*
 * The loads that the simulator runs (tests/bench/simulator), acted out by threads of this component
 * on the core of the device `cpu`, under one rule after the other. The lines that begin with
 * "rule_loads: " and a name with a colon are for `ninja bench-schedulers`, which puts them beside
 * the simulator's.
 *
 * Work is counted in instructions, without those of the kernel and of others: whoever works reads
 * the counter again and again, and where it has jumped somebody else ran. So each piece of time in
 * which a thread ran undisturbed is known, and the lags are what the threads really had. A slot's
 * work is a part of the slot, since changing the thread and its calls belong to the slot, too.
 */
#include "entries.h"
#include "loads.h"
#include "lock.h"
#include "processor.h"
#include "scenario.h"
#include "scheduler.capnp.h"
#include "text.h"
#include "ticks.h"

enum {
    FIRST = 64,        /* place of the first thread in the core's table */
    STACK_PAGES = 2,
    THREADS_PER_FRAME = 2,
    SLOTS = 1000,      /* if nothing else is said */
    SETTLE = 100,      /* slots, until all are known, and until those who sleep at first do so */
    LOOK_SLOTS = 50,   /* for which the main thread sleeps until it looks for a graph's end again */
    GRAPH_LOOKS_MAX = 1000,
    WHOLE_PARTS = 16,  /* of a slot: see work_parts */
    TURNS = 16,        /* of an empty loop between two readings, which take the host long */
    GAP = 150,         /* more instructions than there are between two readings */
    PIECES_MAX = 65536,
    RESPONSES_MAX = 8192,
    TRACE = 400,       /* pieces whose lags are told */
    TRACE_LINE = 50,
    UNDECIDED_PART = 4, /* of the slots behind an idle time: no more are not decided */
    PERCENT = 100,
    MILLI = 1000,
    CALIBRATE_TICKS_PART = 200, /* of a second */
};

#define BIT_NEVER (UINT64_C(1) << 60) /* of the own Event: nobody signals it */

/*
 * Of a slot's length this is its work. The rest is for changing the thread, and for its calls. A
 * reserved budget must be larger than that: a slot that somebody's waking cuts short counts as a
 * whole one, and who blocks has lost the slots that were decided already. So periodic jobs use half
 * of theirs.
 */
static const uint32_t work_parts[LOADS] = {15, 15, 8, 15};

/*
 * What the rules promise. The lag of 16 threads is at most 1 - 1/30 slot by beatty; the rest is for
 * slots that differ in length. By edf at most one job in a hundred is late, whose waking was seen
 * late.
 */
enum { LAG_MAX = 967 + 50 };

struct worker {
    struct load_thread *is;
    uint32_t number;
    bool is_first;    /* task: it waits for none */
    uint32_t missing; /* tasks before this one that are not finished */
    uint64_t woke;    /* when its job, or its task, could begin; in ticks */
};

/* Time in which one thread ran undisturbed, in instructions. */
struct piece {
    uint64_t from, to;
    uint32_t number;
};

static struct load load;
static struct worker workers[LOAD_THREADS];
static struct piece pieces[PIECES_MAX];
static uint32_t responses[RESPONSES_MAX];
static uint32_t piece_first, piece_count, response_count, misses, unfinished;
static uint64_t slot_ticks, slot_instructions, begin_at, finished_at;
static const struct schedule_rule *rule; /* that is used */
static bool tells_end; /* the rule wants to know when a job, or a task, is done */
static uint32_t first_slot, event_never, own_index;
static uint64_t stacks;
static struct startup_device cpu;
static struct scheduler_client scheduler;
static struct lock call_lock; /* over the client, while workers run */

/* --- What the threads do --------------------------------------------------------------------- */

static void wait_until(uint64_t ticks)
{
    uint64_t bits;
    while (ticks_now() < ticks)
        exo_event_wait(event_never, ticks, &bits);
}

static struct piece *begin_piece(const struct worker *worker, uint64_t now)
{
    uint32_t at = __atomic_fetch_add(&piece_count, 1, __ATOMIC_RELAXED);
    struct piece *piece = &pieces[at < PIECES_MAX ? at : PIECES_MAX - 1];
    *piece = (struct piece){now, now, worker->number};
    return piece;
}

/* Use so many instructions. */
static void work(const struct worker *worker, uint64_t instructions)
{
    uint64_t before = processor_instructions(), used = 0;
    struct piece *piece = begin_piece(worker, before);
    while (used < instructions) {
        for (uint32_t i = 0; i < TURNS; i++)
            __atomic_signal_fence(__ATOMIC_SEQ_CST); /* so the loop stays */
        uint64_t now = processor_instructions();
        if (now - before > GAP)
            piece = begin_piece(worker, now);
        else
            used += now - before;
        piece->to = now;
        before = now;
    }
}

static uint64_t work_of(uint32_t slots)
{
    return slots * (slot_instructions * work_parts[load.kind] / WHOLE_PARTS);
}

/* The job, or the task, is done. */
static void note_response(const struct worker *worker, uint64_t now)
{
    uint32_t at = __atomic_fetch_add(&response_count, 1, __ATOMIC_RELAXED);
    if (at < RESPONSES_MAX)
        responses[at] = (uint32_t)((now - worker->woke + slot_ticks - 1) / slot_ticks);
}

static void tell_end(const struct worker *worker)
{
    struct scheduler_finished_params params = {.index = FIRST + worker->number};
    struct scheduler_finished_results results = {0};
    lock_take(&call_lock);
    scheduler_finished(&scheduler, &params, &results);
    lock_give(&call_lock);
}

static void do_jobs(struct worker *worker)
{
    struct load_thread *is = worker->is;
    worker->woke = begin_at + (is->period == 0 ? load_sleep_first(is) * slot_ticks : 0);
    for (;;) {
        wait_until(worker->woke);
        work(worker, work_of(is->period == 0 ? load_burst(is) : is->job));
        uint64_t now = ticks_now();
        note_response(worker, now);
        if (is->period == 0) {
            worker->woke = now + load_sleep(is) * slot_ticks;
        } else {
            worker->woke += is->period * slot_ticks;
            if (now > worker->woke)
                __atomic_add_fetch(&misses, 1, __ATOMIC_RELAXED);
        }
        if (tells_end)
            tell_end(worker);
    }
}

/* Those behind it that wait for nothing else begin; the scheduler is told after that, so it sees
 * that they are ready. */
static void do_task(struct worker *worker)
{
    work(worker, work_of(worker->is->job));
    uint64_t now = ticks_now();
    note_response(worker, now);
    for (uint32_t i = 0; i < LOAD_FAMILIES * LOAD_EDGES; i++) {
        struct worker *after = &workers[load.edges[i].after];
        if (load.edges[i].before != worker->number ||
            __atomic_sub_fetch(&after->missing, 1, __ATOMIC_RELAXED) > 0)
            continue;
        after->woke = now;
        exo_thread_start(first_slot + after->number);
    }
    if (__atomic_sub_fetch(&unfinished, 1, __ATOMIC_RELAXED) == 0)
        finished_at = now;
    if (tells_end)
        tell_end(worker);
}

static void run_worker(void *argument)
{
    struct worker *worker = argument;
    if (worker->is->bound)
        work(worker, UINT64_MAX);
    else if (load.kind == LOAD_GRAPH)
        do_task(worker);
    else
        do_jobs(worker);
    exo_thread_stop(first_slot + worker->number);
}

/* --- The scheduler --------------------------------------------------------------------------- */

static void use(const char *name)
{
    struct scheduler_use_params params = {.rule = {name, (uint32_t)strlen(name)}};
    struct scheduler_use_results results = {0};
    EXPECT(scheduler_use(&scheduler, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == SCHEDULER_RESULT_DONE);
}

static void set_terms(uint32_t index, const struct schedule_terms *terms)
{
    struct scheduler_set_terms_params_builder params;
    struct scheduler_terms_builder builder;
    struct scheduler_set_terms_results results = {0};
    EXPECT(scheduler_set_terms_begin(&scheduler, &params), EXO_STATUS_OK);
    scheduler_set_terms_params_set_index(params, index);
    CHECK(scheduler_set_terms_params_init_terms(params, &builder) == CAPNP_OK);
    scheduler_terms_set_weight(builder, terms->weight);
    scheduler_terms_set_priority(builder, terms->priority);
    scheduler_terms_set_budget(builder, terms->budget);
    scheduler_terms_set_period(builder, terms->period);
    EXPECT(scheduler_set_terms_finish(&scheduler, &results), EXO_STATUS_OK);
    CHECK(results.result == SCHEDULER_RESULT_DONE);
}

static void submit(uint32_t family)
{
    static struct schedule_edge edges[LOAD_FAMILIES * LOAD_EDGES];
    struct schedule_graph graph = load_graph(&load, family, edges);
    struct scheduler_submit_params_builder params;
    struct scheduler_task_builder_list tasks;
    struct scheduler_edge_builder_list list;
    struct scheduler_submit_results results = {0};
    EXPECT(scheduler_submit_begin(&scheduler, &params), EXO_STATUS_OK);
    scheduler_submit_params_set_family(params, graph.family);
    scheduler_submit_params_set_weight(params, graph.weight);
    CHECK(scheduler_submit_params_init_tasks(params, (uint32_t)graph.task_count, &tasks) ==
          CAPNP_OK);
    CHECK(scheduler_submit_params_init_edges(params, (uint32_t)graph.edge_count, &list) ==
          CAPNP_OK);
    for (uint32_t i = 0; i < graph.task_count; i++) {
        struct scheduler_task_builder task = scheduler_task_builder_list_at(tasks, i);
        scheduler_task_set_thread(task, FIRST + graph.tasks[i].thread);
        scheduler_task_set_cost(task, graph.tasks[i].cost);
    }
    for (uint32_t i = 0; i < graph.edge_count; i++) {
        struct scheduler_edge_builder edge = scheduler_edge_builder_list_at(list, i);
        scheduler_edge_set_before(edge, edges[i].before);
        scheduler_edge_set_after(edge, edges[i].after);
    }
    EXPECT(scheduler_submit_finish(&scheduler, &results), EXO_STATUS_OK);
    CHECK(results.result == SCHEDULER_RESULT_DONE);
}

/* The slots that the rule gave to all; and where the main thread is. */
static uint64_t decisions(void)
{
    struct scheduler_list_params params = {0};
    uint64_t sum = 0;
    do {
        struct scheduler_list_results results = {0};
        EXPECT(scheduler_list(&scheduler, &params, &results), EXO_STATUS_OK);
        for (uint32_t i = 0; i < scheduler_thread_list_count(results.threads); i++) {
            struct scheduler_thread_reader thread = scheduler_thread_list_at(results.threads, i);
            sum += scheduler_thread_get_slots(thread);
            if (scheduler_thread_get_component(thread) == startup_position())
                own_index = scheduler_thread_get_index(thread);
        }
        params.from = results.next;
    } while (params.from != 0);
    return sum;
}

/* --- A run ----------------------------------------------------------------------------------- */

/* A thread of this domain, which stands still; it is to begin anew. */
static void prepare(struct worker *worker)
{
    struct child_plan plan = {0};
    struct schedule_terms terms = worker->is->terms;
    uint32_t thread = first_slot + worker->number;
    startup_child_plan(&plan);
    uint64_t arguments[2] = {(uintptr_t)run_worker, (uintptr_t)worker};
    uint64_t entry = plan.entry + ENTRY_THREAD;
    uint64_t stack = stacks + (worker->number + 1) * STACK_PAGES * CHILD_PAGE_BYTES;
    EXPECT(exo_thread_write(thread, EXO_THREAD_REGISTER_ARG0, 2, (uintptr_t)arguments),
           EXO_STATUS_OK);
    EXPECT(exo_thread_write(thread, EXO_THREAD_REGISTER_INSTRUCTION_POINTER, 1,
                            (uintptr_t)&entry), EXO_STATUS_OK);
    EXPECT(exo_thread_write(thread, EXO_THREAD_REGISTER_STACK_POINTER, 1, (uintptr_t)&stack),
           EXO_STATUS_OK);
    EXPECT(exo_cpu_bind(cpu.slot, thread, FIRST + worker->number,
                         rule->urgency != NULL), EXO_STATUS_OK);
    terms.priority++; /* the main thread is the most urgent, and sleeps */
    set_terms(FIRST + worker->number, &terms);
}

static void prepare_all(enum load_kind kind)
{
    load_make(&load, kind);
    piece_first = piece_count = response_count = misses = 0;
    finished_at = 0;
    unfinished = kind == LOAD_GRAPH ? load.count : 0;
    for (uint32_t i = 0; i < load.count; i++) {
        workers[i] = (struct worker){.is = &load.threads[i], .number = i};
        prepare(&workers[i]);
    }
    for (uint32_t i = 0; kind == LOAD_GRAPH && i < LOAD_FAMILIES * LOAD_EDGES; i++)
        workers[load.edges[i].after].missing++;
    for (uint32_t i = 0; i < load.count; i++)
        workers[i].is_first = workers[i].missing == 0;
}

static void start(bool bound)
{
    for (uint32_t i = 0; i < load.count; i++) {
        workers[i].woke = begin_at;
        if (workers[i].is_first && workers[i].is->bound == bound)
            EXPECT(exo_thread_start(first_slot + i), EXO_STATUS_OK);
    }
}

static void run_graph(void)
{
    bool is_split = rule == schedule_rule_find("beatty_dag");
    use(rule->name);
    for (uint32_t i = 0; rule->submit && i < (is_split ? LOAD_FAMILIES : 1); i++)
        submit(is_split ? i : LOAD_FAMILIES);
    begin_at = ticks_now();
    start(false);
    for (uint32_t i = 0; __atomic_load_n(&unfinished, __ATOMIC_RELAXED) > 0; i++) {
        CHECK(i < GRAPH_LOOKS_MAX);
        wait_until(ticks_now() + LOOK_SLOTS * slot_ticks);
    }
}

/* All who always want to run do so when the rule is put in place, so its count begins with them.
 * The others begin a little later, and so do we look. */
static void run_others(uint64_t slots)
{
    start(true);
    wait_until(ticks_now() + SETTLE * slot_ticks);
    use(rule->name);
    wait_until(ticks_now() + SETTLE * slot_ticks);
    piece_first = piece_count;
    begin_at = ticks_now() + SETTLE * slot_ticks;
    start(false);
    wait_until(begin_at + slots * slot_ticks);
    finished_at = begin_at + slots * slot_ticks;
    for (uint32_t i = 0; i < load.count; i++) { /* and who is late just now */
        uint64_t period = workers[i].is->period * slot_ticks;
        if (period > 0 && finished_at > workers[i].woke)
            misses += (uint32_t)((finished_at - workers[i].woke) / period);
    }
}

/* --- What became of it ----------------------------------------------------------------------- */

static void sort_responses(void)
{
    response_count = response_count < RESPONSES_MAX ? response_count : RESPONSES_MAX;
    for (uint32_t i = 1; i < response_count; i++) {
        uint32_t value = responses[i], at = i;
        for (; at > 0 && responses[at - 1] > value; at--)
            responses[at] = responses[at - 1];
        responses[at] = value;
    }
}

static void print_responses(void)
{
    sort_responses();
    if (response_count == 0)
        return;
    print("rule_loads: responses: %s %s", load_names[load.kind], rule->name);
    for (uint32_t percent = 0; percent <= PERCENT; percent++)
        print(" %u", responses[(uint64_t)(response_count - 1) * percent / PERCENT]);
    print("\n");
}

/* What those who always want to run have had since the first piece that was looked at; and by
 * thread the least and the most lag since then, with one of 0 there. In instructions. */
static int64_t had[LOAD_THREADS], had_all, lowest[LOAD_THREADS], highest[LOAD_THREADS];

/* A thread's lag: what it earned of the time that they all had. */
static int64_t lag_of(uint32_t thread)
{
    int64_t weights = 0;
    for (uint32_t i = 0; i < load.count; i++)
        weights += load.threads[i].bound ? load.threads[i].terms.weight : 0;
    return had_all * load.threads[thread].terms.weight / weights - had[thread];
}

static void have(const struct piece *piece)
{
    int64_t length = (int64_t)(piece->to - piece->from);
    if (!load.threads[piece->number].bound)
        return;
    had[piece->number] += length;
    had_all += length;
}

static void see_ranges(void)
{
    memset(had, 0, sizeof had);
    memset(lowest, 0, sizeof lowest);
    memset(highest, 0, sizeof highest);
    had_all = 0;
    for (uint32_t piece = piece_first; piece < piece_count; piece++) {
        have(&pieces[piece]);
        for (uint32_t i = 0; i < load.count; i++) {
            int64_t lag = load.threads[i].bound ? lag_of(i) : 0;
            lowest[i] = lag < lowest[i] ? lag : lowest[i];
            highest[i] = lag > highest[i] ? lag : highest[i];
        }
    }
    memset(had, 0, sizeof had);
    had_all = 0;
}

/* Which lag a thread had when the looking began is not known. It is taken from a slot too many to
 * one too few, so that its least and its most are as far from 0 as can be. */
static int64_t middle_of(uint32_t thread)
{
    int64_t slot = (int64_t)slot_instructions;
    int64_t middle = (lowest[thread] + highest[thread]) / 2;
    return middle > slot ? slot : middle < -slot ? -slot : middle;
}

/* The largest lag after a piece, in 1/1000 slot. */
static uint64_t lag_after(const struct piece *piece)
{
    int64_t most = 0;
    have(piece);
    for (uint32_t i = 0; i < load.count; i++) {
        int64_t lag = load.threads[i].bound ? lag_of(i) - middle_of(i) : 0;
        lag = lag < 0 ? -lag : lag;
        most = lag > most ? lag : most;
    }
    return (uint64_t)most * MILLI / slot_instructions;
}

/* Does the rule keep what it promises? */
static bool judge(uint64_t lag_max)
{
    bool is_lagging = load.kind == LOAD_CPU && rule == schedule_rule_find("beatty") &&
                      lag_max > LAG_MAX;
    bool is_late = load.kind == LOAD_PERIODIC && rule == schedule_rule_find("edf") &&
                   misses * PERCENT > response_count;
    if (is_lagging)
        print("rule_loads: beatty: the lag is above %u/1000 slots\n", LAG_MAX);
    if (is_late)
        print("rule_loads: edf: deadlines are missed\n");
    return !is_lagging && !is_late;
}

static bool print_result(uint64_t decided)
{
    static uint32_t trace[TRACE];
    uint64_t lag_max = 0, lag_sum = 0;
    uint32_t switches = 0, count = piece_count - piece_first;
    CHECK(piece_count <= PIECES_MAX && count >= TRACE);
    see_ranges();
    for (uint32_t i = 0; i < count; i++) {
        const struct piece *piece = &pieces[piece_first + i];
        uint64_t lag = load.kind == LOAD_GRAPH ? 0 : lag_after(piece);
        lag_max = lag > lag_max ? lag : lag_max;
        lag_sum += lag;
        switches += i == 0 || piece->number != piece[-1].number;
        if (i < TRACE)
            trace[i] = (uint32_t)lag;
    }
    for (uint32_t i = 0; load.kind == LOAD_CPU && i < TRACE; i++) {
        if (i % TRACE_LINE == 0)
            print("rule_loads: trace: %s %u", rule->name, i);
        print(" %u%s", trace[i], (i + 1) % TRACE_LINE == 0 ? "\n" : "");
    }
    print_responses();
    uint64_t slots = (finished_at - begin_at) / slot_ticks, least = 0;
    if (load.kind == LOAD_GRAPH)
        least = load_graph_least(&load, 1) * work_parts[load.kind] / WHOLE_PARTS;
    print("rule_loads: run: %s %s %lu %lu %u %u %lu %lu %lu\n", load_names[load.kind], rule->name,
          lag_max, lag_sum / count, misses, switches, decided, slots, least);
    return judge(lag_max);
}

/* Stop all and take them out; returns the slots that the rule gave. */
static uint64_t end_all(void)
{
    lock_take(&call_lock); /* so that nobody stops in a call */
    for (uint32_t i = 0; i < load.count; i++)
        EXPECT(exo_thread_stop(first_slot + i), EXO_STATUS_OK);
    uint64_t decided = decisions();
    for (uint32_t i = 0; i < load.count; i++) {
        struct scheduler_remove_params params = {.index = FIRST + i};
        struct scheduler_remove_results results = {0};
        EXPECT(scheduler_remove(&scheduler, &params, &results), EXO_STATUS_OK);
        CHECK(results.result == SCHEDULER_RESULT_DONE);
    }
    lock_give(&call_lock);
    return decided;
}

/* Returns whether the rule kept what it promises. */
static bool run(enum load_kind kind, uint64_t slots)
{
    tells_end = rule->submit ? kind == LOAD_GRAPH : rule->finished != NULL;
    use("round_robin");
    prepare_all(kind);
    if (kind == LOAD_GRAPH)
        run_graph();
    else
        run_others(slots);
    return print_result(end_all());
}

/* Nobody runs for a while, then all begin: the rule decides again at once, but for the slots until
 * the scheduler's next one, and those that were played from what stood in the vector. */
static void run_after_idle(void)
{
    rule = schedule_rule_find("beatty");
    use(rule->name);
    prepare_all(LOAD_CPU);
    uint64_t before = decisions();
    wait_until(ticks_now() + SETTLE * slot_ticks);
    start(true);
    wait_until(ticks_now() + SETTLE * slot_ticks);
    uint64_t decided = end_all() - before;
    print("rule_loads: %lu of %u slots were decided behind an idle time\n", decided, SETTLE);
    CHECK(decided >= SETTLE - SETTLE / UNDECIDED_PART);
}

/* --- The start ------------------------------------------------------------------------------- */

/* Is it in the list, whose names have commas between them? */
static bool is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = list; *at;) {
        const char *end = at;
        while (*end && *end != ',')
            end++;
        if ((size_t)(end - at) == length && memcmp(at, name, length) == 0)
            return true;
        at = *end ? end + 1 : end;
    }
    return false;
}

static void make_threads(void)
{
    first_slot = scenario_slots(LOAD_THREADS);
    for (uint32_t i = 0; i < LOAD_THREADS; i += THREADS_PER_FRAME)
        EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(1), 1, EXO_OBJECT_KIND_THREAD,
                                 first_slot + i, THREADS_PER_FRAME, EXO_SELF), EXO_STATUS_OK);
    stacks = (uintptr_t)pages_take(LOAD_THREADS * STACK_PAGES, NULL);
    event_never = scenario_slots(1);
    CHECK(stacks != 0 && startup_device("cpu", &cpu));
    EXPECT(exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, event_never, 0, 0, EXO_RIGHT_WAIT,
                                 BIT_NEVER), EXO_STATUS_OK);
}

static void measure_slot(void)
{
    struct scheduler_state_results state = {0};
    EXPECT(scheduler_state(&scheduler, &state), EXO_STATUS_OK);
    slot_ticks = state.slice_ticks;
    uint64_t before = processor_instructions(), begin = ticks_now(), now = begin;
    while (now - begin < ticks_rate() / CALIBRATE_TICKS_PART)
        now = ticks_now();
    slot_instructions = (processor_instructions() - before) * slot_ticks / (now - begin);
}

int component_main(void)
{
    struct schedule_terms terms = {.weight = 1, .priority = 0};
    uint64_t slots = startup_number("slots", SLOTS);
    uint32_t load_count = 0, count = 0, bad = 0;
    EXPECT(scheduler_client_open(&scheduler, binding_import("scheduler")), EXO_STATUS_OK);
    make_threads();
    measure_slot();
    decisions();
    set_terms(own_index, &terms);
    for (enum load_kind kind = 0; kind < LOADS; kind++) {
        if (!is_listed(startup_setting("loads", "cpu"), load_names[kind]))
            continue;
        load_count++;
        for (uint32_t i = 0; schedule_rules[i]; i++) {
            rule = schedule_rules[i];
            if (!is_listed(startup_setting("rules", "beatty"), rule->name))
                continue;
            bad += !run(kind, slots);
            count++;
        }
    }
    CHECK(bad == 0);
    run_after_idle();
    print("rule_loads: %u loads ran under %u rules\n", load_count, count / load_count);
    return 0;
}
