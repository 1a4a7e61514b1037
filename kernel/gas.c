/* SPDX-License-Identifier: MIT */
#include "kernel.h"

#define PRICE_MAX (1ull << 20)
#define GAS_ACCRUE_MAX (1ull << 50) /* debited at once for memory, however long nobody asked */

struct gas *gas_root;

/* By enum exo_gas_price; the first values make time cost one micro-unit a tick. */
uint64_t gas_prices[GAS_PRICES] = {1024, 16, 100};

struct gas *gas_create(void *memory, struct gas *parent, struct label_range label) {
    struct gas *gas = memory;
    object_start(&gas->object, EXO_OBJECT_KIND_GAS, label);
    gas->parent = parent;
    gas->memory_mark = arch_ticks();
    if (parent != NULL)
        list_add(parent->children, gas, next, previous);
    return gas;
}

/* Below the low mark for the first time since the last transfer: tell the listener. */
static __attribute__((noinline)) void gas_is_low(struct gas *gas) {
    if (gas->low)
        return;
    gas->low = 1;
    if (gas->listener != NULL)
        slot_notice(gas->listener, EXO_NOTICE_REASON_ASKED);
}

/* Pay for the frames held since the last time. Several cores may come here with one account: each
   piece of time is paid once. */
static __attribute__((noinline)) void gas_accrue(struct gas *gas, uint64_t now) {
    uint64_t mark = __atomic_load_n(&gas->memory_mark, __ATOMIC_RELAXED);
    uint64_t ticks = now > mark ? now - mark : 0;
    if (gas->frames == 0) {
        gas->memory_mark = now; /* nothing was held up to now */
        return;
    }
    uint64_t rate = gas->frames * gas_prices[EXO_GAS_PRICE_MEMORY];
    uint64_t amount = (uint64_t)((unsigned __int128)rate * ticks >> 20);
    amount = amount > GAS_ACCRUE_MAX ? GAS_ACCRUE_MAX : amount;
    /* What is less than one micro-unit stays for the next time. */
    if (amount != 0 && __atomic_compare_exchange_n(&gas->memory_mark, &mark, now, false,
                                                   __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        gas_take(core_self(), gas, amount);
    }
}

void gas_settle(struct gas *gas, uint64_t now) {
    gas_accrue(gas, now);
    /* The listener's slot is the tree's; without the lock it hears the next time. */
    if (gas->balance < gas->low_mark && !gas->low && tree_enter()) {
        gas_is_low(gas);
        tree_leave();
    }
}

/* The account that counts the frames charged to `gas`: it, unless it is ending. */
static struct gas *counting(struct gas *gas) {
    while (gas->left)
        gas = gas->parent;
    return gas;
}

void gas_frame_charge(const struct slot *slot, struct frame *frame) {
    const struct slot *before = frame->charger == 0 ? NULL : slot_from_id(frame->charger);
    struct gas *from = before == NULL ? gas_root : counting(before->account);
    struct gas *to = slot == NULL ? gas_root : counting(slot->account);
    uint64_t now = arch_ticks();
    if (from != to) {
        gas_accrue(from, now);
        gas_accrue(to, now);
        if (from->frames > 0)
            from->frames--;
        to->frames++;
    }
    frame->charger = slot == NULL ? 0 : slot_id(slot);
}

struct slot *gas_heir(const struct slot *slot) {
    struct slot *above = slot->parent;
    /* One that is ending may have let go of some frames already. */
    while (above != NULL && (above->account == NULL || above->kind == SLOT_ENDING))
        above = above->parent;
    return above;
}

/* An account that ends leaves everything to its parent. */
bool gas_reap(struct gas *gas, uint32_t *budget) {
    struct gas *parent = gas->parent;
    assert(parent != NULL);
    gas_accrue(gas, arch_ticks());
    gas_accrue(parent, arch_ticks());
    parent->frames += gas->frames;
    gas->frames = 0;
    gas->left = 1;
    while (gas->slots != NULL || gas->domains != NULL || gas->children != NULL) {
        if (!budget_take(budget, 1))
            return false;
        if (gas->slots != NULL) {
            struct slot *slot = gas->slots;
            slot->account = parent;
            list_remove(gas->slots, slot, list_next, list_previous);
            list_add(parent->slots, slot, list_next, list_previous);
        } else if (gas->domains != NULL) {
            struct domain *domain = gas->domains;
            core_own_mask(domain->cores);
            domain->gas = parent;
            list_remove(gas->domains, domain, gas_next, gas_previous);
            list_add(parent->domains, domain, gas_next, gas_previous);
        } else {
            struct gas *child = gas->children;
            child->parent = parent;
            list_remove(gas->children, child, next, previous);
            list_add(parent->children, child, next, previous);
        }
    }
    for (uint32_t i = 0; i < core_count; i++) {
        if (__atomic_load_n(&cores[i]->payer, __ATOMIC_ACQUIRE) != gas)
            continue;
        core_own(cores[i]);
        if (cores[i]->payer == gas) /* somebody else may have begun to pay meanwhile */
            cores[i]->payer = parent;
    }
    __atomic_fetch_add(&parent->balance, gas->balance, __ATOMIC_RELAXED);
    list_remove(parent->children, gas, next, previous);
    object_free(&gas->object);
    return true;
}

bool gas_check(const struct gas *gas) {
    for (const struct gas *child = gas->children; child != NULL; child = child->next) {
        if (child->parent != gas || (child->next != NULL && child->next->previous != child))
            return false;
    }
    for (const struct slot *slot = gas->slots; slot != NULL; slot = slot->list_next) {
        if (slot->account != gas)
            return false;
    }
    return true;
}

enum exo_status gas_transfer(struct thread *caller, struct slot *slot,
                             const struct gas_transfer_args *args) {
    struct gas *gas = (struct gas *)slot->object;
    struct slot *named =
        slot_find(caller->home, args->child, EXO_OBJECT_KIND_GAS, EXO_RIGHT_CONTROL);
    if (named == NULL)
        return EXO_STATUS_BAD_CAPABILITY;
    struct gas *child = (struct gas *)named->object;
    int64_t amount = (int64_t)args->amount;
    if (child->parent != gas || amount == INT64_MIN || args->low_mark > INT64_MAX)
        return EXO_STATUS_BAD_ARGUMENT;
    uint64_t now = arch_ticks();
    gas_accrue(gas, now);
    gas_accrue(child, now);
    const struct gas *giver = amount >= 0 ? gas : child;
    int64_t size = amount >= 0 ? amount : -amount;
    struct gas *taker = amount >= 0 ? child : gas;
    int64_t sum;
    if (giver->balance < size || __builtin_add_overflow(taker->balance, size, &sum))
        return EXO_STATUS_NO_GAS;
    __atomic_fetch_sub(&gas->balance, amount, __ATOMIC_RELAXED);
    __atomic_fetch_add(&child->balance, amount, __ATOMIC_RELAXED);
    for (uint32_t i = 0; i < core_count && taker->balance > 0 && sum <= size; i++)
        core_wake(cores[i]); /* its threads may run again */
    child->low_mark = (int64_t)args->low_mark;
    child->low = child->balance < child->low_mark;
    return EXO_STATUS_OK;
}

enum exo_status gas_debit(struct thread *caller, struct slot *slot,
                          const struct gas_debit_args *args) {
    (void)caller;
    struct gas *gas = (struct gas *)slot->object;
    if (gas->balance < 0 || args->amount > (uint64_t)gas->balance)
        return EXO_STATUS_NO_GAS;
    gas_take(core_self(), gas, args->amount);
    if (gas->balance < gas->low_mark)
        gas_is_low(gas);
    return EXO_STATUS_OK;
}

enum exo_status gas_price(struct thread *caller, struct slot *slot,
                          const struct gas_price_args *args) {
    (void)caller;
    if ((struct gas *)slot->object != gas_root)
        return EXO_STATUS_DENIED;
    if (args->price >= GAS_PRICES || args->value > PRICE_MAX)
        return EXO_STATUS_BAD_ARGUMENT;
    gas_prices[args->price] = args->value;
    return EXO_STATUS_OK;
}
