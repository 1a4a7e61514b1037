/* SPDX-License-Identifier: MIT */
/* Host tests of the monitor's line editor and command table. */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "line.h"

static struct line line;

/* Type a text; the result of the last byte is returned. */
static enum line_result type(const char *keys)
{
    enum line_result result = LINE_MORE;
    for (; *keys != 0; keys++) {
        result = line_take(&line, (unsigned char)*keys);
        line.output_bytes = 0;
    }
    return result;
}

static void begin(void)
{
    line_begin(&line);
    line.output_bytes = 0;
}

static void expect(const char *keys, const char *text)
{
    begin();
    CU_ASSERT_EQUAL(type(keys), LINE_DONE);
    CU_ASSERT_STRING_EQUAL(line.text, text);
}

static void test_editing(void)
{
    line_start(&line, "> ");
    expect("list\r", "list");
    expect("lisst\b\bt\r", "list");
    expect("ist\001l\r", "list");
    expect("ist\033[Hl\005s\r", "lists");
    expect("list\033[D\033[D\033[3~\r", "lit");
    expect("one two\027three\r", "one three");
    expect("one two\025\r", "");
    expect("one two\001\006\006\006\013\r", "one");
    expect("ab\033[1;5Dc\r", "acb"); /* a modifier is read over: Control-left is left */
    begin();
    CU_ASSERT_EQUAL(type("abc\003"), LINE_GIVEN_UP);
    begin();
    CU_ASSERT_EQUAL(type("\004"), LINE_CLOSED);
}

static void test_history(void)
{
    line_start(&line, "> ");
    expect("first\r", "first");
    expect("second\r", "second");
    expect("second\r", "second");
    expect("\033[A\033[A\r", "first");
    expect("\020\020x\r", "secondx");
    expect("new\033[A\033[B\r", "new");
    for (int i = 0; i < 100; i++)
        expect(i % 2 ? "odd\r" : "even\r", i % 2 ? "odd" : "even");
    begin();
    for (int i = 0; i < 30; i++)
        type("\033[A");
    CU_ASSERT_EQUAL(line.history_back, LINE_HISTORY_MAX);
    CU_ASSERT_STRING_EQUAL(line.text, "even");
}

static void test_terminal(void)
{
    line_start(&line, "> ");
    line_begin(&line);
    line_take(&line, 'a');
    CU_ASSERT_EQUAL(line.output_bytes, 3);
    CU_ASSERT_EQUAL(memcmp(line.output, "> a", 3), 0);
    line.output_bytes = 0;
    line_take(&line, 2); /* Control-B */
    CU_ASSERT_EQUAL(line.output_bytes, 11);
    CU_ASSERT_EQUAL(memcmp(line.output, "\r> a\033[K\033[1D", 11), 0);
}

/* Any bytes at all leave the invariants in place; the sanitizers watch the memory. */
static void test_random(void)
{
    srand(3);
    line_start(&line, "> ");
    line_begin(&line);
    for (int i = 0; i < 200000; i++) {
        static const char keys[] =
            "abc \033[[OABCDHF~13;\001\002\004\005\006\013\020\016\025\027\b\177\t";
        unsigned char byte = i % 7 == 0 ? (unsigned char)rand()
                                        : (unsigned char)keys[(size_t)rand() % (sizeof keys - 1)];
        if (line_take(&line, byte) != LINE_MORE)
            line_begin(&line);
        if (rand() % 3 == 0)
            line.output_bytes = 0;
        CU_ASSERT_FATAL(line.cursor <= line.length && line.length <= LINE_BYTES_MAX);
        CU_ASSERT_FATAL(strlen(line.text) == line.length);
    }
}

static int ran;

static void count_words(const struct command_words *words, void *context)
{
    ran = (int)words->count;
    *(const char **)context = words->word[0];
}

static void test_commands(void)
{
    static const struct command table[] = {
        {"stop", "NAME", 1, "Stop.", count_words},
        {"start", "NAME", 1, "Start.", count_words},
        {"list", "", 0, "List.", count_words},
        {"listen", "", 0, "Listen.", count_words},
    };
    static const struct { const char *line; enum command_result result; } cases[] = {
        {"", COMMAND_NOTHING}, {"  \t ", COMMAND_NOTHING}, {"stop x", COMMAND_RUN},
        {"  sto   x  ", COMMAND_RUN}, {"st x", COMMAND_AMBIGUOUS}, {"list", COMMAND_RUN},
        {"liste", COMMAND_RUN}, {"lis", COMMAND_AMBIGUOUS}, {"stop", COMMAND_WRONG_ARGUMENTS},
        {"stop a b", COMMAND_WRONG_ARGUMENTS}, {"lost", COMMAND_UNKNOWN},
        {"stop a b c d e f g h i j k", COMMAND_WRONG_ARGUMENTS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char copy[64];
        const char *name = NULL;
        const struct command *found;
        strcpy(copy, cases[i].line);
        CU_ASSERT_EQUAL(command_run(table, 4, copy, &name, &found), cases[i].result);
        CU_ASSERT_EQUAL(name != NULL, cases[i].result == COMMAND_RUN);
    }
    CU_ASSERT_EQUAL(ran, 1);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("monitor", NULL, NULL);
    CU_add_test(suite, "editing", test_editing);
    CU_add_test(suite, "history", test_history);
    CU_add_test(suite, "terminal", test_terminal);
    CU_add_test(suite, "random", test_random);
    CU_add_test(suite, "commands", test_commands);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
