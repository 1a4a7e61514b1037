/* SPDX-License-Identifier: MIT */
/*
 * The composer compiles all schemas that a composition names in one run of `capnp compile -o-` and
 * looks the interfaces up in the request that comes out, by file and name. So there is one reader
 * of schemas, capnp's own, and its messages go to the user as they are.
 *
 * Three runs in all: one that shows whether the constant is there and of the right type, one that
 * evaluates it, and one over the schemas that it turned out to name.
 */
#include "schemas.h"

#include <assert.h>
#include <string.h>

#include "embed.h"

enum { REQUEST_SEGMENTS_MAX = 512, SCHEMAS_MAX = 256, ARGUMENTS_MAX = 512, TYPES_MAX = 256 };

/* A compiler's request and the memory that its readers point into. */
struct request {
    struct capnp_segment segments[REQUEST_SEGMENTS_MAX];
    struct capnp_message message;
    struct schema_code_generator_request_reader root;
    struct schema_node_list nodes;
};

/* The arguments of one run of capnp. */
struct command {
    const char *words[ARGUMENTS_MAX];
    unsigned count;
};

/* Adds one argument; the list stays NULL-ended. */
static void command_add(struct command *command, const char *word)
{
    assert(command->count + 1 < ARGUMENTS_MAX);
    command->words[command->count++] = word;
    command->words[command->count] = NULL;
}

/* capnp VERB with the folders of schemas. */
static void command_begin(struct command *command, const struct schema_folders *folders,
                          const char *verb)
{
    command->count = 0;
    command_add(command, "capnp");
    command_add(command, verb);
    for (unsigned i = 0; i < folders->count; i++) {
        command_add(command, arena_text(folders->arena, "-I%s", folders->paths[i]));
    }
}

/* Opens what `capnp compile -o-` wrote. */
static bool request_open(struct request *request, struct host_bytes bytes)
{
    if (capnp_message_framed(&request->message, bytes.bytes, bytes.size, request->segments,
                             REQUEST_SEGMENTS_MAX, NULL)
        != CAPNP_OK) {
        return false;
    }
    request->message.traversal_words = CAPNP_UNLIMITED; /* from our own compiler */
    return schema_code_generator_request_read_root(&request->message, &request->root) == CAPNP_OK
           && schema_code_generator_request_get_nodes(request->root, &request->nodes) == CAPNP_OK;
}

/* The name that capnp shows for a node: "FILE:Name". */
static const char *node_name(struct arena *arena, struct schema_node_reader node)
{
    struct capnp_text name = { "", 0 };

    schema_node_get_display_name(node, &name);
    return arena_copy(arena, name.bytes, name.length);
}

/* Finds a node by its id. */
static bool request_node(const struct request *request, uint64_t id,
                         struct schema_node_reader *out)
{
    for (uint32_t i = 0; i < schema_node_list_count(request->nodes); i++) {
        *out = schema_node_list_at(request->nodes, i);
        if (schema_node_get_id(*out) == id) {
            return true;
        }
    }
    return false;
}

/*
 * The node of the file that was capnp's argument number `file`. Names would not do: capnp writes
 * paths in a form of its own, but keeps the order of its arguments.
 */
static bool request_file(const struct request *request, unsigned file,
                         struct schema_node_reader *out)
{
    struct schema_code_generator_request_requested_file_list files;

    schema_code_generator_request_get_requested_files(request->root, &files);
    return file < schema_code_generator_request_requested_file_list_count(files)
           && request_node(request,
                           schema_code_generator_request_requested_file_get_id(
                               schema_code_generator_request_requested_file_list_at(files, file)),
                           out);
}

/* Finds what is called `name` at the top of file number `file`. */
static bool request_find(const struct request *request, unsigned file, const char *name,
                         struct schema_node_reader *out)
{
    struct schema_node_reader node;
    struct schema_node_nested_node_list list;

