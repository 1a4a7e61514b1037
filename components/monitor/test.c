/* SPDX-License-Identifier: MIT */
/* Host tests of the monitor's line editor and command table. */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "completion.h"
#include "date.h"
#include "line.h"
#include "plot.h"

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
    /* Characters of several bytes are moved over and cut whole. */
    expect("Z\303\274rich\r", "Z\303\274rich");
    expect("a\342\202\254\bb\r", "ab");
    expect("a\342\202\254z\002\002b\r", "ab\342\202\254z");
    expect("\303\274x\001\006y\001\004\r", "yx");
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
    line_begin(&line);
    type("\303\274");
    line_take(&line, 2); /* one column back, over two bytes */
    CU_ASSERT_EQUAL(line.output_bytes, 12);
    CU_ASSERT_EQUAL(memcmp(line.output, "\r> \303\274\033[K\033[1D", 12), 0);
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
        enum line_result result = line_take(&line, byte);
        if (result != LINE_MORE && result != LINE_COMPLETE)
            line_begin(&line);
        if (rand() % 3 == 0)
            line.output_bytes = 0;
        CU_ASSERT_FATAL(line.cursor <= line.length && line.length <= LINE_BYTES_MAX);
        CU_ASSERT_FATAL(strlen(line.text) == line.length);
    }
}

static int ran;
static char last_word[64];

static void count_words(const struct command_words *words, void *context)
{
    ran = (int)words->count;
    strcpy(last_word, words->word[words->count - 1]);
    *(const char **)context = words->word[0];
}

