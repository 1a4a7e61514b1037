/* SPDX-License-Identifier: MIT */
#include "kernel.h"

/* By line. Protected by the leaf lock, and so are the controllers; changed under the tree lock. */
static struct binding {
    struct event *event;
    uint64_t bits;
    const struct slot *slot; /* the capability that bound it */
} bindings[IRQ_LINES];

/* Bind a line anew; NULL: to nobody. */
static void line_bind(uint32_t line, struct event *event, uint64_t bits, const struct slot *slot) {
    leaf_enter();
    arch_irq_mask(line, true);
    bindings[line] = (struct binding){event, bits, slot};
    leaf_leave();
}

void irq_raise(uint32_t line) {
    core_self()->counters[EXO_COUNTER_INTERRUPTS]++;
    if (line >= IRQ_LINES)
        return;
    leaf_enter();
    arch_irq_mask(line, true);
    if (bindings[line].event != NULL)
        event_raise(bindings[line].event, bindings[line].bits);
    leaf_leave();
}

void irq_gone(const struct event *event, const struct slot *slot) {
    for (uint32_t line = 0; line < IRQ_LINES; line++) {
        if (bindings[line].event != NULL &&
            (bindings[line].event == event || bindings[line].slot == slot)) {
            line_bind(line, NULL, 0, NULL);
        }
    }
}

/* The capability holds a run of lines; arguments count from its first. */
static bool line_of(const struct slot *slot, uint64_t offset, uint32_t *line) {
    *line = slot->base + (uint32_t)offset;
    return offset < slot->count && *line < IRQ_LINES;
}

enum exo_status irq_bind(struct thread *caller, struct slot *slot,
                         const struct irq_bind_args *args) {
    uint32_t line;
    if (!line_of(slot, args->line, &line))
        return EXO_STATUS_BAD_ARGUMENT;
    if (args->event == EXO_NONE) {
        line_bind(line, NULL, 0, NULL);
        return EXO_STATUS_OK;
    }
    struct slot *named =
        slot_find(caller->home, args->event, EXO_OBJECT_KIND_EVENT, EXO_RIGHT_SIGNAL);
    if (named == NULL)
        return EXO_STATUS_BAD_CAPABILITY;
    line_bind(line, (struct event *)named->object, named->badge, slot);
    return EXO_STATUS_OK;
}

enum exo_status irq_acknowledge(struct thread *caller, struct slot *slot,
                                const struct irq_acknowledge_args *args) {
    (void)caller;
    uint32_t line;
    if (!line_of(slot, args->line, &line))
        return EXO_STATUS_BAD_ARGUMENT;
    leaf_enter();
    bool bound = bindings[line].event != NULL;
    if (bound)
        arch_irq_mask(line, false);
    leaf_leave();
    return bound ? EXO_STATUS_OK : EXO_STATUS_BAD_ARGUMENT;
}
