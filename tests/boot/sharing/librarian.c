/* SPDX-License-Identifier: MIT */
/*
 * Keeps a table that its handlers, one on each core, look through for their callers, while its
 * first Thread adds entries and takes them out again, and frees them after a grace period: freed
 * memory is poison. Each call does its part under each kind of lock, too, and sends a message.
 */
#include "ck.h"
#include "kernel_stubs.h"
#include "rcu.h"
#include "scenario.h"
#include "sleeping.h"
#include "table.h"
#include "ticks.h"
#include "worker.capnp.h"

enum {
    HANDLERS_MAX = 8,
    CHAINS = 16,
    ENTRIES = 128,
    KEYS = 64,
    LOOK_UPS = 200, /* of a call */
    RING_ENTRIES = 64,
    PAUSE_MICROSECONDS = 50,
};
#define POISON UINT64_C(0xdeadbeefdeadbeef)

struct entry {
    struct table_node node;
    struct rcu_retired retired;
    uint64_t key, twice;
};

/* A handler Thread. */
struct handler {
    const struct binding *binding;
    struct rcu_reader *reader;
    uint32_t event; /* for which it alone waits */
    uint64_t noise;
};

static struct rcu rcu;
static struct rcu_reader readers[HANDLERS_MAX];
static struct handler handlers[HANDLERS_MAX];
static struct table table;
static struct table_node *chains[CHAINS];

/* Of the writer alone. */
static struct entry entries[ENTRIES];
static struct rcu_retired *unused;
static struct entry *present[KEYS];
static uint64_t freed; /* but for who asks how many */

static ck_spinlock_ticket_t ticket = CK_SPINLOCK_TICKET_INITIALIZER;
static ck_spinlock_mcs_t mcs;
static struct sleeping_lock sleeping;
static ck_sequence_t sequence;
static uint64_t pair[2];
static ck_ring_t ring;
static ck_ring_buffer_t ring_buffer[RING_ENTRIES];

static uint64_t ticket_count, mcs_count, sleeping_count; /* each under its lock */
static uint64_t messages;                                /* that the writer got */
static uint64_t wrong;                                   /* what no reader may see */

/* Marsaglia's xorshift64 (2003). */
static uint64_t noise(uint64_t *state, uint64_t below)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (*state >> 16) % below;
}

static void expect(bool holds)
{
    if (!holds)
        __atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
}

static struct entry *entry_of(struct rcu_retired *retired)
{
    return (struct entry *)(void *)((uint8_t *)retired - offsetof(struct entry, retired));
}

/* ---- the handlers ---- */

/* A key is found twice in a row, or not; in between the writer goes on. */
static void look_up(uint64_t key)
{
    struct table_node *node = table_first(&table, key / 2);
    while (node && ((struct entry *)(void *)node)->key != key)
        node = table_next(node);
    if (!node)
        return;
    const volatile struct entry *entry = (const volatile struct entry *)(void *)node;
    for (uint32_t looks = 0; looks < 8; looks++)
        expect(entry->key == key && entry->twice == key * 2);
}

static void look_at_pair(void)
{
    uint64_t first, second;
    unsigned int version;
    do {
        version = ck_sequence_read_begin(&sequence);
        first = __atomic_load_n(&pair[0], __ATOMIC_RELAXED);
        second = __atomic_load_n(&pair[1], __ATOMIC_RELAXED);
    } while (ck_sequence_read_retry(&sequence, version));
    expect(second == first * 3);
}

static void count_under_locks(const struct handler *handler)
{
    struct ck_spinlock_mcs node;
    struct sleeping_place place;
    ck_spinlock_ticket_lock(&ticket);
    ticket_count++;
    ck_spinlock_ticket_unlock(&ticket);
    ck_spinlock_mcs_lock(&mcs, &node);
    mcs_count++;
    ck_spinlock_mcs_unlock(&mcs, &node);
    sleeping_take(&sleeping, &place, handler->event);
    uint64_t count = sleeping_count, bits;
    if (count % 16 == 0) /* asleep with the lock, so that others sleep for it */
        exo_event_wait(handler->event, ticks_deadline(PAUSE_MICROSECONDS), &bits);
    sleeping_count = count + 1;
    sleeping_give(&sleeping, &place);
}

