/* SPDX-License-Identifier: MIT */
/* What a mock (host/mock.h) says to a test that uses it wrongly, each line with its words. It ends
 * the test, so each mistake is made in a process of its own. */
#include "gauge_mock.h"
#include "sample_mock.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sample_mock sample;
static struct gauge_mock gauge;

/* What a mistake writes to standard error; it must end with failure. */
static const char *words_of(void (*mistake)(void))
{
    static char text[1024];
    int ends[2], status = 0;
    ssize_t length, sum = 0;
    CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        mistake();
        _exit(EXIT_SUCCESS);
    }
    close(ends[1]);
    while ((length = read(ends[0], text + sum, sizeof text - 1 - (size_t)sum)) > 0)
        sum += length;
    close(ends[0]);
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE);
    text[sum] = '\0';
    return text;
}

static void open_twice(void)
{
    gauge_mock_open(&gauge);
    gauge_mock_open_one_way(&gauge);
}

static void fault_one_way(void)
{
    gauge_mock_open_one_way(&gauge);
    gauge_mock_report_fault(&gauge, MOCK_DISCONNECT, 1);
}

static void not_open(void)
{
    sample_mock_add_fail(&sample, EXO_STATUS_BUSY);
}

static void wait_for_ever(void)
{
    static struct sample_client client;
    struct sample_add_params params = {1, 2, CAPNP_TEXT_LITERAL("text")};
    struct sample_add_results results;
    sample_mock_open(&sample);
    sample_mock_add_fault(&sample, MOCK_DELAY, 0);
    sample_client_open(&client, sample_mock_binding(&sample));
    sample_add(&client, &params, &results);
}

static void test_words(void)
{
    static const struct {
        void (*mistake)(void);
        const char *words;
    } mistakes[] = {
        {open_twice, "mock of Gauge: it was opened before for the other kind of channel; make "
                     "another one\n"},
        {fault_one_way, "mock of Gauge: its channel goes one way: nothing comes back, and no "
                        "fault is seen\n"},
        {not_open, "mock of what is not open: there is no method 0; is the mock open?\n"},
        {wait_for_ever, "mock of Sample: its client waits for ever: the call has no deadline, "
                        "see NAME_client_timeout and $deadline\n"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const char *words = words_of(mistakes[i].mistake);
        CU_ASSERT_STRING_EQUAL(words, mistakes[i].words);
        if (strcmp(words, mistakes[i].words) != 0)
            printf("\n%s", words);
    }
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("a mock's words", NULL, NULL);
    CU_add_test(suite, "each mistake", test_words);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
