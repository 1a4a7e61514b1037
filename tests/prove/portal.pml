/* SPDX-License-Identifier: MIT */
/*
 * Portal calls on one core: two clients call a server, whose handler calls a second server. A call
 * gives the caller's slice away; callers wait in a queue when the handler serves; a deadline, a
 * cancel, the end of an account and the end of a Thread cut a caller off its handler, which goes on
 * in its own slots; a Domain ends in steps, between which the others run. Each step is one way
 * through the kernel, which nothing interrupts on its core.
 *
 * Proved after each step: caller and handler name each other; who runs is the tail of the chain
 * from the slot's root, and a handler that serves does not run in slots of its own; a Portal has an
 * idle handler or a queue, and nobody waits at one that has ended or has no handler; a deadline that nobody would
 * look at otherwise is armed; no reply goes to another call than the one that was served.
 *
 * Seeds: CUT_HALF STOP_NO_DETACH STOP_IDLE_KEPT CUT_KEEPS_DEADLINE REPLY_KEEPS_DEADLINE NO_ARM
 * Seeds: IDLE_FIRST QUEUE_KEPT QUEUE_LEFT_LATE NO_CHAIN_CHANGED REPLY_ENTERS SERVES_ITSELF
 * Seeds: BUSY_JOINS DEPTH_KEPT QUEUE_NOT_TOLD
 */
#ifdef SHORT
#define CALLS 3 /* of all threads together */
#else
#define CALLS 4
#endif
#define CLIENT 0 /* and the next one */
#define HANDLER 2
#define SECOND 3 /* the handler of the second server */
#define THREADS 4
#define NONE THREADS
#define PORTALS 2
#define PORTAL(handler) ((handler) - HANDLER)

/* States. */
#define STOPPED 0
#define READY 1
#define CALLING 2
#define QUEUED 3
#define IDLE 4

byte state[THREADS] = READY;
byte caller[THREADS] = NONE, callee[THREADS] = NONE;
byte depth[THREADS];
bool serving[THREADS];
bool has_deadline[THREADS], armed[THREADS]; /* of the call that the thread makes */
byte call[THREADS], served[THREADS];        /* the call's number: of its caller, at its handler */

byte idle[PORTALS] = NONE;
bool attached[PORTALS] = true, ended;
bool untold; /* some who queue do not know that nobody is attached */
chan queue = [2] of {byte}; /* at the first one */

byte slot_thread = NONE, slot_root = NONE, current = NONE;
byte calls;
bool ends;

/* Within one step only. */
byte at, next, other, thread, portal, owner;
byte victim; /* is unblocked, */
bool stops;  /* and stopped */
bool due;    /* somebody else runs */

inline tail(from) {
    at = from;
    do
    :: state[at] == CALLING -> at = callee[at]
    :: else -> break
    od
}

/* The deadlines of all that wait in the chain whose last caller this is. */
inline chain_arm(last) {
    at = last;
    do
    :: at != NONE -> armed[at] = armed[at] || has_deadline[at]; at = caller[at]
    :: else -> break
    od
}

/* cpu.c, runnable(): `next` is who would run in the owner's slots. */
inline runnable() {
    next = NONE;
    if
#ifdef SERVES_ITSELF
    :: state[owner] == READY -> next = owner
#else
    :: state[owner] == READY && caller[owner] == NONE -> next = owner
#endif
    :: state[owner] == CALLING && caller[owner] == NONE ->
        tail(owner);
        if
        :: state[at] == READY -> next = at
        :: else
        fi
    :: else
    fi
}

/* Whoever can run in the slot, by whom it was given to or by its owner, or in the next slot, which
   may be anybody's. */
inline reschedule() {
    owner = slot_root;
    do
    :: owner != NONE ->
        runnable();
        if
        :: next != NONE -> slot_root = owner; break
        :: next == NONE && owner != slot_thread -> owner = slot_thread
        :: next == NONE && owner == slot_thread -> owner = NONE
        fi
    :: owner == NONE ->
        if
        :: owner = CLIENT
        :: owner = CLIENT + 1
        :: owner = HANDLER
        :: owner = SECOND
        fi;
        runnable();
        if
        :: next != NONE -> slot_thread = owner; slot_root = owner
        :: else -> slot_thread = NONE; slot_root = NONE
        fi;
        break
    od;
    if
#ifndef NO_ARM
    :: current != NONE -> chain_arm(caller[current])
#endif
    :: else
    fi;
    current = next
}

