/* SPDX-License-Identifier: MIT */
/*
 * Grace periods (components/sync/rcu.h): a writer exchanges what readers find by a pointer, and
 * frees what was there after a grace period. Readers come online and go offline, and in between
 * they have sections and announce quiescent states.
 *
 * Proved: nothing is freed while a reader holds it, and each grace period ends when the readers
 * have gone offline.
 *
 * A plain store waits in its core's buffer, out of which the words come in any order; release,
 * fences and atomic additions empty it. Loads come in the order of the program.
 *
 * Seeds: NO_GRACE COUNT_FIRST COUNT_RELAXED OLD_COUNT ONE_READER
 * Seeds: NO_FENCE_ONLINE ONLINE_AHEAD QUIESCENT_HOLDING OFFLINE_HOLDING
 */
#define READERS 2
#ifdef SHORT
#define UPDATES 1
#define SECTIONS 2 /* of each reader */
#else
#define UPDATES 2
#define SECTIONS 3
#endif
#define NODES (UPDATES + 1)
#define NOTHING NODES
#define WRITER READERS
#define CORES (READERS + 1)

/* The words that are stored plainly. */
#define POINTER 0
#define GRACE 1
#define SEEN 2 /* one for each reader */
#define WORDS (SEEN + READERS)

byte memory[WORDS];
bit buffered[CORES * WORDS];
byte buffer[CORES * WORDS];
bool freed[NODES];

#define ENTRY(core, word) ((core) * WORDS + (word))
#define LOAD(core, word) \
    (buffered[ENTRY(core, word)] -> buffer[ENTRY(core, word)] : memory[word])

inline drain(core, word) {
    if
    :: buffered[ENTRY(core, word)] ->
        memory[word] = buffer[ENTRY(core, word)];
        buffered[ENTRY(core, word)] = 0;
        buffer[ENTRY(core, word)] = 0
    :: else
    fi
}

inline drain_all(core) {
    drain(core, 0); drain(core, 1); drain(core, 2); drain(core, 3)
}

inline store(core, word, value) {
    d_step {
        buffer[ENTRY(core, word)] = value;
        buffered[ENTRY(core, word)] = 1
    }
}

inline fence(core) {
    d_step { drain_all(core) }
}

/* Between processor and memory: the words of each core, in any order, at any time. */
active [CORES] proctype store_buffer() {
end:
    do
    :: d_step { buffered[ENTRY(_pid, 0)] -> drain(_pid, 0) }
    :: d_step { buffered[ENTRY(_pid, 1)] -> drain(_pid, 1) }
    :: d_step { buffered[ENTRY(_pid, 2)] -> drain(_pid, 2) }
    :: d_step { buffered[ENTRY(_pid, 3)] -> drain(_pid, 3) }
    od
}

/* What a reader does with the pointer that it has: between the two, anything. */
inline use() {
    assert(!freed[node]);
    assert(!freed[node])
}

active [READERS] proctype reader() {
    byte core = _pid - CORES;
    byte node = NOTHING, grace, sections;
    do
    :: sections < SECTIONS ->
        /* rcu_online() */
        grace = LOAD(core, GRACE) + 1;
#ifdef ONLINE_AHEAD
        store(core, SEEN + core, grace + 1);
#else
        store(core, SEEN + core, grace);
#endif
#ifndef NO_FENCE_ONLINE
        fence(core);
#endif
        do
        :: sections < SECTIONS -> /* a section, which stores nothing */
            node = LOAD(core, POINTER);
            use();
            sections++
        :: true -> /* rcu_quiescent() */
            grace = LOAD(core, GRACE) + 1;
            if
            :: grace != LOAD(core, SEEN + core) ->
                fence(core);
                store(core, SEEN + core, grace)
            :: else
            fi;
#ifdef QUIESCENT_HOLDING
            if
            :: node != NOTHING -> use()
            :: else
            fi;
#endif
            node = NOTHING
        :: true -> break
        od;
        /* rcu_offline() */
        fence(core);
        store(core, SEEN + core, 0);
#ifdef OFFLINE_HOLDING
        if
        :: node != NOTHING -> use()
        :: else
        fi;
#endif
        d_step { node = NOTHING; grace = 0 }
    :: else -> break
    od
}

/* rcu_grace_begin() */
inline grace_begin() {
    d_step {
#ifndef COUNT_RELAXED
        drain_all(WRITER);
#endif
        memory[GRACE] = memory[GRACE] + 1;
        grace = memory[GRACE]
    }
}

/* The grace period is over for one reader. */
#ifdef OLD_COUNT
#define IS_OVER(reader) (memory[SEEN + (reader)] == 0 || memory[SEEN + (reader)] >= grace)
#else
#define IS_OVER(reader) (memory[SEEN + (reader)] == 0 || memory[SEEN + (reader)] > grace)
#endif

active proctype writer() {
    byte updates, grace;
    do
    :: updates < UPDATES ->
#ifdef COUNT_FIRST
        grace_begin();
#endif
        store(WRITER, POINTER, updates + 1);
#ifndef COUNT_FIRST
        grace_begin();
#endif
#ifndef NO_GRACE
        IS_OVER(0);
#ifndef ONE_READER
        IS_OVER(1);
#endif
#endif
        freed[updates] = true;
        updates++
    :: else -> break
    od
}