static void test_commands(void)
{
    static const struct command table[] = {
        {"stop", "NAME", 1, "Stop.", count_words},
        {"start", "NAME", 1, "Start.", count_words},
        {"list", "", 0, "List.", count_words},
        {"listen", "", 0, "Listen.", count_words},
        {"call", "WHAT [(...)]", 2, "Call.", count_words},
    };
    static const struct { const char *line; enum command_result result; } cases[] = {
        {"", COMMAND_NOTHING}, {"  \t ", COMMAND_NOTHING}, {"stop x", COMMAND_RUN},
        {"  sto   x  ", COMMAND_RUN}, {"st x", COMMAND_AMBIGUOUS}, {"list", COMMAND_RUN},
        {"liste", COMMAND_RUN}, {"lis", COMMAND_AMBIGUOUS}, {"stop", COMMAND_WRONG_ARGUMENTS},
        {"stop a b", COMMAND_WRONG_ARGUMENTS}, {"lost", COMMAND_UNKNOWN},
        {"stop a b c d e f g h i j k", COMMAND_WRONG_ARGUMENTS}, {"call", COMMAND_WRONG_ARGUMENTS},
        {"call x", COMMAND_RUN}, {"call x (a = 1, b = 2, c = 3, d = 4)  ", COMMAND_RUN},
        {"a_word_that_is_longer_than_any_command_could_be x", COMMAND_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char copy[64];
        const char *name = NULL;
        const struct command *found;
        strcpy(copy, cases[i].line);
        CU_ASSERT_EQUAL(command_run(table, 5, copy, &name, &found), cases[i].result);
        CU_ASSERT_EQUAL(name != NULL, cases[i].result == COMMAND_RUN);
    }
    CU_ASSERT_EQUAL(ran, 3);
    CU_ASSERT_STRING_EQUAL(last_word, "(a = 1, b = 2, c = 3, d = 4)");
}

/* Complete the word that ends the line among these names. */
static const char *completed(const char *before, const char *const *names)
{
    static struct completion completion;
    static char added[COMPLETION_NAME_BYTES + 2];
    if (!completion_begin(&completion, before, (uint32_t)strlen(before)))
        return "too long";
    for (; *names; names++)
        completion_offer(&completion, *names, (uint32_t)strlen(*names));
    uint32_t bytes = completion_result(&completion, added);
    sprintf(added + bytes, "%u", completion.index);
    return added;
}

static void test_completion(void)
{
    static const char *const names[] = {"log", "login", "clock", NULL};
    static const char *const twice[] = {"very", "log", "very", NULL};
    char word[200];
    CU_ASSERT_STRING_EQUAL(completed("", names), "0");
    CU_ASSERT_STRING_EQUAL(completed("c", names), "lock 0");
    CU_ASSERT_STRING_EQUAL(completed("call l", names), "og1");
    CU_ASSERT_STRING_EQUAL(completed("call  log", names), "1");
    CU_ASSERT_STRING_EQUAL(completed("call logi", names), "n 1");
    CU_ASSERT_STRING_EQUAL(completed("call v", twice), "ery 1");
    CU_ASSERT_STRING_EQUAL(completed("call x ", names), "2");
    CU_ASSERT_STRING_EQUAL(completed("call a b c d e f cl", names), "ock 7");
    CU_ASSERT_STRING_EQUAL(completed("z", names), "0");
    char long_line[LINE_BYTES_MAX + 1]; /* behind many words */
    for (uint32_t i = 0; i < LINE_BYTES_MAX; i++)
        long_line[i] = i % 2 ? ' ' : 'a';
    strcpy(long_line + LINE_BYTES_MAX - 2, "c");
    CU_ASSERT_STRING_EQUAL(completed(long_line, names), "lock 511");
    memset(word, 'l', sizeof word);
    word[sizeof word - 1] = '\0';
    CU_ASSERT_STRING_EQUAL(completed(word, names), "too long");
    line_start(&line, "> ");
    begin();
    CU_ASSERT_EQUAL(type("ab\t"), LINE_COMPLETE);
    line_add(&line, "c\033d", 3);
    CU_ASSERT_STRING_EQUAL(line.text, "abcd");
    for (int i = 0; i < 2 * LINE_BYTES_MAX; i++)
        line_add(&line, "x", 1);
    CU_ASSERT_EQUAL(line.length, LINE_BYTES_MAX);
}

/* Dates as another implementation has them, around leap days and the ends of years, and every day
 * for some centuries. */
static void test_dates(void)
{
    static const struct {
        uint64_t seconds;
        const char *date;
    } cases[] = {
        {0, "1970-01-01T00:00:00Z"},           {951782399, "2000-02-28T23:59:59Z"},
        {951782400, "2000-02-29T00:00:00Z"},   {978307199, "2000-12-31T23:59:59Z"},
        {1795795092, "2026-11-27T15:58:12Z"},  {4107542399, "2100-02-28T23:59:59Z"},
        {4107542400, "2100-03-01T00:00:00Z"},  {253402300799, "9999-12-31T23:59:59Z"},
    };
    char date[DATE_BYTES], expected[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CU_ASSERT(date_write(date, cases[i].seconds));
        CU_ASSERT_STRING_EQUAL(date, cases[i].date);
    }
    for (time_t seconds = 0; seconds < (time_t)86400 * 366 * 500; seconds += 86399) {
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));
        CU_ASSERT_FATAL(date_write(date, (uint64_t)seconds));
        CU_ASSERT_STRING_EQUAL_FATAL(date, expected);
    }
    CU_ASSERT_FALSE(date_write(date, 253402300800));
    CU_ASSERT_FALSE(date_write(date, UINT64_MAX));
}

static void test_plot(void)
{
    static const uint64_t values[] = {0, 1, 5, 10, 80, UINT64_MAX};
    char line[PLOT_LINE_BYTES];
    plot_row(values, 5, 0, line);
    CU_ASSERT_STRING_EQUAL(line, "                  80 |    #");
    plot_row(values, 5, PLOT_ROWS - 1, line);
    CU_ASSERT_STRING_EQUAL(line, "                  10 |   ##");
    plot_row(values, 5, PLOT_ROWS, line);
    CU_ASSERT_STRING_EQUAL(line, "                   0 +-----");
    plot_row(values, 6, 0, line); /* the largest value there is */
    CU_ASSERT_STRING_EQUAL(line, "18446744073709551615 |     #");
    plot_row(values, 6, 4, line);
    CU_ASSERT_STRING_EQUAL(line, " 9223372036854775807 |     #");
    plot_row(values, 1, 3, line);
    CU_ASSERT_STRING_EQUAL(line, "                   0 | ");
    plot_row(values, 0, PLOT_ROWS, line);
    CU_ASSERT_STRING_EQUAL(line, "                   0 +");
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
    CU_add_test(suite, "completion", test_completion);
    CU_add_test(suite, "dates", test_dates);
    CU_add_test(suite, "plot", test_plot);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
