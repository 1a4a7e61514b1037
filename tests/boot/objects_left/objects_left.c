/* SPDX-License-Identifier: MIT */
/*
 * A borrower takes objects of a server, and by way of it of another one, and ends. Both servers let
 * go of them when the first one hears of that: nobody calls it at the borrower's place. Then the
 * borrower is started again, more often than there is room for what it leaves.
 */
#include "kernel_stubs.h"
#include "library.capnp.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "ticks.h"

enum { LENT_FIRST = 4, LENT_IN_TWO = 5, TURNS = 30, LOOKS_MAX = 20000, PAUSE_MICROSECONDS = 1000 };

static struct library_client client;
static struct library_shelf_client keeper;

/* Wait until so many were ever lent, and none is any more. */
static void wait_for(uint64_t ever)
{
    struct library_done_results done;
    struct library_lent_results lent;
    struct library_named_name_results name;
    uint64_t bits;
    for (int look = 0; look < LOOKS_MAX; look++) {
        EXPECT(library_done(&client, &done), EXO_STATUS_OK);
        EXPECT(library_lent(&client, &lent), EXO_STATUS_OK);
        EXPECT(library_shelf_name(&keeper, &name), EXO_STATUS_OK);
        if (done.bytes == ever && lent.books == 0 && capnp_text_is(name.name, "whole"))
            return;
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
    }
    CHECK(!"all came back");
}

int component_main(void)
{
    static struct supervisor_client supervisor;
    struct supervisor_restart_params borrower = {.name = CAPNP_TEXT_LITERAL("borrower")};
    struct supervisor_restart_results restarted = {0};
    EXPECT(library_client_open(&client, binding_import("library")), EXO_STATUS_OK);
    EXPECT(library_shelf_client_open(&keeper, binding_import("shelf")), EXO_STATUS_OK);
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    for (uint64_t turn = 1;; turn++) {
        wait_for(turn / 2 * LENT_IN_TWO + turn % 2 * LENT_FIRST);
        if (turn == TURNS)
            break;
        EXPECT(supervisor_restart(&supervisor, &borrower, &restarted), EXO_STATUS_OK);
        CHECK(restarted.result == SUPERVISOR_RESULT_DONE);
    }
    print("objects_left: what thirty borrowers left came back\n");
    return 0;
}
