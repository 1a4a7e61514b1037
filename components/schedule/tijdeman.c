/* SPDX-License-Identifier: MIT */
#include "tijdeman.h"

#include <assert.h>

#include "key_heap.h"

enum {
    BUCKET_SHIFT = 36,    /* a moment has its bucket above, fraction and class below */
    SLOT_SHIFT_FEW = 39,  /* eight buckets a slot, so most trees are single, up to 64 threads */
    SLOT_SHIFT_MANY = 36, /* one from 512 on, so that the wheel covers more */
    SLOTS_BITS = 23, /* after so many slots the count goes back, with all moments, by half */
    PASSED_MAX = 16, /* so many that are not eligible are passed over; more have to wait */
    BITS = 64,
    PLACE_BITS = 14,
    BUCKET_NONE = TIJDEMAN_WHEEL_BUCKETS,
};
#define FEW 64u
#define WORD_ONE (UINT64_C(1) << (BUCKET_SHIFT + 6)) /* what a word of the bitmap covers */
/* From a slot's end to what may be in the wheel, so that it does not reach the first word again;
   and to where it is brought into it from `far`, with time left to bring one a slot. */
#define RANGE (WORD_ONE * (TIJDEMAN_WHEEL_WORDS - 1))
#define RANGE_NEAR (WORD_ONE * (TIJDEMAN_WHEEL_WORDS - 1 - TIJDEMAN_WHEEL_WORDS / 4))
_Static_assert(SCHEDULE_THREADS_MAX <= 1 << PLACE_BITS, "a place has its bits");
/* A deadline is less than 2/r behind a slot. */
_Static_assert(SLOT_SHIFT_FEW + SLOTS_BITS + 1 < 64, "no deadline is beyond a moment");
_Static_assert((int)SCHEDULE_SHARE_BITS < (int)SLOTS_BITS, "no deadline is beyond a moment");

/* Take the arrays in the order in which they are used. */
static struct tijdeman *take(struct schedule_memory *memory, uint32_t capacity)
{
    struct tijdeman *set = schedule_take(memory, 1, sizeof *set);
    struct tijdeman_class *classes =
        schedule_take(memory, (size_t)capacity, sizeof *set->classes);
    uint32_t *members = schedule_take(memory, capacity, sizeof *set->members);
    uint64_t *far = schedule_take(memory, key_heap_words(capacity), sizeof *set->far);
    uint64_t *waiting = schedule_take(memory, key_heap_words(capacity), sizeof *set->waiting);
    uint64_t *weights = schedule_take(memory, capacity, sizeof *set->weights);
    if (set) {
        set->classes = classes;
        set->members = members;
        set->far = far;
        set->waiting = waiting;
        set->weights = weights;
    }
    return set;
}

size_t tijdeman_bytes(uint32_t capacity)
{
    struct schedule_memory memory = {0};
    take(&memory, capacity);
    return memory.bytes;
}

struct tijdeman *tijdeman_start(void *memory_start, uint32_t capacity)
{
    struct schedule_memory memory = {.next = memory_start};
    assert(capacity > 0 && capacity <= SCHEDULE_THREADS_MAX);
    struct tijdeman *set = take(&memory, capacity);
    set->capacity = capacity;
    tijdeman_clear(set);
    return set;
}

void tijdeman_clear(struct tijdeman *set)
{
    key_heap_clear(set->far, set->capacity);
    key_heap_clear(set->waiting, set->capacity);
    for (uint32_t i = 0; i < TIJDEMAN_WHEEL_WORDS; i++)
        set->occupied[i] = 0;
    for (uint32_t i = 0; i < TIJDEMAN_WHEEL_BUCKETS; i++)
        set->wheel[i] = NULL;
    set->summary = set->now = set->slots_back = set->weight_sum = 0;
    set->far_count = set->waiting_count = set->count = set->class_count = 0;
}

