/* SPDX-License-Identifier: MIT */
/*
 * The frame rule of the design, section 4: a frame is never both written and frozen, and never
 * kernel and anything else. All combinations, first on the records alone, then by kernel calls
 * through overlapping capabilities.
 *
 * Seen to fail: frame_freeze() without its test of the writers; frame_take() that ignores `mapped`;
 * memory_map()'s short way without its test of frozen frames.
 */
#include "kernel.h"
#include "machine.h"

/* The rule as the design says it, on the five things that can be true of one frame. */
struct combination {
    unsigned mapped_read, mapped_write, frozen, dma;
    bool kernel;
};

static bool allowed(const struct combination *c) {
    bool written = c->mapped_write > 0 || c->dma > 0;
    bool anything = written || c->mapped_read > 0 || c->frozen > 0;
    return !(written && c->frozen > 0) && !(c->kernel && anything);
}

enum step { MAP_READ, MAP_WRITE, FREEZE, DMA, KERNEL, STEPS };

static void count_step(struct combination *c, enum step step, int by) {
    c->mapped_read += step == MAP_READ ? (unsigned)by : 0;
    c->mapped_write += step == MAP_WRITE ? (unsigned)by : 0;
    c->frozen += step == FREEZE ? (unsigned)by : 0;
    c->dma += step == DMA ? (unsigned)by : 0;
    c->kernel = step == KERNEL ? by > 0 : c->kernel;
}

static bool frame_step(struct frame *frame, enum step step) {
    switch (step) {
    case MAP_READ:
        return frame_map(frame, false);
    case MAP_WRITE:
        return frame_map(frame, true);
    case FREEZE:
        return frame_freeze(frame);
    case DMA:
        return frame_write_add(frame);
    default:
        return frame_take(frame, 0);
    }
}

static void frame_undo(struct frame *frame, enum step step) {
    switch (step) {
    case MAP_READ:
        frame_unmap(frame, false);
        break;
    case MAP_WRITE:
        frame_unmap(frame, true);
        break;
    case FREEZE:
        frame_thaw(frame);
        break;
    case DMA:
        frame_write_remove(frame);
        break;
    default:
        frame_release(frame);
        break;
    }
}

/* Every sequence of steps and undone steps up to a depth, with the record compared after each. */
static void explore(struct frame *frame, struct combination *c, unsigned depth) {
    bool kernel = c->kernel;
    CU_ASSERT_EQUAL_FATAL(frame_is_kernel(frame), kernel);
    CU_ASSERT_FATAL(frame_check(frame));
    if (!kernel) {
        int writers = (int)(c->mapped_write + c->dma) - (int)c->frozen;
        CU_ASSERT_EQUAL_FATAL(frame->writers, writers);
        CU_ASSERT_EQUAL_FATAL(frame->mapped, c->mapped_read + c->mapped_write);
    }
    for (enum step step = 0; step < STEPS && depth > 0; step++) {
        struct combination next = *c;
        count_step(&next, step, 1);
        bool wanted = allowed(&next) && !(step == KERNEL && kernel);
        struct frame before = *frame;
        CU_ASSERT_EQUAL_FATAL(frame_step(frame, step), wanted);
        if (!wanted) {
            CU_ASSERT_EQUAL(memcmp(frame, &before, sizeof before), 0);
            continue;
        }
        explore(frame, &next, depth - 1);
        frame_undo(frame, step);
        CU_ASSERT_EQUAL_FATAL(memcmp(frame, &before, sizeof before), 0);
    }
}

static void test_records(void) {
    machine_start(64, 4, 4);
    struct combination none = {.mapped_read = 0};
    explore(frame_at(machine_ram()), &none, 6);
}

/* Slots of the first Domain: five capabilities with different runs that all hold frame 4. */
#define BASE MACHINE_FREE
#define SHARED_FRAME 4
#define CAPABILITIES 5

static const struct {
    uint64_t offset, count;
} runs[CAPABILITIES] = {{0, 8}, {4, 1}, {2, 3}, {4, 4}, {3, 2}};

static uint64_t address_of(unsigned capability) {
    return 0x40000000ull + capability * 0x100000ull;
}

/* Do a step by a kernel call through one of the overlapping capabilities. */
static uint64_t call_step(enum step step, unsigned capability) {
    uint64_t offset = SHARED_FRAME - runs[capability].offset;
    uint64_t source = BASE + capability;
    uint64_t target = BASE + 8 + step * CAPABILITIES + capability;
    switch (step) {
    case MAP_READ:
        return CALL(machine_thread, MEMORY_MAP, EXO_SELF, source, address_of(capability), offset, 1,
                    EXO_RIGHT_READ);
    case MAP_WRITE:
        return CALL(machine_thread, MEMORY_MAP, EXO_SELF, source,
                    address_of(capability) + PAGE_SIZE, offset, 1,
                    EXO_RIGHT_READ | EXO_RIGHT_WRITE);
    case FREEZE:
    case DMA:
        return CALL(machine_thread, CAPABILITY_DERIVE, source, EXO_SELF, target, offset, 1,
                    EXO_RIGHT_READ | (step == DMA ? EXO_RIGHT_DMA : EXO_RIGHT_FROZEN), 0);
    default:
        return CALL(machine_thread, MEMORY_RETYPE, source, offset, 1, EXO_OBJECT_KIND_EVENT, target,
                    1, 0);
    }
}