    if (!request_file(request, file, &node)
        || schema_node_get_nested_nodes(node, &list) != CAPNP_OK) {
        return false;
    }
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(list); i++) {
        struct schema_node_nested_node_reader nested = schema_node_nested_node_list_at(list, i);
        struct capnp_text text;

        schema_node_nested_node_get_name(nested, &text);
        if (capnp_text_is(text, name)) {
            return request_node(request, schema_node_nested_node_get_id(nested), out);
        }
    }
    return false;
}

/* Runs capnp; a message that says what to do follows what capnp itself says. */
static bool run_capnp(const struct command *command, struct arena *arena, struct report *report,
                      const char *what, struct host_bytes *out)
{
    int status = host_run(arena, command->words, out);

    if (status == 0) {
        return true;
    }
    if (status == 127) {
        report_file(report, "compose", "cannot run capnp; install the Debian package capnproto");
    } else {
        report_file(report, report->file, "capnp cannot read %s; correct what it reports above",
                    what);
    }
    return false;
}

/* Whether the node is a constant of the type System of system.capnp. */
static bool is_system(const struct request *request, struct arena *arena,
                      struct schema_node_reader node)
{
    static const char wanted[] = "system.capnp:System";
    struct schema_type_reader type;

    if (schema_node_which(node) != SCHEMA_NODE_WHICH_CONST
        || schema_node_const_get_type(schema_node_get_const(node), &type) != CAPNP_OK
        || schema_type_which(type) != SCHEMA_TYPE_WHICH_STRUCT) {
        return false;
    }
    if (!request_node(request, schema_type_struct_get_type_id(schema_type_get_struct(type)),
                      &node)) {
        return false;
    }
    const char *name = node_name(arena, node);
    size_t length = strlen(name);

    return length >= sizeof wanted - 1 && strcmp(name + length - (sizeof wanted - 1), wanted) == 0;
}

bool schemas_evaluate(struct schema_folders *folders, struct report *report,
                      struct host_bytes *message)
{
    struct arena *arena = folders->arena;
    struct request *request = arena_take(arena, sizeof *request);
    struct command *command = arena_take(arena, sizeof *command);
    struct schema_node_reader node;
    struct host_bytes bytes;
    struct place place = place_system(NULL);

    command_begin(command, folders, "compile");
    command_add(command, "-o-");
    command_add(command, report->file);
    if (!run_capnp(command, arena, report, "the composition", &bytes)) {
        return false;
    }
    if (!request_open(request, bytes)) {
        report_file(report, report->file,
                    "capnp wrote no request that can be read; is "
                    "`capnp --version` 0.9 or later?");
        return false;
    }
    if (!request_find(request, 0, "system", &node) || !is_system(request, arena, node)) {
        report_error(
            report, &place,
            "there is no constant of this name and of type System; write "
            "`using import \"/system.capnp\".System;` and `const system :System = (...);`");
        return false;
    }
    command_begin(command, folders, "eval");
    command_add(command, "-obinary");
    command_add(command, report->file);
    command_add(command, "system");
    return run_capnp(command, arena, report, "the composition", message);
}

/* The schemas that a composition names, each once. */
struct schema_set {
    const char *names[SCHEMAS_MAX]; /* "weather" */
    const char *paths[SCHEMAS_MAX]; /* "idl/weather.capnp", or NULL: there is none */
    unsigned files[SCHEMAS_MAX];    /* which of capnp's arguments it was */
    unsigned count;
    struct request request;
    bool opened;
};

/* The file of a schema, in the first folder that has it, or NULL. */
static const char *schema_path(struct schema_folders *folders, const char *schema)
{
    for (unsigned i = 0; i < folders->count; i++) {
        const char *path = arena_text(folders->arena, "%s/%s.capnp", folders->paths[i], schema);

        if (host_exists(path)) {
            return path;
        }
    }
    return NULL;
}

