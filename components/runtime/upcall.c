/* SPDX-License-Identifier: MIT */
#include "general_registers.h"

#include "upcall.h"

#include "kernel_stubs.h"
#include "print.h"
#include "processor.h"

const uint64_t upcall_return_word = EXO_CALL_WORD(EXO_CALL_UPCALL_RETURN, 0);

static event_handler *on_event;
static crash_handler *on_crash;

void upcall_on_event(event_handler *handler)
{
    on_event = handler;
}

void upcall_on_crash(crash_handler *handler)
{
    on_crash = handler;
}

void fault_refused(struct upcall_frame *frame)
{
    crash_handler *handler = on_crash;
    on_crash = 0;
    if (handler)
        handler(frame);
    processor_stop();
}

void event_handle(struct upcall_frame *frame)
{
    if (on_event)
        on_event(frame->address);
}

void upcall_stop(void)
{
    on_crash = 0;
    processor_stop();
}

void __assert_fail(const char *condition, const char *file, unsigned line, const char *function)
{
    print("assertion failed: %s (%s:%u, %s)\n", condition, file, line, function);
    processor_stop();
}
