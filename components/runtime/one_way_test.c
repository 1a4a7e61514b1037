/* SPDX-License-Identifier: MIT */
/*
 * One-way channels: order and exact counts, a client that overwrites at every point of the server's
 * reading, a hostile one, and typed requests through the generated halves. The server's mapping is
 * read-only throughout, so a store into the channel ends this program.
 *
 * The reader is compiled into it with a hook behind each fetch of a shared word, which may let the
 * client go on, or change the word. What a reader without the check of `oldest` would do is tried
 * once, so that it is known that these tests would notice.
 */
#define _GNU_SOURCE 1
#define CAPNP_FETCH_HOOK 1
#include "one_way.c"

#include "host/kernel.h"
#include "sample.capnp.h"

#include <CUnit/Basic.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SMALL_BYTES 4096u
#define LARGE_BYTES 32768u
#define ROUNDS 100000u
#define RACES 400000u

/* The same memory twice: `written` is the client's, `read` is the server's. */
static uint8_t *written;
static const uint8_t *read_only;
static struct one_way_writer writer;
static struct channel channel;
static struct one_way_reader reader;
static uint64_t sent, taken, gone_past;
static uint64_t words[ONE_WAY_WORDS_MAX];
static uint64_t random_state = 0x2545f4914f6cdd1d;

/* What the hook does: count down, then let the client send, or change the word. */
static unsigned fetches_left, sends_then;
static bool is_hostile;
static bool is_empty; /* requests have no words */

