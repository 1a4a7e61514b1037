/* SPDX-License-Identifier: MIT */
/*
 * What the composer writes, read back with the generated readers: the plan, the image's header,
 * and the System message as it goes in.
 */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "boot.capnp.h"
#include "image.h"
#include "kernel_calls.h"
#include "load.h"
#include "plan.h"
#include "programs.h"
#include "system.capnp.h"

enum { SERVER, FIRST, SECOND, COMPONENTS };
enum { PROGRAM_SERVER, PROGRAM_CLIENT, PROGRAMS };
enum { MESSAGE_WORDS = 4096, SEGMENTS = 4 };

/* A C string as a text of a message. */
static struct capnp_text text_of(const char *text)
{
    return (struct capnp_text) { text, (uint32_t)strlen(text) };
}

/*
 * A System message of two clients of one program and their server, which is written last. One of
 * the clients has everything that a component can have.
 */
static struct host_bytes message_build(uint64_t *words)
{
    struct capnp_builder message;
    struct system_system_builder system;
    struct system_component_builder_list components;
    struct system_component_builder component;
    struct system_import_builder_list imports;
    struct system_export_builder_list exports;
    struct system_device_builder_list devices;
    struct exo_device_run_builder run;
    struct exo_setting_builder_list settings;
    struct system_gas_builder gas;
    struct capnp_list_builder levels;

    capnp_builder_begin_framed(&message, words, MESSAGE_WORDS);
    system_system_init_root(&message, &system);
    system_system_set_memory_mib(system, 64);
    system_system_init_components(system, COMPONENTS, &components);
    for (unsigned i = 0; i < 2; i++) {
        component = system_component_builder_list_at(components, i);
        system_component_set_name(component, text_of(i == 0 ? "first" : "second"));
        system_component_set_program(component, text_of("client"));
        system_component_init_imports(component, 1, &imports);
        system_import_set_interface(system_import_builder_list_at(imports, 0), text_of("a.A"));
        system_import_set_from(system_import_builder_list_at(imports, 0), text_of("server"));
    }
    system_component_set_ends(component, true);
    system_component_set_trusted_label(component, true);
    system_component_init_label_high(component, 2, &levels);
    capnp_list_set_uint8(&levels, 1, 3);
    system_component_init_gas(component, &gas);
    system_gas_set_credit(gas, 7);
    system_component_init_devices(component, 4, &devices);
    system_device_init_irq(system_device_builder_list_at(devices, 0), &run);
    exo_device_run_set_first(run, 4);
    system_device_init_memory(system_device_builder_list_at(devices, 1), &run);
    exo_device_run_set_count(run, 4096);
    system_device_set_cpu(system_device_builder_list_at(devices, 2), 0);
    system_device_set_gas_root(system_device_builder_list_at(devices, 3));
    system_component_init_settings(component, 1, &settings);
    exo_setting_set_key(exo_setting_builder_list_at(settings, 0), text_of("key"));
    exo_setting_set_value(exo_setting_builder_list_at(settings, 0), text_of("value"));
    component = system_component_builder_list_at(components, 2);
    system_component_set_name(component, text_of("server"));
    system_component_init_exports(component, 1, &exports);
    system_export_set_interface(system_export_builder_list_at(exports, 0), text_of("a.A"));
    return (struct host_bytes) { (uint8_t *)words, capnp_builder_framed(&message) * 8 };
}

static uint8_t pages[PAGE_BYTES];

/* A program of a page of text, and two of data of which the file holds one. */
static struct program program_of(const char *name)
{
    return (struct program){
        .name = name, .entry = 0x400010, .segment_count = 2,
        .segments = {
            { .address = 0x400000, .pages = 1, .file_pages = 1, .bytes = pages,
              .rights = EXO_RIGHT_READ | EXO_RIGHT_EXECUTE },
            { .address = 0x402000, .pages = 2, .file_pages = 1, .bytes = pages,
              .rights = EXO_RIGHT_READ | EXO_RIGHT_WRITE },
        },
    };
}

/* The loaded and connected system of message_build(), with its programs in place. */
struct fixture {
    struct arena arena;
    struct system system;
    struct program programs[PROGRAMS];
    struct program init;
    struct host_bytes message;
    uint64_t page;
};