/* Caller and handler belong together from here on. */
inline join(who, handler) {
    caller[handler] = who;
    serving[handler] = true;
    depth[handler] = depth[who] + 1;
    served[handler] = call[who];
    state[handler] = READY;
    callee[who] = handler;
    state[who] = CALLING
}

/* portal_cut() */
inline cut(who) {
#ifndef CUT_HALF
    caller[callee[who]] = NONE;
#endif
    callee[who] = NONE;
#ifndef CUT_KEEPS_DEADLINE
    armed[who] = false;
#endif
    state[who] = READY
}

/* portal_call() of the thread that runs. */
inline call_portal() {
    d_step {
        calls++;
        call[current] = calls;
        portal = (current == HANDLER -> 1 : 0);
        thread = idle[portal]
    }
    if
    :: has_deadline[current] = true
    :: has_deadline[current] = false
    fi;
    if
    :: !attached[portal] /* disconnected */
    :: attached[portal] && thread != NONE ->
        idle[portal] = NONE;
        join(current, thread);
        current = thread
    :: attached[portal] && thread == NONE /* busy: the deadline is 0 */
    :: attached[portal] && thread == NONE && portal == 0 ->
#ifdef BUSY_JOINS
        join(current, HANDLER);
#else
        state[current] = QUEUED;
        queue!current;
        armed[current] = has_deadline[current];
#endif
        due = true
    fi
}

/* A handler without a call takes the first caller of the queue, or is idle. */
inline handler_wait() {
    serving[thread] = false;
#ifndef DEPTH_KEPT
    depth[thread] = 0;
#endif
    if
#ifdef IDLE_FIRST
    :: true -> state[thread] = IDLE; idle[portal] = thread
#else
    :: portal == 0 && nempty(queue) -> queue?at; join(at, thread)
    :: portal != 0 || empty(queue) -> state[thread] = IDLE; idle[portal] = thread
#endif
    fi
}

/* portal_reply() of the thread that runs, a handler. */
inline reply() {
    d_step { thread = current; other = caller[thread]; portal = PORTAL(thread) }
    if
    :: other == NONE && serving[thread] -> serving[thread] = false; depth[thread] = 0
    :: other != NONE || !serving[thread] ->
        if
        :: other != NONE ->
            assert(call[other] == served[thread]);
            callee[other] = NONE;
            state[other] = READY;
            caller[thread] = NONE;
#ifndef REPLY_KEEPS_DEADLINE
            armed[other] = false
#endif
        :: else
        fi;
        handler_wait();
        if
        :: other == NONE -> due = true
#ifdef REPLY_ENTERS
        :: other != NONE -> current = other
#else
        :: other != NONE && slot_root != thread -> current = other
        :: other != NONE && slot_root == thread -> chain_arm(caller[other]); due = true
#endif
        fi
    fi
}

/* thread_unblock(): a deadline, a cancel, the end of a thread. */
inline unblock() {
    if
    :: state[victim] == CALLING -> cut(victim)
    :: state[victim] == QUEUED ->
#ifndef QUEUE_LEFT_LATE
        queue??eval(victim);
#endif
        armed[victim] = false;
        state[victim] = READY
    :: else
    fi
}

/* Nobody is left to serve: those who queue are told. Of many some may wait on, since who was to
   tell them was stopped before he did. */
inline queue_tell() {
    do
    :: nempty(queue) ->
        queue?at;
        armed[at] = false;
        state[at] = READY
    :: nempty(queue) -> untold = true; break
    :: empty(queue) -> break
    od
}

