/* SPDX-License-Identifier: MIT */
/* A hostile client. Seeded bugs: each important check is left out once, in a copy of the step that
 * makes it, and must then be noticed by what this program looks at. */
#include "rpc_hostile.h"

/* A server's channel without a server: the memory, the private half, a call. */
static _Alignas(4096) uint8_t memory[MEMORY_BYTES];
static struct channel_place place = {.bytes = MEMORY_BYTES};
static struct binding binding = {.place_count = 1, .places = &place};
static struct rpc_call call;
static struct sample_methods complete;
static struct rpc_server *server;
static struct sample_mixed_params got;
static struct sample_add_params got_add;
static unsigned served;

static enum exo_status serve_mixed(struct rpc_call *one, const struct sample_mixed_params *params,
                                   struct sample_mixed_results *results)
{
    (void)one;
    got = *params;
    served++;
    results->text = params->text;
    results->data = params->data;
    results->small = params->small;
    return EXO_STATUS_OK;
}

static enum exo_status serve_add(struct rpc_call *one, const struct sample_add_params *params,
                                 struct sample_add_results *results)
{
    (void)one;
    got_add = *params;
    served++;
    results->sum = params->first + params->second;
    results->text = params->text;
    return EXO_STATUS_OK;
}

static enum exo_status serve_notify(struct rpc_call *one, const struct sample_notify_params *params)
{
    (void)one, (void)params;
    served++;
    return EXO_STATUS_OK;
}

static const struct sample_methods methods = {.mixed = serve_mixed, .add = serve_add,
                                              .notify = serve_notify};

/* Put the channel into its first state. */
static void begin(void)
{
    watch(NULL, 0, false, false);
    place.address = (uintptr_t)memory;
    if (!server) {
        sample_complete(&complete, &methods);
        call = (struct rpc_call){.methods = &complete, .service = &sample_service};
        server = rpc_server_join(&binding, &call, false);
    }
    memset(memory, 0, sizeof memory);
    *(uint32_t *)(void *)(memory + CHANNEL_CLIENT_LINE_EPOCH_OFFSET) = 1;
    begin_again(server, &channels[0], 0, 1);
    channels[0].serving = free_word(&channels[0]);
    call.badge = 0;
}

/* Take the channel, as the loop does. */
static uint64_t enter_channel(void)
{
    return __atomic_exchange_n(&channels[0].serving, RPC_SERVING_TAKEN, __ATOMIC_ACQUIRE);
}

/* One call as rpc_server_loop serves it; gives the reply's place. */
static enum exo_status turn(uint64_t at, uint64_t meaning, uint64_t *reply)
{
    struct rpc_channel *taken = &channels[0];
    struct answer answer;
    uint64_t before = enter_channel();
    *reply = 0;
    if (before != 0)
        answer = serve_exchanged(&call, before, at, meaning);
    else {
        uint64_t outcome = rpc_server_serve(&call, taken, &complete, sample_dispatch_inline, 0, at,
                                            meaning);
        if (outcome == RPC_OUTCOME(RPC_OTHER))
            outcome = serve_held(&call, call.place, call.meaning);
        answer = leave(&call, outcome);
    }
    *reply = answer.place;
    return answer.status;
}

/* Do two sets of parameters say the same. */
static bool is_same(const struct sample_mixed_params *a, const struct sample_mixed_params *b)
{
    return a->flag == b->flag && a->half_bits == b->half_bits && a->color == b->color &&
           a->small == b->small && a->text.length == b->text.length &&
           memcmp(a->text.bytes, b->text.bytes, a->text.length) == 0 &&
           a->more.length == b->more.length &&
           memcmp(a->more.bytes, b->more.bytes, a->more.length) == 0 &&
           a->data.length == b->data.length &&
           (a->data.length == 0 || memcmp(a->data.bytes, b->data.bytes, a->data.length) == 0);
}

