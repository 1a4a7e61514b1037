/* SPDX-License-Identifier: MIT */
/* Threads: registers, upcall entry points, a home Domain, an exit Event, one deadline.

   States and what they wait for: stopped; ready (may run); waiting on an Event; queued at a Portal
   for a handler; calling (its handler owes it a reply); idle (a handler without a call). A caller
   and its handler name each other (`callee`, `caller`) exactly while the caller is calling. Which
   thread runs in a slot is the tail of the slot thread's chain of calls.

   A thread's links and state belong to its core (`core`); home lists are under the tree lock. */
#pragma once

#define THREAD_BYTES 2048
#define THREAD_UNBOUND 0xffffffffu
#define CALL_DEPTH_MAX 16
#define DEADLINE_NEVER (~0ull)

enum thread_state {
    THREAD_STOPPED,
    THREAD_READY,
    THREAD_WAITING, /* on `event` */
    THREAD_QUEUED,  /* at `portal_wanted` */
    THREAD_CALLING, /* `callee` serves it, NULL never */
    THREAD_IDLE,    /* handler of `portal`, in its list of idle ones */
};

/* Attention: why the way back to user mode is not the short one. */
#define ATTENTION_EVENT 1  /* bits of its upcall Event are pending */
#define ATTENTION_URGENT 2 /* the scheduler must be played */
#define ATTENTION_REAP 4   /* it ended objects, and goes on when nothing is left of them */

struct thread {
    struct object object;
    struct registers registers; /* ends on a 16-byte boundary: the processor pushes here */
    union {
        uint32_t standing; /* state, depth and serving in one store; see entry.S */
        struct {
            uint8_t state;   /* enum thread_state */
            uint8_t depth;   /* of its call: 0 for a thread that serves nobody */
            uint8_t serving; /* it serves a call, whose caller may be gone */
            uint8_t unused1;
        };
    };
    uint8_t attention; /* ATTENTION_* */
    uint8_t marked;    /* the scheduler wants to know when it becomes ready */
    uint8_t stop_reason;
    uint8_t unused3;
    uint32_t cpu_index; /* in the core's table, or THREAD_UNBOUND */
    struct core *core;  /* NULL until bound */
    struct domain *home;
    struct thread *home_next, *home_previous;
    struct thread *caller, *callee;
    struct portal *portal;
    struct thread *handler_next, *handler_previous; /* of the portal's handlers */
    struct portal *portal_wanted;
    struct event *event;
    struct slot *revoking; /* below which it takes everything back, or gave that up; or NULL */
    struct thread *queue_next, *queue_previous;
    uint64_t wait_bits;
    uint64_t badge;      /* queued: of the capability it called through */
    uint64_t deadline;
    uint32_t heap_index; /* 1 + position in the core's deadline heap; 0: not armed */
    uint32_t unused2;
    struct event *upcall_event;
    uint64_t fault_entry, foreign_entry, event_entry;
    uint64_t upcall_low, upcall_high, upcall_mask;
    uint64_t upcall_slot, exit_slot;
    uint64_t receive_first, receive_count;
    uint64_t consumed; /* ticks of the slots it owned */
    uint64_t calls;    /* portal calls that it made */
    struct arch_thread arch;
};
_Static_assert(sizeof(struct thread) <= THREAD_BYTES, "two threads fit on a frame");
_Static_assert((offsetof(struct thread, registers) + sizeof(struct registers)) % 16 == 0,
               "the processor aligns what it pushes");

struct thread *thread_create(void *memory, struct domain *home, struct label_range label);
/* Its next way back to user mode has something to do (ATTENTION_*). */
void thread_attend(struct thread *thread, uint8_t attention);
/* Let it run; the core's ready bits follow. */
void thread_ready(struct thread *thread);
/* Out of whatever it waits for, with this status for the call that waited. The state becomes
   ready; callers of `thread_stop_now` set another. */
void thread_unblock(struct thread *thread, enum exo_status status);
/* Stop it; callers that it serves get `disconnected`. Switches away when it is the current one. */
void thread_stop_now(struct thread *thread, enum exo_stop_reason reason);
/* Stop it by itself: the exit Event is signalled. */
void thread_exit(struct thread *thread, enum exo_stop_reason reason);
/* Whether its revoke is under way: it has to enter the call again and did not go elsewhere. */
static inline bool thread_revokes(const struct thread *thread) {
    return thread->state == THREAD_READY &&
           thread->registers.status >> 32 == (EXO_CALL_TAG << 16 | EXO_CALL_CAPABILITY_REVOKE);
}
/* The thread that runs in this thread's slot: the end of its chain of calls. */
struct thread *thread_tail(struct thread *thread);
/* The home Domain ends: true when those who hold the thread are told. */
bool thread_leave_home(struct thread *thread, uint32_t *budget);
bool thread_reap(struct thread *thread);
bool thread_check(const struct thread *thread);
