/* SPDX-License-Identifier: MIT */
#include "end.h"

#include "component.h"
#include "gas.h"
#include "machine.h"
#include "plan.h"

enum { WRONG_BOOKS = 5 };

void end_machine(uint32_t status)
{
    /* What an account had below it comes back to it, and the other cores have nothing to do. */
    for (uint32_t i = 0; i < plan.component_count; i++)
        if (plan.component[i].state == SUPERVISOR_STATE_RUNNING)
            component_end(i, SUPERVISOR_STATE_STOPPED);
    bool right = gas_adds_up();
    machine_end(right ? status : WRONG_BOOKS);
}
