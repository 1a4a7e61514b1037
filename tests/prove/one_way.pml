/* SPDX-License-Identifier: MIT */
/*
 * A one-way channel (components/runtime/one_way.h): the client overwrites what is oldest and sees
 * nothing of the server, which only reads. Before the client writes over requests it moves `oldest`
 * past them; the server looks at `oldest` and `epoch` again when it has its copy. A client that
 * begins anew sets the epoch to 0 while it sets its counters back.
 *
 * Proved: what the server takes is whole, of the epoch and the number that it asked for; and when
 * nothing moves any more it has taken, or counted as lost, all that was pushed in the last epoch. In
 * each epoch it counts no more as lost than was pushed.
 *
 * A plain store of the client waits in its core's buffer, out of which the words come in any order;
 * release and signals empty it. Loads come in the order of the program.
 *
 * Seeds: NO_FENCE_OLDEST OLDEST_LATE OLDEST_SHORT TAIL_RELAXED EPOCH_KEPT NO_FENCE_EPOCH
 * Seeds: EPOCH_RELAXED NO_LOOK_OLDEST NO_LOOK_EPOCH ONE_LOOK_EPOCH NO_RING
 */
#define ENTRIES 2 /* of the ring; of as many requests the arena has place */
#define EPOCHS 2
#ifdef SHORT
#define PUSHES 3 /* in each epoch, or less */
#else
#define PUSHES 4
#endif
#define MESSAGE(epoch, number) ((epoch) * 8 + (number) + 1)

/* The words of the channel. */
#define TAIL 0
#define OLDEST 1
#define EPOCH 2
#define ENTRY 3 /* of each request: which it is */
#define PLACE (ENTRY + ENTRIES) /* and its message, of two words */
#define WORDS (PLACE + 2 * ENTRIES)

byte memory[WORDS];
bit buffered[WORDS];
byte buffer[WORDS];
bool doorbell;

byte pushed, epoch; /* of the client's epoch */
byte next, taken_epoch, received, lost; /* of the server's epoch */

inline drain(word) {
    if
    :: buffered[word] ->
        memory[word] = buffer[word];
        buffered[word] = 0;
        buffer[word] = 0
    :: else
    fi
}

inline drain_all() {
    drain(0); drain(1); drain(2); drain(3); drain(4); drain(5); drain(6); drain(7); drain(8)
}

inline store(word, value) {
    d_step { buffer[word] = value; buffered[word] = 1 }
}

inline fence() {
    d_step { drain_all() }
}

/* Between the client's processor and memory: its words, in any order, at any time. */
active proctype store_buffer() {
end:
    do
    :: d_step { buffered[0] -> drain(0) }
    :: d_step { buffered[1] -> drain(1) }
    :: d_step { buffered[2] -> drain(2) }
    :: d_step { buffered[3] -> drain(3) }
    :: d_step { buffered[4] -> drain(4) }
    :: d_step { buffered[5] -> drain(5) }
    :: d_step { buffered[6] -> drain(6) }
    :: d_step { buffered[7] -> drain(7) }
    :: d_step { buffered[8] -> drain(8) }
    od
}

inline begin_epoch() {
#ifndef EPOCH_KEPT
    store(EPOCH, 0);
#endif
#ifndef NO_FENCE_EPOCH
    fence();
#endif
    store(TAIL, 0);
    store(OLDEST, 0);
    d_step { epoch++; pushed = 0 }
#ifndef EPOCH_RELAXED
    fence();
#endif
    store(EPOCH, epoch)
}

/* pass_oldest(): the next request gets the entry and the place of the oldest one. */
inline pass_oldest() {
    d_step {
        if
#ifdef OLDEST_SHORT
        :: pushed > ENTRIES -> buffer[OLDEST] = pushed - ENTRIES; buffered[OLDEST] = 1
#else
        :: pushed >= ENTRIES -> buffer[OLDEST] = pushed - ENTRIES + 1; buffered[OLDEST] = 1
#endif
        :: else
        fi
    }
}

inline push() {
#ifndef OLDEST_LATE
    pass_oldest();
#endif
#ifndef NO_FENCE_OLDEST
    fence();
#endif
    store(PLACE + 2 * (pushed % ENTRIES), MESSAGE(epoch, pushed));
    store(PLACE + 2 * (pushed % ENTRIES) + 1, MESSAGE(epoch, pushed));
#ifdef OLDEST_LATE
    pass_oldest();
#endif
    store(ENTRY + pushed % ENTRIES, pushed);
#ifndef TAIL_RELAXED
    fence();
#endif
    d_step { pushed++; buffer[TAIL] = pushed; buffered[TAIL] = 1 }
}

active proctype client() {
    begin_epoch();
    do
    :: pushed < PUSHES ->
        push();
        if
#ifndef NO_RING
        :: d_step { drain_all(); doorbell = true }
#endif
        :: pushed < PUSHES /* a batch */
        fi
    :: epoch < EPOCHS -> begin_epoch()
    :: pushed == PUSHES -> break
    od
}

#define BACK(from, to) (((from) - (to) + 256) % 256)

/* find_next() */
inline find_next() {
    number = memory[EPOCH];
    tail = memory[TAIL];
    oldest = memory[OLDEST];
#ifdef ONE_LOOK_EPOCH
    if
    :: number == 0 -> found = false
#else
    if
    :: number == 0 || memory[EPOCH] != number -> found = false
#endif
    :: else ->
        d_step {
            if
            :: number != taken_epoch ->
                taken_epoch = number; next = 0; received = 0; lost = 0
            :: else
            fi;
            tail = BACK(tail, next);
            oldest = BACK(oldest, next);
            oldest = (oldest > tail -> 0 : oldest);
            oldest = (tail - oldest > ENTRIES -> tail - ENTRIES : oldest);
            lost = lost + oldest;
            assert(lost <= PUSHES);
            next = next + oldest;
            found = tail != oldest
        }
    fi;
    d_step { number = 0; tail = 0; oldest = 0 }
}

/* copy_next() */
inline copy_next() {
    number = memory[ENTRY + next % ENTRIES];
    first = memory[PLACE + 2 * (next % ENTRIES)];
    second = memory[PLACE + 2 * (next % ENTRIES) + 1];
    oldest = memory[OLDEST];
    if
#ifndef NO_LOOK_OLDEST
    :: oldest > next -> found = false
#endif
    :: else -> found = number == next
    fi;
#ifndef NO_LOOK_EPOCH
    found = found && memory[EPOCH] == taken_epoch;
#endif
    assert(!found || (first == MESSAGE(taken_epoch, next) && second == first));
    d_step {
        received = received + found;
        lost = lost + !found;
        next++;
        number = 0; first = 0; second = 0; oldest = 0; found = false
    }
}

/* rpc_server_events(), with this channel alone. */
active proctype server() {
    byte number, tail, oldest, first, second;
    bool found;
    do
    ::
        number = memory[EPOCH];
        if
        :: number != 0 && memory[TAIL] != (number == taken_epoch -> next : 0) ->
            number = 0;
            find_next();
            if
            :: found -> copy_next()
            :: else
            fi
        :: else ->
            number = 0;
end_asleep:
            doorbell;
            doorbell = false
        fi
    od
}

active proctype judge() {
    timeout; /* when nothing moves any more */
    assert(taken_epoch == epoch && received + lost == pushed && next == pushed)
}
