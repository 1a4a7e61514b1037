/* SPDX-License-Identifier: MIT */
#include "service.h"

#include <assert.h>

#include "describe.h"
#include "kernel_names.h"
#include "print.h"
#include "rpc.h"
#include "startup.h"
#include "text.h"
#include "text_parse.h"
#include "text_print.h"
#include "ticks.h"

enum {
    SERVICES_MAX = 64,
    REQUEST_WORDS = 1024,
    SEGMENTS_MAX = 1,
    OUTPUT_BYTES = 512,
    CALL_SECONDS = 5,
    DEPTH_MAX = 24,     /* of values; the composition's stackPages must suffice */
    WORK_MAX = 20000,   /* values of one answer, steps of parsing */
};

struct service {
    const struct binding *binding;
    const char *export; /* behind the dot; not ended by NUL */
    uint32_t export_bytes;
    bool is_alone;              /* its component has no other export here */
    struct rpc_client *client;  /* null until the first call */
    struct rpc_interface own;   /* what it exports */
    bool is_lost;               /* the last call met nobody: begin anew before the next one */
    struct schema_node_reader interface;
    bool has_interface;
};

static struct service services[SERVICES_MAX];
static uint32_t service_count;
static struct schema_set set;
static struct capnp_message schema_message;
static struct capnp_segment schema_segments[SEGMENTS_MAX];

/* The output of the printers, in pieces that are worth a call of the console. */
static char waiting[OUTPUT_BYTES];
static uint32_t waiting_bytes;

static void flush(void)
{
    print_text(waiting, waiting_bytes);
    waiting_bytes = 0;
}

static void write_out(void *context, const char *bytes, uint32_t count)
{
    (void)context;
    for (uint32_t i = 0; i < count; i++) {
        if (waiting_bytes == OUTPUT_BYTES)
            flush();
        waiting[waiting_bytes++] = bytes[i];
    }
}

static struct output output_begin(void)
{
    return (struct output){.write = write_out};
}