static enum exo_status block(struct rpc_call *call)
{
    struct handler *handler = call->context;
    rcu_online(&rcu, handler->reader);
    for (uint32_t i = 0; i < LOOK_UPS; i++) {
        look_up(noise(&handler->noise, KEYS));
        if (i % 8 == 0)
            rcu_quiescent(&rcu, handler->reader);
    }
    rcu_offline(handler->reader);
    look_at_pair();
    count_under_locks(handler);
    while (!ck_ring_enqueue_mpsc(&ring, ring_buffer, handler))
        processor_pause();
    return EXO_STATUS_OK;
}

static enum exo_status look(struct rpc_call *call, struct worker_look_results *results)
{
    (void)call;
    *results = (struct worker_look_results){
        .notes = __atomic_load_n(&ticket_count, __ATOMIC_RELAXED),
        .sum = __atomic_load_n(&mcs_count, __ATOMIC_RELAXED),
        .blocked = __atomic_load_n(&sleeping_count, __ATOMIC_RELAXED),
        .disorder = __atomic_load_n(&wrong, __ATOMIC_RELAXED),
        .spent = __atomic_load_n(&messages, __ATOMIC_RELAXED),
        .spending = __atomic_load_n(&freed, __ATOMIC_RELAXED)};
    return EXO_STATUS_OK;
}

static void serve(void *handler)
{
    static const struct worker_methods methods = {.block = block, .look = look};
    worker_serve(&methods, handler, ((struct handler *)handler)->binding);
}

/* ---- the writer ---- */

static void free_entry(struct rcu_retired *retired, void *context)
{
    struct entry *entry = entry_of(retired);
    (void)context;
    entry->key = entry->twice = entry->node.hash = POISON;
    entry->node.next = (struct table_node *)8; /* a fault for whoever follows it */
    retired->next = unused;
    unused = retired;
    __atomic_store_n(&freed, freed + 1, __ATOMIC_RELAXED);
}

/* Add a key, or take it out. */
static void change(uint64_t key, struct rcu_limbo *limbo)
{
    if (present[key]) {
        CHECK(table_remove(&table, &present[key]->node));
        rcu_retire(&rcu, limbo, &present[key]->retired);
        present[key] = NULL;
    } else if (unused) {
        struct entry *entry = entry_of(unused);
        unused = unused->next;
        *entry = (struct entry){.key = key, .twice = key * 2};
        table_add(&table, &entry->node, key / 2);
        present[key] = entry;
    }
}

static _Noreturn void write_for_ever(void)
{
    struct rcu_limbo limbo = {0};
    uint64_t state = 1;
    for (uint64_t round = 0;; round++) {
        void *message;
        change(noise(&state, KEYS), &limbo);
        rcu_reclaim(&rcu, &limbo, free_entry, NULL);
        ck_sequence_write_begin(&sequence);
        __atomic_store_n(&pair[0], round, __ATOMIC_RELAXED);
        __atomic_store_n(&pair[1], round * 3, __ATOMIC_RELAXED);
        ck_sequence_write_end(&sequence);
        while (ck_ring_dequeue_mpsc(&ring, ring_buffer, &message))
            __atomic_store_n(&messages, messages + 1, __ATOMIC_RELAXED);
        if (round % 1024 == 0)
            CHECK(rcu_check(&rcu) && rcu_limbo_check(&limbo) && table_check(&table));
    }
}

int component_main(void)
{
    const struct binding *binding = binding_export("worker");
    CHECK(binding != NULL && binding->thread_count <= HANDLERS_MAX);
    rcu_start(&rcu, readers, HANDLERS_MAX);
    table_start(&table, chains, CHAINS);
    ck_ring_init(&ring, RING_ENTRIES);
    for (uint32_t i = 0; i < ENTRIES; i++)
        free_entry(&entries[i].retired, NULL);
    freed = 0;
    uint32_t events = scenario_slots(HANDLERS_MAX);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(1), 1, EXO_OBJECT_KIND_EVENT,
                             events, HANDLERS_MAX, EXO_SELF), EXO_STATUS_OK);
    for (uint32_t i = 1; i < binding->thread_count; i++) {
        handlers[i] = (struct handler){binding, &readers[i], events + i, i};
        CHECK(thread_run(binding->thread + i, serve, &handlers[i]));
    }
    write_for_ever();
}
