/* SPDX-License-Identifier: MIT */
#include "gas.h"

#include "first.h"
#include "kernel_stubs.h"
#include "own.h"
#include "plan.h"
#include "print.h"
#include "ticks.h"

/* What an account gets that init keeps filled, and the mark at which it gets it again. */
#define FILL (INT64_C(1) << 50)
#define FILL_LOW (INT64_C(1) << 48)

/* What the time of a nanosecond costs, and of a frame in a second, in micro-units. The kernel
 * counts by ticks, of which machines have more or fewer a second. */
enum { PRICE_NANOSECOND = 1, PRICE_FRAME_SECOND = 15000 };

enum { REFILLS_PER_SECOND = 10, NANOSECONDS_PER_SECOND = 1000000000 };

enum { LOOKS_MAX = 100, LOOK_MICROSECONDS = 200 };

static uint64_t next_refill = TICKS_NEVER;
static int64_t books; /* what all accounts hold and what all cores have taken: always the same */

bool gas_is_kept(const struct component *component)
{
    return exo_planned_component_get_gas(component->plan) == 0;
}

static bool fill(const struct component *component)
{
    uint64_t credit = exo_planned_component_get_gas(component->plan);
    uint64_t low = exo_planned_component_get_gas_low(component->plan);
    int64_t amount = gas_is_kept(component) ? FILL : (int64_t)credit;
    return exo_gas_transfer(FIRST_SLOT_GAS, component->gas, amount,
                            gas_is_kept(component) ? (uint64_t)FILL_LOW : low) == EXO_STATUS_OK;
}

/* Set the two prices that go by time, as the kernel wants them: for 2^10 and for 2^20 ticks. */
static void set_prices(void)
{
    uint64_t rate = ticks_rate();
    uint64_t time = (((uint64_t)NANOSECONDS_PER_SECOND * PRICE_NANOSECOND << 10) + rate / 2) / rate;
    uint64_t memory = (((uint64_t)PRICE_FRAME_SECOND << 20) + rate / 2) / rate;
    exo_gas_price(FIRST_SLOT_GAS, EXO_GAS_PRICE_TIME, time);
    exo_gas_price(FIRST_SLOT_GAS, EXO_GAS_PRICE_MEMORY, memory);
}

static int64_t balance_of(uint32_t account)
{
    uint64_t kind, rights, balance = 0, held, low, high;
    exo_capability_info(EXO_SELF, account, &kind, &rights, &balance, &held, &low, &high);
    return (int64_t)balance;
}

static int64_t balances(void)
{
    int64_t sum = balance_of(FIRST_SLOT_GAS);
    for (uint32_t i = 0; i < plan.component_count; i++)
        sum += balance_of(plan.component[i].gas);
    return sum;
}

/* What a core has taken; `unpaid` gets the ticks of its slots that nobody has paid (yet). */
static int64_t taken_by(uint32_t core, int64_t *unpaid)
{
    uint64_t taken = 0, slots = 0, paid = 0, unused;
    exo_kernel_counters(EXO_COUNTER_GAS_DEBITED | (core + UINT64_C(1)) << 32, &taken, &slots, &paid,
                        &unused, &unused, &unused);
    *unpaid += (int64_t)(slots > paid ? slots - paid : paid - slots);
    return (int64_t)taken;
}

static int64_t taken(int64_t *unpaid)
{
    int64_t sum = 0;
    *unpaid = 0;
    for (uint32_t i = 0; i < own.core_count; i++)
        sum += taken_by(i, unpaid);
    return sum;
}

bool gas_adds_up(void)
{
    int64_t before = 0, after = 0, sum = 0, unpaid = 0;
    uint64_t bits;
    for (uint32_t i = 0; i < LOOKS_MAX; i++) {
        /* Behind a pause our slot has just begun, so there is none that has ended unpaid. */
        exo_event_wait(own.done, ticks_deadline(LOOK_MICROSECONDS), &bits);
        before = taken(&unpaid);
        sum = balances();
        after = taken(&unpaid);
        if (before == after && sum + after == books && unpaid == 0)
            return true;
    }
    print("init: the accounts were charged %ld micro-units, the cores took %ld, "
          "and %ld ticks of slots were not paid\n", books - sum, after, unpaid);
    return false;
}

bool gas_start(void)
{
    int64_t unpaid, before;
    do { /* again when our slot ended between */
        before = taken(&unpaid);
        books = balances() + before;
    } while (before != taken(&unpaid));
    set_prices();
    uint32_t listener = slots_take(first_slots(), 1);
    if (exo_capability_derive(own.event, EXO_SELF, listener, 0, 0, EXO_RIGHT_SIGNAL,
                              UINT64_C(1) << OWN_BIT_GAS) != EXO_STATUS_OK)
        return false;
    for (uint32_t i = 0; i < plan.component_count; i++) {
        const struct component *component = &plan.component[i];
        if (!fill(component)) {
            print("init: there is no credit left for %s\n", component->name);
            return false;
        }
        if (gas_is_kept(component))
            exo_capability_notify(EXO_SELF, component->gas, listener);
        if (exo_planned_component_get_gas_refill(component->plan) > 0)
            next_refill = 0;
    }
    return true;
}

uint64_t gas_refill_due(void)
{
    if (next_refill > ticks_now())
        return next_refill;
    for (uint32_t i = 0; i < plan.component_count; i++) {
        const struct component *component = &plan.component[i];
        uint64_t refill = exo_planned_component_get_gas_refill(component->plan);
        uint64_t low = exo_planned_component_get_gas_low(component->plan);
        if (refill > 0)
            exo_gas_transfer(FIRST_SLOT_GAS, component->gas,
                             (int64_t)(refill / REFILLS_PER_SECOND), low);
    }
    next_refill = ticks_now() + ticks_rate() / REFILLS_PER_SECOND;
    return next_refill;
}

void gas_fill_low(uint64_t bits)
{
    if (!(bits >> OWN_BIT_GAS & 1))
        return;
    for (uint32_t i = 0; i < plan.component_count; i++) {
        uint64_t kind, rights, balance, held, low, high;
        const struct component *component = &plan.component[i];
        exo_capability_info(EXO_SELF, component->gas, &kind, &rights, &balance, &held, &low, &high);
        if (gas_is_kept(component) && (int64_t)balance < FILL_LOW)
            fill(component);
    }
}
