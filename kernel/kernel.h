/* SPDX-License-Identifier: MIT */
/* Every noun of the kernel, in the order in which they need each other: the headers include nothing
   themselves, and all .c files include this one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct core; struct domain; struct event; struct frame;
struct gas; struct portal; struct slot; struct thread;

#include "kernel_calls.h"
#include "assert.h"
#include "label.h"
#include "object.h"
#include "arch.h"
#include "list.h"
#include "frame.h"
#include "domain.h"
#include "thread.h"
#include "core.h"
#include "page_table.h"
#include "capability.h"
#include "gas.h"
#include "cpu.h"
#include "deadline.h"
#include "event.h"
#include "irq.h"
#include "memory.h"
#include "portal.h"
#include "panic.h"
#include "upcall.h"
#include "boot.h"
#include "call.h"
#include "kernel_handlers.h"
