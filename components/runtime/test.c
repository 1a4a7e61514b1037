/* SPDX-License-Identifier: MIT */
/* Host tests of the runtime's pure logic: format, text, slots, space, heap, fault regions, time. */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "general_registers.h"

#include "fault.h"
#include "format.h"
#include "heap.h"
#include "slots.h"
#include "space.h"
#include "text.h"
#include "ticks.h"

/* Compare our text and length with the C library's for the same format. */
#define SAME(...)                                                     \
    do {                                                              \
        char ours[64], theirs[64];                                    \
        size_t length = format(ours, sizeof ours, __VA_ARGS__);       \
        int wanted = snprintf(theirs, sizeof theirs, __VA_ARGS__);    \
        CU_ASSERT_EQUAL(length, (size_t)wanted);                      \
        CU_ASSERT_STRING_EQUAL(ours, theirs);                         \
    } while (0)

static void test_format(void)
{
    SAME("plain");
    SAME("%d %d %d", 0, -1, 2147483647);
    SAME("%ld|%lu|%lx", (long)-9223372036854775807 - 1, 18446744073709551615ul, 0xfeedul);
    SAME("%8d|%-8d|%08d|%08d", 42, 42, 42, -42);
    SAME("%x %08x %zu", 0xabcu, 0x1fu, sizeof(int));
    SAME("%s|%10s|%-10s|%.3s|%.*s", "abc", "abc", "abc", "abcdef", 2, "xyz");
    SAME("%c%c%% %*d", 'o', 'k', 5, 7);
    SAME("%-*d|", 6, 3);
    char small[4];
    CU_ASSERT_EQUAL(format(small, sizeof small, "%d", 123456), 6);
    CU_ASSERT_STRING_EQUAL(small, "123");
    CU_ASSERT_EQUAL(format(NULL, 0, "%s", "abc"), 3);
}

static void test_text(void)
{
    char room[4];
    uint64_t value = 7;
    CU_ASSERT_TRUE(text_is("hello, world", 5, "hello"));
    CU_ASSERT_FALSE(text_is("hello", 4, "hello"));
    CU_ASSERT_TRUE(text_is(NULL, 0, ""));
    CU_ASSERT_EQUAL(text_copy(room, sizeof room, "abcdef", 6), 3);
    CU_ASSERT_STRING_EQUAL(room, "abc");
    CU_ASSERT_TRUE(text_number("18446744073709551615", 20, &value));
    CU_ASSERT_EQUAL(value, UINT64_MAX);
    CU_ASSERT_FALSE(text_number("18446744073709551616", 20, &value));
    CU_ASSERT_FALSE(text_number("", 0, &value));
    CU_ASSERT_FALSE(text_number("1x", 2, &value));
    CU_ASSERT_EQUAL(value, UINT64_MAX);
}

static void test_slots(void)
{
    static struct slots slots;
    slots_start(&slots, 16, 200);
    CU_ASSERT_EQUAL(slots_take(&slots, 1), 16);
    CU_ASSERT_EQUAL(slots_take(&slots, 100), 17);
    CU_ASSERT_TRUE(slots_take_at(&slots, 150));
    CU_ASSERT_FALSE(slots_take_at(&slots, 150));
    CU_ASSERT_FALSE(slots_take_at(&slots, 3));
    CU_ASSERT_FALSE(slots_take_at(&slots, 200));
    CU_ASSERT_EQUAL(slots_take(&slots, 40), 151);
    CU_ASSERT_EQUAL(slots_take(&slots, 40), SLOTS_NONE);
    slots_give(&slots, 17, 100);
    CU_ASSERT_EQUAL(slots_take(&slots, 40), 17);
    CU_ASSERT_TRUE(slots_check(&slots));
}

/* A random walk against a map of one byte per page. */
static void test_space(void)
{
    enum { PAGES = 500, STEPS = 20000 };
    static struct space space;
    static unsigned char taken[PAGES];
    uint64_t first;
    srand(1);
    space_start(&space, 0, PAGES);
    for (int step = 0; step < STEPS; step++) {
        uint64_t count = 1 + (uint64_t)rand() % 12, at = (uint64_t)rand() % (PAGES - 12);
        bool all_free = true, all_taken = true;
        for (uint64_t i = at; i < at + count; i++) {
            all_free &= taken[i] == 0;
            all_taken &= taken[i] != 0;
        }
        if (step % 3 == 0) {
            if (space_give(&space, at, count)) {
                CU_ASSERT_TRUE(all_taken);
                memset(taken + at, 0, count);
            } else {
                CU_ASSERT_FALSE(all_taken);
            }
        } else if (step % 3 == 1) {
            CU_ASSERT_EQUAL(space_take_at(&space, at, count), all_free);
            if (all_free)
                memset(taken + at, 1, count);
        } else if (space_take(&space, count, 4, &first)) {
            CU_ASSERT_EQUAL(first % 4, 0);
            for (uint64_t i = first; i < first + count; i++)
                CU_ASSERT_EQUAL(taken[i]++, 0);
        }
        if (!space_check(&space))
            CU_FAIL_FATAL("the array of ranges is broken");
    }
    uint64_t unused = 0;
    for (int i = 0; i < PAGES; i++)
        unused += taken[i] == 0;
    CU_ASSERT_EQUAL(space_free(&space), unused);
}

