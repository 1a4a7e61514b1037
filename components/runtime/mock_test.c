/* SPDX-License-Identifier: MIT */
/* The mocks of tests on the host (host/mock.h), as a test of a client uses them. */
#include "clock_mock.h"
#include "gauge_mock.h"
#include "sample_mock.h"
#include "ticks.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

static struct sample_mock sample;
static struct clock_mock clock_of_day;
static struct sample_client client;

/* Begin a test: nothing said, nothing recorded, a client connected. */
static void begin(void)
{
    sample_mock_open(&sample);
    CU_ASSERT_EQUAL(sample_client_open(&client, sample_mock_binding(&sample)), EXO_STATUS_OK);
}

/* End it: all that was said was asked for. */
static void end(void)
{
    CU_ASSERT_EQUAL(mock_unused(&sample.base), 0);
    CU_ASSERT(mock_check(&sample.base));
}

static enum exo_status add(uint64_t first, struct sample_add_results *results)
{
    struct sample_add_params params = {first, 2, CAPNP_TEXT_LITERAL("text of the request")};
    return sample_add(&client, &params, results);
}

static void test_answers(void)
{
    char own[] = "own";
    struct sample_add_results results, answer = {7, {own, 3}};
    begin();
    CU_ASSERT_EQUAL(add(1, &results), EXO_STATUS_BAD_CALL);
    sample_mock_add_answer(&sample, &answer);
    own[0] = '?'; /* it was copied */
    sample_mock_add_fail(&sample, EXO_STATUS_CONFLICT);
    answer.sum = 8;
    sample_mock_add_answer(&sample, &answer);
    answer.sum = 9;
    sample_mock_add_otherwise(&sample, EXO_STATUS_OK, &answer);
    CU_ASSERT_EQUAL(mock_unused(&sample.base), 3);
    CU_ASSERT_EQUAL(add(2, &results), EXO_STATUS_OK);
    CU_ASSERT(results.sum == 7 && capnp_text_is(results.text, "own"));
    CU_ASSERT_EQUAL(add(3, &results), EXO_STATUS_CONFLICT);
    CU_ASSERT_EQUAL(add(4, &results), EXO_STATUS_OK);
    CU_ASSERT(results.sum == 8 && capnp_text_is(results.text, "?wn"));
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(add(5, &results), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(results.sum, 9);
    }
    sample_mock_add_otherwise(&sample, EXO_STATUS_BUSY, 0);
    CU_ASSERT_EQUAL(add(6, &results), EXO_STATUS_BUSY);
    CU_ASSERT_EQUAL(sample_wait(&client), EXO_STATUS_BAD_CALL);
    sample_mock_wait_answer(&sample);
    CU_ASSERT_EQUAL(sample_wait(&client), EXO_STATUS_OK);
    end();
}

static void test_requests(void)
{
    struct sample_add_results results;
    begin();
    sample_mock_add_otherwise(&sample, EXO_STATUS_OK, 0);
    for (uint64_t i = 0; i < 20; i++) {
        CU_ASSERT_EQUAL(add(i, &results), EXO_STATUS_OK);
        CU_ASSERT(results.sum == 0 && results.text.length == 0);
    }
    CU_ASSERT_EQUAL(sample_mock_add_count(&sample), 20);
    for (uint32_t i = 0; i < 20; i++) {
        const struct sample_add_params *params = sample_mock_add_request(&sample, i);
        CU_ASSERT_FATAL(params != 0);
        CU_ASSERT(params->first == i && params->second == 2);
        CU_ASSERT(capnp_text_is(params->text, "text of the request"));
    }
    CU_ASSERT_PTR_NULL(sample_mock_add_request(&sample, 20));
    CU_ASSERT_PTR_NULL(sample_mock_notify_request(&sample, 0));
    CU_ASSERT_EQUAL(sample_mock_wait_count(&sample), 0);
    end();
    begin();
    CU_ASSERT_EQUAL(sample_mock_add_count(&sample), 0);
    end();
}