/* A number that looks random, the same in each run. */
static uint64_t random_word(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Returns 0 when that worked, as CUnit wants it. */
static int map_twice(void)
{
    int file = memfd_create("channel", 0);
    if (file < 0 || ftruncate(file, LARGE_BYTES) != 0)
        return 1;
    written = mmap(0, LARGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    read_only = mmap(0, LARGE_BYTES, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    return written == MAP_FAILED || read_only == MAP_FAILED;
}

/* Both ends, and nothing sent. */
static void begin(uint64_t bytes)
{
    fetches_left = sends_then = 0;
    is_hostile = false;
    memset(written, 0, LARGE_BYTES);
    CU_ASSERT_FATAL(one_way_writer_open(&writer, &channel, written, bytes, 0));
    CU_ASSERT_FATAL(one_way_reader_open(&reader, read_only, bytes));
    sent = taken = gone_past = 0;
}

/* The words of request `number`: their count and what each says. */
static uint32_t length_of(uint64_t number)
{
    uint64_t mixed = (number + 1) * 0x9e3779b97f4a7c15;
    return is_empty ? 0 : (uint32_t)(mixed >> 40) % (mixed >> 62 == 0 ? writer.words + 1 : 9);
}

static uint64_t word_of(uint64_t number, uint32_t index)
{
    return number << 16 | index;
}

/* The steps of the client: a place, the words, the descriptor. */
static void build(uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        __atomic_store_n(channel.arena_next + i, word_of(sent, i), __ATOMIC_RELAXED);
}

static void push(void)
{
    uint32_t length = length_of(sent);
    channel_push(&channel, channel_place_word(channel.arena_tail, length),
                 channel_meaning_word((uint16_t)(sent % 7), CHANNEL_FLAG_REQUEST,
                                      channel.send_tail));
    channel_arena_take(&channel, length);
    sent++;
}

static void send(void)
{
    one_way_writer_begin(&writer, &channel);
    build(0, length_of(sent));
    push();
    CU_ASSERT_FATAL(one_way_writer_check(&writer, &channel));
}

void capnp_fetched(const void *at, uint32_t bytes)
{
    size_t offset = (size_t)((const uint8_t *)at - read_only);
    if (offset >= LARGE_BYTES)
        return;
    if (is_hostile && random_word() % 4 == 0)
        written[offset + random_word() % bytes] ^= (uint8_t)random_word();
    if (fetches_left > 0 && --fetches_left == 0)
        for (unsigned i = 0; i < sends_then; i++)
            send();
}

/* Is what was taken request `number`, word for word. */
static bool is_request(uint64_t number, const struct channel_descriptor *descriptor)
{
    bool is_right = descriptor->length == length_of(number) && descriptor->method == number % 7;
    for (uint32_t i = 0; is_right && i < descriptor->length; i++)
        is_right = words[i] == word_of(number, i);
    return is_right;
}

/* Take one request and look at it; false when none was there. `gone_past` counts as the reader
 * does. */
static bool take(void)
{
    struct channel_descriptor descriptor;
    uint64_t before = reader.lost;
    bool is_there = one_way_take(&reader, words, &descriptor);
    CU_ASSERT_FATAL(one_way_reader_check(&reader));
    CU_ASSERT_FATAL(reader.received + reader.lost == reader.next);
    gone_past += reader.lost - before;
    if (!is_there)
        return false;
    CU_ASSERT_FATAL(descriptor.question == gone_past && is_request(gone_past, &descriptor));
    gone_past++;
    taken++;
    return true;
}

/* Take all; then every request was received or lost. */
static void take_rest(void)
{
    while (take())
        continue;
    CU_ASSERT(!one_way_has_waiting(&reader));
    CU_ASSERT_EQUAL(reader.received, taken);
    CU_ASSERT_EQUAL(reader.received + reader.lost, sent);
}

static void test_sizes(void)
{
    struct one_way_reader other;
    CU_ASSERT(!one_way_reader_open(&other, read_only, CHANNEL_BYTES_MIN - 1));
    CU_ASSERT(!one_way_reader_open(&other, read_only + 8, LARGE_BYTES));
    CU_ASSERT(!one_way_reader_open(&other, read_only, CHANNEL_BYTES_MAX + UINT64_C(1)));
    CU_ASSERT(!one_way_writer_open(&writer, &channel, written, 64, 0));
    begin(SMALL_BYTES);
    CU_ASSERT(!one_way_has_waiting(&reader) && !take());
}

/* A server that keeps up loses nothing, however the arena is cut. */
static void test_order(void)
{
    for (uint64_t bytes = SMALL_BYTES; bytes <= LARGE_BYTES; bytes *= 2) {
        begin(bytes);
        for (uint32_t round = 0; round < ROUNDS / 4; round++) {
            send();
            CU_ASSERT(one_way_has_waiting(&reader));
            CU_ASSERT_FATAL(take());
        }
        CU_ASSERT(reader.lost == 0 && !take());
    }
    begin(LARGE_BYTES);
    is_empty = true; /* as of a method without parameters */
    for (uint32_t i = 0; i < CHANNEL_ENTRIES_MAX / 2; i++)
        send();
    take_rest();
    CU_ASSERT_EQUAL(reader.lost, 0);
    is_empty = false;
}

/* The newest ones are there: as many as fit besides the place of the next. */
static void test_overwritten(void)
{
    uint64_t most = 0;
    begin(LARGE_BYTES);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t burst = (uint32_t)random_word() % 200, before = (uint32_t)reader.received;
        for (uint32_t i = 0; i < burst; i++)
            send();
        take_rest();
        uint32_t came = (uint32_t)reader.received - before;
        CU_ASSERT_FATAL(came >= (burst < 12 ? burst : 12)); /* 3/4 of it hold 12 of the longest */
        most = came > most ? came : most;
    }
    CU_ASSERT_EQUAL(most, CHANNEL_ENTRIES_MAX);
    CU_ASSERT(reader.lost > 0 && gone_past == sent);
}

/* The server reads at each step of the client: what it takes is right, or it takes nothing. */
static void test_between_steps(void)
{
    begin(SMALL_BYTES);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t length = length_of(sent), half = length / 2, step = (uint32_t)random_word() % 40;
        one_way_writer_begin(&writer, &channel);
        if (step == 0)
            take();
        build(0, half);
        if (step == 1)
            while (take())
                continue;
        build(half, length);
        if (step == 2)
            take();
        push();
    }
    take_rest();
    CU_ASSERT(reader.lost > 0 && reader.received > ROUNDS / 100);
}

/* The client sends at each point of the server's reading. */
static void test_overwritten_while_read(void)
{
    uint64_t lost = 0;
    for (unsigned fetch = 1; fetch < 80; fetch++) {
        for (unsigned count = 1; count < 150; count += 1 + count / 8) {
            begin(SMALL_BYTES);
            for (uint64_t i = random_word() % 100; i > 0; i--)
                send();
            for (unsigned i = 0; i < 20; i++) {
                fetches_left = fetch;
                sends_then = count;
                take();
            }
            fetches_left = 0;
            take_rest();
            lost += reader.lost;
        }
    }
    CU_ASSERT(lost > ROUNDS);
}

/* Seeded: a reader that does not look at `oldest` again takes what was never sent. */
static void test_without_check(void)
{
    unsigned wrong = 0;
    for (unsigned fetch = 4; fetch < 40; fetch++) {
        begin(SMALL_BYTES);
        for (unsigned i = 0; i < 20; i++)
            send();
        fetches_left = fetch;
        sends_then = 64;
        CU_ASSERT_FATAL(find_next(&reader));
        uint32_t number = reader.next;
        struct channel_descriptor descriptor;
        bool is_whole = copy_next(&reader, words, &descriptor);
        bool is_right = is_request(number, &descriptor);
        CU_ASSERT(is_right || !is_whole);
        wrong += !is_right;
    }
    CU_ASSERT(wrong > 0);
}

/* Take one request and say its number; UINT32_MAX when there is none. */
static uint32_t take_number(void)
{
    struct channel_descriptor descriptor;
    if (!one_way_take(&reader, words, &descriptor))
        return UINT32_MAX;
    CU_ASSERT(is_request(descriptor.question, &descriptor));
    return descriptor.question;
}

/* Open the client's end again. */
static void begin_again(uint32_t generation)
{
    CU_ASSERT(one_way_writer_open(&writer, &channel, written, LARGE_BYTES, generation));
    sent = 0;
}

/* One end is opened again: the other begins anew, and its counts go on. */
static void test_epochs(void)
{
    begin(LARGE_BYTES);
    send();
    CU_ASSERT_EQUAL(take_number(), 0);
    send();
    begin_again(0); /* by the same program */
    CU_ASSERT(!one_way_has_waiting(&reader));
    CU_ASSERT_EQUAL(take_number(), UINT32_MAX);
    send();
    CU_ASSERT(one_way_has_waiting(&reader));
    CU_ASSERT_EQUAL(take_number(), 0);
    memset(written, 0, LARGE_BYTES); /* as init does before it starts the client again */
    CU_ASSERT(!one_way_has_waiting(&reader));
    CU_ASSERT_EQUAL(take_number(), UINT32_MAX);
    begin_again(1);
    send();
    send();
    CU_ASSERT_EQUAL(take_number(), 0);
    CU_ASSERT_EQUAL(take_number(), 1);
    CU_ASSERT(reader.received == 4 && reader.lost == 0);
    CU_ASSERT(one_way_reader_open(&reader, read_only, LARGE_BYTES)); /* a server started again */
    for (unsigned i = 0; i < 100; i++)
        send();
    uint32_t first = take_number();
    CU_ASSERT(first > 2 && reader.lost == first);
}

/* The client begins anew while the server reads. */
static void test_epoch_while_read(void)
{
    begin(LARGE_BYTES);
    for (unsigned i = 0; i < 3; i++)
        send();
    CU_ASSERT(find_next(&reader));
    struct channel_descriptor descriptor;
    begin_again(0);
    CU_ASSERT(!copy_next(&reader, words, &descriptor));
}

static bool race_is_over;

static void *race(void *unused)
{
    (void)unused;
    for (uint32_t i = 0; i < RACES; i++) {
        one_way_writer_begin(&writer, &channel);
        build(0, length_of(sent));
        push();
        if (i % 64 == 63)
            sched_yield();
    }
    __atomic_store_n(&race_is_over, true, __ATOMIC_RELEASE);
    return 0;
}

/* Both at once, on as many processors as there are. */
static void test_race(void)
{
    pthread_t thread;
    begin(SMALL_BYTES);
    CU_ASSERT_FATAL(pthread_create(&thread, 0, race, 0) == 0);
    while (!__atomic_load_n(&race_is_over, __ATOMIC_ACQUIRE))
        if (!take())
            sched_yield();
    pthread_join(thread, 0);
    take_rest();
    CU_ASSERT(reader.received > 0 && gone_past == sent);
    printf("%lu received, %lu lost ... ", reader.received, reader.lost);
}

/* A client that writes anything, and changes what is being read: the server stays within its memory
 * and room, ends each look, and serves an honest client of the same memory afterwards. */
static void test_hostile(void)
{
    uint64_t *at = (uint64_t *)(void *)written;
    unsigned whole = 0;
    begin(SMALL_BYTES);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        is_hostile = false;
        switch (random_word() % 4) {
        case 0: at[random_word() % (SMALL_BYTES / 8)] = random_word(); break;
        case 1: at[random_word() % 8] = random_word() % 128; break;
        case 2: *tail_of(written) = reader.next + (uint32_t)(random_word() % 40); break;
        default: send();
        }
        is_hostile = random_word() % 2 == 0;
        struct channel_descriptor descriptor;
        uint32_t tries = 0;
        while (tries++ < 100 && one_way_take(&reader, words, &descriptor)) {
            whole++;
            CU_ASSERT_FATAL(descriptor.length <= ONE_WAY_WORDS_MAX);
        }
        CU_ASSERT_FATAL(one_way_reader_check(&reader));
    }
    CU_ASSERT(whole > 1000);
    begin(SMALL_BYTES);
    send();
    CU_ASSERT(take() && !take());
}

