/* SPDX-License-Identifier: MIT */
/*
 * Two threads of the host that want the same at once: how many times as much each means of
 * components/sync gets done as a ticket lock does in the same run. All take turns, some
 * milliseconds each, and the median of several turns counts: whatever else the host does meets all
 * of them. A time alone would say more of the host than of them, so none is printed.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ck.h"
#include "kernel_stubs.h"
#include "rcu.h"
#include "sleeping.h"

enum { THREADS = 2, TURNS = 7, TURN_MICROSECONDS = 20000, BATCH = 64, RING_ENTRIES = 256 };

/* ---- Events, for the sleeping lock ---- */

static pthread_mutex_t event_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t event_changed = PTHREAD_COND_INITIALIZER;
static bool pending[THREADS];

uint64_t host_system_call(uint64_t word, uint64_t words[6])
{
    uint32_t event = (uint32_t)word;
    pthread_mutex_lock(&event_mutex);
    if (((word >> 32) & 0xffff) == EXO_CALL_EVENT_SIGNAL) {
        pending[event] = true;
        pthread_cond_broadcast(&event_changed);
    } else {
        while (!pending[event])
            pthread_cond_wait(&event_changed, &event_mutex);
        pending[event] = false;
        words[0] = 1;
    }
    pthread_mutex_unlock(&event_mutex);
    return EXO_STATUS_OK;
}

/* ---- what is compared: BATCH times, by both threads ---- */

static ck_spinlock_ticket_t ticket = CK_SPINLOCK_TICKET_INITIALIZER;
static ck_spinlock_mcs_t mcs;
static struct sleeping_lock sleeping;
static struct rcu rcu;
static struct rcu_reader readers[THREADS];
static ck_sequence_t sequence;
static ck_ring_t ring;
static ck_ring_buffer_t ring_buffer[RING_ENTRIES];
static uint64_t shared, *pointer = &shared;
static bool stop;

static bool is_stopped(void)
{
    return __atomic_load_n(&stop, __ATOMIC_RELAXED);
}

static void work_ticket(uint32_t number)
{
    (void)number;
    for (int i = 0; i < BATCH; i++) {
        ck_spinlock_ticket_lock(&ticket);
        shared++;
        ck_spinlock_ticket_unlock(&ticket);
    }
}

static void work_mcs(uint32_t number)
{
    (void)number;
    for (int i = 0; i < BATCH; i++) {
        struct ck_spinlock_mcs node;
        ck_spinlock_mcs_lock(&mcs, &node);
        shared++;
        ck_spinlock_mcs_unlock(&mcs, &node);
    }
}

static void work_sleeping(uint32_t number)
{
    for (int i = 0; i < BATCH; i++) {
        struct sleeping_place place;
        sleeping_take(&sleeping, &place, number);
        shared++;
        sleeping_give(&sleeping, &place);
    }
}

static void work_rcu(uint32_t number)
{
    rcu_online(&rcu, &readers[number]);
    for (int i = 0; i < BATCH; i++) {
        (void)*(volatile uint64_t *)RCU_READ(pointer);
        rcu_quiescent(&rcu, &readers[number]);
    }
    rcu_offline(&readers[number]);
}

/* One reads, the other one writes. */
static void work_sequence(uint32_t number)
{
    for (int i = 0; i < BATCH; i++) {
        unsigned int version;
        if (number == 0) {
            ck_sequence_write_begin(&sequence);
            __atomic_store_n(&shared, i, __ATOMIC_RELAXED);
            ck_sequence_write_end(&sequence);
            continue;
        }
        do {
            version = ck_sequence_read_begin(&sequence);
            (void)__atomic_load_n(&shared, __ATOMIC_RELAXED);
        } while (ck_sequence_read_retry(&sequence, version) && !is_stopped());
    }
}

/* One sends, the other one receives. */
static void work_queue(uint32_t number)
{
    void *message;
    for (int i = 0; i < BATCH && !is_stopped(); i++)
        while (!(number == 0 ? ck_ring_enqueue_spsc(&ring, ring_buffer, &shared)
                             : ck_ring_dequeue_spsc(&ring, ring_buffer, &message)) &&
               !is_stopped())
            sched_yield(); /* it is the other one's turn, which may have no processor */
}

static const struct kind {
    const char *name;
    void (*work)(uint32_t number);
} kinds[] = {
    {"ticket", work_ticket}, {"mcs", work_mcs},           {"sleeping", work_sleeping},
    {"rcu_read", work_rcu},  {"sequence", work_sequence}, {"queue", work_queue},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* ---- turns ---- */

static const struct kind *current;
static pthread_barrier_t barrier;
static uint64_t batches[THREADS][8]; /* a cache line each */

static void *run(void *number)
{
    uint32_t own = (uint32_t)(uintptr_t)number;
    pthread_barrier_wait(&barrier);
    for (batches[own][0] = 0; !is_stopped(); batches[own][0]++)
        current->work(own);
    return NULL;
}

/* How many batches a kind gets done in one turn, in a second. */
static double turn(const struct kind *kind)
{
    pthread_t threads[THREADS];
    struct timespec begin, end;
    current = kind;
    stop = false;
    ck_ring_init(&ring, RING_ENTRIES);
    for (uintptr_t i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, run, (void *)i) != 0)
            abort();
    pthread_barrier_wait(&barrier);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    usleep(TURN_MICROSECONDS);
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds =
        (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) * 1e-9;
    return (double)(batches[0][0] + batches[1][0]) / seconds;
}

static int compare(const void *first, const void *second)
{
    double difference = *(const double *)first - *(const double *)second;
    return (difference > 0) - (difference < 0);
}

int main(void)
{
    static double ratios[KINDS][TURNS];
    rcu_start(&rcu, readers, THREADS);
    pthread_barrier_init(&barrier, NULL, THREADS + 1);
    for (int i = 0; i < TURNS; i++) {
        double by_ticket = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            double done = turn(&kinds[kind]);
            by_ticket = kind == 0 ? done : by_ticket;
            ratios[kind][i] = by_ticket > 0 ? done / by_ticket : 0;
        }
    }
    for (int kind = 1; kind < KINDS; kind++) {
        qsort(ratios[kind], TURNS, sizeof ratios[kind][0], compare);
        printf("bench ratio.contention_%s_ticket %.2f -\n", kinds[kind].name,
               ratios[kind][TURNS / 2]);
    }
    return 0;
}
