/* SPDX-License-Identifier: MIT */
/* Gas: accounts of resource use, in micro-units. An account is debited for the time of the slots
   that its Domains' threads own, for the frames charged to it over time, and for kernel calls.
   Accounts form a tree; credit moves between an account and its child only, and what a core debits
   it counts, so all balances and what all cores have counted add up to the same sum for ever.

   Protected by the tree lock; a core's charges are folded at the end of its slice. */
#pragma once

#define GAS_BYTES 256
#define GAS_PRICES 3

struct gas {
    struct object object;
    struct gas *parent; /* NULL: the root */
    struct gas *children, *next, *previous;
    int64_t balance;
    int64_t low_mark;
    uint64_t frames;      /* charged to it now */
    uint64_t memory_mark; /* ticks up to which these frames are paid */
    struct slot *slots;   /* Memory capabilities that name it */
    struct domain *domains;
    struct slot *listener; /* its notify hears of the low mark */
    uint8_t low;           /* the low mark has been told */
    uint8_t left;          /* ending: its frames are the parent's already */
};
_Static_assert(sizeof(struct gas) <= GAS_BYTES, "16 accounts fit on a frame");

extern struct gas *gas_root;

struct gas *gas_create(void *memory, struct gas *parent, struct label_range label);
extern uint64_t gas_prices[GAS_PRICES]; /* by enum exo_gas_price */
/* What an account needs told after a debit: the low mark, the frames that it holds. */
void gas_settle(struct gas *gas, uint64_t now);

/* `amount` is far below what the types hold: prices are bounded, and times are those of slices.
   Several cores may take at once. */
static inline void gas_take(struct core *core, struct gas *gas, uint64_t amount) {
    core->counters[EXO_COUNTER_GAS_DEBITED] += amount;
    __atomic_fetch_sub(&gas->balance, (int64_t)amount, __ATOMIC_RELAXED);
}

/* Debit the time and the kernel calls that the core has gathered since the last time to
   `core->payer`, the account of whoever owned the slots since then. cpu.c gathers: consecutive
   slots of one account are folded together, for a bounded time. */
static inline void gas_gather(struct core *core, uint64_t now) {
    arch_core_fold(core);
    struct gas *gas = core->payer;
    uint64_t units = core->charge;
    uint64_t ticks = now - core->payer_mark;
    core->charge = 0;
    core->payer_mark = now;
    core->counters[EXO_COUNTER_GAS_UNITS] += units;
    if (__builtin_expect(gas == NULL, 0))
        return;
    uint64_t amount = (ticks * gas_prices[EXO_GAS_PRICE_TIME] >> 10) +
                      units * gas_prices[EXO_GAS_PRICE_CALL];
    core->counters[EXO_COUNTER_PAID_TICKS] += ticks;
    gas_take(core, gas, amount);
    if (__builtin_expect(gas->balance < gas->low_mark || gas->frames != 0, 0))
        gas_settle(gas, now);
}
/* From now on a frame is charged to the capability's account; NULL: to the root account. */
void gas_frame_charge(const struct slot *slot, struct frame *frame);
/* The next capability above that names an account, to which frames go back; NULL: there is none. */
struct slot *gas_heir(const struct slot *slot);
bool gas_reap(struct gas *gas, uint32_t *budget);
bool gas_check(const struct gas *gas);
