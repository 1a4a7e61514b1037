/* SPDX-License-Identifier: MIT */
#include "tijdeman.h"

#include <assert.h>

#include "key_heap.h"

enum {
    LAG_BITS = 46,  /* of what is kept of a lag in a change */
    UNIT_BITS = 62, /* of the factor that it is computed with */
    INDEX_BITS = 14,
};
_Static_assert(SCHEDULE_THREADS_MAX <= 1 << INDEX_BITS, "an index has its bits");
_Static_assert(SCHEDULE_SLOTS_BITS + INDEX_BITS + 2 <= 64, "a key has all of a time");

struct tijdeman *tijdeman_take(struct schedule_memory *memory, uint32_t capacity)
{
    struct tijdeman *set = schedule_take(memory, 1, sizeof *set);
    struct tijdeman_thread *threads = schedule_take(memory, capacity, sizeof *threads);
    uint32_t *members = schedule_take(memory, capacity, sizeof *members);
    uint64_t *leaving = schedule_take(memory, key_heap_words(capacity), sizeof *leaving);
    struct windows *windows = windows_take_memory(memory, capacity);
    if (!set)
        return NULL;
    key_heap_clear(leaving, capacity);
    set->leaving = leaving;
    set->windows = windows;
    set->threads = threads;
    set->members = members;
    set->capacity = capacity;
    set->changed = true;
    return set;
}

/* The last slot of a thread's window. */
static inline __attribute__((always_inline)) uint64_t last_of(const struct tijdeman_thread *thread)
{
    /* Below 0 the sign, -1, says that the rests make no whole slot. */
    return thread->begin + thread->length +
           (uint64_t)((thread->begin_rest + thread->length_rest) >> 63);
}

static inline __attribute__((always_inline)) uint32_t put(struct tijdeman *set,
                                                          struct tijdeman_thread *thread)
{
    thread->window.first = thread->begin + 1;
    thread->window.last = last_of(thread);
    return windows_put(set->windows, &thread->window);
}

/* The last slot that was given. */
static uint64_t slot_of(const struct tijdeman *set)
{
    return set->masked ? set->masks.slot : set->windows->slot;
}

/* --- A set that changed ---------------------------------------------------------------------- */

/* The begin of the window says how many slots there were before it. */
static int64_t lag_of(const struct tijdeman *set, const struct tijdeman_thread *thread)
{
    int64_t past = thread->divisor * ((int64_t)(slot_of(set) - thread->begin) - 1) -
                   thread->begin_rest - 1;
    return past + (set->eevdf ? thread->divisor : (int64_t)set->sum);
}

int64_t tijdeman_lag(const struct tijdeman *set, uint32_t index)
{
    return lag_of(set, &set->threads[index]);
}

/* value * factor / 2^bits, rounded to 0. */
static int64_t scale(int64_t value, uint64_t factor, unsigned bits)
{
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    magnitude = (uint64_t)((unsigned __int128)magnitude * factor >> bits);
    return value < 0 ? -(int64_t)magnitude : (int64_t)magnitude;
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
    uint64_t rest, unit = 0; /* 2^(LAG_BITS + UNIT_BITS) / (parts * sum) */
    if (set->sum != 0)
        unit = schedule_divide(UINT64_C(1) << (LAG_BITS + 1), UNIT_BITS - 1, set->parts * set->sum,
                               &rest);
    for (uint32_t place = 0; place < set->count;) {
        struct tijdeman_thread *thread = &set->threads[set->members[place]];
        int64_t lag = thread->divisor == 0 ? 0 : lag_of(set, thread);
        thread->lag = scale(lag, unit, UNIT_BITS);
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
        thread->divisor = (int64_t)(set->parts * thread->weight);
    }
}

