/* SPDX-License-Identifier: MIT */
#include "restart.h"

#include <assert.h>

enum restart_action restart_decide(struct restart_state *state, enum restart_cause cause)
{
    assert(state->rule <= RESTART_ALWAYS);
    assert(state->limit == 0 || state->count <= state->limit);
    bool wanted = (state->rule == RESTART_ALWAYS && cause != RESTART_STOPPED) ||
                  (state->rule == RESTART_ON_CRASH && cause == RESTART_CRASHED);
    bool allowed = state->limit == 0 || state->count < state->limit;
    if (wanted && allowed) {
        state->count++;
        return RESTART_ACTION_AGAIN;
    }
    if (state->ends && cause != RESTART_STOPPED)
        return RESTART_ACTION_END;
    return RESTART_ACTION_LEAVE;
}
