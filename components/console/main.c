/* SPDX-License-Identifier: MIT */
/*
 * console: the serial port as a terminal. Input arrives by interrupt: a thread of its own waits for
 * the line's Event, empties the port into the ring and wakes readers. Calls are served by the
 * export's handler threads, so that a reader that waits stops no writer: the composition gives it
 * one more handler than it has readers.
 */
#include "console.capnp.h"
#include "kernel_stubs.h"
#include "lock.h"
#include "serial.h"
#include "startup.h"
#include "terminal.h"
#include "ticks.h"

enum {
    CLIENTS_MAX = 64,
    WRITE_BYTES_MAX = 2048,
    READ_BYTES_MAX = 256,
    CHUNK_BYTES = 128,
    MISSING_DEVICE = 1,
    BROKEN_DEVICE = 2,
};

/* Bits of the component's own Event; channels use the low ones, locks the highest. */
#define BIT_LINE (UINT64_C(1) << 62)
#define BIT_INPUT (UINT64_C(1) << 61)

static struct serial serial;
static struct terminal terminal;
static struct lock input_lock;  /* of the terminal's input ring */
static struct lock output_lock; /* of the port's output, for the length of one call */
static uint32_t line_event, input_event;
static struct startup_device irq;
static char read_buffers[CLIENTS_MAX][READ_BYTES_MAX]; /* by channel: its reply is copied from here */

static enum exo_status write_bytes(struct rpc_call *call,
                                   const struct console_write_params *params,
                                   struct console_write_results *results)
{
    (void)call;
    uint32_t length = params->text.length, used = 0;
    if (length > WRITE_BYTES_MAX)
        length = WRITE_BYTES_MAX;
    lock_take(&output_lock);
    while (used < length) {
        char chunk[CHUNK_BYTES];
        size_t made;
        used += (uint32_t)terminal_translate(&terminal, (const char *)params->text.bytes + used,
                                             length - used, chunk, sizeof chunk, &made);
        serial_write(&serial, chunk, made);
    }
    lock_give(&output_lock);
    results->written = used;
    return EXO_STATUS_OK;
}

static size_t take_input(char *to, size_t room)
{
    lock_take(&input_lock);
    size_t count = terminal_take(&terminal, to, room);
    lock_give(&input_lock);
    return count;
}

static enum exo_status read_bytes(struct rpc_call *call, const struct console_read_params *params,
                                  struct console_read_results *results)
{
    uint32_t client = (uint32_t)call->badge;
    size_t room = params->room < READ_BYTES_MAX ? params->room : READ_BYTES_MAX, count;
    if (client >= CLIENTS_MAX || room == 0)
        return EXO_STATUS_BAD_ARGUMENT;
    while ((count = take_input(read_buffers[client], room)) == 0) {
        uint64_t bits;
        if (exo_event_wait(input_event, params->deadline, &bits) != EXO_STATUS_OK)
            break;
    }
    results->text.bytes = (const uint8_t *)read_buffers[client];
    results->text.length = (uint32_t)count;
    return EXO_STATUS_OK;
}

/* The driver's own thread: the line says that bytes have arrived. */
static void take_interrupts(void)
{
    for (;;) {
        char bytes[CHUNK_BYTES];
        uint64_t bits;
        size_t count = serial_read(&serial, bytes, sizeof bytes);
        if (count > 0) {
            lock_take(&input_lock);
            terminal_put(&terminal, bytes, count);
            lock_give(&input_lock);
            exo_event_signal(input_event);
            continue;
        }
        exo_irq_acknowledge(irq.slot, 0);
        exo_event_wait(line_event, TICKS_NEVER, &bits);
    }
}

static void serve(void *binding)
{
    static const struct console_methods methods = {.write = write_bytes, .read = read_bytes};
    console_serve(&methods, NULL, binding);
}

static bool derive_event(uint32_t *slot, uint64_t bit)
{
    *slot = slots_take(slots_own(), 1);
    return exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, *slot, 0, 0,
                                 EXO_RIGHT_SIGNAL | EXO_RIGHT_WAIT, bit) == EXO_STATUS_OK;
}

int component_main(void)
{
    struct startup_device ports;
    const struct binding *binding = binding_export("console");
    if (!binding || !startup_device("ports", &ports) || !startup_device("irq", &irq))
        return MISSING_DEVICE;
    if (!derive_event(&line_event, BIT_LINE) || !derive_event(&input_event, BIT_INPUT) ||
        exo_irq_bind(irq.slot, 0, line_event) != EXO_STATUS_OK)
        return BROKEN_DEVICE;
    serial_start(&serial, ports.slot, (uint16_t)ports.first);
    /* The first thread is the interrupts'; the others serve. */
    for (uint32_t i = 1; i < binding->thread_count; i++)
        thread_run(binding->thread + i, serve, (void *)binding);
    serial_interrupts(&serial, true);
    take_interrupts();
}
