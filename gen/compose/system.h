/* SPDX-License-Identifier: MIT */
/*
 * A composition in memory: the System message of idl/system.capnp with its defaults filled in, and
 * the places where the checks write down what they found out (ids, servers, programs).
 *
 * All texts are NUL-ended and never NULL; a text that the composition left out is "" until
 * system_complete() gave it its default. Everything belongs to the arena of whoever built it.
 */
#ifndef COMPOSE_SYSTEM_H
#define COMPOSE_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "boot.capnp.h"
#include "host.h"

enum {
    PAGE_BYTES = 4096,
    NAME_BYTES_MAX = 31, /* of any name, without its end */
    ITEMS_MAX = 64,      /* imports, exports, devices, settings of one component, each */
    LABEL_DIMENSIONS = 8,
    LABEL_LEVEL_MAX = 7,
    SERVER_UNKNOWN = -1, /* an import that is not connected, or not yet */
    SERVER_INIT = -2,    /* an import that init itself serves */
};

enum device_kind {
    DEVICE_NONE,
    DEVICE_IRQ,
    DEVICE_PORTS,
    DEVICE_MEMORY,
    DEVICE_CPU,
    DEVICE_GAS_ROOT,
    DEVICE_IMAGE,
    DEVICE_INFORMATION,
    DEVICE_SCHEMAS,
    DEVICE_REGISTERS,
    DEVICE_LINE,
    DEVICE_FILE,
};

enum restart_rule {
    RESTART_NEVER,
    RESTART_ON_CRASH,
    RESTART_ALWAYS,
};

struct setting {
    const char *key;
    const char *value;
};

struct device {
    const char *name;
    enum device_kind kind;
    bool shared;
    uint64_t first; /* line, port, byte address, core or machine device, by the kind */
    uint64_t count; /* lines, ports or bytes; 1 for the other kinds */
    const char *path;        /* of a file ... */
    struct host_bytes bytes; /* ... and what it holds, once it was read */
};

struct export_port {
    const char *name;
    const char *interface; /* "schema.Interface" */
    uint64_t interface_id; /* 0 until the schemas were read */
    const uint64_t *bases; /* ids of the interfaces that it inherits, at any depth, each once */
    unsigned base_count;
    uint64_t schema;       /* hash of the schema that the program was built from; 0: unknown */
    uint32_t threads; /* on each core */
    uint32_t receive;
    bool exclusive;
};

struct import_port {
    const char *name;
    const char *interface;
    const char *from;
    uint64_t interface_id;
    uint64_t channel_id; /* of the export's interface: the same, or one that inherits it */
    uint64_t schema;     /* as an export's */
    uint32_t pages;
    uint32_t pool_pages;
    uint32_t receive;
    bool asynchronous;
    /*
     * Why its messages cannot go one way, as in "method forecast of weather.Weather has results";
     * NULL: they can. Known once the schemas were read.
     */
    const char *two_way;
    int server;            /* index of the component, SERVER_UNKNOWN or SERVER_INIT */
    unsigned export_index; /* into the server's exports, when `server` is known */
    /* Whom the sides take each other for, if it is not who they are; NULL or a component's name. */
    const char *client_shown, *server_shown;
    unsigned written;      /* which item of the composition's list it comes from */
};

/* One loadable segment, in whole pages. */
struct segment {
    uint64_t address;
    uint32_t pages; /* with those that start as zeros */
    uint32_t file_pages;
    uint32_t rights;      /* EXO_RIGHT_READ, _WRITE, _EXECUTE */
    uint32_t image_page;  /* written by the image's layout */
    const uint8_t *bytes; /* file_pages * PAGE_BYTES */
};

struct program {
    const char *name;
    const char *path;
    uint64_t entry;
    uint16_t machine; /* the ELF header's e_machine */
    unsigned segment_count;
    struct segment segments[EXO_PROGRAM_SEGMENTS_MAX];
    const uint64_t *schemas; /* see program_schema.h */
    size_t schema_words;
};

