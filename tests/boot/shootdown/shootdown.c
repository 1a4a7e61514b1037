/* SPDX-License-Identifier: MIT */
/*
 * The main thread, on one core, puts one page after the other at an address and takes it away
 * again; a handler of the same domain, on another core, reads there all the time, and must never
 * see a page that was taken away. Then the handler signals through a slot that the main thread
 * fills and empties: it gets ok or bad_capability, and the kernel nothing worse.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"

enum { ROUNDS = 300, PAGES = 2, DONE = -1, SPINS = 50 };

/* Odd: stop; even: what lies at the address now. Each side writes one of the two. */
static volatile int64_t phase, seen;
static volatile uint64_t *place;
static uint32_t slot;
static volatile uint64_t wrong, reads, answers[2];

static enum exo_status tell(struct rpc_call *call, const struct relay_listener_tell_params *params,
                            struct relay_listener_tell_results *results)
{
    int64_t now;
    (void)call, (void)params, (void)results;
    while ((now = phase) != DONE) {
        if (now % 2 == 0 && now > 0) {
            uint64_t value = *place;
            reads++;
            wrong += phase == now && value != (uint64_t)now;
        }
        enum exo_status status = exo_event_signal(slot);
        wrong += status != EXO_STATUS_OK && status != EXO_STATUS_BAD_CAPABILITY;
        answers[status != EXO_STATUS_OK]++;
        seen = now;
    }
    return EXO_STATUS_OK;
}

static void serve(void *binding)
{
    static const struct relay_listener_methods methods = {.tell = tell};
    relay_listener_serve(&methods, NULL, binding);
}

/* Let the handler see a phase. */
static void go_to(int64_t next)
{
    phase = next;
    while (seen != next)
        ;
}

int component_main(void)
{
    const struct binding *own = binding_export("listener");
    uint64_t offset = scenario_frames(PAGES), alias = scenario_addresses(PAGES), done;
    CHECK(own != NULL && own->thread_count == 2);
    place = (volatile uint64_t *)scenario_addresses(1);
    slot = scenario_slots(1);
    EXPECT(exo_memory_map(EXO_SELF, CHILD_SLOT_MEMORY, alias, offset, PAGES, READ_WRITE, &done),
           EXO_STATUS_OK);
    CHECK(thread_run(own->thread + 1, serve, (void *)own));
    for (int64_t round = 1; round <= ROUNDS; round++) {
        uint64_t page = (uint64_t)round % PAGES;
        go_to(2 * round - 1);
        exo_memory_unmap(EXO_SELF, (uintptr_t)place, 1);
        *(volatile uint64_t *)(alias + page * CHILD_PAGE_BYTES) = 2 * (uint64_t)round;
        EXPECT(exo_memory_map(EXO_SELF, CHILD_SLOT_MEMORY, (uintptr_t)place, offset + page, 1,
                              EXO_RIGHT_READ, &done), EXO_STATUS_OK);
        go_to(2 * round);
        EXPECT(exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, slot, 0, 0, EXO_RIGHT_SIGNAL,
                                     UINT64_C(1) << 63), EXO_STATUS_OK);
        for (uint64_t before = answers[0]; answers[0] == before;)
            ;
        for (volatile int spin = 0; spin < round % SPINS; spin++)
            ;
        EXPECT(exo_capability_delete(slot), EXO_STATUS_OK);
    }
    phase = DONE;
    CHECK(wrong == 0);
    CHECK(reads >= ROUNDS && answers[0] > 0 && answers[1] > 0);
    print("shootdown: two cores of one domain saw the same, %u times\n", ROUNDS);
    return 0;
}