enum schedule_status tijdeman_add(struct tijdeman *set, uint32_t index, int64_t weight)
{
    if (set->count == set->capacity)
        return SCHEDULE_FULL;
    if (weight <= 0)
        return weight == 0 ? SCHEDULE_WEIGHT_ZERO : SCHEDULE_WEIGHT_NEGATIVE;
    if (((uint64_t)weight | set->weight_sum) >> SCHEDULE_WEIGHT_BITS != 0)
        return SCHEDULE_WEIGHT_OVERFLOW;
    set->members[set->count] = index;
    set->weights[set->count++] = (uint64_t)weight;
    set->weight_sum += (uint64_t)weight;
    return SCHEDULE_OK;
}

/* --- Where the deadlines are ----------------------------------------------------------------- */

static inline uint64_t deadline_of(const struct tijdeman_class *class)
{
    return class->release + class->gap;
}

static inline uint32_t size_of(const struct tijdeman_class *tree)
{
    return tree ? tree->size : 0;
}

/* Join two trees, either of which may be null; no way down to the right is longer than the
   logarithm of the size. */
static struct tijdeman_class *meld(struct tijdeman_class *one, struct tijdeman_class *other)
{
    struct tijdeman_class *root = NULL, **link = &root;
    while (one && other) {
        if (deadline_of(other) < deadline_of(one)) {
            struct tijdeman_class *kept = one;
            one = other;
            other = kept;
        }
        struct tijdeman_class *right = one->right;
        *link = one;
        one->size += other->size;
        /* The larger subtree is the left one; the way goes on in the other. */
        if (size_of(one->left) >= size_of(right) + other->size) {
            link = &one->right;
        } else {
            one->right = one->left;
            link = &one->left;
        }
        one = right;
    }
    *link = one ? one : other;
    return root;
}

/*
 * The next three pass the word `answer` through: so they can be the last thing that tijdeman_next()
 * does, which then has no registers to save.
 */

/* Add a class that is alone to a bucket that has a tree. Mostly that is a single one, too. */
static __attribute__((noinline)) uint32_t bucket_join(struct tijdeman_class **tree,
                                                      struct tijdeman_class *class,
                                                      uint32_t answer)
{
    struct tijdeman_class *root = *tree;
    if (deadline_of(class) < deadline_of(root)) {
        class->left = root;
        class->size = root->size + 1;
        *tree = class;
    } else if (!root->left) {
        root->left = class;
        root->size = 2;
    } else {
        *tree = meld(root, class);
    }
    return answer;
}

static void alarm_set(struct tijdeman *set)
{
    uint64_t latest = set->slot_one << SLOTS_BITS;
    if (set->waiting[1] < latest)
        latest = set->waiting[1];
    if (set->far[1] - RANGE_NEAR < latest)
        latest = set->far[1] - RANGE_NEAR;
    set->alarm = latest;
}

static __attribute__((noinline)) uint32_t far_put(struct tijdeman *set,
                                                  const struct tijdeman_class *class,
                                                  uint32_t answer)
{
    key_heap_push(set->far, ++set->far_count, deadline_of(class));
    alarm_set(set);
    return answer;
}

/* A class that is alone goes where its deadline is looked for. */
static inline __attribute__((always_inline)) uint32_t put(struct tijdeman *set,
                                                          struct tijdeman_class *class,
                                                          uint32_t answer)
{
    uint64_t deadline = deadline_of(class), bucket = deadline >> BUCKET_SHIFT;
    if (__builtin_expect(deadline - set->now >= RANGE, 0))
        return far_put(set, class, answer);
    uint64_t word = bucket / BITS % TIJDEMAN_WHEEL_WORDS;
    struct tijdeman_class **tree = &set->wheel[bucket % TIJDEMAN_WHEEL_BUCKETS];
    if (__builtin_expect(*tree != NULL, 0))
        return bucket_join(tree, class, answer);
    *tree = class;
    set->occupied[word] |= UINT64_C(1) << bucket % BITS;
    set->summary |= UINT64_C(1) << word;
    return answer;
}

