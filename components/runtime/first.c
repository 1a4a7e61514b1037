/* SPDX-License-Identifier: MIT */
#include "first.h"

#include "boot.capnp.h"
#include "entries.h"
#include "kernel_stubs.h"
#include "machine.h"
#include "print.h"
#include "serial.h"
#include "ticks.h"
#include "upcall.h"

/* A word of struct BootImage, which begins the image. */
#define IMAGE_WORD(field) image_words[EXO_BOOT_IMAGE_##field##_OFFSET / 8]

enum { SPACE_PAGES = 1 << 24, PRINTED_STATUS = 1 };

static const uint64_t *image_words;
static uint64_t image_length;
static const uint64_t *information_words;
static struct serial serial;
static struct space frames, space;
static struct slots slots;

static void write_serial(const char *text, size_t bytes)
{
    static const char line_end[] = "\r\n";
    size_t start = 0;
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] != '\n')
            continue;
        serial_write(&serial, text + start, i - start);
        serial_write(&serial, line_end, 2);
        start = i + 1;
    }
    serial_write(&serial, text + start, bytes - start);
}

/* Without this program nothing goes on: say what happened and end the machine. */
static void tell_crash(const struct upcall_frame *frame)
{
    print("the first program faulted: error %lx at address %lx, instruction %lx\n", frame->error,
          frame->address, frame->instruction_pointer);
    machine_end(PRINTED_STATUS);
}

/* Take the fault upcall; the kernel started this thread without entries. */
static void take_faults(void)
{
    static uint64_t upcall_stack[1024];
    extern void runtime_entry(void);
    uint64_t words[5] = {(uintptr_t)runtime_entry + ENTRY_FAULT, 0,
                         (uintptr_t)runtime_entry + ENTRY_EVENT, (uintptr_t)upcall_stack,
                         (uintptr_t)upcall_stack + sizeof upcall_stack};
    exo_thread_write(FIRST_SLOT_THREAD, EXO_THREAD_REGISTER_FAULT_ENTRY, 5, (uintptr_t)words);
    upcall_on_crash(tell_crash);
}

void first_start(uint64_t bytes, uint64_t image, uint64_t information)
{
    uint64_t kind, rights, base, count = 0, low, high;
    struct registers serial_registers;
    image_length = bytes;
    image_words = (const uint64_t *)image;
    information_words = (const uint64_t *)information;
    space_start(&space, FIRST_SPACE_ADDRESS / CHILD_PAGE_BYTES, SPACE_PAGES);
    if (machine_registers(EXO_MACHINE_DEVICE_SERIAL, &serial_registers)) {
        serial_start(&serial, &serial_registers);
        print_to(write_serial);
    }
    machine_start();
    ticks_start(information_words[EXO_KERNEL_INFORMATION_TICKS_PER_SECOND_OFFSET / 8]);
    take_faults();
    exo_capability_info(EXO_SELF, FIRST_SLOT_RAM, &kind, &rights, &base, &count, &low, &high);
    space_start(&frames, 0, count);
    slots_start(&slots, FIRST_SLOT_FREE, FIRST_SLOT_COUNT);
    machine_end(first_main());
    upcall_stop();
}

const uint8_t *first_image(uint64_t *bytes)
{
    *bytes = image_length;
    return (const uint8_t *)image_words;
}

const uint64_t *first_information(void)
{
    return information_words;
}

struct space *first_frames(void)
{
    return &frames;
}

struct slots *first_slots(void)
{
    return &slots;
}

struct space *first_space(void)
{
    return &space;
}

uint32_t first_segments(struct child_segment *segments)
{
    segments[0] = (struct child_segment){
        .slot = FIRST_SLOT_IMAGE,
        .offset = IMAGE_WORD(TEXT_PAGE),
        .address = IMAGE_WORD(TEXT_ADDRESS),
        .pages = IMAGE_WORD(TEXT_PAGES),
        .rights = EXO_RIGHT_READ | EXO_RIGHT_EXECUTE,
    };
    segments[1] = (struct child_segment){
        .slot = FIRST_SLOT_IMAGE,
        .offset = IMAGE_WORD(CONSTANT_PAGE),
        .address = IMAGE_WORD(CONSTANT_ADDRESS),
        .pages = IMAGE_WORD(CONSTANT_PAGES),
        .rights = EXO_RIGHT_READ,
    };
    segments[2] = (struct child_segment){
        .address = IMAGE_WORD(DATA_ADDRESS),
        .pages = IMAGE_WORD(DATA_PAGES),
        .source_pages = IMAGE_WORD(DATA_PAGES),
        .source = (const void *)IMAGE_WORD(DATA_ADDRESS),
        .rights = EXO_RIGHT_READ | EXO_RIGHT_WRITE,
    };
    return 3;
}
