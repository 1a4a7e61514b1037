/* SPDX-License-Identifier: MIT */
/* The first Domain: it gets a capability to everything that there is, and every other Domain gets
   its own from it. This is the only place where the kernel makes capabilities from nothing. */
#include "kernel.h"

/* The slots of the first Domain's table, as init expects them. */
enum first_slot {
    FIRST_RAM = 1,
    FIRST_IMAGE,
    FIRST_DEVICES,
    FIRST_CPU,
    FIRST_GAS,
    FIRST_IRQ,
    FIRST_PORTS,
    FIRST_THREAD,
    FIRST_INFORMATION,
    FIRST_RAM_HIGH,
    FIRST_DEVICES_LOW,
    FIRST_FEED,
};

#define FIRST_FRAMES 33         /* 1,052 slots */
#define FIRST_POOL_FRAMES 64    /* page tables for the first 128 MiB or so; init feeds more */
#define STACK_TOP 0x3ffff00000ull /* below 256 GiB, where the addresses of users may end */
#define STACK_PAGES 16
#define INFORMATION_ADDRESS 0x3ffff10000ull
#define IMAGE_ADDRESS 0x3000000000ull
#define COMMAND_MAX 1999
#define ROOT_GAS_BALANCE (1ll << 62)
#define HEADER(page, name) ((page)[EXO_BOOT_IMAGE_##name##_OFFSET / 8])

#include "boot_layout.h"

struct first {
    struct boot_information *boot;
    struct domain *domain;
    struct thread *thread;
    const uint64_t *header;
};

static struct label_range everything(void) {
    return (struct label_range){.low = 0, .high = EXO_LABEL_TOP};
}

static uint64_t take_kernel_frames(struct boot_information *boot, uint64_t count, uint32_t self) {
    uint64_t physical = boot_allocate(boot, count * PAGE_SIZE);
    uint32_t base = (uint32_t)(physical >> PAGE_SHIFT);
    bool taken = frame_take_run(base, count, self ? base : 0);
    assert(taken);
    return physical;
}

static struct slot *fill_run(struct first *first, enum first_slot index, uint32_t kind,
                             uint32_t rights, uint64_t base, uint64_t count) {
    struct slot *slot = slot_at(first->domain, index);
    slot_fill(slot, NULL, kind, rights);
    slot->base = (uint32_t)base;
    slot->count = (uint32_t)count;
    slot->label = everything();
    return slot;
}

/* Map frames of the first Domain's own; through no capability, for as long as the Domain lives. */
static void map(struct first *first, uint64_t address, uint64_t physical, uint64_t pages,
                uint64_t rights) {
    for (uint64_t i = 0; i < pages; i++) {
        uint64_t at = address + i * PAGE_SIZE;
        uint64_t number = (physical >> PAGE_SHIFT) + i;
        uint64_t *table = page_table_find(first->domain, at, true);
        assert(table != NULL);
        assert(at >= USER_LOW && at < USER_HIGH);
        bool mapped = number >= frame_limit ||
                      frame_map(frame_at(number), (rights & EXO_RIGHT_WRITE) != 0);
        assert(mapped);
        table[(at >> PAGE_SHIFT) % 512] = arch_entry_make(number, rights);
        frame_of(table)->mapped++;
    }
}

static void make_objects(struct first *first) {
    struct boot_information *boot = first->boot;
    struct gas *gas = physical_pointer(take_kernel_frames(boot, 1, 0));
    gas_root = gas_create(gas, NULL, everything());
    gas_root->balance = ROOT_GAS_BALANCE;
    gas_root->object.references = 1; /* the kernel's own: the root account never ends */
    frame_of(gas)->mapped++;
    uint64_t domain = take_kernel_frames(boot, FIRST_FRAMES, 1);
    first->domain = domain_create(physical_pointer(domain), FIRST_FRAMES, everything(), gas_root);
    first->domain->dma_trusted = 1;
    uint64_t pool = take_kernel_frames(boot, FIRST_POOL_FRAMES, 0);
    for (uint64_t i = 0; i < FIRST_POOL_FRAMES; i++) {
        frame_at((pool >> PAGE_SHIFT) + i)->owner = (uint32_t)(domain >> PAGE_SHIFT);
        domain_pool_give(first->domain, pool + i * PAGE_SIZE);
    }
    uint64_t thread = take_kernel_frames(boot, 1, 0);
    frame_at(thread >> PAGE_SHIFT)->mapped++;
    first->thread = thread_create(physical_pointer(thread), first->domain, everything());
}

static void name_objects(struct first *first) {
    struct core *core = core_self();
    uint32_t control = EXO_RIGHT_CONTROL | EXO_RIGHT_RUN;
    slot_fill_object(slot_at(first->domain, FIRST_CPU), NULL, &core->object, control, 0);
    slot_fill_object(slot_at(first->domain, FIRST_GAS), NULL, &gas_root->object, control, 0);
    slot_fill_object(slot_at(first->domain, FIRST_THREAD), NULL, &first->thread->object, control,
                     0);
    fill_run(first, FIRST_IRQ, EXO_OBJECT_KIND_IRQ, EXO_RIGHT_USE, 0, IRQ_LINES);
    fill_run(first, FIRST_PORTS, EXO_OBJECT_KIND_PORTS, EXO_RIGHT_USE, 0, ARCH_PORTS);
    for (uint32_t i = 0; i < 2 && first->boot->devices[i].bytes > 0; i++) {
        const struct boot_range *devices = &first->boot->devices[i];
        struct slot *slot =
            fill_run(first, i == 0 ? FIRST_DEVICES : FIRST_DEVICES_LOW, EXO_OBJECT_KIND_MEMORY,
                     EXO_RIGHT_READ | EXO_RIGHT_WRITE, devices->base >> PAGE_SHIFT,
                     devices->bytes >> PAGE_SHIFT);
        slot->flags |= SLOT_FLAG_DEVICE;
    }
}