/* Map the schemas that the composition shows, and make a set of them. */
static bool read_schemas(void)
{
    struct startup_device device;
    uint64_t page, done;
    if (!startup_device("schemas", &device) || device.count == 0)
        return false;
    uint64_t pages = (device.count + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES;
    if (!space_take(space_own(), pages, 1, &page) ||
        exo_memory_map(EXO_SELF, device.slot, page * CHILD_PAGE_BYTES, 0, pages, EXO_RIGHT_READ,
                       &done) != EXO_STATUS_OK)
        return false;
    if (capnp_message_framed(&schema_message, (const void *)(uintptr_t)(page * CHILD_PAGE_BYTES),
                             device.count, schema_segments, SEGMENTS_MAX, NULL) != CAPNP_OK)
        return false;
    uint32_t count = schema_set_count(&schema_message);
    struct schema_entry *entries = heap_take(heap_own(), count * sizeof *entries);
    return entries && schema_set_open(&set, &schema_message, entries, count) == CAPNP_OK;
}

/* An import of all interfaces is called "*component.export". */
static void add_service(const struct binding *binding)
{
    struct service *service = &services[service_count];
    const struct channel_place *place = binding->places;
    if (binding->name_bytes == 0 || binding->name[0] != '*' || service_count == SERVICES_MAX ||
        binding->place_count != 1)
        return;
    uint32_t used = 1 + place->peer_bytes + 1;
    if (binding->name_bytes <= used)
        return;
    *service = (struct service){.binding = binding, .export = binding->name + used,
                                .export_bytes = binding->name_bytes - used, .is_alone = true};
    service->has_interface = schema_set_find(&set, binding->interface_id, &service->interface);
    for (uint32_t i = 0; i < service_count; i++) {
        const struct channel_place *other = services[i].binding->places;
        if (!text_equal(other->peer, other->peer_bytes, place->peer, place->peer_bytes))
            continue;
        services[i].is_alone = service->is_alone = false;
    }
    service_count++;
}

bool service_open(void)
{
    const struct binding *binding;
    if (!read_schemas())
        return false;
    for (uint32_t i = 0; (binding = binding_import_at(i)) != NULL; i++)
        add_service(binding);
    return service_count > 0;
}

struct capnp_text service_name(uint32_t index)
{
    if (index >= service_count)
        return (struct capnp_text){"", 0};
    const struct binding *binding = services[index].binding;
    if (services[index].is_alone)
        return (struct capnp_text){binding->places->peer, binding->places->peer_bytes};
    return (struct capnp_text){binding->name + 1, binding->name_bytes - 1};
}

/* Find a service by its short or its full name. */
static struct service *find(const char *name)
{
    for (uint32_t i = 0; i < service_count; i++) {
        struct capnp_text own = service_name(i);
        const struct binding *binding = services[i].binding;
        if (capnp_text_is(own, name) ||
            text_is(binding->name + 1, binding->name_bytes - 1, name))
            return &services[i];
    }
    return NULL;
}

/* Find a service whose types are known; say so when there is none. */
static struct service *find_known(const char *name)
{
    struct service *service = find(name);
    if (!service)
        print(service_count > 0 ? "there is no service %s; \"describe\" lists them\n"
                                : "this composition gives the monitor no services: it has no "
                                  "import of all interfaces, or no schemas\n", name);
    else if (!service->has_interface)
        print("the boot image says nothing of the interface of %s\n", name);
    return service && service->has_interface ? service : NULL;
}

struct capnp_text service_method_name(const char *name, uint32_t index)
{
    struct service *service = find(name);
    struct schema_set_method method;
    struct capnp_text text = {"", 0};
    if (service && service->has_interface &&
        schema_set_any_method(&set, service->interface, index, &method))
        schema_method_get_name(method.reader, &text);
    return text;
}

void service_list(void)
{
    struct output output = output_begin();
    if (service_count == 0)
        find_known("");
    for (uint32_t i = 0; i < service_count; i++) {
        struct capnp_text name = service_name(i);
        print("%-32.*s ", (int)name.length, name.bytes);
        if (services[i].has_interface)
            describe_title(&set, services[i].interface, &output);
        else
            output_text(&output, "(unknown)\n");
        flush();
    }
}

void service_describe(const char *name)
{
    struct output output = output_begin();
    struct service *service = find_known(name);
    if (!service)
        return;
    describe_node(&set, service->interface, &output);
    flush();
}

/* The client of a service, opened at its first use. */
static enum exo_status open_client(struct service *service)
{
    if (service->client)
        return EXO_STATUS_OK;
    service->client = heap_take(heap_own(), sizeof *service->client);
    if (!service->client)
        return EXO_STATUS_FULL;
    service->own.id = service->binding->interface_id;
    enum exo_status status = rpc_client_open(service->client, service->binding, &service->own);
    rpc_client_timeout(service->client, CALL_SECONDS * ticks_rate());
    if (status != EXO_STATUS_OK) {
        heap_give(heap_own(), service->client);
        service->client = NULL;
    }
    return status;
}

/* Leave an answer where it lies; see rpc_decode. */
static enum exo_status keep_reply(struct capnp_message *message, const uint64_t *words,
                                  uint32_t length, struct rpc_received received, void *to)
{
    (void)message, (void)received;
    *(struct rpc_reply *)to = (struct rpc_reply){words, length};
    return EXO_STATUS_OK;
}

/* Build the request, which lies in private words, in the channel and call. */
static enum exo_status send(struct rpc_client *client, struct capnp_builder *request,
                            const struct rpc_method *method, struct rpc_reply *reply)
{
    struct capnp_message message;
    struct capnp_struct root;
    capnp_message_single(&message, request->words, request->word_count);
    rpc_client_build(client, method);
    if (capnp_read_root(&message, &root) != CAPNP_OK ||
        capnp_copy_struct(&client->builder, client->builder.words, &root) != CAPNP_OK)
        return EXO_STATUS_FULL;
    return rpc_client_call_built(client, method, reply);
}

/* Call, once: a service that goes while it is called may have done what it was asked. */
static enum exo_status call(struct service *service, struct capnp_builder *request,
                            const struct schema_set_method *chosen, struct rpc_reply *reply)
{
    const struct rpc_interface inherited = {chosen->interface_id};
    struct rpc_method method = {.decode = keep_reply, .number = (uint16_t)chosen->ordinal};
    enum exo_status status = open_client(service);
    if (status == EXO_STATUS_OK && service->is_lost)
        status = rpc_client_reconnect(service->client);
    if (status != EXO_STATUS_OK)
        return status;
    method.interface = chosen->interface_id == service->own.id ? &service->own : &inherited;
    status = send(service->client, request, &method, reply);
    service->is_lost = status == EXO_STATUS_DISCONNECTED;
    return status;
}

/* Print an answer. An answer of no words is one of no results. */
static void print_answer(struct rpc_client *client, uint64_t type_id, struct rpc_reply reply)
{
    struct output output = output_begin();
    struct print_options options = {.pretty = true, .depth_max = DEPTH_MAX, .work_max = WORK_MAX};
    struct capnp_message message;
    struct dynamic_struct value = {0};
    enum capnp_error wrong = CAPNP_OK;
    enum dynamic_error error = DYNAMIC_TYPE;
    capnp_message_single(&message, reply.words, reply.length);
    /* An answer that our own builder made has no word twice, and there is none to spare for others:
     * what is to be printed is bounded by what the channel holds. */
    message.traversal_words = 2 * (uint64_t)reply.length + 64;
    value.data.message = &message;
    if (reply.length > 0)
        wrong = capnp_read_root(&message, &value.data);
    if (wrong == CAPNP_OK && dynamic_shape_open(&value.shape, &set, type_id, NULL, NULL))
        error = text_print(&value, options, &output);
    if (wrong != CAPNP_OK)
        error = DYNAMIC_MESSAGE;
    flush();
    print("\n");
    if (rpc_client_result(client, EXO_STATUS_OK) != EXO_STATUS_OK)
        print("the answer ends here: %s\n", exo_status_sentences[EXO_STATUS_DISCONNECTED]);
    else if (error == DYNAMIC_MESSAGE)
        print("the answer is wrong: %s\n", capnp_error_text(message.error));
    else if (error != DYNAMIC_OK)
        print("the answer ends here: %s\n", dynamic_error_text(error));
}

/* Parse the parameters; mark a mistake below the user's line. */
static bool parse(struct capnp_builder *request, uint64_t type_id, const char *parameters,
                  uint32_t column)
{
    struct dynamic_builder root;
    struct parse_options options = {.depth_max = DEPTH_MAX, .work_max = WORK_MAX};
    struct parse_error error;
    const char *text = parameters[0] == '\0' ? "()" : parameters;
    if (dynamic_init_root(request, &set, type_id, &root) != CAPNP_OK) {
        print("the boot image says nothing of the method's parameters\n");
        return false;
    }
    if (text_parse(&root, text, (uint32_t)strlen(text), options, NULL, &error))
        return true;
    assert(error.column > 0);
    uint32_t at = error.column; /* in bytes; what the user sees are characters */
    for (uint32_t i = 1; i < error.column; i++)
        at -= (text[i - 1] & 0xc0) == 0x80;
    for (uint32_t i = 1; i < column + at; i++)
        print(" ");
    print("^\ncolumn %u of the parameters: %s\n", at, error.text);
    return false;
}

void service_call(const char *name, const char *method_name, const char *parameters,
                  uint32_t column)
{
    static uint64_t words[REQUEST_WORDS];
    struct service *service = find_known(name);
    struct capnp_builder request;
    struct schema_set_method method;
    struct rpc_reply reply;
    if (!service)
        return;
    struct capnp_text wanted = {method_name, (uint32_t)strlen(method_name)};
    if (!schema_set_find_method(&set, service->interface, wanted, &method)) {
        print("%s has no method %s; \"describe %s\" lists them\n", name, method_name, name);
        return;
    }
    capnp_builder_begin(&request, words, REQUEST_WORDS);
    if (!parse(&request, method.param_id, parameters, column))
        return;
    enum exo_status status = call(service, &request, &method, &reply);
    if (status != EXO_STATUS_OK) {
        struct capnp_text reason = {"", 0};
        print("no answer. %s\n", exo_status_sentences[status]);
        if (service->client)
            rpc_client_why(service->client, status, &reason);
        if (reason.length > 0)
            print("the service says: %.*s\n", (int)reason.length, reason.bytes);
    } else
        print_answer(service->client, method.result_id, reply);
}
