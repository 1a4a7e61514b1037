/* SPDX-License-Identifier: MIT */
#include "serial.h"

/* Registers, as offsets from the base; the divisor is there while LINE_CONTROL's top bit is set. */
enum {
    DATA = 0,
    DIVISOR_LOW = 0,
    INTERRUPT_ENABLE = 1,
    DIVISOR_HIGH = 1,
    BUFFER_CONTROL = 2,
    LINE_CONTROL = 3,
    MODEM_CONTROL = 4,
    LINE_STATUS = 5,
};

enum {
    BITS_8 = 0x03,
    DIVISOR_ACCESS = 0x80,
    BUFFERS_ON = 0x01,
    BUFFERS_ARE_ON = 0xc0, /* read back */
    READY_AND_INTERRUPT_LINE = 0x0b,
    RECEIVED_AVAILABLE = 0x01, /* interrupt enable */
    DATA_READY = 0x01,         /* line status */
    TRANSMITTER_EMPTY = 0x20,
    BUFFER_BYTES = 16,
    BYTE = 1, /* width of an access */
};

static void set(const struct serial *serial, uint64_t offset, uint8_t value)
{
    registers_write(&serial->registers, offset, BYTE, value);
}

static uint8_t get(const struct serial *serial, uint64_t offset)
{
    return (uint8_t)registers_read(&serial->registers, offset, BYTE);
}

void serial_start(struct serial *serial, const struct registers *registers)
{
    *serial = (struct serial){.registers = *registers};
    set(serial, INTERRUPT_ENABLE, 0);
    set(serial, LINE_CONTROL, DIVISOR_ACCESS);
    set(serial, DIVISOR_LOW, 1);
    set(serial, DIVISOR_HIGH, 0);
    set(serial, LINE_CONTROL, BITS_8);
    /* Turning the buffers on would lose a byte that waits already: then they stay off. */
    if (get(serial, LINE_STATUS) & DATA_READY) {
        serial->burst = (get(serial, BUFFER_CONTROL) & BUFFERS_ARE_ON) != 0 ? BUFFER_BYTES : 1;
    } else {
        set(serial, BUFFER_CONTROL, BUFFERS_ON);
        serial->burst = BUFFER_BYTES;
    }
    set(serial, MODEM_CONTROL, READY_AND_INTERRUPT_LINE);
}

void serial_interrupts(const struct serial *serial, bool on)
{
    set(serial, INTERRUPT_ENABLE, on ? RECEIVED_AVAILABLE : 0);
}

void serial_write(const struct serial *serial, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (i % serial->burst == 0)
            while (!(get(serial, LINE_STATUS) & TRANSMITTER_EMPTY))
                ;
        set(serial, DATA, (uint8_t)text[i]);
    }
}

size_t serial_read(const struct serial *serial, char *to, size_t room)
{
    size_t count = 0;
    while (count < room && (get(serial, LINE_STATUS) & DATA_READY))
        to[count++] = (char)get(serial, DATA);
    return count;
}
