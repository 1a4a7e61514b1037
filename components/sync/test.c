/* SPDX-License-Identifier: MIT */
/*
 * Threads of the host in the place of Threads, under the thread sanitizer, which sees each access
 * that nothing orders; memory that was freed is poison, besides.
 */
#include <CUnit/Basic.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "ck.h"
#include "kernel_stubs.h"
#include "rcu.h"
#include "sleeping.h"
#include "table.h"

enum {
    THREADS = 4,
    ROUNDS = 5000,
    FOUND = 1000, /* what the readers find at least */
    SPINNERS = 2,      /* Threads that spin, where the host may have others to run ... */
    SPIN_ROUNDS = 500, /* ... so that each round may take a slice of it */
    CHAINS = 8,
    KEYS = 32,
    RING_ENTRIES = 16,
    POISON = 0xdead,
};

/* ---- Events, which put nothing in order: a lock must do that itself ---- */

static uint32_t pending[THREADS], sleeps;

uint64_t host_system_call(uint64_t word, uint64_t words[6])
{
    uint32_t event = (uint32_t)word, call = (uint32_t)(word >> 32) & 0xffff;
    if (call == EXO_CALL_EVENT_SIGNAL) {
        __atomic_store_n(&pending[event], 1, __ATOMIC_RELAXED);
    } else {
        __atomic_add_fetch(&sleeps, 1, __ATOMIC_RELAXED);
        while (!__atomic_exchange_n(&pending[event], 0, __ATOMIC_RELAXED))
            sched_yield();
        words[0] = 1;
    }
    return EXO_STATUS_OK;
}

/* What went wrong in any thread: CUnit knows one thread only. */
static uint32_t wrong;

static void expect(bool holds)
{
    if (!holds)
        __atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
}

/* Run a function in several threads at once, each with its number. */
static void run_threads(int count, void *(*run)(void *number))
{
    pthread_t threads[THREADS];
    for (int i = 0; i < count; i++)
        CU_ASSERT_FATAL(pthread_create(&threads[i], NULL, run, (void *)(uintptr_t)i) == 0);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    CU_ASSERT(wrong == 0);
}

/* ---- grace periods ---- */

static struct rcu rcu;
static struct rcu_reader readers[THREADS];

static void count_rest(void *context)
{
    ++*(uint32_t *)context;
    rcu_quiescent(&rcu, &readers[1]);
}

static void test_grace(void)
{
    rcu_start(&rcu, readers, THREADS);
    CU_ASSERT(rcu_check(&rcu));
    uint64_t first = rcu_grace_begin(&rcu);
    CU_ASSERT(rcu_grace_is_over(&rcu, first)); /* nobody is online */
    rcu_online(&rcu, &readers[0]);
    uint64_t second = rcu_grace_begin(&rcu);
    CU_ASSERT(!rcu_grace_is_over(&rcu, second));
    rcu_online(&rcu, &readers[1]); /* came later: it cannot hold anything */
    CU_ASSERT(!rcu_grace_is_over(&rcu, second));
    rcu_quiescent(&rcu, &readers[0]);
    CU_ASSERT(rcu_grace_is_over(&rcu, second));
    uint64_t third = rcu_grace_begin(&rcu);
    rcu_offline(&readers[0]);
    CU_ASSERT(!rcu_grace_is_over(&rcu, third));
    CU_ASSERT(rcu_grace_is_over(&rcu, second));
    uint32_t rests = 0;
    rcu_synchronize(&rcu, count_rest, &rests);
    CU_ASSERT(rests == 1);
    CU_ASSERT(rcu_grace_is_over(&rcu, third));
    CU_ASSERT(rcu_check(&rcu));
    readers[0].seen = rcu.grace + 1; /* nobody can have seen that */
    CU_ASSERT(!rcu_check(&rcu));
}

static void count_freed(struct rcu_retired *node, void *context)
{
    (void)node;
    ++*(uint32_t *)context;
}

static void test_limbo(void)
{
    struct rcu_limbo limbo = {0};
    struct rcu_retired nodes[3];
    uint32_t freed = 0;
    rcu_start(&rcu, readers, THREADS);
    CU_ASSERT(rcu_reclaim(&rcu, &limbo, count_freed, &freed) == 0);
    rcu_retire(&rcu, &limbo, &nodes[0]);
    rcu_online(&rcu, &readers[0]);
    rcu_retire(&rcu, &limbo, &nodes[1]);
    rcu_retire(&rcu, &limbo, &nodes[2]);
    CU_ASSERT(rcu_limbo_check(&limbo));
    CU_ASSERT(rcu_reclaim(&rcu, &limbo, count_freed, &freed) == 1);
    CU_ASSERT(rcu_limbo_check(&limbo) && limbo.first == &nodes[1]);
    rcu_quiescent(&rcu, &readers[0]);
    CU_ASSERT(rcu_reclaim(&rcu, &limbo, count_freed, &freed) == 2);
    CU_ASSERT(freed == 3 && rcu_limbo_check(&limbo) && !limbo.last);
    limbo.last = &nodes[0];
    CU_ASSERT(!rcu_limbo_check(&limbo));
}

