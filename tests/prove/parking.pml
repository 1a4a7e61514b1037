/* SPDX-License-Identifier: MIT */
/*
 * Parking. Whoever holds the tree lock may touch what is another core's own, after it has asked that
 * core to park and seen that it has. The core stays parked until this holder lets go, and leaves
 * without the lock, which others may take again and again. `lock` is odd while it is held and never
 * the same twice, so that the core does not miss the end of the one it waits for. A core that sleeps
 * is not asked: it has put all away, and looks whether it may go on before anything else.
 *
 * Proved: nobody touches what is the core's own while the core itself does; a core that is parked
 * leaves when it looks after its holder has let go, whoever holds the lock then; nothing gets stuck.
 *
 * `parked`, `park_due` and `lock` are changed by atomic or sequentially consistent stores only, so
 * Promela's memory is what the processors have.
 *
 * Seeds: PARKED_FIRST NO_RECHECK DUE_LATE NOT_HELD SAME_NUMBER AWAKE_AT_ONCE
 */
#ifdef SHORT
#define HOLDERS 2
#else
#define HOLDERS 3
#endif
#define CALLS 2 /* of each holder */
#ifdef SAME_NUMBER
#define NEXT(number) (1 - (number))
#else
#define NEXT(number) ((number) + 1)
#endif

byte lock;     /* tree_lock */
bool park_due, parked, asleep;
bool interrupt;
bool core_touches;
byte others_touch;
byte tenure;   /* how often the lock was taken; the kernel has no such word */

/* A call that needs the core: core_own(), perhaps twice, as calls do. */
active [HOLDERS] proctype holder() {
    byte calls, owns;
    do
    :: calls < CALLS ->
        d_step { lock % 2 == 0 -> lock = NEXT(lock); tenure++ }; /* it is tried until then */
        owns = 0;
        do
        :: owns < 2 ->
#ifdef PARKED_FIRST
            if
            :: parked || asleep
            :: else ->
                park_due = true;
                interrupt = true;
                parked || asleep
            fi;
#else
            park_due = true;
            if
            :: parked || asleep
            :: else ->
                interrupt = true;
                parked || asleep
            fi;
#endif
            d_step { others_touch++; assert(!core_touches) };
            others_touch--;
            owns++
        :: break
        od;
        lock = NEXT(lock);
        calls++
    :: else -> break
    od
}

/* core_wait() */
inline wait_parked() {
    do
    ::
#ifdef DUE_LATE
        due = park_due;
#else
        d_step { due = park_due; park_due = false };
#endif
        if
        :: due
        :: else -> break
        fi;
        d_step { held = lock; mine = tenure };
        parked = true;
        do
#ifdef NOT_HELD
        :: d_step { lock != held -> skip }; break
#else
        :: d_step { held % 2 == 0 || lock != held -> skip }; break
#endif
        :: d_step {
            held % 2 == 1 && lock == held ->
            assert(tenure == mine && lock % 2 == 1) /* it is still the same holder */
        }
        od;
#ifdef DUE_LATE
        park_due = false;
#endif
        parked = false
#ifdef NO_RECHECK
        ; break
#endif
    od
}

/* The core: in the kernel it touches what is its own, and parks on its way out, when it is asked. */
active proctype core() {
    bool due;
    byte held, mine;
end:
    do
    :: d_step { core_touches = true; assert(others_touch == 0) };
        core_touches = false;
        if
        :: park_due -> wait_parked()
        :: else
        fi
    :: interrupt -> interrupt = false; /* out of user mode */
        if
        :: park_due -> wait_parked()
        :: else
        fi
    :: asleep = true;
        if
        :: park_due
        :: !park_due ->
end_asleep:
            if
            :: interrupt -> interrupt = false
            :: true /* a timer, say */
            fi
        fi;
#ifdef AWAKE_AT_ONCE
        d_step { core_touches = true; assert(others_touch == 0) }; /* what the interrupt is about */
        core_touches = false;
#endif
        asleep = false;
        wait_parked()
    od
}