/* Give out by weight what was left, turn lags into the new unit, and make their sum 0. */
static void share_out(struct tijdeman *set, int64_t left)
{
    struct tijdeman_thread *most = NULL, *least = NULL;
    int64_t sum = 0;
    uint64_t rest, magnitude = (uint64_t)(left < 0 ? -left : left);
    uint64_t unit = schedule_divide(magnitude, LAG_BITS, set->sum, &rest);
    for (uint32_t place = 0; place < set->count; place++) {
        struct tijdeman_thread *thread = &set->threads[set->members[place]];
        int64_t share = scale((int64_t)thread->weight, unit, LAG_BITS);
        thread->lag += left < 0 ? -share : share;
        thread->lag = scale(thread->lag, set->parts * set->sum, LAG_BITS);
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

/* One that is going, unless it is owed a slot, waits until its lag is 0. */
static void put_any(struct tijdeman *set, struct tijdeman_thread *thread)
{
    uint64_t slot = thread->begin + 1;
    if (!thread->going || lag_of(set, thread) >= thread->divisor) {
        put(set, thread);
        return;
    }
    if ((int64_t)(slot - set->windows->slot) <= 0)
        slot = set->windows->slot + 1;
    key_heap_push(set->leaving, ++set->leaving_count,
                  slot << INDEX_BITS | thread->window.index);
}

static uint64_t divide_down(int64_t dividend, int64_t divisor, int64_t *rest)
{
    int64_t quotient = dividend / divisor - (dividend % divisor < 0);
    *rest = dividend - quotient * divisor;
    return (uint64_t)quotient;
}

/* A thread of a masked set: those with larger shares are there. */
static void begin_job(struct tijdeman *set, struct tijdeman_thread *thread)
{
    struct window_masks *masks = &set->masks;
    uint32_t job = thread->place;
    set->jobs[job] = thread;
    masks->length[job] = thread->length - 2;
    if (thread->step + thread->length <= MASKS_RANGE)
        masks->far_from = job + 1;
    masks->alike[job] = UINT64_C(1) << job;
    for (uint32_t other = job; other-- > 0;) {
        if (set->jobs[other]->share != thread->share || set->jobs[other]->lag != thread->lag)
            break;
        masks->alike[other] |= UINT64_C(1) << job;
    }
    masks_put(masks, job, thread->begin + 1, last_of(thread));
}

/* The first window, as lag and weight give it: that of slot k is from (k - 1 + D - lag) / r to
   (k - D - lag) / r; in a set that changed from a slot after (k - 1 - lag) / r to (k - lag) / r. */
static void begin_thread(struct tijdeman *set, struct tijdeman_thread *thread)
{
    int64_t divisor = thread->divisor, sum = (int64_t)set->sum, parts = (int64_t)set->parts;
    int64_t begin = (set->eevdf ? divisor : sum) - thread->lag;
    int64_t length = set->eevdf ? parts * sum - divisor : (parts - 2) * sum + 1;
    thread->begin = slot_of(set) + divide_down(begin - 1, divisor, &thread->begin_rest);
    thread->begin_rest -= divisor;
    thread->length = divide_down(length, divisor, &thread->length_rest) + 2;
    thread->step = set->sum / thread->weight;
    thread->step_rest = (int64_t)(set->parts * (set->sum % thread->weight));
    window_begin(&thread->window, (uint32_t)(thread - set->threads));
    if (!set->masked) {
        put_any(set, thread);
        return;
    }
    begin_job(set, thread);
}

static bool is_before(const struct tijdeman *set, uint32_t index, uint32_t other)
{
    int64_t more = set->threads[index].share - set->threads[other].share;
    return more > 0 || (more == 0 && set->threads[index].lag < set->threads[other].lag);
}

/* The largest share first: then no window is shorter than one before it. Those that are alike are
   beside each other. */
static void sort(struct tijdeman *set)
{
    for (uint32_t i = 1; i < set->count; i++) {
        uint32_t index = set->members[i], place = i;
        for (; place > 0 && is_before(set, index, set->members[place - 1]); place--) {
            set->members[place] = set->members[place - 1];
            set->threads[set->members[place]].place = place;
        }
        set->members[place] = index;
        set->threads[index].place = place;
    }
}

/* Take all windows out, before lags are turned into another unit. */
static void clear_windows(struct tijdeman *set)
{
    uint64_t slot = slot_of(set);
    for (uint32_t place = 0; place < set->count; place++) {
        const struct tijdeman_thread *thread = &set->threads[set->members[place]];
        if (set->masked)
            masks_forget(&set->masks, thread->begin + 1, last_of(thread));
        else
            windows_forget(set->windows, &thread->window);
    }
    masks_clear(&set->masks, slot);
    windows_clear(set->windows);
    for (; set->leaving_count > 0; set->leaving_count--)
        set->leaving[set->leaving_count] = KEY_HEAP_END;
}

/* Begin anew with the lags that there are. */
static void begin_anew(struct tijdeman *set)
{
    bool even = true, going = false;
    clear_windows(set);
    int64_t left = settle(set);
    set->windows->slot = slot_of(set);
    set->changed = false;
    for (uint32_t place = 0; place < set->count; place++) {
        const struct tijdeman_thread *thread = &set->threads[set->members[place]];
        even = even && thread->lag == 0 && !thread->going;
        going = going || thread->going;
    }
    set->masked = set->count > 0 && set->count <= MASKS_JOBS && !going;
    set->masks.slot = set->windows->slot;
    if (set->count == 0)
        return;
    even = (even && left == 0) || set->count == 1;
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
    if (set->masked)
        sort(set);
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
        .share = weight, .place = set->count, .present = true};
    set->members[set->count++] = index;
    set->shares += weight;
    set->changed = true;
    set->masks.alarm = set->masks.far_alarm = 0;
    return SCHEDULE_OK;
}

static void want(struct tijdeman *set, struct tijdeman_thread *thread, int64_t weight)
{
    set->shares -= held(thread);
    thread->wanted = weight;
    thread->going = weight != thread->share;
    set->shares += held(thread);
    set->changed = true;
    set->masks.alarm = set->masks.far_alarm = 0;
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

/* The thread has had a slot: its next window. */
static inline __attribute__((always_inline)) void advance(struct tijdeman_thread *thread)
{
    int64_t rest = thread->begin_rest + thread->step_rest;
    uint64_t begin = thread->begin + thread->step;
    if (rest >= 0) {
        rest -= thread->divisor;
        begin++;
    }
    thread->begin = begin;
    thread->begin_rest = rest;
}

/* A job with a new window that may be beyond the wheel, or has begun already. */
static __attribute__((noinline)) uint32_t put_unusual(struct tijdeman *set, uint32_t job)
{
    struct tijdeman_thread *thread = set->jobs[job];
    masks_put(&set->masks, job, thread->begin + 1, last_of(thread));
    return thread->window.index;
}

static inline __attribute__((always_inline)) uint32_t advance_job(struct tijdeman *set,
                                                                  uint32_t job)
{
    struct tijdeman_thread *thread = set->jobs[job];
    advance(thread);
    if (__builtin_expect(job >= set->masks.far_from || thread->begin < set->masks.slot, 0))
        return put_unusual(set, job);
    masks_put_near(&set->masks, job, thread->begin + 1, last_of(thread));
    return thread->window.index;
}

static uint32_t next_unusual(struct tijdeman *set);

/* The next slot, when something changed, or the windows are not masked. */
static __attribute__((noinline)) uint32_t next_any(struct tijdeman *set)
{
    if (set->changed)
        begin_anew(set);
    /* Within the last slot its lag was 0: it has what it wants. */
    while (set->leaving[1] >> INDEX_BITS <= slot_of(set) + 1) {
        set->threads[set->leaving[1] % (1 << INDEX_BITS)].due = true;
        begin_anew(set);
    }
    if (set->count == 0)
        return SCHEDULE_NOBODY;
    if (set->masked)
        return next_unusual(set);
    struct tijdeman_thread *thread = (struct tijdeman_thread *)windows_next(set->windows);
    assert(thread);
    advance(thread);
    put_any(set, thread);
    return thread->window.index;
}

/* The next slot, when there is more to do than usual. */
static __attribute__((noinline)) uint32_t next_unusual(struct tijdeman *set)
{
    if (set->changed || !set->masked)
        return next_any(set);
    uint32_t job = masks_next_unusual(&set->masks);
    assert(job != MASKS_NONE);
    return advance_job(set, job);
}

static inline __attribute__((always_inline)) uint32_t next(struct tijdeman *set)
{
    uint32_t job = masks_next(&set->masks);
    return __builtin_expect(job == MASKS_NONE, 0) ? next_unusual(set) : advance_job(set, job);
}

uint32_t tijdeman_next(struct tijdeman *set)
{
#ifdef EXO_DEBUG
    uint32_t answer = next(set);
    assert(tijdeman_bound_holds(set));
    return answer;
#else
    return next(set);
#endif
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

bool tijdeman_check(const struct tijdeman *set)
{
    int64_t shares = 0;
    if (set->changed)
        return true;
    for (uint32_t place = 0; place < set->count; place++) {
        const struct tijdeman_thread *thread = &set->threads[set->members[place]];
        shares += held(thread);
        if (!thread->present || thread->place != place)
            return false;
    }
    return shares == set->shares && set->leaving_count <= set->count &&
           (set->masked ? masks_check(&set->masks, set->count)
                        : windows_check(set->windows, set->count - set->leaving_count)) &&
           key_heap_check(set->leaving, set->leaving_count, set->capacity) &&
           tijdeman_bound_holds(set);
}
