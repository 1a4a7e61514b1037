/* SPDX-License-Identifier: MIT */
/* vector: the processor's state beside the general registers, as a whole. */
#ifndef SCENARIO_VECTOR_H
#define SCENARIO_VECTOR_H

#include <stdbool.h>
#include <stdint.h>

/* As the processor stores it, and the two bases of thread-local storage. */
struct vector_state {
    _Alignas(64) uint8_t image[832];
    uint64_t bases[2];
};

/* A state that is in every part unlike the initial one, and unlike those of other seeds. */
void vector_fill(struct vector_state *state, uint8_t seed);

/* Is it the state of a thread that never touched it? */
bool vector_is_initial(const struct vector_state *state);

/* Do the parts that vector_fill sets agree? */
bool vector_equal(const struct vector_state *left, const struct vector_state *right);

/*
 * Load a state, make a kernel call (its word, zeros, and in the fifth register a deadline), and
 * store the state found behind it, with nothing in between.
 */
void vector_call(const struct vector_state *load, struct vector_state *found, uint64_t word,
                 uint64_t deadline);

/* Leave something in the registers that no thread keeps across a change of threads (vector_spin
   sets the bases anew), and look whether any of it is there. */
void vector_litter(void);
bool vector_is_littered(void);

/* Load a state, turn an empty loop, and store the state found behind it. */
void vector_spin(const struct vector_state *load, struct vector_state *found, uint64_t turns);

#endif
