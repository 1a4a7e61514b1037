/* SPDX-License-Identifier: MIT */
#include "windows.h"

#include <assert.h>

#include "key_heap.h"

enum {
    INDEX_BITS = 14,
    NEAR = WINDOWS_WHEEL / 2,
};
_Static_assert(SCHEDULE_THREADS_MAX <= 1 << INDEX_BITS, "an index has its bits");
_Static_assert(SCHEDULE_SLOTS_BITS + INDEX_BITS + 2 <= 64, "a key has all of a time");
_Static_assert(WINDOWS_WHEEL == WINDOWS_WORD * WINDOWS_WORD, "a word has a bit for each word");

struct windows *windows_take_memory(struct schedule_memory *memory, uint32_t capacity)
{
    struct windows *set = schedule_take(memory, 1, sizeof *set);
    uint64_t *far = schedule_take(memory, key_heap_words(capacity), sizeof *far);
    struct window **members = schedule_take(memory, capacity, sizeof *members);
    if (!set)
        return NULL;
    key_heap_clear(far, capacity);
    set->far = far;
    set->members = members;
    set->capacity = capacity;
    set->alarm = UINT64_MAX;
    return set;
}

void windows_clear(struct windows *set)
{
    for (uint32_t i = 0; i < WINDOWS_WHEEL / WINDOWS_WORD; i++)
        set->occupied[i] = 0;
    for (; set->far_count > 0; set->far_count--)
        set->far[set->far_count] = KEY_HEAP_END;
    set->heap = NULL;
    set->summary = 0;
    set->alarm = UINT64_MAX;
}

/* --- Heaps ----------------------------------------------------------------------------------- */

static inline uint32_t size_of(const struct window *heap)
{
    return heap ? heap->size : 0;
}

/* Meld two heaps, either of which may be null; no way down to the right is longer than the
   logarithm of the size. */
static struct window *meld(struct window *one, struct window *other)
{
    struct window *root = NULL, **link = &root;
    while (one && other) {
        if (other->last < one->last) {
            struct window *kept = one;
            one = other;
            other = kept;
        }
        struct window *left = one->left, *right = one->right;
        *link = one;
        one->size += other->size;
        /* The larger one is the left one; the way goes on in the other. */
        if (size_of(left) >= size_of(right) + other->size) {
            link = &one->right;
        } else {
            one->right = left;
            link = &one->left;
        }
        one = right;
    }
    *link = one ? one : other;
    return root;
}

/* Put a window into a heap; one with the first one's deadline only stands behind it. */
static void insert(struct window **heap, struct window *window)
{
    if (*heap && (*heap)->last == window->last) {
        window->next = (*heap)->next;
        (*heap)->next = window;
        return;
    }
    window->next = NULL;
    *heap = meld(*heap, window);
}

static struct window *pop(struct windows *set)
{
    struct window *first = set->heap, *same = first->next;
    if (same) {
        first->next = same->next;
        same->next = NULL;
        return same;
    }
    set->heap = meld(first->left, first->right);
    first->left = first->right = NULL;
    first->size = 1;
    return first;
}

/* --- Putting --------------------------------------------------------------------------------- */

static void alarm_set(struct windows *set)
{
    uint64_t first = set->far[1];
    set->alarm = first == KEY_HEAP_END ? UINT64_MAX : (first >> INDEX_BITS) - NEAR;
}

/* Put a window, which begins within the wheel, with those of the same first slot. */
static void put_near(struct windows *set, struct window *window)
{
    struct window **list = &set->waiting[window->first & WINDOWS_MASK], *head = *list;
    bool far = window->last - set->slot - 1 >= WINDOWS_RANGE;
    if (head && head->size >= WINDOWS_FEW) {
        insert(&head->left, window);
        return;
    }
    window->size = far ? WINDOWS_FEW : 1;
    if (head) {
        window->size = far ? WINDOWS_FEW : head->size + 1;
        head->size = 1;
        window->right = head;
    }
    *list = window;
}

uint32_t windows_put_unusual(struct windows *set, struct window *window)
{
    if (window->first - set->slot > WINDOWS_RANGE) {
        assert(window->first >> (64 - INDEX_BITS) == 0);
        set->members[window->index] = window;
        key_heap_push(set->far, ++set->far_count, window->first << INDEX_BITS | window->index);
        alarm_set(set);
    } else {
        put_near(set, window);
    }
    return window->index;
}

/* With time left to bring one a slot, one is enough while the next one is not urgent. */
static void bring_near(struct windows *set)
{
    uint64_t slot = set->slot;
    set->slot--; /* what begins with this slot has not begun yet */
    do {
        struct window *window = set->members[set->far[1] % (1 << INDEX_BITS)];
        key_heap_pop(set->far, set->far_count--);
        if (window->first < slot)
            window->first = slot;
        put_near(set, window);
    } while (set->far[1] >> INDEX_BITS < slot + NEAR / 2);
    set->slot = slot;
    alarm_set(set);
}

