/* SPDX-License-Identifier: MIT */
/* end: the end of the machine. */
#ifndef INIT_END_H
#define INIT_END_H

#include <stdint.h>

/* End every component, see that the books of the accounts are right, and end the machine with this
 * status. Wrong books are told in a line, and are a failure. */
void end_machine(uint32_t status);

#endif