/* The index of the schema of "weather.Weather" in the set, added if it is new; -1: no room. */
static int schema_set_index(struct schema_set *set, struct schema_folders *folders,
                            const char *interface)
{
    const char *schema = arena_copy(folders->arena, interface, strcspn(interface, "."));

    for (unsigned i = 0; i < set->count; i++) {
        if (strcmp(set->names[i], schema) == 0) {
            return (int)i;
        }
    }
    if (set->count == SCHEMAS_MAX) {
        return -1;
    }
    set->names[set->count] = schema;
    set->paths[set->count] = schema_path(folders, schema);
    return (int)set->count++;
}

/* Whether a text has the form "schema.Interface". */
static bool interface_written_well(const char *interface)
{
    size_t dot = strcspn(interface, ".");

    return dot > 0 && interface[dot] == '.' && interface[dot + 1] >= 'A'
           && interface[dot + 1] <= 'Z' && strcspn(interface, "/:\" ") == strlen(interface);
}

/* The first interface that a schema has, for a message. */
static const char *interface_hint(const struct schema_set *set, struct arena *arena,
                                  unsigned schema)
{
    struct schema_node_reader file;
    struct schema_node_nested_node_list list;
    struct schema_node_reader node;

    request_file(&set->request, set->files[schema], &file);
    schema_node_get_nested_nodes(file, &list);
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(list); i++) {
        struct schema_node_nested_node_reader nested = schema_node_nested_node_list_at(list, i);
        struct capnp_text name;

        if (request_node(&set->request, schema_node_nested_node_get_id(nested), &node)
            && schema_node_which(node) == SCHEMA_NODE_WHICH_INTERFACE) {
            schema_node_nested_node_get_name(nested, &name);
            return arena_text(arena, "did you mean \"%s.%.*s\"?", set->names[schema],
                              (int)name.length, name.bytes);
        }
    }
    return "add it there, or correct the name";
}

/* Nodes that were looked at, so that a type which holds itself is no endless walk. */
struct seen {
    uint64_t ids[TYPES_MAX];
    unsigned count;
};

static bool struct_carries(const struct request *request, uint64_t id, struct seen *seen);

/* Whether a value of the type can hold a capability. A pointer to anything can. */
static bool type_carries(const struct request *request, struct schema_type_reader type,
                         struct seen *seen)
{
    while (schema_type_which(type) == SCHEMA_TYPE_WHICH_LIST) {
        struct schema_type_reader element;

        if (schema_type_list_get_element_type(schema_type_get_list(type), &element) != CAPNP_OK) {
            return true;
        }
        type = element;
    }
    switch (schema_type_which(type)) {
    case SCHEMA_TYPE_WHICH_INTERFACE:
    case SCHEMA_TYPE_WHICH_ANY_POINTER:
        return true;
    case SCHEMA_TYPE_WHICH_STRUCT:
        return struct_carries(request, schema_type_struct_get_type_id(schema_type_get_struct(type)),
                              seen);
    default:
        return false;
    }
}

/* Whether a struct, or a group, has a field that can. */
static bool struct_carries(const struct request *request, uint64_t id, struct seen *seen)
{
    struct schema_node_reader node;
    struct schema_field_list fields;

    for (unsigned i = 0; i < seen->count; i++) {
        if (seen->ids[i] == id) {
            return false; /* said where it was met first */
        }
    }
    /* What cannot be looked at is not trusted. */
    if (seen->count == TYPES_MAX || !request_node(request, id, &node)
        || schema_node_struct_get_fields(schema_node_get_struct(node), &fields) != CAPNP_OK) {
        return true;
    }
    seen->ids[seen->count++] = id;
    for (uint32_t i = 0; i < schema_field_list_count(fields); i++) {
        struct schema_field_reader field = schema_field_list_at(fields, i);
        struct schema_type_reader type;

        if (schema_field_which(field) == SCHEMA_FIELD_WHICH_GROUP) {
            id = schema_field_group_get_type_id(schema_field_get_group(field));
            if (struct_carries(request, id, seen)) {
                return true;
            }
        } else if (schema_field_slot_get_type(schema_field_get_slot(field), &type) != CAPNP_OK
                   || type_carries(request, type, seen)) {
            return true;
        }
    }
    return false;
}

