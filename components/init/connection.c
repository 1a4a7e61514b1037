/* SPDX-License-Identifier: MIT */
#include "connection.h"

#include "channel.h"
#include "first.h"
#include "kernel_stubs.h"
#include "message.h"
#include "node.h"
#include "own.h"
#include "print.h"
#include "text.h"

#define READ_WRITE (EXO_RIGHT_READ | EXO_RIGHT_WRITE)

#define TRY(call)                          \
    do {                                   \
        enum exo_status try_status = call; \
        if (try_status != EXO_STATUS_OK)   \
            return try_status;             \
    } while (0)

/* Fill a channel's memory with zeros, so that both ends start from nothing. */
static enum exo_status clear(const struct connection *connection)
{
    for (uint64_t page = 0; page < connection->pages; page += OWN_WINDOW_PAGES) {
        uint64_t done, left = connection->pages - page;
        uint64_t part = left < OWN_WINDOW_PAGES ? left : OWN_WINDOW_PAGES;
        TRY(exo_memory_map(EXO_SELF, connection->memory, own.window, page, part, READ_WRITE,
                           &done));
        memset((void *)own.window, 0, part * CHILD_PAGE_BYTES);
        TRY(exo_memory_unmap(EXO_SELF, own.window, part));
    }
    return EXO_STATUS_OK;
}

/* Let nothing count any more: fill the server's line with zeros, and then the client's counter
 * with its epoch, at once. A client that goes on may be reading the rest; and it may be about to
 * begin, when the rest of its line is written already. That of a one-way channel has ended. */
static enum exo_status clear_lines(const struct connection *connection)
{
    uint64_t done;
    TRY(exo_memory_map(EXO_SELF, connection->memory, own.window, 0, 1, READ_WRITE, &done));
    memset((uint8_t *)own.window + CHANNEL_LINE_BYTES, 0, CHANNEL_LINE_BYTES);
    __atomic_store_n((uint64_t *)own.window, 0, __ATOMIC_RELEASE);
    if (connection->one_way)
        memset((void *)own.window, 0, CHANNEL_LINE_BYTES);
    return exo_memory_unmap(EXO_SELF, own.window, 1);
}

static bool make(struct connection *connection)
{
    struct node_run run;
    uint32_t node = plan.component[connection->client.component].node;
    connection->memory = slots_take(first_slots(), 1);
    if (connection->memory == SLOTS_NONE || !node_take(connection->pages, node, true, &run))
        return false;
    connection->node = run.node;
    return exo_capability_derive(run.memory, EXO_SELF, connection->memory, run.offset,
                                 connection->pages, READ_WRITE,
                                 (uint64_t)(uintptr_t)connection->labels) == EXO_STATUS_OK &&
           clear(connection) == EXO_STATUS_OK;
}

bool connection_make_all(void)
{
    for (uint32_t i = 0; i < plan.connection_count; i++) {
        if (make(&plan.connection[i]))
            continue;
        print("init: there is no memory for the channel of %s\n",
              plan.component[plan.connection[i].client.component].name);
        return false;
    }
    return true;
}

static bool runs(const struct connection_end *end)
{
    return end->component == EXO_SERVER_INIT ||
           plan.component[end->component].state == SUPERVISOR_STATE_RUNNING;
}

/* Let `from` signal `to`: the doorbell of one end is the Event of the other. A server is woken when
 * that goes with its client. */
static enum exo_status connect_doorbell(const struct connection_end *from,
                                        const struct connection_end *to, bool is_server)
{
    if (from->component == EXO_SERVER_INIT)
        return EXO_STATUS_OK; /* init answers calls only */
    const struct component *component = &plan.component[from->component];
    uint32_t event = to->component == EXO_SERVER_INIT ? own.done
                                                      : plan.component[to->component].child.event;
    uint32_t slot = message_doorbell_slot(component, from->number);
    TRY(exo_capability_derive(event, component->child.domain, slot, 0, 0, EXO_RIGHT_SIGNAL,
                              UINT64_C(1) << to->number));
    return is_server ? exo_capability_notify(component->child.domain, slot,
                                             message_wake_slot(component, from->number))
                     : EXO_STATUS_OK;
}

