/* SPDX-License-Identifier: MIT */
#include "locks.h"

#include <stddef.h>

void files_locks_start(struct files_locks *locks)
{
    locks->end = 0;
    locks->tickets = 0;
}

static bool is_held(const struct files_lock *lock)
{
    return lock->kind != FILES_LOCK_NONE && lock->ticket == 0;
}

static bool is_same_owner(const struct files_lock *one, const struct files_lock *other)
{
    return one->client == other->client && one->owner == other->owner;
}

static bool overlap(const struct files_lock *one, const struct files_lock *other)
{
    return one->node == other->node && one->start <= other->last && other->start <= one->last;
}

/* Are two locks of different owners that cannot both be held. */
static bool exclude(const struct files_lock *one, const struct files_lock *other)
{
    return overlap(one, other) && !is_same_owner(one, other) &&
           (one->kind == FILES_LOCK_EXCLUSIVE || other->kind == FILES_LOCK_EXCLUSIVE);
}

const struct files_lock *files_locks_conflict(const struct files_locks *locks,
                                              const struct files_lock *wanted)
{
    for (uint32_t i = 0; i < locks->end && wanted->kind != FILES_LOCK_NONE; i++)
        if (is_held(&locks->table[i]) && exclude(&locks->table[i], wanted))
            return &locks->table[i];
    return NULL;
}

/* --- The table ------------------------------------------------------------------------------- */

/* May so many more locks be there, of a client. */
static bool has_room(const struct files_locks *locks, uint32_t client, uint32_t more)
{
    uint32_t all = 0, own = 0;
    for (uint32_t i = 0; i < locks->end; i++) {
        all += locks->table[i].kind != FILES_LOCK_NONE;
        own += locks->table[i].kind != FILES_LOCK_NONE && locks->table[i].client == client;
    }
    return all + more <= FILES_LOCKS_MAX && own + more <= FILES_LOCKS_OF_CLIENT;
}

/* Put a lock into a free place, of which there is one. */
static void put(struct files_locks *locks, const struct files_lock *lock)
{
    uint32_t at = 0;
    while (at < locks->end && locks->table[at].kind != FILES_LOCK_NONE)
        at++;
    locks->table[at] = *lock;
    locks->end += at == locks->end;
}

/* Take a range away from the owner of `wanted`. There is room for one lock more. */
static void cut(struct files_locks *locks, const struct files_lock *wanted)
{
    uint32_t end = locks->end; /* what is put behind it is not looked at */
    for (uint32_t i = 0; i < end; i++) {
        struct files_lock *lock = &locks->table[i];
        if (!is_held(lock) || !is_same_owner(lock, wanted) || !overlap(lock, wanted))
            continue;
        struct files_lock behind = *lock;
        bool has_before = lock->start < wanted->start, has_behind = lock->last > wanted->last;
        behind.start = wanted->last + 1;
        if (has_before)
            lock->last = wanted->start - 1;
        else if (has_behind)
            *lock = behind;
        else
            lock->kind = FILES_LOCK_NONE;
        if (has_before && has_behind)
            put(locks, &behind);
    }
}

/* Hold a lock that nothing is in the way of. There is room for two locks more. Those of its owner
 * that touch it and are alike become one with it. */
static void hold(struct files_locks *locks, const struct files_lock *wanted)
{
    struct files_lock held = *wanted;
    held.ticket = 0;
    cut(locks, wanted);
    if (held.kind == FILES_LOCK_NONE)
        return;
    for (uint32_t i = 0; i < locks->end; i++) {
        struct files_lock *lock = &locks->table[i];
        bool touches = lock->node == held.node &&
                       ((held.start > 0 && lock->last == held.start - 1) ||
                        (lock->start > 0 && lock->start - 1 == held.last));
        if (!is_held(lock) || !is_same_owner(lock, &held) || lock->kind != held.kind ||
            lock->open != held.open || !touches)
            continue;
        held.start = lock->start < held.start ? lock->start : held.start;
        held.last = lock->last > held.last ? lock->last : held.last;
        lock->kind = FILES_LOCK_NONE;
    }
    put(locks, &held);
}

/* --- Waiting --------------------------------------------------------------------------------- */

/*
 * Does anybody who is in the way of `wanted` wait for its owner, directly or not? From each lock
 * that waits and was reached, those in its way are followed; each is reached once, and each that is
 * held is followed once: its owner's waiting locks are the same every time.
 */