/* Whether a message of this struct has anything in it. */
static bool struct_is_empty(const struct request *request, uint64_t id)
{
    struct schema_node_reader node;

    if (!request_node(request, id, &node)) {
        return false;
    }
    struct schema_node_struct_reader structure = schema_node_get_struct(node);

    return schema_node_struct_get_data_word_count(structure) == 0
           && schema_node_struct_get_pointer_count(structure) == 0;
}

/* An interface, and behind it all that it inherits, each once. */
struct family {
    uint64_t *ids;
    unsigned count;
};

static void family_add(struct family *family, uint64_t id)
{
    for (unsigned i = 0; i < family->count; i++) {
        if (family->ids[i] == id) {
            return;
        }
    }
    family->ids[family->count++] = id;
}

/* Finds the family of an interface. */
static struct family family_of(const struct request *request, struct arena *arena, uint64_t id)
{
    struct family family = { NULL, 0 };
    struct schema_node_reader node;
    struct schema_superclass_list bases;

    /* capnp writes down everything that an interface inherits; so there is no more than that. */
    family.ids
        = arena_take(arena, (schema_node_list_count(request->nodes) + 1) * sizeof *family.ids);
    family_add(&family, id);
    for (unsigned i = 0; i < family.count; i++) {
        if (!request_node(request, family.ids[i], &node)) {
            continue;
        }
        schema_node_interface_get_superclasses(schema_node_get_interface(node), &bases);
        for (uint32_t j = 0; j < schema_superclass_list_count(bases); j++) {
            uint64_t base = schema_superclass_get_id(schema_superclass_list_at(bases, j));
            struct schema_node_reader known;

            if (request_node(request, base, &known)) {
                family_add(&family, base);
            }
        }
    }
    return family;
}

/* As two_way(), by the methods that one interface has itself. */
static const char *two_way_itself(const struct request *request, struct arena *arena,
                                  const char *interface, uint64_t id)
{
    struct schema_node_reader node;
    struct schema_method_list methods;

    if (!request_node(request, id, &node)) {
        return NULL;
    }
    schema_node_interface_get_methods(schema_node_get_interface(node), &methods);
    for (uint32_t i = 0; i < schema_method_list_count(methods); i++) {
        struct schema_method_reader method = schema_method_list_at(methods, i);
        struct seen seen = { .count = 0 };
        const char *what = NULL;
        struct capnp_text name;

        schema_method_get_name(method, &name);
        if (!struct_is_empty(request, schema_method_get_result_struct_type(method))) {
            what = "has results";
        } else if (struct_carries(request, schema_method_get_param_struct_type(method), &seen)) {
            what = "carries capabilities";
        }
        if (what != NULL) {
            return arena_text(arena, "method %.*s of %s %s", (int)name.length, name.bytes,
                              interface, what);
        }
    }
    return NULL;
}

/* Why an interface needs both directions, by its first method that does, its own or one that it
 * inherits; NULL: it does not. */
static const char *two_way(const struct request *request, struct arena *arena,
                           const char *interface, uint64_t id)
{
    struct family family = family_of(request, arena, id);
    const char *why = NULL;

    for (unsigned i = 0; i < family.count && why == NULL; i++) {
        why = two_way_itself(request, arena, interface, family.ids[i]);
    }
    return why;
}

