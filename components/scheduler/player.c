/* SPDX-License-Identifier: MIT */
#include "player.h"

#include <assert.h>

enum {
    WORD_SCHEDULER = PLAYER_GROUP - 1,
    WORD_BESIDE = PLAYER_GROUP / 2 - 1,
    INIT_EVERY = 64,   /* words: one of so many is init's, whatever else there is */
    LENGTH_SHIFT = 16,
    REPORT_POSITION = 0,
    REPORT_SLICES = 2,
    REPORT_ASKED = 4,
    BITS = 64,
    BIT_ARRAYS = 3,
    CHECK_EVERY = 64, /* looks, in debug builds */
    /* Words decided ahead, and after how many to look again. A rule for which it matters much who
       is ready just now looks more often. */
    AHEAD_SHORT = 16,
    LOOK_SHORT = 4,
    LOOK_PART = 3, /* of the window */
};

size_t player_bytes(uint32_t threads)
{
    return (2 * (size_t)threads + BIT_ARRAYS * policy_words(threads) + PLAYER_WORDS) *
           sizeof(uint64_t);
}

static uint64_t read_once(const uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static bool is_eager(const struct player *player)
{
    return player->policy->schedule->rule->eager;
}

bool player_marks(const struct player *player)
{
    return player->policy->schedule->rule->urgency != NULL;
}

uint32_t player_interval(const struct player *player)
{
    return is_eager(player) ? LOOK_SHORT : player->ahead / LOOK_PART;
}

/* The next one of a set behind `*turn`; NOBODY when it is empty. */
static uint32_t take_turn(const struct player *player, uint32_t *turn, enum policy_set_name set)
{
    uint32_t index = policy_behind(player->policy, player->core->sets[set], *turn);
    if (index != SCHEDULE_NOBODY)
        *turn = index;
    return index;
}

/* --- The vector ------------------------------------------------------------------------------ */

/* The kernel reads each word once, so it may go on playing. */
static void write_word(struct player *player, uint64_t at, uint32_t index)
{
    uint64_t ticks = index == player->own ? player->own_ticks : player->slot_ticks;
    uint64_t word = index == SCHEDULE_NOBODY ? 0 : index | ticks << LENGTH_SHIFT;
    __atomic_store_n(&player->vector[at % PLAYER_WORDS], word, __ATOMIC_RELAXED);
}

/* Whose a word is; NOBODY when it is empty. */
static uint32_t word_index(const struct player *player, uint64_t at)
{
    uint64_t word = player->vector[at % PLAYER_WORDS];
    return word != 0 ? word & 0xffff : SCHEDULE_NOBODY;
}

/* Words whose threads are the same whatever the rule says. Returns false for others. */
static bool write_fixed(struct player *player, uint64_t at)
{
    if (at % PLAYER_GROUP == WORD_SCHEDULER)
        write_word(player, at, player->own);
    else if (at % INIT_EVERY == 0)
        write_word(player, at, player->first);
    else
        return false;
    return true;
}

/* Everybody in turn, where nobody decided. */
static void write_turn(struct player *player, uint64_t at)
{
    if (!write_fixed(player, at))
        write_word(player, at, take_turn(player, &player->turn, POLICY_TURN));
}

static uint32_t take_beside(struct player *player)
{
    return take_turn(player, &player->beside,
                     player->core->tasks > 0 ? POLICY_APART : POLICY_LEFT);
}

static void write_decided(struct player *player, uint64_t at, uint64_t slot)
{
    uint32_t index = SCHEDULE_NOBODY;
    if (write_fixed(player, at))
        return;
    if (at % PLAYER_GROUP != WORD_BESIDE)
        index = policy_next(player->policy, player->core, slot);
    write_word(player, at, index != SCHEDULE_NOBODY ? index : take_beside(player));
}

/* May decisions of the rule stand here? */
static bool is_decided(uint64_t at)
{
    return at % PLAYER_GROUP != WORD_SCHEDULER && at % PLAYER_GROUP != WORD_BESIDE &&
           at % INIT_EVERY != 0;
}

/* One more word of the window, where no decision may stand. */
static void write_other(struct player *player, uint64_t at)
{
    if (!write_fixed(player, at))
        write_word(player, at, take_beside(player));
}

/*
 * Put a decision behind those in the window that are as urgent, and move the others on; the window
 * becomes longer, and when it is as long as it may be, the last decision is lost. From the front,
 * so that what the kernel reads meanwhile is one or the other. Returns the place.
 */
static uint64_t insert(struct player *player, uint32_t index, uint64_t urgency)
{
    uint64_t end = player->played + player->ahead, place = end;
    for (uint64_t at = player->played; at < end; at++) {
        bool is_new = at == player->filled;
        uint64_t *held = &player->urgency[at % PLAYER_WORDS];
        player->filled += is_new;
        if (!is_decided(at)) {
            if (is_new)
                write_other(player, at);
            continue;
        }
        if (!is_new && place == end && urgency >= *held)
            continue;
        place = place == end ? at : place;
        uint32_t next = word_index(player, at);
        uint64_t next_urgency = *held;
        write_word(player, at, index);
        *held = urgency;
        if (is_new)
            break;
        index = next;
        urgency = next_urgency;
    }
    return place;
}

void player_start(struct player *player, void *memory)
{
    uint32_t threads = player->policy->shape.threads, words = policy_words(threads);
    player->used = memory;
    player->given = player->used + threads;
    player->ready = player->given + threads;
    player->running = player->ready + words;
    player->stuck = player->running + words;
    player->urgency = player->stuck + words;
    player->beside = player->turn = threads;
    player->played = player->seen = player->filled = 0;
    for (uint64_t at = 0; at < PLAYER_WORDS; at++)
        write_turn(player, at);
}

/* --- Looking --------------------------------------------------------------------------------- */

static void set_bit(uint64_t *bits, uint32_t index, bool value)
{
    uint64_t bit = UINT64_C(1) << index % BITS;
    bits[index / BITS] = value ? bits[index / BITS] | bit : bits[index / BITS] & ~bit;
}

/* The thread of a word of the vector that is not the scheduler's; NOBODY for others. */
static uint32_t thread_at(const struct player *player, uint64_t at)
{
    uint32_t index = word_index(player, at);
    bool is_thread = index < player->policy->shape.threads && index != player->own;
    return is_thread ? index : SCHEDULE_NOBODY;
}

/* What became of the slots that were played, of which a thread may have had several. The last slot
 * may be under way. */
static void see_played(struct player *player)
{
    uint64_t end = player->played > 0 ? player->played - 1 : 0;
    for (uint64_t at = player->seen; at < end; at++) {
        uint32_t index = thread_at(player, at);
        if (index == SCHEDULE_NOBODY)
            continue;
        bool is_used = read_once(&player->consumed[index]) != player->used[index];
        player->given[index] += is_used;
        player->given_all += is_used;
        set_bit(player->running, index, is_used);
        set_bit(player->stuck, index, !is_used);
    }
    for (; player->seen < end; player->seen++) {
        uint32_t index = thread_at(player, player->seen);
        if (index != SCHEDULE_NOBODY)
            player->used[index] = read_once(&player->consumed[index]);
    }
}

/* A ready bit that has changed counts more than what was seen before. */
static void see_ready(struct player *player)
{
    uint64_t *const *sets = player->core->sets;
    player->woke = false;
    uint32_t words = policy_words(player->policy->shape.threads);
    for (uint32_t word = 0; word < words; word++) {
        uint64_t bits = read_once(&player->report[PLAYER_REPORT_READY + word]);
        uint64_t changed = bits ^ player->ready[word];
        player->ready[word] = bits;
        player->woke = player->woke || (changed & bits) != 0;
        player->stuck[word] &= ~(changed & bits);
        player->running[word] &= ~changed | bits;
        bits = (bits & ~player->stuck[word]) | player->running[word];
        changed = (bits ^ sets[POLICY_READY][word]) & sets[POLICY_KNOWN][word];
        for (; changed != 0; changed &= changed - 1) {
            uint32_t i = (uint32_t)__builtin_ctzll(changed);
            policy_ready(player->policy, word * BITS + i, bits >> i & 1);
        }
    }
}

void player_waits(struct player *player, uint32_t index, bool waits)
{
    set_bit(player->running, index, false);
    set_bit(player->stuck, index, waits);
    policy_ready(player->policy, index, !waits);
}

bool player_idles(struct player *player)
{
    uint64_t slices = read_once(&player->report[REPORT_SLICES]);
    uint64_t begun = slices - player->slices;
    player->slices = slices;
    /* The scheduler's own slot alone. In none it looked twice, since somebody woke just then. */
    player->idles = begun == 1 && !player->woke && player->refills > 1;
    __atomic_store_n(&player->report[REPORT_ASKED], player->idles, __ATOMIC_RELAXED);
    return player->idles;
}

/* Our own slot may end while we fill the vector: words that the kernel has passed meanwhile are
 * left as they are, since what they say now was played. */
static void follow(struct player *player)
{
    uint64_t position = read_once(&player->report[REPORT_POSITION]);
    player->played += (position - player->played) % PLAYER_WORDS;
    if (player->filled < player->played) {
        player->filled = player->played;
        player->late++;
    }
}

/* Decide the next slots in their order. */
static void decide(struct player *player, uint64_t slot)
{
    uint64_t ahead = is_eager(player) ? AHEAD_SHORT : player->ahead;
    for (follow(player); player->filled < player->played + ahead; follow(player)) {
        write_decided(player, player->filled, slot + player->filled - player->played);
        player->filled++;
    }
}

/* Decide until the next slots are those that are most urgent: until a decision is behind them. */
static void decide_urgent(struct player *player, uint64_t slot)
{
    uint64_t place = 0;
    for (uint32_t i = 0; i < AHEAD_SHORT && place < player->played + AHEAD_SHORT; i++) {
        follow(player);
        uint32_t index = policy_next(player->policy, player->core,
                                     slot + player->filled - player->played);
        place = index != SCHEDULE_NOBODY
                    ? insert(player, index, schedule_urgency(player->policy->schedule, index))
                    : insert(player, take_beside(player), UINT64_MAX);
    }
}

void player_look(struct player *player, bool anew, uint64_t now)
{
    uint64_t before = player->seen;
    follow(player);
    see_played(player);
    see_ready(player);
    for (uint64_t at = before; at < player->seen; at++)
        write_turn(player, at);
    if (anew)
        player->filled = player->played;
    uint64_t slot = (now - player->start) / player->slot_ticks;
    if (player_marks(player))
        decide_urgent(player, slot);
    else
        decide(player, slot);
    player->refills++;
#ifdef EXO_DEBUG
    assert(player->refills % CHECK_EVERY != 0 || player_check(player)); /* it takes long */
#endif
}

bool player_check(const struct player *player)
{
    return player->seen <= player->played && player->played <= player->filled &&
           player->filled - player->played <= player->ahead && policy_check(player->policy);
}