/* A list of structs, and a struct with a union, there and back. */
static void test_structs(void)
{
    uint64_t words[16];
    struct capnp_builder builder;
    struct capnp_message message;
    struct sample_list_results_builder built;
    struct sample_list_results_reader reader;
    struct sample_point_builder_list points;
    struct sample_list_params params = {2};
    struct sample_list_results answer, results;
    capnp_builder_begin(&builder, words, 16);
    CU_ASSERT_EQUAL(sample_list_results_init_root(&builder, &built), CAPNP_OK);
    CU_ASSERT_EQUAL(sample_list_results_init_points(built, 2, &points), CAPNP_OK);
    sample_point_set_x(sample_point_builder_list_at(points, 1), 77);
    capnp_message_single(&message, words, builder.word_count);
    CU_ASSERT_EQUAL(sample_list_results_read_root(&message, &reader), CAPNP_OK);
    sample_list_results_get_points(reader, &answer.points);
    begin();
    sample_mock_list_answer(&sample, &answer);
    memset(words, 0xff, sizeof words);
    CU_ASSERT_EQUAL(sample_list(&client, &params, &results), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_point_list_count(results.points), 2);
    CU_ASSERT_EQUAL(sample_point_get_x(sample_point_list_at(results.points, 1)), 77);
    struct sample_choice_builder choice;
    CU_ASSERT_EQUAL(sample_choose_begin(&client, &choice), EXO_STATUS_OK);
    sample_choice_set_text(choice, CAPNP_TEXT_LITERAL("chosen"));
    sample_mock_choose_fail(&sample, EXO_STATUS_DENIED);
    struct sample_choose_results chosen;
    CU_ASSERT_EQUAL(sample_choose_finish(&client, &chosen), EXO_STATUS_DENIED);
    const struct sample_choose_params *asked = sample_mock_choose_request(&sample, 0);
    struct capnp_text text;
    CU_ASSERT_FATAL(asked != 0);
    CU_ASSERT_EQUAL(sample_choice_which(asked->reader), SAMPLE_CHOICE_WHICH_TEXT);
    sample_choice_get_text(asked->reader, &text);
    CU_ASSERT(capnp_text_is(text, "chosen"));
    end();
}

