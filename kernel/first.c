/* SPDX-License-Identifier: MIT */
/* The first Domain: it gets a capability to everything that there is, and every other Domain gets
   its own from it. This is the only place where the kernel makes capabilities from nothing. */
#include "kernel.h"
#include "boot_layout.h"

#define FIRST_FRAMES 33         /* 1,052 slots */
#define FIRST_POOL_FRAMES 64    /* page tables for the first 128 MiB or so; init feeds more */
#define STACK_TOP 0x3ffff00000ull /* below 256 GiB, where the addresses of users may end */
#define STACK_PAGES 16
#define INFORMATION_ADDRESS 0x3ffff10000ull
#define IMAGE_ADDRESS 0x3000000000ull
#define COMMAND_MAX 1999
#define ROOT_GAS_BALANCE (1ll << 62)
#define HEADER(name) (header[EXO_BOOT_IMAGE_##name##_OFFSET / 8])

static const uint64_t *header; /* of the image */
static struct domain *domain;
static struct thread *thread;

static void *take_kernel_frames(struct boot_information *boot, uint64_t count, bool self) {
    uint64_t physical = boot_allocate(boot, count * PAGE_SIZE);
    uint32_t base = (uint32_t)(physical >> PAGE_SHIFT);
    bool taken = frame_take_run(base, count, self ? base : 0);
    assert(taken);
    return physical_pointer(physical);
}

static struct slot *fill_run(uint32_t index, uint32_t kind, uint32_t rights, uint64_t base,
                             uint64_t count) {
    struct slot *slot = slot_at(domain, index);
    slot_fill(slot, NULL, kind, rights);
    slot->base = (uint32_t)base;
    slot->count = (uint32_t)count;
    slot->label = LABEL_RANGE_ALL;
    return slot;
}

static struct slot *fill_memory(uint32_t index, uint32_t rights, struct boot_range range) {
    return fill_run(index, EXO_OBJECT_KIND_MEMORY, rights, range.base >> PAGE_SHIFT,
                    range.bytes >> PAGE_SHIFT);
}

/* Map frames of the first Domain's own; through no capability, for as long as the Domain lives. */
static void map(uint64_t address, uint64_t physical, uint64_t pages, uint64_t rights) {
    for (uint64_t i = 0; i < pages; i++) {
        uint64_t at = address + i * PAGE_SIZE;
        uint64_t number = (physical >> PAGE_SHIFT) + i;
        uint64_t *table = page_table_find(domain, at, true);
        assert(table != NULL);
        assert(at >= USER_LOW && at < USER_HIGH);
        bool mapped = number >= frame_limit ||
                      frame_map(frame_at(number), (rights & EXO_RIGHT_WRITE) != 0);
        assert(mapped);
        table[(at >> PAGE_SHIFT) % TABLE_ENTRIES] = arch_entry_make(number, rights);
        frame_of(table)->mapped++;
    }
}

static void make_objects(struct boot_information *boot) {
    gas_root = gas_create(take_kernel_frames(boot, 1, false), NULL, LABEL_RANGE_ALL);
    gas_root->balance = ROOT_GAS_BALANCE;
    gas_root->object.references = 1; /* the kernel's own: the root account never ends */
    frame_of(gas_root)->mapped++;
    domain = domain_create(take_kernel_frames(boot, FIRST_FRAMES, true), FIRST_FRAMES,
                           LABEL_RANGE_ALL, gas_root);
    domain->dma_trusted = 1;
    uint8_t *pool = take_kernel_frames(boot, FIRST_POOL_FRAMES, false);
    for (uint64_t i = 0; i < FIRST_POOL_FRAMES; i++, pool += PAGE_SIZE) {
        frame_of(pool)->owner = frame_of(domain)->owner;
        domain_pool_give(domain, pointer_physical(pool));
    }
    thread = thread_create(take_kernel_frames(boot, 1, false), domain, LABEL_RANGE_ALL);
    frame_of(thread)->mapped++;
}

static void name_object(uint32_t index, struct object *object) {
    slot_fill_object(slot_at(domain, index), NULL, object, EXO_RIGHT_CONTROL | EXO_RIGHT_RUN, 0);
}

