/* SPDX-License-Identifier: MIT */
#include "vector.h"

#include "text.h"

/* Parts of the XSAVE image (Intel SDM 1, table 10-2, and 13.4): those that the kernel enables. */
enum {
    X87_CONTROL = 0,
    VECTOR_CONTROL = 24,
    X87_REGISTERS = 32,
    VECTOR_REGISTERS = 160,
    VECTOR_BYTES = 256,
    X87_BYTES = 10, /* of the 16 that a register takes */
    PARTS = 512,    /* which of them an image holds: a bit for each */
    UPPER_HALVES = 576,
    PART_X87 = 1,
    PART_VECTOR = 2,
    PART_UPPER_HALVES = 4,
};

#define X87_CONTROL_INITIAL 0x037f
#define VECTOR_CONTROL_INITIAL 0x1f80
#define VECTOR_CONTROL_OTHER 0x9fc0 /* flush to zero, denormals are zero */

/* These take the mask of parts from edx:eax, which a call needs, too. */
#define LOAD(mask) \
    "push %%rax; push %%rdx; mov %[" mask "], %%eax; xor %%edx, %%edx; xrstor (%[load]);" \
    "pop %%rdx; pop %%rax; wrfsbase %[base0]; wrgsbase %[base1];"
#define STORE(mask) \
    "push %%rax; push %%rdx; mov %[" mask "], %%eax; xor %%edx, %%edx; xsave (%[found]);" \
    "pop %%rdx; pop %%rax; rdfsbase %[base0]; rdgsbase %[base1]"

/* The parts that there are: a processor may have no upper halves. */
static uint32_t parts(void)
{
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low & (PART_X87 | PART_VECTOR | PART_UPPER_HALVES);
}

static void put(struct vector_state *state, uint32_t offset, uint32_t value, uint32_t bytes)
{
    memcpy(state->image + offset, &value, bytes);
}

static uint32_t get(const struct vector_state *state, uint32_t offset, uint32_t bytes)
{
    uint32_t value = 0;
    memcpy(&value, state->image + offset, bytes);
    return value;
}

void vector_fill(struct vector_state *state, uint8_t seed)
{
    memset(state, 0, sizeof *state);
    put(state, X87_CONTROL, X87_CONTROL_INITIAL & ~0x300u, 2); /* single precision */
    put(state, VECTOR_CONTROL, VECTOR_CONTROL_OTHER, 4);
    put(state, PARTS, parts(), 4);
    for (uint32_t i = 0; i < VECTOR_BYTES; i++) {
        state->image[VECTOR_REGISTERS + i] = (uint8_t)(seed + i);
        state->image[UPPER_HALVES + i] = parts() & PART_UPPER_HALVES ? (uint8_t)(seed - i) : 0;
    }
    state->bases[0] = UINT64_C(0x1000) * seed;
    state->bases[1] = UINT64_C(0x2000) * seed;
}

bool vector_is_initial(const struct vector_state *state)
{
    for (uint32_t i = 0; i < VECTOR_BYTES; i++)
        if (state->image[VECTOR_REGISTERS + i] != 0 || state->image[UPPER_HALVES + i] != 0)
            return false;
    for (uint32_t i = 0; i < 8; i++)
        for (uint32_t j = 0; j < X87_BYTES; j++)
            if (state->image[X87_REGISTERS + i * 16 + j] != 0)
                return false;
    return get(state, X87_CONTROL, 2) == X87_CONTROL_INITIAL &&
           get(state, VECTOR_CONTROL, 4) == VECTOR_CONTROL_INITIAL && state->bases[0] == 0 &&
           state->bases[1] == 0;
}

bool vector_equal(const struct vector_state *left, const struct vector_state *right)
{
    return memcmp(left->image + VECTOR_REGISTERS, right->image + VECTOR_REGISTERS,
                  VECTOR_BYTES) == 0 &&
           memcmp(left->image + UPPER_HALVES, right->image + UPPER_HALVES, VECTOR_BYTES) == 0 &&
           get(left, X87_CONTROL, 2) == get(right, X87_CONTROL, 2) &&
           get(left, VECTOR_CONTROL, 4) == get(right, VECTOR_CONTROL, 4) &&
           left->bases[0] == right->bases[0] && left->bases[1] == right->bases[1];
}

void vector_call(const struct vector_state *load, struct vector_state *found, uint64_t word,
                 uint64_t deadline)
{
    uint64_t base0 = load->bases[0], base1 = load->bases[1];
    uint32_t mask = parts();
    /* Before the registers below have values: a function may use them. */
    memset(found->image, 0, sizeof found->image);
    register uint64_t word2 __asm__("r10") = 0, word4 __asm__("r8") = deadline;
    register uint64_t word5 __asm__("r9") = 0;
    uint64_t word0 = 0, word1 = 0, word3 = 0;
    __asm__ volatile(LOAD("mask") "syscall;" STORE("mask")
                     : "+a"(word), "+D"(word0), "+S"(word1), "+d"(word3), "+r"(word2),
                       "+r"(word4), "+r"(word5), [base0] "+r"(base0), [base1] "+r"(base1)
                     : [load] "r"(load), [found] "r"(found), [mask] "r"(mask)
                     : "rcx", "r11", "memory");
    found->bases[0] = base0;
    found->bases[1] = base1;
}

void vector_litter(void)
{
    uint32_t selector;
    __asm__ volatile("mov %%ss, %0; mov %0, %%ds; mov %0, %%es; mov %0, %%fs; mov %0, %%gs"
                     : "=r"(selector));
}

bool vector_is_littered(void)
{
    uint32_t data, extra, first, second;
    __asm__ volatile("mov %%ds, %0; mov %%es, %1; mov %%fs, %2; mov %%gs, %3"
                     : "=r"(data), "=r"(extra), "=r"(first), "=r"(second));
    return (data | extra | first | second) != 0;
}

void vector_spin(const struct vector_state *load, struct vector_state *found, uint64_t turns)
{
    uint64_t base0 = load->bases[0], base1 = load->bases[1];
    uint32_t mask = parts();
    memset(found->image, 0, sizeof found->image);
    __asm__ volatile(LOAD("mask") "1: decq %[turns]; jnz 1b;" STORE("mask")
                     : [base0] "+r"(base0), [base1] "+r"(base1), [turns] "+r"(turns)
                     : [load] "r"(load), [found] "r"(found), [mask] "r"(mask)
                     : "memory", "cc");
    found->bases[0] = base0;
    found->bases[1] = base1;
}