static void begin_list(struct windows *set, struct window *list)
{
    struct window *many = list->left;
    list->left = NULL;
    list->size = 1;
    while (list) {
        struct window *window = list;
        list = window->right;
        window->right = NULL;
        if (window->last - set->slot < WINDOWS_RANGE)
            windows_put_urgent(set, window);
        else
            set->heap = meld(set->heap, window);
    }
    if (many)
        set->heap = meld(set->heap, many);
}

struct window *windows_next(struct windows *set)
{
    uint64_t slot = ++set->slot;
    if (slot >= set->alarm)
        bring_near(set);
    struct window *begun = set->waiting[slot & WINDOWS_MASK];
    if (begun) {
        set->waiting[slot & WINDOWS_MASK] = NULL;
        begin_list(set, begun);
    }
    uint64_t at = windows_first(set, slot);
    if (set->heap && (at == WINDOWS_WHEEL || set->heap->last < set->urgent[at]->last))
        return pop(set);
    return at == WINDOWS_WHEEL ? NULL : windows_take_urgent(set, at);
}

/* The wheel of deadlines cannot tell that one is past; the heap can. */
static void make_late(struct windows *set, uint32_t at)
{
    while (set->urgent[at])
        insert(&set->heap, windows_take_urgent(set, at));
}

static void pass(struct windows *set)
{
    set->slot++;
    if (set->slot >= set->alarm)
        bring_near(set);
    struct window *begun = set->waiting[set->slot & WINDOWS_MASK];
    if (begun) {
        set->waiting[set->slot & WINDOWS_MASK] = NULL;
        begin_list(set, begun);
    }
    make_late(set, set->slot & WINDOWS_MASK);
}

/* What has begun up to a slot that many slots lead to; what ends before it is late. */
static void jump(struct windows *set, uint64_t slot)
{
    for (uint32_t at = 0; at < WINDOWS_WHEEL; at++)
        make_late(set, at);
    set->slot = slot;
    if (slot >= set->alarm)
        bring_near(set);
    for (uint32_t at = 0; at < WINDOWS_WHEEL; at++) {
        struct window *begun = set->waiting[at];
        if (!begun || begun->first > slot)
            continue;
        set->waiting[at] = NULL;
        begin_list(set, begun);
    }
}

/* Each list of the wheel is passed once at most: more slots than these are passed at once. */
void windows_skip(struct windows *set, uint64_t slot)
{
    for (uint32_t i = 0; i < WINDOWS_WHEEL && set->slot < slot; i++)
        pass(set);
    if (set->slot < slot)
        jump(set, slot);
    set->slot = slot;
}

/* --- What must hold -------------------------------------------------------------------------- */

/* How many windows are there behind one, and itself? More than the capacity: something is wrong. */
static uint32_t same_count(const struct windows *set, const struct window *window)
{
    uint32_t count = 1;
    for (const struct window *same = window->next; same; same = same->next)
        if (count++ > set->capacity || same->last != window->last || same->left || same->right ||
            same->size != 1)
            return set->capacity + 1;
    return count;
}

/* How many are in a heap? Only ways down to the right are short enough for a call at each step. */
static uint32_t heap_count(const struct windows *set, const struct window *heap)
{
    uint32_t count = 0;
    for (; heap && count <= set->capacity; heap = heap->left) {
        count += same_count(set, heap) + heap_count(set, heap->right);
        if (size_of(heap->left) < size_of(heap->right) ||
            heap->size != size_of(heap->left) + size_of(heap->right) + 1 ||
            (heap->left && heap->left->last < heap->last) ||
            (heap->right && heap->right->last < heap->last))
            return set->capacity + 1;
    }
    return count;
}

/* How many are in the list in place `at`, by their deadline or by their first slot? */
static uint32_t list_count(const struct windows *set, const struct window *list, uint64_t at,
                           bool urgent)
{
    uint32_t count = list && !urgent ? heap_count(set, list->left) : 0;
    for (; list && count <= set->capacity; list = list->right) {
        count += same_count(set, list);
        if (((urgent ? list->last : list->first) & WINDOWS_MASK) != at ||
            (urgent && (list->size != 1 || list->left)))
            return set->capacity + 1;
    }
    return count;
}

bool windows_check(const struct windows *set, uint32_t count)
{
    uint64_t found = set->far_count + heap_count(set, set->heap);
    for (uint32_t at = 0; at < WINDOWS_WHEEL; at++) {
        const struct window *urgent = set->urgent[at];
        uint64_t word = set->occupied[at / WINDOWS_WORD];
        found += list_count(set, set->waiting[at], at, false);
        found += list_count(set, urgent, at, true);
        if ((word >> at % WINDOWS_WORD & 1) != (urgent != NULL) ||
            (set->summary >> at / WINDOWS_WORD & 1) != (word != 0) ||
            (urgent && (int64_t)(urgent->last - set->slot) <= 0))
            return false;
    }
    return found == count && key_heap_check(set->far, set->far_count, set->capacity);
}
