/* SPDX-License-Identifier: MIT */
/* Host tests of init's restart rules: every rule with every cause. */
#include <CUnit/Basic.h>

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

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("init", NULL, NULL);
    CU_add_test(suite, "restart rules", test_rules);
    CU_add_test(suite, "restart limit", test_limit);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
