/* SPDX-License-Identifier: MIT */
/* A portal call to another domain and its reply, four words each way in registers. */
#include "first.h"
#include "kernel_stubs.h"
#include "measure.h"

FIRST_PROGRAM

enum { CALLS = 1000, HANDLER_INDEX = 1 };

#define FOR_EVER UINT64_MAX

/* The handler: answers what it was sent. */
static void answer(uint64_t unused)
{
    uint64_t word0 = unused, word1 = 0, word2 = 0, word3 = 0, badge, received;
    for (;;)
        exo_portal_reply(word0, word1, word2, word3, EXO_STATUS_OK, 0, &word0, &word1, &word2,
                         &word3, &badge, &received);
}

static inline __attribute__((always_inline)) enum exo_status call(uint32_t portal, uint64_t *sum)
{
    uint64_t word0 = 1, word1 = 2, word2 = 3, word3 = 4, received;
    enum exo_status status =
        exo_portal_call(portal, word0, word1, word2, word3, FOR_EVER, 0, &word0, &word1, &word2,
                        &word3, &received);
    *sum += word0 + word1 + word2 + word3;
    return status;
}

uint32_t first_main(void)
{
    struct child child;
    struct measure measure, loop;
    uint64_t sum = 0;
    static const uint64_t words[2] = {0 | UINT64_C(100000000) << 16,
                                      HANDLER_INDEX | UINT64_C(100000000) << 16};
    measure_child(&child, answer, 0, HANDLER_INDEX, 1);
    measure_check(exo_portal_attach(child.portal, child.thread), "portal_attach");
    measure_check(exo_thread_start(child.thread), "thread_start");
    measure_play(words, 2);
    measure_check(call(child.portal, &sum), "portal_call"); /* waits until the handler is there */
    measure_begin(&loop);
    for (uint64_t i = 0; i < CALLS; i++)
        measure_barrier();
    measure_end(&loop);
    sum = 0;
    measure_begin(&measure);
    for (uint64_t i = 0; i < CALLS; i++)
        call(child.portal, &sum);
    measure_end(&measure);
    measure_check(sum == CALLS * 10 ? EXO_STATUS_OK : EXO_STATUS_BAD_MESSAGE, "the sum of words");
    measure_print("portal_round_trip", &measure, loop.instructions, CALLS);
    return 0;
}
