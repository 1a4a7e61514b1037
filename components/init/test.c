/* SPDX-License-Identifier: MIT */
/* Host tests of init's restart rules, every rule with every cause, and of what an import needs. */
#include <CUnit/Basic.h>

#include "plan.h"
#include "restart.h"

static void test_rules(void)
{
    static const struct {
        enum restart_rule rule;
        enum restart_cause cause;
        bool ends;
        enum restart_action action;
    } cases[] = {
        {RESTART_NEVER, RESTART_RETURNED, false, RESTART_ACTION_LEAVE},
        {RESTART_NEVER, RESTART_RETURNED, true, RESTART_ACTION_END},
        {RESTART_NEVER, RESTART_CRASHED, false, RESTART_ACTION_LEAVE},
        {RESTART_NEVER, RESTART_CRASHED, true, RESTART_ACTION_END},
        {RESTART_NEVER, RESTART_STOPPED, true, RESTART_ACTION_LEAVE},
        {RESTART_ON_CRASH, RESTART_RETURNED, false, RESTART_ACTION_LEAVE},
        {RESTART_ON_CRASH, RESTART_RETURNED, true, RESTART_ACTION_END},
        {RESTART_ON_CRASH, RESTART_CRASHED, true, RESTART_ACTION_AGAIN},
        {RESTART_ON_CRASH, RESTART_STOPPED, false, RESTART_ACTION_LEAVE},
        {RESTART_ALWAYS, RESTART_RETURNED, false, RESTART_ACTION_AGAIN},
        {RESTART_ALWAYS, RESTART_CRASHED, true, RESTART_ACTION_AGAIN},
        {RESTART_ALWAYS, RESTART_STOPPED, false, RESTART_ACTION_LEAVE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct restart_state state = {.rule = cases[i].rule, .ends = cases[i].ends};
        CU_ASSERT_EQUAL(restart_decide(&state, cases[i].cause), cases[i].action);
        CU_ASSERT_EQUAL(state.count, cases[i].action == RESTART_ACTION_AGAIN);
    }
}

static void test_limit(void)
{
    struct restart_state state = {.rule = RESTART_ON_CRASH, .limit = 2, .ends = true};
    CU_ASSERT_EQUAL(restart_decide(&state, RESTART_CRASHED), RESTART_ACTION_AGAIN);
    CU_ASSERT_EQUAL(restart_decide(&state, RESTART_CRASHED), RESTART_ACTION_AGAIN);
    CU_ASSERT_EQUAL(restart_decide(&state, RESTART_CRASHED), RESTART_ACTION_END);
    CU_ASSERT_EQUAL(state.count, 2);
}

/* 0 imports from 1 and 2, 1 from 3 and from init, 3 from 1 again; 4 from 0. */
static void test_needs(void)
{
    static const uint16_t ends[][3] = {
        {0, 0, 1}, {0, 1, 2}, {1, 0, 3}, {1, 1, EXO_SERVER_INIT}, {3, 0, 1}, {4, 0, 0},
    };
    static const unsigned needed[][2] = {{0, 0x0b}, {1, 0x05}};
    plan.component_count = 5;
    plan.connection_count = sizeof ends / sizeof *ends;
    for (uint32_t i = 0; i < plan.connection_count; i++) {
        plan.connection[i].client.component = ends[i][0];
        plan.connection[i].client.port = ends[i][1];
        plan.connection[i].server.component = ends[i][2];
    }
    for (unsigned i = 0; i < 2; i++)
        for (uint32_t other = 0; other < plan.component_count; other++)
            CU_ASSERT_EQUAL(plan_needs(0, needed[i][0], other), needed[i][1] >> other & 1);
    CU_ASSERT(plan_needs(4, 0, 2)); /* by way of 0, all that 0 imports */
    CU_ASSERT_FALSE(plan_needs(2, 0, 0));
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("init", NULL, NULL);
    CU_add_test(suite, "restart rules", test_rules);
    CU_add_test(suite, "restart limit", test_limit);
    CU_add_test(suite, "what an import needs", test_needs);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