/* ---- a table with readers and a writer ---- */

struct entry {
    struct table_node node;
    struct rcu_retired retired;
    uint64_t key, twice; /* plain: the sanitizer sees a reader that comes too late */
};

static struct table table;
static struct table_node *chains[CHAINS];
static struct entry *entries[KEYS]; /* those that the writer has in it */
static uint32_t found, done;

static void free_entry(struct rcu_retired *retired, void *context)
{
    struct entry *entry = (struct entry *)((char *)retired - offsetof(struct entry, retired));
    (void)context;
    entry->key = entry->twice = POISON;
    free(entry);
}

/* Look one key up; the nodes of a chain share few hashes, so that keys are compared. */
static void look_up(uint64_t key)
{
    struct table_node *node = table_first(&table, key / 2);
    while (node && ((struct entry *)node)->key != key)
        node = table_next(node);
    if (!node)
        return;
    struct entry *entry = (struct entry *)node;
    expect(entry->twice == entry->key * 2);
    __atomic_add_fetch(&found, 1, __ATOMIC_RELAXED);
}

/* Half of the readers stay online, the others are so for each section alone. */
static void read_table(uintptr_t number)
{
    struct rcu_reader *reader = &readers[number];
    bool stays = number % 2 == 0;
    if (stays)
        rcu_online(&rcu, reader);
    for (uint64_t i = 0; !__atomic_load_n(&done, __ATOMIC_RELAXED); i++) {
        if (!stays)
            rcu_online(&rcu, reader);
        look_up(i % KEYS);
        if (stays)
            rcu_quiescent(&rcu, reader);
        else
            rcu_offline(reader);
        if (i % 64 == 0)
            sched_yield();
    }
    rcu_offline(reader);
}

static void write_table(void)
{
    struct rcu_limbo limbo = {0};
    /* And until the readers have found something, however late they come. */
    for (uint64_t i = 0; i < ROUNDS || __atomic_load_n(&found, __ATOMIC_RELAXED) < FOUND; i++) {
        uint64_t key = i * 7 % KEYS;
        if (entries[key]) {
            expect(table_remove(&table, &entries[key]->node));
            expect(!table_remove(&table, &entries[key]->node));
            rcu_retire(&rcu, &limbo, &entries[key]->retired);
            entries[key] = NULL;
        } else {
            entries[key] = malloc(sizeof *entries[key]);
            *entries[key] = (struct entry){.key = key, .twice = key * 2};
            table_add(&table, &entries[key]->node, key / 2);
        }
        rcu_reclaim(&rcu, &limbo, free_entry, NULL);
        if (i % 16 == 0)
            sched_yield();
    }
    expect(table_check(&table));
    __atomic_store_n(&done, 1, __ATOMIC_RELAXED);
    while (limbo.first) {
        rcu_reclaim(&rcu, &limbo, free_entry, NULL);
        sched_yield();
    }
}

static void *run_table(void *number)
{
    if ((uintptr_t)number == 0)
        write_table();
    else
        read_table((uintptr_t)number);
    return NULL;
}

static void test_table(void)
{
    rcu_start(&rcu, readers, THREADS);
    table_start(&table, chains, CHAINS);
    found = done = 0;
    run_threads(THREADS, run_table);
    CU_ASSERT(found >= FOUND);
    for (uint64_t key = 0; key < KEYS; key++)
        free(entries[key]);
    struct table_node stray = {.hash = 1};
    chains[0] = &stray;
    chains[1] = NULL;
    CU_ASSERT(!table_check(&table));
}

/* ---- locks: what they protect is plain, and the sanitizer looks ---- */

static ck_spinlock_ticket_t ticket = CK_SPINLOCK_TICKET_INITIALIZER;
static ck_spinlock_fas_t fas = CK_SPINLOCK_FAS_INITIALIZER;
static ck_spinlock_mcs_t mcs;
static struct sleeping_lock sleeping;
static uint64_t counter, inside;

/* What is done with a lock taken. */
static void work(void)
{
    expect(inside == 0);
    inside = 1;
    counter++;
    if (counter % 512 == 0)
        sched_yield();
    inside = 0;
}

static void *run_ticket(void *number)
{
    (void)number;
    for (int i = 0; i < SPIN_ROUNDS; i++) {
        ck_spinlock_ticket_lock(&ticket);
        work();
        ck_spinlock_ticket_unlock(&ticket);
        if (i % 16 == 0)
            sched_yield();
    }
    return NULL;
}

static void *run_fas(void *number)
{
    (void)number;
    for (int i = 0; i < SPIN_ROUNDS; i++) {
        while (!ck_spinlock_fas_trylock(&fas))
            sched_yield();
        work();
        ck_spinlock_fas_unlock(&fas);
        if (i % 16 == 0)
            sched_yield();
    }
    return NULL;
}

static void *run_mcs(void *number)
{
    (void)number;
    for (int i = 0; i < SPIN_ROUNDS; i++) {
        struct ck_spinlock_mcs node;
        ck_spinlock_mcs_lock(&mcs, &node);
        work();
        ck_spinlock_mcs_unlock(&mcs, &node);
        if (i % 16 == 0)
            sched_yield();
    }
    return NULL;
}

