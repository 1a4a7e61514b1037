/* SPDX-License-Identifier: MIT */
/* How far the machine is, in instructions since its reset, when the first program begins. */
#include "first.h"
#include "measure.h"
#include "ticks.h"

FIRST_PROGRAM

uint32_t first_main(void) {
    measure_print_value("boot_instructions", ticks_now(), "instructions");
    return 0;
}
