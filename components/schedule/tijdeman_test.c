/* SPDX-License-Identifier: MIT */
/*
 * Host tests of Tijdeman's rule: the bound of the theorem at every slot, with exact integers; the
 * order of a second implementation that says the rule word by word; Sturmian words. With EXO_LONG
 * in the environment there is more of the same.
 */
#include <CUnit/Basic.h>
#include <stdlib.h>

#include "tijdeman.h"

enum { THREADS_MAX = 64, FIBONACCI_SLOTS = 1000000, HUNDRED = 100 };
#define FIXED_ONE (INT64_C(1) << 44)
#define GOLDEN INT64_C(28464754956276) /* (1 + sqrt 5) / 2 * 2^44 */

static struct tijdeman *set;
static void *memory;
static unsigned scale = 1;

static uint64_t random_word(void)
{
    static uint64_t state = 1;
    uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15)); /* splitmix64 */
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void make_set(uint32_t capacity)
{
    free(memory);
    memory = aligned_alloc(16, tijdeman_bytes(capacity));
    set = tijdeman_start(memory, capacity);
}

static enum schedule_status seal(uint32_t count, const int64_t *weights, enum tijdeman_phase phase)
{
    tijdeman_clear(set);
    for (uint32_t i = 0; i < count; i++)
        CU_ASSERT_EQUAL(tijdeman_add(set, i, weights[i]), SCHEDULE_OK);
    return tijdeman_seal(set, phase);
}

