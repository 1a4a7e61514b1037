/* SPDX-License-Identifier: MIT */
#include "tijdeman.h"

#include <assert.h>

#include "key_heap.h"

enum {
    INDEX_BITS = 14,
    /* What one call does at most. A slot costs a decision and, when its thread has to wait, a move;
       so the work of n threads at once is made up for within n calls. */
    WORK_MAX = 12,
    WORK_DECISION = 4,
    WORK_MOVE = 2,
    LAG_BITS = 46, /* of what is kept of a lag in a change */
    WORD = 64,
};
#define MASK (TIJDEMAN_WHEEL - 1u)
#define RANGE (TIJDEMAN_WHEEL - WORD) /* no deadline is in the word of the slots before it */
#define NEAR (TIJDEMAN_WHEEL / 2)     /* what is nearer than this comes into a wheel */
#define always_inline inline __attribute__((always_inline))
#define never_inline __attribute__((noinline))
_Static_assert(SCHEDULE_THREADS_MAX <= 1 << INDEX_BITS, "an index has its bits");
_Static_assert(SCHEDULE_SLOTS_BITS + INDEX_BITS + 2 <= 64, "a key has all of a time");
_Static_assert(TIJDEMAN_WHEEL == WORD * WORD, "a word has a bit for each word");

struct tijdeman *tijdeman_take(struct schedule_memory *memory, uint32_t capacity)
{
    struct tijdeman *set = schedule_take(memory, 1, sizeof *set);
    struct tijdeman_thread *threads = schedule_take(memory, capacity, sizeof *threads);
    uint64_t *far_waiting = schedule_take(memory, key_heap_words(capacity), sizeof *far_waiting);
    uint64_t *far_urgent = schedule_take(memory, key_heap_words(capacity), sizeof *far_urgent);
    uint32_t *members = schedule_take(memory, capacity, sizeof *members);
    if (!set)
        return NULL;
    key_heap_clear(far_waiting, capacity);
    key_heap_clear(far_urgent, capacity);
    set->threads = threads;
    set->far_waiting = far_waiting;
    set->far_urgent = far_urgent;
    set->members = members;
    set->capacity = capacity;
    set->unusual = true;
    set->alarm = UINT64_MAX;
    return set;
}

/* --- Where threads stand --------------------------------------------------------------------- */

static void alarm_set(struct tijdeman *set)
{
    uint64_t first = set->far_waiting[1] < set->far_urgent[1] ? set->far_waiting[1]
                                                              : set->far_urgent[1];
    set->alarm = first == KEY_HEAP_END ? UINT64_MAX : (first >> INDEX_BITS) - NEAR;
}

/* The first slot of the thread's window, and the last one. */
static inline uint64_t first_slot(const struct tijdeman_thread *thread)
{
    return thread->begin + 1;
}

static inline uint64_t last_slot(const struct tijdeman_thread *thread)
{
    return thread->begin + thread->length +
           (thread->begin_rest + thread->length_rest >= thread->divisor);
}

/* The thread waits for its window, which has not begun. */
static void put_waiting(struct tijdeman *set, struct tijdeman_thread *thread)
{
    uint64_t slot = first_slot(thread);
    if ((int64_t)(slot - set->slot) <= 0)
        slot = set->slot + 1;
    if (slot - set->slot > RANGE) {
        key_heap_push(set->far_waiting, ++set->far_waiting_count,
                      slot << INDEX_BITS | thread->index);
        alarm_set(set);
        return;
    }
    thread->next = set->waiting[slot & MASK];
    set->waiting[slot & MASK] = thread;
}

static always_inline void put_list(struct tijdeman *set, struct tijdeman_thread *thread,
                                   uint64_t slot)
{
    uint32_t at = slot & MASK;
    uint64_t bits = set->occupied[at / WORD];
    thread->next = set->urgent[at];
    set->urgent[at] = thread;
    set->occupied[at / WORD] = bits | UINT64_C(1) << at % WORD;
    if (bits == 0)
        set->summary |= UINT64_C(1) << at / WORD;
}

