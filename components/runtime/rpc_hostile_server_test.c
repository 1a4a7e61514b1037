/* SPDX-License-Identifier: MIT */
/* A hostile server: what it may write into rings and arena, and answer to calls. */
#include "rpc_hostile.h"

static struct sample_client client;

static void test_hostile_server(void)
{
    static _Alignas(4096) uint8_t other[MEMORY_BYTES];
    static struct channel_place other_place = {.bytes = MEMORY_BYTES};
    static struct binding other_binding = {.place_count = 1, .places = &other_place};
    struct sample_add_results results;
    struct sample_add_params params = {1, 2, CAPNP_TEXT_LITERAL("hostile server")};
    unsigned answers[EXO_STATUS_COUNT] = {0};
    other_place.address = (uintptr_t)other;
    watch(NULL, 0, false, false);
    CU_ASSERT_EQUAL_FATAL(sample_client_open(&client, &other_binding), EXO_STATUS_OK);
    meet(&client.rpc);
    struct channel *mine = &client.rpc.channel;
    uint64_t *ring = (uint64_t *)(uintptr_t)mine->receive_ring;
    uint64_t *arena = (uint64_t *)(uintptr_t)mine->receive_words;
    for (unsigned round = 0; round < ROUNDS / 8; round++) {
        uint32_t question[4];
        watch(NULL, 0, false, false);
        for (int i = 0; i < 4; i++) {
            enum exo_status status = sample_add_send(&client, &params, &question[i]);
            CU_ASSERT_FATAL(status == EXO_STATUS_OK || status == EXO_STATUS_FULL);
            if (status == EXO_STATUS_FULL || mine->broken) { /* it never answers, or is another */
                sample_client_open(&client, &other_binding);
                meet(&client.rpc);
            }
        }
        const struct sample_add_results honest = {3, CAPNP_TEXT_LITERAL("honest")};
        struct capnp_builder builder = {.words = arena, .word_max = 8};
        CU_ASSERT_EQUAL(sample_add_results_encode(&builder, &honest, 0), EXO_STATUS_OK);
        for (uint32_t i = 0; i < 8 && round % 2; i++)
            arena[i] = random_word() & random_word() & random_word();
        for (uint32_t i = 0; i < 4; i++) {
            uint64_t *entry = ring + ((mine->receive_head + i) & mine->entry_mask) * 2;
            uint16_t flags = random_word() % 4 ? 0 : CHANNEL_FLAG_RANGE;
            entry[0] = random_word() % 2 ? channel_place_word(0, 8) : random_word();
            entry[1] = random_word() % 4 ? channel_meaning_word(0, flags, question[i])
                                         : random_word();
        }
        ((uint32_t *)(uintptr_t)mine->peer_tail)[1] = mine->epoch;
        *(uint32_t *)(uintptr_t)mine->peer_tail =
            mine->receive_head + (uint32_t)(random_word() % 8 ? 4 : random_word());
        watch(other, sizeof other, random_word() & 1, false);
        for (int i = 0; i < 4; i++) {
            answers[sample_add_wait(&client, question[i], 0, &results)]++;
            sample_client_finish(&client, question[i]);
        }
        CU_ASSERT(channel_check(mine));
        CU_ASSERT(mine->send_tail - client.rpc.question_oldest <= mine->entry_mask + 1);
        CU_ASSERT(client.rpc.answered - client.rpc.question_oldest <= mine->entry_mask + 1 ||
                  client.rpc.has_odd || client.rpc.has_asked);
    }
    CU_ASSERT(answers[EXO_STATUS_BAD_MESSAGE] > 1000 && answers[EXO_STATUS_OK] > 1000);
}

/* What the server's kernel answers to a call. */
static bool is_answering;
static uint64_t answer_words[6], answer_status;

uint64_t host_system_call(uint64_t word, uint64_t words[6])
{
    if (!is_answering || ((word >> 32) & 0xffff) != EXO_CALL_PORTAL_CALL)
        return EXO_STATUS_BAD_CALL;
    memcpy(words, answer_words, sizeof answer_words);
    return answer_status;
}

/* A server that answers synchronous calls with any place, in words that change. */
static void test_hostile_answers(void)
{
    static _Alignas(4096) uint8_t other[MEMORY_BYTES];
    static struct channel_place other_place = {.bytes = MEMORY_BYTES};
    static struct binding other_binding = {.place_count = 1, .places = &other_place,
                                           .receive_first = 20, .receive_count = 4};
    struct sample_mixed_params sent;
    struct sample_add_params params = {1, 2, CAPNP_TEXT_LITERAL("any answer")};
    unsigned answers[EXO_STATUS_COUNT] = {0};
    other_place.address = (uintptr_t)other;
    watch(NULL, 0, false, false);
    CU_ASSERT_EQUAL_FATAL(sample_client_open(&client, &other_binding), EXO_STATUS_OK);
    meet(&client.rpc);
    uint64_t *arena = (uint64_t *)(uintptr_t)client.rpc.channel.receive_words;
    const uint8_t *end = (const uint8_t *)(arena + client.rpc.channel.arena_words);
    is_answering = true;
    for (unsigned round = 0; round < ROUNDS / 4; round++) {
        struct sample_add_results results;
        struct sample_mixed_results mixed;
        watch(NULL, 0, false, false);
        uint32_t length = encode_mixed(arena, 64, &sent);
        arena[random_word() % length] ^= random_word() % 4 ? 0 : random_word();
        answer_words[0] = random_word() % 4 ? channel_place_word(0, length) : random_word();
        if (random_word() % 8 == 0)
            answer_words[0] = channel_place_word((uint32_t)random_word() & 0xff,
                                                 (uint32_t)random_word() & 0xff);
        answer_words[3] = random_word() % 2;
        answer_words[5] = random_word() % 8 ? 0 : random_word() % 4;
        answer_status = random_word() % 8 ? EXO_STATUS_OK : random_word() % EXO_STATUS_COUNT;
        watch(other, sizeof other, random_word() & 1, false);
        enum exo_status status = sample_mixed(&client, &sent, &mixed);
        CU_ASSERT_FATAL(status < EXO_STATUS_COUNT);
        answers[status]++;
        if (status == EXO_STATUS_OK && mixed.text.length > 0)
            CU_ASSERT((const uint8_t *)mixed.text.bytes >= (const uint8_t *)arena &&
                      (const uint8_t *)mixed.text.bytes + mixed.text.length < end);
        sample_add(&client, &params, &results);
        CU_ASSERT(channel_check(&client.rpc.channel));
    }
    is_answering = false;
    CU_ASSERT(answers[EXO_STATUS_OK] > 0 && answers[EXO_STATUS_BAD_MESSAGE] > 0 &&
              answers[EXO_STATUS_BUSY] > 0 && answers[EXO_STATUS_DISCONNECTED] > 0);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("hostile servers", NULL, NULL);
    CU_add_test(suite, "a server that answers anything", test_hostile_server);
    CU_add_test(suite, "a server whose answers lie anywhere", test_hostile_answers);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
