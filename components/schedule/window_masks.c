/* SPDX-License-Identifier: MIT */
#include "window_masks.h"

#include <assert.h>

/* A word of one of the heaps is a slot, a bit that says that the window is one slot longer than its
   job's `length`, and the job: so of those that begin with one slot the longer ones come last. */
enum { JOB_BITS = 6, LONGER = 1 << JOB_BITS, KEY_BITS = JOB_BITS + 1 };
_Static_assert(MASKS_JOBS == 1 << JOB_BITS, "a word of a heap has all jobs");
_Static_assert(SCHEDULE_SLOTS_BITS + KEY_BITS + 2 <= 64, "and all of a time");

static uint64_t heap_slot(const uint64_t *heap)
{
    return heap[1] >> KEY_BITS;
}

static uint32_t heap_job(const uint64_t *heap)
{
    return (uint32_t)(heap[1] % MASKS_JOBS);
}

void masks_clear(struct window_masks *masks, uint64_t slot)
{
    for (uint32_t word = 0; word < MASKS_WHEEL / MASKS_WORD; word++)
        masks->occupied[word] = 0;
    key_heap_clear(masks->far_waiting, MASKS_JOBS);
    key_heap_clear(masks->far_urgent, MASKS_JOBS);
    masks->far_waiting_count = masks->far_urgent_count = masks->far_from = 0;
    masks->summary = masks->pending = masks->alarm = masks->far_alarm = 0;
    masks->pending_mixed = false;
    masks->slot = slot;
}

/* Of the deadlines that come near one is moved a slot: soon enough, as windows come one a slot. */
static void alarm_set(struct window_masks *masks)
{
    uint64_t alarm = heap_slot(masks->far_waiting), last = heap_slot(masks->far_urgent);
    uint64_t near = last > MASKS_RANGE ? last - MASKS_RANGE + 1 : 0;
    masks->far_alarm = near < alarm ? near : alarm;
    masks->alarm = masks->pending != 0 ? 0 : masks->far_alarm;
}

/* --- Moving what has begun ------------------------------------------------------------------- */

/* Move a job whose window has begun. */
static void move(struct window_masks *masks, uint32_t job, uint64_t slot)
{
    if (masks->last[job] - slot < MASKS_RANGE)
        masks_move(masks, job, UINT64_C(1) << job);
    else
        key_heap_push(masks->far_urgent, ++masks->far_urgent_count,
                      masks->last[job] << KEY_BITS | job);
}

void masks_put(struct window_masks *masks, uint32_t job, uint64_t first, uint64_t last)
{
    uint64_t next = masks->slot + 1;
    masks->last[job] = last;
    if ((int64_t)(first - next) < 0) {
        move(masks, job, next);
    } else if (last - next < MASKS_RANGE) {
        masks->waiting[first % MASKS_WHEEL] |= UINT64_C(1) << job;
    } else {
        assert(first >> (64 - KEY_BITS) == 0);
        uint64_t longer = last - first > masks->length[job] ? LONGER : 0;
        key_heap_push(masks->far_waiting, ++masks->far_waiting_count,
                      first << KEY_BITS | longer | job);
    }
    alarm_set(masks);
}

/* The place of the first deadline, none of which is before `slot`. MASKS_WHEEL: there is none. */
static uint64_t first_place(const struct window_masks *masks, uint64_t slot)
{
    uint64_t word = slot / MASKS_WORD % MASKS_WORD, words = masks->summary;
    if (words == 0)
        return MASKS_WHEEL;
    words = words >> word | words << (MASKS_WORD - word) % MASKS_WORD;
    word = (word + (unsigned)__builtin_ctzll(words)) % MASKS_WORD;
    return word * MASKS_WORD + (unsigned)__builtin_ctzll(masks->occupied[word]);
}

/* The first deadline in the wheel; UINT64_MAX: none. */
static uint64_t first_near(const struct window_masks *masks, uint64_t slot)
{
    uint64_t at = first_place(masks, slot);
    return at == MASKS_WHEEL ? UINT64_MAX : slot + (at - slot) % MASKS_WHEEL;
}

/* Move the next one of the pending windows, with those that are like it. Returns its deadline. */
static uint64_t move_next(struct window_masks *masks)
{
    uint32_t job = (uint32_t)__builtin_ctzll(masks->pending);
    uint64_t jobs = masks->pending & (masks->pending_mixed ? UINT64_C(1) << job
                                                           : masks->alike[job]);
    masks_move(masks, job, jobs);
    masks->pending ^= jobs;
    return masks->last[job];
}

/* Begin the windows of any number of jobs: a few are moved, and of those that are pending one; the
   others are pending. */
static void begin(struct window_masks *masks, uint64_t slot, uint64_t jobs)
{
    if (masks->pending != 0)
        move_next(masks);
    for (unsigned few = MASKS_FEW; jobs != 0 && few > 0; few--) {
        uint32_t job = (uint32_t)__builtin_ctzll(jobs);
        uint64_t alike = jobs & masks->alike[job];
        masks_move(masks, job, alike);
        jobs ^= alike;
    }
    if (masks->pending == 0)
        masks->pending_from = slot;
    masks->pending_mixed = masks->pending != 0 && (masks->pending_mixed || jobs != 0);
    masks->pending |= jobs;
}

/* The first deadline in the wheel when as many pending windows have been moved as must be: none of
   the others can have it. UINT64_MAX: none. */