/* Of memory the five largest runs of what is left; the rest, if any, stays unused. */
static void name_everything(struct boot_information *boot) {
    static const uint32_t slots[] = {EXO_FIRST_SLOT_RAM, EXO_FIRST_SLOT_RAM_SECOND,
        EXO_FIRST_SLOT_RAM_THIRD, EXO_FIRST_SLOT_RAM_FOURTH, EXO_FIRST_SLOT_RAM_FIFTH};
    static const uint32_t devices[] = {EXO_FIRST_SLOT_DEVICES, EXO_FIRST_SLOT_DEVICES_LOW,
        EXO_FIRST_SLOT_TREE};
    uint32_t use = EXO_RIGHT_READ | EXO_RIGHT_WRITE;
    name_object(EXO_FIRST_SLOT_CPU, &core_self()->object);
    name_object(EXO_FIRST_SLOT_GAS, &gas_root->object);
    name_object(EXO_FIRST_SLOT_THREAD, &thread->object);
    fill_run(EXO_FIRST_SLOT_IRQ, EXO_OBJECT_KIND_IRQ, EXO_RIGHT_USE, 0, IRQ_LINES);
    fill_run(EXO_FIRST_SLOT_PORTS, EXO_OBJECT_KIND_PORTS, EXO_RIGHT_USE, 0, ARCH_PORTS);
    fill_memory(EXO_FIRST_SLOT_IMAGE, EXO_RIGHT_READ | EXO_RIGHT_EXECUTE, boot->image);
    for (uint32_t i = 0; i < 5; i++) {
        struct boot_range *best = boot_largest(boot, UINT64_MAX);
        if (best->bytes > 0)
            fill_memory(slots[i], use | EXO_RIGHT_EXECUTE | EXO_RIGHT_RETYPE, *best);
        best->bytes = 0;
        if (i < 3 && boot->devices[i].bytes > 0)
            fill_memory(devices[i], use, boot->devices[i])->flags |= SLOT_FLAG_DEVICE;
    }
}

/* Text and constants straight from the image, data copied, a stack. */
static void load_program(struct boot_information *boot) {
    uint64_t image = boot->image.base, data = boot_allocate(boot, HEADER(DATA_PAGES) * PAGE_SIZE);
    const uint64_t *source = physical_pointer(image + HEADER(DATA_PAGE) * PAGE_SIZE);
    uint64_t *target = physical_pointer(data);
    for (uint64_t i = 0; i < HEADER(DATA_FILE_PAGES) * PAGE_SIZE / 8; i++)
        target[i] = source[i];
    map(HEADER(TEXT_ADDRESS), image + HEADER(TEXT_PAGE) * PAGE_SIZE, HEADER(TEXT_PAGES),
        EXO_RIGHT_READ | EXO_RIGHT_EXECUTE);
    map(HEADER(CONSTANT_ADDRESS), image + HEADER(CONSTANT_PAGE) * PAGE_SIZE,
        HEADER(CONSTANT_PAGES), EXO_RIGHT_READ);
    map(HEADER(DATA_ADDRESS), data, HEADER(DATA_PAGES), EXO_RIGHT_READ | EXO_RIGHT_WRITE);
    map(STACK_TOP - STACK_PAGES * PAGE_SIZE, boot_allocate(boot, STACK_PAGES * PAGE_SIZE),
        STACK_PAGES, EXO_RIGHT_READ | EXO_RIGHT_WRITE);
    map(IMAGE_ADDRESS, image, boot->image.bytes / PAGE_SIZE, EXO_RIGHT_READ);
}

static void make_information(struct boot_information *boot, uint64_t ticks_per_second) {
    struct boot_range range = {boot_allocate(boot, PAGE_SIZE), PAGE_SIZE};
    uint64_t *page = physical_pointer(range.base), bytes = 0;
    char *text = (char *)(page + EXO_KERNEL_INFORMATION_DATA_WORDS);
    for (; boot->command != NULL && bytes < COMMAND_MAX && boot->command[bytes] != 0; bytes++)
        text[bytes] = boot->command[bytes];
    page[EXO_KERNEL_INFORMATION_TICKS_PER_SECOND_OFFSET / 8] = ticks_per_second;
    page[EXO_KERNEL_INFORMATION_FRAMES_OFFSET / 8] = boot->frames;
    page[EXO_KERNEL_INFORMATION_CORES_OFFSET / 8] = 1;
    page[EXO_KERNEL_INFORMATION_COMMAND_LINE_BYTES_OFFSET / 8] = bytes;
    map(INFORMATION_ADDRESS, range.base, 1, EXO_RIGHT_READ);
    fill_memory(EXO_FIRST_SLOT_INFORMATION, EXO_RIGHT_READ, range);
}

void boot_first_domain(struct boot_information *boot, uint64_t ticks_per_second) {
    struct core *core = core_self();
    header = physical_pointer(boot->image.base);
    assert(boot->image.bytes >= PAGE_SIZE);
    assert(HEADER(MAGIC) == EXO_IMAGE_MAGIC);
    make_objects(boot);
    load_program(boot);
    make_information(boot, ticks_per_second);
    name_everything(boot);
    thread->registers.words[0] = boot->image.bytes;
    thread->registers.words[1] = IMAGE_ADDRESS;
    thread->registers.words[2] = INFORMATION_ADDRESS;
    thread->registers.instruction = HEADER(ENTRY);
    thread->registers.stack = STACK_TOP;
    thread->core = core;
    thread->cpu_index = 0;
    domain->cores = 1;
    core->table[0] = thread;
    core->bound = 1;
    assert(thread_check(thread));
    thread_ready(thread);
}
