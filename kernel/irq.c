/* SPDX-License-Identifier: MIT */
#include "irq.h"

#include "arch.h"
#include "capability.h"
#include "core.h"
#include "event.h"
#include "kernel_handlers.h"
#include "thread.h"

/* By line. Protected by the tree lock; a line fires on one core only. */
static struct {
    struct event *event;
    uint64_t bits;
    const struct slot *slot; /* the capability that bound it */
} bindings[IRQ_LINES];

static void line_unbind(uint32_t line) {
    struct event *event = bindings[line].event;
    arch_irq_mask(line, true);
    bindings[line].event = NULL;
    if (event != NULL)
        event->lines &= ~(1u << line);
}

void irq_raise(uint32_t line) {
    core_self()->counters[EXO_COUNTER_INTERRUPTS]++;
    core_self()->skipped = 0; /* who gets ready may have a slot that the idle core has passed */
    if (line >= IRQ_LINES)
        return;
    arch_irq_mask(line, true);
    if (bindings[line].event != NULL)
        event_raise(bindings[line].event, bindings[line].bits);
}

void irq_event_gone(struct event *event) {
    for (uint32_t line = 0; event->lines != 0 && line < IRQ_LINES; line++) {
        if (event->lines & 1u << line)
            line_unbind(line);
    }
}

void irq_slot_gone(const struct slot *slot) {
    for (uint32_t line = 0; line < IRQ_LINES; line++) {
        if (bindings[line].event != NULL && bindings[line].slot == slot)
            line_unbind(line);
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
        line_unbind(line);
        return EXO_STATUS_OK;
    }
    struct slot *named =
        slot_find(caller->home, args->event, EXO_OBJECT_KIND_EVENT, EXO_RIGHT_SIGNAL);
    if (named == NULL)
        return EXO_STATUS_BAD_CAPABILITY;
    line_unbind(line);
    bindings[line].event = (struct event *)named->object;
    bindings[line].bits = named->badge;
    bindings[line].slot = slot;
    bindings[line].event->lines |= 1u << line;
    return EXO_STATUS_OK;
}

enum exo_status irq_acknowledge(struct thread *caller, struct slot *slot,
                                const struct irq_acknowledge_args *args) {
    (void)caller;
    uint32_t line;
    if (!line_of(slot, args->line, &line) || bindings[line].event == NULL)
        return EXO_STATUS_BAD_ARGUMENT;
    arch_irq_mask(line, false);
    return EXO_STATUS_OK;
}
