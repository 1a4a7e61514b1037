/* SPDX-License-Identifier: MIT */
/*
 * Labels: the lattice laws and the access function, exhaustively on a reduced lattice (three
 * dimensions of three levels, spread over the word), against loops that treat each dimension alone.
 *
 * Seen to fail: LABEL_GUARD one bit lower; join that takes the smaller of equal-guard bytes;
 * label_access() with low and high of the reading rule exchanged.
 */
#include "kernel.h"
#include "machine.h"

#define SMALL 27 /* labels of the reduced lattice */

/* Dimensions 0, 3 and 7 with levels 0, 4 and 7: both ends of the word and of a level. */
static uint64_t small_label(unsigned number) {
    static const uint64_t levels[3] = {0, 4, 7};
    return levels[number % 3] | levels[number / 3 % 3] << 24 | levels[number / 9 % 3] << 56;
}

static unsigned level(uint64_t label, unsigned dimension) {
    return label >> 8 * dimension & 0xff;
}

static bool model_dominates(uint64_t upper, uint64_t lower) {
    for (unsigned i = 0; i < 8; i++) {
        if (level(upper, i) < level(lower, i)) {
            return false;
        }
    }
    return true;
}

static uint64_t model_combine(uint64_t a, uint64_t b, bool join) {
    uint64_t result = 0;
    for (unsigned i = 0; i < 8; i++) {
        uint64_t first = level(a, i), second = level(b, i);
        uint64_t larger = first > second ? first : second;
        uint64_t smaller = first > second ? second : first;
        result |= (join ? larger : smaller) << 8 * i;
    }
    return result;
}

static void compare(uint64_t a, uint64_t b) {
    CU_ASSERT_EQUAL(label_dominates(a, b), model_dominates(a, b));
    CU_ASSERT_EQUAL(label_join(a, b), model_combine(a, b, true));
    CU_ASSERT_EQUAL(label_meet(a, b), model_combine(a, b, false));
    CU_ASSERT(label_check(label_join(a, b)) && label_check(label_meet(a, b)));
}

static void test_order(void) {
    for (unsigned i = 0; i < SMALL; i++) {
        for (unsigned j = 0; j < SMALL; j++) {
            uint64_t a = small_label(i), b = small_label(j);
            compare(a, b);
            CU_ASSERT_EQUAL(label_join(a, b), label_join(b, a));
            CU_ASSERT_EQUAL(label_meet(a, b), label_meet(b, a));
            CU_ASSERT_EQUAL(label_join(a, label_meet(a, b)), a);
            CU_ASSERT_EQUAL(label_meet(a, label_join(a, b)), a);
            CU_ASSERT_EQUAL(label_dominates(a, b), label_join(a, b) == a);
            for (unsigned k = 0; k < SMALL; k++) {
                uint64_t c = small_label(k);
                CU_ASSERT_EQUAL(label_join(label_join(a, b), c), label_join(a, label_join(b, c)));
                CU_ASSERT_EQUAL(label_meet(label_meet(a, b), c), label_meet(a, label_meet(b, c)));
                CU_ASSERT(!label_dominates(a, b) || !label_dominates(b, c) ||
                          label_dominates(a, c));
            }
        }
    }
}

static void test_random(void) {
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t a = 0, b = 0;
        for (unsigned j = 0; j < 8; j++) {
            a |= machine_random(8) << 8 * j;
            b |= machine_random(8) << 8 * j;
        }
        compare(a, b);
    }
}

static void test_words(void) {
    CU_ASSERT(label_check(0) && label_check(EXO_LABEL_TOP));
    for (unsigned bit = 0; bit < 64; bit++) {
        CU_ASSERT_EQUAL(label_check(1ull << bit), bit % 8 < 3);
    }
    for (unsigned i = 0; i < SMALL * SMALL; i++) {
        struct label_range range = {small_label(i % SMALL), small_label(i / SMALL)};
        CU_ASSERT_EQUAL(label_range_check(range), model_dominates(range.high, range.low));
    }
}