/* Text and constants straight from the image, data copied, a stack. */
static void load_program(struct first *first) {
    struct boot_information *boot = first->boot;
    const uint64_t *header = first->header;
    uint64_t image = boot->image.base;
    map(first, HEADER(header, TEXT_ADDRESS), image + HEADER(header, TEXT_PAGE) * PAGE_SIZE,
        HEADER(header, TEXT_PAGES), EXO_RIGHT_READ | EXO_RIGHT_EXECUTE);
    map(first, HEADER(header, CONSTANT_ADDRESS),
        image + HEADER(header, CONSTANT_PAGE) * PAGE_SIZE, HEADER(header, CONSTANT_PAGES),
        EXO_RIGHT_READ);
    uint64_t pages = HEADER(header, DATA_PAGES);
    if (pages > 0) {
        uint64_t data = boot_allocate(boot, pages * PAGE_SIZE);
        const uint64_t *source = physical_pointer(image + HEADER(header, DATA_PAGE) * PAGE_SIZE);
        uint64_t *target = physical_pointer(data);
        for (uint64_t i = 0; i < HEADER(header, DATA_FILE_PAGES) * PAGE_SIZE / 8; i++)
            target[i] = source[i];
        map(first, HEADER(header, DATA_ADDRESS), data, pages, EXO_RIGHT_READ | EXO_RIGHT_WRITE);
    }
    map(first, STACK_TOP - STACK_PAGES * PAGE_SIZE, boot_allocate(boot, STACK_PAGES * PAGE_SIZE),
        STACK_PAGES, EXO_RIGHT_READ | EXO_RIGHT_WRITE);
    map(first, IMAGE_ADDRESS, image, boot->image.bytes / PAGE_SIZE, EXO_RIGHT_READ);
}

static void make_information(struct first *first, uint64_t ticks_per_second) {
    struct boot_information *boot = first->boot;
    uint64_t physical = boot_allocate(boot, PAGE_SIZE);
    uint64_t *page = physical_pointer(physical);
    page[EXO_KERNEL_INFORMATION_TICKS_PER_SECOND_OFFSET / 8] = ticks_per_second;
    page[EXO_KERNEL_INFORMATION_FRAMES_OFFSET / 8] = boot->frames;
    page[EXO_KERNEL_INFORMATION_CORES_OFFSET / 8] = 1;
    char *text = (char *)(page + EXO_KERNEL_INFORMATION_DATA_WORDS);
    uint64_t bytes = 0;
    for (; boot->command != NULL && bytes < COMMAND_MAX && boot->command[bytes] != 0; bytes++)
        text[bytes] = boot->command[bytes];
    page[EXO_KERNEL_INFORMATION_COMMAND_LINE_BYTES_OFFSET / 8] = bytes;
    map(first, INFORMATION_ADDRESS, physical, 1, EXO_RIGHT_READ);
    fill_run(first, FIRST_INFORMATION, EXO_OBJECT_KIND_MEMORY, EXO_RIGHT_READ,
             physical >> PAGE_SHIFT, 1);
}

/* The two largest runs of what is left; the rest, if any, stays unused. */
static void name_memory(struct first *first) {
    uint32_t rights =
        EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXECUTE | EXO_RIGHT_RETYPE;
    static const enum first_slot slots[] = {FIRST_RAM, FIRST_RAM_HIGH};
    for (uint32_t i = 0; i < 2; i++) {
        struct boot_range *best = boot_largest(first->boot, UINT64_MAX);
        if (best->bytes > 0) {
            fill_run(first, slots[i], EXO_OBJECT_KIND_MEMORY, rights, best->base >> PAGE_SHIFT,
                     best->bytes >> PAGE_SHIFT);
        }
        best->bytes = 0;
    }
}

void boot_first_domain(struct boot_information *boot, uint64_t ticks_per_second) {
    struct core *core = core_self();
    struct first first = {.boot = boot, .header = physical_pointer(boot->image.base)};
    uint64_t image_pages = boot->image.bytes >> PAGE_SHIFT;
    assert(image_pages > 0);
    assert(first.header[EXO_BOOT_IMAGE_MAGIC_OFFSET / 8] == EXO_IMAGE_MAGIC);
    make_objects(&first);
    load_program(&first);
    make_information(&first, ticks_per_second);
    name_objects(&first);
    fill_run(&first, FIRST_IMAGE, EXO_OBJECT_KIND_MEMORY, EXO_RIGHT_READ | EXO_RIGHT_EXECUTE,
             boot->image.base >> PAGE_SHIFT, image_pages);
    name_memory(&first);
    struct registers *registers = &first.thread->registers;
    registers->words[0] = boot->image.bytes;
    registers->words[1] = IMAGE_ADDRESS;
    registers->words[2] = INFORMATION_ADDRESS;
    registers->instruction = HEADER(first.header, ENTRY);
    registers->stack = STACK_TOP;
    first.thread->core = core;
    first.thread->cpu_index = 0;
    core->table[0] = first.thread;
    core->bound = 1;
    thread_ready(first.thread);
}