static bool is_circle(const struct files_locks *locks, const struct files_lock *wanted)
{
    static uint16_t queue[FILES_LOCKS_MAX];
    static bool reached[FILES_LOCKS_MAX];
    uint32_t first = 0, count = 0;
    const struct files_lock *from = wanted;
    for (uint32_t i = 0; i < locks->end; i++)
        reached[i] = false;
    for (;;) {
        for (uint32_t i = 0; i < locks->end; i++) {
            const struct files_lock *held = &locks->table[i];
            if (!is_held(held) || reached[i] || !exclude(held, from))
                continue;
            if (is_same_owner(held, wanted))
                return true;
            reached[i] = true;
            for (uint32_t j = 0; j < locks->end; j++) {
                const struct files_lock *next = &locks->table[j];
                if (next->kind == FILES_LOCK_NONE || next->ticket == 0 || reached[j] ||
                    !is_same_owner(next, held))
                    continue;
                reached[j] = true;
                queue[count++] = (uint16_t)j;
            }
        }
        if (first == count)
            return false;
        from = &locks->table[queue[first++]];
    }
}

/* Those who wait take what they can, the oldest first; one that is taken may let no other go on. */
static void grant(struct files_locks *locks)
{
    uint64_t before = 0;
    for (;;) {
        struct files_lock *oldest = NULL;
        for (uint32_t i = 0; i < locks->end; i++) {
            struct files_lock *lock = &locks->table[i];
            if (lock->kind != FILES_LOCK_NONE && lock->ticket > before &&
                (!oldest || lock->ticket < oldest->ticket))
                oldest = lock;
        }
        if (!oldest)
            return;
        before = oldest->ticket;
        struct files_lock wanted = *oldest;
        /* Its own place becomes free, which is one of the two that may be needed. */
        if (files_locks_conflict(locks, &wanted) || !has_room(locks, wanted.client, 1))
            continue;
        oldest->kind = FILES_LOCK_NONE;
        hold(locks, &wanted);
        before = 0; /* a lock in place of another one may be less than that was */
    }
}

enum node_result files_locks_set(struct files_locks *locks, const struct files_lock *wanted,
                                 bool waits, uint64_t *ticket)
{
    *ticket = 0;
    if (!has_room(locks, wanted->client, wanted->kind == FILES_LOCK_NONE ? 1 : 2))
        return NODE_RESULT_NO_LOCKS;
    if (!files_locks_conflict(locks, wanted)) {
        hold(locks, wanted);
        grant(locks);
        return NODE_RESULT_DONE;
    }
    if (waits) {
        if (is_circle(locks, wanted))
            return NODE_RESULT_DEADLOCK;
        struct files_lock waiting = *wanted;
        waiting.ticket = *ticket = ++locks->tickets;
        put(locks, &waiting);
    }
    return NODE_RESULT_WOULD_BLOCK;
}

static struct files_lock *find(struct files_locks *locks, uint32_t client, uint64_t ticket)
{
    for (uint32_t i = 0; i < locks->end && ticket != 0; i++) {
        struct files_lock *lock = &locks->table[i];
        if (lock->kind != FILES_LOCK_NONE && lock->ticket == ticket && lock->client == client)
            return lock;
    }
    return NULL;
}

bool files_locks_waits(const struct files_locks *locks, uint32_t client, uint64_t ticket)
{
    return find((struct files_locks *)locks, client, ticket) != NULL;
}

enum node_result files_locks_cancel(struct files_locks *locks, uint32_t client, uint64_t ticket)
{
    struct files_lock *lock = find(locks, client, ticket);
    if (!lock)
        return NODE_RESULT_NOT_FOUND;
    lock->kind = FILES_LOCK_NONE;
    return NODE_RESULT_DONE;
}

void files_locks_end(struct files_locks *locks, const void *open)
{
    bool ended = false;
    for (uint32_t i = 0; i < locks->end; i++)
        if (locks->table[i].kind != FILES_LOCK_NONE && locks->table[i].open == open) {
            locks->table[i].kind = FILES_LOCK_NONE;
            ended = true;
        }
    if (ended)
        grant(locks);
}

bool files_locks_check(const struct files_locks *locks)
{
    for (uint32_t i = 0; i < locks->end; i++) {
        const struct files_lock *one = &locks->table[i];
        if (one->kind == FILES_LOCK_NONE)
            continue;
        if (one->start > one->last || one->ticket > locks->tickets)
            return false;
        if (one->ticket != 0 && !files_locks_conflict(locks, one) &&
            has_room(locks, one->client, 1))
            return false;
        for (uint32_t j = i + 1; j < locks->end && one->ticket == 0; j++) {
            const struct files_lock *other = &locks->table[j];
            if (is_held(other) && (exclude(one, other) ||
                                   (is_same_owner(one, other) && overlap(one, other))))
                return false;
        }
    }
    return true;
}
