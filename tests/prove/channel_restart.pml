/* SPDX-License-Identifier: MIT */
/*
 * The restart of either end of a channel. A client that begins takes another epoch, with all
 * counters at a base. On fresh memory it goes on at once; where a client was before, it waits until
 * the server has taken the epoch up, a while. Whoever has the channel takes it up: a handler that
 * was called, or the Thread for the rings. A server that is started again finds its line cleared by
 * init, and the client's counter and epoch, before the client has its Portal. channel.pml has how
 * the two agree who sleeps.
 *
 * Proved: each reply that a client takes is to a request of its own epoch, none is served twice, no
 * client waits for ever, and none is told `busy` when there is a Thread for the rings but by the
 * end of its wait for the former one.
 *
 * Memory is what all see at once here: of the fences channel.pml speaks.
 *
 * Seeds: SAME_EPOCH NO_WAIT OLD_COUNTERS CLEAR_ALL CLEAR_LATE CLEAR_BASE BASE_ANEW REPLIES_OF_ANY
 * Seeds: BROKEN_UNSEEN NO_NOTICE NOTICE_FROM_OPEN NOTICE_UNSURE AWAKE_BELIEVED NOT_HELD
 * Seeds: ONLY_CALLS_TAKE_UP BEGUN_BY_BOTH ATTENTION_CLEARED
 */
#define ENTRIES 1 /* of a ring: what comes next is written over what was */
#define RESTARTS 1
#define BEGUN_MAX 6
#define QUESTIONS 1 /* of each epoch */
#ifndef SHORT
#define EXTRAS 1 /* a call, connecting again, or the end of a wait */
#endif
#if defined(CLEAR_ALL) || defined(CLEAR_LATE) || defined(CLEAR_BASE) || defined(REPLIES_OF_ANY) || \
    defined(BROKEN_UNSEEN) || defined(NO_NOTICE) || defined(NOTICE_FROM_OPEN) || \
    defined(NOTICE_UNSURE) || defined(AWAKE_BELIEVED)
#define ONLY_SERVER /* is started again: they are about that, and found sooner */
#endif
#define NONE 255 /* the epoch of a server that has taken up none */

/* Attention. */
#define ABSENT 0
#define AWAKE 1
#define ASLEEP 2

/* The word `serving`. */
#define FREE 0
#define TAKEN 1
#define AGAIN 2

/* What a call answers. */
#define OK 1
#define BUSY 2
#define DISCONNECTED 3

/* The channel: the lines, and the rings. A counter and its epoch are one word when an end begins;
   a push writes the counter alone. */
byte request_tail, client_epoch, reply_head, client_attention, client_base;
byte reply_tail, server_epoch, server_attention;
byte request[ENTRIES], reply[ENTRIES]; /* when the client began, and the question */
#define MESSAGE(question) (begun * 4 + (question) - own_base + 1)

/* What the server keeps for it. */
byte badge, epoch, head, send_tail, replies_taken, serving;

bool wake, doorbell; /* pending at the client's Event, and at that of the Thread for the rings */
bool client_runs, server_runs;
bool client_bell, server_bell; /* the client's, and the server's end can be signalled */
bool portal;                   /* is in the client's slot */
bool armed;                    /* the client's Event hears of the portal's end */
bool attached;                 /* a handler has come */
bool kill_client, kill_handler, kill_rings;
byte life;  /* of the client: the call's badge */
byte server_life, by; /* which of them a call has met */
byte begun; /* how often a client has begun */

bool called, calling, cut;
byte answered;
int served; /* bits: requests that were */

/* ---- the server ---- */

inline serve_ring_entries() {
    tail = request_tail;
    d_step {
        if
        :: client_epoch != epoch || tail < head || tail - head > ENTRIES -> tail = head
        :: else
        fi;
        i = head
    }
    if
    :: tail != i ->
        head = tail;
        do
        :: i != tail ->
            value = request[i % ENTRIES];
            d_step {
                assert(value != 0 && !(served & (1 << value)));
                served = served | (1 << value);
                i++;
                replies_taken =
                    (send_tail - replies_taken >= ENTRIES -> reply_head : replies_taken)
            }
            if
            :: send_tail - replies_taken < ENTRIES ->
                reply[send_tail % ENTRIES] = value;
                send_tail++;
                reply_tail = send_tail
            :: else /* the client has lost it */
            fi
        :: i == tail -> break
        od;
        waits = true
    :: else
    fi;
    d_step {
        wake = wake || (waits && client_attention == ASLEEP && client_bell);
        waits = false
    }
}

