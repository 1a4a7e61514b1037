/* SPDX-License-Identifier: MIT */
/*
 * binding: one connection of a composition as a component sees it: the slots and the memory that
 * init put into its domain before it started. Plain data; the host tests fill it in by hand.
 */
#ifndef RUNTIME_BINDING_H
#define RUNTIME_BINDING_H

#include <stdbool.h>
#include <stdint.h>

/*
 * One end of a channel. After its peer was restarted, the same place has the same slots and the
 * same address, its memory is zeros again, and the badge has a larger generation.
 */
struct channel_place {
    uint64_t address; /* where the channel's memory is mapped; a one-way server may only read it */
    uint64_t bytes;
    uint64_t badge;     /* the channel's index | its generation << 32 */
    uint32_t doorbell;  /* slot of the Event capability whose signal wakes the peer */
    uint32_t wake;      /* slot of the Event to wait on for the peer's signals */
    uint64_t wake_bits; /* the bits of that Event that mean this channel */
    const char *peer;   /* the other component's name; not ended by NUL, may be null */
    uint32_t peer_bytes;
    uint32_t peer_position; /* in the composition; EXO_SERVER_INIT: init */
    uint32_t pool_bytes; /* of the pool, see channel_pool; 0: the composition gives none */
    uint64_t schema;     /* of the peer: its NAME_SCHEMA_HASH; 0: unknown. The composer has seen
                            that another hash than one's own is a compatible version. */
    bool is_one_way;     /* from client to server, see one_way.h; there is no portal */
};

/* The memory of which a Buffer names ranges (see bulk.h): it follows on the channel's. */
static inline void *channel_pool(const struct channel_place *place)
{
    return (void *)(uintptr_t)(place->address + place->bytes);
}

/* One import or one export. */
struct binding {
    const char *name; /* as in the composition; not ended by NUL */
    uint32_t name_bytes;
    uint64_t interface_id;                  /* the schema's type id */
    uint32_t portal;                        /* slot: an import calls it, an export attaches to it */
    uint32_t place_count;                   /* import: 1; export: one for each connected client */
    const struct channel_place *places;
    uint32_t thread;                        /* export: slot of its first handler Thread */
    uint32_t thread_count;
    uint32_t receive_first; /* slots posted for capabilities that arrive, for each thread in turn */
    uint32_t receive_count; /* slots in the whole run */
    uint32_t generation;    /* how often the component was started before */
};

#endif
