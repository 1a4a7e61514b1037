/* SPDX-License-Identifier: MIT */
/* Bulk data: what a message may name, and what the kernel must say of it. */
#include "bulk.h"

#include "host/syscall.h"

#include <CUnit/Basic.h>
#include <stdlib.h>

#define FRAMES 16u
#define ROOM UINT64_C(0x10000000)

/* The one capability that there is, in slot 9. */
static uint64_t kind = EXO_OBJECT_KIND_MEMORY, rights = EXO_RIGHT_READ | EXO_RIGHT_FROZEN;
static uint64_t map_limit = UINT64_MAX; /* pages that can be mapped */
static uint64_t mapped, unmapped, first_frame;
static uint64_t words[32];

uint64_t host_system_call(uint64_t word, uint64_t call[6])
{
    switch ((unsigned)(word >> 32) & 0xffff) {
    case EXO_CALL_CAPABILITY_INFO:
        if (call[0] != 9)
            return EXO_STATUS_BAD_ARGUMENT;
        call[0] = kind;
        call[1] = rights;
        call[3] = FRAMES;
        return EXO_STATUS_OK;
    case EXO_CALL_MEMORY_MAP: {
        uint64_t count = call[3] > 5 ? 5 : call[3]; /* in steps */
        if (count > map_limit - mapped)
            count = map_limit - mapped;
        if (mapped == 0)
            first_frame = call[2];
        mapped += count;
        call[0] = count;
        return count ? EXO_STATUS_OK : EXO_STATUS_FULL;
    }
    case EXO_CALL_MEMORY_UNMAP: unmapped += call[1]; return EXO_STATUS_OK;
    default: return EXO_STATUS_BAD_CALL;
    }
}

/* Send and receive a Memory; returns what bulk_map said. */
static enum exo_status pass(uint64_t offset, uint64_t length, bool frozen, uint64_t room,
                            struct bulk_view *view)
{
    struct capnp_builder builder;
    struct bulk_memory_builder built;
    struct capnp_message message;
    struct bulk_memory_reader reader;
    struct rpc_given given = {0};
    capnp_builder_begin(&builder, words, 32);
    CU_ASSERT_EQUAL(bulk_memory_init_root(&builder, &built), CAPNP_OK);
    CU_ASSERT_EQUAL(bulk_memory_set(built, &given, 4, offset, length, frozen), EXO_STATUS_OK);
    CU_ASSERT(given.count == 1 && given.slots[0] == 4);
    capnp_message_single(&message, words, builder.word_count);
    CU_ASSERT_EQUAL(bulk_memory_read_root(&message, &reader), CAPNP_OK);
    mapped = unmapped = 0;
    return bulk_map(reader, (struct rpc_received){9, 1}, ROOM, room, view);
}

static void test_memory(void)
{
    struct bulk_view view;
    CU_ASSERT_EQUAL(pass(0, FRAMES * 4096, true, FRAMES, &view), EXO_STATUS_OK);
    CU_ASSERT(mapped == FRAMES && view.is_frozen && view.length == FRAMES * 4096);
    bulk_unmap(&view);
    CU_ASSERT_EQUAL(unmapped, FRAMES);
    CU_ASSERT_EQUAL(pass(5000, 4000, false, FRAMES, &view), EXO_STATUS_OK);
    CU_ASSERT(mapped == 2 && first_frame == 1);
    CU_ASSERT_EQUAL((uintptr_t)view.bytes, ROOM + 5000 - 4096);
    CU_ASSERT_EQUAL(pass(0, FRAMES * 4096 + 1, true, 99, &view), EXO_STATUS_BAD_MESSAGE);
    CU_ASSERT_EQUAL(pass(1, FRAMES * 4096, true, 99, &view), EXO_STATUS_BAD_MESSAGE);
    CU_ASSERT_EQUAL(pass(UINT64_MAX, 2, true, 99, &view), EXO_STATUS_BAD_MESSAGE);
    CU_ASSERT_EQUAL(pass(2, UINT64_MAX, true, 99, &view), EXO_STATUS_BAD_MESSAGE);
    CU_ASSERT_EQUAL(pass(0, 4097, true, 1, &view), EXO_STATUS_FULL);
    CU_ASSERT_EQUAL(mapped, 0);
    map_limit = 7;
    CU_ASSERT_EQUAL(pass(0, FRAMES * 4096, true, FRAMES, &view), EXO_STATUS_FULL);
    CU_ASSERT(unmapped == 7 && view.pages == 0);
    map_limit = UINT64_MAX;
    rights = EXO_RIGHT_READ;
    CU_ASSERT_EQUAL(pass(0, 10, true, 1, &view), EXO_STATUS_BAD_MESSAGE);
    CU_ASSERT_EQUAL(pass(0, 10, false, 1, &view), EXO_STATUS_OK);
    CU_ASSERT(!view.is_frozen);
    kind = EXO_OBJECT_KIND_EVENT;
    CU_ASSERT_EQUAL(pass(0, 10, false, 1, &view), EXO_STATUS_BAD_MESSAGE);
}

static void test_buffer(void)
{
    static uint8_t pool[100];
    struct capnp_builder builder;
    struct bulk_buffer_builder built;
    struct capnp_message message;
    struct bulk_buffer_reader reader;
    struct bulk_view view;
    static const struct { uint64_t offset, length; bool is_right; } cases[] = {
        {0, 100, true}, {100, 0, true}, {99, 1, true}, {0, 101, false}, {101, 0, false},
        {UINT64_MAX, 1, false}, {1, UINT64_MAX, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        capnp_builder_begin(&builder, words, 32);
        CU_ASSERT_EQUAL(bulk_buffer_init_root(&builder, &built), CAPNP_OK);
        bulk_buffer_set_offset(built, cases[i].offset);
        bulk_buffer_set_length(built, cases[i].length);
        capnp_message_single(&message, words, builder.word_count);
        CU_ASSERT_EQUAL(bulk_buffer_read_root(&message, &reader), CAPNP_OK);
        CU_ASSERT_EQUAL(bulk_buffer(reader, pool, sizeof pool, &view),
                        cases[i].is_right ? EXO_STATUS_OK : EXO_STATUS_BAD_MESSAGE);
        CU_ASSERT(!cases[i].is_right || view.bytes == pool + cases[i].offset);
    }
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("bulk", NULL, NULL);
    CU_add_test(suite, "memory that comes with a message", test_memory);
    CU_add_test(suite, "a range of a pool", test_buffer);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