static uint64_t first_begun(struct window_masks *masks, uint64_t slot)
{
    uint64_t first = first_near(masks, slot);
    while (masks->pending != 0) {
        uint32_t job = (uint32_t)__builtin_ctzll(masks->pending);
        if (first <= masks->pending_from + masks->length[job])
            break;
        uint64_t last = move_next(masks);
        first = last < first ? last : first;
    }
    return first;
}

/* No window of the first heap ends before this slot. */
static uint64_t far_bound(const struct window_masks *masks)
{
    uint64_t shortest = masks->length[masks->far_from] + 1, length = shortest;
    if ((masks->far_waiting[1] & LONGER) == 0)
        length = masks->length[heap_job(masks->far_waiting)];
    return heap_slot(masks->far_waiting) + (length < shortest ? length : shortest);
}

/* Move the first window that begins of those that end far away. Returns the first deadline in the
   wheel, which was `first`. */
static uint64_t begin_far(struct window_masks *masks, uint64_t slot, uint64_t first)
{
    uint32_t job = heap_job(masks->far_waiting);
    key_heap_pop(masks->far_waiting, masks->far_waiting_count--);
    move(masks, job, slot);
    bool near = masks->last[job] - slot < MASKS_RANGE;
    return near && masks->last[job] < first ? masks->last[job] : first;
}

/* May one that has begun, and waits in the heap, have an earlier deadline than all others? */
static bool is_far_first(const struct window_masks *masks, uint64_t slot, uint64_t first)
{
    uint64_t far = heap_slot(masks->far_urgent);
    return heap_slot(masks->far_waiting) <= slot && (far < first ? far : first) > far_bound(masks);
}

/* Move one window of a heap, where there is time for it. */
static void move_far(struct window_masks *masks, uint64_t slot)
{
    if (heap_slot(masks->far_waiting) <= slot) {
        begin_far(masks, slot, 0);
    } else if (heap_slot(masks->far_urgent) - slot < MASKS_RANGE) {
        masks_move(masks, heap_job(masks->far_urgent), UINT64_C(1) << heap_job(masks->far_urgent));
        key_heap_pop(masks->far_urgent, masks->far_urgent_count--);
    }
    alarm_set(masks);
}

/* --- The next slot --------------------------------------------------------------------------- */

/* Take a job with the deadline in place `at`. */
static uint32_t take(struct window_masks *masks, uint64_t at)
{
    uint64_t jobs = masks->urgent[at], word = at / MASKS_WORD;
    masks->urgent[at] = jobs & (jobs - 1);
    if (masks->urgent[at] == 0) {
        masks->occupied[word] &= ~(UINT64_C(1) << at % MASKS_WORD);
        if (masks->occupied[word] == 0)
            masks->summary &= ~(UINT64_C(1) << word);
    }
    return (uint32_t)__builtin_ctzll(jobs);
}

uint32_t masks_next_unusual(struct window_masks *masks)
{
    uint64_t slot = ++masks->slot, begun = masks->waiting[slot % MASKS_WHEEL];
    bool is_far = slot >= masks->far_alarm;
    if ((begun | masks->pending) != 0) {
        masks->waiting[slot % MASKS_WHEEL] = 0;
        begin(masks, slot, begun);
    }
    uint64_t first = first_begun(masks, slot);
    for (; is_far_first(masks, slot, first); is_far = false)
        first = begin_far(masks, slot, first);
    uint32_t job = heap_job(masks->far_urgent);
    if (__builtin_expect(heap_slot(masks->far_urgent) < first, 0)) {
        key_heap_pop(masks->far_urgent, masks->far_urgent_count--);
        is_far = false;
    } else {
        job = first == UINT64_MAX ? MASKS_NONE : take(masks, first % MASKS_WHEEL);
    }
    if (is_far)
        move_far(masks, slot);
    else
        alarm_set(masks);
    return job;
}

/* --- What must hold -------------------------------------------------------------------------- */

/* The jobs of a heap; `found` has those that were seen before. */
static bool heap_holds(const uint64_t *heap, uint32_t count, uint64_t *found)
{
    for (uint32_t i = 1; i <= count; i++) {
        uint64_t job = UINT64_C(1) << heap[i] % MASKS_JOBS;
        if (*found & job)
            return false;
        *found |= job;
    }
    return key_heap_check(heap, count, MASKS_JOBS);
}

bool masks_check(const struct window_masks *masks, uint32_t count)
{
    uint64_t found = masks->pending;
    if (!heap_holds(masks->far_waiting, masks->far_waiting_count, &found) ||
        !heap_holds(masks->far_urgent, masks->far_urgent_count, &found))
        return false;
    for (uint32_t at = 0; at < MASKS_WHEEL; at++) {
        uint64_t urgent = masks->urgent[at], waiting = masks->waiting[at];
        uint64_t word = masks->occupied[at / MASKS_WORD];
        if ((found & (urgent | waiting)) != 0 || (urgent & waiting) != 0 ||
            (word >> at % MASKS_WORD & 1) != (urgent != 0) ||
            (masks->summary >> at / MASKS_WORD & 1) != (word != 0))
            return false;
        found |= urgent | waiting;
        for (; urgent != 0; urgent &= urgent - 1) {
            uint64_t last = masks->last[__builtin_ctzll(urgent)];
            if (last % MASKS_WHEEL != at || last - masks->slot - 1 >= MASKS_RANGE)
                return false;
        }
    }
    uint32_t jobs = 0;
    for (; found != 0; found &= found - 1)
        jobs++;
    return jobs == count && (masks->pending == 0 || masks->alarm == 0);
}
