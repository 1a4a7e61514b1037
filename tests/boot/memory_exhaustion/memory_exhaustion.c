/* SPDX-License-Identifier: MIT */
/*
 * A component uses up all that it has: heap, frames, page tables. Each end is a
 * status or a null at the caller; what it had before is untouched and goes on working, what it
 * gives back can be used again, and its neighbour answers all the time.
 */
#include "relay.capnp.h"
#include "scenario.h"
#include "text.h"

#define FAR UINT64_C(0x2000000000)
#define FAR_STEP (UINT64_C(1) << 30)
#define TABLE_SPAN UINT64_C(0x200000) /* of the lowest table */

enum { BLOCK_WORDS = 125, PLACES_MAX = 64, FED_FRAMES = 3 };

/* A block of the heap, full of its own number. */
struct block {
    struct block *next;
    uint64_t words[BLOCK_WORDS - 1];
};

static struct block *blocks;

/* Take blocks until there are no more. Returns how many. */
static uint64_t use_up_heap(void)
{
    uint64_t count = 0;
    for (;;) {
        struct block *block = heap_take(heap_own(), sizeof *block);
        if (!block)
            break;
        *block = (struct block){.next = blocks};
        for (uint32_t i = 0; i < BLOCK_WORDS - 1; i++)
            block->words[i] = count;
        blocks = block;
        count++;
    }
    CHECK(heap_check(heap_own()));
    return count;
}

/* Every block still holds what was written, and all can be given back. */
static void check_heap(uint64_t count)
{
    while (blocks) {
        struct block *block = blocks;
        count--;
        for (uint32_t i = 0; i < BLOCK_WORDS - 1; i++)
            CHECK(block->words[i] == count);
        blocks = block->next;
        heap_give(heap_own(), block);
    }
    CHECK(count == 0 && heap_own()->used == 0 && heap_check(heap_own()));
}

/* Take single frames until there are no more. Returns how many. */
static uint64_t use_up_frames(void)
{
    uint64_t pages = 0;
    while (pages_take(1, NULL))
        pages++;
    CHECK(space_free(frames_own()) == 0);
    return pages;
}

/* An address so far from all before it that it needs two page tables of its own: where one was
 * missing, the other must come back, and nothing is left to be found here again. */
static uint64_t far_address(void)
{
    static uint64_t next = FAR;
    return next += FAR_STEP;
}

/* Map a page in far places until the domain's page tables are gone. Returns in how many it was, and
 * takes it out again. */
static uint32_t use_up_tables(uint32_t slot)
{
    uint64_t done, address[PLACES_MAX];
    uint32_t places = 0;
    for (;; places++) {
        CHECK(places < PLACES_MAX);
        address[places] = far_address();
        enum exo_status status = exo_memory_map(EXO_SELF, slot, address[places], 0, 1,
                                                EXO_RIGHT_READ, &done);
        if (status == EXO_STATUS_OK)
            continue;
        EXPECT(status, EXO_STATUS_FULL);
        CHECK(done == 0);
        break;
    }
    for (uint32_t i = 0; i < places; i++)
        EXPECT(exo_memory_unmap(EXO_SELF, address[i], 1), EXO_STATUS_OK);
    return places;
}

/*
 * With no page table too many, and with those that three more frames make. Two pages at the border
 * of a table need three: where there is one less, one page is set and the answer says so.
 */
static void check_tables(uint32_t slot, uint64_t feed_frame)
{
    uint64_t done, held[PLACES_MAX];
    bool half = false;
    uint32_t places = use_up_tables(slot), fed = scenario_slots(FED_FRAMES);
    CHECK(use_up_tables(slot) == places);
    for (uint32_t i = 0; i < places; i++) { /* so that at most one table is left */
        held[i] = far_address();
        EXPECT(exo_memory_map(EXO_SELF, slot, held[i], 0, 1, EXO_RIGHT_READ, &done),
               EXO_STATUS_OK);
    }
    for (uint32_t i = 0; i <= FED_FRAMES; i++) {
        uint64_t border = far_address() + TABLE_SPAN - CHILD_PAGE_BYTES;
        if (i > 0)
            EXPECT(exo_domain_feed(EXO_SELF, CHILD_SLOT_MEMORY, feed_frame + i - 1, 1,
                                   fed + i - 1), EXO_STATUS_OK);
        enum exo_status status = exo_memory_map(EXO_SELF, slot, border, 0, 2, EXO_RIGHT_READ,
                                                &done);
        CHECK(status == (done == 2 ? EXO_STATUS_OK : EXO_STATUS_FULL));
        half = half || done == 1;
        EXPECT(exo_memory_unmap(EXO_SELF, border, 2), EXO_STATUS_OK);
    }
    CHECK(half);
    for (uint32_t i = 0; i < places; i++)
        EXPECT(exo_memory_unmap(EXO_SELF, held[i], 1), EXO_STATUS_OK);
    CHECK(use_up_tables(slot) > places);
}

static void check_neighbour(void)
{
    static struct relay_client client;
    static bool open;
    struct relay_echo_params params = {.text = CAPNP_TEXT_LITERAL("still there?")};
    struct relay_echo_results results = {0};
    if (!open)
        EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    open = true;
    EXPECT(relay_echo(&client, &params, &results), EXO_STATUS_OK);
    CHECK(text_is(results.text.bytes, results.text.length, "still there?"));
}

int component_main(void)
{
    uint32_t slot = scenario_slots(1);
    check_neighbour();
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, scenario_frames(2), 2,
                                 READ_WRITE | EXO_RIGHT_RETYPE, 0), EXO_STATUS_OK);
    uint64_t feed = scenario_frames(3);
    uint64_t count = use_up_heap();
    CHECK(count > 10);
    check_neighbour();
    uint64_t pages = use_up_frames();
    CHECK(pages > 3);
    check_neighbour();
    check_tables(slot, feed);
    check_neighbour();
    /* Its own Memory is mapped everywhere: nothing of it can become a kernel object. */
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, 0, 1, EXO_OBJECT_KIND_EVENT, scenario_slots(1), 1,
                             0), EXO_STATUS_CONFLICT);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, UINT32_MAX, 1, EXO_OBJECT_KIND_EVENT,
                             scenario_slots(1), 1, 0), EXO_STATUS_BAD_ARGUMENT);
    check_heap(count);
    CHECK(use_up_heap() == count);
    check_neighbour();
    print("memory_exhaustion: every end was an answer, and the rest went on\n");
    return 0;
}