/* begin_again() and channel_take_up(): what else may stand in the line is of no use. */
inline begin_again(number) {
#ifdef OLD_COUNTERS
    head = client_base;
#else
    d_step { i = client_base; send_tail = i; replies_taken = i; head = i }
#endif
    epoch = (number == 0 -> NONE : number);
#ifdef ATTENTION_CLEARED
    server_attention = ABSENT;
    d_step { reply_tail = send_tail; server_epoch = epoch }
    server_attention = ASLEEP
#else
    server_attention = ASLEEP;
    d_step { reply_tail = send_tail; server_epoch = epoch }
#endif
}

/* serve_special() of a call that asks for nothing but to serve the ring. */
inline serve_call() {
    value = client_epoch;
    if
#ifdef BEGUN_BY_BOTH
    :: (value != 0 && value != epoch) || from > badge -> begin_again(value)
#else
    :: (value != 0 && value != epoch) || (value == 0 && from > badge) -> begin_again(value)
#endif
    :: else
    fi;
    badge = from;
    if
    :: value != epoch -> status = DISCONNECTED
    :: else -> serve_ring_entries(); status = OK
    fi
}

active proctype handler() {
    byte from, old, i, tail, value, status;
    bool waits;
    do
    ::
        {
            skip;
end_stopped:
            server_runs;
            attached = true;
end_idle:
            do
            :: d_step { called -> called = false; from = life }
#ifdef NOT_HELD
                old = FREE;
#else
                d_step { old = serving; serving = TAKEN }
#endif
                if
                :: old != FREE ->
                    if
                    :: old & AGAIN ->
                        d_step { old = serving; serving = serving | AGAIN }
                        if
                        :: old == FREE -> d_step { serving = FREE; doorbell = true }
                        :: else
                        fi
                    :: else
                    fi;
                    status = BUSY
                :: else ->
                    serve_call();
                    d_step { old = serving; serving = FREE }
                    if
                    :: old & AGAIN -> doorbell = true
                    :: else
                    fi
                fi;
                d_step {
                    answered = (cut -> 0 : status);
                    by = (answered == BUSY -> server_life : 0);
                    cut = false;
                    from = 0; old = 0; i = 0; tail = 0; value = 0; status = 0
                }
            od
        } unless {
            d_step {
                kill_handler -> kill_handler = false;
                attached = false; cut = false;
                from = 0; old = 0; i = 0; tail = 0; value = 0; status = 0
            }
        }
    od
}

/* channel_has_waiting() */
#ifdef ONLY_CALLS_TAKE_UP
#define WAITS (client_epoch == epoch && request_tail != head)
#else
#define WAITS (client_epoch == epoch -> request_tail != head : client_epoch != 0)
#endif

/* serve_ring() */
inline serve_for_rings() {
    d_step { old = serving; serving = serving | AGAIN }
    if
    :: old == FREE ->
        d_step { value = client_epoch; waits = value != 0 && value != epoch }
        if
        :: waits -> begin_again(value)
        :: else
        fi;
        serve_ring_entries();
        serving = FREE
    :: else
    fi
}

/* rpc_server_events() */
active proctype rings() {
    byte old, i, tail, value;
    bool waits;
    do
    ::
        {
            skip;
end_stopped:
            server_runs;
            do
            ::
                server_attention = ASLEEP;
                if
                :: !(WAITS) || serving == (TAKEN | AGAIN) -> /* else the handler will signal */
end_asleep:
                    doorbell;
                    doorbell = false
                :: else
                fi;
                server_attention = AWAKE;
                if
                :: WAITS -> serve_for_rings()
                :: else
                fi;
                d_step { old = 0; i = 0; tail = 0; value = 0; waits = false }
            od
        } unless {
            d_step {
                kill_rings -> kill_rings = false;
                old = 0; i = 0; tail = 0; value = 0; waits = false
            }
        }
    od
}