/* Loads the message and connects it by hand: first to the server, second to init. */
static void fixture_begin(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    fixture->message = message_build(arena_take(&fixture->arena, MESSAGE_WORDS * 8));
    CU_ASSERT(load_system(&fixture->system, fixture->message, &fixture->arena));
    fixture->programs[PROGRAM_SERVER] = program_of("server");
    fixture->programs[PROGRAM_CLIENT] = program_of("client");
    fixture->init = program_of("init");
    fixture->system.programs = fixture->programs;
    fixture->system.program_count = PROGRAMS;
    for (unsigned i = 0; i < COMPONENTS; i++) {
        struct component *component = &fixture->system.components[i];

        component->program = i == 2 ? PROGRAM_SERVER : PROGRAM_CLIENT;
        if (component->import_count > 0) {
            component->imports[0].server = i == 0 ? 2 : SERVER_INIT;
        }
    }
    fixture->page = image_place(&fixture->init, &fixture->system);
}

/* Each field arrives, written or by its default, and the names that follow from others are there.
 */
static void test_load(void)
{
    struct fixture fixture;

    fixture_begin(&fixture);
    const struct component *first = &fixture.system.components[0];
    const struct component *second = &fixture.system.components[1];
    const struct component *server = &fixture.system.components[2];

    CU_ASSERT_EQUAL(fixture.system.component_count, COMPONENTS);
    CU_ASSERT_EQUAL(fixture.system.memory_mib, 64);
    CU_ASSERT_EQUAL(fixture.system.slice_us, 1000);
    CU_ASSERT_STRING_EQUAL(first->program_name, "client");
    CU_ASSERT_STRING_EQUAL(first->imports[0].name, "a");
    CU_ASSERT_STRING_EQUAL(first->imports[0].from, "server");
    CU_ASSERT_EQUAL(first->imports[0].pages, 8);
    CU_ASSERT_EQUAL(first->pages, 64);
    CU_ASSERT_FALSE(first->ends);
    CU_ASSERT(second->ends);
    CU_ASSERT_EQUAL(component_label_low(second), 0);
    CU_ASSERT_EQUAL(component_label_high(second), 0x300);
    CU_ASSERT_EQUAL(second->gas_credit, 7);
    CU_ASSERT_EQUAL(second->device_count, 4);
    CU_ASSERT_EQUAL(second->devices[0].kind, DEVICE_IRQ);
    CU_ASSERT_STRING_EQUAL(second->devices[0].name, "irq");
    CU_ASSERT_EQUAL(second->devices[0].count, 1);
    CU_ASSERT_EQUAL(second->devices[1].count, 4096);
    CU_ASSERT_EQUAL(second->devices[2].kind, DEVICE_CPU);
    CU_ASSERT_EQUAL(second->devices[3].kind, DEVICE_GAS_ROOT);
    CU_ASSERT_STRING_EQUAL(second->settings[0].value, "value");
    CU_ASSERT_STRING_EQUAL(server->program_name, "server");
    CU_ASSERT_STRING_EQUAL(server->exports[0].name, "a");
    CU_ASSERT_EQUAL(server->exports[0].threads, 1);
    CU_ASSERT_EQUAL(system_find(&fixture.system, "second"), 1);
    CU_ASSERT_EQUAL(system_find(&fixture.system, "third"), -1);
    arena_free(&fixture.arena);
}

/* A message that is cut off anywhere is refused, or what is left of it is read. */
static void test_load_cut(void)
{
    struct arena arena = { NULL };
    struct host_bytes message = message_build(arena_take(&arena, MESSAGE_WORDS * 8));

    for (size_t size = 0; size < message.size; size += 8) {
        uint64_t *part = malloc(size + 8);
        struct system system = { 0 };

        memcpy(part, message.bytes, size);
        CU_ASSERT_FALSE(
            load_system(&system, (struct host_bytes) { (uint8_t *)part, size }, &arena));
        free(part);
    }
    arena_free(&arena);
}