/* The thread's deadline is `slot`, which is not in the wheel. */
static never_inline void put_far(struct tijdeman *set, struct tijdeman_thread *thread,
                                 uint64_t slot)
{
    if ((int64_t)(slot - set->slot) <= 0) {
        put_list(set, thread, set->slot + 1); /* the bound is broken; not to be made worse */
        return;
    }
    key_heap_push(set->far_urgent, ++set->far_urgent_count, slot << INDEX_BITS | thread->index);
    alarm_set(set);
}

static always_inline void put_urgent(struct tijdeman *set, struct tijdeman_thread *thread)
{
    uint64_t slot = last_slot(thread);
    if (__builtin_expect(slot - set->slot - 1 >= RANGE, 0))
        put_far(set, thread, slot);
    else
        put_list(set, thread, slot);
}

/* --- A set that changed ---------------------------------------------------------------------- */

/* The begin of the window says how many slots there were before it. */
static int64_t lag_of(const struct tijdeman *set, const struct tijdeman_thread *thread)
{
    uint64_t past = thread->divisor * (set->slot - thread->begin) - thread->begin_rest - 1;
    return (int64_t)(past + (set->eevdf ? thread->divisor : set->sum));
}

int64_t tijdeman_lag(const struct tijdeman *set, uint32_t index)
{
    return lag_of(set, &set->threads[index]);
}

/* value * factor / 2^LAG_BITS, rounded to 0. */
static int64_t scale(int64_t value, uint64_t factor)
{
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    magnitude = (uint64_t)((unsigned __int128)magnitude * factor >> LAG_BITS);
    return value < 0 ? -(int64_t)magnitude : (int64_t)magnitude;
}

/* The decisions ahead that were made since the last change are taken back. */
static void take_back(struct tijdeman *set)
{
    uint32_t kept = set->ahead_fixed;
    if ((int32_t)(kept - set->ahead_begin) < 0)
        kept = set->ahead_begin;
    for (; set->ahead_end != kept; set->slot--) {
        struct tijdeman_thread *thread =
            &set->threads[set->ahead[--set->ahead_end % TIJDEMAN_AHEAD]];
        bool borrow = thread->begin_rest < thread->step_rest;
        thread->begin_rest += (borrow ? thread->divisor : 0) - thread->step_rest;
        thread->begin -= thread->step + borrow;
    }
}

/* The larger of what a thread has and what it wants is kept for it until it has changed. */
static int64_t held(const struct tijdeman_thread *thread)
{
    return thread->going && thread->wanted > thread->share ? thread->wanted : thread->share;
}

/* The thread in a place goes, or takes the weight that it wants. Returns whether it is gone. */
static bool apply(struct tijdeman *set, uint32_t place)
{
    struct tijdeman_thread *thread = &set->threads[set->members[place]];
    set->shares += thread->wanted - held(thread);
    thread->share = thread->wanted;
    thread->going = thread->due = false;
    if (thread->share != 0)
        return false;
    *thread = (struct tijdeman_thread){0};
    uint32_t last = set->members[--set->count];
    set->members[place] = last;
    set->threads[last].place = place;
    return true;
}

/* Turn all lags into 2^-LAG_BITS of a slot. Those that are due leave what they have; returns it. */
static int64_t settle(struct tijdeman *set)
{
    int64_t left = 0;
    for (uint32_t place = 0; place < set->count;) {
        struct tijdeman_thread *thread = &set->threads[set->members[place]];
        int64_t lag = thread->divisor == 0 ? 0 : lag_of(set, thread);
        uint64_t rest, magnitude = (uint64_t)(lag < 0 ? -lag : lag);
        if (magnitude != 0)
            magnitude = schedule_divide(magnitude, LAG_BITS, set->parts * set->sum, &rest);
        thread->lag = lag < 0 ? -(int64_t)magnitude : (int64_t)magnitude;
        if (!thread->due && !(thread->going && lag == 0)) {
            place++;
            continue;
        }
        left += thread->lag;
        thread->lag = 0;
        place += !apply(set, place);
    }
    /* One alone has no lag. */
    if (set->count == 1 && set->threads[set->members[0]].going)
        apply(set, 0);
    return left;
}

