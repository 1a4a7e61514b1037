/* SPDX-License-Identifier: MIT */
#include "print.h"
#include "startup.h"

int component_main(void)
{
    print("hello from %s\n", startup_name());
    return 0;
}
