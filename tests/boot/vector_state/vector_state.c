/* SPDX-License-Identifier: MIT */
/*
 * Vector registers, their control words and the bases of thread-local storage never pass from one
 * domain to another: a server that is called finds the initial state, and so does its caller behind
 * the reply. Two threads of different domains that interrupt each other all the time keep theirs,
 * and find nothing in the segment selectors, which nobody keeps.
 */
#include "processor.h"
#include "scenario.h"
#include "vector.h"

enum {
    CALLS = 100,
    SPINS = 200,
    TURNS = 20000,
    OWN_INDEX = 500, /* places in the core's table that nobody else has */
    CHILD_INDEX = 501,
    INIT_INDICES = 32, /* more than init gives here */
    VECTOR_FRAMES = 2,
    VECTOR_WORDS = 512,
    LENGTH_SHIFT = 16,
    OWN_SEED = 3,
    CHILD_SEED = 101,
};

#define CALL_WORD(number, slot) \
    ((uint64_t)EXO_CALL_TAG << 48 | (uint64_t)(number) << 32 | (uint64_t)(slot))

/* What a child tells. */
struct notes {
    uint64_t good, bad;
};

static void note(struct notes *notes, bool good)
{
    if (good)
        notes->good++;
    else
        notes->bad++;
}

/* A server: the state at each entry must be the initial one; each reply leaves its own behind. */
static void serve(uint64_t shared)
{
    static struct vector_state own, found;
    vector_fill(&own, CHILD_SEED);
    for (;;) {
        vector_call(&own, &found, CALL_WORD(EXO_CALL_PORTAL_REPLY, 0), EXO_STATUS_OK);
        note((struct notes *)shared, vector_is_initial(&found));
    }
}

/* Spins for ever with a state of its own. */
static void spin(uint64_t shared)
{
    static struct vector_state own, found;
    vector_fill(&own, CHILD_SEED);
    for (;;) {
        vector_litter();
        vector_spin(&own, &found, TURNS);
        note((struct notes *)shared, vector_equal(&own, &found));
    }
}

static struct notes *start(struct scenario_child *child, void (*function)(uint64_t))
{
    scenario_child(child, function, 0, 0, 0, NULL);
    struct notes *notes = scenario_share(child, 1);
    EXPECT(child_call(&child->plan, &child->child, 0, (uintptr_t)function, (uintptr_t)notes),
           EXO_STATUS_OK);
    return notes;
}

static void call_server(void)
{
    static struct vector_state own, found;
    struct scenario_child child;
    struct notes *notes = start(&child, serve);
    EXPECT(exo_portal_attach(child.child.portal, child.child.thread), EXO_STATUS_OK);
    CHECK(scenario_run(&child) == EXO_STOP_REASON_NONE);
    vector_fill(&own, OWN_SEED);
    for (uint32_t i = 0; i < CALLS; i++) {
        vector_call(&own, &found, CALL_WORD(EXO_CALL_PORTAL_CALL, child.child.portal), UINT64_MAX);
        CHECK(vector_is_initial(&found));
    }
    CHECK(notes->good == CALLS && notes->bad == 0);
    scenario_end(&child);
}

/* Let the core play us and the child in turn, in slices of the shortest length. A round also has a
 * slot for each of the indices that init gives, ours so far among them: whoever left that while no
 * slot names the new one would never run again. */
static void play(const struct scenario_child *child)
{
    struct startup_device cpu;
    uint64_t offset, index;
    CHECK(startup_device("cpu", &cpu));
    EXPECT(exo_cpu_bind(cpu.slot, child->child.thread, CHILD_INDEX, 0), EXO_STATUS_OK);
    uint64_t *report = pages_take(VECTOR_FRAMES, &offset);
    CHECK(report != NULL);
    for (uint32_t i = 0; i < VECTOR_WORDS; i++)
        report[VECTOR_WORDS + i] =
            (i < INIT_INDICES ? i : i % 2 ? CHILD_INDEX : OWN_INDEX) | UINT64_C(1) << LENGTH_SHIFT;
    EXPECT(exo_cpu_play(cpu.slot, CHILD_SLOT_MEMORY, offset, VECTOR_FRAMES, scenario_slots(1),
                        (uint64_t)EXO_NONE << 32, &index), EXO_STATUS_OK);
    EXPECT(exo_cpu_bind(cpu.slot, CHILD_SLOT_THREAD, OWN_INDEX, 0), EXO_STATUS_OK);
}

static void interrupt_each_other(void)
{
    static struct vector_state own, found;
    struct scenario_child child;
    struct notes *notes = start(&child, spin);
    play(&child);
    EXPECT(exo_thread_start(child.child.thread), EXO_STATUS_OK);
    vector_fill(&own, OWN_SEED);
    for (uint32_t i = 0; i < SPINS || notes->good < SPINS; i++) {
        vector_spin(&own, &found, TURNS);
        CHECK(vector_equal(&own, &found));
        CHECK(!vector_is_littered());
        CHECK(notes->bad == 0);
    }
    EXPECT(exo_thread_stop(child.child.thread), EXO_STATUS_OK);
}

int component_main(void)
{
    call_server();
    /* The console must have started before the core plays nobody but us and the child. */
    print("the calls are done\n");
    interrupt_each_other();
    print("vector_state: no register passed from one domain to another\n");
    return 0;
}