/* The sum of the weights as they are, scaled up, so that a lag has a fine unit. */
static void weigh_all(struct tijdeman *set)
{
    unsigned shift = 0;
    set->parts = set->count > 1 ? 2 * (uint64_t)set->count - 2 : 2;
    set->sum = 0;
    for (uint32_t place = 0; place < set->count; place++)
        set->sum += (uint64_t)set->threads[set->members[place]].share;
    while ((set->parts * set->sum << shift) >> LAG_BITS == 0)
        shift++;
    set->sum <<= shift;
    for (uint32_t place = 0; place < set->count; place++) {
        struct tijdeman_thread *thread = &set->threads[set->members[place]];
        thread->weight = (uint64_t)thread->share << shift;
        thread->divisor = set->parts * thread->weight;
    }
}

/* Give out by weight what was left, turn lags into the new unit, and make their sum 0. */
static void share_out(struct tijdeman *set, int64_t left)
{
    struct tijdeman_thread *most = NULL, *least = NULL;
    int64_t sum = 0;
    for (uint32_t place = 0; place < set->count; place++) {
        struct tijdeman_thread *thread = &set->threads[set->members[place]];
        uint64_t rest;
        if (left != 0)
            thread->lag += scale(left, schedule_divide(thread->weight, LAG_BITS, set->sum, &rest));
        thread->lag = scale(thread->lag, set->parts * set->sum);
        sum += thread->lag;
        most = !most || thread->lag > most->lag ? thread : most;
        least = !least || thread->lag < least->lag ? thread : least;
    }
    if (sum > 0)
        most->lag -= sum;
    else if (sum < 0)
        least->lag -= sum;
}

/* Two threads with lag 0 may begin somewhere else in the word. */
static void begin_phase(struct tijdeman *set)
{
    for (uint32_t place = 0; place < set->count; place++) {
        struct tijdeman_thread *thread = &set->threads[set->members[place]];
        thread->lag = 2 * (int64_t)thread->weight - (int64_t)set->sum;
    }
}

static uint64_t divide_down(int64_t dividend, int64_t divisor, uint64_t *rest)
{
    int64_t quotient = dividend / divisor - (dividend % divisor < 0);
    *rest = (uint64_t)(dividend - quotient * divisor);
    return (uint64_t)quotient;
}

/* The first window, as lag and weight give it: that of slot k is from (k - 1 + D - lag) / r to
   (k - D - lag) / r; in a set that changed from a slot after (k - 1 - lag) / r to (k - lag) / r. */
static void begin_thread(struct tijdeman *set, struct tijdeman_thread *thread)
{
    int64_t divisor = (int64_t)thread->divisor, sum = (int64_t)set->sum;
    int64_t parts = (int64_t)set->parts;
    int64_t begin = (set->eevdf ? divisor : sum) - thread->lag;
    int64_t length = set->eevdf ? parts * sum - divisor : (parts - 2) * sum + 1;
    thread->begin = set->slot + divide_down(begin - 1, divisor, &thread->begin_rest);
    thread->length = divide_down(length, divisor, &thread->length_rest) + 1;
    thread->step = set->sum / thread->weight;
    thread->step_rest = set->parts * (set->sum % thread->weight);
    if (thread->going)
        put_waiting(set, thread);
    else
        put_urgent(set, thread);
}

static void empty(struct tijdeman *set)
{
    for (uint32_t i = 0; i < TIJDEMAN_WHEEL; i++)
        set->waiting[i] = set->urgent[i] = NULL;
    for (uint32_t i = 0; i < TIJDEMAN_WHEEL / WORD; i++)
        set->occupied[i] = 0;
    for (; set->far_waiting_count > 0; set->far_waiting_count--)
        set->far_waiting[set->far_waiting_count] = KEY_HEAP_END;
    for (; set->far_urgent_count > 0; set->far_urgent_count--)
        set->far_urgent[set->far_urgent_count] = KEY_HEAP_END;
    set->summary = 0;
    set->alarm = UINT64_MAX;
}

