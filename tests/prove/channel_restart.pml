/* SPDX-License-Identifier: MIT */
/*
 * The restart of either end of a channel. A client that begins takes another epoch, and calls before
 * it writes its ring; the handler takes the epoch up while it has the channel, with all counters
 * at 0. A server that is started again finds both lines cleared by init, before the client has its
 * Portal. A Thread for the rings serves what is pushed; channel.pml has how the two agree.
 *
 * Proved: each reply that a client takes is to a request of its own epoch, none is served twice,
 * and no client waits for ever.
 *
 * Memory is what all see at once here: of the fences channel.pml speaks.
 *
 * Seeds: SAME_EPOCH NO_MEETING OLD_COUNTERS CLEAR_ALL CLEAR_LATE REPLIES_OF_ANY REQUESTS_OF_ANY
 * Seeds: BROKEN_UNSEEN NO_NOTICE AWAKE_BELIEVED NOT_HELD
 */
#define ENTRIES 2 /* of a ring */
#define RESTARTS 1
#define BEGUN_MAX 4
#ifdef SHORT
#define QUESTIONS 1 /* of each epoch */
#else
#define QUESTIONS 2
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
byte request_tail, client_epoch, reply_head, client_attention;
byte reply_tail, server_epoch, server_attention;
byte request[ENTRIES], reply[ENTRIES]; /* when the client began, and the question */
#define MESSAGE(question) (begun * 4 + (question) + 1)

/* What the server keeps for it. */
byte badge, epoch, head, send_tail, replies_taken, serving;

bool wake, doorbell; /* pending at the client's Event, and at that of the Thread for the rings */
bool client_runs, server_runs;
bool client_bell, server_bell; /* the client's, and the server's end can be signalled */
bool portal;                   /* is in the client's slot */
bool attached;                 /* a handler has come */
bool kill_client, kill_handler, kill_rings;
byte life;  /* of the client: the call's badge */
byte begun; /* how often a client has begun */

bool called, calling, cut;
byte answered;
int served; /* bits: requests that were */

/* ---- the server ---- */

