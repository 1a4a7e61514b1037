/* SPDX-License-Identifier: MIT */
/*
 * console: the serial port as a terminal. Whoever reads empties the port and, when nothing has been
 * typed, waits for the port's interrupt; until then the port's own buffer keeps what arrives. Each
 * handler thread serves one call, so the composition gives the export one thread more than there
 * are clients that read.
 */
#include "console.capnp.h"
#include "kernel_stubs.h"
#include "lock.h"
#include "serial.h"
#include "startup.h"
#include "terminal.h"

enum {
    CLIENTS_MAX = 16,
    WRITE_BYTES_MAX = 2048,
    READ_BYTES_MAX = 256,
    CHUNK_BYTES = 128,
    MISSING_DEVICE = 1,
    BROKEN_DEVICE = 2,
};

/*
 * The bit of the component's own Event for the line; channels use the low ones, locks the highest.
 */
#define BIT_LINE (UINT64_C(1) << 62)

static struct serial serial;
static struct terminal terminal;
static struct lock input_lock;  /* of the terminal's input ring */
static struct lock output_lock; /* of the port's output, for the length of one call */
static uint32_t line_event;
static struct startup_device line;
/* By channel: its reply is copied from here. */
static char read_buffers[CLIENTS_MAX][READ_BYTES_MAX];

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

/* What was typed and not read yet: from the ring, after emptying the port into it. What the ring
 * has no room for stays in the port, whose other side waits if it can. */
static size_t take_input(char *to, size_t room)
{
    char bytes[CHUNK_BYTES];
    size_t count;
    lock_take(&input_lock);
    for (;;) {
        size_t free = terminal_room(&terminal);
        count = serial_read(&serial, bytes, free < sizeof bytes ? free : sizeof bytes);
        if (count == 0)
            break;
        terminal_put(&terminal, bytes, count);
    }
    count = terminal_take(&terminal, to, room);
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
    for (;;) {
        uint64_t bits;
        /*
         * Open the line first: what arrives before that is found in the port, and no edge is lost.
         */
        exo_irq_acknowledge(line.slot, 0);
        count = take_input(read_buffers[client], room);
        if (count > 0 || exo_event_wait(line_event, params->deadline, &bits) != EXO_STATUS_OK)
            break;
    }
    results->text.bytes = (const uint8_t *)read_buffers[client];
    results->text.length = (uint32_t)count;
    return EXO_STATUS_OK;
}

static void serve(void *binding)
{
    static const struct console_methods methods = {.write = write_bytes, .read = read_bytes};
    console_serve(&methods, NULL, binding);
}

int component_main(void)
{
    struct registers registers;
    const struct binding *binding = binding_export("console");
    if (!binding || !startup_registers("registers", &registers) || !startup_device("line", &line))
        return MISSING_DEVICE;
    line_event = slots_take(slots_own(), 1);
    if (exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, line_event, 0, 0,
                              EXO_RIGHT_SIGNAL | EXO_RIGHT_WAIT, BIT_LINE) != EXO_STATUS_OK ||
        exo_irq_bind(line.slot, 0, line_event) != EXO_STATUS_OK)
        return BROKEN_DEVICE;
    serial_start(&serial, &registers);
    serial_interrupts(&serial, true);
    for (uint32_t i = 1; i < binding->thread_count; i++)
        thread_run(binding->thread + i, serve, (void *)binding);
    serve((void *)binding);
    return 0;
}
