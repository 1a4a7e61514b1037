/* SPDX-License-Identifier: MIT */
/* restart: what init does when a component ends, by the rule that its composition gives. Pure. */
#ifndef INIT_RESTART_H
#define INIT_RESTART_H

#include <stdbool.h>
#include <stdint.h>

enum restart_rule { RESTART_NEVER, RESTART_ON_CRASH, RESTART_ALWAYS }; /* as in boot.capnp */

/* Why a component ended. */
enum restart_cause {
    RESTART_RETURNED, /* its main function returned a status, or it asked to exit */
    RESTART_CRASHED,  /* a fault that it did not handle, or a lost domain */
    RESTART_STOPPED,  /* somebody asked init to stop it */
};

enum restart_action {
    RESTART_ACTION_LEAVE, /* it stays as it is: ended */
    RESTART_ACTION_AGAIN, /* start it again */
    RESTART_ACTION_END,   /* end the machine */
};

struct restart_state {
    enum restart_rule rule;
    bool ends;      /* the machine ends with this component, unless it is started again */
    uint32_t limit; /* restarts in all; 0: no limit */
    uint32_t count; /* restarts done by the rule, not those that somebody asked for */
};

/* Decide, and count a restart when one is due. */
enum restart_action restart_decide(struct restart_state *state, enum restart_cause cause);

#endif