/* The server spends no more on a client's counts than a ring's length, whatever they say. */
static void test_far_ahead(void)
{
    struct channel_descriptor descriptor;
    begin(SMALL_BYTES);
    send();
    CU_ASSERT(take());
    *tail_of(written) = 0x80000000;
    CU_ASSERT(!one_way_take(&reader, words, &descriptor));
    CU_ASSERT_EQUAL(reader.next, 0x80000000);
    CU_ASSERT_EQUAL(reader.lost, 0x7fffffff);
    *tail_of(written) = 0x7fffffff; /* backwards is nearly all the way round */
    CU_ASSERT(!one_way_take(&reader, words, &descriptor));
    CU_ASSERT_EQUAL(reader.next, 0x7fffffff);
}

/* ---- through the generated client and skeleton ---- */

static struct channel_place client_place = {.bytes = LARGE_BYTES, .doorbell = 10, .wake = 11,
                                            .is_one_way = true};
static struct channel_place server_place = {.bytes = LARGE_BYTES, .doorbell = 11, .wake = 10,
                                            .is_one_way = true};
static struct binding client_binding = {.place_count = 1, .places = &client_place};
static struct binding server_binding = {.place_count = 1, .places = &server_place};
static uint64_t notified, noticed_lost;
static bool is_served;

