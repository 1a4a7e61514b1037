/* SPDX-License-Identifier: MIT */
/* Host tests: cores and nodes in ACPI tables, right and broken ones. */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "processors.h"

enum { TABLES_BYTES = 512, HEADER_BYTES = 36 };

/* Tables as they are built: at `at`, the table that is being written begins at `table`. */
static uint8_t tables[TABLES_BYTES];
static uint32_t at, table;

static void put(uint64_t value, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        tables[at++] = (uint8_t)(value >> 8 * i);
}

static void begin_table(const char *signature, uint32_t first_entry)
{
    table = at;
    memcpy(tables + at, signature, 4);
    at = table + first_entry;
}

static void end_table(void)
{
    uint32_t end = at;
    at = table + 4;
    put(end - table, 4);
    at = end;
}

static void put_memory(uint32_t node, uint64_t base, uint64_t bytes, uint32_t flags)
{
    put(1, 1), put(40, 1), put(node, 4), put(0, 2), put(base, 8), put(bytes, 8);
    put(0, 4), put(flags, 4), put(0, 8);
}

static void put_core(uint32_t node, uint32_t number, uint32_t flags)
{
    put(0, 1), put(16, 1), put(node & 0xff, 1), put(number, 1), put(flags, 4);
    put(0, 1), put(node >> 8, 3), put(0, 4);
}

/* Two cores, four ranges of two nodes, one of which is disabled; a wide core of a high node. */
static void make_tables(void)
{
    memset(tables, 0, sizeof tables);
    at = 0;
    begin_table("FACP", HEADER_BYTES);
    end_table();
    at += 4; /* padding */
    begin_table("APIC", 44);
    put(0, 1), put(8, 1), put(7, 1), put(3, 1), put(1, 4);
    put(0, 1), put(8, 1), put(8, 1), put(4, 1), put(0, 4); /* disabled */
    put(9, 1), put(16, 1), put(0, 2), put(300, 4), put(1, 4), put(0, 4);
    end_table();
    begin_table("SRAT", 48);
    put_core(0, 3, 1);
    put_core(9, 4, 0); /* disabled */
    put(2, 1), put(24, 1), put(0, 2), put(0x12345, 4), put(300, 4), put(1, 4), put(0, 8);
    put_memory(0, 0, 0xa0000, 1);
    put_memory(0, 0x100000, 0xff00000, 1);
    put_memory(1, 0x10000000, 0x10000000, 1);
    put_memory(5, 0x20000000, 0x10000000, 0); /* disabled */
    put_memory(5, UINT64_MAX - 4096, 8192, 1); /* wraps around */
    put_memory(5, 0x30000000, 0, 1); /* empty */
    end_table();
}

static void test_cores(void)
{
    uint64_t numbers[4] = {0};
    make_tables();
    CU_ASSERT_EQUAL(processors_in_tables(tables, at, numbers, 4), 2);
    CU_ASSERT(numbers[0] == 3 && numbers[1] == 300);
    CU_ASSERT_EQUAL(processors_in_tables(tables, at, numbers, 1), 1);
    CU_ASSERT_EQUAL(processors_in_tables(tables, HEADER_BYTES, numbers, 4), 0);
}

static void expect_node(const struct processors_nodes *nodes, uint64_t address, uint32_t node,
                        uint64_t end)
{
    uint64_t found_end = UINT64_C(1) << 40;
    CU_ASSERT_EQUAL(processors_node_of_memory(nodes, address, &found_end), node);
    CU_ASSERT_EQUAL(found_end, end);
}

static void test_nodes(void)
{
    static struct processors_nodes nodes;
    make_tables();
    memset(&nodes, 0, sizeof nodes);
    processors_nodes_in_tables(tables, at, &nodes);
    CU_ASSERT_EQUAL(nodes.range_count, 3);
    CU_ASSERT_EQUAL(nodes.core_count, 2);
    CU_ASSERT_EQUAL(processors_node_of_core(&nodes, 3), 0);
    CU_ASSERT_EQUAL(processors_node_of_core(&nodes, 300), 0x12345);
    CU_ASSERT_EQUAL(processors_node_of_core(&nodes, 4), 0); /* nothing is said of it */
    expect_node(&nodes, 0x9ffff, 0, 0xa0000);
    expect_node(&nodes, 0xa0000, 0, 0x100000); /* between two ranges */
    expect_node(&nodes, 0xfffffff, 0, 0x10000000);
    expect_node(&nodes, 0x10000000, 1, 0x20000000);
    expect_node(&nodes, 0x20000000, 0, UINT64_C(1) << 40);
    /* What was asked for ends before the range does. */
    uint64_t end = 0x18000000;
    CU_ASSERT_EQUAL(processors_node_of_memory(&nodes, 0x10000000, &end), 1);
    CU_ASSERT_EQUAL(end, 0x18000000);
}

/* A large machine: what there is no room for stays out. */
static void test_room(void)
{
    static struct processors_nodes nodes;
    memset(&nodes, 0, sizeof nodes);
    for (uint32_t i = 0; i < PROCESSORS_RANGES_MAX; i++)
        CU_ASSERT(processors_add_range(&nodes, i * UINT64_C(4096), 4096, i));
    CU_ASSERT_FALSE(processors_add_range(&nodes, 0x1000000, 4096, 1));
    for (uint32_t i = 0; i < PROCESSORS_MAX; i++)
        CU_ASSERT(processors_add_core(&nodes, i, i));
    CU_ASSERT_FALSE(processors_add_core(&nodes, 64, 1));
}

/* Each byte spoiled in turn, and each length: in a block of its own, so that the sanitizer sees
 * whoever reads behind it. */
static void test_broken(void)
{
    static struct processors_nodes nodes;
    uint64_t numbers[4];
    make_tables();
    uint32_t bytes = at;
    for (uint32_t cut = 0; cut <= bytes; cut++) {
        for (uint32_t i = 0; i < 3; i++) {
            static const uint8_t spoiled[] = {0, 1, 0xff};
            uint8_t *copy = malloc(cut > 0 ? cut : 1);
            memcpy(copy, tables, cut);
            if (cut > 8)
                copy[cut - 8] = spoiled[i];
            memset(&nodes, 0, sizeof nodes);
            CU_ASSERT(processors_in_tables(copy, cut, numbers, 4) <= 4);
            processors_nodes_in_tables(copy, cut, &nodes);
            CU_ASSERT(nodes.range_count <= 6 && nodes.core_count <= 4);
            free(copy);
        }
    }
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("processors", NULL, NULL);
    CU_add_test(suite, "cores", test_cores);
    CU_add_test(suite, "nodes", test_nodes);
    CU_add_test(suite, "room", test_room);
    CU_add_test(suite, "broken tables", test_broken);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
