/* SPDX-License-Identifier: MIT */
#include "image.h"

#include <assert.h>
#include <string.h>

#include "boot.capnp.h"
#include "kernel_calls.h"

/* How many pages hold so many bytes. */
static uint64_t page_round(uint64_t bytes)
{
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
}

/* Gives a program's segments their pages, one behind the other; answers the next free one. */
static uint64_t program_place(struct program *program, uint64_t page)
{
    for (unsigned i = 0; i < program->segment_count; i++) {
        program->segments[i].image_page = (uint32_t)page;
        page += program->segments[i].file_pages;
    }
    return page;
}

uint64_t image_place(struct program *init, struct system *system)
{
    uint64_t page = program_place(init, 1); /* behind the header page */

    for (unsigned i = 0; i < system->program_count; i++) {
        page = program_place(&system->programs[i], page);
    }
    return page;
}

uint64_t image_place_files(struct system *system, uint64_t page)
{
    for (unsigned i = 0; i < system->component_count; i++) {
        for (unsigned j = 0; j < system->components[i].device_count; j++) {
            struct device *device = &system->components[i].devices[j];

            if (device->kind == DEVICE_FILE) {
                device->first = page * PAGE_BYTES;
                device->count = device->bytes.size;
                page += page_round(device->bytes.size);
            }
        }
    }
    return page;
}

uint64_t image_place_schemas(struct system *system, uint64_t page, struct host_bytes schemas)
{
    for (unsigned i = 0; i < system->component_count; i++) {
        for (unsigned j = 0; j < system->components[i].device_count; j++) {
            struct device *device = &system->components[i].devices[j];

            if (device->kind == DEVICE_SCHEMAS) {
                device->first = page * PAGE_BYTES;
                device->count = schemas.size;
            }
        }
    }
    return page + page_round(schemas.size);
}

/* Puts a program's pages where image_place() said. */
static void copy_program(uint8_t *image, const struct program *program)
{
    for (unsigned i = 0; i < program->segment_count; i++) {
        const struct segment *segment = &program->segments[i];

        memcpy(image + (uint64_t)segment->image_page * PAGE_BYTES, segment->bytes,
               (uint64_t)segment->file_pages * PAGE_BYTES);
    }
}

/* Puts the files where image_place_files() said. */
static void copy_files(uint8_t *image, const struct component *component)
{
    for (unsigned i = 0; i < component->device_count; i++) {
        const struct device *device = &component->devices[i];

        if (device->kind == DEVICE_FILE) {
            memcpy(image + device->first, device->bytes.bytes, device->bytes.size);
        }
    }
}

/* Writes where init's segments are; a kind that init lacks keeps zeros. */
static void write_init(struct exo_boot_image_builder header, const struct program *init)
{
    for (unsigned i = 0; i < init->segment_count; i++) {
        const struct segment *segment = &init->segments[i];

        if ((segment->rights & EXO_RIGHT_EXECUTE) != 0) {
            exo_boot_image_set_text_page(header, segment->image_page);
            exo_boot_image_set_text_pages(header, segment->pages);
            exo_boot_image_set_text_address(header, segment->address);
        } else if ((segment->rights & EXO_RIGHT_WRITE) != 0) {
            exo_boot_image_set_data_page(header, segment->image_page);
            exo_boot_image_set_data_file_pages(header, segment->file_pages);
            exo_boot_image_set_data_pages(header, segment->pages);
            exo_boot_image_set_data_address(header, segment->address);
        } else {
            exo_boot_image_set_constant_page(header, segment->image_page);
            exo_boot_image_set_constant_pages(header, segment->pages);
            exo_boot_image_set_constant_address(header, segment->address);
        }
    }
    exo_boot_image_set_entry(header, init->entry);
}

struct host_bytes image_build(const struct program *init, const struct system *system,
                              uint64_t page, struct host_bytes schemas,
                              struct host_bytes system_message, struct host_bytes plan,
                              struct arena *arena)
{
    /* The messages follow the programs and schemas; each begins at a page, so that init may map it
     * alone. */
    uint64_t system_offset = page * PAGE_BYTES;
    uint64_t plan_offset = system_offset + page_round(system_message.size) * PAGE_BYTES;
    uint64_t bytes = plan_offset + page_round(plan.size) * PAGE_BYTES;
    uint8_t *image = arena_take(arena, bytes);
    /* The header has no pointers, so its words stand alone, without a message around them. */
    struct exo_boot_image_builder header = { NULL, (uint64_t *)(void *)image };

    assert(page > 0);
    exo_boot_image_set_magic(header, EXO_IMAGE_MAGIC);
    exo_boot_image_set_bytes(header, bytes);
    write_init(header, init);
    exo_boot_image_set_system_offset(header, system_offset);
    exo_boot_image_set_system_bytes(header, system_message.size);
    exo_boot_image_set_plan_offset(header, plan_offset);
    exo_boot_image_set_plan_bytes(header, plan.size);
    copy_program(image, init);
    for (unsigned i = 0; i < system->program_count; i++) {
        copy_program(image, &system->programs[i]);
    }
    for (unsigned i = 0; i < system->component_count; i++) {
        copy_files(image, &system->components[i]);
    }
    if (schemas.size > 0) {
        memcpy(image + (page - page_round(schemas.size)) * PAGE_BYTES, schemas.bytes,
               schemas.size);
    }
    if (system_message.size > 0) {
        memcpy(image + system_offset, system_message.bytes, system_message.size);
    }
    memcpy(image + plan_offset, plan.bytes, plan.size);
    return (struct host_bytes) { image, bytes };
}
