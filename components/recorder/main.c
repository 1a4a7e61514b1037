/* SPDX-License-Identifier: MIT */
/* The recorder: see README.md. wire.c passes traffic on, write.c writes it down. */
#include "kernel_stubs.h"
#include "startup.h"
#include "text.h"
#include "wire.h"
#include "write.h"

enum { NO_DEVICE = 1, NO_CONNECTION = 2, NO_MEMORY = 3, NAME_BYTES = 16 };

static struct wire wires[WIRES_MAX];
static uint32_t wire_count;
static struct port_description ports[PORTS_MAX];
static uint32_t port_count;

/* "p3", or "p3_1" with a place. */
static const char *port_name(uint32_t port, uint32_t place)
{
    static char name[NAME_BYTES];
    uint32_t at = 0;
    name[at++] = 'p';
    name[at++] = (char)('0' + port);
    if (place < WIRES_MAX) {
        name[at++] = '_';
        if (place >= 10)
            name[at++] = (char)('0' + place / 10);
        name[at++] = (char)('0' + place % 10);
    }
    name[at] = 0;
    return name;
}

/* The number of the import behind place `index` of an export: the one for the same client. A
 * client that is connected twice has its places in the order of its imports. */
static uint32_t import_of(uint32_t port, const struct binding *export, uint32_t index)
{
    const struct channel_place *place = &export->places[index];
    uint32_t before = 0;
    for (uint32_t i = 0; i < index; i++)
        if (export->places[i].peer_bytes == place->peer_bytes &&
            memcmp(export->places[i].peer, place->peer, place->peer_bytes) == 0)
            before++;
    for (uint32_t i = 0; i < export->place_count; i++) {
        const char *client = startup_setting(port_name(port, i), 0);
        if (client && text_is(place->peer, place->peer_bytes, client) && before-- == 0)
            return i;
    }
    return WIRES_MAX;
}

/* Join both ends of each connection of a port. */
static bool open_port(uint32_t number)
{
    struct port_description *port = &ports[number];
    const struct binding *export = binding_export(port_name(number, WIRES_MAX));
    port->wire_first = wire_count;
    for (uint32_t i = 0; export && i < export->place_count; i++) {
        uint32_t place = port->is_export ? import_of(number, export, i) : 0;
        const struct binding *import = binding_import(port_name(number, place));
        if (place == WIRES_MAX || !import || wire_count == WIRES_MAX ||
            !wire_open(&wires[wire_count], export, i, import, number, place))
            return false;
        wire_count++;
    }
    port->wire_count = wire_count - port->wire_first;
    return true;
}

/* How many bytes stand before the next blank, or the end. */
static size_t span(const char *text)
{
    size_t count = 0;
    while (text[count] != 0 && text[count] != ' ')
        count++;
    return count;
}

/* Take "import NAME ID THREADS" apart. */
static bool read_port(struct port_description *port, const char *text)
{
    uint64_t threads;
    size_t kind = span(text), name;
    if (text[kind] == 0)
        return false;
    port->is_export = text_is(text, kind, "export");
    port->name = text + kind + 1;
    name = span(port->name);
    port->name_bytes = (uint32_t)name;
    if (port->name[name] == 0)
        return false;
    const char *id = port->name + name + 1;
    size_t id_bytes = span(id);
    if (!text_number(id, id_bytes, &port->interface_id) || id[id_bytes] == 0 ||
        !text_number(id + id_bytes + 1, strlen(id + id_bytes + 1), &threads))
        return false;
    port->threads = (uint16_t)threads;
    return true;
}

/* A handler thread: any of them serves any client of its export. */
struct handler {
    const struct binding *export;
    uint32_t number; /* of the thread in the export */
    uint32_t port;
};

static void serve(void *argument)
{
    const struct handler *handler = argument;
    struct wire *first = &wires[ports[handler->port].wire_first];
    wire_serve(first, ports[handler->port].wire_count, handler->export, handler->number);
}

static void start_handlers(void)
{
    static struct handler handlers[WIRES_MAX];
    uint32_t count = 0;
    for (uint32_t port = 0; port < port_count; port++) {
        const struct binding *export = binding_export(port_name(port, WIRES_MAX));
        for (uint32_t i = 0; export && i < export->thread_count && count < WIRES_MAX; i++) {
            handlers[count] = (struct handler){export, i, port};
            /* The first of all is this one, which runs already: it serves the rings. */
            if (thread_run(export->thread + i, serve, &handlers[count]))
                count++;
        }
    }
}

int component_main(void)
{
    struct registers registers;
    uint32_t words = 0;
    if (!startup_registers("capture", &registers))
        return NO_DEVICE;
    while (port_count < PORTS_MAX) {
        const char *text = startup_setting(port_name(port_count, WIRES_MAX), 0);
        if (!text)
            break;
        if (!read_port(&ports[port_count], text) || !open_port(port_count))
            return NO_CONNECTION;
        port_count++;
    }
    for (uint32_t i = 0; i < wire_count; i++)
        if (wires[i].near.arena_words > words)
            words = wires[i].near.arena_words;
    if (!write_start(&registers, words))
        return NO_MEMORY;
    write_recording(ports, port_count, wires);
    start_handlers();
    for (;;) {
        uint64_t bits;
        for (uint32_t i = 0; i < wire_count; i++)
            wire_carry(&wires[i]);
        exo_event_wait(CHILD_SLOT_WAKE, UINT64_MAX, &bits);
    }
}
