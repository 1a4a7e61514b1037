/* SPDX-License-Identifier: MIT */
/*
 * service: the exports that the composition gave the monitor by an import of all interfaces, called
 * and described by what the boot image says of their types.
 *
 * A service is called like the component that has it, or, when that has several exports, also
 * "component.export". What a service answers may be hostile: it is read where it lies, in the
 * channel, by functions that bound every step (components/dynamic).
 */
#ifndef MONITOR_SERVICE_H
#define MONITOR_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "capnp.h"

/*
 * Find the imports and read the schemas. Returns false when the composition gives neither; then
 * there are no services.
 */
bool service_open(void);

/* The name of service `index`, as short as it can be said; no bytes beyond the end. */
struct capnp_text service_name(uint32_t index);

/* The name of method `index` of a service, its own and then those of the interfaces that it
 * extends; no bytes beyond the end, or when there is no such service. */
struct capnp_text service_method_name(const char *service, uint32_t index);

/* Print all services with their interfaces. */
void service_list(void);

/* Print a service's methods, with parameters and comments, or that there is none. */
void service_describe(const char *service);

/*
 * Call a method with parameters in Cap'n Proto's text, in parentheses ("" is "()"), and print the
 * results, or what went wrong. `column` is where the parameters begin on the user's line, prompt
 * included, from 0: a mistake in them is marked below it.
 */
void service_call(const char *service, const char *method, const char *parameters,
                  uint32_t column);

#endif
