/* SPDX-License-Identifier: MIT */
/*
 * Signals between cores. An Event belongs to one core, its home; only that core touches the pending
 * bits and the waiting threads. Another core's signal leaves its bits in event->remote and puts the
 * Event into the home core's mailbox, a stack, and it interrupts the home core only when that
 * sleeps.
 *
 * Proved: when nothing moves any more, every bit that was signalled has been raised at home.
 *
 * Memory is weaker than what Promela has: a plain store waits in its core's buffer, out of which
 * the words come in any order. A barrier and an atomic exchange empty the buffer of their core.
 *
 * Seeds: BITS_LAST QUEUED_READ MAIL_FIRST NO_BARRIER_SENDER
 * Seeds: MAIL_LAST NO_BARRIER_MAIL LINK_LATE BITS_FIRST EXCHANGE_RELAXED
 * Seeds: NO_RECHECK NO_BARRIER_HOME WINDOW
 */
#define SENDERS 2
#ifdef SHORT
#define SIGNALS 1 /* of each sender */
#else
#define SIGNALS 2
#endif
#define EVENTS 2
#define HOME SENDERS
#define CORES (SENDERS + 1)
#define NONE EVENTS

/* The words that are stored plainly. */
#define MAIL 0
#define ASLEEP 1
#define QUEUED 2 /* one for each Event */
#define WORDS (2 + EVENTS)

bit memory[WORDS];
bit buffered[CORES * WORDS];
bit buffer[CORES * WORDS];

byte head = NONE;     /* of the mailbox */
byte link[EVENTS];    /* the next one in it; written before the exchange that publishes it */
byte remote[EVENTS];  /* bits that other cores signalled */
byte raised[EVENTS];  /* bits that were raised at home */
byte sent[EVENTS];
bool interrupt;       /* is pending at the home core */

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

inline barrier(core) {
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

inline add_bits(core, event, bits) {
    d_step {
        drain_all(core);
        remote[event] = remote[event] | bits
    }
}

/* Ask whether the Event is queued, and say that it is. */
inline exchange_queued(core, event, old) {
#ifdef QUEUED_READ
    old = LOAD(core, QUEUED + event);
    store(core, QUEUED + event, 1);
    barrier(core)
#else
    d_step {
        drain_all(core);
        old = memory[QUEUED + event];
        memory[QUEUED + event] = 1
    }
#endif
}

/* By compare and exchange, with release. */
inline push(core, event) {
    do
    :: first = head;
        link[event] = first;
        if
        :: d_step { head == first -> drain_all(core); head = event }; break
        :: else
        fi
    od
}

/* event_signal() on another core. */
active [SENDERS] proctype sender() {
    byte core = _pid - CORES;
    byte event, old, first;
    byte signal = 0;
    do
    :: signal < SIGNALS ->
        atomic {
            if :: event = 0 :: event = 1 fi;
            sent[event] = sent[event] | (1 << (core * SIGNALS + signal))
        }
#ifdef BITS_LAST
        exchange_queued(core, event, old);
        add_bits(core, event, 1 << (core * SIGNALS + signal));
#else
        add_bits(core, event, 1 << (core * SIGNALS + signal));
        exchange_queued(core, event, old);
#endif
        if
        :: old == 0 ->
#ifdef MAIL_FIRST
            store(core, MAIL, 1);
            push(core, event);
#else
            push(core, event);
            store(core, MAIL, 1);
#endif
#ifndef NO_BARRIER_SENDER
            barrier(core);
#endif
            if
            :: LOAD(core, ASLEEP) -> interrupt = true
            :: else
            fi
        :: else /* Whoever set the mark does that; who takes the Event clears the mark first. */
        fi;
        signal++
    :: else -> break
    od
}

inline take_bits(event) {
    d_step {
#ifndef EXCHANGE_RELAXED
        drain_all(HOME);
#endif
        raised[event] = raised[event] | remote[event];
        remote[event] = 0
    }
}

/* The home core takes its mail. */
inline take_mail() {
#ifndef MAIL_LAST
    store(HOME, MAIL, 0);
#endif
    d_step {
#ifndef NO_BARRIER_MAIL
        drain_all(HOME);
#endif
        event = head;
        head = NONE
    }
#ifdef MAIL_LAST
    store(HOME, MAIL, 0);
#endif
    do
    :: event != NONE ->
#if defined(LINK_LATE)
        store(HOME, QUEUED + event, 0);
        take_bits(event);
        next = link[event];
#elif defined(BITS_FIRST)
        next = link[event];
        take_bits(event);
        store(HOME, QUEUED + event, 0);
#else
        next = link[event]; /* before somebody may queue it again */
        store(HOME, QUEUED + event, 0);
        take_bits(event);
#endif
        event = next
    :: else -> break
    od
}

/* The home core: whatever is in the mailbox, then user mode or sleep. */
active proctype home() {
    byte event, next;
    do
    ::
        if
        :: LOAD(HOME, MAIL) -> take_mail()
        :: else
        fi;
        if
        :: interrupt = false /* runs user code until something brings it back */
        ::
            store(HOME, ASLEEP, 1);
#ifndef NO_BARRIER_HOME
            barrier(HOME);
#endif
            if
#ifdef NO_RECHECK
            :: true ->
#else
            :: LOAD(HOME, MAIL)
            :: else ->
#endif
#ifdef WINDOW
                interrupt = false; /* interrupts come between the look and the halt */
#endif
end_halted:
                interrupt;
                interrupt = false
            fi;
            store(HOME, ASLEEP, 0)
        fi
    od
}

active proctype judge() {
    timeout; /* when nothing moves any more */
    assert(raised[0] == sent[0] && raised[1] == sent[1])
}
