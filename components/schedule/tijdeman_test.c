/* SPDX-License-Identifier: MIT */
/*
 * Host tests of Tijdeman's rule. Lags are counted here, by what is answered, with exact integers:
 * the bound of the theorem at every slot of whole periods; Sturmian words; sets that change. With
 * EXO_LONG in the environment there is more of the same.
 */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tijdeman.h"

enum { THREADS_MAX = 64, WIDE = 96, FIBONACCI_SLOTS = 1000000, HUNDRED = 100 };
#define FIXED_ONE (INT64_C(1) << 44)
#define GOLDEN INT64_C(28464754956276) /* (1 + sqrt 5) / 2 * 2^44 */

static struct tijdeman *set;
static void *memory;
static struct random numbers = {1};
static unsigned scale = 1;

static void make_set(uint32_t capacity)
{
    struct schedule_memory run = {0};
    tijdeman_take(&run, capacity);
    free(memory);
    memory = aligned_alloc(16, run.bytes);
    memset(memory, 0xa5, run.bytes);
    run = (struct schedule_memory){.next = memory};
    set = tijdeman_take(&run, capacity);
}

static void make(uint32_t count, const int64_t *weights)
{
    make_set(count > THREADS_MAX ? count : THREADS_MAX);
    for (uint32_t i = 0; i < count; i++)
        CU_ASSERT_EQUAL_FATAL(tijdeman_join(set, i, weights[i]), SCHEDULE_OK);
}

/* Weights of several kinds: small, equal, two sorts, one heavy, growing. Returns their sum. */
static int64_t random_weights(uint32_t count, int64_t *weights)
{
    uint64_t kind = random_next(&numbers) % 6, most = 1 + random_next(&numbers) % 12;
    int64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t weight = 1 + random_next(&numbers) % most;
        if (kind == 1)
            weight = most;
        if (kind == 2)
            weight = i % 2 == 0 ? most : 3 * most + i;
        if (kind == 3)
            weight = i == 0 ? HUNDRED * most : weight;
        if (kind == 4)
            weight = 1 + (uint64_t)i * i * most / 8;
        weights[i] = (int64_t)weight;
        sum += weights[i];
    }
    return sum;
}

/* --- The bound, as answers are counted here -------------------------------------------------- */

struct count {
    uint32_t threads;
    int64_t weights[THREADS_MAX], had[THREADS_MAX], sum, slots;
};

/* Are all lags times the sum at most sum * (1 - 1/parts), either way, after one more answer? */
static bool within(struct count *count, uint32_t answer, int64_t parts)
{
    count->slots++;
    if (answer >= count->threads)
        return false;
    count->had[answer]++;
    for (uint32_t i = 0; i < count->threads; i++) {
        int64_t lag = count->weights[i] * count->slots - count->had[i] * count->sum;
        if (labs(lag) * parts > (parts - 1) * count->sum)
            return false;
    }
    return true;
}

static void test_bound(void)
{
    unsigned beyond = 0, not_even = 0, vectors = 0;
    uint64_t slots = 0;
    for (unsigned turn = 0; turn < 40 * scale; turn++) {
        for (uint32_t n = 2; n <= THREADS_MAX; n++, vectors++) {
            struct count count = {.threads = n};
            count.sum = random_weights(n, count.weights);
            make(n, count.weights);
            /* A whole period, but for the long ones of many threads. */
            int64_t period = scale == 1 && count.sum > 1500 ? 1500 : count.sum;
            for (int64_t slot = 0; slot < period; slot++, slots++)
                beyond += !within(&count, tijdeman_next(set), 2 * (int64_t)n - 2);
            for (uint32_t i = 0; period == count.sum && i < n; i++)
                not_even += count.had[i] != count.weights[i];
            CU_ASSERT_TRUE(tijdeman_check(set));
        }
    }
    CU_ASSERT(vectors >= 2000 && slots > 500000);
    CU_ASSERT_EQUAL(beyond, 0);
    CU_ASSERT_EQUAL(not_even, 0);
}