static void test_expected(void)
{
    static uint64_t words[64];
    struct capnp_message message;
    struct rpc_received none = {0, 0};
    unsigned as_expected = 0, by_general = 0, refused = 0;
    begin();
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct sample_mixed_params sent, first, second;
        memset(words, 0, sizeof words);
        uint32_t length = encode_mixed(words, 64, &sent);
        CU_ASSERT_FATAL(length > 0);
        uint64_t *exact = malloc(length * 8);
        memcpy(exact, words, length * 8);
        CU_ASSERT(sample_mixed_params_expected(exact, length, none, &first) &&
                  is_same(&first, &sent));
        /* Change some bits, most often of the pointers. */
        for (uint64_t bits = random_word() % 4; bits > 0; bits--) {
            uint64_t at = random_word() % 3 ? 3 + random_word() % 3 : random_word() % length;
            exact[at % length] ^= UINT64_C(1) << random_word() % 64;
        }
        if (random_word() % 8 == 0) { /* cut it off, too */
            length = (uint32_t)(random_word() % length);
            exact = realloc(exact, length ? length * 8 : 8);
        }
        bool is_expected = sample_mixed_params_expected(exact, length, none, &first);
        enum exo_status status =
            sample_mixed_params_decode(&message, exact, length, none, &second);
        if (is_expected) /* then the general reader says the same */
            CU_ASSERT(status == EXO_STATUS_OK && is_same(&first, &second));
        as_expected += is_expected;
        by_general += !is_expected && status == EXO_STATUS_OK;
        refused += status != EXO_STATUS_OK;
        free(exact);
    }
    CU_ASSERT(as_expected > 0 && by_general > 0 && refused > 0);
    printf("%u expected, %u general, %u refused ... ", as_expected, by_general, refused);
}

static void test_single_fetch(void)
{
    static uint64_t words[64];
    struct sample_mixed_params sent, params;
    struct rpc_received none = {0, 0};
    struct capnp_message message;
    uint32_t length = encode_mixed(words, 64, &sent);
    watch(words, sizeof words, false, true);
    CU_ASSERT(sample_mixed_params_expected(words, length, none, &params));
    CU_ASSERT(fetched_count >= 7 && fetched_twice == 0);
    watch(words, sizeof words, false, true);
    CU_ASSERT_EQUAL(sample_mixed_params_decode(&message, words, length, none, &params),
                    EXO_STATUS_OK);
    /* The general reader fetches a data word once for each field in it: four share one here. */
    uint32_t in_data = 0;
    for (uint32_t i = 0; i < fetched_count; i++)
        in_data += fetched[i] == (const void *)(words + 1);
    CU_ASSERT(fetched_twice == in_data * (in_data - 1) / 2);
    /* Seeded: a reader that fetches its length again is noticed. */
    watch(words, sizeof words, false, true);
    if (capnp_load64(words + 3) >> 35 < 64)
        CU_ASSERT((uint32_t)(capnp_load64(words + 3) >> 35) < 64);
    CU_ASSERT(fetched_twice > 0);
}

static void test_changing_messages(void)
{
    uint64_t reply;
    struct sample_mixed_params sent;
    unsigned answered[EXO_STATUS_COUNT] = {0};
    begin();
    uint64_t *arena = (uint64_t *)(uintptr_t)channels[0].channel.receive_words;
    for (unsigned round = 0; round < ROUNDS / 4; round++) {
        watch(NULL, 0, false, false);
        uint32_t length = encode_mixed(arena, 64, &sent);
        uint64_t bits = random_word();
        if (bits % 4 == 0)
            arena[random_word() % length] ^= random_word();
        if (bits % 8 == 1)
            arena[random_word() % length] ^= UINT64_C(1) << random_word() % 64;
        watch(memory, sizeof memory, true, false);
        uint64_t at = channel_place_word(0, length);
        if (bits % 16 == 2)
            at = random_word();
        uint64_t meaning = bits % 32 == 3 ? random_word() : bits % 3 ? 8 : 0;
        enum exo_status status = turn(at, meaning, &reply);
        CU_ASSERT_FATAL(status < EXO_STATUS_COUNT);
        answered[status]++;
        CU_ASSERT((uint32_t)reply + (reply >> 32) <= channels[0].channel.arena_words);
        CU_ASSERT(channel_check(&channels[0].channel));
        CU_ASSERT(channels[0].region_count <= channels[0].channel.entry_mask + 1);
    }
    CU_ASSERT(answered[EXO_STATUS_OK] > 0 && answered[EXO_STATUS_BAD_MESSAGE] > 0 &&
              answered[EXO_STATUS_BAD_CALL] > 0);
    /* After all this, an honest call works. */
    begin();
    uint32_t length = encode_mixed(arena, 64, &sent);
    CU_ASSERT_EQUAL(turn(channel_place_word(0, length), 8, &reply), EXO_STATUS_OK);
    CU_ASSERT(is_same(&got, &sent));
}