/* Finds one interface, or reports why there is none; answers its id or 0. */
static uint64_t resolve(struct schema_set *set, struct schema_folders *folders, struct place place,
                        const char *interface, struct report *report)
{
    struct schema_node_reader node;

    if (interface[0] == '\0') {
        place.field = NULL;
        report_error(report, &place,
                     "has no interface; add interface = \"SCHEMA.INTERFACE\", as in "
                     "\"weather.Weather\"");
        return 0;
    }
    if (!interface_written_well(interface)) {
        report_error(report, &place,
                     "\"%s\" is no name of an interface; write the schema's file name "
                     "without its ending, a dot, and the interface: \"weather.Weather\"",
                     interface);
        return 0;
    }
    int index = schema_set_index(set, folders, interface);

    if (index < 0 || set->paths[index] == NULL) {
        report_error(report, &place,
                     "there is no schema %s/%.*s.capnp; write it, or correct the "
                     "name",
                     folders->count > 0 ? folders->paths[0] : ".", (int)strcspn(interface, "."),
                     interface);
        return 0;
    }
    if (!set->opened) {
        return 0; /* capnp could not read the schemas; that was reported */
    }
    if (!request_find(&set->request, set->files[index], strchr(interface, '.') + 1, &node)
        || schema_node_which(node) != SCHEMA_NODE_WHICH_INTERFACE) {
        report_error(report, &place, "%s has no interface %s; %s", set->paths[index],
                     strchr(interface, '.') + 1,
                     interface_hint(set, folders->arena, (unsigned)index));
        return 0;
    }
    return schema_node_get_id(node);
}

/* Collects the schemas of all ports and compiles them. */
static void schema_set_open(struct schema_set *set, struct schema_folders *folders,
                            const struct system *system, struct report *report)
{
    struct command *command = arena_take(folders->arena, sizeof *command);
    struct host_bytes bytes;
    unsigned files = 0;

    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *component = &system->components[i];

        for (unsigned j = 0; j < component->export_count; j++) {
            schema_set_index(set, folders, component->exports[j].interface);
        }
        for (unsigned j = 0; j < component->import_count; j++) {
            schema_set_index(set, folders, component->imports[j].interface);
        }
    }
    command_begin(command, folders, "compile");
    command_add(command, "-o-");
    folders->used = "";
    for (unsigned i = 0; i < set->count; i++) {
        if (set->paths[i] != NULL) {
            command_add(command, set->paths[i]);
            folders->used = arena_text(folders->arena, "%s%s\n", folders->used, set->paths[i]);
            set->files[i] = files++;
        }
    }
    if (files == 0) {
        return;
    }
    if (run_capnp(command, folders->arena, report, "a schema that the composition names",
                  &bytes)) {
        set->opened = request_open(&set->request, bytes);
    }
}

void schemas_resolve(struct schema_folders *folders, struct system *system, struct report *report)
{
    struct schema_set *set = arena_take(folders->arena, sizeof *set);

    schema_set_open(set, folders, system, report);
    for (unsigned i = 0; i < system->component_count; i++) {
        struct component *component = &system->components[i];

        for (unsigned j = 0; j < component->export_count; j++) {
            struct export_port *port = &component->exports[j];

            port->interface_id = resolve(set, folders, place_item(i, "exports", j, "interface"),
                                         port->interface, report);
            if (port->interface_id != 0) {
                struct family family
                    = family_of(&set->request, folders->arena, port->interface_id);

                port->bases = family.ids + 1;
                port->base_count = family.count - 1;
            }
        }
        for (unsigned j = 0; j < component->import_count; j++) {
            struct import_port *port = &component->imports[j];

            struct place place = place_item(i, "imports", port->written, "interface");

            port->interface_id = resolve(set, folders, place, port->interface, report);
            if (port->interface_id != 0) {
                port->two_way = two_way(&set->request, folders->arena, port->interface,
                                        port->interface_id);
            }
        }
    }
    if (set->opened && system_has_device(system, DEVICE_SCHEMAS)) {
        folders->embedded = embed_schemas(set->request.root, system, folders->arena);
    }
}