struct component {
    const char *name;
    const char *program_name;
    uint32_t pages;
    uint32_t stack_pages;
    uint32_t slots;
    uint8_t label_levels[LABEL_DIMENSIONS];
    uint8_t label_high_levels[LABEL_DIMENSIONS];
    unsigned label_count; /* as written; more than LABEL_DIMENSIONS is an error */
    unsigned label_high_count;
    bool trusted_label;
    bool trusted_dma;
    bool ends;
    uint64_t gas_credit;
    uint64_t gas_refill;
    uint64_t gas_low;
    uint32_t share;
    uint32_t core;
    uint32_t node; /* EXO_NODE_ANY: it names none */
    enum restart_rule restart;
    uint32_t restart_limit;
    uint32_t restart_delay_ms;
    unsigned export_count;
    unsigned import_count;
    unsigned device_count;
    unsigned setting_count;
    struct export_port *exports;
    struct import_port *imports;
    struct device *devices;
    struct setting *settings;
    int program; /* index into the programs, -1 until they were read */
};

struct system {
    unsigned component_count;
    struct component *components;
    uint64_t memory_mib;
    uint32_t cores;
    uint32_t slice_us;
    uint64_t gas;
    uint64_t gas_refill;
    unsigned program_count; /* without init */
    struct program *programs;
};

/*
 * What the composer knows of init, the one component that no composition lists: it exports
 * `supervisor` of the interface "supervisor.Supervisor".
 */
extern const char INIT_NAME[];
extern const char INIT_EXPORT_NAME[];
extern const char INIT_EXPORT_INTERFACE[];

/*
 * Fills in the names that a composition may leave out: the program's from the component's, a
 * port's from its interface's schema, a device's from its kind. `arena` owns the new texts.
 */
void system_complete(struct system *system, struct arena *arena);

/* The interface of an import that stands for all exports: of the component that `from` names, or,
 * when that is left out, of all that the labels allow. */
extern const char INTERFACE_ANY[];

/* The interface that gives out devices, which reach all memory: for who is trusted with that. */
extern const char INTERFACE_BUS[];

/*
 * The cores of the handler Threads of an export, one after the other: `threads` on the component's
 * own core, then as many on each other one whose Cpu it has or that a client runs on. Writes at
 * most `room` of them to `cores` and returns how many there are.
 */
unsigned system_handler_cores(const struct system *system, const struct component *component,
                              unsigned export_index, uint16_t *cores, unsigned room);

/* Whether some component has a device of this kind. */
bool system_has_device(const struct system *system, enum device_kind kind);

/* The label as the kernel wants it: one byte a dimension, the first dimension lowest. */
uint64_t component_label_low(const struct component *component);

/* The upper end of its range: `labelHigh` when the component has one, else `label`. */
uint64_t component_label_high(const struct component *component);

/* Whether each dimension of `high` is at least that of `low`. */
bool label_dominates(uint64_t high, uint64_t low);

/* Where messages may flow between a client and a server, by their labels. */
enum flow {
    FLOW_BOTH, /* one's range holds the other's: the kernel's own rule for all rights */
    FLOW_UP,   /* from the client to the server only: all of the server's range is above */
    FLOW_DOWN, /* from the server to the client only, which is no connection that there is */
    FLOW_NONE,
};

/* A range whose ends are the wrong way round was reported elsewhere, and may do everything. */
enum flow component_flow(const struct component *client, const struct component *server);

/* Whether an import of `client` goes one way; false while its server is not known. */
bool import_is_one_way(const struct system *system, const struct component *client,
                       const struct import_port *import);

/* The word for a kind of device in a composition: "irq", "ports" ... */
const char *device_kind_name(enum device_kind kind);

/* The word for a device that each machine has: "serial" ... */
const char *machine_device_name(unsigned device);

/* The component's index, or -1. */
int system_find(const struct system *system, const char *name);

#endif
