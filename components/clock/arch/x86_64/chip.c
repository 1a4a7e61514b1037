/* SPDX-License-Identifier: MIT */
/* The clock chip of a PC (Motorola MC146818A), with the century where ACPI puts it. */
#include "chip.h"

#include "calendar.h"

enum {
    INDEX = 0,
    DATA = 1,
    STATUS_A = 10,
    STATUS_B = 11,
    CENTURY = 50,
    UPDATING = 0x80,
    BYTE = 1,
    READS_MAX = 100000, /* an update takes two milliseconds at most */
};

static uint8_t read_register(const struct registers *registers, uint8_t index)
{
    registers_write(registers, INDEX, BYTE, index);
    return (uint8_t)registers_read(registers, DATA, BYTE);
}

/* The chip is read while it does not count on; gives up when it never stops. */
bool chip_read(const struct registers *registers, uint64_t *seconds)
{
    struct calendar_registers calendar;
    for (int i = 0; i < READS_MAX && (read_register(registers, STATUS_A) & UPDATING); i++)
        ;
    calendar.second = read_register(registers, 0);
    calendar.minute = read_register(registers, 2);
    calendar.hour = read_register(registers, 4);
    calendar.day = read_register(registers, 7);
    calendar.month = read_register(registers, 8);
    calendar.year = read_register(registers, 9);
    calendar.century = read_register(registers, CENTURY);
    calendar.control = read_register(registers, STATUS_B);
    return calendar_seconds(&calendar, seconds);
}