/* ---- the client ---- */

/* channel_meet() */
inline meet() {
    d_step {
        met = met || server_epoch == own;
        broken = broken || (!met && client_epoch != own)
    }
}

/* rpc_client_drain(): a call that serves the ring, until it does not meet the Thread for them. */
inline drain() {
    do
    :: status == 0 || status == BUSY ->
        if
        :: d_step { portal && attached -> called = true; calling = true; answered = 0 }
            d_step {
                answered != 0 -> status = answered; answered = 0; calling = false
            }
            d_step { /* or its Thread for the rings has ended, which kept the channel */
                assert(status != BUSY || server_attention != ABSENT || by != server_life);
                by = 0
            }
        :: else -> status = DISCONNECTED
        fi
    :: else -> break
    od;
    meet();
    status = (status == OK && !broken -> 0 : DISCONNECTED)
}

/* rpc_client_ring() */
inline ring() {
    if
    :: server_bell -> doorbell = true
    :: else -> status = DISCONNECTED
    fi
}

/* wait_to_meet(): by the clock only when nothing else can happen, and then it must help. */
inline wait_to_meet() {
    do
    :: meet();
        if
        :: met -> break
        :: !met && broken -> status = DISCONNECTED; break
        :: else -> client_attention = ASLEEP
        fi;
        if
        :: server_attention != ABSENT -> ring()
        :: else -> drain()
        fi;
        meet();
        if
        :: status == 0 && !met ->
            if
            :: d_step { wake -> wake = false }
            :: timeout -> d_step { polls++; assert(polls < 3) }
#ifdef EXTRAS
            :: extras < EXTRAS -> d_step { extras++; status = DISCONNECTED } /* it is over */
#endif
            fi
        :: else
        fi;
        client_attention = AWAKE;
        if
        :: status != 0 -> break
        :: else
        fi
    od;
    polls = 0
}

/* channel_begin() */
inline begin() {
    d_step {
        begun++;
        is_fresh = client_epoch == 0;
#ifdef SAME_EPOCH
        own = 1;
#else
        own = client_epoch + 1;
#endif
        own_base = sent; taken = sent;
        client_base = own_base; reply_head = own_base; client_attention = ABSENT
    }
    d_step { client_epoch = own; request_tail = own_base }
}

/* channel_waiting(): 0, or how many replies; sees that the server is another one. */
inline look() {
    d_step {
#ifdef REPLIES_OF_ANY
        tail = (reply_tail - taken <= ENTRIES && reply_tail >= taken -> reply_tail : taken);
#else
        tail = (server_epoch == own -> reply_tail : taken);
        broken = broken || (met && server_epoch != own)
#endif
    }
}

/* rpc_client_await() */
inline await() {
    attention = server_attention;
    meet();
    if
    :: attention == ABSENT -> drain()
    :: else ->
        if
        :: attention == ASLEEP || !met -> ring()
#ifdef AWAKE_BELIEVED
        :: attention == AWAKE && met
#else
        :: attention == AWAKE && met && portal
        :: attention == AWAKE && met && !portal -> status = DISCONNECTED
#endif
        fi;
        if
        :: status == 0 ->
            client_attention = ASLEEP;
            look();
            if
#ifdef BROKEN_UNSEEN
            :: tail == taken -> wake; wake = false
#else
            :: tail == taken && !broken -> wake; wake = false
#endif
            :: else
            fi;
            client_attention = AWAKE;
            look();
            if
            :: tail == taken && !portal -> status = DISCONNECTED
            :: else
            fi
        :: else
        fi
    fi;
    d_step { attention = 0; tail = 0 }
}

/* rpc_client_take_replies(), until the reply to the first question that is open. */
inline wait_for_reply() {
    look();
    if
    :: tail != taken ->
        value = reply[taken % ENTRIES];
        assert(value == MESSAGE(taken));
        taken++;
        reply_head = taken
    :: tail == taken && broken -> status = DISCONNECTED
    :: else -> await()
    fi;
    d_step { value = 0; tail = 0 }
}

