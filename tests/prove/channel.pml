/* SPDX-License-Identifier: MIT */
/*
 * The rings of a channel whose ends have met. The client pushes requests, takes the replies, and
 * makes calls, of which it may give up one; the server's Threads are a handler, which runs on the
 * client's core, and the one for the rings on another. Who of the two has the channel its word
 * `serving` says, see rpc_server.h: a handler exchanges it, and the other one sets AGAIN.
 *
 * Proved: each request in the ring is served once and in its order, a call that is answered after
 * all that was sent before it; the client gets all replies in order, and nobody sleeps for ever.
 *
 * A plain store waits in its core's buffer, out of which the words come in any order; release,
 * barriers, exchanges and signals to another core empty it. Loads come in the order of the program.
 *
 * Seeds: TAIL_RELAXED LOOK_FIRST NO_BARRIER_PUSH NO_BARRIER_SLEEP NO_BARRIER_REPLY
 * Seeds: NO_BARRIER_CLIENT CLIENT_LOOK_FIRST PUT_BACK_HALF NO_RING_FLAG HEAD_LATE TAKE_LATE
 * Seeds: NO_WAKE_AGAIN WAKE_EARLY
 */
#ifdef SHORT
#define QUESTIONS 1
#else
#define QUESTIONS 3
#endif
#define ENTRIES 2 /* of a ring */
#define CLIENT 0  /* the core of the client and of the handler */
#define RINGS 1
#define CORES 2

/* The words that are stored plainly. */
#define REQUEST_TAIL 0
#define CLIENT_ATTENTION 1
#define REPLY_TAIL 2
#define SERVER_ATTENTION 3
#define HEAD 4    /* private to the server: how many requests it took */
#define REQUEST 5 /* the entries */
#define REPLY (REQUEST + ENTRIES)
#define WORDS (REPLY + ENTRIES)

/* Attention. */
#define AWAKE 1
#define ASLEEP 2

/* The word `serving`. */
#define FREE 0
#define TAKEN 1
#define AGAIN 2

/* What a call is for. */
#define REQUEST_ALONE 1
#define REQUEST_BEHIND 2 /* the ring, and then it */

byte memory[WORDS];
bit buffered[CORES * WORDS];
byte buffer[CORES * WORDS];
byte serving;
bool wake, doorbell; /* pending at the client's Event, and at that of the rings Thread */
byte send_tail;      /* of the replies; like `holders` it belongs to who has the channel */
byte holders;
byte sent, served;   /* requests in the ring */

byte called; /* what the call is for that waits for the handler */
bool answered, cut, busy;
byte wanted; /* how many requests were sent before the call */

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
    drain(core, 0); drain(core, 1); drain(core, 2); drain(core, 3); drain(core, 4);
    drain(core, 5); drain(core, 6); drain(core, 7); drain(core, 8)
}

inline put(core, word, value) {
    buffer[ENTRY(core, word)] = value;
    buffered[ENTRY(core, word)] = 1
}

inline store(core, word, value) {
    d_step { put(core, word, value) }
}

inline barrier(core) {
    d_step { drain_all(core) }
}

/* channel_push(): the entry, and the tail with release. */
inline push(core, tail_word, entries, tail) {
    store(core, entries + tail % ENTRIES, tail + 1);
    d_step {
#ifndef TAIL_RELAXED
        drain_all(core);
#endif
        tail++;
        put(core, tail_word, tail)
    }
}

/* A kernel call, which may send to another core. */
inline signal(core, event) {
    d_step { drain_all(core); event = true }
}

/* Between processor and memory: the words of each core, in any order, at any time. */
active [CORES] proctype store_buffer() {
end:
    do
    :: d_step { buffered[ENTRY(_pid, 0)] -> drain(_pid, 0) }
    :: d_step { buffered[ENTRY(_pid, 1)] -> drain(_pid, 1) }
    :: d_step { buffered[ENTRY(_pid, 2)] -> drain(_pid, 2) }
    :: d_step { buffered[ENTRY(_pid, 3)] -> drain(_pid, 3) }
    :: d_step { buffered[ENTRY(_pid, 4)] -> drain(_pid, 4) }
    :: d_step { buffered[ENTRY(_pid, 5)] -> drain(_pid, 5) }
    :: d_step { buffered[ENTRY(_pid, 6)] -> drain(_pid, 6) }
    :: d_step { buffered[ENTRY(_pid, 7)] -> drain(_pid, 7) }
    :: d_step { buffered[ENTRY(_pid, 8)] -> drain(_pid, 8) }
    od
}

inline exchange_serving(core, value, old) {
#ifdef TAKE_LATE
    old = serving;
    d_step { drain_all(core); serving = value }
#else
    d_step { drain_all(core); old = serving; serving = value }
#endif
}

inline set_again(core, old) {
    d_step { drain_all(core); old = serving; serving = serving | AGAIN }
}

/* drain_ring(): whoever has the channel serves what waits. */
inline drain_ring(core, head, tail) {
    tail = LOAD(core, REQUEST_TAIL);
    head = LOAD(core, HEAD);
    if
    :: tail != head ->
#ifndef HEAD_LATE
        store(core, HEAD, tail);
#endif
        do
        :: head != tail ->
            assert(LOAD(core, REQUEST + head % ENTRIES) == served + 1);
            served++;
            head++;
            push(core, REPLY_TAIL, REPLY, send_tail)
        :: else -> break
        od;
#ifndef NO_BARRIER_REPLY
        barrier(core);
#endif
        if
        :: LOAD(core, CLIENT_ATTENTION) == ASLEEP -> signal(core, wake)
        :: else
        fi
    :: else
    fi
}