/* Let the client call the server's portal, under the badge of this channel. */
static enum exo_status connect_portal(const struct connection *connection)
{
    const struct component *client = &plan.component[connection->client.component];
    uint32_t portal = connection->server.component == EXO_SERVER_INIT
                          ? own.portal
                          : plan.component[connection->server.component].child.portal +
                                connection->server.port;
    uint64_t badge = connection->place | (uint64_t)client->generation << 32;
    return exo_capability_derive(portal, client->child.domain,
                                 client->layout.imports + connection->client.port, 0, 0,
                                 EXO_RIGHT_CALL, badge);
}

/* The bits of its own Event that an end waits for: a server's Thread waits for all clients of its
 * export at once. */
static uint64_t wake_bits(const struct connection_end *end, bool is_client)
{
    uint64_t bits = UINT64_C(1) << end->number;
    for (uint32_t i = 0; !is_client && i < plan.connection_count; i++) {
        const struct connection_end *other = &plan.connection[i].server;
        if (other->component == end->component && other->port == end->port)
            bits |= UINT64_C(1) << other->number;
    }
    return bits;
}

/* The component's own end: the channel and its pool mapped, and its wake-up, which it may also
 * signal to another Thread of its own. The server of a one-way channel only reads it. */
static enum exo_status connect_end(const struct connection *connection,
                                   const struct connection_end *end, bool is_client)
{
    uint64_t rights = connection->one_way && !is_client ? EXO_RIGHT_READ : READ_WRITE;
    const struct component *component = &plan.component[end->component];
    const struct child *child = &component->child;
    uint32_t memory = message_memory_slot(component, end->number);
    uint64_t done, channel_pages = connection->pages - connection->pool_pages;
    TRY(exo_capability_derive(connection->memory, child->domain, memory, 0, connection->pages,
                              rights, 0));
    TRY(exo_memory_map(child->domain, memory, end->address, 0, channel_pages, rights, &done));
    if (connection->pool_pages > 0)
        TRY(exo_memory_map(child->domain, memory, end->address + channel_pages * CHILD_PAGE_BYTES,
                           channel_pages, connection->pool_pages, rights, &done));
    return exo_capability_derive(child->event, child->domain,
                                 message_wake_slot(component, end->number), 0, 0,
                                 EXO_RIGHT_WAIT | EXO_RIGHT_SIGNAL, wake_bits(end, is_client));
}

/* What connect_one passes on: the first status that was not ok. */
struct connecting {
    enum exo_status status;
};

static enum exo_status connect_one(struct connection *connection, struct connection_end *end,
                                   bool is_client)
{
    const struct connection_end *peer = is_client ? &connection->server : &connection->client;
    /* A client sees by its line that its server is another one; that of a one-way channel must not,
     * which is cleared for the client. Others say in their own line that they begin. */
    if (plan.component[end->component].generation > 0 && connection->one_way == is_client)
        TRY(clear_lines(connection));
    TRY(connect_end(connection, end, is_client));
    if (!runs(peer))
        return EXO_STATUS_OK;
    if (connection->one_way)
        return is_client ? connect_doorbell(end, peer, false) : connect_doorbell(peer, end, false);
    TRY(connect_doorbell(end, peer, !is_client));
    TRY(connect_doorbell(peer, end, is_client));
    return connect_portal(connection);
}

static void visit(struct connection *connection, struct connection_end *end, bool is_client,
                  void *context)
{
    struct connecting *connecting = context;
    if (connecting->status == EXO_STATUS_OK)
        connecting->status = connect_one(connection, end, is_client);
}

enum exo_status connection_open(uint32_t component)
{
    struct connecting connecting = {.status = EXO_STATUS_OK};
    plan_each_connection(component, visit, &connecting);
    return connecting.status;
}