/* Take the root out of a bucket, and leave it alone. */
static void wheel_take(struct tijdeman *set, uint32_t bucket)
{
    struct tijdeman_class *root = set->wheel[bucket];
    set->wheel[bucket] = root->right ? meld(root->left, root->right) : root->left;
    root->left = root->right = NULL;
    root->size = 1;
    if (!set->wheel[bucket]) {
        set->occupied[bucket / BITS] &= ~(UINT64_C(1) << bucket % BITS);
        if (set->occupied[bucket / BITS] == 0)
            set->summary &= ~(UINT64_C(1) << bucket / BITS);
    }
}

/* The first word of the wheel from `word` on, round it, that is not empty; there must be one. */
static inline uint32_t wheel_word(const struct tijdeman *set, unsigned word)
{
    unsigned turn = word % BITS;
    uint64_t words = set->summary >> turn | set->summary << (BITS - turn) % BITS;
    return (turn + (unsigned)__builtin_ctzll(words)) % TIJDEMAN_WHEEL_WORDS;
}

/* The first bucket of the wheel, when it begins at `start`. */
static uint32_t wheel_first(const struct tijdeman *set, uint64_t start)
{
    if (set->summary == 0)
        return BUCKET_NONE;
    uint32_t word = wheel_word(set, (unsigned)(start / WORD_ONE));
    return word * BITS + (unsigned)__builtin_ctzll(set->occupied[word]);
}

/* The first one behind another; BUCKET_NONE when none is left. The wheel is not empty. */
static uint32_t wheel_next(const struct tijdeman *set, uint64_t start, uint32_t bucket)
{
    uint32_t word = bucket / BITS, first = (uint32_t)(start / WORD_ONE);
    uint64_t bits = set->occupied[word] & (~UINT64_C(1) << bucket % BITS);
    if (bits == 0) {
        uint32_t next = wheel_word(set, word + 1);
        if ((next - first) % TIJDEMAN_WHEEL_WORDS <= (word - first) % TIJDEMAN_WHEEL_WORDS)
            return BUCKET_NONE;
        word = next;
        bits = set->occupied[word];
    }
    return word * BITS + (unsigned)__builtin_ctzll(bits);
}

/* --- The set --------------------------------------------------------------------------------- */

/* 2n - 2, which is 1/D. One thread has the lag 0 by any rule. */
static uint64_t parts(const struct tijdeman *set)
{
    return set->count > 1 ? 2 * (uint64_t)set->count - 2 : 2;
}

/*
 * The moment dividend/divisor in slots, rounded down from a little less than what it is: so it lies
 * before the end of a slot if and only if the slot's number is not below it.
 */
static uint64_t moment(const struct tijdeman *set, uint64_t dividend, uint64_t divisor,
                       unsigned fraction_bits, uint64_t *rest)
{
    uint64_t quotient = schedule_divide(dividend, fraction_bits, divisor, rest);
    if (*rest == 0) {
        *rest = divisor;
        quotient--;
    }
    --*rest;
    return quotient * set->fraction_one;
}

static uint64_t common_divisor(uint64_t one, uint64_t other)
{
    while (other != 0) {
        uint64_t rest = one % other;
        one = other;
        other = rest;
    }
    return one;
}

/*
 * Divide all weights by their common divisor and sort the threads by them, those of one weight as
 * they were added; each weight is a class. Returns how many bits the numbers of the classes need.
 * `far` and `waiting` are used on the way.
 */
static unsigned sort(struct tijdeman *set)
{
    uint64_t divisor = 0;
    unsigned class_bits = 1;
    for (uint32_t place = 0; place < set->count; place++)
        divisor = common_divisor(set->weights[place], divisor);
    set->weight_sum /= divisor;
    for (uint32_t place = 0; place < set->count; place++)
        key_heap_push(set->far, place + 1, set->weights[place] / divisor << PLACE_BITS | place);
    for (uint32_t place = 0; place < set->count; place++) {
        set->weights[place] = set->far[1] >> PLACE_BITS;
        set->waiting[place] = set->members[set->far[1] % (1 << PLACE_BITS)];
        key_heap_pop(set->far, set->count - place);
        if (place == 0 || set->weights[place] != set->weights[place - 1])
            set->classes[set->class_count++].first = &set->members[place];
        set->classes[set->class_count - 1].end = &set->members[place + 1];
    }
    for (uint32_t place = 0; place < set->count; place++)
        set->members[place] = (uint32_t)set->waiting[place];
    key_heap_clear(set->waiting, set->capacity);
    while ((set->class_count - 1) >> class_bits != 0)
        class_bits++;
    return class_bits;
}

