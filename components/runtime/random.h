/* SPDX-License-Identifier: MIT */
/* Numbers that look random and are the same for the same seed on every machine. */
#ifndef RANDOM_H
#define RANDOM_H
#include <stdint.h>

struct random {
    uint64_t state; /* the seed, at first */
};

/* The next 64 bits: splitmix64, by Sebastiano Vigna (public domain). */
static inline uint64_t random_next(struct random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* A number below `limit`, which is not zero. */
static inline uint32_t random_below(struct random *random, uint32_t limit)
{
    return (uint32_t)(random_next(random) >> 32) % limit;
}

/* True once in `times`. */
static inline int random_once_in(struct random *random, uint32_t times)
{
    return random_below(random, times) == 0;
}
#endif