/* rpc_client_meet(), of a client that was connected a moment ago. */
inline meet_first() {
    begin();
#ifdef NOTICE_FROM_OPEN
    skip;
#else
#ifdef NOTICE_UNSURE
    armed = portal;
#else
    d_step { armed = portal; status = (armed -> 0 : DISCONNECTED) }
#endif
#endif
    if
#ifndef NO_WAIT
    :: status == 0 && !is_fresh -> wait_to_meet()
#endif
    :: else
    fi
}

active proctype client() {
    byte own, own_base, sent, taken, status, attention, tail, value, polls, extras;
    bool met, broken, is_fresh;
    do
    ::
        {
            skip;
end_stopped:
            client_runs;
#ifdef NOTICE_FROM_OPEN
            armed = portal;
#endif
#ifndef BASE_ANEW
            sent = request_tail; /* so no base is less than what was pushed before */
#endif
open:
            portal && (attached || server_attention != ABSENT); /* or it tries again */
            assert(begun < BEGUN_MAX);
            meet_first();
            do
            :: status == DISCONNECTED ->
                d_step { status = 0; met = false; broken = false }
                goto open
            :: status == 0 && sent - own_base < QUESTIONS ->
                request[sent % ENTRIES] = MESSAGE(sent);
                sent++;
                request_tail = sent
            :: status == 0 && taken < sent -> wait_for_reply()
#ifdef EXTRAS
            :: status == 0 && taken < sent && extras < EXTRAS && attached ->
                extras++; /* a call behind what was sent */
                drain()
            :: status == 0 && taken - own_base == QUESTIONS && extras < EXTRAS ->
                d_step { extras++; status = DISCONNECTED } /* the program wants it so */
#endif
            :: status == 0 && taken - own_base == QUESTIONS -> break
            od;
end_done:
            false
        } unless {
            d_step {
                kill_client -> kill_client = false;
                cut = cut || (calling && !called && answered == 0);
                calling = false; called = false; answered = 0; by = 0;
                own = 0; own_base = 0; sent = 0; taken = 0; status = 0; attention = 0; tail = 0;
                value = 0; polls = 0;
                met = false; broken = false; is_fresh = false; armed = false; wake = false
            }
        }
    od
}

/* ---- init ---- */

inline start_client() {
    client_bell = true;
    portal = server_bell;
    client_runs = true
}

/* The rest of the client's line is its own, which it may be writing. */
inline clear_lines() {
    d_step { reply_tail = 0; server_epoch = 0; server_attention = ABSENT }
    d_step { request_tail = 0; client_epoch = 0 }
#ifdef CLEAR_BASE
    d_step { client_base = 0; reply_head = 0; client_attention = ABSENT }
#endif
#ifdef CLEAR_ALL
    d_step { request[0] = 0; reply[0] = 0 }
#endif
    skip
}

inline start_server() {
    server_bell = true;
    portal = client_bell;
    d_step {
        serving = FREE; badge = life; epoch = NONE; head = 0; send_tail = 0; replies_taken = 0
    }
    d_step { reply_tail = 0; server_epoch = NONE; server_attention = ABSENT }
    server_runs = true
}

active proctype init_() {
    byte restarts;
    if
    :: true -> start_server(); start_client()
    :: true -> start_client(); start_server()
    fi;
    do
    :: restarts < RESTARTS ->
        restarts++;
        if
#ifndef ONLY_SERVER
        :: true ->
            d_step { kill_client = true; client_runs = false; portal = false; client_bell = false }
            !kill_client;
            doorbell = true; /* what the server signals is gone: a notice */
            life++;
            start_client()
#endif
        :: true ->
            d_step { kill_handler = true; kill_rings = true; server_runs = false; server_life++ }
            !kill_handler && !kill_rings;
            d_step {
                server_bell = false; portal = false; doorbell = false;
#ifndef NO_NOTICE
                wake = wake || (armed && client_bell);
#endif
                armed = false;
                answered = (calling -> DISCONNECTED : 0);
                called = false
            }
#ifndef CLEAR_LATE
            clear_lines();
#endif
            start_server();
#ifdef CLEAR_LATE
            clear_lines()
#endif
        fi
    :: else -> break
    od
}