static enum schedule_status class_start(struct tijdeman *set, struct tijdeman_class *class,
                                        unsigned fraction_bits)
{
    uint64_t weight = set->weights[class->first - set->members], sum = set->weight_sum, rest;
    uint64_t last = (parts(set) - 1) * sum;
    class->divisor = parts(set) * weight;
    if (sum / weight >> SCHEDULE_SHARE_BITS != 0)
        return SCHEDULE_SHARE_SMALL;
    /* Two threads have no gap, so it need not be exact. */
    if (set->count > 2 && class->divisor >> (fraction_bits - 1) != 0)
        return SCHEDULE_WEIGHT_OVERFLOW;
    if (set->phase == TIJDEMAN_BEATTY) /* slot k at k/r - 1 or behind it */
        last = 2 * (sum - weight);
    /* Rounded up: from a deadline that is too small by less than a fraction, 2 fractions are less
       than the distance from any moment to the end of another slot. */
    class->gap = schedule_divide((parts(set) - 2) * sum, fraction_bits, class->divisor, &rest);
    class->gap = (class->gap + (rest != 0)) * set->fraction_one;
    class->release = moment(set, last, class->divisor, fraction_bits, &class->rest) - class->gap +
                     (uint64_t)(class - set->classes);
    class->step = schedule_divide(sum, fraction_bits, weight, &class->step_rest) *
                  set->fraction_one;
    class->step_rest *= parts(set);
    class->next = class->first;
    class->left = class->right = NULL;
    class->size = 1;
    class->turns = 0;
    return SCHEDULE_OK;
}

enum schedule_status tijdeman_seal(struct tijdeman *set, enum tijdeman_phase phase)
{
    unsigned slot_shift = SLOT_SHIFT_FEW;
    assert(set->count > 0 && (phase == TIJDEMAN_CENTRED || set->count == 2));
    unsigned class_bits = sort(set);
    if (set->weight_sum >= (UINT64_C(1) << SCHEDULE_WEIGHT_BITS) / parts(set))
        return SCHEDULE_WEIGHT_OVERFLOW;
    while (slot_shift > SLOT_SHIFT_MANY && set->count > FEW << (SLOT_SHIFT_FEW - slot_shift))
        slot_shift--;
    set->phase = phase;
    set->slot_one = UINT64_C(1) << slot_shift;
    set->fraction_one = UINT64_C(1) << class_bits;
    for (uint32_t number = 0; number < set->class_count; number++) {
        struct tijdeman_class *class = &set->classes[number];
        enum schedule_status status = class_start(set, class, slot_shift - class_bits);
        if (status != SCHEDULE_OK)
            return status;
        put(set, class, 0);
    }
    alarm_set(set);
    return SCHEDULE_OK;
}

/* --- The next slot --------------------------------------------------------------------------- */

static inline struct tijdeman_class *class_at(const struct tijdeman *set, uint64_t moment)
{
    return &set->classes[moment % set->fraction_one];
}

/* Is the class eligible in the slot that ends at `now`? */
static inline bool eligible(const struct tijdeman_class *class, uint64_t now)
{
    return class->release < now;
}

/* All members have had their turn: the deadline goes on by 1/r. */
static inline void advance(const struct tijdeman *set, struct tijdeman_class *class)
{
    uint64_t release = class->release + class->step, rest = class->rest + class->step_rest;
    if (rest >= class->divisor) {
        rest -= class->divisor;
        release += set->fraction_one;
    }
    class->next = class->first;
    class->release = release;
    class->rest = rest;
    class->turns++;
}