/* Weights of several kinds: small, equal, two sorts, one heavy, growing. Returns their sum. */
static int64_t random_weights(uint32_t count, int64_t *weights)
{
    uint64_t kind = random_word() % 6, most = 1 + random_word() % 12;
    int64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t weight = 1 + random_word() % most;
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

/* --- The rule, word by word ------------------------------------------------------------------ */

struct plain {
    uint32_t count;
    int64_t weights[THREADS_MAX], served[THREADS_MAX], sum, slots;
};

/*
 * The thread for the next slot: among those with r t - x >= 1/parts the one with the smallest
 * (x + 1 - 1/parts) / r, the lighter one and the earlier one first. `parts` is 2n - 2.
 */
static uint32_t plain_next(struct plain *plain, int64_t parts)
{
    uint32_t best = THREADS_MAX;
    int64_t slot = ++plain->slots;
    for (uint32_t i = 0; i < plain->count; i++) {
        int64_t weight = plain->weights[i];
        if (parts * (weight * slot - plain->served[i] * plain->sum) < plain->sum)
            continue;
        if (best != THREADS_MAX) {
            int64_t mine = (parts * (plain->served[i] + 1) - 1) * plain->weights[best];
            int64_t its = (parts * (plain->served[best] + 1) - 1) * weight;
            if (mine > its || (mine == its && weight >= plain->weights[best]))
                continue;
        }
        best = i;
    }
    if (best != THREADS_MAX)
        plain->served[best]++;
    return best;
}

static void test_order(void)
{
    struct plain plain;
    unsigned wrong = 0;
    for (unsigned turn = 0; turn < 600 * scale; turn++) {
        plain = (struct plain){.count = (uint32_t)(1 + random_word() % 12)};
        plain.sum = random_weights(plain.count, plain.weights);
        int64_t parts = plain.count > 1 ? 2 * (int64_t)plain.count - 2 : 2;
        CU_ASSERT_EQUAL(seal(plain.count, plain.weights, TIJDEMAN_CENTRED), SCHEDULE_OK);
        for (int64_t slot = 0; slot < 2 * plain.sum; slot++)
            wrong += tijdeman_next(set) != plain_next(&plain, parts);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* --- The bound ------------------------------------------------------------------------------- */

static void test_bound(void)
{
    int64_t weights[THREADS_MAX];
    unsigned beyond = 0, not_even = 0, vectors = 0;
    uint64_t slots = 0;
    for (unsigned turn = 0; turn < 40 * scale; turn++) {
        for (uint32_t count = 2; count <= THREADS_MAX; count++, vectors++) {
            int64_t sum = random_weights(count, weights);
            CU_ASSERT_EQUAL_FATAL(seal(count, weights, TIJDEMAN_CENTRED), SCHEDULE_OK);
            /* A whole period, but for the long ones of many threads. */
            int64_t period = scale == 1 && sum > 1500 ? 1500 : sum;
            for (int64_t slot = 0; slot < period; slot++, slots++) {
                tijdeman_next(set);
                beyond += !tijdeman_bound_holds(set);
            }
            CU_ASSERT_TRUE(tijdeman_check(set));
            const struct tijdeman_class *class = set->classes;
            for (uint32_t place = 0; period == sum && place < count; place++) {
                class += &set->members[place] == class->end;
                not_even += tijdeman_lag(set, class, place) != 0;
            }
        }
    }
    CU_ASSERT(vectors >= 2000 && slots > 500000);
    CU_ASSERT_EQUAL(beyond, 0);
    CU_ASSERT_EQUAL(not_even, 0);
}

/* The bound is reached: 1 - 1/(2n - 2) is attained by some weights, so nothing is left to gain. */
static void test_reached(void)
{
    /* Two equal threads: after one slot the lags are -1/2 and 1/2. */
    static const int64_t equal[] = {1, 1};
    CU_ASSERT_EQUAL(seal(2, equal, TIJDEMAN_CENTRED), SCHEDULE_OK);
    tijdeman_next(set);
    CU_ASSERT_EQUAL(labs(tijdeman_lag(set, set->classes, 0)) * 2, (int64_t)set->weight_sum);
}

/*
 * Rules that look alike break the bound: with D = 1/2 for more than two threads, with D nearly 0,
 * and without asking who is eligible. The check sees each of them.
 */
static void test_wrong_rule(void)
{
    unsigned seen = 0;
    static const int64_t wrong_parts[] = {2, 100000};
    for (unsigned rule = 0; rule < 2; rule++) {
        bool caught = false;
        for (unsigned turn = 0; turn < 300 && !caught; turn++) {
            struct plain plain = {.count = (uint32_t)(3 + random_word() % 6)};
            plain.sum = random_weights(plain.count, plain.weights);
            int64_t parts = 2 * (int64_t)plain.count - 2;
            for (int64_t slot = 0; slot < plain.sum && !caught; slot++) {
                caught = plain_next(&plain, wrong_parts[rule]) == THREADS_MAX;
                for (uint32_t i = 0; i < plain.count && !caught; i++) {
                    int64_t lag = plain.weights[i] * plain.slots - plain.served[i] * plain.sum;
                    caught = labs(lag) * parts > (parts - 1) * plain.sum;
                }
            }
        }
        seen += caught;
    }
    CU_ASSERT_EQUAL(seen, 2);
    /* The same in the set itself: a remainder that is lost, and a thread that is never eligible. */
    static const int64_t weights[] = {3, 5, 7, 11};
    bool caught = false;
    CU_ASSERT_EQUAL(seal(4, weights, TIJDEMAN_CENTRED), SCHEDULE_OK);
    set->classes[3].step -= set->classes[3].step / 16;
    for (unsigned slot = 0; slot < 500 && !caught; slot++) {
        tijdeman_next(set);
        caught = !tijdeman_bound_holds(set);
    }
    CU_ASSERT_TRUE(caught);
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
    CU_ASSERT_EQUAL(seal(2, fixed, TIJDEMAN_BEATTY), SCHEDULE_OK);
    for (size_t slot = 0; slot < FIBONACCI_SLOTS; slot++)
        wrong += tijdeman_next(set) != word[slot];
    CU_ASSERT_TRUE(tijdeman_check(set));
    /* The ratio of two Fibonacci numbers is as good for so many slots. */
    CU_ASSERT_EQUAL(seal(2, numbers, TIJDEMAN_BEATTY), SCHEDULE_OK);
    for (size_t slot = 0; slot < FIBONACCI_SLOTS; slot++)
        wrong += tijdeman_next(set) != word[slot];
    CU_ASSERT_EQUAL(wrong, 0);
}

/* Without an advance the same weights give the Sturmian word round(r t) - round(r (t - 1)). */
static void test_golden_centred(void)
{
    static const int64_t fixed[] = {FIXED_ONE, GOLDEN};
    uint64_t sum = (uint64_t)(FIXED_ONE + GOLDEN), place = (uint64_t)(FIXED_ONE + GOLDEN) / 2;
    unsigned wrong = 0, beyond = 0;
    CU_ASSERT_EQUAL(seal(2, fixed, TIJDEMAN_CENTRED), SCHEDULE_OK);
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
        int64_t weights[] = {(int64_t)(1 + random_word() % 5000), 5003};
        int64_t sum = weights[0] + weights[1], count[2] = {0};
        CU_ASSERT_EQUAL(seal(2, weights, TIJDEMAN_BEATTY), SCHEDULE_OK);
        for (int64_t slot = 1; slot < sum - 1; slot++) {
            uint32_t i = tijdeman_next(set);
            wrong += ++count[i] * sum / weights[i] != slot;
        }
        for (unsigned slot = 0; slot < 1000; slot++) {
            tijdeman_next(set);
            wrong += !tijdeman_bound_holds(set);
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* --- The rest -------------------------------------------------------------------------------- */

static void test_refused(void)
{
    static const int64_t small[] = {1, 1 << 22}, large[] = {1, INT64_C(1) << 46, 3};
    static const int64_t common[] = {INT64_C(1) << 40, INT64_C(3) << 40, INT64_C(5) << 40};
    static const int64_t much[] = {(INT64_C(1) << 46) + 1, INT64_C(1) << 46};
    tijdeman_clear(set);
    CU_ASSERT_EQUAL(tijdeman_add(set, 0, 0), SCHEDULE_WEIGHT_ZERO);
    CU_ASSERT_EQUAL(tijdeman_add(set, 0, -1), SCHEDULE_WEIGHT_NEGATIVE);
    CU_ASSERT_EQUAL(tijdeman_add(set, 0, INT64_MIN), SCHEDULE_WEIGHT_NEGATIVE);
    CU_ASSERT_EQUAL(tijdeman_add(set, 0, INT64_MAX), SCHEDULE_WEIGHT_OVERFLOW);
    CU_ASSERT_EQUAL(set->count, 0);
    for (uint32_t i = 0; i < THREADS_MAX; i++)
        CU_ASSERT_EQUAL(tijdeman_add(set, i, 1), SCHEDULE_OK);
    CU_ASSERT_EQUAL(tijdeman_add(set, 0, 1), SCHEDULE_FULL);
    CU_ASSERT_EQUAL(seal(2, small, TIJDEMAN_CENTRED), SCHEDULE_SHARE_SMALL);
    CU_ASSERT_EQUAL(seal(2, much, TIJDEMAN_CENTRED), SCHEDULE_WEIGHT_OVERFLOW);
    CU_ASSERT_EQUAL(seal(3, large, TIJDEMAN_CENTRED), SCHEDULE_WEIGHT_OVERFLOW);
    CU_ASSERT_EQUAL(seal(3, common, TIJDEMAN_CENTRED), SCHEDULE_OK);
    CU_ASSERT_EQUAL(set->weight_sum, 9);
    for (int i = 0; i < SCHEDULE_STATUS_COUNT; i++)
        CU_ASSERT_PTR_NOT_NULL(schedule_status_text((enum schedule_status)i));
}

/* Heaps, trees and bitmaps stay in order where deadlines are far, near and crowded. */
static void test_structure(void)
{
    int64_t weights[THREADS_MAX];
    unsigned wrong = 0, waited = 0, far = 0;
    for (unsigned kind = 0; kind < 5; kind++) {
        for (uint32_t i = 0; i < THREADS_MAX; i++) {
            uint32_t random = (uint32_t)(random_word() % 1000);
            int64_t of_kind[] = {1 + (i == 0) * 100000, i % 2 == 0 ? 90000 + i : 1000 + i,
                                 1 + random * random, (int64_t)1 << i / 4, 20000 + random};
            weights[i] = of_kind[kind];
        }
        CU_ASSERT_EQUAL_FATAL(seal(THREADS_MAX, weights, TIJDEMAN_CENTRED), SCHEDULE_OK);
        for (unsigned slot = 0; slot < 1500 * scale; slot++) {
            tijdeman_next(set);
            wrong += !tijdeman_check(set);
            waited += set->waiting_count > 0;
            far += set->far_count > 0;
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(waited > 0 && far > 0);
}

/* The count of slots goes back without a trace. Whole periods are added to come near that. */
static void test_go_back(void)
{
    static const int64_t weights[] = {1, 2, 3, 5, 5, 16};
    uint32_t order[32];
    unsigned wrong = 0;
    CU_ASSERT_EQUAL(seal(6, weights, TIJDEMAN_CENTRED), SCHEDULE_OK);
    for (unsigned slot = 0; slot < 32; slot++)
        order[slot] = tijdeman_next(set);
    /* A multiple of the period, and of the wheel. */
    uint64_t slots = (UINT64_C(1) << 23) - 4096, added = slots * set->slot_one;
    set->now += added;
    set->slots_back -= slots;
    for (uint32_t i = 0; i < set->class_count; i++)
        set->classes[i].release += added;
    CU_ASSERT_EQUAL(set->far_count + set->waiting_count, 0);
    CU_ASSERT_TRUE(tijdeman_check(set));
    uint64_t before = set->now;
    for (unsigned slot = 0; slot < 6000; slot++) {
        wrong += tijdeman_next(set) != order[slot % 32];
        wrong += !tijdeman_bound_holds(set);
    }
    CU_ASSERT_TRUE(set->now < before);
    CU_ASSERT_TRUE(tijdeman_check(set));
    CU_ASSERT_EQUAL(wrong, 0);
}

/* Ten thousand threads. */
static void test_many(void)
{
    enum { MANY = 10000 };
    unsigned wrong = 0;
    make_set(MANY);
    for (uint32_t i = 0; i < MANY; i++)
        CU_ASSERT_EQUAL(tijdeman_add(set, i, 1 + (int64_t)(random_word() % 100)), SCHEDULE_OK);
    CU_ASSERT_EQUAL(tijdeman_seal(set, TIJDEMAN_CENTRED), SCHEDULE_OK);
    for (unsigned slot = 0; slot < 30000; slot++) {
        tijdeman_next(set);
        wrong += slot % 1000 == 0 && !tijdeman_check(set);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    make_set(THREADS_MAX);
}

int main(void)
{
    if (getenv("EXO_LONG"))
        scale = 8;
    make_set(THREADS_MAX);
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("tijdeman", NULL, NULL);
    CU_add_test(suite, "the order of the rule", test_order);
    CU_add_test(suite, "the bound, at each slot", test_bound);
    CU_add_test(suite, "the bound is reached", test_reached);
    CU_add_test(suite, "a wrong rule is seen", test_wrong_rule);
    CU_add_test(suite, "the Fibonacci word", test_fibonacci);
    CU_add_test(suite, "the golden ratio, centred", test_golden_centred);
    CU_add_test(suite, "Beatty sequences", test_beatty_sequences);
    CU_add_test(suite, "refused", test_refused);
    CU_add_test(suite, "structure", test_structure);
    CU_add_test(suite, "the count goes back", test_go_back);
    CU_add_test(suite, "ten thousand threads", test_many);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    free(memory);
    return failures != 0;
}
