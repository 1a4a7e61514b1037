/* SPDX-License-Identifier: MIT */
#include "vector.h"

#include "syscall.h"
#include "text.h"

/* Where things are in a state: the floating-point registers, their control word, tp and gp. */
enum { REGISTERS_BYTES = 256, CONTROL = 256 };

_Static_assert(__builtin_offsetof(struct vector_state, bases) == 832, "LOAD and STORE know it");

#define CONTROL_ROUND_UP 0x60 /* below stand the five flags of exceptions */

#define NUMBERS                                                                               \
    "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, " \
    "24, 25, 26, 27, 28, 29, 30, 31"
/* These use the register `base` for a state's address, and t0. */
#define LOAD(base)                                                                  \
    "ld t0, 256(" base "); fscsr t0; ld tp, 832(" base "); ld gp, 840(" base ");"   \
    ".irp number, " NUMBERS "; fld f\\number, 8 * \\number(" base "); .endr;"
#define STORE(base)                                                                 \
    ".irp number, " NUMBERS "; fsd f\\number, 8 * \\number(" base "); .endr;"       \
    "sd tp, 832(" base "); sd gp, 840(" base "); frcsr t0; sd t0, 256(" base ");"   \
    "fscsr zero; li tp, 0; li gp, 0;"

static uint64_t control(const struct vector_state *state)
{
    uint64_t value;
    memcpy(&value, state->image + CONTROL, sizeof value);
    return value;
}

void vector_fill(struct vector_state *state, uint8_t seed)
{
    uint64_t value = CONTROL_ROUND_UP | (seed & 0x1f);
    memset(state, 0, sizeof *state);
    for (uint32_t i = 0; i < REGISTERS_BYTES; i++)
        state->image[i] = (uint8_t)(seed + i);
    memcpy(state->image + CONTROL, &value, sizeof value);
    state->bases[0] = UINT64_C(0x1000) * seed;
    state->bases[1] = UINT64_C(0x2000) * seed;
}

bool vector_is_initial(const struct vector_state *state)
{
    for (uint32_t i = 0; i < REGISTERS_BYTES; i++)
        if (state->image[i] != 0)
            return false;
    return control(state) == 0 && state->bases[0] == 0 && state->bases[1] == 0;
}

bool vector_equal(const struct vector_state *left, const struct vector_state *right)
{
    return memcmp(left->image, right->image, REGISTERS_BYTES) == 0 &&
           control(left) == control(right) && left->bases[0] == right->bases[0] &&
           left->bases[1] == right->bases[1];
}

void vector_call(const struct vector_state *load, struct vector_state *found, uint64_t word,
                 uint64_t deadline)
{
    /* Before the registers below have values: a function may use them. */
    memset(found, 0, sizeof *found);
    register uint64_t a0 __asm__("a0") = (uintptr_t)load;
    register uint64_t a1 __asm__("a1") = (uintptr_t)found;
    register uint64_t a2 __asm__("a2") = 0;
    register uint64_t a3 __asm__("a3") = 0;
    register uint64_t a4 __asm__("a4") = deadline;
    register uint64_t a5 __asm__("a5") = 0;
    register uint64_t a7 __asm__("a7") = word;
    __asm__ volatile("addi sp, sp, -16; sd a1, 0(sp);" LOAD("a0") "li a0, 0; li a1, 0; ecall;"
                     "ld a1, 0(sp); addi sp, sp, 16;" STORE("a1")
                     : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a7)
                     :
                     : SYSCALL_FLOAT SYSCALL_PORTAL SYSCALL_LOST);
}

/* A thread keeps all of its registers here. */
void vector_litter(void)
{
}

bool vector_is_littered(void)
{
    return false;
}

void vector_spin(const struct vector_state *load, struct vector_state *found, uint64_t turns)
{
    memset(found, 0, sizeof *found);
    __asm__ volatile(LOAD("%[load]") "1: addi %[turns], %[turns], -1; bnez %[turns], 1b;"
                     STORE("%[found]")
                     : [turns] "+r"(turns)
                     : [load] "r"(load), [found] "r"(found)
                     : SYSCALL_FLOAT SYSCALL_LOST);
}