/* Give the slot to the class that stands first in `bucket`, or in `far` when that is none. */
static __attribute__((noinline)) uint32_t serve(struct tijdeman *set, uint32_t bucket,
                                                struct tijdeman_class *class)
{
    uint32_t answer = *class->next;
    if (++class->next != class->end)
        return answer;
    if (bucket == BUCKET_NONE)
        key_heap_pop(set->far, set->far_count--);
    else
        wheel_take(set, bucket);
    advance(set, class);
    return put(set, class, answer);
}

/* A class that stands first has to wait until it is eligible. */
static void wait(struct tijdeman *set, uint32_t bucket, const struct tijdeman_class *class)
{
    if (bucket == BUCKET_NONE)
        key_heap_pop(set->far, set->far_count--);
    else
        wheel_take(set, bucket);
    key_heap_push(set->waiting, ++set->waiting_count, class->release);
    alarm_set(set);
}

/*
 * The slot when the first deadline in the wheel does not get it, or there is none. Everybody with
 * an earlier deadline than the one who gets it is looked at, and waits when he is not eligible; but
 * for the first ones that are alone in their buckets.
 */
static __attribute__((noinline)) uint32_t next_unusual(struct tijdeman *set)
{
    uint64_t start = set->now - set->slot_one;
    uint32_t passed = 0, bucket = wheel_first(set, start);
    while (bucket != BUCKET_NONE) {
        struct tijdeman_class *class = set->wheel[bucket];
        if (eligible(class, set->now))
            return serve(set, bucket, class);
        uint32_t following = class->left ? bucket : wheel_next(set, start, bucket);
        if (class->left || passed++ == PASSED_MAX) {
            passed = PASSED_MAX;
            wait(set, bucket, class);
        }
        bucket = following;
    }
    for (;;) {
        assert(set->far_count > 0);
        struct tijdeman_class *class = class_at(set, set->far[1]);
        if (eligible(class, set->now))
            return serve(set, BUCKET_NONE, class);
        wait(set, BUCKET_NONE, class);
    }
}

/* Long before a moment would overflow. */
static void go_back(struct tijdeman *set)
{
    uint64_t back = set->slot_one << (SLOTS_BITS - 1);
    set->now -= back;
    set->slots_back += UINT64_C(1) << (SLOTS_BITS - 1);
    for (uint32_t number = 0; number < set->class_count; number++)
        set->classes[number].release -= back;
    for (uint32_t i = 1; i <= set->far_count; i++)
        set->far[i] -= back;
    for (uint32_t i = 1; i <= set->waiting_count; i++)
        set->waiting[i] -= back;
}

/* The next slot, when somebody else is to be looked for in the wheel from now on. */
static __attribute__((noinline)) uint32_t next_alarmed(struct tijdeman *set)
{
    if (set->now >= set->slot_one << SLOTS_BITS)
        go_back(set);
    while (set->waiting[1] < set->now + set->slot_one) {
        struct tijdeman_class *class = class_at(set, set->waiting[1]);
        key_heap_pop(set->waiting, set->waiting_count--);
        put(set, class, 0);
    }
    /* One is enough while the next is not urgent. */
    uint64_t near = set->now + RANGE_NEAR;
    while (set->far_count > 0 && set->far[1] < near + set->slot_one) {
        struct tijdeman_class *class = class_at(set, set->far[1]);
        key_heap_pop(set->far, set->far_count--);
        put(set, class, 0);
        near = set->now + RANGE_NEAR / 2;
    }
    alarm_set(set);
    if (set->alarm < set->now + set->slot_one)
        set->alarm = set->now + set->slot_one;
    return tijdeman_next(set);
}

