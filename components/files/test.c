/* SPDX-License-Identifier: MIT */
/* Locks of ranges against a model that knows each byte; circles of those who wait; full tables. */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "locks.h"

enum { NODES = 2, BYTES = 24, CLIENTS = 3, OWNERS = 2, ALL = CLIENTS * OWNERS, STEPS = 40000 };

static struct files_locks locks;
static enum files_lock_kind model[NODES][BYTES][ALL]; /* by owner */
static struct files_lock waiting[ALL];                /* ticket 0: the owner does not wait */
static int opens[ALL];

static struct files_lock lock_of(uint32_t who, uint64_t node, uint64_t start, uint64_t last,
                                 enum files_lock_kind kind)
{
    return (struct files_lock){.node = node, .owner = who % OWNERS, .client = who / OWNERS,
                               .process = who, .start = start, .last = last, .kind = kind,
                               .open = &opens[who]};
}

static uint32_t owner_of(const struct files_lock *lock)
{
    return (uint32_t)(lock->client * OWNERS + lock->owner);
}

/* Is another owner in the way, by the model; and who, as bits. */
static uint32_t in_the_way(const struct files_lock *wanted)
{
    uint32_t others = 0;
    for (uint64_t byte = wanted->start; byte <= wanted->last; byte++)
        for (uint32_t who = 0; who < ALL; who++) {
            enum files_lock_kind kind = model[wanted->node][byte][who];
            if (who != owner_of(wanted) && wanted->kind != FILES_LOCK_NONE &&
                kind != FILES_LOCK_NONE &&
                (kind == FILES_LOCK_EXCLUSIVE || wanted->kind == FILES_LOCK_EXCLUSIVE))
                others |= 1u << who;
        }
    return others;
}

static void apply(const struct files_lock *lock)
{
    for (uint64_t byte = lock->start; byte <= lock->last; byte++)
        model[lock->node][byte][owner_of(lock)] = lock->kind;
}

/* Take over what those who waited have got. */
static void apply_granted(void)
{
    for (bool more = true; more;) {
        more = false;
        for (uint32_t who = 0; who < ALL; who++) {
            struct files_lock *lock = &waiting[who];
            if (lock->ticket == 0 || files_locks_waits(&locks, lock->client, lock->ticket) ||
                in_the_way(lock))
                continue;
            apply(lock);
            lock->ticket = 0;
            more = true;
        }
    }
    for (uint32_t who = 0; who < ALL; who++)
        CU_ASSERT(waiting[who].ticket == 0 ||
                  files_locks_waits(&locks, waiting[who].client, waiting[who].ticket));
}

/* Who waits for whom leads back to nobody. */
static bool has_circle(void)
{
    uint32_t reach[ALL];
    for (uint32_t who = 0; who < ALL; who++)
        reach[who] = waiting[who].ticket != 0 ? in_the_way(&waiting[who]) : 0;
    for (uint32_t turn = 0; turn < ALL; turn++)
        for (uint32_t who = 0; who < ALL; who++)
            for (uint32_t next = 0; next < ALL; next++)
                reach[who] |= reach[who] >> next & 1 ? reach[next] : 0;
    for (uint32_t who = 0; who < ALL; who++)
        if (reach[who] >> who & 1)
            return true;
    return false;
}

static bool is_like_model(void)
{
    static enum files_lock_kind is[NODES][BYTES][ALL];
    for (uint32_t i = 0; i < NODES * BYTES * ALL; i++)
        (&is[0][0][0])[i] = FILES_LOCK_NONE;
    for (uint32_t i = 0; i < locks.end; i++) {
        const struct files_lock *lock = &locks.table[i];
        for (uint64_t byte = lock->start;
             lock->kind != FILES_LOCK_NONE && lock->ticket == 0 && byte <= lock->last; byte++)
            is[lock->node][byte][owner_of(lock)] = lock->kind;
    }
    return memcmp(is, model, sizeof is) == 0;
}

static void set_random(uint32_t who)
{
    uint64_t start = (uint64_t)rand() % BYTES, ticket;
    struct files_lock lock = lock_of(who, (uint64_t)rand() % NODES, start,
                                     start + (uint64_t)rand() % (BYTES - start),
                                     (enum files_lock_kind)(rand() % 3));
    if (waiting[who].ticket != 0)
        lock.kind = FILES_LOCK_NONE; /* who waits can do nothing else but give back */
    bool waits = rand() % 2;
    uint32_t others = in_the_way(&lock);
    CU_ASSERT_EQUAL(files_locks_conflict(&locks, &lock) != NULL, others != 0);
    enum node_result result = files_locks_set(&locks, &lock, waits, &ticket);
    CU_ASSERT_EQUAL(result == NODE_RESULT_DONE, others == 0);
    CU_ASSERT_EQUAL(ticket != 0, result == NODE_RESULT_WOULD_BLOCK && waits);
    if (result == NODE_RESULT_DONE)
        apply(&lock);
    if (ticket != 0 || result == NODE_RESULT_DEADLOCK) {
        struct files_lock before = waiting[who];
        waiting[who] = lock;
        waiting[who].ticket = ticket != 0 ? ticket : UINT64_MAX;
        CU_ASSERT_EQUAL(has_circle(), result == NODE_RESULT_DEADLOCK);
        if (ticket == 0)
            waiting[who] = before;
    }
}