inline serve_ring_entries() {
    tail = request_tail;
    d_step {
        if
#ifndef REQUESTS_OF_ANY
        :: client_epoch != epoch || tail < head || tail - head > ENTRIES -> tail = head
#endif
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
        wake = wake || (client_attention == ASLEEP && client_bell)
    :: else
    fi
}

/* channel_begin_again() */
inline begin_again(number) {
    head = 0;
    epoch = (number == 0 -> NONE : number);
#ifndef OLD_COUNTERS
    d_step { send_tail = 0; replies_taken = 0 }
#endif
    server_attention = ABSENT;
    d_step { reply_tail = 0; server_epoch = number }
    server_attention = ASLEEP
}

/* serve_special() of a call that asks for nothing but to serve the ring. */
inline serve_call() {
    value = client_epoch;
    if
    :: from > badge || (value != 0 && value != epoch) -> badge = from; begin_again(value)
    :: else
    fi;
    if
    :: value != epoch -> status = DISCONNECTED
    :: else -> serve_ring_entries(); status = OK
    fi
}

active proctype handler() {
    byte from, old, i, tail, value, status;
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

/* Does something wait; only a client that has called has a say. */
#define WAITS (client_epoch == epoch && request_tail != head)

/* rpc_server_events() */
active proctype rings() {
    byte old, i, tail, value;
    do
    ::
        {
            skip;
end_stopped:
            server_runs;
            do
            ::
                if
                :: epoch != NONE -> server_attention = ASLEEP
                :: else
                fi;
                if
                :: !WAITS || serving == (TAKEN | AGAIN) -> /* else the handler will signal */
end_asleep:
                    doorbell;
                    doorbell = false
                :: else
                fi;
                if
                :: epoch != NONE -> server_attention = AWAKE
                :: else
                fi;
                if
                :: WAITS ->
                    d_step { old = serving; serving = serving | AGAIN }
                    if
                    :: old == FREE -> serve_ring_entries(); serving = FREE
                    :: else
                    fi
                :: else
                fi;
                d_step { old = 0; i = 0; tail = 0; value = 0 }
            od
        } unless {
            d_step {
                kill_rings -> kill_rings = false;
                old = 0; i = 0; tail = 0; value = 0
            }
        }
    od
}

/* ---- the client ---- */

/* A call that serves the ring, until it does not meet the Thread for the rings. */
inline drain_call() {
    do
    :: status != OK && status != DISCONNECTED ->
        if
        :: d_step { portal && attached -> called = true; calling = true; answered = 0 }
            d_step { answered != 0 -> status = answered; answered = 0; calling = false }
        :: else -> status = DISCONNECTED
        fi
    :: else -> break
    od;
    if /* channel_meet() */
    :: status == OK && server_epoch == own -> met = true; status = 0
    :: else -> status = DISCONNECTED
    fi;
    calls = false
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
    if
    :: attention == ABSENT -> calls = true
    :: else ->
        if
        :: attention == ASLEEP ->
            if
            :: server_bell -> doorbell = true
            :: else -> status = DISCONNECTED
            fi
#ifdef AWAKE_BELIEVED
        :: attention == AWAKE
#else
        :: attention == AWAKE && portal
        :: attention == AWAKE && !portal -> status = DISCONNECTED
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

active proctype client() {
    byte own, sent, taken, status, attention, tail, value;
    bool met, broken, calls, has_called, has_reopened;
    do
    ::
        {
            skip;
end_stopped:
            client_runs;
open:
            portal && attached; /* or it tries again */
            assert(begun < BEGUN_MAX);
            d_step {
                begun++;
#ifdef SAME_EPOCH
                own = 1;
#else
                own = client_epoch + 1;
#endif
                reply_head = 0;
                client_attention = 0
            }
            d_step { client_epoch = own; request_tail = 0 }
#ifdef NO_MEETING
            calls = false;
            met = true;
#else
            calls = true; /* rpc_client_meet() */
#endif
            do
            :: calls -> drain_call()
            :: status == DISCONNECTED ->
                d_step {
                    status = 0; sent = 0; taken = 0; met = false; broken = false; calls = false
                }
                goto open
            :: status == 0 && !calls && sent < QUESTIONS ->
                request[sent % ENTRIES] = MESSAGE(sent);
                sent++;
                request_tail = sent
            :: status == 0 && !calls && taken < sent -> wait_for_reply()
            :: status == 0 && !calls && taken < sent && !has_called ->
                d_step { has_called = true; calls = true } /* a call behind what was sent */
            :: status == 0 && taken == QUESTIONS && !has_reopened ->
                d_step { has_reopened = true; status = DISCONNECTED } /* the program wants it so */
            :: status == 0 && taken == QUESTIONS -> break
            od;
end_done:
            false
        } unless {
            d_step {
                kill_client -> kill_client = false;
                cut = cut || (calling && !called && answered == 0);
                calling = false; called = false; answered = 0;
                own = 0; sent = 0; taken = 0; status = 0; attention = 0; tail = 0; value = 0;
                met = false; broken = false; calls = false; wake = false
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

inline clear_lines() {
    d_step { request_tail = 0; client_epoch = 0 }
    d_step { reply_head = 0; client_attention = 0 }
    d_step { reply_tail = 0; server_epoch = 0 }
    server_attention = 0;
#ifdef CLEAR_ALL
    d_step { request[0] = 0; request[1] = 0 }
    d_step { reply[0] = 0; reply[1] = 0 }
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
        :: true ->
            d_step { kill_client = true; client_runs = false; portal = false; client_bell = false }
            !kill_client;
            doorbell = true; /* what the server signals is gone: a notice */
            life++;
            start_client()
        :: true ->
            d_step { kill_handler = true; kill_rings = true; server_runs = false }
            !kill_handler && !kill_rings;
            d_step {
                server_bell = false; portal = false; doorbell = false;
#ifndef NO_NOTICE
                wake = wake || client_bell;
#endif
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
