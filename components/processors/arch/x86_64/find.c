/* SPDX-License-Identifier: MIT */
/* QEMU's firmware configuration device (docs/specs/fw_cfg of QEMU): a selector and a data port, and
 * among its files the ACPI tables as the machine made them. */
#include "first.h"
#include "kernel_stubs.h"
#include "processors.h"
#include "text.h"

enum {
    PORT_SELECTOR = 0x510,
    PORT_DATA = 0x511,
    ITEM_SIGNATURE = 0,
    ITEM_DIRECTORY = 0x19,
    FILES_MAX = 256,
    NAME_BYTES = 56,
    TABLES_BYTES = 64 * 1024,
};

static void select_item(uint32_t item)
{
    exo_port_write(FIRST_SLOT_PORTS, PORT_SELECTOR, 2, item);
}

static uint8_t read_byte(void)
{
    uint64_t value = 0;
    exo_port_read(FIRST_SLOT_PORTS, PORT_DATA, 1, &value);
    return (uint8_t)value;
}

/* The device's numbers are big endian. */
static uint32_t read_number(uint32_t bytes)
{
    uint32_t value = 0;
    while (bytes-- > 0)
        value = value << 8 | read_byte();
    return value;
}

/* The item and the size of a file; 0 when there is none of this name. */
static uint32_t find_file(const char *name, uint32_t *bytes)
{
    select_item(ITEM_DIRECTORY);
    uint32_t count = read_number(4);
    for (uint32_t i = 0; i < count && i < FILES_MAX; i++) {
        char found[NAME_BYTES];
        uint32_t size = read_number(4), item = read_number(2), length = 0;
        read_number(2);
        for (uint32_t j = 0; j < NAME_BYTES; j++)
            found[j] = (char)read_byte();
        while (length < NAME_BYTES && found[length] != '\0')
            length++;
        if (text_is(found, length, name)) {
            *bytes = size;
            return item;
        }
    }
    return 0;
}

/* The tables, read once for both questions; `*bytes` is 0 where the device does not have them. */
static const uint8_t *read_tables(uint32_t *bytes)
{
    static uint8_t tables[TABLES_BYTES];
    static uint32_t length;
    static bool is_read;
    if (!is_read) {
        is_read = true;
        select_item(ITEM_SIGNATURE);
        uint32_t item = read_number(4) == 0x51454d55 /* "QEMU" */
                            ? find_file("etc/acpi/tables", &length)
                            : 0;
        length = item == 0 ? 0 : length < TABLES_BYTES ? length : TABLES_BYTES;
        select_item(item);
        for (uint32_t i = 0; i < length; i++)
            tables[i] = read_byte();
    }
    *bytes = length;
    return tables;
}

uint32_t processors_find(uint64_t *numbers, uint32_t room)
{
    uint32_t bytes;
    const uint8_t *tables = read_tables(&bytes);
    return processors_in_tables(tables, bytes, numbers, room);
}

void processors_nodes_find(struct processors_nodes *nodes)
{
    uint32_t bytes;
    const uint8_t *tables = read_tables(&bytes);
    processors_nodes_in_tables(tables, bytes, nodes);
}