static void test_model(void)
{
    srand(1);
    files_locks_start(&locks);
    memset(waiting, 0, sizeof waiting);
    for (uint32_t i = 0; i < NODES * BYTES * ALL; i++)
        (&model[0][0][0])[i] = FILES_LOCK_NONE;
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t who = (uint32_t)rand() % ALL;
        if (rand() % 40 == 0) {
            files_locks_end(&locks, &opens[who]);
            waiting[who].ticket = 0;
            for (uint32_t i = 0; i < NODES * BYTES; i++)
                (&model[0][0][0])[i * ALL + who] = FILES_LOCK_NONE;
        } else if (rand() % 10 == 0) {
            enum node_result result = files_locks_cancel(&locks, who / OWNERS,
                                                         waiting[who].ticket);
            CU_ASSERT_EQUAL(result == NODE_RESULT_DONE, waiting[who].ticket != 0);
            waiting[who].ticket = 0;
        } else {
            set_random(who);
        }
        apply_granted();
        CU_ASSERT_FATAL(is_like_model());
        CU_ASSERT(files_locks_check(&locks) && !has_circle());
    }
}

static enum node_result set(uint32_t who, uint64_t start, uint64_t last, enum files_lock_kind kind,
                            bool waits, uint64_t *ticket)
{
    struct files_lock lock = lock_of(who, 1, start, last, kind);
    return files_locks_set(&locks, &lock, waits, ticket);
}

/* Three wait for each other in turn; the last one is told. */
static void test_circle(void)
{
    uint64_t ticket, first;
    files_locks_start(&locks);
    for (uint32_t who = 0; who < 3; who++)
        CU_ASSERT_EQUAL(set(who, who, who, FILES_LOCK_EXCLUSIVE, true, &ticket), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(set(0, 1, 1, FILES_LOCK_SHARED, true, &first), NODE_RESULT_WOULD_BLOCK);
    CU_ASSERT_EQUAL(set(1, 2, 2, FILES_LOCK_SHARED, true, &ticket), NODE_RESULT_WOULD_BLOCK);
    CU_ASSERT_EQUAL(set(2, 0, 0, FILES_LOCK_SHARED, true, &ticket), NODE_RESULT_DEADLOCK);
    CU_ASSERT_EQUAL(set(2, 0, 0, FILES_LOCK_SHARED, false, &ticket), NODE_RESULT_WOULD_BLOCK);
    CU_ASSERT_EQUAL(set(1, 1, 1, FILES_LOCK_NONE, false, &ticket), NODE_RESULT_DONE);
    CU_ASSERT_FALSE(files_locks_waits(&locks, 0, first));
    CU_ASSERT_EQUAL(files_locks_cancel(&locks, 0, first), NODE_RESULT_NOT_FOUND);
    CU_ASSERT(files_locks_check(&locks));
}

/* One client cannot take what there is for all; what is next to each other takes one place. */
static void test_full(void)
{
    uint64_t ticket, count = 0;
    files_locks_start(&locks);
    while (set(0, 2 * count, 2 * count, FILES_LOCK_SHARED, false, &ticket) == NODE_RESULT_DONE)
        count++;
    CU_ASSERT(count > FILES_LOCKS_OF_CLIENT - 4 && count <= FILES_LOCKS_OF_CLIENT);
    CU_ASSERT_EQUAL(set(0, 5000, 5000, FILES_LOCK_SHARED, false, &ticket), NODE_RESULT_NO_LOCKS);
    CU_ASSERT_EQUAL(set(2, 5000, 5000, FILES_LOCK_SHARED, false, &ticket), NODE_RESULT_DONE);
    files_locks_end(&locks, &opens[0]);
    for (uint64_t i = 0; i < 1000; i++)
        CU_ASSERT_EQUAL(set(0, i, i, FILES_LOCK_SHARED, false, &ticket), NODE_RESULT_DONE);
    CU_ASSERT_EQUAL(set(4, 0, UINT64_MAX, FILES_LOCK_EXCLUSIVE, false, &ticket),
                    NODE_RESULT_WOULD_BLOCK);
    CU_ASSERT(files_locks_check(&locks));
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("locks of files", NULL, NULL);
    CU_add_test(suite, "random steps against a model", test_model);
    CU_add_test(suite, "a circle", test_circle);
    CU_add_test(suite, "a full table", test_full);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    uint32_t failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