static void call_undo(enum step step, unsigned capability) {
    uint64_t target = BASE + 8 + step * CAPABILITIES + capability;
    if (step == MAP_READ || step == MAP_WRITE) {
        CALL_OK(machine_thread, MEMORY_UNMAP, EXO_SELF,
                address_of(capability) + (step == MAP_WRITE ? PAGE_SIZE : 0), 1);
    } else {
        CALL_OK(machine_thread, CAPABILITY_DELETE, target, 0);
    }
}

/* The same by kernel calls: each step through each capability that does not have it yet. */
static void explore_calls(struct combination *c, bool done[STEPS][CAPABILITIES], unsigned depth,
                          unsigned capabilities) {
    const char *broken = machine_check();
    CU_ASSERT_PTR_NULL_FATAL(broken);
    for (unsigned i = 0; i < STEPS * capabilities && depth > 0; i++) {
        enum step step = i / capabilities;
        unsigned capability = i % capabilities;
        if (done[step][capability]) {
            continue;
        }
        struct combination next = *c;
        count_step(&next, step, 1);
        bool wanted = allowed(&next) && !(step == KERNEL && c->kernel);
        uint64_t status = call_step(step, capability);
        CU_ASSERT_EQUAL_FATAL(status, wanted ? EXO_STATUS_OK : EXO_STATUS_CONFLICT);
        if (!wanted) {
            continue;
        }
        done[step][capability] = true;
        explore_calls(&next, done, depth - 1, capabilities);
        done[step][capability] = false;
        call_undo(step, capability);
    }
}

static void test_calls(void) {
    machine_start(64, 4, 8);
    bool done[STEPS][CAPABILITIES] = {{false}};
    struct combination none = {.mapped_read = 0};
    for (unsigned i = 0; i < CAPABILITIES; i++) {
        uint64_t rights = EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_RETYPE;
        CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, BASE + i, runs[i].offset,
                runs[i].count, rights, 0);
    }
    explore_calls(&none, done, machine_long() ? 5 : 4, CAPABILITIES);
    explore_calls(&none, done, machine_long() ? 8 : 6, 2);
}

/* Frozen content cannot be had for writing by any way, and the freeze itself needs the right. */
static void test_rights(void) {
    machine_start(64, 4, 8);
    uint64_t plain = MACHINE_FREE, frozen = MACHINE_FREE + 1, child = MACHINE_FREE + 2;
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, plain, 0, 4, EXO_RIGHT_READ,
            0);
    CU_ASSERT_EQUAL(CALL(machine_thread, CAPABILITY_DERIVE, plain, EXO_SELF, child, 0, 1,
                         EXO_RIGHT_READ | EXO_RIGHT_FROZEN, 0),
                    EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(CALL(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, child, 0, 1,
                         EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_FROZEN, 0),
                    EXO_STATUS_BAD_ARGUMENT);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, frozen, 0, 4,
            EXO_RIGHT_READ | EXO_RIGHT_FROZEN, 0);
    CU_ASSERT_EQUAL(CALL(machine_thread, MEMORY_MAP, EXO_SELF, frozen, 0x40000000, 0, 1,
                         EXO_RIGHT_READ | EXO_RIGHT_WRITE),
                    EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(CALL(machine_thread, CAPABILITY_DERIVE, frozen, EXO_SELF, child, 0, 1,
                         EXO_RIGHT_READ | EXO_RIGHT_DMA, 0),
                    EXO_STATUS_DENIED);
    /* A frozen child of a frozen one keeps it frozen alone. */
    CALL_OK(machine_thread, CAPABILITY_DERIVE, frozen, EXO_SELF, child, 1, 1,
            EXO_RIGHT_READ | EXO_RIGHT_FROZEN, 0);
    CALL_OK(machine_thread, CAPABILITY_DELETE, frozen, 0);
    CU_ASSERT_EQUAL(CALL(machine_thread, MEMORY_MAP, EXO_SELF, MACHINE_RAM, 0x40000000, 1, 1,
                         EXO_RIGHT_READ | EXO_RIGHT_WRITE),
                    EXO_STATUS_CONFLICT);
    CALL_OK(machine_thread, MEMORY_MAP, EXO_SELF, MACHINE_RAM, 0x40000000, 2, 1,
            EXO_RIGHT_READ | EXO_RIGHT_WRITE);
    CU_ASSERT_PTR_NULL(machine_check());
}

static const struct machine_test tests[] = {
    {"all combinations on a record", test_records},
    {"all combinations by calls, through overlapping capabilities", test_calls},
    {"rights to freeze and to pin", test_rights},
};

MACHINE_MAIN("frame", tests)