static void test_changing_ring(void)
{
    uint64_t reply;
    struct sample_mixed_params sent;
    begin();
    struct channel *mine = &channels[0].channel;
    uint64_t *arena = (uint64_t *)(uintptr_t)mine->receive_words;
    uint64_t *ring = (uint64_t *)(uintptr_t)mine->receive_ring;
    uint32_t *tail = (uint32_t *)(uintptr_t)mine->peer_tail;
    unsigned before = served;
    for (unsigned round = 0; round < ROUNDS / 8; round++) {
        watch(NULL, 0, false, false);
        uint32_t length = encode_mixed(arena, 64, &sent);
        for (uint32_t i = 0; i < 4; i++) {
            uint64_t *entry = ring + ((mine->receive_head + i) & mine->entry_mask) * 2;
            entry[0] = random_word() % 3 ? channel_place_word(0, length) : random_word();
            entry[1] = random_word() % 3
                           ? channel_meaning_word(random_word() % 2 ? 8 : 1, CHANNEL_FLAG_REQUEST,
                                                  (uint32_t)round * 4 + i)
                           : random_word();
        }
        *tail = mine->receive_head + (uint32_t)(random_word() % 4 ? 4 : random_word());
        tail[1] = mine->epoch; /* or a call begins anew */
        watch(memory, sizeof memory, random_word() & 1, false);
        enum exo_status status =
            turn(0, channel_meaning_word(0, CHANNEL_FLAG_DRAIN, 0), &reply);
        CU_ASSERT_EQUAL(status, EXO_STATUS_OK);
        CU_ASSERT(channel_check(mine));
        CU_ASSERT(channels[0].region_count <= mine->entry_mask + 1);
    }
    CU_ASSERT(served > before + 1000);
}

/* Addresses out of the air, in words that change. */
static void test_addresses(void)
{
    uint64_t reply;
    struct sample_mixed_params sent;
    unsigned answered[EXO_STATUS_COUNT] = {0};
    const uint64_t meaning = (uint64_t)CHANNEL_FLAG_ADDRESSED << 16 | 8;
    begin();
    uint64_t *arena = (uint64_t *)(uintptr_t)channels[0].channel.receive_words;
    for (unsigned round = 0; round < ROUNDS / 8; round++) {
        bool is_right = random_word() % 4 == 0;
        watch(NULL, 0, false, false);
        uint32_t length = encode_mixed(arena + CHANNEL_ADDRESS_DATA_WORDS, 64, &sent);
        arena[0] = is_right || random_word() % 2 ? SAMPLE_TYPE_ID : random_word();
        arena[1] = is_right ? 0 : random_word() % 2 ? random_word() % 5 << 32 : random_word();
        arena[2] = random_word();
        watch(memory, sizeof memory, !is_right && random_word() % 2, is_right);
        uint64_t place_word = channel_place_word(0, CHANNEL_ADDRESS_DATA_WORDS + length);
        if (!is_right && random_word() % 4 == 0)
            place_word = channel_place_word((uint32_t)random_word() % 600,
                                            (uint32_t)random_word() % 8);
        enum exo_status status = turn(place_word, meaning, &reply);
        CU_ASSERT_FATAL(status < EXO_STATUS_COUNT);
        answered[status]++;
        CU_ASSERT(!is_right || (status == EXO_STATUS_OK && is_same(&got, &sent)));
        CU_ASSERT(channel_check(&channels[0].channel));
    }
    arena[1] = (uint64_t)(CHANNEL_TARGET_RELEASE + 1) << 32; /* of a kind that there is not */
    CU_ASSERT_EQUAL(turn(channel_place_word(0, 8), meaning, &reply), EXO_STATUS_BAD_MESSAGE);
    CU_ASSERT(answered[EXO_STATUS_OK] > 0 && answered[EXO_STATUS_BAD_CALL] > 0 &&
              answered[EXO_STATUS_BAD_CAPABILITY] > 0 && answered[EXO_STATUS_BAD_ARGUMENT] > 0 &&
              answered[EXO_STATUS_BAD_MESSAGE] > 0);
    /* No word of an address is fetched twice. */
    begin();
    watch(NULL, 0, false, false);
    uint32_t length = encode_mixed(arena + CHANNEL_ADDRESS_DATA_WORDS, 64, &sent);
    arena[0] = SAMPLE_TYPE_ID;
    arena[1] = arena[2] = 0;
    watch(arena, (CHANNEL_ADDRESS_DATA_WORDS + length) * 8, false, true);
    CU_ASSERT_EQUAL(turn(channel_place_word(0, CHANNEL_ADDRESS_DATA_WORDS + length), meaning,
                         &reply), EXO_STATUS_OK);
    CU_ASSERT(fetched_count > CHANNEL_ADDRESS_DATA_WORDS && fetched_twice == 0);
}

