/* SPDX-License-Identifier: MIT */
/* The kernel-call table's entry, and the ordinary dispatch. The entry code of the architecture
   looks up number, object, rights and gas in the table for the usual case and calls the handler;
   whatever is unusual comes to call_enter(), which does the same in C and says what is wrong. */
#pragma once

typedef enum exo_status call_handler(struct thread *caller, void *object, uint64_t *words);

#define CALL_OBJECT_NONE 0xfffe
#define CALL_OBJECT_ANY 0xffff

struct call_entry {
    call_handler *handler;
    uint16_t kind;   /* enum exo_object_kind, or one of the two above */
    uint16_t rights; /* all of them must be there */
    uint32_t gas;
};
_Static_assert(sizeof(struct call_entry) == 16, "entry.S scales the number by 16");

extern const struct call_entry call_table[EXO_CALL_COUNT];

/* A handler's answer when it has to be entered again: never seen by the user. */
#define STATUS_AGAIN ((enum exo_status)0x100)
/* ... or when it has set all of the caller's registers itself; it also sets the core's `slow`. */
#define STATUS_DONE ((enum exo_status)0x101)

/* Call a handler with the tree lock held, or enter the call again. */
enum exo_status call_locked(call_handler *handler, struct thread *caller, void *object,
                            uint64_t *words);
/* What a handler returns after a step that was not the last. */
enum exo_status call_again(void);
/* The same when nothing was done, for want of the tree lock: that costs no gas. */
enum exo_status call_later(const struct thread *caller);
/* The system-call instruction was executed with `word`; the arguments are in the caller's
   registers. Answers the new value of the status register. */
uint64_t call_enter(uint64_t word, struct thread *caller);
/* Leave a system call on the long way: another thread runs now, or something is due. Answers who
   goes on, NULL when there is more to do (cpu_resume). */
struct thread *call_leave(uint64_t status, struct thread *caller);