/* Begin anew with the lags that there are. */
static void begin_anew(struct tijdeman *set)
{
    bool even = true;
    int64_t left = settle(set);
    set->unusual = set->count == 0; /* which ends every loop that decides */
    set->ahead_fixed = set->ahead_end;
    empty(set);
    if (set->count == 0)
        return;
    for (uint32_t place = 0; place < set->count && set->count > 1; place++) {
        const struct tijdeman_thread *thread = &set->threads[set->members[place]];
        even = even && thread->lag == 0 && !thread->going;
    }
    even = even && left == 0;
    set->eevdf = !even;
    weigh_all(set);
    if (!even) {
        share_out(set, left);
    } else {
        for (uint32_t place = 0; place < set->count; place++)
            set->threads[set->members[place]].lag = 0;
        if (set->count == 2 && set->phase == TIJDEMAN_BEATTY)
            begin_phase(set);
    }
    for (uint32_t place = 0; place < set->count; place++)
        begin_thread(set, &set->threads[set->members[place]]);
}

/* --- Who is in the set ----------------------------------------------------------------------- */

void tijdeman_set_phase(struct tijdeman *set, enum tijdeman_phase phase)
{
    set->phase = phase;
}

/* May the weights grow by `weight`, and the threads by `count`? */
static enum schedule_status weight_check(const struct tijdeman *set, int64_t weight, int64_t more,
                                         uint32_t count)
{
    enum schedule_status status = schedule_weight_check(weight);
    uint64_t parts = set->count + count > 1 ? 2 * (uint64_t)(set->count + count) - 2 : 2;
    if (status == SCHEDULE_OK && more > 0 &&
        (uint64_t)(set->shares + more) >= (UINT64_C(1) << SCHEDULE_WEIGHT_BITS) / parts)
        return SCHEDULE_WEIGHT_OVERFLOW;
    return status;
}

enum schedule_status tijdeman_join(struct tijdeman *set, uint32_t index, int64_t weight)
{
    struct tijdeman_thread *thread = &set->threads[index];
    assert(index < set->capacity);
    if (thread->present && !(thread->going && thread->wanted == 0))
        return SCHEDULE_PRESENT;
    if (thread->present)
        return tijdeman_weigh(set, index, weight);
    enum schedule_status status = weight_check(set, weight, weight, 1);
    if (status != SCHEDULE_OK)
        return status;
    *thread = (struct tijdeman_thread){
        .share = weight, .index = index, .place = set->count, .present = true};
    set->members[set->count++] = index;
    set->shares += weight;
    set->unusual = true;
    return SCHEDULE_OK;
}

static void want(struct tijdeman *set, struct tijdeman_thread *thread, int64_t weight)
{
    set->shares -= held(thread);
    thread->wanted = weight;
    thread->going = weight != thread->share;
    set->shares += held(thread);
    set->unusual = true;
}

enum schedule_status tijdeman_leave(struct tijdeman *set, uint32_t index)
{
    struct tijdeman_thread *thread = &set->threads[index];
    assert(index < set->capacity);
    if (!thread->present || (thread->going && thread->wanted == 0))
        return SCHEDULE_UNKNOWN;
    want(set, thread, 0);
    return SCHEDULE_OK;
}

enum schedule_status tijdeman_weigh(struct tijdeman *set, uint32_t index, int64_t weight)
{
    struct tijdeman_thread *thread = &set->threads[index];
    assert(index < set->capacity);
    if (!thread->present)
        return SCHEDULE_UNKNOWN;
    enum schedule_status status = weight_check(set, weight, weight - held(thread), 0);
    if (status == SCHEDULE_OK)
        want(set, thread, weight);
    return status;
}

