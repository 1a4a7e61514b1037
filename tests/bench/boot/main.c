/* SPDX-License-Identifier: MIT */
/* How far the machine is, in instructions since its reset, when the first program begins. */
#include "first.h"
#include "measure.h"

FIRST_PROGRAM

uint32_t first_main(void) {
    measure_print_value("boot_instructions", processor_instructions(), "instructions");
    return 0;
}