/* thread_stop_now() */
inline stop() {
    if
    :: victim >= HANDLER ->
        portal = PORTAL(victim);
#ifndef STOP_IDLE_KEPT
        if
        :: idle[portal] == victim -> idle[portal] = NONE
        :: else
        fi;
#endif
        attached[portal] = false;
        serving[victim] = false;
        depth[victim] = 0;
#ifndef QUEUE_NOT_TOLD
        if
        :: portal == 0 -> queue_tell()
        :: else
        fi;
#endif
#ifndef STOP_NO_DETACH
        other = caller[victim];
        if
        :: other != NONE -> cut(other)
        :: else
        fi
#endif
    :: else
    fi;
    state[victim] = STOPPED
}

inline check_thread(who) {
    assert(state[who] != CALLING ||
           (caller[callee[who]] == who && serving[callee[who]] &&
            depth[callee[who]] == depth[who] + 1 &&
            (state[callee[who]] == READY || state[callee[who]] == CALLING)));
    assert(caller[who] == NONE || callee[caller[who]] == who);
    assert(state[who] != QUEUED || (queue??[eval(who)] && (attached[0] || untold) && !ended));
    assert(state[who] == CALLING || state[who] == QUEUED || !armed[who]);
    assert(serving[who] || depth[who] == 0)
}

inline check_portal(number) {
    assert(idle[number] == NONE || (state[idle[number]] == IDLE && attached[number]));
    assert(state[HANDLER + number] != IDLE || idle[number] == HANDLER + number)
}

/* Who has a deadline and is not in the chain that runs must be in the heap. */
inline check_deadline(who) {
    at = current;
    do
    :: at != NONE && at != who -> at = caller[at]
    :: else -> break
    od;
    assert(at == who || armed[who] || !has_deadline[who] ||
           (state[who] != CALLING && state[who] != QUEUED))
}

inline check() {
    check_thread(0); check_thread(1); check_thread(2); check_thread(3);
    check_portal(0); check_portal(1);
    assert(idle[0] == NONE || empty(queue));
    check_deadline(0); check_deadline(1); check_deadline(2);
    if
    :: current != NONE ->
        tail(slot_root);
        assert(at == current && state[current] == READY);
        assert(slot_root != slot_thread || caller[slot_root] == NONE)
    :: else
    fi
}

inline portal_end() {
    do
#ifndef QUEUE_KEPT
    :: nempty(queue) ->
        queue?at;
        armed[at] = false;
        state[at] = READY
#endif
    :: empty(queue) -> break
    od
}

/* What the thread that runs does, or what happens to others; and then who runs. */
active proctype core() {
    do
    :: atomic {
        victim = NONE;
        if
        :: calls < CALLS && (current < HANDLER || (current == HANDLER && serving[HANDLER])) ->
            call_portal()
        :: current == HANDLER || current == SECOND -> reply()
        :: slot_thread = NONE; slot_root = NONE; due = true /* the slice ends */
        :: current < HANDLER && state[HANDLER] == READY -> /* thread_yield() */
            slot_root = HANDLER;
            current = HANDLER
        :: current < HANDLER && state[SECOND] == READY ->
            slot_root = SECOND;
            current = SECOND
        :: state[CLIENT] == CALLING -> /* its slot comes, and its account is empty */
            cut(CLIENT);
            slot_thread = NONE; slot_root = NONE; due = true
        :: armed[CLIENT] -> victim = CLIENT /* a deadline */
        :: armed[HANDLER] -> victim = HANDLER
        :: state[CLIENT + 1] == QUEUED -> victim = CLIENT + 1 /* a cancel */
        :: !ends -> stops = true; victim = CLIENT /* a Domain ends: first its Threads */
        :: !ends -> stops = true; victim = HANDLER
        :: !ends -> stops = true; victim = SECOND
        :: !attached[0] && !ended -> ended = true; portal_end() /* and then its Portals */
        fi;
        if
        :: victim != NONE ->
            unblock();
            if
            :: stops -> stop(); ends = true; due = current == victim
            :: else
            fi;
            if
#ifndef NO_CHAIN_CHANGED
            :: current != NONE && slot_root != NONE -> tail(slot_root); due = due || at != current
#endif
            :: else
            fi
        :: else
        fi;
        if
        :: due -> reschedule()
        :: else
        fi;
        check();
        d_step {
            at = 0; next = 0; other = 0; thread = 0; portal = 0; owner = 0; victim = 0;
            due = false; stops = false
        }
    }
    od
}