/* The order, the indices and the pages that init will rely on. */
static void test_plan(void)
{
    struct fixture fixture;
    struct capnp_segment segments[SEGMENTS];
    struct capnp_message reader;
    struct exo_plan_reader plan;
    struct exo_planned_component_list components;
    struct exo_planned_channel_list channels;
    struct exo_planned_program_list programs;
    struct exo_planned_segment_list parts;
    struct exo_planned_device_list devices;
    struct capnp_text text;

    fixture_begin(&fixture);
    struct host_bytes bytes = plan_build(&fixture.system, &fixture.arena);

    CU_ASSERT_EQUAL(
        capnp_message_framed(&reader, bytes.bytes, bytes.size, segments, SEGMENTS, NULL),
        CAPNP_OK);
    CU_ASSERT_EQUAL(exo_plan_read_root(&reader, &plan), CAPNP_OK);
    exo_plan_get_components(plan, &components);
    exo_plan_get_channels(plan, &channels);
    exo_plan_get_programs(plan, &programs);
    CU_ASSERT_EQUAL(exo_planned_component_list_count(components), COMPONENTS);
    /* The server comes first, though it was written last. */
    exo_planned_component_get_name(exo_planned_component_list_at(components, SERVER), &text);
    CU_ASSERT(capnp_text_is(text, "server"));
    exo_planned_component_get_name(exo_planned_component_list_at(components, SECOND), &text);
    CU_ASSERT(capnp_text_is(text, "second"));
    exo_planned_component_get_devices(exo_planned_component_list_at(components, SECOND), &devices);
    CU_ASSERT_EQUAL(exo_planned_device_list_count(devices), 4);
    CU_ASSERT_EQUAL(exo_planned_device_which(exo_planned_device_list_at(devices, 3)),
                    EXO_PLANNED_DEVICE_WHICH_GAS_ROOT);
    CU_ASSERT_EQUAL(exo_planned_channel_list_count(channels), 2);
    CU_ASSERT_EQUAL(exo_planned_channel_get_client(exo_planned_channel_list_at(channels, 0)),
                    FIRST);
    CU_ASSERT_EQUAL(exo_planned_channel_get_server(exo_planned_channel_list_at(channels, 0)),
                    SERVER);
    CU_ASSERT_EQUAL(exo_planned_channel_get_server(exo_planned_channel_list_at(channels, 1)),
                    EXO_SERVER_INIT);
    CU_ASSERT_EQUAL(exo_planned_program_list_count(programs), PROGRAMS);
    exo_planned_program_get_segments(exo_planned_program_list_at(programs, 1), &parts);
    CU_ASSERT_EQUAL(exo_planned_segment_get_pages(exo_planned_segment_list_at(parts, 1)), 2);
    CU_ASSERT_EQUAL(exo_planned_segment_get_file_pages(exo_planned_segment_list_at(parts, 1)), 1);
    CU_ASSERT_EQUAL(exo_planned_segment_get_page(exo_planned_segment_list_at(parts, 1)), 6);
    CU_ASSERT_EQUAL(reader.error, CAPNP_OK);
    arena_free(&fixture.arena);
}

/* A channel between a range and a plain label has the plain label, whichever end the range is. */
static void test_plan_labels(void)
{
    for (unsigned turn = 0; turn < 2; turn++) {
        struct fixture fixture;
        struct capnp_segment segments[SEGMENTS];
        struct capnp_message reader;
        struct exo_plan_reader plan;
        struct exo_planned_channel_list channels;

        fixture_begin(&fixture);
        struct component *range = &fixture.system.components[turn == 0 ? 0 : 2];
        struct component *plain = &fixture.system.components[turn == 0 ? 2 : 0];

        range->label_high_count = 1;
        range->label_high_levels[0] = 7;
        plain->label_levels[0] = 4;
        struct host_bytes bytes = plan_build(&fixture.system, &fixture.arena);

        capnp_message_framed(&reader, bytes.bytes, bytes.size, segments, SEGMENTS, NULL);
        exo_plan_read_root(&reader, &plan);
        exo_plan_get_channels(plan, &channels);
        struct exo_planned_channel_reader channel = exo_planned_channel_list_at(channels, 0);

        CU_ASSERT_EQUAL(exo_planned_channel_get_label_low(channel), 4);
        CU_ASSERT_EQUAL(exo_planned_channel_get_label_high(channel), 4);
        arena_free(&fixture.arena);
    }
}

/* A word of the image's header, by the offset that the kernel uses, too. */
static uint64_t word_at(struct host_bytes image, uint32_t offset)
{
    uint64_t word;

    memcpy(&word, image.bytes + offset, sizeof word);
    return word;
}