static void test_asynchronous(void)
{
    uint32_t question[3];
    struct sample_add_results results, answer = {5, CAPNP_TEXT_LITERAL("later")};
    begin();
    for (uint64_t i = 0; i < 3; i++) {
        struct sample_add_params params = {i, 0, CAPNP_TEXT_LITERAL("")};
        CU_ASSERT_EQUAL(sample_add_send(&client, &params, &question[i]), EXO_STATUS_OK);
    }
    sample_mock_add_answer(&sample, &answer);
    sample_mock_add_fail(&sample, EXO_STATUS_DENIED);
    sample_mock_add_fault(&sample, MOCK_MALFORMED, MOCK_DAMAGE_ROOT);
    CU_ASSERT_EQUAL(sample_add_wait(&client, question[0], RPC_FOR_EVER, &results), EXO_STATUS_OK);
    CU_ASSERT(results.sum == 5 && capnp_text_is(results.text, "later"));
    CU_ASSERT_EQUAL(sample_add_wait(&client, question[1], 0, &results), EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(sample_add_wait(&client, question[2], 0, &results), EXO_STATUS_BAD_MESSAGE);
    for (int i = 0; i < 3; i++)
        sample_client_finish(&client, question[i]);
    struct sample_notify_params note = {3, CAPNP_TEXT_LITERAL("posted")};
    sample_mock_notify_answer(&sample);
    sample_mock_notify_fail(&sample, EXO_STATUS_FULL);
    for (; note.value < 5; note.value++)
        CU_ASSERT_EQUAL(sample_notify_post(&client, &note), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_client_settle(&client, RPC_FOR_EVER), EXO_STATUS_FULL);
    CU_ASSERT_EQUAL(sample_mock_notify_request(&sample, 1)->value, 4);
    end();
}

static void test_delay(void)
{
    struct sample_add_results results;
    begin();
    sample_client_timeout(&client, 1000);
    sample_mock_add_fault(&sample, MOCK_DELAY, 0);
    sample_mock_add_answer(&sample, &(struct sample_add_results){6, CAPNP_TEXT_LITERAL("")});
    uint64_t before = ticks_now();
    CU_ASSERT_EQUAL(add(1, &results), EXO_STATUS_DEADLINE);
    CU_ASSERT(ticks_now() - before >= 1000);
    CU_ASSERT_EQUAL(add(2, &results), EXO_STATUS_OK);
    CU_ASSERT(results.sum == 6 && sample_mock_add_count(&sample) == 2);
    /* An asynchronous answer that comes too late is there afterwards. */
    struct sample_add_params params = {3, 0, CAPNP_TEXT_LITERAL("")};
    uint32_t question;
    sample_mock_add_fault(&sample, MOCK_DELAY, 0);
    CU_ASSERT_EQUAL(sample_add_send(&client, &params, &question), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_add_wait(&client, question, ticks_now() + 1000, &results),
                    EXO_STATUS_DEADLINE);
    CU_ASSERT_EQUAL(sample_add_wait(&client, question, 0, &results), EXO_STATUS_OK);
    sample_client_finish(&client, question);
    end();
}

static void test_disconnect(void)
{
    struct sample_add_results results;
    begin();
    sample_mock_add_fault(&sample, MOCK_DISCONNECT, 2);
    sample_mock_add_otherwise(&sample, EXO_STATUS_OK, 0);
    CU_ASSERT_EQUAL(add(1, &results), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(add(2, &results), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(add(3, &results), EXO_STATUS_OK);
    mock_disconnect(&sample.base);
    CU_ASSERT_EQUAL(add(4, &results), EXO_STATUS_DISCONNECTED);
    for (int i = 0; i < 10; i++)
        CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_DISCONNECTED);
    mock_connect(&sample.base);
    CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(add(5, &results), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_mock_add_count(&sample), 3);
    CU_ASSERT_EQUAL(sample_mock_add_request(&sample, 1)->first, 3);
    /* What was asked of the server that ended is answered by nobody. */
    struct sample_add_params params = {6, 0, CAPNP_TEXT_LITERAL("")};
    uint32_t question;
    CU_ASSERT_EQUAL(sample_add_send(&client, &params, &question), EXO_STATUS_OK);
    mock_disconnect(&sample.base);
    CU_ASSERT_EQUAL(sample_add_wait(&client, question, RPC_FOR_EVER, &results),
                    EXO_STATUS_DISCONNECTED);
    end();
}

/* Ask so many questions, one after the other. */
static void ask(uint32_t count)
{
    struct sample_add_params params = {1, 0, CAPNP_TEXT_LITERAL("asked")};
    struct sample_add_results results;
    uint32_t question;
    for (uint32_t i = 0; i < count; i++) {
        CU_ASSERT_EQUAL(sample_add_send(&client, &params, &question), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(sample_add_wait(&client, question, RPC_FOR_EVER, &results), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(results.sum, 8);
        sample_client_finish(&client, question);
    }
}

/* Questions go on after the client has connected again, to a server that never ended or to a new
 * one, however many there were before; and a server that was started again is found out. */
static void test_again(void)
{
    struct sample_add_results results, answer = {8, CAPNP_TEXT_LITERAL("answered")};
    struct sample_add_params params = {2, 0, CAPNP_TEXT_LITERAL("")};
    uint32_t question, sum = 0;
    begin();
    sample_mock_add_otherwise(&sample, EXO_STATUS_OK, &answer);
    mock_connect(&sample.base); /* the client has not called yet, so it is all one to it */
    for (uint32_t count = 1; count < 400; count = 3 * count + 1) { /* fewer than a ring, and more */
        ask(count);
        CU_ASSERT_EQUAL(sample_add_send(&client, &params, &question), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(sample_add_wait(&client, question, 0, &results), EXO_STATUS_BAD_ARGUMENT);
        ask(count);
        mock_connect(&sample.base);
        CU_ASSERT_EQUAL(sample_add_send(&client, &params, &question), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(sample_add_wait(&client, question, RPC_FOR_EVER, &results),
                        EXO_STATUS_DISCONNECTED);
        CU_ASSERT_EQUAL(sample_client_flush(&client), EXO_STATUS_DISCONNECTED);
        CU_ASSERT_EQUAL(add(1, &results), EXO_STATUS_DISCONNECTED);
        CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_OK);
        ask(count);
        sum += 3 * count;
        CU_ASSERT_EQUAL(sample_mock_add_count(&sample), sum);
    }
    end();
}

static void test_malformed(void)
{
    struct sample_add_results results, answer = {1, CAPNP_TEXT_LITERAL("an answer that is whole")};
    unsigned refused = 0;
    begin();
    for (uint32_t number = 0; number < 500; number++) {
        sample_mock_add_fault(&sample, MOCK_MALFORMED, number);
        enum exo_status status = add(number, &results);
        refused += status == EXO_STATUS_BAD_MESSAGE;
        if (number % MOCK_DAMAGES <= MOCK_DAMAGE_ROOT)
            CU_ASSERT_EQUAL(status, EXO_STATUS_BAD_MESSAGE);
        sample_mock_add_answer(&sample, &answer);
        CU_ASSERT_EQUAL(add(number, &results), EXO_STATUS_OK);
        CU_ASSERT(results.sum == 1 && results.text.length == 23);
    }
    CU_ASSERT(refused >= 200 && refused < 500);
    sample_mock_wait_fault(&sample, MOCK_MALFORMED, 3); /* it has no results */
    CU_ASSERT_EQUAL(sample_wait(&client), EXO_STATUS_BAD_MESSAGE);
    end();
}

static void test_capabilities(void)
{
    struct sample_pass_params params = {40, EXO_NONE, {(const uint8_t *)"blob", 4}};
    struct sample_pass_results results, answer = {5, {0, 0}, EXO_NONE};
    begin();
    memset(mock_slots, 0, sizeof mock_slots);
    mock_slots[40] = 7001;
    sample.base.slots[5] = 7005;
    sample_mock_pass_answer(&sample, &answer);
    CU_ASSERT_EQUAL(sample_pass(&client, &params, &results), EXO_STATUS_OK);
    CU_ASSERT(results.callback != EXO_NONE && mock_slots[results.callback] == 7005);
    CU_ASSERT_EQUAL(rpc_take(results.callback, 50), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(mock_slots[50], 7005);
    const struct sample_pass_params *asked = sample_mock_pass_request(&sample, 0);
    CU_ASSERT_FATAL(asked != 0);
    CU_ASSERT(asked->callback != EXO_NONE && asked->other == EXO_NONE && asked->blob.length == 4);
    end();
}

/* Capabilities of any slots, in any order, there and back, whether they are waited for or sent. */
static void test_scattered(void)
{
    struct sample_pass_params params = {47, 40, {0, 0}};
    struct sample_pass_results results, answer = {60, {(const uint8_t *)"blob", 4}, 5};
    uint32_t question;
    begin();
    memset(mock_slots, 0, sizeof mock_slots);
    mock_slots[40] = 7040;
    mock_slots[47] = 7047;
    sample.base.slots[5] = 7005;
    sample.base.slots[60] = 7060;
    sample_mock_pass_otherwise(&sample, EXO_STATUS_OK, &answer);
    for (int i = 0; i < 5; i++) { /* more often than there is room for, were it not given back */
        CU_ASSERT_EQUAL(sample_pass(&client, &params, &results), EXO_STATUS_OK);
        CU_ASSERT(mock_slots[results.callback] == 7060 && mock_slots[results.other] == 7005);
        CU_ASSERT(results.blob.length == 4 && memcmp(results.blob.bytes, "blob", 4) == 0);
    }
    CU_ASSERT_EQUAL(sample_pass_send(&client, &params, &question), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_pass_wait(&client, question, RPC_FOR_EVER, &results), EXO_STATUS_OK);
    CU_ASSERT(mock_slots[results.callback] == 7060 && mock_slots[results.other] == 7005);
    sample_client_finish(&client, question);
    CU_ASSERT(mock_slots[40] == 7040 && mock_slots[47] == 7047);
    /* Two that came in slots of the server, in the order of the fields. */
    const struct sample_pass_params *asked = sample_mock_pass_request(&sample, 5);
    CU_ASSERT_FATAL(asked != 0);
    CU_ASSERT_EQUAL(asked->other, asked->callback + 1);
    end();
}

static void test_failures(void)
{
    struct sample_add_results results;
    struct capnp_text reason;
    begin();
    sample_mock_add_fail_with(&sample, FAILURE_EXCEPTION_TYPE_OVERLOADED,
                              CAPNP_TEXT_LITERAL("come back tomorrow"));
    sample_mock_add_fail(&sample, EXO_STATUS_DENIED);
    enum exo_status status = add(1, &results);
    CU_ASSERT_EQUAL(rpc_client_why(&client.rpc, status, &reason),
                    FAILURE_EXCEPTION_TYPE_OVERLOADED);
    CU_ASSERT(capnp_text_is(reason, "come back tomorrow"));
    CU_ASSERT_EQUAL(add(2, &results), EXO_STATUS_DENIED);
    end();
}

/* What is inherited is a part of the mock, too; a name that is there twice is the nearer one. */
static void test_inherited(void)
{
    static struct sample_both_mock both;
    static struct sample_both_client of_both;
    struct sample_base_twice_params twice = {3};
    struct sample_base_twice_results twice_results;
    struct sample_left_left_params left = {CAPNP_TEXT_LITERAL("left")};
    struct sample_left_left_results left_results;
    sample_both_mock_open(&both);
    CU_ASSERT_EQUAL(sample_both_client_open(&of_both, sample_both_mock_binding(&both)),
                    EXO_STATUS_OK);
    sample_both_mock_twice_answer(&both, &(struct sample_base_twice_results){6});
    sample_both_mock_left_otherwise(&both, EXO_STATUS_OK, &(struct sample_left_left_results){4});
    CU_ASSERT_EQUAL(sample_both_twice(&of_both, &twice, &twice_results), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(twice_results.value, 6);
    CU_ASSERT_EQUAL(sample_both_left(&of_both, &left, &left_results), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(left_results.length, 4);
    const struct sample_left_left_params *asked = sample_both_mock_left_request(&both, 0);
    CU_ASSERT_FATAL(asked != 0);
    CU_ASSERT(capnp_text_is(asked->text, "left"));
    CU_ASSERT_EQUAL(sample_both_mock_twice_request(&both, 0)->value, 3);
    CU_ASSERT(mock_unused(&both.base) == 0 && mock_check(&both.base));
}

/* A method of the same name as a nearer one has the name of its interface, too. */
static void test_same_name(void)
{
    static struct sample_both_mock both;
    static struct sample_both_client client;
    struct sample_base_who_results name;
    sample_both_mock_open(&both);
    CU_ASSERT_EQUAL(sample_both_client_open(&client, sample_both_mock_binding(&both)),
                    EXO_STATUS_OK);
    sample_both_mock_who_answer(&both, &(struct sample_base_who_results){
        CAPNP_TEXT_LITERAL("the nearer one")});
    sample_both_mock_sample_right_who_fail(&both, EXO_STATUS_BUSY);
    sample_both_mock_sample_right_who_answer(&both);
    struct sample_right_client *right = sample_both_as_sample_right(&client);
    CU_ASSERT_EQUAL(sample_right_who(right), EXO_STATUS_BUSY);
    CU_ASSERT_EQUAL(sample_right_who(right), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_base_who(sample_both_as_sample_base(&client), &name), EXO_STATUS_OK);
    CU_ASSERT(capnp_text_is(name.name, "the nearer one"));
    CU_ASSERT_EQUAL(sample_both_mock_sample_right_who_count(&both), 2);
    CU_ASSERT_EQUAL(sample_both_mock_who_count(&both), 1);
    CU_ASSERT(mock_unused(&both.base) == 0 && mock_check(&both.base));
}

static void report(struct gauge_client *of_gauge, uint64_t number)
{
    struct gauge_report_params params = {number, CAPNP_TEXT_LITERAL("reading")};
    CU_ASSERT_EQUAL(gauge_report_post(of_gauge, &params), EXO_STATUS_OK);
}

/* Over a channel that goes one way what was posted is there after a flush; nothing comes back. */
static void test_one_way(void)
{
    static struct gauge_mock gauge;
    static struct gauge_client of_gauge;
    struct gauge_finish_params finish = {3};
    gauge_mock_open_one_way(&gauge);
    CU_ASSERT_EQUAL(gauge_client_open(&of_gauge, gauge_mock_binding(&gauge)), EXO_STATUS_OK);
    for (uint64_t i = 1; i <= 3; i++)
        report(&of_gauge, i);
    CU_ASSERT_EQUAL(gauge_mock_report_count(&gauge), 0);
    gauge_mock_report_fail(&gauge, EXO_STATUS_FAILED); /* which nobody hears of */
    CU_ASSERT_EQUAL(gauge_client_flush(&of_gauge), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(gauge_mock_report_count(&gauge), 3);
    CU_ASSERT_EQUAL(gauge_mock_report_request(&gauge, 2)->number, 3);
    CU_ASSERT(capnp_text_is(gauge_mock_report_request(&gauge, 0)->text, "reading"));
    CU_ASSERT_EQUAL(gauge_finish(&of_gauge, &finish), EXO_STATUS_DENIED);
    /* While the server is not there, messages wait, and older ones are overwritten. */
    mock_disconnect(&gauge.base);
    for (uint64_t i = 4; i <= 1000; i++)
        report(&of_gauge, i);
    CU_ASSERT_EQUAL(gauge_client_flush(&of_gauge), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(gauge_mock_report_count(&gauge), 3);
    mock_connect(&gauge.base);
    CU_ASSERT_EQUAL(gauge_client_flush(&of_gauge), EXO_STATUS_OK);
    uint32_t count = gauge_mock_report_count(&gauge);
    CU_ASSERT(count > 3 && count < 1000);
    CU_ASSERT_EQUAL(gauge_mock_report_request(&gauge, count - 1)->number, 1000);
    CU_ASSERT(mock_unused(&gauge.base) == 0 && mock_check(&gauge.base));
    gauge_mock_open_one_way(&gauge); /* the next test */
    CU_ASSERT_EQUAL(gauge_client_open(&of_gauge, gauge_mock_binding(&gauge)), EXO_STATUS_OK);
    report(&of_gauge, 7);
    CU_ASSERT_EQUAL(gauge_client_flush(&of_gauge), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(gauge_mock_report_count(&gauge), 1);
    CU_ASSERT_EQUAL(gauge_mock_report_request(&gauge, 0)->number, 7);
}

static void test_several(void)
{
    static struct clock_client of_day;
    struct clock_now_results now;
    struct sample_add_results results;
    begin();
    clock_mock_open(&clock_of_day);
    CU_ASSERT_EQUAL(clock_client_open(&of_day, clock_mock_binding(&clock_of_day)), EXO_STATUS_OK);
    clock_mock_now_answer(&clock_of_day, &(struct clock_now_results){.seconds = 86400});
    sample_mock_add_answer(&sample, &(struct sample_add_results){2, CAPNP_TEXT_LITERAL("")});
    CU_ASSERT_EQUAL(clock_now(&of_day, &now), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(add(1, &results), EXO_STATUS_OK);
    CU_ASSERT(now.seconds == 86400 && results.sum == 2);
    mock_disconnect(&clock_of_day.base); /* the other one goes on */
    sample_mock_add_answer(&sample, &(struct sample_add_results){3, CAPNP_TEXT_LITERAL("")});
    /* It is asked until its deadline, being idempotent. */
    CU_ASSERT_EQUAL(clock_now(&of_day, &now), EXO_STATUS_DEADLINE);
    CU_ASSERT_EQUAL(add(2, &results), EXO_STATUS_OK);
    CU_ASSERT(clock_mock_now_count(&clock_of_day) == 1 && mock_check(&clock_of_day.base));
    end();
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("mock", NULL, NULL);
    CU_add_test(suite, "answers, in turn and otherwise", test_answers);
    CU_add_test(suite, "requests are recorded", test_requests);
    CU_add_test(suite, "lists, structs and unions", test_structs);
    CU_add_test(suite, "asynchronous calls", test_asynchronous);
    CU_add_test(suite, "an answer that comes too late", test_delay);
    CU_add_test(suite, "a server that ends and comes back", test_disconnect);
    CU_add_test(suite, "beginning again", test_again);
    CU_add_test(suite, "damaged answers", test_malformed);
    CU_add_test(suite, "capabilities", test_capabilities);
    CU_add_test(suite, "capabilities of scattered slots", test_scattered);
    CU_add_test(suite, "failures with type and reason", test_failures);
    CU_add_test(suite, "inherited methods", test_inherited);
    CU_add_test(suite, "inherited methods of one name", test_same_name);
    CU_add_test(suite, "one way", test_one_way);
    CU_add_test(suite, "several mocks at once", test_several);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
