/* SPDX-License-Identifier: MIT */
/*
 * scheduler: says what runs on a core, or on several together, by the rule that it was told. On
 * each core the first thread looks at what was played there and fills the slice vector; the others
 * serve those who want to change something.
 */
#include <assert.h>

#include "format.h"
#include "kernel_stubs.h"
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
    NAME_BYTES = 16,
    MISSING_CPU = 1,
    NO_THREADS = 2,
    NO_MEMORY = 3,
    REFUSED = 4,
    FEW_THREADS = 5,
    UNKNOWN_RULE = 6,
    UNKNOWN_ADMINISTRATOR = 7,
    ONE_CORE_RULE = 8,
};

/* A bit of a player's Event: the vector ran dry, or the core is idle no more. All others: look at
 * once. */
#define BIT_DRY (UINT64_C(1) << 61)

static struct policy policy;
static struct player players[SERVED_CORES_MAX];
static struct served served;

/* A core, by its number here. */
static struct core {
    struct startup_device cpu;
    bool has_player, has_init;
    uint32_t thread; /* the player's, among the component's */
} cores[SERVED_CORES_MAX];
static uint32_t core_count;

static void *bytes_take(size_t bytes)
{
    return bytes == 0 ? NULL : pages_take((bytes + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES, NULL);
}

/* The devices `cpu`, `cpu_1`, `cpu_2` and so on. */
static void find_cores(void)
{
    char name[NAME_BYTES] = "cpu";
    while (core_count < SERVED_CORES_MAX && startup_device(name, &cores[core_count].cpu))
        format(name, sizeof name, "cpu_%u", ++core_count);
}

/* A thread of our own: the first one on its core fills the vector. */
static void learn_own(uint32_t core, uint32_t index, uint32_t number)
{
    if (number >= CHILD_THREADS_MAX)
        return;
    served.servers[number].core = core;
    if (cores[core].has_player)
        return;
    cores[core].has_player = true;
    cores[core].thread = number;
    players[core].own = index;
}

static bool learn_thread(const struct startup_thread *thread, uint32_t core)
{
    static uint32_t own_first;
    struct schedule_terms terms = {
        .weight = thread->share, .priority = POLICY_PRIORITY, .core = core};
    if (thread->component == EXO_SERVER_INIT && !cores[core].has_init) {
        players[core].first = thread->index;
        cores[core].has_init = true;
    }
    if (thread->index < policy.shape.threads)
        served.component[thread->index] = (uint16_t)thread->component;
    if (thread->component == startup_position()) {
        own_first = own_first == 0 ? thread->index : own_first; /* init's is the place 0 */
        learn_own(core, thread->index, thread->index - own_first);
        if (players[core].own == thread->index)
            return true;
    }
    return policy_set(&policy, thread->index, &terms) == SCHEDULE_OK;
}

/* All threads of the cores but those of ours that fill the vectors. */
static bool learn_threads(void)
{
    struct startup_thread thread;
    bool is_complete = true;
    for (uint32_t i = 0; startup_thread(i, &thread); i++)
        for (uint32_t core = 0; core < core_count; core++)
            if (thread.core == cores[core].cpu.first && !learn_thread(&thread, core))
                return false;
    for (uint32_t core = 0; core < core_count; core++)
        is_complete = is_complete && cores[core].has_player;
    return is_complete;
}

static bool start_policy(const struct schedule_rule *rule)
{
    struct schedule_shape shape = {
        .threads = (uint32_t)startup_number("threads", THREADS),
        .cores = core_count,
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
    served.policy = &policy;
    served.players = players;
    return true;
}

/* An Event for each of our threads, for which that alone waits: no threads of two cores could. */
static bool start_events(uint32_t count)
{
    uint64_t frame;
    uint32_t slot = slots_take(slots_own(), count);
    if (slot == SLOTS_NONE || !space_take(frames_own(), 1, 1, &frame) ||
        exo_memory_retype(CHILD_SLOT_MEMORY, frame, 1, EXO_OBJECT_KIND_EVENT, slot, count,
                          EXO_SELF) != EXO_STATUS_OK)
        return false;
    for (uint32_t i = 0; i < count; i++)
        served.servers[i].event = slot + i;
    served.server_count = count;
    return true;
}

/* A part of an Event: to be signalled, or to be waited for. */
static uint32_t event_part(uint32_t event, uint64_t rights, uint64_t bits)
{
    uint32_t slot = slots_take(slots_own(), 1);
    if (slot == SLOTS_NONE || exo_capability_derive(event, EXO_SELF, slot, 0, 0, rights, bits) !=
                                  EXO_STATUS_OK)
        return EXO_NONE;
    return slot;
}

/* Report, vector and times that the kernel shall use, in frames that follow each other. */
static bool start_player(uint32_t core, uint64_t *offset, uint64_t *frames)
{
    struct player *player = &players[core];
    uint64_t times = (policy.shape.threads + REPORT_WORDS - 1) / REPORT_WORDS;
    void *memory = bytes_take(player_bytes(policy.shape.threads));
    *frames = 2 + times;
    player->report = pages_take(*frames, offset);
    if (!memory || !player->report)
        return false;
    player->vector = player->report + REPORT_WORDS;
    player->consumed = player->vector + REPORT_WORDS;
    player->policy = &policy;
    player->core = &policy.cores[core];
    player->slot_ticks = startup_slice_ticks();
    /* A look at many threads takes longer than the shortest slots. */
    player->own_ticks = ticks_from_microseconds(OWN_MICROSECONDS);
    if (player->own_ticks < player->slot_ticks)
        player->own_ticks = player->slot_ticks;
    player->start = ticks_now();
    uint64_t ahead = startup_number("ahead", PLAYER_AHEAD);
    player->ahead = ahead < PLAYER_AHEAD ? PLAYER_AHEAD
                                         : ahead < PLAYER_AHEAD_MAX ? (uint32_t)ahead
                                                                    : PLAYER_AHEAD_MAX;
    player_start(player, memory);
    return true;
}

static bool play(uint32_t core, uint64_t offset, uint64_t frames)
{
    uint64_t index;
    uint32_t event = served.servers[cores[core].thread].event;
    uint32_t dry = event_part(event, EXO_RIGHT_SIGNAL, BIT_DRY), slot = slots_take(slots_own(), 1);
    served.look[core] = event_part(event, EXO_RIGHT_SIGNAL, ~BIT_DRY);
    return exo_cpu_play(cores[core].cpu.slot, CHILD_SLOT_MEMORY, offset, frames, slot,
                        players[core].own | (uint64_t)dry << 32, &index) == EXO_STATUS_OK;
}

/* A core was looked at. When all were, that is a sign of life; one that is left out has stalled. */
static void sign(struct player *player)
{
    player->looked = true;
    for (uint32_t core = 0; core < core_count; core++)
        if (!players[core].looked)
            return;
    for (uint32_t core = 0; core < core_count; core++)
        players[core].looked = false;
    startup_alive();
}

/* Look again and again: after some slots or when nobody in the vector can run; while nobody runs at
 * all, when somebody does again, and a few times a second. While others have the lock, the vector
 * has enough for a slot more. */
static _Noreturn void run(void *own)
{
    struct player *player = own;
    const struct core *core = &cores[player->core->number];
    uint32_t event = served.servers[core->thread].event;
    for (bool was_marking = false;;) {
        uint64_t bits, ticks = player->slot_ticks;
        bool idles = false, is_marking = was_marking;
        if (served_try(&served)) {
            player_look(player, false, ticks_now());
            sign(player);
            idles = player_idles(player);
            ticks *= player_interval(player);
            is_marking = player_marks(player);
            served_give(&served);
        }
        if (is_marking != was_marking)
            startup_marks(is_marking);
        was_marking = is_marking;
        exo_event_wait(event, idles ? ticks_deadline(IDLE_MICROSECONDS) : ticks_now() + ticks,
                       &bits);
    }
}

/* All but the first player, which is the main thread. Who serves is said before anybody does. */
static void start_threads(const struct binding *binding)
{
    serve_for(&served);
    for (uint32_t i = 0; i < served.server_count; i++)
        served.servers[i].serves = true;
    for (uint32_t core = 0; core < core_count; core++)
        served.servers[cores[core].thread].serves = false;
    for (uint32_t core = 1; core < core_count; core++)
        thread_run(binding->thread + cores[core].thread, run, &players[core]);
    for (uint32_t i = 0; i < served.server_count; i++)
        if (served.servers[i].serves)
            thread_run(binding->thread + i, serve, &served.servers[i]);
}

int component_main(void)
{
    uint64_t offset, frames;
    const struct schedule_rule *rule = schedule_rule_find(startup_setting("rule", "beatty"));
    const struct binding *binding = binding_export("scheduler");
    find_cores();
    if (core_count == 0)
        return MISSING_CPU;
    if (!rule)
        return UNKNOWN_RULE;
    if (!policy_may_use(rule, core_count))
        return ONE_CORE_RULE;
    if (binding && binding->thread_count < 2 * core_count)
        return FEW_THREADS;
    served.binding = binding;
    if (binding && !served_administrators(&served, startup_setting("administrators", "")))
        return UNKNOWN_ADMINISTRATOR;
    if (!start_policy(rule) || !start_events(binding ? binding->thread_count : 1))
        return NO_MEMORY;
    for (uint32_t i = 0; i < CHILD_THREADS_MAX; i++)
        served.servers[i].core = SERVED_ELSEWHERE;
    /* The main thread is the first player; it is on our own core, which must be the first. */
    if (!learn_threads() || cores[0].thread != 0 ||
        exo_cpu_bind(cores[0].cpu.slot, CHILD_SLOT_THREAD, players[0].own, 0) != EXO_STATUS_OK)
        return NO_THREADS;
    for (uint32_t core = 0; core < core_count; core++) {
        if (!start_player(core, &offset, &frames))
            return NO_MEMORY;
        if (!play(core, offset, frames))
            return REFUSED;
    }
    start_threads(binding);
    run(&players[0]);
}