/* --- The next slot --------------------------------------------------------------------------- */

/* Bring the first of what is beyond the wheels into one. */
static never_inline void bring_near(struct tijdeman *set)
{
    if (set->far_waiting[1] < set->far_urgent[1]) {
        uint32_t index = set->far_waiting[1] % (1 << INDEX_BITS);
        key_heap_pop(set->far_waiting, set->far_waiting_count--);
        put_waiting(set, &set->threads[index]);
    } else {
        uint32_t index = set->far_urgent[1] % (1 << INDEX_BITS);
        key_heap_pop(set->far_urgent, set->far_urgent_count--);
        put_urgent(set, &set->threads[index]);
    }
    alarm_set(set);
}

/* Take out who has the first deadline beyond the wheel, which is empty. */
static never_inline struct tijdeman_thread *take_far(struct tijdeman *set)
{
    assert(set->far_urgent_count > 0);
    uint32_t index = set->far_urgent[1] % (1 << INDEX_BITS);
    key_heap_pop(set->far_urgent, set->far_urgent_count--);
    alarm_set(set);
    return &set->threads[index];
}

/* Take out who has the first deadline. */
static always_inline struct tijdeman_thread *take_first(struct tijdeman *set, uint64_t slot)
{
    unsigned turn = slot / WORD % WORD;
    uint64_t words = set->summary;
    if (__builtin_expect(words == 0, 0))
        return take_far(set);
    words = words >> turn | words << (WORD - turn) % WORD;
    uint64_t word = (turn + (unsigned)__builtin_ctzll(words)) % WORD;
    uint64_t bits = set->occupied[word];
    uint64_t at = word * WORD + (unsigned)__builtin_ctzll(bits);
    struct tijdeman_thread *thread = set->urgent[at];
    set->urgent[at] = thread->next;
    if (!thread->next) {
        bits &= bits - 1;
        set->occupied[word] = bits;
        if (bits == 0)
            set->summary &= ~(UINT64_C(1) << word);
    }
    return thread;
}

/* The window of a thread begins that wants another weight, or to leave: unless it was owed a slot
   before, its lag was 0 within the last slot. */
static never_inline void depart(struct tijdeman *set, struct tijdeman_thread *thread)
{
    if (lag_of(set, thread) >= (int64_t)thread->divisor) {
        put_urgent(set, thread);
        return;
    }
    thread->due = true;
    begin_anew(set);
}

/*
 * The thread has the slot; then its next window. One that had the first slot of its window is
 * likely to come first before the next one, too: it waits for that at once.
 */
static always_inline void advance(struct tijdeman *set, struct tijdeman_thread *thread,
                                  uint64_t slot)
{
    uint64_t rest = thread->begin_rest + thread->step_rest;
    uint64_t begin = thread->begin, next = begin + thread->step;
    if (rest >= thread->divisor) {
        rest -= thread->divisor;
        next++;
    }
    thread->begin = next;
    thread->begin_rest = rest;
    set->slot = slot;
    set->ahead[set->ahead_end++ % TIJDEMAN_AHEAD] = thread->index;
    if (begin + 1 == slot || thread->going)
        put_waiting(set, thread);
    else
        put_urgent(set, thread);
#ifdef EXO_DEBUG
    assert(tijdeman_bound_holds(set));
#endif
}

/* Decide `room` slots ahead, as far as `work` allows. */
static never_inline void decide(struct tijdeman *set, uint32_t room, int work)
{
    for (;;) {
        uint64_t slot = set->slot + 1;
        struct tijdeman_thread *thread = set->waiting[slot & MASK];
        if (thread) {
            set->waiting[slot & MASK] = thread->next;
            if (!thread->going)
                put_urgent(set, thread);
            else
                depart(set, thread);
            if ((work -= WORK_MOVE) <= 0 || set->unusual)
                return;
            continue;
        }
        if (__builtin_expect(slot >= set->alarm, 0)) {
            bring_near(set);
            work -= WORK_MOVE;
            continue;
        }
        thread = take_first(set, slot);
        if (__builtin_expect((int64_t)(thread->begin - slot) < 0, 1)) {
            advance(set, thread, slot);
            work -= WORK_DECISION;
            if (--room == 0 || work <= 0)
                return;
        } else {
            put_waiting(set, thread);
            if ((work -= WORK_MOVE) <= 0)
                return;
        }
    }
}