/* The header says where everything is, and it is there. */
static void test_image(void)
{
    struct fixture fixture;

    pages[0] = 0xc3;
    fixture_begin(&fixture);
    struct host_bytes flat = plan_flatten(fixture.message, &fixture.arena);
    struct host_bytes plan = plan_build(&fixture.system, &fixture.arena);
    struct host_bytes image
        = image_build(&fixture.init, &fixture.system, fixture.page, (struct host_bytes) { NULL, 0 },
                      flat, plan, &fixture.arena);

    /* A header, three programs of two pages, two messages of one page. */
    CU_ASSERT_EQUAL(image.size, (1 + 3 * 2 + 2) * PAGE_BYTES);
    CU_ASSERT_EQUAL(word_at(image, EXO_BOOT_IMAGE_MAGIC_OFFSET), EXO_IMAGE_MAGIC);
    CU_ASSERT_EQUAL(word_at(image, EXO_BOOT_IMAGE_BYTES_OFFSET), image.size);
    CU_ASSERT_EQUAL(word_at(image, EXO_BOOT_IMAGE_TEXT_PAGE_OFFSET), 1);
    CU_ASSERT_EQUAL(word_at(image, EXO_BOOT_IMAGE_TEXT_ADDRESS_OFFSET), 0x400000);
    CU_ASSERT_EQUAL(word_at(image, EXO_BOOT_IMAGE_CONSTANT_PAGES_OFFSET), 0);
    CU_ASSERT_EQUAL(word_at(image, EXO_BOOT_IMAGE_DATA_PAGE_OFFSET), 2);
    CU_ASSERT_EQUAL(word_at(image, EXO_BOOT_IMAGE_DATA_FILE_PAGES_OFFSET), 1);
    CU_ASSERT_EQUAL(word_at(image, EXO_BOOT_IMAGE_DATA_PAGES_OFFSET), 2);
    CU_ASSERT_EQUAL(word_at(image, EXO_BOOT_IMAGE_ENTRY_OFFSET), 0x400010);
    for (unsigned page = 1; page < 7; page++) {
        CU_ASSERT_EQUAL(image.bytes[page * PAGE_BYTES], 0xc3);
    }
    uint64_t offset = word_at(image, EXO_BOOT_IMAGE_PLAN_OFFSET_OFFSET);

    CU_ASSERT_EQUAL(memcmp(image.bytes + offset, plan.bytes, plan.size), 0);
    CU_ASSERT_EQUAL(word_at(image, EXO_BOOT_IMAGE_PLAN_BYTES_OFFSET), plan.size);
    offset = word_at(image, EXO_BOOT_IMAGE_SYSTEM_OFFSET_OFFSET);
    CU_ASSERT_EQUAL(memcmp(image.bytes + offset, flat.bytes, flat.size), 0);
    CU_ASSERT(flat.size <= fixture.message.size);
    arena_free(&fixture.arena);
}

/* Output and status of a program; a file that is written, read, and not there. */
static void test_host(void)
{
    struct arena arena = { NULL };
    struct host_bytes bytes;
    const char *const words[] = { "sh", "-c", "printf 'a\\nb'; exit 3", NULL };
    const char *const nothing[] = { "./there-is-no-such-program", NULL };
    char folder[] = "/tmp/compose-XXXXXX";

    CU_ASSERT_EQUAL(host_run(&arena, words, &bytes), 3);
    CU_ASSERT_EQUAL(bytes.size, 3);
    CU_ASSERT_EQUAL(host_run(&arena, nothing, &bytes), 127);
    CU_ASSERT_PTR_NOT_NULL(mkdtemp(folder));
    const char *path = arena_text(&arena, "%s/file", folder);

    CU_ASSERT_FALSE(host_exists(path));
    CU_ASSERT_FALSE(host_read(&arena, path, &bytes));
    /* More than the first buffer holds, so that it has to grow. */
    const char *text = arena_text(&arena, "%0200000d", 7);

    CU_ASSERT(host_write(&arena, path, text, strlen(text)));
    CU_ASSERT(host_read(&arena, path, &bytes));
    CU_ASSERT_EQUAL(bytes.size, strlen(text));
    CU_ASSERT_STRING_EQUAL((const char *)bytes.bytes, text);
    CU_ASSERT_EQUAL(remove(path), 0);
    CU_ASSERT_EQUAL(remove(folder), 0);
    CU_ASSERT_FALSE(host_write(&arena, path, text, 1));
    arena_free(&arena);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("compose: what is written", NULL, NULL);

    CU_add_test(suite, "a message is read", test_load);
    CU_add_test(suite, "a message that is cut off", test_load_cut);
    CU_add_test(suite, "the plan", test_plan);
    CU_add_test(suite, "labels of channels", test_plan_labels);
    CU_add_test(suite, "the image", test_image);
    CU_add_test(suite, "files and programs of the host", test_host);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();

    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
