/* SPDX-License-Identifier: MIT */
/*
 * player: fills a core's slice vector by a policy, a window of slots ahead of the kernel.
 *
 * The kernel plays the vector in a circle. What the rule decided stands in the window from the
 * position on; the rest holds everybody in turn, so that nothing but the policy is lost when
 * nobody fills the vector any more. By a rule that knows what is urgent each decision takes its
 * place among those that stand in the window already, so who wakes is not behind them; the kernel
 * lets the scheduler look at once then, if the threads are marked.
 *
 * Of eight words one is the scheduler's, and one goes in turn to those whom the rule leaves out
 * because they were blocked; the kernel passes over both at once while nobody there is ready.
 * Whoever had a slot and used time of it, or none, is ready or not, whatever its ready bit was
 * before: that says nothing of a thread in a call, which may wait for somebody who waits.
 */
#ifndef SCHEDULER_PLAYER_H
#define SCHEDULER_PLAYER_H

#include "policy.h"

enum {
    PLAYER_WORDS = 512,      /* of the vector */
    PLAYER_GROUP = 8,        /* words of which one is the scheduler's, and one is for others */
    PLAYER_REPORT_READY = 256, /* word of the report from which on the ready bits are */
    PLAYER_AHEAD = 48,
    PLAYER_AHEAD_MAX = PLAYER_WORDS - 64,
};

struct player {
    struct policy *policy; /* with others, each of which has another core */
    struct policy_core *core;
    /* Pages that the kernel reads and writes meanwhile: each word is read once. */
    uint64_t *report, *vector, *consumed;
    uint64_t *used;       /* by thread: `consumed` as it was last seen */
    /* By thread a bit: the kernel's ready bit at the last look; whether it used time of the last
       slot that was seen of it, or none, until the ready bit says otherwise. */
    uint64_t *ready, *running, *stuck;
    uint64_t *urgency;    /* by word of the vector: of the decision that stands there */
    uint64_t *given;      /* by thread: slots that the kernel played for it */
    uint64_t given_all;
    uint64_t slot_ticks, own_ticks; /* length of a slot, and of one of the scheduler's own */
    uint32_t own;         /* the scheduler's index */
    uint32_t first;       /* the one that may never be left out: init's */
    uint32_t beside, turn; /* whose turn it is, of those left out, and of all */
    uint64_t played;      /* words, by the last look */
    uint64_t seen;        /* those of them that were looked at */
    uint64_t filled;      /* words that the rule has decided, at least `played` */
    uint64_t slices;      /* that the kernel had begun when player_idles() was asked */
    bool woke;            /* somebody was ready at the last look, and not at the one before */
    uint64_t start;       /* ticks at slot 0 */
    uint64_t refills;
    bool looked;          /* since the last sign of life, see main.c */
    uint64_t late;        /* looks at which the kernel had passed the window */
    bool idles;           /* nobody ran, when the thread that fills the vector last looked */
    uint32_t ahead;       /* words of the window, unless the rule looks more often */
};

/* The bytes of memory that a player needs for a policy's threads. */
size_t player_bytes(uint32_t threads);

/* Start: fill the vector with everybody in turn. `memory`: player_bytes() bytes of zeros. The other
 * fields were set: policy, core, report, vector, consumed, slot_ticks, own_ticks, own, first, start
 * and ahead. */
void player_start(struct player *player, void *memory);

/*
 * See what was played, who is ready, and fill the window again; with `anew` the whole of it, since
 * what was decided may be wrong now. `now` in ticks.
 */
void player_look(struct player *player, bool anew, uint64_t now);

/* A thread waits for something of ours, or goes on, whatever was seen of it. */
void player_waits(struct player *player, uint32_t index, bool waits);

/* Did nobody but the scheduler run since this was asked the last time, and does nobody want to?
 * Then the kernel is asked to tell when somebody runs again. */
bool player_idles(struct player *player);

/* Does the rule want to know at once who wakes? */
bool player_marks(const struct player *player);

/* Slots after which to look again, when somebody runs. */
uint32_t player_interval(const struct player *player);

bool player_check(const struct player *player);

#endif