/* The first thread keeps the lock until another one sleeps for it, and then all contend. */
static void *run_sleeping(void *number)
{
    static uint32_t is_kept;
    struct sleeping_place kept;
    if (!number) {
        sleeping_take(&sleeping, &kept, 0);
        __atomic_store_n(&is_kept, 1, __ATOMIC_RELEASE);
        while (__atomic_load_n(&sleeps, __ATOMIC_RELAXED) == 0)
            sched_yield();
        sleeping_give(&sleeping, &kept);
    }
    while (!__atomic_load_n(&is_kept, __ATOMIC_ACQUIRE))
        sched_yield();
    for (int i = 0; i < ROUNDS / 10; i++) {
        struct sleeping_place place;
        sleeping_take(&sleeping, &place, (uint32_t)(uintptr_t)number);
        work();
        expect(sleeping_check(&sleeping, &place));
        if (i % 8 == 0)
            sched_yield(); /* so that some sleep */
        sleeping_give(&sleeping, &place);
        for (int pauses = 0; pauses < i % 8; pauses++)
            sched_yield(); /* so that some find it free */
    }
    return NULL;
}

static void test_locks(void)
{
    counter = 0;
    run_threads(SPINNERS, run_ticket);
    CU_ASSERT(counter == SPINNERS * SPIN_ROUNDS && !ck_spinlock_ticket_locked(&ticket));
    counter = 0;
    run_threads(SPINNERS, run_fas);
    CU_ASSERT(counter == SPINNERS * SPIN_ROUNDS && !ck_spinlock_fas_locked(&fas));
    counter = 0;
    run_threads(SPINNERS, run_mcs);
    CU_ASSERT(counter == SPINNERS * SPIN_ROUNDS && !mcs);
    counter = 0;
    run_threads(THREADS, run_sleeping);
    CU_ASSERT(counter == THREADS * (ROUNDS / 10) && !sleeping.last);
    struct sleeping_place place = {.next = &place};
    CU_ASSERT(!sleeping_check(&sleeping, &place)); /* nobody has it */
    sleeping.last = &place;
    CU_ASSERT(!sleeping_check(&sleeping, &place));
    sleeping.last = NULL;
}

/* ---- a sequence counter ---- */

static ck_sequence_t sequence;
static uint64_t pair[2];

static void *run_sequence(void *number)
{
    for (uint64_t i = 1; i <= ROUNDS && number == NULL; i++) {
        ck_sequence_write_begin(&sequence);
        __atomic_store_n(&pair[0], i, __ATOMIC_RELAXED);
        if (i % 64 == 0)
            sched_yield();
        __atomic_store_n(&pair[1], i * 3, __ATOMIC_RELAXED);
        ck_sequence_write_end(&sequence);
    }
    for (uint64_t seen = 0; seen < ROUNDS;) {
        unsigned int version;
        uint64_t other;
        do {
            version = ck_sequence_read_begin(&sequence);
            seen = __atomic_load_n(&pair[0], CK_LOAD);
            other = __atomic_load_n(&pair[1], CK_LOAD);
        } while (ck_sequence_read_retry(&sequence, version));
        expect(other == seen * 3);
        sched_yield();
    }
    return NULL;
}

static void test_sequence(void)
{
    run_threads(THREADS, run_sequence);
    CU_ASSERT(pair[0] == ROUNDS);
}

/* ---- a queue: all producers but one, which takes out ---- */

static ck_ring_t ring;
static ck_ring_buffer_t ring_buffer[RING_ENTRIES];
static uint64_t messages[THREADS][ROUNDS]; /* plain: ordered by the queue alone */

static void *run_ring(void *number)
{
    uintptr_t own = (uintptr_t)number;
    for (uint64_t i = 0; i < ROUNDS && own != 0; i++) {
        messages[own][i] = own << 32 | i;
        while (!ck_ring_enqueue_mpsc(&ring, ring_buffer, &messages[own][i]))
            sched_yield();
    }
    uint64_t next[THREADS] = {0};
    for (uint64_t i = 0; i < (uint64_t)(THREADS - 1) * ROUNDS && own == 0; i++) {
        void *message;
        while (!ck_ring_dequeue_mpsc(&ring, ring_buffer, &message))
            sched_yield();
        uint64_t value = *(uint64_t *)message;
        uint64_t from = value >> 32;
        expect(from < THREADS && (uint32_t)value == next[from % THREADS]);
        next[from % THREADS]++;
    }
    return NULL;
}

static void test_ring(void)
{
    ck_ring_init(&ring, RING_ENTRIES);
    run_threads(THREADS, run_ring);
    CU_ASSERT(ck_ring_size(&ring) == 0);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("sync", NULL, NULL);
    CU_add_test(suite, "grace periods", test_grace);
    CU_add_test(suite, "retired nodes", test_limbo);
    CU_add_test(suite, "table: readers and a writer", test_table);
    CU_add_test(suite, "locks", test_locks);
    CU_add_test(suite, "sequence counter", test_sequence);
    CU_add_test(suite, "queue", test_ring);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned int failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