static enum exo_status serve_notify(struct rpc_call *call,
                                    const struct sample_notify_params *params)
{
    CU_ASSERT(call->is_asynchronous);
    notified += params->text.length == 4 ? params->value : 0;
    noticed_lost = rpc_one_way(call)->lost;
    if (params->value == 1000)
        host_set(&is_served, true);
    return params->value == 13 ? EXO_STATUS_DENIED : EXO_STATUS_OK;
}

static void *serve(void *unused)
{
    static const struct sample_methods methods = {.notify = serve_notify};
    sample_serve_events(&methods, 0, &server_binding);
    return unused;
}

/* Whatever would need an answer is denied, and what is posted arrives. */
static void test_typed(void)
{
    static struct sample_client client;
    struct sample_notify_params params = {0, {"text", 4}};
    uint32_t question;
    begin(LARGE_BYTES);
    memset(written, 0, LARGE_BYTES);
    client_place.address = (uintptr_t)written;
    server_place.address = (uintptr_t)read_only;
    host_become(HOST_CLIENT, 2);
    host_portal_set(false);
    unsigned calls = host_calls, signals = host_signals;
    CU_ASSERT_EQUAL(sample_client_open(&client, &client_binding), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_notify(&client, &params), EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(sample_wait(&client), EXO_STATUS_DENIED);
    for (params.value = 1; params.value <= 10; params.value++)
        CU_ASSERT_EQUAL(sample_notify_post(&client, &params), EXO_STATUS_OK);
    params.value = 13; /* its failure is nobody's */
    CU_ASSERT_EQUAL(sample_notify_send(&client, &params, &question), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_notify_wait(&client, question, 0), EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(sample_client_settle(&client, UINT64_MAX), EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(sample_client_keep(&client, &question), EXO_STATUS_DENIED);
    sample_client_cancel(&client, question);
    sample_client_finish(&client, question);
    CU_ASSERT_EQUAL(sample_reconnect(&client), EXO_STATUS_OK);
    params.text = (struct capnp_text){(const char *)words, sizeof words};
    CU_ASSERT_EQUAL(sample_notify_post(&client, &params), EXO_STATUS_FULL);
    params = (struct sample_notify_params){1000, {"text", 4}};
    CU_ASSERT_EQUAL(sample_notify_post(&client, &params), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(host_signals, signals);
    host_thread(HOST_SERVER, 21, serve, 0);
    CU_ASSERT_EQUAL(sample_client_flush(&client), EXO_STATUS_OK);
    host_await(&is_served);
    CU_ASSERT_EQUAL(host_signals, signals + 1);
    CU_ASSERT_EQUAL(notified, 55 + 13 + 1000);
    CU_ASSERT_EQUAL(noticed_lost, 0);
    host_set(&is_served, false);
    params.value = 1;
    for (uint32_t i = 0; i < 500; i++)
        CU_ASSERT_EQUAL(sample_notify_post(&client, &params), EXO_STATUS_OK);
    params.value = 1000;
    CU_ASSERT_EQUAL(sample_notify_post(&client, &params), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_client_flush(&client), EXO_STATUS_OK);
    host_await(&is_served);
    CU_ASSERT_EQUAL(notified + noticed_lost, 55 + 13 + 1000 + 500 + 1000);
    CU_ASSERT(noticed_lost > 0 && host_calls == calls + 2); /* the two that were denied */
}

static struct channel_place heir_client_place = {.bytes = LARGE_BYTES, .doorbell = 12, .wake = 13,
                                                 .is_one_way = true};
static struct channel_place heir_place = {.bytes = LARGE_BYTES, .doorbell = 13, .wake = 12,
                                          .is_one_way = true};
static struct binding heir_client_binding = {.place_count = 1, .places = &heir_client_place,
                                             .interface_id = SAMPLE_BOTH_TYPE_ID};
static struct binding heir_binding = {.place_count = 1, .places = &heir_place,
                                      .interface_id = SAMPLE_BOTH_TYPE_ID};
static unsigned asked, doubled;
static bool heir_is_done;

static enum exo_status serve_who(struct rpc_call *call)
{
    CU_ASSERT(call->is_asynchronous);
    asked++;
    return EXO_STATUS_OK;
}

static enum exo_status serve_twice(struct rpc_call *call,
                                   const struct sample_base_twice_params *params,
                                   struct sample_base_twice_results *results)
{
    (void)call;
    doubled = results->value = 2 * params->value;
    if (params->value == 1000)
        host_set(&heir_is_done, true);
    return EXO_STATUS_OK;
}

static void *serve_heir(void *unused)
{
    static const struct sample_base_methods base = {.twice = serve_twice};
    static const struct sample_right_methods right = {.who = serve_who};
    static const struct sample_both_methods methods = {.sample_base = &base,
                                                       .sample_right = &right};
    sample_both_serve_events(&methods, 0, &heir_binding);
    return unused;
}

/* What the server's interface inherits comes to its handlers. Results of a method that has some,
 * which a client can call that does not keep to what it has imported, go nowhere. */
static void test_inherited(void)
{
    static struct sample_right_client client;
    struct sample_base_twice_params params = {21};
    begin(LARGE_BYTES);
    memset(written, 0, LARGE_BYTES);
    heir_client_place.address = (uintptr_t)written;
    heir_place.address = (uintptr_t)read_only;
    CU_ASSERT_EQUAL(sample_right_client_open(&client, &heir_client_binding), EXO_STATUS_OK);
    for (unsigned i = 0; i < 3; i++)
        CU_ASSERT_EQUAL(sample_right_who_post(&client), EXO_STATUS_OK);
    struct sample_base_client *base = sample_right_as_sample_base(&client);
    CU_ASSERT_EQUAL(sample_base_twice_post(base, &params), EXO_STATUS_OK);
    params.value = 1000;
    CU_ASSERT_EQUAL(sample_base_twice_post(base, &params), EXO_STATUS_OK);
    host_thread(HOST_SERVER, 22, serve_heir, 0);
    CU_ASSERT_EQUAL(sample_right_client_flush(&client), EXO_STATUS_OK);
    host_await(&heir_is_done);
    CU_ASSERT_EQUAL(asked, 3);
    CU_ASSERT_EQUAL(doubled, 2000);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("one_way", map_twice, 0);
    CU_add_test(suite, "sizes", test_sizes);
    CU_add_test(suite, "order", test_order);
    CU_add_test(suite, "overwritten", test_overwritten);
    CU_add_test(suite, "between steps", test_between_steps);
    CU_add_test(suite, "overwritten while it is read", test_overwritten_while_read);
    CU_add_test(suite, "without the check", test_without_check);
    CU_add_test(suite, "epochs", test_epochs);
    CU_add_test(suite, "an epoch while it is read", test_epoch_while_read);
    CU_add_test(suite, "race", test_race);
    CU_add_test(suite, "hostile", test_hostile);
    CU_add_test(suite, "far ahead", test_far_ahead);
    CU_add_test(suite, "typed", test_typed);
    CU_add_test(suite, "inherited", test_inherited);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
