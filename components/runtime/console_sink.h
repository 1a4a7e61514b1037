/* SPDX-License-Identifier: MIT */
/* console_sink: sends what a component prints to the console that it imports. */
#ifndef RUNTIME_CONSOLE_SINK_H
#define RUNTIME_CONSOLE_SINK_H

#include "binding.h"

/*
 * Send all later print() there. `binding` is an import of console.Console and must live as long as
 * the component. Threads that print at the same time wait for each other.
 */
void console_sink_start(const struct binding *binding);

#endif