/* The bound is reached by some weights, so nothing is left to gain. */
static void test_reached(void)
{
    struct count count = {.threads = 2, .weights = {1, 1}, .sum = 2};
    make(2, count.weights);
    CU_ASSERT_TRUE(within(&count, tijdeman_next(set), 2));
    CU_ASSERT_EQUAL(labs(count.slots - 2 * count.had[0]), 1);
}

/*
 * The thread for the next slot as the rule is said, with D = 1/parts: among those with
 * r t - x >= D the one with the smallest (x + 1 - D) / r.
 */
static uint32_t plain_next(const struct count *count, int64_t parts)
{
    uint32_t best = THREADS_MAX;
    int64_t slot = count->slots + 1;
    for (uint32_t i = 0; i < count->threads; i++) {
        int64_t weight = count->weights[i];
        if (parts * (weight * slot - count->had[i] * count->sum) < count->sum)
            continue;
        if (best == THREADS_MAX ||
            (parts * (count->had[i] + 1) - 1) * count->weights[best] <
                (parts * (count->had[best] + 1) - 1) * weight)
            best = i;
    }
    return best;
}

/* Rules that look alike break the bound, and it is seen: with D = 1/2, and with D nearly 0. */
static void test_wrong_rule(void)
{
    static const int64_t wrong_parts[] = {2, 100000};
    unsigned seen = 0;
    for (unsigned rule = 0; rule < 2; rule++) {
        bool caught = false;
        for (unsigned turn = 0; turn < 300 && !caught; turn++) {
            struct count count = {.threads = (uint32_t)(3 + random_next(&numbers) % 6)};
            count.sum = random_weights(count.threads, count.weights);
            for (int64_t slot = 0; slot < count.sum && !caught; slot++)
                caught = !within(&count, plain_next(&count, wrong_parts[rule]),
                                 2 * (int64_t)count.threads - 2);
        }
        seen += caught;
    }
    CU_ASSERT_EQUAL(seen, 2);
    /* The same in the set itself: a step that is too small. */
    struct count count = {.threads = 4, .weights = {3, 5, 7, 11}, .sum = 26};
    bool caught = false, caught_inside = false;
    make(4, count.weights);
    CU_ASSERT_TRUE(within(&count, tijdeman_next(set), 6));
    set->threads[3].step -= 1;
    for (unsigned slot = 0; slot < 500 && !(caught && caught_inside); slot++) {
        bool holds = within(&count, tijdeman_next(set), 6);
        caught = caught || !holds;
        caught_inside = caught_inside || !tijdeman_bound_holds(set);
    }
    CU_ASSERT(caught && caught_inside);
}

/* --- Two threads ----------------------------------------------------------------------------- */

/* The Fibonacci word is the fixed point of a -> ab, b -> a; here a is 0. */
static void fibonacci_word(unsigned char *word, size_t letters)
{
    size_t end = 1;
    word[0] = 0;
    for (size_t at = 0; end < letters; at++) {
        if (at > 0)
            word[end++] = 0;
        if (end < letters && word[at] == 0)
            word[end++] = 1;
    }
}

static void test_fibonacci(void)
{
    static unsigned char word[FIBONACCI_SLOTS];
    static const int64_t fixed[] = {GOLDEN, FIXED_ONE}, numbers[] = {1836311903, 1134903170};
    unsigned wrong = 0;
    fibonacci_word(word, FIBONACCI_SLOTS);
    make(2, fixed);
    tijdeman_set_phase(set, TIJDEMAN_BEATTY);
    for (size_t slot = 0; slot < FIBONACCI_SLOTS; slot++)
        wrong += tijdeman_next(set) != word[slot];
    CU_ASSERT_TRUE(tijdeman_check(set));
    /* The ratio of two Fibonacci numbers is as good for so many slots. */
    make(2, numbers);
    tijdeman_set_phase(set, TIJDEMAN_BEATTY);
    for (size_t slot = 0; slot < FIBONACCI_SLOTS; slot++)
        wrong += tijdeman_next(set) != word[slot];
    CU_ASSERT_EQUAL(wrong, 0);
}

/* Without an advance the same weights give the Sturmian word round(r t) - round(r (t - 1)), and
   no lag is above 1/2. */