/* A call found the channel taken: what was in its word besides goes back. */
inline put_back(old) {
    if
    :: old & AGAIN ->
        set_again(CLIENT, old);
#ifndef PUT_BACK_HALF
        if
        :: old == FREE -> /* its holder has left: that took the channel */
            exchange_serving(CLIENT, FREE, old);
            signal(CLIENT, doorbell)
        :: else
        fi
#endif
    :: else
    fi
}

active proctype handler() {
    byte kind, old, head, tail, before;
end:
    do
    :: d_step { called != 0 -> kind = called; before = wanted; called = 0 }
        exchange_serving(CLIENT, TAKEN, old);
        if
        :: old != FREE ->
            put_back(old);
            busy = true
        :: else ->
            d_step { holders++; assert(holders == 1) }
            if
            :: kind != REQUEST_ALONE -> drain_ring(CLIENT, head, tail)
            :: else
            fi;
            assert(served >= before);
            d_step { holders--; head = 0; tail = 0 }
#ifdef WAKE_EARLY
            if
            :: serving & AGAIN -> signal(CLIENT, doorbell)
            :: else
            fi;
            exchange_serving(CLIENT, FREE, old);
#else
            exchange_serving(CLIENT, FREE, old);
#endif
#if !defined(WAKE_EARLY) && !defined(NO_WAKE_AGAIN)
            if
            :: old & AGAIN -> signal(CLIENT, doorbell)
            :: else
            fi;
#endif
#ifdef HEAD_LATE
            store(CLIENT, HEAD, served)
#endif
        fi;
        d_step {
            if
            :: cut -> cut = false; busy = false
            :: else -> answered = true
            fi;
            kind = 0; old = 0; before = 0
        }
    od
}

/* rpc_server_events() with one channel. */
active proctype rings() {
    byte old, head, tail;
    do
    ::
#ifdef LOOK_FIRST
        tail = LOAD(RINGS, REQUEST_TAIL);
#endif
        store(RINGS, SERVER_ATTENTION, ASLEEP);
#ifndef NO_BARRIER_SLEEP
        barrier(RINGS);
#endif
#ifndef LOOK_FIRST
        tail = LOAD(RINGS, REQUEST_TAIL);
#endif
        if
        :: tail == LOAD(RINGS, HEAD) || serving == (TAKEN | AGAIN) -> /* the handler will wake it */
end_asleep:
            doorbell;
            doorbell = false
        :: else
        fi;
        store(RINGS, SERVER_ATTENTION, AWAKE);
        barrier(RINGS);
        tail = LOAD(RINGS, REQUEST_TAIL);
        if
        :: tail != LOAD(RINGS, HEAD) ->
            set_again(RINGS, old);
            if
            :: old == FREE ->
                d_step { holders++; assert(holders == 1) }
                drain_ring(RINGS, head, tail);
                holders--;
                exchange_serving(RINGS, FREE, old)
            :: else /* whoever has it will wake this Thread */
            fi
        :: else
        fi;
        d_step { old = 0; head = 0; tail = 0 }
    od
}

/* Make a call; it may be given up once, wherever it is. */
inline call(kind) {
    d_step { called = kind; wanted = sent }
    if
    :: d_step { answered -> answered = false }
    :: d_step {
            !given_up ->
            given_up = true;
            if
            :: called != 0 -> called = 0
            :: answered -> answered = false
            :: else -> cut = true
            fi
        }
    fi
}

/* rpc_client_await() */
inline await() {
#ifndef NO_BARRIER_PUSH
    barrier(CLIENT);
#endif
    if
    :: LOAD(CLIENT, SERVER_ATTENTION) == ASLEEP -> signal(CLIENT, doorbell)
    :: else
    fi;
#ifdef CLIENT_LOOK_FIRST
    tail = LOAD(CLIENT, REPLY_TAIL);
#endif
    store(CLIENT, CLIENT_ATTENTION, ASLEEP);
#ifndef NO_BARRIER_CLIENT
    barrier(CLIENT);
#endif
#ifndef CLIENT_LOOK_FIRST
    tail = LOAD(CLIENT, REPLY_TAIL);
#endif
    if
    :: tail == head -> wake; wake = false
    :: else
    fi;
    store(CLIENT, CLIENT_ATTENTION, AWAKE);
    barrier(CLIENT);
    tail = 0
}

/* rpc_client_take_replies(), for one. */
inline take_reply() {
    assert(LOAD(CLIENT, REPLY + head % ENTRIES) == head + 1);
    head++
}

active proctype client() {
    byte head, tail, calls;
    bool given_up;
    do
    :: sent < QUESTIONS && sent - head < ENTRIES -> push(CLIENT, REQUEST_TAIL, REQUEST, sent)
    :: calls < 2 && (calls == 0 || given_up) ->
#ifdef NO_RING_FLAG
        call(REQUEST_ALONE);
#else
        if
        :: head == sent -> call(REQUEST_ALONE)
        :: else -> call(REQUEST_BEHIND)
        fi;
#endif
        calls++;
        busy = false /* call_again() would make it again */
    :: head != sent ->
        if
        :: LOAD(CLIENT, REPLY_TAIL) != head -> take_reply()
        :: else -> await()
        fi
    :: sent == QUESTIONS && head == sent -> break
    od;
    assert(served == sent)
}
