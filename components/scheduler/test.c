/* SPDX-License-Identifier: MIT */
/*
 * Host tests of the policy and of the player, whose kernel is played here. Seen to fail: used time
 * compared again at a thread's second slot; words that were not seen yet written anew; a graph's
 * threads that stay in the rule; a task that gets turns beside its graph; a
 * decision that is put over another one; a second look that is taken for an idle core.
 */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "player.h"

enum { THREADS = 32, OWN = 3, SLOT_TICKS = 100, READY_WORD = PLAYER_REPORT_READY };
enum { STEP = 5 }; /* words between two looks: no whole group */

static const struct schedule_shape shape = {
    .threads = THREADS, .cores = 1, .tasks = 8, .edges = 8, .families = 2};
static struct policy policy;
static struct player player;
static uint64_t report[512], vector[PLAYER_WORDS], consumed[512];
static void *memory, *player_memory;

static enum schedule_status set(uint32_t index, int64_t weight)
{
    struct schedule_terms terms = {.weight = weight, .priority = POLICY_PRIORITY};
    return policy_set(&policy, index, &terms);
}

static void start(const char *rule)
{
    free(memory);
    free(player_memory);
    memory = calloc(1, policy_bytes(&shape));
    player_memory = calloc(1, player_bytes(THREADS));
    policy_start(&policy, &shape, schedule_rule_find(rule), memory);
    memset(report, 0, sizeof report);
    memset(vector, 0, sizeof vector);
    memset(consumed, 0, sizeof consumed);
    player = (struct player){
        .policy = &policy,
        .core = policy.cores,
        .report = report,
        .vector = vector,
        .consumed = consumed,
        .slot_ticks = SLOT_TICKS,
        .own_ticks = SLOT_TICKS,
        .own = OWN,
        .ahead = PLAYER_AHEAD,
    };
}

/* Play so many words as the kernel does: whose `runs` bit is set uses its slot. */
static void play(uint32_t words, uint64_t runs, uint32_t slots[THREADS])
{
    static uint64_t position;
    position = report[0];
    for (uint32_t i = 0; i < words; i++) {
        uint32_t index = vector[position % PLAYER_WORDS] & 0xffff;
        bool is_empty = vector[position % PLAYER_WORDS] == 0;
        position = (position + 1) % PLAYER_WORDS;
        if (is_empty || index == OWN || !(runs >> index & 1))
            continue;
        CU_ASSERT(index < THREADS);
        consumed[index] += SLOT_TICKS;
        slots[index]++;
        report[0] = position;
        report[2]++;
    }
    report[0] = position;
}

static void play_and_look(uint32_t words, uint64_t runs, uint32_t slots[THREADS])
{
    static uint64_t now;
    for (uint32_t i = 0; i < words; i += STEP) {
        play(STEP, runs, slots);
        now += (uint64_t)STEP * SLOT_TICKS;
        player_look(&player, false, now);
        CU_ASSERT(player_check(&player));
    }
}

