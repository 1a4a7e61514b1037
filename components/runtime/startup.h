/* SPDX-License-Identifier: MIT */
/*
 * startup: what init gave this component, and the component's own heap, slots, addresses and
 * frames.
 *
 * A component defines component_main. Before it runs, the runtime has read init's message
 * (idl/startup.capnp); all that the functions here return lives as long as the component.
 * A program that the kernel starts itself defines runtime_start instead and uses none of this.
 */
#ifndef RUNTIME_STARTUP_H
#define RUNTIME_STARTUP_H

#include <stdbool.h>
#include <stdint.h>

#include "binding.h"
#include "child.h"
#include "heap.h"
#include "registers.h"
#include "slots.h"
#include "space.h"

/* The program. Its result is the component's exit status: 0 for success. */
int component_main(void);

/* End the component with a status, from any of its threads. */
_Noreturn void component_exit(uint32_t status);

/* Whoever says what a core plays may tell init, from one of its threads, that it has not stalled.
 * After the first time it must go on so, at least once in some hundred slots of its core. */
void startup_alive(void);
/* It may also let init mark the threads that it plays, or not any more (cpuBind): then it runs at
 * once when one of them becomes ready. Its own are never marked. */
void startup_marks(bool wanted);

/* A device that the composition gave: the slot of its capability and its run. */
struct startup_device {
    uint32_t slot;
    uint64_t first; /* line, port, physical address in bytes, or core */
    uint64_t count; /* lines, ports, bytes */
};

/* The import or export of this name; null when the composition gave none. */
const struct binding *binding_import(const char *name);
const struct binding *binding_export(const char *name);
/* Import number `index`, in the order of the composition; null beyond the last. */
const struct binding *binding_import_at(uint32_t index);

/* Find a device by its name. Returns false when the composition gave none, or this machine has none
 * of that kind. */
bool startup_device(const char *name, struct startup_device *device);

/* The registers of such a device, behind its ports or mapped; false also when there is no room. */
bool startup_registers(const char *name, struct registers *registers);

/* The value of a setting, ended by NUL; `otherwise` when the composition has none. */
const char *startup_setting(const char *key, const char *otherwise);
/* The same as a decimal number; also `otherwise` when it is none. */
uint64_t startup_number(const char *key, uint64_t otherwise);

/* A Thread of the composition on a core whose Cpu the component owns. */
struct startup_thread {
    uint32_t index;     /* in the core's table */
    uint32_t core;
    uint32_t share;     /* slots in a round, relative to the others */
    uint32_t component; /* position in the composition, or EXO_SERVER_INIT */
};

/* Thread number `index` of them. Returns false beyond the last. */
bool startup_thread(uint32_t index, struct startup_thread *thread);
/* The length of one slot of a slice vector, in ticks. */
uint64_t startup_slice_ticks(void);

/* The component's name, ended by NUL. */
const char *startup_name(void);
/* Its position in the composition. */
uint32_t startup_position(void);
/* How often the component was started before. */
uint32_t startup_generation(void);
/* The slot of the component's gas account; 0 when it has none. */
uint32_t startup_gas(void);

/* The heap, made of half of the free frames at the first use; one thread at a time. */
struct heap *heap_own(void);
/* Free slots of the component's capability table. */
struct slots *slots_own(void);
/* Free pages of the component's address space, by page number. */
struct space *space_own(void);
/* Free frames of the component's Memory (slot CHILD_SLOT_MEMORY), by offset in frames. */
struct space *frames_own(void);

/*
 * Map `pages` fresh, writable pages of the component's own Memory at an address of the runtime's
 * choice. Returns null when frames, addresses or page tables are used up. The frames start as
 * zeros. `offset` may be null; else it becomes the offset of the first frame in slot
 * CHILD_SLOT_MEMORY.
 */
void *pages_take(uint64_t pages, uint64_t *offset);
/* Unmap them again and give the frames back. */
void pages_give(void *address, uint64_t pages, uint64_t offset);

/*
 * What a child that runs a copy of this program is made of: fills the plan's memory, gas, entry and
 * segments. The rest, the pool and its place included, is the caller's.
 */
void startup_child_plan(struct child_plan *plan);

/*
 * Start the Thread in `slot`, which init made and which has a stack of its own, at
 * function(argument). The function must not return. Returns false when the slot holds no stopped
 * Thread.
 */
bool thread_run(uint32_t slot, void (*function)(void *), void *argument);

#endif
