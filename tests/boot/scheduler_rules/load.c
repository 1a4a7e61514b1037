/* SPDX-License-Identifier: MIT */
/* Uses all the time that it gets. */
#include "startup.h"

int component_main(void)
{
    static volatile uint64_t turns;
    for (;;)
        turns++;
}