/* The next slot, without what is checked in debug builds. */
static inline __attribute__((always_inline)) uint32_t next(struct tijdeman *set)
{
    uint64_t start = set->now, end = start + set->slot_one;
    if (__builtin_expect(end > set->alarm, 0))
        return next_alarmed(set);
    set->now = end;
    if (__builtin_expect(set->summary == 0, 0))
        return next_unusual(set);
    uint32_t word = wheel_word(set, (unsigned)(start / WORD_ONE));
    uint64_t bits = set->occupied[word];
    uint32_t bucket = word * BITS + (unsigned)__builtin_ctzll(bits);
    struct tijdeman_class *class = set->wheel[bucket];
    if (__builtin_expect(!eligible(class, end), 0))
        return next_unusual(set);
    if (__builtin_expect(class->left != NULL, 0))
        return serve(set, bucket, class);
    const uint32_t *member = class->next;
    uint32_t answer = *member;
    if (++member != class->end) {
        class->next = member;
        return answer;
    }
    bits &= bits - 1; /* it was the first one */
    set->wheel[bucket] = NULL;
    set->occupied[word] = bits;
    if (bits == 0)
        set->summary &= ~(UINT64_C(1) << word);
    advance(set, class);
    return put(set, class, answer);
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

int64_t tijdeman_lag(const struct tijdeman *set, const struct tijdeman_class *class,
                     uint32_t place)
{
    uint64_t given = set->now / set->slot_one + set->slots_back;
    uint64_t served = class->turns + (&set->members[place] < class->next);
    /* Modulo 2^64, and the result is small. */
    return (int64_t)(set->weights[place] * given - served * set->weight_sum);
}

bool tijdeman_bound_holds(const struct tijdeman *set)
{
    int64_t sum = (int64_t)set->weight_sum, bound = (int64_t)(parts(set) - 1) * sum;
    const struct tijdeman_class *class = set->classes;
    for (uint32_t place = 0; place < set->count; place++) {
        if (&set->members[place] == class->end)
            class++;
        int64_t lag = tijdeman_lag(set, class, place) * (int64_t)parts(set);
        if (set->phase == TIJDEMAN_BEATTY)
            lag += 2 * (int64_t)set->weights[place] - sum;
        if (set->count > 1 ? lag > bound || lag < -bound : lag != 0)
            return false;
    }
    return true;
}

/* Does a subtree follow its root, in the same bucket? */
static bool subtree_check(const struct tijdeman_class *root, const struct tijdeman_class *tree)
{
    return !tree || (deadline_of(tree) > deadline_of(root) &&
                     deadline_of(tree) >> BUCKET_SHIFT == deadline_of(root) >> BUCKET_SHIFT);
}

static bool class_check(const struct tijdeman *set, const struct tijdeman_class *class)
{
    return class->next >= class->first && class->next < class->end &&
           class->release % set->fraction_one == (uint64_t)(class - set->classes) &&
           subtree_check(class, class->left) && subtree_check(class, class->right) &&
           size_of(class->left) >= size_of(class->right) &&
           class->size == size_of(class->left) + size_of(class->right) + 1;
}

bool tijdeman_check(const struct tijdeman *set)
{
    uint32_t found = set->far_count + set->waiting_count;
    for (uint32_t number = 0; number < set->class_count; number++)
        if (!class_check(set, &set->classes[number]))
            return false;
    for (uint32_t bucket = 0; bucket < TIJDEMAN_WHEEL_BUCKETS; bucket++) {
        const struct tijdeman_class *root = set->wheel[bucket];
        uint64_t word = set->occupied[bucket / BITS];
        if ((word >> bucket % BITS & 1) != (root != NULL) ||
            (set->summary >> bucket / BITS & 1) != (word != 0))
            return false;
        if (root && (deadline_of(root) >> BUCKET_SHIFT) % TIJDEMAN_WHEEL_BUCKETS != bucket)
            return false;
        found += size_of(root);
    }
    return found == set->class_count &&
           key_heap_check(set->far, set->far_count, set->capacity) &&
           key_heap_check(set->waiting, set->waiting_count, set->capacity) &&
           tijdeman_bound_holds(set);
}
