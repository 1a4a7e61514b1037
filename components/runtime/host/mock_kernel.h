/* SPDX-License-Identifier: MIT */
/* The kernel under the mocks: portals, events, capability tables, and who runs. */
#ifndef HOST_MOCK_KERNEL_H
#define HOST_MOCK_KERNEL_H
#include "mock.h"

/* Give a mock its slots, bindings and memory. */
void mock_kernel_add(struct mock *mock);

/* Start a mock's server, and wait until it waits for a call. */
void mock_kernel_start(struct mock *mock, void (*serve)(struct mock *mock));

/* End the program: the test is wrong, or what it tests. */
_Noreturn void mock_fail(const struct mock *mock, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
#endif
