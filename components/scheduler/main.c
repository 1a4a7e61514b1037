/* SPDX-License-Identifier: MIT */
/*
 * scheduler: says what runs on a core, by the rule that it was told. The first thread looks at what
 * was played and fills the slice vector; the others serve those who want to change something.
 */
#include "kernel_stubs.h"
#include "lock.h"
#include "player.h"
#include "serve.h"
#include "startup.capnp.h"
#include "startup.h"
#include "boot.capnp.h"
#include "text.h"
#include "ticks.h"

enum {
    REPORT_WORDS = 512, /* of a page */
    THREADS = 256, TASKS = 64, EDGES = 256, FAMILIES = 4, /* room, if nothing else is said */
    IDLE_MICROSECONDS = 125000,
    OWN_MICROSECONDS = 1000, /* the longest that a look may take at once */
    MISSING_CPU = 1,
    NO_THREADS = 2,
    NO_MEMORY = 3,
    REFUSED = 4,
    FEW_THREADS = 5,
    UNKNOWN_RULE = 6,
    UNKNOWN_ADMINISTRATOR = 7,
};

/* Bits of the own Event that belong to no channel: the vector ran dry; look at once. */
#define BIT_DRY (UINT64_C(1) << 61)
#define BIT_LOOK (UINT64_C(1) << 62)

static struct policy policy;
static struct player player;
static struct served served;
static uint32_t wait_any, wait_look; /* slots of the own Event, with both bits and without DRY */

static void *bytes_take(size_t bytes)
{
    return bytes == 0 ? NULL : pages_take((bytes + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES, NULL);
}

/* All threads of the core but the first one of this component, which fills the vector. */
static bool learn_threads(uint32_t core)
{
    struct startup_thread thread;
    bool is_known = false, has_init = false;
    for (uint32_t i = 0; startup_thread(i, &thread); i++) {
        struct schedule_terms terms = {.weight = thread.share, .priority = POLICY_PRIORITY};
        if (thread.core != core)
            continue;
        if (thread.component == EXO_SERVER_INIT && !has_init) {
            player.first = thread.index;
            has_init = true;
        }
        if (thread.index < policy.shape.threads)
            served.component[thread.index] = (uint16_t)thread.component;
        if (thread.component == startup_position() && !is_known) {
            is_known = true;
            player.own = thread.index;
        } else if (policy_set(&policy, thread.index, &terms) != SCHEDULE_OK) {
            return false;
        }
    }
    return is_known;
}

static bool start_policy(const struct schedule_rule *rule)
{
    struct schedule_shape shape = {
        .threads = (uint32_t)startup_number("threads", THREADS),
        .cores = 1,
        .tasks = (uint32_t)startup_number("tasks", TASKS),
        .edges = (uint32_t)startup_number("edges", EDGES),
        .families = (uint32_t)startup_number("families", FAMILIES),
    };
    void *memory = bytes_take(policy_bytes(&shape));
    served.component = memory ? bytes_take(shape.threads * sizeof *served.component) : NULL;
    if (!served.component || !served_room(&served, &shape, bytes_take))
        return false;
    policy_start(&policy, &shape, rule, memory);
    for (uint32_t i = 0; i < shape.threads; i++)
        served.component[i] = EXO_SERVER_INIT;
    return true;
}

/* A part of the own Event: to be signalled, or to be waited for. */
static uint32_t event_part(uint64_t rights, uint64_t bits)
{
    uint32_t slot = slots_take(slots_own(), 1);
    if (slot == SLOTS_NONE || exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, slot, 0, 0, rights,
                                                    bits) != EXO_STATUS_OK)
        return EXO_NONE;
    return slot;
}

/* Report, vector and times that the kernel shall use, in frames that follow each other. */
static bool start_player(uint64_t *offset, uint64_t *frames)
{
    uint64_t times = (policy.shape.threads + REPORT_WORDS - 1) / REPORT_WORDS;
    void *memory = bytes_take(player_bytes(policy.shape.threads));
    *frames = 2 + times;
    player.report = pages_take(*frames, offset);
    if (!memory || !player.report)
        return false;
    player.vector = player.report + REPORT_WORDS;
    player.consumed = player.vector + REPORT_WORDS;
    player.policy = &policy;
    player.slot_ticks = startup_slice_ticks();
    /* A look at many threads takes longer than the shortest slots. */
    player.own_ticks = ticks_from_microseconds(OWN_MICROSECONDS);
    if (player.own_ticks < player.slot_ticks)
        player.own_ticks = player.slot_ticks;
    player.start = ticks_now();
    uint64_t ahead = startup_number("ahead", PLAYER_AHEAD);
    player.ahead = ahead < PLAYER_AHEAD ? PLAYER_AHEAD
                                        : ahead < PLAYER_AHEAD_MAX ? (uint32_t)ahead
                                                                   : PLAYER_AHEAD_MAX;
    player_start(&player, memory);
    return true;
}

static bool play(uint32_t cpu, uint64_t offset, uint64_t frames)
{
    uint64_t index;
    uint32_t dry = event_part(EXO_RIGHT_SIGNAL, BIT_DRY), slot = slots_take(slots_own(), 1);
    served.look = event_part(EXO_RIGHT_SIGNAL, BIT_LOOK);
    wait_any = event_part(EXO_RIGHT_WAIT, BIT_DRY | BIT_LOOK);
    wait_look = event_part(EXO_RIGHT_WAIT, BIT_LOOK);
    return exo_cpu_play(cpu, CHILD_SLOT_MEMORY, offset, frames, slot,
                        player.own | (uint64_t)dry << 32, &index) == EXO_STATUS_OK;
}

/* Look again and again: after some slots or when nobody in the vector can run; while nobody runs at
 * all, a few times a second. */
static _Noreturn void run(void)
{
    for (bool was_idle = false;;) {
        uint64_t bits;
        lock_take(&served.lock);
        player_look(&player, false, ticks_now());
        startup_alive();
        bool idles = player_idles(&player) && player.refills > 1;
        uint64_t ticks = player_interval(&player) * player.slot_ticks;
        lock_give(&served.lock);
        if (was_idle && !idles)
            exo_event_wait(wait_any, 0, &bits); /* it ran dry while nobody minded */
        was_idle = idles;
        served.idles = idles;
        exo_event_wait(idles ? wait_look : wait_any,
                       idles ? ticks_deadline(IDLE_MICROSECONDS) : ticks_now() + ticks, &bits);
    }
}

int component_main(void)
{
    struct startup_device cpu;
    uint64_t offset, frames;
    const struct schedule_rule *rule = schedule_rule_find(startup_setting("rule", "beatty"));
    const struct binding *binding = binding_export("scheduler");
    if (!startup_device("cpu", &cpu))
        return MISSING_CPU;
    if (!rule)
        return UNKNOWN_RULE;
    if (binding && binding->thread_count < 2)
        return FEW_THREADS;
    served.binding = binding;
    if (binding && !served_administrators(&served, startup_setting("administrators", "")))
        return UNKNOWN_ADMINISTRATOR;
    if (!start_policy(rule))
        return NO_MEMORY;
    if (!learn_threads((uint32_t)cpu.first))
        return NO_THREADS;
    if (!start_player(&offset, &frames))
        return NO_MEMORY;
    served.player = &player;
    if (!play(cpu.slot, offset, frames))
        return REFUSED;
    for (uint32_t i = 1; binding && i < binding->thread_count; i++)
        thread_run(binding->thread + i, serve, &served);
    run();
}
