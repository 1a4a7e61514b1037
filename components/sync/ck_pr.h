/* SPDX-License-Identifier: MIT */
/*
 * What Concurrency Kit needs of a processor, in the place of its own file of this name, which is
 * there for few processors, and assembly: the compiler's atomics serve each of them, and the thread
 * sanitizer sees them. Only what is used is here.
 */
#ifndef CK_PR_H
#define CK_PR_H
#include "processor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __SANITIZE_THREAD__ /* which knows no fences: each access is one */
#define CK_LOAD __ATOMIC_ACQUIRE
#define CK_STORE __ATOMIC_RELEASE
#define CK_CHANGE __ATOMIC_ACQ_REL
#define CK_FENCE(order) ((void)0)
#else
#define CK_LOAD __ATOMIC_RELAXED
#define CK_STORE __ATOMIC_RELAXED
#define CK_CHANGE __ATOMIC_RELAXED
#define CK_FENCE(order) __atomic_thread_fence(order)
#endif

#define ck_pr_barrier() __asm__ volatile("" ::: "memory")
#define ck_pr_stall() processor_pause()

/* Fences, by what they keep in order: an access before one and an access behind it. */
#define ck_pr_fence_load() CK_FENCE(__ATOMIC_ACQUIRE)
#define ck_pr_fence_acquire() CK_FENCE(__ATOMIC_ACQUIRE)
#define ck_pr_fence_lock() CK_FENCE(__ATOMIC_ACQUIRE)
#define ck_pr_fence_store() CK_FENCE(__ATOMIC_RELEASE)
#define ck_pr_fence_store_atomic() CK_FENCE(__ATOMIC_RELEASE)
#define ck_pr_fence_unlock() CK_FENCE(__ATOMIC_RELEASE)

/* Words and pointers. */
#define ck_pr_load_uint(at) __atomic_load_n(at, CK_LOAD)
#define ck_pr_load_ptr(at) __atomic_load_n(at, CK_LOAD)
#define ck_pr_store_uint(at, value) __atomic_store_n(at, value, CK_STORE)
#define ck_pr_store_ptr(at, value) __atomic_store_n(at, value, CK_STORE)
#define ck_pr_faa_uint(at, value) __atomic_fetch_add(at, value, CK_CHANGE)
#define ck_pr_fas_uint(at, value) __atomic_exchange_n(at, value, CK_CHANGE)
#define ck_pr_fas_ptr(at, value) __atomic_exchange_n(at, value, CK_CHANGE)

static inline bool ck_pr_cas_uint_value(unsigned int *at, unsigned int expected,
                                        unsigned int value, unsigned int *before)
{
    *before = expected;
    return __atomic_compare_exchange_n(at, before, value, false, CK_CHANGE, CK_LOAD);
}

static inline bool ck_pr_cas_uint(unsigned int *at, unsigned int expected, unsigned int value)
{
    return ck_pr_cas_uint_value(at, expected, value, &expected);
}

static inline bool ck_pr_cas_ptr(void *at, void *expected, void *value)
{
    return __atomic_compare_exchange_n((void **)at, &expected, value, false, CK_CHANGE, CK_LOAD);
}
#endif
