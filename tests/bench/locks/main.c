/* SPDX-License-Identifier: MIT */
/*
 * What the means of components/sync cost while nobody else uses them: a section of a reader, a lock
 * taken and given back, a message sent and received. Loops are measured empty, too, and that is
 * taken off. rcu_read_section is all that a reader does that stays online: the pointer, what it
 * leads to, and rcu_quiescent() behind it.
 */
#include "ck.h"
#include "first.h"
#include "lock.h"
#include "measure.h"
#include "rcu.h"
#include "sleeping.h"
#include "table.h"

FIRST_PROGRAM

enum { TURNS = 1000, CHAINS = 64, NODES = 64, RING_ENTRIES = 64 };

static struct rcu rcu;
static struct rcu_reader reader;
static uint64_t value = 1, *pointer = &value;
static struct table table;
static struct table_node *chains[CHAINS], nodes[NODES];
static ck_spinlock_ticket_t ticket = CK_SPINLOCK_TICKET_INITIALIZER;
static ck_spinlock_mcs_t mcs;
static struct sleeping_lock sleeping;
static struct lock lock;
static ck_sequence_t sequence;
static ck_ring_t ring;
static ck_ring_buffer_t ring_buffer[RING_ENTRIES];

/* Measure TURNS times what the statement does; twice, since the first run warms up. */
#define MEASURE(name, statement)                                                                   \
    do {                                                                                           \
        struct measure empty, measured;                                                            \
        for (int run = 0; run < 2; run++) {                                                        \
            measure_begin(&empty);                                                                 \
            for (uint64_t turn = 0; turn < TURNS; turn++)                                          \
                measure_barrier();                                                                 \
            measure_end(&empty);                                                                   \
            measure_begin(&measured);                                                              \
            for (uint64_t turn = 0; turn < TURNS; turn++) {                                        \
                statement;                                                                         \
                measure_barrier();                                                                 \
            }                                                                                      \
            measure_end(&measured);                                                                \
        }                                                                                          \
        measure_print_value(name, (measured.instructions - empty.instructions) / TURNS,            \
                            "instructions");                                                       \
    } while (0)

/* The value is wanted, whatever becomes of it. */
static inline void use(uint64_t number)
{
    __asm__ volatile("" : : "r"(number));
}

static void measure_readers(void)
{
    rcu_start(&rcu, &reader, 1);
    rcu_online(&rcu, &reader);
    MEASURE("rcu_read_section", {
        use(*RCU_READ(pointer));
        rcu_quiescent(&rcu, &reader);
    });
    rcu_offline(&reader);
    MEASURE("rcu_epoch_section", {
        rcu_online(&rcu, &reader);
        use(*RCU_READ(pointer));
        rcu_offline(&reader);
    });
    table_start(&table, chains, CHAINS);
    for (uint64_t i = 0; i < NODES; i++)
        table_add(&table, &nodes[i], i);
    MEASURE("table_find", use((uint64_t)(uintptr_t)table_first(&table, turn % NODES)));
    MEASURE("sequence_read", {
        unsigned int version;
        do {
            version = ck_sequence_read_begin(&sequence);
            use(__atomic_load_n(&value, __ATOMIC_RELAXED));
        } while (ck_sequence_read_retry(&sequence, version));
    });
}

static void measure_locks(void)
{
    MEASURE("lock_ticket", {
        ck_spinlock_ticket_lock(&ticket);
        ck_spinlock_ticket_unlock(&ticket);
    });
    MEASURE("lock_mcs", {
        struct ck_spinlock_mcs node;
        ck_spinlock_mcs_lock(&mcs, &node);
        ck_spinlock_mcs_unlock(&mcs, &node);
    });
    MEASURE("lock_sleeping", {
        struct sleeping_place place;
        sleeping_take(&sleeping, &place, 0);
        sleeping_give(&sleeping, &place);
    });
    MEASURE("lock_one_core", {
        lock_take(&lock);
        lock_give(&lock);
    });
}

static void measure_queue(void)
{
    void *message;
    ck_ring_init(&ring, RING_ENTRIES);
    MEASURE("queue_message_one_producer", {
        ck_ring_enqueue_spsc(&ring, ring_buffer, &value);
        ck_ring_dequeue_spsc(&ring, ring_buffer, &message);
    });
    ck_ring_init(&ring, RING_ENTRIES);
    MEASURE("queue_message", {
        ck_ring_enqueue_mpsc(&ring, ring_buffer, &value);
        ck_ring_dequeue_mpsc(&ring, ring_buffer, &message);
    });
}

uint32_t first_main(void)
{
    measure_readers();
    measure_locks();
    measure_queue();
    return 0;
}