static void test_terms(void)
{
    start("beatty");
    CU_ASSERT_EQUAL(set(1, 0), SCHEDULE_WEIGHT_ZERO);
    CU_ASSERT_EQUAL(set(1, -5), SCHEDULE_WEIGHT_NEGATIVE);
    CU_ASSERT_EQUAL(set(1, INT64_MAX), SCHEDULE_WEIGHT_OVERFLOW);
    CU_ASSERT_EQUAL(set(THREADS, 1), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(set(1, INT64_C(1) << 46), SCHEDULE_OK);
    CU_ASSERT_EQUAL(set(2, INT64_C(1) << 46), SCHEDULE_WEIGHT_OVERFLOW);
    policy_ready(&policy, 1, false); /* what it may have again later counts, too */
    CU_ASSERT_EQUAL(set(2, INT64_C(1) << 46), SCHEDULE_WEIGHT_OVERFLOW);
    CU_ASSERT_EQUAL(policy_remove(&policy, 2), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(policy_remove(&policy, 1), SCHEDULE_OK);
    CU_ASSERT_EQUAL(policy.weights_all, 0);
    struct schedule_terms terms = {.weight = 1, .budget = 1};
    CU_ASSERT_EQUAL(policy_set(&policy, 2, &terms), SCHEDULE_PERIOD_ZERO);
    terms = (struct schedule_terms){.weight = 1, .priority = SCHEDULE_PRIORITIES};
    CU_ASSERT_EQUAL(policy_set(&policy, 2, &terms), SCHEDULE_PRIORITY_RANGE);
    CU_ASSERT(policy_check(&policy));
}

/* Lags add up to nothing while all are ready, and Beatty's are below one slot. */
static void test_lags(void)
{
    start("beatty");
    for (uint32_t i = 4; i < 9; i++)
        CU_ASSERT_EQUAL(set(i, 1 + i * i), SCHEDULE_OK);
    for (uint64_t slot = 1; slot < 5000; slot++) {
        int64_t sum = 0;
        policy_next(&policy, policy.cores, slot);
        for (uint32_t i = 4; i < 9; i++) {
            int64_t lag = policy_lag(&policy, i);
            CU_ASSERT(lag > -1000 && lag < 1000);
            sum += lag;
        }
        CU_ASSERT(sum > -10 && sum < 10); /* each is rounded */
    }
    CU_ASSERT(policy_check(&policy));
}

/* A task runs when the rule says so, and its thread is as others before and after. */
static void test_graph(void)
{
    struct schedule_task tasks[2] = {{5, 4, 0}, {6, 4, 0}};
    struct schedule_edge chain = {0, 1}, cycle[2] = {{0, 1}, {1, 0}};
    struct schedule_graph graph = {.tasks = tasks, .edges = &chain, .task_count = 2};
    uint32_t slots[THREADS] = {0};
    start("dag");
    for (uint32_t i = 4; i < 8; i++)
        CU_ASSERT_EQUAL(set(i, 1), SCHEDULE_OK);
    player_start(&player, player_memory);
    report[READY_WORD] = 0xf0;
    graph.edge_count = 2;
    graph.edges = cycle;
    CU_ASSERT_EQUAL(policy_submit(&policy, &graph), SCHEDULE_GRAPH_CYCLE);
    CU_ASSERT(policy_check(&policy) && policy.cores[0].tasks == 0);
    graph.task_count = 1000000;
    CU_ASSERT_EQUAL(policy_submit(&policy, &graph), SCHEDULE_GRAPH_LARGE);
    graph = (struct schedule_graph){
        .tasks = tasks, .edges = &chain, .task_count = 2, .edge_count = 1};
    CU_ASSERT_EQUAL(policy_submit(&policy, &graph), SCHEDULE_OK);
    CU_ASSERT_EQUAL(policy_set(&policy, 5, &(struct schedule_terms){.weight = 1}),
                    SCHEDULE_GRAPH_BUSY);
    player_look(&player, true, 0);
    play_and_look(2 * PLAYER_WORDS, 0xf0, slots);
    memset(slots, 0, sizeof slots);
    play_and_look(PLAYER_WORDS, 0xf0, slots);
    CU_ASSERT(slots[5] > 300 && slots[6] == 0 && slots[4] > 0 && slots[7] > 0);
    CU_ASSERT_EQUAL(policy_finished(&policy, 5), SCHEDULE_OK);
    CU_ASSERT(policy_check(&policy) && policy.cores[0].tasks == 1);
    policy_use(&policy, schedule_rule_find("beatty_dag"));
    CU_ASSERT(policy_check(&policy) && policy.cores[0].tasks == 0);
}

/* Those who are ready share by weight, whatever becomes of the others. */
static void test_shares(void)
{
    uint32_t slots[THREADS] = {0};
    start("beatty");
    for (uint32_t i = 4; i < 12; i++)
        CU_ASSERT_EQUAL(set(i, i < 6 ? 1 + 2 * (i - 4) : 10), SCHEDULE_OK);
    player_start(&player, player_memory);
    report[READY_WORD] = 0xff0; /* all seem ready, and two of them run */
    play_and_look(PLAYER_WORDS, 0x30, slots);
    memset(slots, 0, sizeof slots);
    play_and_look(4 * PLAYER_WORDS, 0x30, slots);
    CU_ASSERT(slots[5] > 2 * slots[4] && slots[5] < 4 * slots[4]);
    CU_ASSERT(slots[4] > 300);
    /* One of the others runs again: it is found, though its ready bit never changed. */
    play_and_look(PLAYER_WORDS, 0x70, slots);
    memset(slots, 0, sizeof slots);
    play_and_look(PLAYER_WORDS, 0x70, slots);
    CU_ASSERT(slots[6] > 2 * slots[5]);
}

/* What the rule has decided of the window; returns how many words that is. */
static uint32_t decided(uint32_t words[PLAYER_WORDS])
{
    uint32_t count = 0;
    for (uint64_t at = player.played; at < player.filled; at++)
        if (at % 64 != 0 && at % PLAYER_GROUP != 7 && at % PLAYER_GROUP != 3)
            words[count++] = vector[at % PLAYER_WORDS] & 0xffff;
    return count;
}

/* Who wakes and is urgent comes before all that was decided already, of which nothing is lost; and
 * however often that happens, the window has an end. */
static void check_wake(const char *rule)
{
    uint32_t before[PLAYER_WORDS], after[PLAYER_WORDS], slots[THREADS] = {0}, others = 0;
    struct schedule_terms first = {.weight = 1, .priority = 1, .budget = 3, .period = 20};
    start(rule);
    CU_ASSERT(player_marks(&player));
    CU_ASSERT_EQUAL(policy_set(&policy, 4, &first), SCHEDULE_OK);
    for (uint32_t i = 5; i < 10; i++)
        CU_ASSERT_EQUAL(set(i, 1), SCHEDULE_OK);
    player_start(&player, player_memory);
    report[READY_WORD] = 0x3e0;
    play_and_look(2 * PLAYER_WORDS + 3, 0x3e0, slots);
    uint32_t before_count = decided(before);
    report[READY_WORD] = 0x3f0;
    player_look(&player, false, 0);
    uint32_t after_count = decided(after);
    for (uint32_t i = 0; i < 3; i++)
        CU_ASSERT_EQUAL(after[i], 4);
    for (uint32_t i = 0; i < after_count; i++)
        if (after[i] != 4 && others < before_count)
            CU_ASSERT_EQUAL(after[i], before[others++]);
    CU_ASSERT_EQUAL(others, before_count);
    for (uint32_t i = 0; i < 100; i++) {
        report[READY_WORD] = i % 2 ? 0x3f0 : 0x3e0;
        player_look(&player, false, 0);
        CU_ASSERT(player_check(&player));
    }
    decided(after);
    CU_ASSERT_EQUAL(after[0], 4);
}

static void test_wake(void)
{
    check_wake("priority");
    check_wake("edf");
    start("beatty");
    CU_ASSERT_FALSE(player_marks(&player));
}

/* Idle is who had its own slot since it looked, with nobody else; in none it has looked twice. */
static void test_idle(void)
{
    start("beatty");
    CU_ASSERT_EQUAL(set(4, 1), SCHEDULE_OK);
    player_start(&player, player_memory);
    player_look(&player, false, 0);
    player_idles(&player);
    CU_ASSERT_FALSE(player_idles(&player));
    report[2]++;
    player_look(&player, false, 0);
    CU_ASSERT(player_idles(&player));
    CU_ASSERT_EQUAL(report[4], 1); /* the kernel is asked to tell */
    report[2] += 2;
    CU_ASSERT_FALSE(player_idles(&player));
    CU_ASSERT_EQUAL(report[4], 0);
    report[2]++;
    report[READY_WORD] = 1 << 4;
    player_look(&player, false, 0);
    CU_ASSERT_FALSE(player_idles(&player));
}

/* Nobody looks any more: everybody has turns in what the vector holds. */
static void test_stall(void)
{
    uint32_t slots[THREADS] = {0};
    start("priority");
    for (uint32_t i = 4; i < 20; i++) {
        struct schedule_terms terms = {.weight = 1, .priority = i};
        CU_ASSERT_EQUAL(policy_set(&policy, i, &terms), SCHEDULE_OK);
    }
    player_start(&player, player_memory);
    report[READY_WORD] = 0xffff0;
    play_and_look(3 * PLAYER_WORDS, 0xffff0, slots);
    memset(slots, 0, sizeof slots);
    play_and_look(PLAYER_WORDS, 0xffff0, slots);
    CU_ASSERT(slots[4] > 350 && slots[5] == 0 && slots[19] == 0);
    memset(slots, 0, sizeof slots);
    play(PLAYER_WORDS, 0xffff0, slots);
    for (uint32_t i = 4; i < 20; i++)
        CU_ASSERT(slots[i] > 15);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("scheduler", NULL, NULL);
    CU_add_test(suite, "terms", test_terms);
    CU_add_test(suite, "lags", test_lags);
    CU_add_test(suite, "a graph", test_graph);
    CU_add_test(suite, "shares", test_shares);
    CU_add_test(suite, "who wakes", test_wake);
    CU_add_test(suite, "idle", test_idle);
    CU_add_test(suite, "a stall", test_stall);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    free(memory);
    free(player_memory);
    return failures != 0;
}
