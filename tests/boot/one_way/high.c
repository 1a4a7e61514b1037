/* SPDX-License-Identifier: MIT */
/*
 * The high side: gets the messages in order, and knows how many it has missed, those included that
 * came before it was started again. Before the first comes it tries to write, to signal, and to
 * have more rights: the kernel denies each.
 */
#include "general_registers.h"

#include "fault.h"
#include "gauge.capnp.h"
#include "kernel_stubs.h"
#include "scenario.h"
#include "supervisor.capnp.h"

enum { TEXT_MODULUS = 97, LEAST = 500 };

static struct supervisor_client supervisor;
static uint64_t last, received, skipped;
static volatile uint32_t faults; /* counted by an upcall */
static volatile uintptr_t nowhere = 8;

static enum exo_status report(struct rpc_call *call, const struct gauge_report_params *params)
{
    CHECK(call->is_asynchronous);
    CHECK(params->number > last);
    skipped += params->number - last - 1;
    last = params->number;
    received++;
    if (startup_generation() == 0)
        *(volatile uint64_t *)nowhere = 0; /* init starts us again, and the low side goes on */
    CHECK(rpc_one_way(call)->received == received);
    CHECK(rpc_one_way(call)->lost == skipped);
    /* The text is of this very message, and none of it of another. */
    CHECK(params->text.length == 3 || params->text.length == params->number % TEXT_MODULUS);
    for (uint32_t i = 0; i < params->text.length; i++)
        CHECK(params->text.bytes[i] == 'x');
    return EXO_STATUS_OK;
}

static enum exo_status finish(struct rpc_call *call, const struct gauge_finish_params *params)
{
    const struct one_way_reader *counts = rpc_one_way(call);
    CHECK(counts->received == received + 1);
    CHECK(counts->received + counts->lost == params->sent);
    CHECK(counts->received > LEAST && counts->lost > LEAST);
    print("one_way: %lu were sent, and each was received in order or counted as lost\n",
          params->sent);
    struct supervisor_end_params end = {0};
    return supervisor_end(&supervisor, &end);
}

/* No capability in our table lets us write or signal what is labelled below us. */
static void check_table(void)
{
    uint32_t below = 0;
    for (uint32_t slot = 0;; slot++) {
        uint64_t kind, rights, value, count, low, high;
        enum exo_status status =
            exo_capability_info(EXO_SELF, slot, &kind, &rights, &value, &count, &low, &high);
        if (status == EXO_STATUS_BAD_ARGUMENT)
            break; /* behind the last */
        EXPECT(status, EXO_STATUS_OK);
        if ((kind & 0xff) != EXO_OBJECT_KIND_MEMORY || high != 0)
            continue;
        below++;
        CHECK((rights & (EXO_RIGHT_WRITE | EXO_RIGHT_RETYPE | EXO_RIGHT_DMA)) == 0);
    }
    CHECK(below == 1); /* the channel */
}

/* A write that faulted goes on in a page of our own, put in the place of the channel's. */
static bool replace(struct upcall_frame *frame, uint64_t address, void *spare)
{
    uint64_t page = address & ~(uint64_t)(CHILD_PAGE_BYTES - 1), done;
    (void)frame;
    faults++;
    return exo_memory_unmap(EXO_SELF, page, 1) == EXO_STATUS_OK &&
           exo_memory_map(EXO_SELF, CHILD_SLOT_MEMORY, page, *(uint64_t *)spare, 1, READ_WRITE,
                          &done) == EXO_STATUS_OK;
}

/* Try what would carry something down. */
static void check_denied(const struct channel_place *place)
{
    uint64_t done, pages = place->bytes / CHILD_PAGE_BYTES;
    uint32_t memory = place->wake + 1, slot = scenario_slots(1); /* see init's plan.h */
    uint64_t address = scenario_addresses(pages), spare = scenario_frames(1);
    EXPECT(exo_memory_map(EXO_SELF, memory, address, 0, pages, READ_WRITE, &done),
           EXO_STATUS_DENIED);
    EXPECT(exo_memory_map(EXO_SELF, memory, place->address, 0, pages, READ_WRITE, &done),
           EXO_STATUS_DENIED);
    EXPECT(exo_event_signal(place->doorbell), EXO_STATUS_BAD_CAPABILITY);
    EXPECT(exo_capability_derive(memory, EXO_SELF, slot, 0, pages, READ_WRITE, 0),
           EXO_STATUS_DENIED);
    EXPECT(exo_memory_map(EXO_SELF, memory, address, 0, pages, EXO_RIGHT_READ, &done),
           EXO_STATUS_OK);
    EXPECT(exo_memory_protect(EXO_SELF, address, pages, READ_WRITE), EXO_STATUS_OK);
    /* Nor does the processor let us. */
    CHECK(fault_region_add(address, address + CHILD_PAGE_BYTES, replace, &spare));
    *(volatile uint64_t *)address = 1;
    CHECK(faults == 1);
    CHECK(fault_region_remove(address));
    EXPECT(exo_memory_unmap(EXO_SELF, address, pages), EXO_STATUS_OK);
}

int component_main(void)
{
    static const struct gauge_methods methods = {.report = report, .finish = finish};
    const struct binding *binding = binding_export("gauge");
    CHECK(binding != NULL && binding->place_count == 1 && binding->places->is_one_way);
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    check_table();
    check_denied(binding->places);
    gauge_serve_events(&methods, NULL, binding);
    return 1;
}