/* A client that takes its replies and never finishes them: it gets `full`, and no other harm. */
static void test_unfinished(void)
{
    uint64_t reply;
    begin();
    struct channel *mine = &channels[0].channel;
    uint64_t *arena = (uint64_t *)(uintptr_t)mine->receive_words;
    struct rpc_given given = {0};
    uint64_t *ring = (uint64_t *)(uintptr_t)mine->receive_ring;
    struct sample_add_params params = {1, 2, {"", 0}};
    struct capnp_builder builder = {.words = arena, .word_max = 64};
    CU_ASSERT_EQUAL(sample_add_params_encode(&builder, &params, &given), EXO_STATUS_OK);
    for (uint32_t i = 0; i < 100; i++) {
        uint64_t *entry = ring + (i & mine->entry_mask) * 2;
        entry[0] = channel_place_word(0, builder.word_count);
        entry[1] = channel_meaning_word(0, CHANNEL_FLAG_REQUEST, i);
        *(uint32_t *)(uintptr_t)mine->peer_tail = i + 1;
        *(uint32_t *)(void *)(memory + CHANNEL_CLIENT_LINE_REPLY_HEAD_OFFSET) = i;
        CU_ASSERT_EQUAL(turn(0, channel_meaning_word(0, CHANNEL_FLAG_DRAIN, 0), &reply),
                        EXO_STATUS_OK);
        uint64_t meaning = mine->send_ring[(i & mine->entry_mask) * 2 + 1];
        CU_ASSERT_EQUAL((uint16_t)meaning,
                        i <= mine->entry_mask ? EXO_STATUS_OK : EXO_STATUS_FULL);
        CU_ASSERT(channels[0].region_count <= mine->entry_mask + 1);
    }
    for (uint32_t i = 0; i <= mine->entry_mask; i++) /* and finishes them at last */
        mine->finished[i] = i + 1;
    CU_ASSERT_EQUAL(turn(0, channel_meaning_word(0, CHANNEL_FLAG_DRAIN, 0), &reply), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(channels[0].region_count, 0);
    CU_ASSERT_EQUAL(mine->arena_tail, 0);
}

/* Fresh memory under a client that goes on counting, since its server was started again: what it
 * counts is nothing, until it takes another epoch. Nor are zeros taken for requests. */
static void test_fresh_memory(void)
{
    uint64_t reply, drain = channel_meaning_word(0, CHANNEL_FLAG_DRAIN, 0);
    begin();
    struct channel *mine = &channels[0].channel;
    uint32_t *line = (uint32_t *)(uintptr_t)mine->peer_tail;
    unsigned before = served;
    for (uint32_t i = 0; i < 2; i++) { /* served for a while; and a server that is new */
        line[1] = 0;
        line[0] = 5;
        CU_ASSERT(!channel_has_waiting(mine));
        CU_ASSERT_EQUAL(turn(0, drain, &reply), EXO_STATUS_DISCONNECTED);
        CU_ASSERT_EQUAL(mine->receive_head, 0);
        begin_again(server, &channels[0], 0, 0);
        CU_ASSERT_EQUAL(mine->epoch, CHANNEL_EPOCH_NONE);
    }
    line[1] = 7;
    CU_ASSERT(channel_has_waiting(mine)); /* an epoch to be taken up */
    CU_ASSERT_EQUAL(turn(0, drain, &reply), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(mine->epoch, 7);
    CU_ASSERT_EQUAL(served, before);
    CU_ASSERT_EQUAL(mine->receive_head, 5);
    CU_ASSERT_EQUAL((uint16_t)mine->send_ring[1], EXO_STATUS_BAD_CALL);
}

/* What the server of a forward answers to a call: the words of its arena from the start. */
static uint32_t answer_length;

uint64_t host_system_call(uint64_t word, uint64_t words[6])
{
    if (answer_length == 0 || (word >> 32 & 0xffff) != EXO_CALL_PORTAL_CALL)
        return EXO_STATUS_BAD_CALL;
    memset(words, 0, 6 * sizeof *words);
    words[0] = channel_place_word(0, answer_length);
    words[3] = 1;
    return EXO_STATUS_OK;
}

static struct rpc_client client; /* of a forward */

/* What a client of a forward names in its request is never an object of the forwarder's. */
static void test_forward(void)
{
    const uint64_t holders[] = {0x1000000000000, 0x0000000e00000001}; /* a struct, a list */
    const struct object by = {.forward = {&client, CHANNEL_TARGET_OBJECT, RPC_OBJECT | 1}};
    begin();
    for (uint32_t round = 0; round < 4; round++) {
        bool has_capability = round < 2;
        uint64_t words[] = {0x1000000000000, holders[round % 2],
                            has_capability ? (uint64_t)(RPC_OBJECT | 1) << 32 | 3 : 0}, copy[8];
        struct capnp_builder builder;
        capnp_builder_begin(&builder, copy, 8);
        struct passing passing = {.call = &call, .by = &by};
        CU_ASSERT_EQUAL(copy_message(&passing, &call.message, (struct rpc_reply){words, 3},
                                     &builder),
                        has_capability ? EXO_STATUS_BAD_CAPABILITY : EXO_STATUS_OK);
    }
}

/* A forward whose client another Thread uses: a call of it is told so, and its end waits. */
static void test_taken(void)
{
    static _Alignas(4096) uint8_t other[MEMORY_BYTES];
    static struct channel_place other_place = {.bytes = MEMORY_BYTES};
    static struct binding other_binding = {.place_count = 1, .places = &other_place};
    const uint32_t far = RPC_OBJECT | 5;
    other_place.address = (uintptr_t)other;
    begin();
    CU_ASSERT_EQUAL_FATAL(rpc_client_open(&client, &other_binding, &sample_interface),
                          EXO_STATUS_OK);
    meet(&client);
    uint32_t number = rpc_object_forward(&call, &client, rpc_reference(far));
    CU_ASSERT_FATAL(rpc_is_object(number) && rpc_object_has(&channels[0]));
    client.forwarding = 1;
    CU_ASSERT_EQUAL(rpc_object_serve(&call, number, SAMPLE_TYPE_ID, 0, 0, 0),
                    RPC_OUTCOME(EXO_STATUS_BUSY));
    CU_ASSERT_EQUAL(rpc_object_release(&call, number), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(rpc_object_release(&call, number), EXO_STATUS_BAD_CAPABILITY);
    CU_ASSERT(!rpc_object_has(&channels[0]) && client.channel.send_tail == 0);
    CU_ASSERT(rpc_object_forward(&call, &client, rpc_reference(far + 1)) != number);
    client.forwarding = 0;
    release_left(&client);
    CU_ASSERT_EQUAL(client.channel.send_tail, 1);
    CU_ASSERT_EQUAL((uint32_t)client.channel.send_words[1], far);
    uint32_t next = rpc_object_forward(&call, &client, rpc_reference(far + 2));
    CU_ASSERT(next % RPC_OBJECTS_MAX == number % RPC_OBJECTS_MAX && next != number);
    CU_ASSERT_EQUAL(client.forwarding, 0);
    begin(); /* another client of the place: both are let go of */
    CU_ASSERT(client.channel.send_tail == 3 && left_count == 0);
}

/* Results that cannot be passed on whole leave no forward behind for what they named. */
static void test_half(void)
{
    const uint64_t pointers[] = {0, 0x2a00000fa1}; /* null; a text far out of bounds */
    for (uint32_t round = 0; round < 2; round++) {
        begin();
        uint64_t *words = (uint64_t *)(uintptr_t)client.channel.receive_words;
        uint32_t number = rpc_object_forward(&call, &client, rpc_reference(RPC_OBJECT | 3));
        words[0] = 0x2000000000000; /* a struct of two pointers: an object, and one of these */
        words[1] = (uint64_t)(RPC_OBJECT | 4) << 32 | 3;
        words[2] = pointers[round];
        answer_length = 3;
        uint64_t outcome = rpc_object_serve(&call, number, SAMPLE_TYPE_ID, 0, words, 0);
        answer_length = 0;
        uint32_t used = 0;
        for (uint32_t i = 0; i < RPC_OBJECTS_MAX; i++)
            used += objects[i].channel == &channels[0];
        CU_ASSERT_EQUAL(outcome_status(outcome),
                        round == 0 ? EXO_STATUS_OK : EXO_STATUS_BAD_MESSAGE);
        CU_ASSERT_EQUAL(used, round == 0 ? 2 : 1);
    }
}

/* Only the last forward to an object lets go of it, or its number would be another one's while a
 * forward still leads there; and of a server that was started again, no forward leads anywhere. */
static void test_shared(void)
{
    const uint32_t far = RPC_OBJECT | 9;
    begin();
    uint32_t first = rpc_object_forward(&call, &client, rpc_reference(far));
    uint32_t second = rpc_object_forward(&call, &client, rpc_reference(far));
    CU_ASSERT_FATAL(rpc_is_object(first) && rpc_is_object(second));
    uint32_t before = client.channel.send_tail;
    CU_ASSERT_EQUAL(rpc_object_release(&call, first), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(client.channel.send_tail, before);
    CU_ASSERT_EQUAL(rpc_object_release(&call, second), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(client.channel.send_tail, before + 1);
    first = rpc_object_forward(&call, &client, rpc_reference(far));
    client.opening++; /* as rpc_client_reconnect */
    second = rpc_object_forward(&call, &client, rpc_reference(far));
    CU_ASSERT_EQUAL(rpc_object_serve(&call, first, SAMPLE_TYPE_ID, 0, 0, 0),
                    RPC_OUTCOME(EXO_STATUS_DISCONNECTED));
    CU_ASSERT_EQUAL(rpc_object_release(&call, first), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(client.channel.send_tail, before + 1);
    CU_ASSERT_EQUAL(rpc_object_release(&call, second), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(client.channel.send_tail, before + 2);
}

/* The seeded bugs: what each check prevents does happen without it. */
static void test_seeded(void)
{
    uint64_t words[4] = {UINT64_C(0x1000000000000), UINT64_C(0x0000004200000001), 0, 0};
    struct capnp_message message;
    struct capnp_struct root;
    struct capnp_text text;
    /* Without the check of the list's bounds the text would end behind the segment. */
    capnp_message_single(&message, words, 3);
    CU_ASSERT_EQUAL(capnp_read_root(&message, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_read_text(&root, 0, CAPNP_TEXT_LITERAL(""), &text), CAPNP_OK);
    words[1] = UINT64_C(0x0000008200000001); /* sixteen bytes where eight are */
    CU_ASSERT_EQUAL(capnp_read_text(&root, 0, CAPNP_TEXT_LITERAL(""), &text), CAPNP_BOUNDS);
    uint64_t length = words[1] >> 35;
    CU_ASSERT(2 * 8 + length > 3 * 8); /* what an unchecked reader would hand out */
    /* Without taking the count from the local copy a changed word would be believed. */
    begin();
    *(uint32_t *)(uintptr_t)channels[0].channel.peer_tail = 1000;
    CU_ASSERT_EQUAL(channel_waiting(&channels[0].channel), 0);
    CU_ASSERT_EQUAL(channels[0].channel.receive_head, 1000);
    /* Without the mark of a channel in use, a second call would be served beside the first. */
    uint64_t reply, before = enter_channel();
    CU_ASSERT_EQUAL(before, 0);
    CU_ASSERT_EQUAL(turn(0, 1, &reply), EXO_STATUS_BUSY);
    channels[0].serving = before;
    CU_ASSERT_EQUAL(turn(0, 7, &reply), EXO_STATUS_BAD_CALL);
    /* A slot that a region has no room for would be another one. */
    CU_ASSERT(!rpc_region_add(&channels[0], 1, 0, EXO_STATUS_OK, UINT64_C(1) << 32 | 0x10005));
    const struct rpc_arrival other = {.badge = 77};
    CU_ASSERT_EQUAL(serve_arrived(&call, 0, &other).status, EXO_STATUS_BAD_ARGUMENT);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("hostile clients", NULL, NULL);
    CU_add_test(suite, "expected layout against the general reader", test_expected);
    CU_add_test(suite, "each word is fetched once", test_single_fetch);
    CU_add_test(suite, "requests that change while they are read", test_changing_messages);
    CU_add_test(suite, "a ring that changes while it is read", test_changing_ring);
    CU_add_test(suite, "addresses out of the air", test_addresses);
    CU_add_test(suite, "a client that finishes nothing", test_unfinished);
    CU_add_test(suite, "fresh memory", test_fresh_memory);
    CU_add_test(suite, "capabilities deep in what is forwarded", test_forward);
    CU_add_test(suite, "a forward whose client is in use", test_taken);
    CU_add_test(suite, "two forwards to one object", test_shared);
    CU_add_test(suite, "half of the results of a forward", test_half);
    CU_add_test(suite, "what the checks prevent", test_seeded);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