/* Nothing is decided ahead, or what was is to be taken back: something was said about the set. */
static never_inline uint32_t next_unusual(struct tijdeman *set)
{
    if (set->unusual) {
        take_back(set);
        begin_anew(set);
    }
    while (set->count > 0 && set->ahead_end - set->ahead_begin < TIJDEMAN_AHEAD)
        decide(set, TIJDEMAN_AHEAD - (set->ahead_end - set->ahead_begin), INT32_MAX);
    if (set->ahead_begin == set->ahead_end)
        return SCHEDULE_NOBODY;
    return set->ahead[set->ahead_begin++ % TIJDEMAN_AHEAD];
}

uint32_t tijdeman_next(struct tijdeman *set)
{
    uint32_t left = set->ahead_end - set->ahead_begin;
    if (__builtin_expect(set->unusual || left == 0, 0))
        return next_unusual(set);
    uint32_t answer = set->ahead[set->ahead_begin++ % TIJDEMAN_AHEAD];
    if (left < TIJDEMAN_AHEAD)
        decide(set, TIJDEMAN_AHEAD + 1 - left, WORK_MAX);
    return answer;
}

/* --- What must hold -------------------------------------------------------------------------- */

bool tijdeman_bound_holds(const struct tijdeman *set)
{
    int64_t sum = (int64_t)set->sum, parts = (int64_t)set->parts, total = 0;
    int64_t bound = set->eevdf ? parts * sum : (parts - 1) * sum;
    for (uint32_t place = 0; place < set->count; place++) {
        int64_t lag = lag_of(set, &set->threads[set->members[place]]);
        total += lag;
        if (set->count > 1 ? lag > bound || lag < -bound : lag != 0)
            return false;
    }
    return total == 0;
}

/* How many threads are in a list? One more than there are when one should be in another. */
static uint32_t list_count(const struct tijdeman *set, const struct tijdeman_thread *thread,
                           bool urgent, uint32_t at)
{
    uint32_t count = 0;
    for (; thread; thread = thread->next) {
        uint64_t slot = urgent ? last_slot(thread) : first_slot(thread);
        /* Those whose windows began before they were looked at wait for the next slot. */
        bool early = !urgent && (int64_t)(slot - set->slot) <= 0 && at == ((set->slot + 1) & MASK);
        if (count++ == set->count || !thread->present || ((slot & MASK) != at && !early))
            return set->count + 1;
    }
    return count;
}

bool tijdeman_check(const struct tijdeman *set)
{
    uint32_t found = set->far_waiting_count + set->far_urgent_count;
    int64_t shares = 0;
    if (set->unusual)
        return true;
    for (uint32_t place = 0; place < set->count; place++) {
        const struct tijdeman_thread *thread = &set->threads[set->members[place]];
        shares += held(thread);
        if (!thread->present || thread->place != place)
            return false;
    }
    for (uint32_t at = 0; at < TIJDEMAN_WHEEL; at++) {
        found += list_count(set, set->waiting[at], false, at);
        found += list_count(set, set->urgent[at], true, at);
        if ((set->occupied[at / WORD] >> at % WORD & 1) != (set->urgent[at] != NULL) ||
            (set->summary >> at / WORD & 1) != (set->occupied[at / WORD] != 0))
            return false;
    }
    return found == set->count && shares == set->shares &&
           set->ahead_end - set->ahead_begin <= TIJDEMAN_AHEAD &&
           key_heap_check(set->far_waiting, set->far_waiting_count, set->capacity) &&
           key_heap_check(set->far_urgent, set->far_urgent_count, set->capacity) &&
           tijdeman_bound_holds(set);
}
