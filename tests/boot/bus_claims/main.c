/* SPDX-License-Identifier: MIT */
/*
 * What a driver gets of the bus: the pages and the line of one device; memory that it pins stays in
 * its place until it says so or gives the device back.
 */
#include "bus.capnp.h"
#include "kernel_stubs.h"
#include "scenario.h"

enum { DISK = 2, NO_KIND = 77, REGISTER_PAGES_MAX = 4, PINS_TRIED = 100 };

static struct bus_client bus;

static enum bus_refusal claim(uint32_t kind, uint32_t index, struct bus_claim_results *results)
{
    struct bus_claim_params params = {.kind = kind, .index = index};
    EXPECT(bus_claim(&bus, &params, results), EXO_STATUS_OK);
    return results->refusal;
}

static void check_capabilities(const struct bus_claim_results *results)
{
    uint64_t kind, rights, base, count, low, high, bits;
    EXPECT(exo_capability_info(EXO_SELF, results->registers, &kind, &rights, &base, &count, &low,
                               &high), EXO_STATUS_OK);
    CHECK((kind & 0xff) == EXO_OBJECT_KIND_MEMORY && rights == READ_WRITE);
    CHECK(count >= 1 && count <= REGISTER_PAGES_MAX);
    CHECK(results->common < count * CHILD_PAGE_BYTES);
    EXPECT(exo_capability_info(EXO_SELF, results->line, &kind, &rights, &base, &count, &low,
                               &high), EXO_STATUS_OK);
    CHECK((kind & 0xff) == EXO_OBJECT_KIND_IRQ && count == 1);
    EXPECT(exo_irq_bind(results->line, 1, CHILD_SLOT_WAKE), EXO_STATUS_BAD_ARGUMENT);
    EXPECT(exo_event_wait(CHILD_SLOT_LOCK, 0, &bits), EXO_STATUS_DEADLINE);
}

static enum exo_status pin(struct bus_device_ref device, uint32_t memory,
                           struct bus_device_pin_results *results)
{
    struct bus_device_pin_params params = {.memory = memory};
    return bus_device_pin_at(device, &params, results);
}

static enum exo_status unpin(struct bus_device_ref device, uint32_t number)
{
    struct bus_device_unpin_params params = {.number = number};
    return bus_device_unpin_at(device, &params);
}

static void check_pins(struct bus_device_ref device)
{
    uint64_t kind, rights, base, count, low, high, offset;
    struct bus_device_pin_results results = {0};
    uint32_t memory = scenario_slots(2), read_only = memory + 1;
    CHECK(pages_take(2, &offset) != NULL);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, memory, offset, 2, READ_WRITE, 0),
           EXO_STATUS_OK);
    EXPECT(exo_capability_derive(memory, EXO_SELF, read_only, 1, 1, EXO_RIGHT_READ, 0),
           EXO_STATUS_OK);
    CHECK(pin(device, EXO_NONE, &results) != EXO_STATUS_OK);
    EXPECT(pin(device, CHILD_SLOT_WAKE, &results), EXO_STATUS_BAD_ARGUMENT);
    EXPECT(pin(device, read_only, &results), EXO_STATUS_DENIED);
    EXPECT(pin(device, memory, &results), EXO_STATUS_OK);
    EXPECT(exo_capability_info(EXO_SELF, memory, &kind, &rights, &base, &count, &low, &high),
           EXO_STATUS_OK);
    CHECK(results.address == base);
    EXPECT(exo_capability_revoke(memory, 0), EXO_STATUS_BUSY);
    EXPECT(unpin(device, results.number + 1), EXO_STATUS_BAD_ARGUMENT);
    EXPECT(unpin(device, UINT32_MAX), EXO_STATUS_BAD_ARGUMENT);
    EXPECT(unpin(device, results.number), EXO_STATUS_OK);
    EXPECT(unpin(device, results.number), EXO_STATUS_BAD_ARGUMENT);
    EXPECT(exo_capability_revoke(memory, 0), EXO_STATUS_OK);
    uint32_t pins = 0;
    while (pins < PINS_TRIED && pin(device, memory, &results) == EXO_STATUS_OK)
        pins++;
    CHECK(pins > 0 && pins < PINS_TRIED);
    EXPECT(exo_capability_revoke(memory, 0), EXO_STATUS_BUSY);
    bus_device_ref_release(device);
    struct bus_claim_results none = {0};
    CHECK(claim(NO_KIND, 0, &none) == BUS_REFUSAL_NO_DEVICE); /* the release came before it */
    EXPECT(exo_capability_revoke(memory, 0), EXO_STATUS_OK);
}

int component_main(void)
{
    struct bus_claim_results results = {0}, other = {0};
    EXPECT(bus_client_open(&bus, binding_import("bus")), EXO_STATUS_OK);
    CHECK(claim(NO_KIND, 0, &results) == BUS_REFUSAL_NO_DEVICE);
    CHECK(claim(DISK, 1, &results) == BUS_REFUSAL_NO_DEVICE);
    CHECK(claim(DISK, UINT32_MAX, &results) == BUS_REFUSAL_NO_DEVICE);
    for (int round = 0; round < 3; round++) {
        CHECK(claim(DISK, 0, &results) == BUS_REFUSAL_NONE);
        check_capabilities(&results);
        CHECK(claim(DISK, 0, &other) == BUS_REFUSAL_TAKEN && other.device == EXO_NONE);
        check_pins(bus_device_ref_of(&bus.rpc, results.device));
    }
    print("bus_claims: a driver has its device and nothing else\n");
    return 0;
}