/* The sentence of the design, in its order of cases. */
static enum label_access model_access(struct label_range domain, struct label_range object) {
    bool inside = model_dominates(domain.low, object.low) &&
                  model_dominates(object.high, domain.high);
    bool outside = model_dominates(object.low, domain.low) &&
                   model_dominates(domain.high, object.high);
    if (inside || outside) {
        return LABEL_ACCESS_ALL;
    }
    if (model_dominates(domain.low, object.high)) {
        return LABEL_ACCESS_READ;
    }
    return model_dominates(object.low, domain.high) ? LABEL_ACCESS_SIGNAL : LABEL_ACCESS_NONE;
}

static void test_access(void) {
    /* Ranges over two dimensions are enough: nine labels, 36 ranges or so. */
    static struct label_range ranges[81];
    unsigned count = 0;
    for (unsigned i = 0; i < 81; i++) {
        struct label_range range = {small_label(i % 9), small_label(i / 9)};
        if (label_range_check(range)) {
            ranges[count++] = range;
        }
    }
    for (unsigned i = 0; i < count * count; i++) {
        struct label_range domain = ranges[i % count], object = ranges[i / count];
        enum label_access access = label_access(domain, object);
        CU_ASSERT_EQUAL(access, model_access(domain, object));
        /* No flow downwards: who may read dominates, who may signal is dominated. */
        CU_ASSERT(access != LABEL_ACCESS_READ || label_dominates(domain.low, object.low));
        CU_ASSERT(access != LABEL_ACCESS_SIGNAL || label_dominates(object.high, domain.high));
        /* One label each: both ways only when they are the same. */
        if (domain.low == domain.high && object.low == object.high) {
            CU_ASSERT_EQUAL(access == LABEL_ACCESS_ALL, domain.low == object.low);
        }
    }
}

/* What the access function allows is what a capability that is derived or delivered carries. */
static void test_rights(void) {
    machine_start(64, 4, 4);
    struct slot memory = {.kind = EXO_OBJECT_KIND_MEMORY};
    struct slot event = {.kind = EXO_OBJECT_KIND_EVENT};
    struct slot portal = {.kind = EXO_OBJECT_KIND_PORTAL};
    struct domain *domain = machine_domain;
    struct label_range low = {0, 0}, high = {EXO_LABEL_TOP, EXO_LABEL_TOP};
    uint32_t all = 0xffff;
    uint32_t reading = EXO_RIGHT_READ | EXO_RIGHT_EXECUTE | EXO_RIGHT_FROZEN;
    domain->object.label = high;
    CU_ASSERT_EQUAL(slot_rights_allowed(domain, &memory, low, all), reading);
    CU_ASSERT_EQUAL(slot_rights_allowed(domain, &event, low, all), 0);
    CU_ASSERT_EQUAL(slot_rights_allowed(domain, &portal, low, all), 0);
    CU_ASSERT_EQUAL(slot_rights_allowed(domain, &memory, high, all), all);
    domain->object.label = low;
    CU_ASSERT_EQUAL(slot_rights_allowed(domain, &memory, high, all), 0);
    CU_ASSERT_EQUAL(slot_rights_allowed(domain, &event, high, all), EXO_RIGHT_SIGNAL);
    CU_ASSERT_EQUAL(slot_rights_allowed(domain, &portal, high, all), 0);
    CU_ASSERT_EQUAL(slot_rights_allowed(domain, &portal, low, all), all);
    domain->object.label = (struct label_range){0, EXO_LABEL_TOP};
    CU_ASSERT_EQUAL(slot_rights_allowed(domain, &portal, high, all), all);
    CU_ASSERT_EQUAL(slot_rights_allowed(domain, &portal, low, all), all);
}

static const struct machine_test tests[] = {
    {"order, join and meet on the reduced lattice", test_order},
    {"join and meet of random labels", test_random},
    {"words and ranges that are labels", test_words},
    {"the access function on all pairs of ranges", test_access},
    {"rights that labels leave", test_rights},
};

MACHINE_MAIN("label", tests)