static void test_golden_centred(void)
{
    static const int64_t fixed[] = {FIXED_ONE, GOLDEN};
    uint64_t sum = (uint64_t)(FIXED_ONE + GOLDEN), place = (uint64_t)(FIXED_ONE + GOLDEN) / 2;
    unsigned wrong = 0, beyond = 0;
    make(2, fixed);
    for (size_t slot = 0; slot < FIBONACCI_SLOTS; slot++) {
        place += (uint64_t)GOLDEN;
        bool golden = place >= sum;
        place -= golden ? sum : 0;
        wrong += tijdeman_next(set) != golden;
        beyond += !tijdeman_bound_holds(set);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(beyond, 0);
}

/* Each thread's k-th slot is floor(k / r): Beatty's two sequences, with weights that are no golden
   ratio, until just before the period ends. */
static void test_beatty_sequences(void)
{
    unsigned wrong = 0;
    for (unsigned turn = 0; turn < 200 * scale; turn++) {
        int64_t weights[] = {(int64_t)(1 + random_next(&numbers) % 5000), 5003};
        int64_t sum = weights[0] + weights[1], had[2] = {0};
        make(2, weights);
        tijdeman_set_phase(set, TIJDEMAN_BEATTY);
        for (int64_t slot = 1; slot < sum - 1; slot++) {
            uint32_t i = tijdeman_next(set);
            wrong += ++had[i] * sum / weights[i] != slot;
        }
        for (unsigned slot = 0; slot < 1000; slot++) {
            tijdeman_next(set);
            wrong += !tijdeman_bound_holds(set);
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* --- Sets that change ------------------------------------------------------------------------ */

/* Threads come, leave and change their weights at random. */
static void random_changes(uint32_t threads, unsigned every)
{
    unsigned wrong = 0;
    make_set(threads);
    for (unsigned slot = 0; slot < 5000; slot++) {
        uint32_t i = (uint32_t)(random_next(&numbers) % threads);
        uint64_t most = random_next(&numbers) % 8 ? 20 : 2000;
        int64_t weight = 1 + (int64_t)(random_next(&numbers) % most);
        switch (random_next(&numbers) % every) {
        case 0:
            tijdeman_join(set, i, weight);
            break;
        case 1:
            tijdeman_leave(set, i);
            break;
        case 2:
            tijdeman_weigh(set, i, weight);
            break;
        }
        uint32_t answer = tijdeman_next(set);
        wrong += answer == SCHEDULE_NOBODY && set->count > 0;
        wrong += slot % 32 == 0 && !tijdeman_check(set);
        wrong += !tijdeman_bound_holds(set);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void test_changes(void)
{
    for (unsigned turn = 0; turn < 20 * scale; turn++)
        random_changes(2 + turn * 3 % (THREADS_MAX - 1), 3 + turn * 7 % 100);
}

enum { CLOCK = 0, STEADY = 1, GUESTS = 2, CLOCK_WEIGHT = 4000 };

/* A guest's stay: how many slots it had before, and what the clock showed, or will. */
struct stay {
    int64_t weight, had, clock;
    uint64_t begins, ends; /* when it really comes and goes, in answers; 0: not known */
    bool here;
};

static struct stay stays[THREADS_MAX];
static int64_t had[THREADS_MAX];
static unsigned whole_stays, uneven;

static void watch(struct stay *stay, uint32_t i, uint64_t given)
{
    if (stay->begins == given) {
        stay->clock = had[CLOCK];
        stay->had = had[i];
    }
    if (stay->ends != given || stay->ends == 0)
        return;
    /* In units of 1/CLOCK_WEIGHT of a slot; one slot of the clock either way at both ends. */
    int64_t lag = stay->weight * (had[CLOCK] - stay->clock) - (had[i] - stay->had) * CLOCK_WEIGHT;
    uneven += labs(lag) > 4 * stay->weight;
    whole_stays++;
    *stay = (struct stay){0};
}

/* Whoever is not there any more left before the last answer. */
static void note_ends(uint64_t given)
{
    for (uint32_t i = GUESTS; i < THREADS_MAX; i++)
        if (stays[i].here && stays[i].ends == 0 && !set->threads[i].present)
            stays[i].ends = given;
}

/*
 * Whoever stays all the time is a clock: its slots, divided by its weight, are the virtual time,
 * and a heavy one shows it well. A guest must have had what its weight earned from when it came
 * until it left: its lag was 0. And two who stay are even, whoever else comes and goes.
 */
static void test_guests(void)
{
    memset(stays, 0, sizeof stays);
    memset(had, 0, sizeof had);
    make_set(THREADS_MAX);
    tijdeman_join(set, CLOCK, CLOCK_WEIGHT);
    tijdeman_join(set, STEADY, 100);
    tijdeman_next(set);
    had[CLOCK]++;
    for (uint64_t given = 1; given < 200000 * (uint64_t)scale; given++) {
        uint32_t i = GUESTS + (uint32_t)(random_next(&numbers) % (THREADS_MAX - GUESTS));
        struct stay *stay = &stays[i];
        bool came = false;
        if (random_next(&numbers) % 8 == 0 && !set->threads[i].present && !stay->here) {
            *stay = (struct stay){.weight = 1 + (int64_t)(random_next(&numbers) % 40),
                                  .here = true};
            came = tijdeman_join(set, i, stay->weight) == SCHEDULE_OK;
        } else if (random_next(&numbers) % 8 == 0 && stay->begins != 0 && stay->begins < given) {
            tijdeman_leave(set, i);
        }
        if (came)
            stay->begins = given;
        for (uint32_t j = GUESTS; j < THREADS_MAX; j++)
            watch(&stays[j], j, given);
        uint32_t answer = tijdeman_next(set);
        note_ends(given);
        for (uint32_t j = GUESTS; j < THREADS_MAX; j++)
            watch(&stays[j], j, given);
        had[answer]++;
        int64_t apart = had[CLOCK] * 100 - had[STEADY] * CLOCK_WEIGHT;
        uneven += labs(apart) > CLOCK_WEIGHT + 100;
    }
    CU_ASSERT_EQUAL(uneven, 0);
    CU_ASSERT(whole_stays > 1000);
}

/* --- The rest -------------------------------------------------------------------------------- */

static void test_refused(void)
{
    make_set(THREADS_MAX);
    CU_ASSERT_EQUAL(tijdeman_next(set), SCHEDULE_NOBODY);
    CU_ASSERT_EQUAL(tijdeman_join(set, 0, 0), SCHEDULE_WEIGHT_ZERO);
    CU_ASSERT_EQUAL(tijdeman_join(set, 0, -1), SCHEDULE_WEIGHT_NEGATIVE);
    CU_ASSERT_EQUAL(tijdeman_join(set, 0, INT64_MIN), SCHEDULE_WEIGHT_NEGATIVE);
    CU_ASSERT_EQUAL(tijdeman_join(set, 0, INT64_MAX), SCHEDULE_WEIGHT_OVERFLOW);
    CU_ASSERT_EQUAL(tijdeman_leave(set, 0), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(tijdeman_weigh(set, 0, 1), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(tijdeman_join(set, 0, (INT64_C(1) << 46) - 1), SCHEDULE_OK);
    CU_ASSERT_EQUAL(tijdeman_join(set, 0, 1), SCHEDULE_PRESENT);
    CU_ASSERT_EQUAL(tijdeman_join(set, 1, INT64_C(1) << 46), SCHEDULE_OK);
    CU_ASSERT_EQUAL(tijdeman_weigh(set, 1, (INT64_C(1) << 46) + 1), SCHEDULE_WEIGHT_OVERFLOW);
    CU_ASSERT_EQUAL(tijdeman_join(set, 2, 1), SCHEDULE_WEIGHT_OVERFLOW);
    CU_ASSERT_EQUAL(tijdeman_leave(set, 1), SCHEDULE_OK);
    CU_ASSERT_EQUAL(tijdeman_leave(set, 1), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(tijdeman_next(set), 0);
    CU_ASSERT_EQUAL(set->count, 1);
    CU_ASSERT_EQUAL(tijdeman_join(set, 2, 1), SCHEDULE_OK);
}

/* What was seen while structures were looked at. */
struct seen {
    unsigned wrong, far, far_urgent, pending, leaving, heap;
};

static void look(struct seen *seen, unsigned slot)
{
    seen->wrong += slot % 16 == 0 && !tijdeman_check(set);
    seen->wrong += !tijdeman_bound_holds(set);
    seen->far += set->windows->far_count + set->masks.far_waiting_count > 0;
    seen->far_urgent += set->masks.far_urgent_count > 0;
    seen->pending += set->masks.pending != 0;
    seen->leaving += set->leaving_count > 0;
    seen->heap += set->windows->heap != NULL;
}

/* Is the answer to the next slot one with the first deadline of those whose windows have begun? */
static bool next_is_first(void)
{
    uint64_t slot = set->masks.slot + 1, first = UINT64_MAX, last[WIDE];
    bool changed = set->changed || !set->masked;
    for (uint32_t i = 0; i < set->capacity && !changed; i++) {
        const struct tijdeman_thread *thread = &set->threads[i];
        last[i] = thread->begin + thread->length -
                  (thread->begin_rest + thread->length_rest < 0);
        if ((int64_t)(thread->begin - slot) < 0 && last[i] < first)
            first = last[i];
    }
    uint32_t answer = tijdeman_next(set);
    return changed || last[answer] == first;
}

/* Masks, lists and heaps stay in order where deadlines are far, near and crowded. */
static struct seen look_at(uint32_t threads)
{
    int64_t weights[WIDE];
    struct seen seen = {0};
    for (unsigned kind = 0; kind < 6; kind++) {
        for (uint32_t i = 0; i < threads; i++) {
            uint32_t random = (uint32_t)(random_next(&numbers) % 1000);
            int64_t of_kind[] = {1 + (i == 0) * 20000, i % 2 == 0 ? 90000 + i : 1000 + i,
                                 1 + random * random, (int64_t)1 << i / 4, 1000000 + random, 1 + i};
            weights[i] = of_kind[kind];
        }
        make(threads, weights);
        for (unsigned slot = 0; slot < 10000 * scale; slot++) {
            /* Some have had a slot for a long time to come. */
            for (uint32_t i = 1; kind == 0 && slot == 5000 && i < threads; i++)
                tijdeman_leave(set, i);
            seen.wrong += !next_is_first();
            look(&seen, slot);
        }
    }
    return seen;
}

static void test_structure(void)
{
    struct seen masked = look_at(THREADS_MAX), wide = look_at(WIDE);
    CU_ASSERT_EQUAL(masked.wrong, 0);
    CU_ASSERT(masked.far > 0 && masked.far_urgent > 0 && masked.pending > 0);
    CU_ASSERT_EQUAL(wide.wrong, 0);
    CU_ASSERT(wide.far > 0 && wide.leaving > 0 && wide.heap > 0);
}

/* Ten thousand threads. */
static void test_many(void)
{
    enum { MANY = 10000 };
    unsigned wrong = 0;
    make_set(MANY);
    for (uint32_t i = 0; i < MANY; i++)
        CU_ASSERT_EQUAL(tijdeman_join(set, i, 1 + (int64_t)(random_next(&numbers) % 100)),
                        SCHEDULE_OK);
    for (unsigned slot = 0; slot < 30000; slot++) {
        tijdeman_next(set);
        wrong += slot % 1000 == 0 && !tijdeman_check(set);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

int main(void)
{
    if (getenv("EXO_LONG"))
        scale = 8;
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("tijdeman", NULL, NULL);
    CU_add_test(suite, "the bound, at each slot", test_bound);
    CU_add_test(suite, "the bound is reached", test_reached);
    CU_add_test(suite, "a wrong rule is seen", test_wrong_rule);
    CU_add_test(suite, "the Fibonacci word", test_fibonacci);
    CU_add_test(suite, "the golden ratio, centred", test_golden_centred);
    CU_add_test(suite, "Beatty sequences", test_beatty_sequences);
    CU_add_test(suite, "sets that change", test_changes);
    CU_add_test(suite, "guests", test_guests);
    CU_add_test(suite, "refused", test_refused);
    CU_add_test(suite, "structure", test_structure);
    CU_add_test(suite, "ten thousand threads", test_many);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    free(memory);
    return failures != 0;
}