/*
 * Random blocks, each filled with its own number, which must still be there when it is given back.
 */
static void test_heap(void)
{
    enum { BYTES = 65536, BLOCKS = 200, STEPS = 20000 };
    static struct heap heap;
    static unsigned char *block[BLOCKS];
    static size_t size[BLOCKS];
    void *memory = malloc(BYTES);
    srand(2);
    heap_start(&heap, memory, BYTES);
    void *all = heap_take(&heap, BYTES - 64);
    CU_ASSERT_PTR_NOT_NULL(all);
    CU_ASSERT_PTR_NULL(heap_take(&heap, 1024));
    heap_give(&heap, all);
    for (int step = 0; step < STEPS; step++) {
        int i = rand() % BLOCKS;
        if (block[i]) {
            for (size_t j = 0; j < size[i]; j++)
                if (block[i][j] != (unsigned char)i)
                    CU_FAIL_FATAL("a block was overwritten");
            heap_give(&heap, block[i]);
            block[i] = NULL;
        } else {
            size[i] = (size_t)(rand() % (rand() % 50 == 0 ? 8192 : 300));
            block[i] = heap_take(&heap, size[i]);
            if (block[i])
                memset(block[i], i, size[i]);
        }
        if (step % 64 == 0 && !heap_check(&heap))
            CU_FAIL_FATAL("the heap is broken");
    }
    for (int i = 0; i < BLOCKS; i++)
        heap_give(&heap, block[i]);
    CU_ASSERT_TRUE(heap_check(&heap));
    CU_ASSERT_EQUAL(heap.used, 0);
    CU_ASSERT_PTR_NOT_NULL(heap_take(&heap, BYTES - 64));
    free(memory);
}

static bool count_fault(struct upcall_frame *frame, uint64_t address, void *context)
{
    (void)frame;
    *(uint64_t *)context = address;
    return address != 0x1fff;
}

static void test_fault(void)
{
    uint64_t seen = 0;
    struct upcall_frame frame = {.address = 0x1800};
    CU_ASSERT_FALSE(fault_dispatch(&frame));
    CU_ASSERT_TRUE(fault_region_add(0x1000, 0x2000, count_fault, &seen));
    CU_ASSERT_FALSE(fault_region_add(0x1fff, 0x3000, count_fault, &seen));
    CU_ASSERT_TRUE(fault_region_add(0x2000, 0x3000, count_fault, &seen));
    CU_ASSERT_TRUE(fault_dispatch(&frame));
    CU_ASSERT_EQUAL(seen, 0x1800);
    frame.address = 0x1fff;
    CU_ASSERT_FALSE(fault_dispatch(&frame));
    CU_ASSERT_TRUE(fault_region_remove(0x1000));
    CU_ASSERT_FALSE(fault_region_remove(0x1000));
    CU_ASSERT_FALSE(fault_dispatch(&frame));
    CU_ASSERT_TRUE(fault_region_remove(0x2000));
}

static void test_ticks(void)
{
    ticks_start(3000000000u);
    CU_ASSERT_EQUAL(ticks_to_microseconds(3000000000u), 1000000);
    CU_ASSERT_EQUAL(ticks_from_microseconds(1), 3000);
    CU_ASSERT_EQUAL(ticks_from_microseconds(UINT64_MAX), UINT64_MAX);
    ticks_start(0);
    CU_ASSERT_EQUAL(ticks_rate(), 3000000000u);
    uint64_t now = ticks_now();
    CU_ASSERT_TRUE(ticks_deadline(10) > now);
    CU_ASSERT_EQUAL(ticks_deadline(UINT64_MAX), TICKS_NEVER);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("runtime", NULL, NULL);
    CU_add_test(suite, "format", test_format);
    CU_add_test(suite, "text", test_text);
    CU_add_test(suite, "slots", test_slots);
    CU_add_test(suite, "space", test_space);
    CU_add_test(suite, "heap", test_heap);
    CU_add_test(suite, "fault", test_fault);
    CU_add_test(suite, "ticks", test_ticks);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
